//! A node that is behind the others.

use std::time::{Duration, Instant};

use csqlstore::cluster::Connection;

use super::Database;
use super::database::PATIENCE;
use super::engine::engine;

/// A node that has stopped to apply what the others do, until it is [let go](Behind::catches_up).
pub struct Behind {
    locking: Connection,
    watching: Connection,
}

impl Behind {
    pub async fn new(db: &Database, node: &str) -> Self {
        db.execute("n1", "CREATE TABLE IF NOT EXISTS decoy (id INT AUTO_INCREMENT PRIMARY KEY)").await;
        db.settled().await;
        // Not one that waits for the others: in a group that would hold up its own UNLOCK.
        let mut locking = db.root(node).await;
        // What another node writes into this table waits here, and all that is written anywhere after that, too. The table
        // of the sessions itself is free: a statement on it is not held up by the lock.
        locking.execute("locking a table", &format!("LOCK TABLES `{}`.decoy READ", db.name), ()).await.unwrap();
        db.execute("n1", "INSERT INTO decoy VALUES ()").await;
        Self { locking, watching: db.root(node).await }
    }

    /// Waits until somebody waits for what this node has not applied.
    pub async fn until_waited_for(&mut self, db: &Database) {
        let begin = Instant::now();
        let sql = format!(
            "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER = '{}' AND COMMAND <> 'Sleep' AND TIME_MS > 300",
            db.name
        );
        let sql = if engine().is_group() { sql.replace("TIME_MS > 300", "TIME >= 1") } else { sql };
        loop {
            let waiting: Option<i64> = self.watching.first("looking who waits", &sql, ()).await.unwrap();
            if waiting.is_some_and(|waiting| waiting > 0) {
                return;
            }
            assert!(begin.elapsed() < PATIENCE, "nobody waits");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Lets the node go on.
    pub async fn catches_up(mut self) {
        self.locking.execute("letting the node go on", "UNLOCK TABLES", ()).await.unwrap();
        self.locking.close().await;
        self.watching.close().await;
    }
}
