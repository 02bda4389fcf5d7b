//! A purge beside a replica that does not keep up: two real servers, of which one follows the other.

use crate::cases;
use crate::support::replica::{self, Pair};

cases! {
    Beside if MariaDb because "it is about this machine's MariaDB": [
        a_replica_that_does_not_follow_makes_it_wait,
    ],
}

const ROWS: u64 = 5_000;

/// How many rows a server has.
async fn count(server: &csqlstore::sandbox::Guard) -> u64 {
    let mut root = Pair::root(server).await;
    let sql = "SELECT COUNT(*) FROM sessions.session_cluster";
    let count: Option<u64> = root.first("counting", sql, ()).await.expect("root may do that");
    root.close().await;
    count.expect("a number")
}

async fn a_replica_that_does_not_follow_makes_it_wait() {
    let pair = Pair::new().await;
    pair.on_replica("GRANT SLAVE MONITOR ON *.* TO 'sandbox'@'127.0.0.1'").await;
    pair.until(&[], |node| node["verdict"] == "ok").await;
    pair.run(&["migrate", "up", "--yes"]).success();
    let mut root = Pair::root(&pair.source).await;
    let rows = format!(
        "INSERT INTO sessions.session_cluster (id, data, expire_on) \
         SELECT seq, 'x', UTC_TIMESTAMP() - INTERVAL 1 DAY FROM seq_1_to_{ROWS}"
    );
    // Where the sequence is read is in some database too.
    replica::does(&mut root, "USE sessions").await;
    replica::does(&mut root, &rows).await;
    root.close().await;
    pair.on_replica("STOP SLAVE SQL_THREAD").await;

    let mut running = pair.start(&["purge", "--yes", "--batch", "50", "--format", "json", "-v"]);
    running.until_it_says("waiting: replica `replica` does not replicate");
    assert!(count(&pair.source).await > 0, "some are kept back");
    pair.on_replica("START SLAVE SQL_THREAD").await;
    let answer = running.end().success().json();
    assert_eq!((answer["deleted"].as_u64(), count(&pair.source).await), (Some(ROWS), 0), "{answer}");
    let mut told = answer["throttles"].as_array().expect("a list").iter();
    let told = told.find(|throttle| throttle["reason"] == "replica-lag").unwrap_or_else(|| panic!("{answer}"));
    assert!(told["count"].as_u64() >= Some(1) && told["waited_s"].as_f64() > Some(0.0), "{answer}");
}
