//! A source and its replica, two real servers: how the replica is judged, and when it follows no more.

use std::time::{Duration, Instant};

use csqlstore::cluster::Connection;
use csqlstore::sandbox::Guard;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::command::{self, Run};
use crate::support::database::PATIENCE;
use crate::support::doctor::codes;
use crate::support::single;

crate::cases! {
    Beside if MariaDb because "it is about this machine's MariaDB": [
        a_replica_is_well_behind_or_stopped_and_its_source_goes_on,
    ],
}

/// A source and its replica.
struct Pair {
    dir: TempDir,
    source: Guard,
    replica: Guard,
}

impl Pair {
    /// Starts both; the replica is read-only, and follows from the source's first change on.
    async fn new() -> Self {
        let dir = TempDir::new_in("/tmp").expect("a folder for the test");
        let source = single::server(&dir.path().join("source"), "server_id=1\nlog_bin=changes\n").await;
        let replica = single::server(&dir.path().join("replica"), "server_id=2\nlog_bin=changes\n").await;
        let pair = Self { dir, source, replica };
        let mut root = pair.root(&pair.source).await;
        does(&mut root, "CREATE USER 'repl'@'127.0.0.1' IDENTIFIED BY 'Planted0Secret'").await;
        does(&mut root, "GRANT REPLICATION SLAVE ON *.* TO 'repl'@'127.0.0.1'").await;
        root.close().await;
        let port = pair.source.nodes()[0].port;
        let change = format!(
            "CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT={port}, MASTER_USER='repl', \
             MASTER_PASSWORD='Planted0Secret', MASTER_CONNECT_RETRY=1"
        );
        let mut root = pair.root(&pair.replica).await;
        does(&mut root, &change).await;
        does(&mut root, "START SLAVE").await;
        does(&mut root, "SET GLOBAL read_only = ON").await;
        root.close().await;
        pair
    }

    async fn root(&self, server: &Guard) -> Connection {
        server.root("n1").expect("a server").connect(PATIENCE).await.expect("it runs")
    }

    async fn on_replica(&self, sql: &str) {
        let mut root = self.root(&self.replica).await;
        does(&mut root, sql).await;
        root.close().await;
    }

    fn node(&self, args: &[&str]) -> Run {
        let (line, mut command) = command::command(self.dir.path(), &[&["node"], args, &["--timeout", "10s"]].concat());
        let [source, replica] = [&self.source, &self.replica].map(|server| server.nodes().remove(0).dsn);
        command.env("CSQLSTORE_NODES", format!("source={source} replica={replica}"));
        command::run((line, command))
    }

    /// Asks until the replica is as expected, and returns the answer.
    async fn until(&self, more: &[&str], expected: impl Fn(&Value) -> bool) -> Value {
        let begin = Instant::now();
        loop {
            let run = self.node(&[&["status", "--interval", "0s", "--format", "json"], more].concat());
            let answer = run.json();
            if expected(&answer["nodes"][1]) {
                return answer;
            }
            assert!(begin.elapsed() < PATIENCE, "{run:?}");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
}

async fn does(root: &mut Connection, sql: &str) {
    let done = root.execute_unhurried("a test's statement", sql, ()).await;
    done.unwrap_or_else(|error| panic!("{sql}: {error}: {:?}", std::error::Error::source(&error)));
}

async fn a_replica_is_well_behind_or_stopped_and_its_source_goes_on() {
    let pair = Pair::new().await;

    // The account cannot see that it is one: a server that is read-only, for whatever reason.
    let answer = pair.until(&[], |node| node["verdict"] == "unusable").await;
    assert_eq!((&answer["kind"], &answer["nodes"][1]["reason"]), (&"standalone".into(), &"read_only is ON".into()));
    let hidden = answer["findings"].as_array().and_then(|all| all.iter().find(|of| of["code"] == "privilege-missing"));
    let hidden = hidden.unwrap_or_else(|| panic!("{answer}"));
    assert_eq!((&hidden["node"], &hidden["level"]), (&"replica".into(), &"note".into()));
    pair.on_replica(hidden["fix"].as_str().expect("a GRANT")).await;

    let answer = pair.until(&[], |node| node["verdict"] == "ok").await;
    let (source, replica) = (&answer["nodes"][0], &answer["nodes"][1]);
    assert_eq!((&answer["kind"], &answer["verdict"], &answer["size"]), (&"replica".into(), &"ok".into(), &2.into()));
    assert_eq!(
        (&source["usable"], &source["state"], &source["lag_s"]),
        (&true.into(), &"running".into(), &Value::Null)
    );
    assert_eq!(
        (&replica["usable"], &replica["state"], &replica["lag_s"]),
        (&false.into(), &"replica".into(), &0.into())
    );
    assert_eq!(replica["sources"][0], format!("127.0.0.1:{}", pair.source.nodes()[0].port));
    assert!(codes(&answer).is_empty(), "{answer}");
    pair.node(&["status"]).success();
    pair.node(&["check", "--format", "nagios", "--expect-kind", "replica"]).success();
    // It is well, and nothing to send sessions to.
    let agent = pair.node(&["check", "--format", "haproxy", "--on", "replica"]).exits(1);
    assert_eq!(agent.stdout, "down #replica takes no sessions\n");

    // One that takes writes keeps them to itself.
    pair.on_replica("SET GLOBAL read_only = OFF").await;
    let answer = pair.node(&["status", "--format", "json"]).success().json();
    assert_eq!(codes(&answer), ["replica-writable"], "{answer}");
    let finding = &answer["findings"][0];
    assert_eq!((&finding["node"], &finding["level"]), (&"replica".into(), &"warning".into()));
    pair.node(&["check", "--format", "nagios"]).exits(1);
    let fix = finding["fix"].as_str().and_then(|fix| fix.split("; --").next()).expect("a statement");
    pair.on_replica(fix).await;
    assert!(codes(&pair.node(&["status", "--format", "json"]).success().json()).is_empty());

    // Stopped: its lag is NULL, and what it shows gets old. Sessions go on at the source.
    pair.on_replica("STOP SLAVE SQL_THREAD").await;
    let answer = pair.until(&[], |node| node["verdict"] != "ok").await;
    let replica = &answer["nodes"][1];
    assert_eq!(
        (&replica["verdict"], &replica["reason"], &replica["lag_s"]),
        (&"unusable".into(), &"Slave_SQL_Running is No".into(), &Value::Null)
    );
    assert_eq!((&answer["verdict"], codes(&answer)), (&"warning".into(), vec!["node-unusable".to_owned()]), "{answer}");
    let run = pair.node(&["check", "--format", "nagios", "--on", "replica"]).exits(2);
    assert!(run.stdout.contains("Slave_SQL_Running is No") && run.stdout.contains("'lag'=U;10"), "{run:?}");
    pair.node(&["check", "--format", "nagios"]).exits(1);
    pair.on_replica(answer["findings"][0]["fix"].as_str().expect("a statement")).await;
    pair.until(&[], |node| node["verdict"] == "ok").await;

    // Behind: it applies an hour later, and by then it has seconds to go.
    for sql in ["STOP SLAVE", "CHANGE MASTER TO MASTER_DELAY = 3600", "START SLAVE"] {
        pair.on_replica(sql).await;
    }
    let mut root = pair.root(&pair.source).await;
    does(&mut root, "CREATE TABLE sessions.later (a INT PRIMARY KEY)").await;
    root.close().await;
    let answer = pair.until(&["--max-lag", "1s"], |node| node["verdict"] == "degraded").await;
    let replica = &answer["nodes"][1];
    assert!(
        replica["reason"].as_str().is_some_and(|reason| reason.starts_with("Seconds_Behind_Master is ")),
        "{replica}"
    );
    assert!(replica["lag_s"].as_u64() > Some(1), "{replica}");
    let lag = ["check", "--format", "nagios", "--on", "replica", "--max-lag"];
    let run = pair.node(&[&lag[..], &["1s"]].concat()).exits(1);
    assert!(run.stdout.starts_with("CSQLSTORE WARNING - replica is degraded: Seconds_Behind_Master is "), "{run:?}");
    pair.node(&[&lag[..], &["1h"]].concat()).success();
    // What cannot be fetched is no less a stop.
    let mut root = pair.root(&pair.source).await;
    does(&mut root, "DROP USER 'repl'@'127.0.0.1'").await;
    root.close().await;
    pair.on_replica("STOP SLAVE IO_THREAD").await;
    pair.on_replica("START SLAVE IO_THREAD").await;
    let answer = pair.until(&[], |node| node["verdict"] == "unusable").await;
    let reason = answer["nodes"][1]["reason"].as_str().unwrap_or_default();
    assert!(reason.starts_with("Slave_IO_Running is "), "{answer}");
}
