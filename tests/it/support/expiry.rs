//! Rows that are to expire, and a purge that is at them.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use super::Database;
use super::command::Running;
use super::database::PATIENCE;

pub const DAY: i64 = 86_400;

/// `PREFIX-00001` to `PREFIX-COUNT`.
pub fn names(prefix: &str, count: u32) -> BTreeSet<String> {
    (1..=count).map(|n| format!("{prefix}-{n:05}")).collect()
}

pub async fn ids(db: &Database, node: &str) -> BTreeSet<String> {
    db.ids(node).await.into_iter().collect()
}

pub async fn count(db: &Database, node: &str) -> u64 {
    db.column(node, "SELECT CAST(COUNT(*) AS CHAR) FROM session_cluster").await[0].parse().expect("a number")
}

/// Waits until a purge that runs beside has deleted something and is not at its end.
pub async fn under_way(db: &Database, node: &str, before: u64, running: &mut Running) {
    let begun = Instant::now();
    while count(db, node).await + 100 > before {
        assert!(!running.has_ended(), "the purge ended before anybody looked");
        assert!(begun.elapsed() < PATIENCE, "the purge deletes nothing");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(!running.has_ended(), "the purge was too quick for this test");
}
