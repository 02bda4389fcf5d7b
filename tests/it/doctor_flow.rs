//! A node that holds the others up: flow control, provoked and mended.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::doctor_nodes::well;
use crate::support::database::connect;
use crate::support::doctor::{Globals, mends_with};
use crate::support::{Database, cluster};

crate::cases! {
    Alone if Galera because "they are about the variables and the flow control of Galera": [
        node_degraded,
    ],
}

/// Writes rows from a thread of its own, some in a second, until it is dropped.
struct Writer(Arc<AtomicBool>, Option<JoinHandle<()>>);

impl Writer {
    fn start(db: &Database, sql: &'static str) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (theirs, dsn) = (Arc::clone(&stop), format!("{}{}", cluster::common().root_dsn("n1"), db.name));
        let thread = std::thread::spawn(move || {
            cluster::apart(move || async move {
                let mut root = connect("n1", &dsn).await;
                while !theirs.load(Ordering::Relaxed) {
                    root.execute_unhurried("a test's write", sql, ()).await.expect("root may do that");
                    tokio::time::sleep(Duration::from_millis(250)).await;
                }
            });
        });
        Self(stop, Some(thread))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
        let _ended = self.1.take().map(JoinHandle::join);
    }
}

async fn node_degraded() {
    let db = well().await;
    db.execute("n1", "CREATE TABLE busy (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, x int)").await;
    // One row takes n3 half a second, by a trigger that it alone has: one thread applies fewer than come in, and four
    // apply more.
    let mut root = db.connect("n3").await;
    for sql in
        ["SET SESSION wsrep_on = OFF", "CREATE TRIGGER slow BEFORE INSERT ON busy FOR EACH ROW SET @slow = SLEEP(0.5)"]
    {
        root.execute_unhurried("making a node slow", sql, ()).await.expect("root may do that");
    }
    root.close().await;
    let mut globals = Globals::set(&db, &["n3"], "slave_run_triggers_for_rbr", "YES").await;
    globals.and(&db, &["n3"], "wsrep_slave_threads", "1").await;
    globals.and(&db, &["n3"], "wsrep_provider_options", "'gcs.fc_limit=4'").await;
    let _writer = Writer::start(&db, "INSERT INTO busy (x) VALUES (1)");
    // Whoever waits for n3 to catch up waits long.
    let found = mends_with(&db, "node-degraded", &["--timeout", "2s"], &[]).await;
    // The others wait, which is none of their faults.
    assert_eq!((&found["node"], &found["level"]), (&"n3".into(), &"warning".into()), "{found}");
}
