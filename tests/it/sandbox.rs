use csqlstore::sandbox::*;
use std::path::PathBuf;
use std::time::{Duration, Instant};

#[tokio::test]
async fn story() {
    let t = Instant::now();
    let dir = PathBuf::from(format!("/tmp/csqlstore-it-{}", std::process::id()));
    let log = |step: Step| eprintln!("{:?} {step:?}", t.elapsed());
    let options = Options { dir, ..Options::default() };
    let mut s = up(&options, log).await.unwrap().guard();
    eprintln!("{:?} up {:?}", t.elapsed(), s.nodes());
    eprintln!("{:?}", s.status().await.unwrap());
    eprintln!("{}", std::fs::read_to_string(s.config()).unwrap());
    s.kill("n3", log).await.unwrap();
    eprintln!("{:?} {:?}", t.elapsed(), s.status().await.unwrap());
    s.start("n3", log).await.unwrap();
    eprintln!("{:?} {:?}", t.elapsed(), s.status().await.unwrap());
    s.isolate("n2", log).await.unwrap();
    eprintln!("{:?} {:?}", t.elapsed(), s.status().await.unwrap());
    s.heal("n2", log).await.unwrap();
    eprintln!("{:?} {:?}", t.elapsed(), s.status().await.unwrap());
    s.stop("n1", log).await.unwrap();
    eprintln!("{:?} {:?}", t.elapsed(), s.status().await.unwrap());
    s.start("n1", log).await.unwrap();
    for n in ["n1", "n2", "n3"] {
        s.kill(n, log).await.unwrap();
    }
    eprintln!("{:?} {:?}", t.elapsed(), s.status().await.unwrap());
    eprintln!("{:?}", s.start("n1", log).await.map_err(|e| e.to_string()));
    s.start_all(log).await.unwrap();
    eprintln!("{:?} {:?}", t.elapsed(), s.status().await.unwrap());
    s.create_database("t_1").await.unwrap();
    let _ = Duration::ZERO;
}
