//! docs/grants.md, by accounts that have just what it says; and every command that there is stands on it.

use std::collections::BTreeSet;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::support::Database;
use crate::support::command::{self, Run};
use crate::support::engine::{Needs, engine};
use crate::support::vectors::Vector;

crate::cases! {
    Beside: [
        every_command_there_is_has_its_place_on_the_page,
        sessions_are_read_and_changed_with_just_the_rights_on_the_page,
        migrate_up_works_with_just_the_rights_on_the_page,
        the_other_migrations_work_with_just_the_rights_on_the_page,
        all_else_works_with_just_the_rights_on_the_page,
        what_asks_no_server_works_without_one,
        the_doctor_names_only_grants_that_can_be_given,
    ],
}

/// What the database holds before the command is run.
#[derive(Clone, Copy, Debug)]
enum Holds {
    Nothing,
    /// The table as the Go package documents it.
    Documented,
    /// The same with two rows of one id.
    Twice,
    /// The same with the key and the index, which somebody has made by hand.
    Mended,
    /// What a run left behind that was killed: an index that is there and a key that is not.
    HalfDone,
    /// The table as `migrate up` makes it, with a session and one that expired.
    Sessions,
    /// The same, and somebody who is gone holds the lease `migrate`.
    Held,
    /// The table as `migrate up` makes it, with the cleanup event installed.
    Event,
}

use Holds::{Documented, Event, HalfDone, Held, Mended, Nothing, Sessions, Twice};

/// A command as the page's heading names it, and how it is run and on what; each right is needed by one of the runs.
///
/// `{id}`, `{cookie}` and `{verify}` stand for those of a session that is there, and for what verifies it.
const CASES: &[(&str, &[(&str, Holds)])] = &[
    ("node status", &[("node status", Documented)]),
    ("node check", &[("node check", Documented)]),
    ("node wait", &[("node wait --for usable", Documented)]),
    // It goes on until it is stopped, and asks what `node check` asks of one node.
    ("node serve", &[]),
    ("session show", &[("session show {verify} {id}", Sessions)]),
    ("session list", &[("session list", Sessions)]),
    ("session find", &[("session find {verify} user_id=1234567890123", Sessions)]),
    ("session stats", &[("session stats {verify}", Sessions)]),
    ("session export", &[("session export {verify}", Sessions)]),
    ("cookie decode", &[("cookie decode {verify} {cookie}", Sessions)]),
    ("session delete", &[("session delete --yes {id}", Sessions)]),
    ("session rekey", &[("session rekey --yes --key-file keys --name sid", Sessions)]),
    ("purge", &[("purge --yes", Sessions)]),
    ("migrate status", &[("migrate status", Documented)]),
    ("migrate plan", &[("migrate plan", Documented)]),
    ("migrate verify", &[("migrate verify", Sessions)]),
    ("migrate up", &[("migrate up", Nothing), ("migrate up", Documented)]),
    ("migrate up --dedupe newest", &[("migrate up --dedupe newest", Nothing), ("migrate up --dedupe newest", Twice)]),
    ("migrate adopt", &[("migrate adopt", Mended)]),
    ("migrate repair", &[("migrate repair", HalfDone)]),
    ("migrate down", &[("migrate down --to 1 --force --yes", Sessions)]),
    ("migrate down --to 0", &[("migrate down --to 0 --force --confirm session_cluster", Sessions)]),
    ("migrate unlock", &[("migrate unlock --yes", Held)]),
    ("event status", &[("event status", Event)]),
    ("event install", &[("event install --yes", Sessions)]),
    ("event show", &[("event show", Event)]),
    ("event remove", &[("event remove --yes", Event)]),
    ("doctor", &[("doctor", Event)]),
];

/// The commands that ask no server, and how they are run.
const OFFLINE: &[(&str, &str)] = &[
    ("session decode", "session decode {verify} {data}"),
    ("key generate", "key generate"),
    ("key check", "key check --key-file strong"),
    ("config show", "config show"),
    ("config init", "config init --example"),
    ("completions", "completions bash"),
];

/// The page.
struct Page {
    /// Commands with their GRANT statements, one command after the other.
    granted: Vec<(String, Vec<String>)>,
    offline: Vec<String>,
    sandbox: Vec<String>,
}

impl Page {
    fn read() -> Self {
        let text = include_str!("../../docs/grants.md");
        let mut page = Self { granted: Vec::new(), offline: Vec::new(), sandbox: Vec::new() };
        for section in text.split("\n## ").skip(1) {
            let (heading, body) = section.split_once('\n').expect("a heading and a text");
            match heading {
                "Commands that ask no server" => page.offline = commands_in(body),
                "Commands whose servers are their own" => page.sandbox = commands_in(body),
                _ => {
                    let grants: Vec<String> =
                        body.lines().filter(|line| line.starts_with("GRANT ")).map(str::to_owned).collect();
                    let commands = commands_in(heading);
                    assert!(!commands.is_empty(), "{heading:?} names no command");
                    page.granted.extend(commands.into_iter().map(|command| (command, grants.clone())));
                }
            }
        }
        page
    }

    fn grants(&self, command: &str) -> &[String] {
        &self.granted.iter().find(|(named, _)| named == command).expect("a section").1
    }
}

/// What stands between backticks behind `csqlstore`.
fn commands_in(text: &str) -> Vec<String> {
    text.split('`').filter_map(|one| one.strip_prefix("csqlstore ")).map(str::to_owned).collect()
}

/// Every command of the program that is shown and that has no verbs, from the program itself: it writes a man page each.
fn commands_there_are() -> BTreeSet<String> {
    let folder = tempfile::TempDir::new().expect("a folder for the test");
    command::run(command::command(folder.path(), &["generate"])).success();
    let files = std::fs::read_dir(folder.path().join("man")).expect("the man pages");
    let name = |file: std::io::Result<std::fs::DirEntry>| {
        let name = file.expect("a file").file_name().into_string().expect("a name in ASCII");
        name.strip_suffix(".1").and_then(|name| name.strip_prefix("csqlstore-")).map(|name| name.replace('-', " "))
    };
    let all: BTreeSet<String> = files.filter_map(name).collect();
    let has_verbs = |command: &String| all.iter().any(|other| other.starts_with(&format!("{command} ")));
    all.iter().filter(|command| !has_verbs(command)).cloned().collect()
}

async fn every_command_there_is_has_its_place_on_the_page() {
    let page = Page::read();
    let told: Vec<&str> = page.granted.iter().map(|(command, _)| command.as_str()).collect();
    let tested: Vec<&str> = CASES.iter().map(|(command, _)| *command).collect();
    assert_eq!(told, tested, "the page and the test name the same commands, in the same order");
    let tested: Vec<&str> = OFFLINE.iter().map(|(command, _)| *command).collect();
    assert_eq!(page.offline, tested);
    assert!(page.sandbox.iter().all(|command| command.starts_with("sandbox ")), "{:?}", page.sandbox);
    // A heading may name options as well.
    let named = told.iter().map(|command| command.split(" --").next().expect("a command"));
    let others = page.offline.iter().chain(&page.sandbox).map(String::as_str);
    let on_the_page: BTreeSet<String> = named.chain(others).map(str::to_owned).collect();
    assert_eq!(on_the_page, commands_there_are());
}

async fn sessions_are_read_and_changed_with_just_the_rights_on_the_page() {
    just_these_rights_do(|command| command.starts_with("session ") || command.starts_with("cookie ")).await;
}

async fn migrate_up_works_with_just_the_rights_on_the_page() {
    just_these_rights_do(|command| command.starts_with("migrate up")).await;
}

async fn the_other_migrations_work_with_just_the_rights_on_the_page() {
    just_these_rights_do(|command| command.starts_with("migrate ") && !command.starts_with("migrate up")).await;
}

async fn all_else_works_with_just_the_rights_on_the_page() {
    let elsewhere = ["session ", "cookie ", "migrate "];
    just_these_rights_do(|command| !elsewhere.iter().any(|begin| command.starts_with(begin))).await;
}

/// Runs these commands with all rights on the page, and with each of them taken away.
async fn just_these_rights_do(these: impl Fn(&str) -> bool) {
    let page = Page::read();
    let session = Vector::of("oauth");
    let mut wrong = Vec::new();
    for (command, runs) in CASES.iter().filter(|(command, _)| these(command)) {
        if command.contains("--dedupe") && !engine().has(Needs::KeylessRows) {
            // Group Replication lets no row of a table without a key be deleted.
            continue;
        }
        let grants = page.grants(command);
        for (line, holds) in *runs {
            let run = with(grants, None, (line, *holds), &session).await.0;
            if run.code != Some(0) {
                wrong.push(format!("{command} with {grants:?} on {holds:?}: {run:?}"));
            }
        }
        for grant in grants {
            let (rights, object) = grant["GRANT ".len()..].split_once(" ON ").expect("rights on something");
            let object = object.strip_suffix(" TO ACCOUNT;").expect("for the account");
            for lacking in rights.split(", ") {
                let mut needed = false;
                for (line, holds) in *runs {
                    let (run, name) = with(grants, Some((lacking, object)), (line, *holds), &session).await;
                    let named = names_a_grant(&run, lacking, object, &name);
                    needed |= named || run.code != Some(0);
                    if run.code != Some(0) && !(named && matches!(run.code, Some(1..=4))) {
                        wrong.push(format!("{command} without {lacking} on {object} on {holds:?}: {run:?}"));
                    }
                }
                if !needed {
                    wrong.push(format!("{command} does without {lacking} on {object}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// Whether a run names a GRANT of this right on this object.
fn names_a_grant(run: &Run, right: &str, object: &str, database: &str) -> bool {
    let object = object.replace("DATABASE", database);
    let said = format!("{}{}", run.stdout, run.stderr);
    said.split("GRANT ").skip(1).any(|statement| {
        let named = statement.split_once(" TO ").and_then(|(grant, _)| grant.split_once(" ON "));
        named.is_some_and(|(rights, on)| on == object && rights.split(", ").any(|named| named == right))
    })
}

async fn holding(holds: Holds, session: &Vector) -> Database {
    let db = match holds {
        Nothing => Database::empty().await,
        Documented | Twice | Mended | HalfDone => Database::documented().await,
        Sessions | Held | Event => Database::migrated().await,
    };
    match holds {
        Nothing | Documented => {}
        Twice => {
            db.row("twice", "a", 60).await;
            db.row("twice", "b", 60).await;
        }
        Mended => {
            db.execute("n1", "ALTER TABLE session_cluster ADD PRIMARY KEY (id), ADD INDEX expire_on (expire_on)").await;
        }
        HalfDone => {
            db.csqlstore(&["migrate", "up"]).success();
            for sql in [
                "ALTER TABLE session_cluster DROP PRIMARY KEY",
                "UPDATE csqlstore_migrations SET state=IF(version=2, 'failed', 'running') WHERE version > 1",
            ] {
                db.execute("n1", sql).await;
            }
        }
        Sessions => {
            db.row(session.id(), session.data(), 3600).await;
            db.row("2026-01-01T00:00:00Z12345", "x", -86_400).await;
        }
        Held => {
            let gone = "UPDATE csqlstore_lease SET owner='gone:1:0', epoch=epoch+1, phase='work', \
                        node=CONCAT(@@hostname, ':', @@port), connection_id=4294967290, acquired_at=UTC_TIMESTAMP(6), \
                        expires_at=UTC_TIMESTAMP(6) + INTERVAL 1 HOUR WHERE name='migrate'";
            assert_eq!(db.execute("n1", gone).await, 1);
        }
        Event => {
            db.csqlstore(&["event", "install", "--yes"]).success();
        }
    }
    db
}

/// Fills a line in, and writes the keys: a new one, which is strong, and that of the session behind it.
fn filled(line: &str, session: &Vector, folder: &Path) -> String {
    let strong = "hex:bee20e2652a4949f76feb6dd699ebf81411a401107504e9155a80db99310faa7\n";
    let keys = format!("{strong}{}\n", session.keys());
    for (name, keys) in [("strong", strong), ("keys", keys.as_str())] {
        let file = folder.join(name);
        std::fs::write(&file, keys).expect("a writable folder");
        std::fs::set_permissions(&file, Permissions::from_mode(0o600)).expect("our file");
    }
    line.replace("{verify}", "--max-age 0 --key-file keys --name sid")
        .replace("{id}", session.id())
        .replace("{cookie}", session.cookie())
        .replace("{data}", session.data())
}

/// Runs a command line as an account that has these rights but one, and no other; returns the database's name as well.
async fn with(
    grants: &[String],
    lacking: Option<(&str, &str)>,
    (line, holds): (&str, Holds),
    session: &Vector,
) -> (Run, String) {
    let db = holding(holds, session).await;
    let line = filled(line, session, db.folder.path());
    let user = format!("{}_least", db.name);
    let account = format!("'{user}'@'%'");
    let mut statements = vec![format!("CREATE USER {account} IDENTIFIED BY '{}'", db.password)];
    statements.extend(grants.iter().map(|grant| grant.replace("DATABASE", &db.name).replace("ACCOUNT", &account)));
    if let Some((right, object)) = lacking {
        // An account without any right in a database is not let into it; with one on all of it, it sees every table.
        if grants.len() == 1 && !grants[0].contains(", ") {
            statements.push(format!("GRANT REFERENCES ON `{}`.* TO {account}", db.name));
        }
        // A right on a table that is not there can be given only beside that to make it; it can be taken away.
        statements.push(format!("REVOKE {right} ON {} FROM {account}", object.replace("DATABASE", &db.name)));
    }
    let mut root = db.root("n1").await;
    for sql in statements {
        let done = root.execute_unhurried("making an account", &sql, ()).await;
        done.unwrap_or_else(|error| panic!("{sql}: {error}: {:?}", std::error::Error::source(&error)));
    }
    root.close().await;
    let args: Vec<&str> = line.split(' ').collect();
    let (line, mut command) = db.command(&args);
    // One node: the account reaches the others a moment later.
    let dsns = db.dsns().replace(&format!("//{}:", db.name), &format!("//{user}:"));
    let first = dsns.split(' ').next().expect("a node").to_owned();
    // Without any right there is no database that the account may name.
    let first = if grants.is_empty() { first.trim_end_matches(&format!("/{}", db.name)).to_owned() } else { first };
    command.env("CSQLSTORE_NODES", first);
    (command::run((line, command)), db.name.clone())
}

async fn what_asks_no_server_works_without_one() {
    let session = Vector::of("oauth");
    let folder = tempfile::TempDir::new().expect("a folder for the test");
    for (_, line) in OFFLINE {
        let line = filled(line, &session, folder.path());
        let args: Vec<&str> = line.split(' ').collect();
        let (line, mut command) = command::command(folder.path(), &args);
        // Nobody listens there.
        command.env("CSQLSTORE_NODES", "n1=mysql://a@127.0.0.1:1/b");
        command::run((line, command)).success();
    }
}

async fn the_doctor_names_only_grants_that_can_be_given() {
    let db = Database::empty().await;
    db.limit_to(&[("SELECT", "*")]).await;
    // A right on a table that is not there cannot be given without that to make it.
    for migrated in [false, true] {
        if migrated {
            db.csqlstore(&["migrate", "up"]).success();
        }
        let doctor = ["doctor", "--only", "privilege-missing", "--format", "json"];
        let answer = db.csqlstore(&doctor).success().json();
        let findings = answer["findings"].as_array().expect("a list");
        let of = |command: &str| {
            let command = format!("`csqlstore {command}`");
            findings.iter().any(|finding| finding["message"].as_str().is_some_and(|text| text.contains(&command)))
        };
        assert_eq!((of("migrate up"), of("migrate repair")), (!migrated, migrated), "{answer}");
        for finding in findings {
            for sql in finding["fix"].as_str().expect("a fix").split("; ") {
                db.execute("n1", sql).await;
            }
        }
        db.settled().await;
        let answer = db.csqlstore(&doctor).success().json();
        assert_eq!(answer["findings"], serde_json::json!([]));
    }
}
