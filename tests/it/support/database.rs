//! A database of the common cluster, with an account that has all rights on it and none beyond.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use csqlstore::cluster::{Connection, Dsn, Node};
use tempfile::TempDir;

use super::cluster::{self, Common};
use super::command::{self, Run, Running};
use super::engine::{Engine, engine};
use super::sql::numbers;

/// The table as the Go package documents it: no primary key, no index.
pub const DOCUMENTED: &str = "CREATE TABLE `session_cluster` (
  `id` char(40) NOT NULL COMMENT '2006-01-02T15:04:05.999999999Z07:00+(00000-99999)',
  `data` longblob NOT NULL,
  `expire_on` datetime NOT NULL,
  `modify_at` timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP
) ENGINE=InnoDB DEFAULT CHARSET=ascii";

/// Long enough for a busy machine; a test that waits this long has failed.
pub const PATIENCE: Duration = Duration::from_secs(30);

static NEXT: AtomicU32 = AtomicU32::new(1);

/// A database, empty at first.
pub struct Database {
    pub name: String,
    pub password: String,
    pub folder: TempDir,
    cluster: &'static Common,
}

impl Database {
    /// Makes an empty database and its account, on all nodes.
    pub async fn empty() -> Self {
        let cluster = cluster::common();
        let name = format!("it_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let password = format!("Planted{}Secret", name.replace('_', ""));
        let database = Self { name, password, folder: TempDir::new().expect("a folder for the test"), cluster };
        let name = &database.name;
        let mut root = database.root("n1").await;
        for sql in [
            format!("CREATE DATABASE `{name}`"),
            format!("CREATE USER '{name}'@'%' IDENTIFIED BY '{}'", database.password),
            format!("GRANT ALL ON `{name}`.* TO '{name}'@'%'"),
        ] {
            root.execute_unhurried("preparing a database", &sql, ()).await.expect("root may do that");
        }
        root.close().await;
        database.settled().await;
        database
    }

    /// Returns how many nodes take writes while all is well.
    pub fn writers(&self) -> usize {
        self.nodes().iter().filter(|name| engine().writable(name) == *name).count()
    }

    /// Waits until every node has what was done before, an account's rights too: a command that asks all nodes at once
    /// does not wait for those. A node that a test has taken away is not waited for.
    pub async fn settled(&self) {
        for node in self.nodes() {
            self.until_it_is_on(&node).await;
        }
    }

    async fn until_it_is_on(&self, node: &str) {
        let dsn = Dsn::parse(&self.cluster.root_dsn(node)).expect("a DSN of the tests").dsn;
        let Ok(mut root) = Node::new(node, dsn).connect(PATIENCE).await else { return };
        // One that is not in the cluster now will have it when it is.
        if wait_for_others(&mut root).await.is_err() {
            return;
        }
        root.close().await;
    }

    /// The same with the table as the Go package documents it.
    pub async fn documented() -> Self {
        let database = Self::empty().await;
        database.execute("n1", DOCUMENTED).await;
        database
    }

    /// The same with the table as `migrate up` makes it.
    pub async fn migrated() -> Self {
        let database = Self::empty().await;
        database.csqlstore(&["migrate", "up", "--yes"]).success();
        database
    }

    /// The nodes' names.
    pub fn nodes(&self) -> Vec<String> {
        self.cluster.nodes.iter().map(|node| node.name.clone()).collect()
    }

    /// What goes into CSQLSTORE_NODES: all nodes with this database's account.
    pub fn dsns(&self) -> String {
        let (name, password) = (&self.name, &self.password);
        let each = self.cluster.nodes.iter();
        let dsns: Vec<String> = each
            .map(|node| format!("{}=mysql://{name}:{password}@127.0.0.1:{}/{name}", node.name, node.port))
            .collect();
        dsns.join(" ")
    }

    /// Runs the command with this database's nodes.
    pub fn csqlstore(&self, args: &[&str]) -> Run {
        command::run(self.command(args))
    }

    /// Starts the command with this database's nodes, to run beside the test.
    pub fn start(&self, args: &[&str]) -> Running {
        Running::start(self.command(args))
    }

    /// Builds the command with this database's nodes. What is to work on a node that takes no writes, or that the
    /// engine does not have, works on the first.
    pub fn command(&self, args: &[&str]) -> (String, std::process::Command) {
        let mut args = args.to_vec();
        // Whoever asks about a node means that one, whatever it takes.
        if args.first() != Some(&"node")
            && let Some(at) = args.iter().position(|arg| *arg == "--on")
            && let Some(node) = args.get_mut(at + 1)
            && ["n1", "n2", "n3"].contains(node)
        {
            *node = engine().writable(node);
        }
        let (line, mut command) = command::command(self.folder.path(), &args);
        command.env("CSQLSTORE_NODES", self.dsns());
        (line, command)
    }

    /// A connection as root, through a node's socket; to the only node there is, if there is but one.
    pub async fn root(&self, node: &str) -> Connection {
        let node = engine().existing(node);
        connect(node, &self.cluster.root_dsn(node)).await
    }

    /// The same as [`Database::connect`] to a node that takes writes: this one, or the first.
    pub async fn writer(&self, node: &str) -> Connection {
        self.connect(engine().writable(node)).await
    }

    /// A connection as root with this database selected, whose reads wait for the other nodes.
    pub async fn connect(&self, node: &str) -> Connection {
        let mut root = self.root(node).await;
        wait_for_others(&mut root).await.expect("they came");
        let select = format!("USE `{}`", self.name);
        root.execute("selecting the database", &select, ()).await.expect("the database is there");
        root
    }

    /// Lets an event that a statement of root's makes or changes be this database's account's on MySQL, where nobody else
    /// may change one of root's.
    pub fn own(&self, sql: &str) -> String {
        if engine() == Engine::Galera {
            return sql.to_owned();
        }
        let definer = format!("DEFINER=`{}`@`%` EVENT", self.name);
        match (sql.strip_prefix("CREATE EVENT"), sql.strip_prefix("ALTER EVENT")) {
            (Some(rest), _) => format!("CREATE {definer}{rest}"),
            (_, Some(rest)) => format!("ALTER {definer}{rest}"),
            (None, None) => sql.to_owned(),
        }
    }

    /// Runs a statement as root in this database; one that this node refuses as a secondary goes to the primary.
    pub async fn execute(&self, node: &str, sql: &str) -> u64 {
        let mut root = self.connect(node).await;
        let sql = &self.own(sql);
        let mut done = root.execute_unhurried("a test's statement", sql, ()).await;
        if engine() == Engine::Group && matches!(&done, Err(error) if error.code() == Some(1290)) {
            root = self.connect("n1").await;
            done = root.execute_unhurried("a test's statement", sql, ()).await;
        }
        if matches!(&done, Err(error) if error.code() == Some(3098)) {
            return self.execute_as_before_the_group(sql).await;
        }
        let rows = done.unwrap_or_else(|error| panic!("{sql}: {error}: {:?}", std::error::Error::source(&error))).rows;
        root.close().await;
        rows
    }

    /// Runs a statement on every node by itself, as if it had been run before there was a group: that lets nobody write
    /// to a table without a key.
    async fn execute_as_before_the_group(&self, sql: &str) -> u64 {
        // Only one at a time may let a secondary be written to.
        static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
        let _turn = TURN.lock().await;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock past 1970");
        let mut rows = 0;
        for node in self.nodes() {
            let mut root = self.connect(&node).await;
            let secondary: Option<bool> =
                root.first("asking whether it is writable", "SELECT @@GLOBAL.super_read_only", ()).await.expect("told");
            let mut run = async |sql: &str| {
                let done = root.execute_unhurried("a test's statement", sql, ()).await;
                done.unwrap_or_else(|error| panic!("{sql}: {error}: {:?}", std::error::Error::source(&error)))
            };
            run("SET SQL_LOG_BIN=0").await;
            // Or the rows would differ by when they came.
            run(&format!("SET SESSION timestamp={}", now.as_secs())).await;
            if secondary == Some(true) {
                run("SET GLOBAL super_read_only=OFF").await;
            }
            rows = run(sql).await.rows;
            if secondary == Some(true) {
                run("SET GLOBAL super_read_only=ON").await;
            }
            root.close().await;
        }
        rows
    }

    /// Returns the first column of an answer.
    pub async fn column(&self, node: &str, sql: &str) -> Vec<String> {
        let mut root = self.connect(node).await;
        let rows: Vec<Option<String>> = root
            .rows_unhurried("a test's question", sql, ())
            .await
            .unwrap_or_else(|error| panic!("{sql}: {error}: {:?}", std::error::Error::source(&error)));
        root.close().await;
        rows.into_iter().map(|value| value.unwrap_or_else(|| "NULL".into())).collect()
    }

    /// Waits until the command says that all is well again: a test leaves the cluster as it found it.
    pub async fn until_well(&self) {
        let begin = Instant::now();
        loop {
            let run = self.csqlstore(&["node", "status", "--interval", "0s", "--format", "json"]);
            if run.code == Some(0) && run.json()["size"] == self.nodes().len() {
                return;
            }
            assert!(begin.elapsed() < PATIENCE, "{run:?}");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// Waits until a node that hung answers a causal read: for a moment it still believes what it believed before.
    pub async fn until_caught_up(&self, node: &str) {
        let begin = Instant::now();
        let dsn = Dsn::parse(&self.cluster.root_dsn(node)).expect("a DSN of the tests").dsn;
        loop {
            let answered = async {
                let mut root = Node::new(node, dsn.clone()).connect(PATIENCE).await?;
                wait_for_others(&mut root).await
            };
            if answered.await.is_ok() {
                return;
            }
            assert!(begin.elapsed() < 2 * PATIENCE, "{node} does not come back");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// Returns the ids in the table as one node sees them, sorted.
    pub async fn ids(&self, node: &str) -> Vec<String> {
        self.column(node, "SELECT id FROM session_cluster ORDER BY id").await
    }

    /// Returns the names of the tables, sorted.
    pub async fn tables(&self) -> Vec<String> {
        self.column("n1", "SHOW TABLES").await
    }

    /// Inserts a row that expires in so many seconds (negative: expired so long ago).
    pub async fn row(&self, id: &str, data: &str, expires_in_s: i64) {
        let sql = format!(
            "INSERT INTO session_cluster (id, data, expire_on) VALUES ('{id}', '{data}', UTC_TIMESTAMP() + INTERVAL {expires_in_s} SECOND)"
        );
        self.execute("n1", &sql).await;
    }

    /// Inserts many rows `PREFIX-00001…` with this data.
    pub async fn sessions(&self, prefix: &str, count: u32, data: &str, expires_in_s: i64) {
        let sql = format!(
            "INSERT INTO session_cluster (id, data, expire_on) SELECT CONCAT('{prefix}-', LPAD(seq, 5, '0')), '{data}', \
             UTC_TIMESTAMP() + INTERVAL {expires_in_s} SECOND FROM {}",
            numbers(count)
        );
        self.execute("n1", &sql).await;
    }

    /// Inserts many rows `PREFIX-00001…` of 200 bytes that expire in so many seconds.
    pub async fn rows(&self, prefix: &str, count: u32, expires_in_s: i64) {
        let sql = format!(
            "INSERT INTO session_cluster (id, data, expire_on) SELECT CONCAT('{prefix}-', LPAD(seq, 5, '0')), REPEAT('x', 200), \
             UTC_TIMESTAMP() + INTERVAL {expires_in_s} SECOND FROM {}",
            numbers(count)
        );
        self.execute("n1", &sql).await;
    }
}

/// Waits until the node has what was done on the others before, and lets all that the connection does wait so.
async fn wait_for_others(root: &mut Connection) -> Result<(), csqlstore::cluster::Error> {
    if let Some(wait) = engine().waiting() {
        root.execute("waiting for the others", wait, ()).await?;
        // A statement without a table does not wait in a group.
        root.rows::<i64>("waiting for the others", "SELECT COUNT(*) FROM mysql.db", ()).await?;
    }
    Ok(())
}

/// Connects with a DSN.
pub async fn connect(name: &str, dsn: &str) -> Connection {
    let dsn = Dsn::parse(dsn).expect("a DSN of the tests").dsn;
    Node::new(name, dsn).connect(PATIENCE).await.expect("the node is there")
}
