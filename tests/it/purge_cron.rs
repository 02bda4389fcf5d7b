//! `csqlstore purge` from cron and systemd: metrics, and the units of contrib/.

use crate::cases;
use crate::support::expiry::DAY;
use crate::support::{Database, units};

cases! {
    Beside: [
        metrics_say_what_was_done_whatever_the_end,
        metrics_that_cannot_be_written_are_an_error,
        systemd_accepts_the_units,
    ],
}

/// The value of a metric whose line begins so.
fn value(text: &str, metric: &str) -> Option<f64> {
    let line = text.lines().find(|line| line.starts_with(&format!("csqlstore_purge_{metric}{{")))?;
    line.rsplit_once(' ')?.1.parse().ok()
}

async fn metrics_say_what_was_done_whatever_the_end() {
    let db = Database::migrated().await;
    db.rows("expired", 300, -DAY).await;
    let file = db.folder.path().join("csqlstore.prom");
    let purge = |more: &[&str], status: i32| {
        db.csqlstore(&[&["purge", "--yes", "--quiet", "--metrics-file", "csqlstore.prom"][..], more].concat())
            .exits(status);
        std::fs::read_to_string(&file).unwrap()
    };
    let text = purge(&["--max-rows", "100"], 5);
    assert_eq!(value(&text, "last_run_deleted_rows"), Some(100.0), "{text}");
    assert_eq!(value(&text, "last_run_remaining_rows"), Some(200.0), "{text}");
    assert_eq!((value(&text, "last_run_success"), value(&text, "last_run_exit_status")), (Some(0.0), Some(5.0)));
    let text = purge(&[], 0);
    assert_eq!((value(&text, "last_run_deleted_rows"), value(&text, "last_run_success")), (Some(200.0), Some(1.0)));
    assert!(value(&text, "last_run_timestamp_seconds") > Some(1.7e9), "{text}");
    assert!(text.contains("{table=\"session_cluster\"}"), "{text}");
    // Each metric is described once, before its first line.
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let name = line.split('{').next().unwrap();
        for head in [format!("# HELP {name} "), format!("# TYPE {name} gauge")] {
            assert_eq!(text.matches(&head).count(), 1, "{head}: {text}");
        }
    }
    db.execute("n1", "RENAME TABLE session_cluster TO another").await;
    let text = purge(&[], 4);
    assert_eq!((value(&text, "last_run_success"), value(&text, "last_run_exit_status")), (Some(0.0), Some(4.0)));
    assert_eq!(value(&text, "last_run_deleted_rows"), None, "nothing of an earlier run is left: {text}");
    // Nothing half-written is left for the collector.
    let files: Vec<String> = std::fs::read_dir(db.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(files, ["csqlstore.prom"]);
}

async fn metrics_that_cannot_be_written_are_an_error() {
    let db = Database::migrated().await;
    let run = db.csqlstore(&["purge", "--yes", "--metrics-file", "no-such-folder/x.prom"]).exits(2);
    assert!(run.stderr.contains("writing the metrics to `no-such-folder/x.prom` failed"), "{}", run.stderr);
}

async fn systemd_accepts_the_units() {
    units::accepted(&["csqlstore-purge.service", "csqlstore-purge.timer"]);
    // Enabled only by whoever wants it: no unit starts by being installed.
    assert!(!units::text("csqlstore-purge.service").contains("[Install]"));
}
