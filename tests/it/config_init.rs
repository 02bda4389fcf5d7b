//! `csqlstore config init`: somebody types at a terminal, and the nodes are real.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use csqlstore::cluster::dsn::NamedDsn;
use tempfile::TempDir;

use crate::support::command;
use crate::support::database::Database;
use crate::support::engine::{Engine, engine};
use crate::support::pty::Terminal;

crate::cases! {
    Beside: [
        nothing_is_asked_where_nobody_can_answer,
        the_example_is_the_file_that_is_shipped_and_is_read,
        a_node_that_is_down_can_be_kept_and_a_dry_run_writes_nothing,
        ctrl_c_leaves_nothing_behind,
        a_file_that_is_there_stays_unless_it_is_said_to_go,
    ],
    Beside if Nodes because "its nodes name each other": [
        a_configuration_that_works_is_made_from_one_node_and_its_account,
    ],
}

/// Down, down, down, return.
const FOURTH: &str = "\u{1b}[B\u{1b}[B\u{1b}[B\r";

struct Dialog<'a> {
    db: &'a Database,
    terminal: Terminal,
}

impl<'a> Dialog<'a> {
    fn start(db: &'a Database, args: &[&str]) -> Self {
        let args = [&["--config", "csqlstore.toml", "config", "init"], args].concat();
        let (line, mut command) = command::command(db.folder.path(), &args);
        command.env("NO_COLOR", "1");
        Self { db, terminal: Terminal::start((line, command)) }
    }

    #[track_caller]
    fn answer(&mut self, question: &str, keys: &str) {
        self.terminal.until_it_shows(question);
        self.terminal.press(keys);
    }

    /// Answers for the first node, up to what becomes of trying it.
    #[track_caller]
    fn first_node(&mut self, host: &str, password: &str) {
        let name = self.db.name.clone();
        self.answer("A node of the cluster, as HOST[:PORT]", &format!("{host}\r"));
        self.answer("User", &format!("{name}\r"));
        self.answer("Password of", &format!("{password}\r"));
        self.answer("Database", &format!("{name}\r"));
        self.answer("Encryption", "\r");
    }

    /// Adds the other nodes or not, if the server knows any, and no more.
    #[track_caller]
    fn through_the_others(&mut self, key: &str) {
        if engine() != Engine::MySql {
            self.answer("The cluster names other nodes", key);
        }
        self.answer("Another node", "\r");
    }
}

/// Where the first node listens.
fn host(db: &Database) -> String {
    let dsns = db.dsns();
    let first = dsns.split_whitespace().next().expect("there is a node");
    NamedDsn::parse(first).expect("a DSN of the tests").dsn.address.to_string()
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("the folder is there");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8")).collect();
    names.sort();
    names
}

async fn a_configuration_that_works_is_made_from_one_node_and_its_account() {
    let db = Database::migrated().await;
    let mut dialog = Dialog::start(&db, &[]);
    dialog.first_node(&host(&db), "Wr0ngPassword");
    dialog.terminal.until_it_shows("Access denied");
    // The first way out is to type the account again.
    dialog.answer("What now:", "\r");
    dialog.answer("User", "\r");
    dialog.answer("Password of", &format!("{}\r", db.password));
    let kind =
        if engine() == Engine::Galera { "galera of 3 members, Synced, 1" } else { "group-replication of 3 members" };
    dialog.terminal.until_it_shows(&format!("is ok: {kind}"));
    dialog.answer("Name of this node", "\r");
    dialog.answer("The cluster names other nodes: 127.0.0.1:", "y");
    dialog.answer("Another node (empty: that is all)", "\r");
    dialog.answer("Session table", "\r");
    dialog.terminal.until_it_shows("it is there");
    dialog.answer("Session names", "s;d\r");
    dialog.terminal.until_it_shows("a cookie cannot have such a name");
    dialog.answer("Session names", "sid\r");
    dialog.answer("Keys that sign", FOURTH);
    dialog.answer("File to write them into", "\r");
    dialog.terminal.until_it_shows("nodes = [");
    dialog.answer("Write it?", "y");
    let (status, shown) = dialog.terminal.end();
    assert_eq!(status, Some(0), "{shown}");
    assert!(shown.contains("csqlstore node status") && !shown.contains("--config "), "{shown}");
    assert!(shown.contains(&format!("mysql://{}:***@127.0.0.1:", db.name)), "{shown}");
    assert!(!shown.contains(&db.password) && !shown.contains("Wr0ng"), "a password is shown: {shown}");
    let keys = std::fs::read_to_string(db.folder.path().join("keys")).expect("keys were made");
    assert!(!shown.contains(&keys[7..40]), "a key is shown: {shown}");

    for file in ["csqlstore.toml", "keys"] {
        let mode = db.folder.path().join(file).metadata().expect("it is written").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
    assert_eq!(names_in(db.folder.path()), ["csqlstore.toml", "keys"]);
    let bare = |args: &[&str]| command::run(command::command(db.folder.path(), args));
    let run = bare(&["--format", "json", "node", "status"]).success();
    let mut nodes: Vec<_> =
        run.json()["nodes"].as_array().expect("nodes").iter().map(|node| node["name"].clone()).collect();
    nodes.sort_by_key(ToString::to_string);
    // Each has the name that it calls itself.
    assert_eq!(nodes, ["n1", "n2", "n3"]);
    // After the one that was typed the others come in the order of their ports, whichever order the cluster names them in.
    let written = std::fs::read_to_string(db.folder.path().join("csqlstore.toml")).expect("it is written");
    let ports: Vec<&str> =
        written.lines().filter_map(|line| line.split_once("@127.0.0.1:")?.1.split('/').next()).collect();
    assert!(ports.len() == 3 && ports[1..].is_sorted(), "{ports:?}");
    assert_eq!(run.stderr, "");
    bare(&["key", "check"]).success();
    bare(&["session", "stats"]).success();
}

async fn nothing_is_asked_where_nobody_can_answer() {
    let folder = TempDir::new().expect("a folder for the test");
    for args in [&["config", "init"][..], &["--yes", "config", "init", "--dry-run"]] {
        let run = command::run(command::command(folder.path(), args)).exits(2);
        assert!(run.stderr.contains("there is no terminal to ask on"), "{run:?}");
        assert!(run.stderr.contains("csqlstore config init --example > csqlstore.toml"), "{run:?}");
        assert_eq!((run.stdout.as_str(), names_in(folder.path())), ("", vec![]));
    }
}

async fn the_example_is_the_file_that_is_shipped_and_is_read() {
    let folder = TempDir::new().expect("a folder for the test");
    let run = command::run(command::command(folder.path(), &["config", "init", "--example"])).success();
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("contrib/csqlstore.toml");
    assert_eq!(run.stdout, std::fs::read_to_string(shipped).expect("it is there"));
    // What stands in it as a comment is read too, once it is none.
    let all: Vec<&str> = run
        .stdout
        .lines()
        .map(|line| line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).unwrap_or(line))
        .collect();
    for (text, nodes) in [(run.stdout.clone(), 2), (all.join("\n"), 2)] {
        std::fs::write(folder.path().join("csqlstore.toml"), text).expect("written");
        let run = command::run(command::command(folder.path(), &["--format", "json", "config", "show"])).success();
        assert_eq!(run.json()["nodes"].as_array().map(Vec::len), Some(nodes), "{run:?}");
    }
    let staging = ["--cluster", "staging", "--format", "json", "config", "show"];
    let run = command::run(command::command(folder.path(), &staging)).success();
    assert_eq!(run.json()["nodes"].as_array().map(Vec::len), Some(1), "{run:?}");
}

async fn a_node_that_is_down_can_be_kept_and_a_dry_run_writes_nothing() {
    let db = Database::empty().await;
    let mut dialog = Dialog::start(&db, &["--dry-run"]);
    // Nothing listens there.
    dialog.first_node("127.0.0.1:1", &db.password);
    dialog.terminal.until_it_shows("Connection refused");
    dialog.terminal.until_it_shows("hint: nobody listens there: start the server");
    // The second way out is the first of all: another address. The fourth keeps it.
    dialog.answer("What now:", "\u{1b}[B\u{1b}[B\r");
    dialog.answer("Name of this node", "gone\r");
    dialog.answer("Another node", "mysql://u:Pl4nted@h/d\r");
    dialog.terminal.until_it_shows("leave the password out of it");
    dialog.answer("Another node", "\r");
    dialog.answer("Session table", "my_sessions\r");
    dialog.answer("Session names", "\r");
    dialog.answer("Keys that sign", "\r");
    let (status, shown) = dialog.terminal.end();
    assert_eq!(status, Some(0), "{shown}");
    for part in ["\"gone=mysql://", "table = \"my_sessions\"", "This was a dry run: nothing was written."] {
        assert!(shown.contains(part), "no {part:?} in {shown}");
    }
    assert!(!shown.contains("Write it?") && !shown.contains(&db.password), "{shown}");
    assert_eq!(names_in(db.folder.path()), [""; 0]);
}

async fn ctrl_c_leaves_nothing_behind() {
    let db = Database::migrated().await;
    let mut dialog = Dialog::start(&db, &[]);
    dialog.first_node(&host(&db), &db.password);
    dialog.answer("Name of this node", "\u{3}");
    let (status, shown) = dialog.terminal.end();
    assert_eq!(status, Some(130), "{shown}");
    assert_eq!(names_in(db.folder.path()), [""; 0]);

    let mut dialog = Dialog::start(&db, &["--node", db.dsns().split(' ').next().expect("a node")]);
    dialog.answer("Name of this node", "one\r");
    dialog.through_the_others("n");
    dialog.answer("Session table", "\r");
    dialog.answer("Session names", "sid\r");
    dialog.answer("Keys that sign", FOURTH);
    dialog.answer("File to write them into", "\r");
    dialog.answer("Write it?", "\u{3}");
    let (status, shown) = dialog.terminal.end();
    assert_eq!(status, Some(130), "{shown}");
    assert!(shown.contains("nothing was done"), "{shown}");
    assert_eq!(names_in(db.folder.path()), [""; 0]);
}

async fn a_file_that_is_there_stays_unless_it_is_said_to_go() {
    let db = Database::migrated().await;
    let file = db.folder.path().join("csqlstore.toml");
    // A slip in the old one is no reason not to make a new one.
    std::fs::write(&file, "nodse = []\n").expect("written");
    for answer in ["n", "\r"] {
        let mut dialog = Dialog::start(&db, &["--yes"]);
        dialog.answer("csqlstore.toml` is there already. Replace it at the end?", answer);
        let (status, shown) = dialog.terminal.end();
        assert_eq!(status, Some(1), "{shown}");
    }
    assert_eq!(std::fs::read_to_string(&file).expect("it is there"), "nodse = []\n");
    let mut dialog = Dialog::start(&db, &[]);
    dialog.answer("Replace it at the end?", "y");
    dialog.first_node(&host(&db), &db.password);
    dialog.answer("Name of this node", "\r");
    dialog.through_the_others("n");
    dialog.answer("Session table", "\r");
    dialog.answer("Session names", "\r");
    dialog.answer("Keys that sign", "\r");
    dialog.terminal.until_it_shows("Write it?");
    assert_eq!(std::fs::read_to_string(&file).expect("it is there"), "nodse = []\n");
    dialog.terminal.press("y");
    let (status, shown) = dialog.terminal.end();
    assert_eq!(status, Some(0), "{shown}");
    assert_eq!(file.metadata().expect("it is written").permissions().mode() & 0o777, 0o600);
    let run = command::run(command::command(db.folder.path(), &["--format", "json", "config", "show"])).success();
    assert_eq!(run.json()["nodes"].as_array().map(Vec::len), Some(1), "{run:?}");
}
