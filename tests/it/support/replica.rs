//! A source and its replica: two MariaDBs on their own, of which one follows the other.

use std::process::Command;
use std::time::{Duration, Instant};

use csqlstore::cluster::Connection;
use csqlstore::sandbox::Guard;
use serde_json::Value;
use tempfile::TempDir;

use super::command::{self, Run, Running};
use super::database::PATIENCE;
use super::single;

/// A source and its replica.
pub struct Pair {
    pub source: Guard,
    pub replica: Guard,
    /// Goes last: the servers are stopped by what stands in it.
    dir: TempDir,
}

impl Pair {
    /// Starts both; the replica is read-only, and follows from the source's first change on.
    pub async fn new() -> Self {
        let dir = TempDir::new_in("/tmp").expect("a folder for the test");
        let source = single::server(&dir.path().join("source"), "server_id=1\nlog_bin=changes\n").await;
        let replica = single::server(&dir.path().join("replica"), "server_id=2\nlog_bin=changes\n").await;
        let pair = Self { source, replica, dir };
        let mut root = Self::root(&pair.source).await;
        does(&mut root, "CREATE USER 'repl'@'127.0.0.1' IDENTIFIED BY 'Planted0Secret'").await;
        does(&mut root, "GRANT REPLICATION SLAVE ON *.* TO 'repl'@'127.0.0.1'").await;
        root.close().await;
        let port = pair.source.nodes()[0].port;
        let change = format!(
            "CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT={port}, MASTER_USER='repl', \
             MASTER_PASSWORD='Planted0Secret', MASTER_CONNECT_RETRY=1"
        );
        let mut root = Self::root(&pair.replica).await;
        does(&mut root, &change).await;
        does(&mut root, "START SLAVE").await;
        does(&mut root, "SET GLOBAL read_only = ON").await;
        root.close().await;
        pair
    }

    /// A connection as root, through the socket.
    pub async fn root(server: &Guard) -> Connection {
        server.root("n1").expect("a server").connect(PATIENCE).await.expect("it runs")
    }

    /// Runs a statement as root on the replica.
    pub async fn on_replica(&self, sql: &str) {
        let mut root = Self::root(&self.replica).await;
        does(&mut root, sql).await;
        root.close().await;
    }

    /// Runs the command with both as its nodes, `source` and `replica`.
    pub fn run(&self, args: &[&str]) -> Run {
        command::run(self.command(args))
    }

    /// Starts the command with the same nodes.
    pub fn start(&self, args: &[&str]) -> Running {
        Running::start(self.command(args))
    }

    fn command(&self, args: &[&str]) -> (String, Command) {
        let (line, mut command) = command::command(self.dir.path(), &[args, &["--timeout", "10s"]].concat());
        let [source, replica] = [&self.source, &self.replica].map(|server| server.nodes().remove(0).dsn);
        command.env("CSQLSTORE_NODES", format!("source={source} replica={replica}"));
        (line, command)
    }

    /// Asks until the replica is as expected, and returns the answer.
    pub async fn until(&self, more: &[&str], expected: impl Fn(&Value) -> bool) -> Value {
        let begin = Instant::now();
        loop {
            let run = self.run(&[&["node", "status", "--interval", "0s", "--format", "json"], more].concat());
            let answer = run.json();
            if expected(&answer["nodes"][1]) {
                return answer;
            }
            assert!(begin.elapsed() < PATIENCE, "{run:?}");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
}

/// Runs a statement.
pub async fn does(root: &mut Connection, sql: &str) {
    let done = root.execute_unhurried("a test's statement", sql, ()).await;
    done.unwrap_or_else(|error| panic!("{sql}: {error}: {:?}", std::error::Error::source(&error)));
}
