//! The command `event` on a database of the tests, and what the servers themselves say of an event.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::cluster;
use super::command::{self, Run};
use super::database::{Database, PATIENCE};
use super::engine::engine;

/// The event's name where none is asked for.
pub const NAME: &str = "csqlstore_purge_session_cluster";
pub const HOUR: i64 = 3600;
pub const DAY: i64 = 86_400;

pub fn install(db: &Database, more: &[&str]) -> Run {
    db.csqlstore(&[&["event", "install", "--yes", "--format", "json"], more].concat())
}

pub fn status(db: &Database) -> Run {
    // Long enough for a cluster that is deciding about a node that it lost.
    db.csqlstore(&["event", "status", "--format", "json", "--timeout", "20s"])
}

/// Runs the command as root.
pub fn as_root(db: &Database, args: &[&str]) -> Run {
    let (line, mut command) = db.command(args);
    let each = db.nodes().into_iter().map(|node| format!("{node}={}{}", cluster::common().root_dsn(&node), db.name));
    command.env("CSQLSTORE_NODES", each.collect::<Vec<_>>().join(" "));
    command::run((line, command))
}

/// An account that has these rights on objects of the database (`*`, or a table), and no others.
pub struct Account<'a> {
    db: &'a Database,
    pub user: String,
}

impl<'a> Account<'a> {
    pub async fn new(db: &'a Database, rights: &[(&str, &str)]) -> Self {
        let user = format!("{}_r", db.name);
        db.execute("n1", &format!("CREATE USER '{user}'@'%' IDENTIFIED BY '{}'", db.password)).await;
        for (rights, object) in rights {
            db.execute("n1", &format!("GRANT {rights} ON `{}`.{object} TO '{user}'@'%'", db.name)).await;
        }
        everywhere(db).await;
        Self { db, user }
    }

    /// Runs the command as this account.
    pub fn csqlstore(&self, args: &[&str]) -> Run {
        let (line, mut command) = self.db.command(args);
        let dsns = self.db.dsns().replace(&format!("//{}:", self.db.name), &format!("//{}:", self.user));
        command.env("CSQLSTORE_NODES", dsns);
        command::run((line, command))
    }
}

/// Waits until every node has applied what was committed so far.
pub async fn everywhere(db: &Database) {
    for node in db.nodes() {
        db.column(&node, "SELECT '1'").await;
    }
}

pub fn codes(answer: &Value) -> Vec<&str> {
    let findings = answer["findings"].as_array().expect("findings are a list");
    findings.iter().map(|finding| finding["code"].as_str().expect("a code")).collect()
}

/// The findings but those that pass by themselves: for some seconds after a node died the others answer late.
pub fn settled(answer: &Value) -> Vec<&str> {
    codes(answer).into_iter().filter(|code| *code != "node-behind").collect()
}

/// What the finding of a code says to do.
#[track_caller]
pub fn fix(answer: &Value, code: &str) -> String {
    let findings = answer["findings"].as_array().expect("findings are a list");
    let finding = findings.iter().find(|finding| finding["code"] == code);
    let finding = finding.unwrap_or_else(|| panic!("no {code} in {answer}"));
    finding["fix"].as_str().unwrap_or_else(|| panic!("no fix in {finding}")).to_owned()
}

/// What MariaDB calls the state of an event that is another node's, and MySQL did; MySQL has another word for it now.
fn in_the_older_word(status: &str) -> &str {
    if status == engine().elsewhere() { "SLAVESIDE_DISABLED" } else { status }
}

/// That state on every node.
pub fn aside(db: &Database) -> Vec<&'static str> {
    vec!["SLAVESIDE_DISABLED"; db.nodes().len()]
}

/// Enabled on the first node alone.
pub fn enabled_on_the_first(db: &Database) -> Vec<&'static str> {
    let mut all = aside(db);
    all[0] = "ENABLED";
    all
}

/// The state of an event on each node, the one that is disabled for another node's sake in the older word.
pub fn statuses(answer: &Value) -> Vec<&str> {
    let nodes = answer["nodes"].as_array().expect("nodes are a list");
    nodes.iter().map(|node| in_the_older_word(node["status"].as_str().expect("a status"))).collect()
}

/// What changed, by the names of it.
pub fn changes(answer: &Value) -> Vec<&str> {
    let changes = answer["changes"].as_array().expect("changes are a list");
    changes.iter().map(|change| change["what"].as_str().expect("a name")).collect()
}

/// The state of an event as each node itself says.
pub async fn said(db: &Database, event: &str) -> Vec<String> {
    let mut said = Vec::new();
    for node in db.nodes() {
        let status = column_of(db, &node, "STATUS", event).await;
        said.extend(status.iter().map(|status| in_the_older_word(status).to_owned()));
    }
    said
}

/// Something that a node says of an event.
pub async fn column_of(db: &Database, node: &str, column: &str, event: &str) -> Vec<String> {
    let sql = format!(
        "SELECT CAST({column} AS CHAR) FROM information_schema.EVENTS WHERE EVENT_SCHEMA = '{}' AND EVENT_NAME = '{event}'",
        db.name
    );
    db.column(node, &sql).await
}

/// Waits until a node has run an event so many times more; its interval must be a second or more.
pub async fn until_runs(db: &Database, node: &str, event: &str, times: usize) {
    let (begin, mut before, mut seen) = (Instant::now(), column_of(db, node, "LAST_EXECUTED", event).await, 0);
    while seen < times {
        assert!(begin.elapsed() < PATIENCE * 2, "{event} ran {seen} times on {node}, and not {times}");
        tokio::time::sleep(Duration::from_millis(100)).await;
        let now = column_of(db, node, "LAST_EXECUTED", event).await;
        seen += usize::from(now != before);
        before = now;
    }
}

/// Waits until a question is answered so.
pub async fn until(db: &Database, node: &str, sql: &str, expected: &[&str]) {
    let begin = Instant::now();
    loop {
        let answer = db.column(node, sql).await;
        if answer == expected {
            return;
        }
        assert!(begin.elapsed() < PATIENCE * 4, "{answer:?} on {node} and not {expected:?}: {sql}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Waits until the table holds exactly these.
pub async fn until_ids(db: &Database, node: &str, expected: &[&str]) {
    until(db, node, "SELECT id FROM session_cluster ORDER BY id", expected).await;
}

/// Something in the row of the lease that runs take.
pub async fn of_lease(db: &Database, what: &str) -> String {
    let sql = format!("SELECT CAST({what} AS CHAR) FROM csqlstore_lease WHERE name = 'purge'");
    db.column("n1", &sql).await.pop().unwrap_or_else(|| "no row".into())
}

/// Waits until nobody has the lease.
pub async fn until_given_back(db: &Database) {
    until(db, "n1", "SELECT owner FROM csqlstore_lease WHERE name = 'purge'", &[""]).await;
}
