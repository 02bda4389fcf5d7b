//! docs/grants.md, by accounts that have just what it says.

use crate::support::Database;
use crate::support::command::{self, Run};
use crate::support::vectors::Vector;

crate::cases! {
    Beside: [
        each_command_works_with_the_rights_on_its_page_and_with_none_less,
    ],
}

/// What the database holds before the command is run.
#[derive(Clone, Copy)]
enum Holds {
    /// The table as the Go package documents it.
    Documented,
    /// The table as `migrate up` makes it, with a session and one that expired.
    Sessions,
    /// The same, with the cleanup event installed.
    Event,
}

/// A section of the page: the command as the heading names it, how it is run, and on what.
///
/// `{id}` and `{cookie}` stand for those of a session that is there.
const CASES: &[(&str, &str, Holds)] = &[
    ("node status", "node status", Holds::Documented),
    ("session show", "session show --max-age 0 --key-file keys --name sid {id}", Holds::Sessions),
    ("cookie decode", "cookie decode --max-age 0 --key-file keys --name sid {cookie}", Holds::Sessions),
    ("migrate status", "migrate status", Holds::Documented),
    ("migrate plan", "migrate plan", Holds::Documented),
    ("migrate up", "migrate up --yes", Holds::Documented),
    ("event status", "event status", Holds::Event),
    ("event install", "event install --yes", Holds::Sessions),
    ("event show", "event show", Holds::Event),
    ("event remove", "event remove --yes", Holds::Event),
    ("purge", "purge --yes", Holds::Sessions),
    ("doctor", "doctor", Holds::Event),
];

/// The page's commands, each with its GRANT statements.
fn page() -> Vec<(String, Vec<String>)> {
    let text = include_str!("../../docs/grants.md");
    let sections = text.split("\n## ").skip(1);
    sections
        .map(|section| {
            let (heading, body) = section.split_once('\n').expect("a heading and a text");
            let command =
                heading.strip_prefix("`csqlstore ").and_then(|rest| rest.strip_suffix('`')).expect("a command");
            let grants = body.lines().filter(|line| line.starts_with("GRANT "));
            (command.to_owned(), grants.map(str::to_owned).collect())
        })
        .collect()
}

async fn each_command_works_with_the_rights_on_its_page_and_with_none_less() {
    let page = page();
    let told: Vec<&str> = page.iter().map(|(command, _)| command.as_str()).collect();
    let tested: Vec<&str> = CASES.iter().map(|(command, ..)| *command).collect();
    assert_eq!(told, tested, "the page and the test name the same commands, in the same order");
    let session = Vector::of("oauth");
    let mut wrong = Vec::new();
    for ((command, grants), (_, line, holds)) in page.iter().zip(CASES) {
        let line = line.replace("{id}", session.id()).replace("{cookie}", session.cookie());
        let run = with(grants, &line, *holds, &session).await;
        if run.code != Some(0) {
            wrong.push(format!("{command} with {grants:?}: {run:?}"));
        }
        for (n, grant) in grants.iter().enumerate() {
            let (rights, rest) = grant["GRANT ".len()..].split_once(" ON ").expect("rights on something");
            let rights: Vec<&str> = rights.split(", ").collect();
            for lacking in &rights {
                let mut fewer = grants.clone();
                let left: Vec<&str> = rights.iter().copied().filter(|right| right != lacking).collect();
                // An account without any right in a database is not let into it.
                let left = if left.is_empty() { "REFERENCES".to_owned() } else { left.join(", ") };
                fewer[n] = format!("GRANT {left} ON {rest}");
                let run = with(&fewer, &line, *holds, &session).await;
                let said = format!("{}{}", run.stdout, run.stderr);
                let named = said.lines().any(|line| line.contains("GRANT ") && line.contains(lacking));
                if !matches!(run.code, Some(1..=4)) || !named {
                    wrong.push(format!("{command} without {lacking}: {run:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// Runs a command line as an account that has these rights and no other.
async fn with(grants: &[String], line: &str, holds: Holds, session: &Vector) -> Run {
    let db = match holds {
        Holds::Documented => Database::documented().await,
        Holds::Sessions | Holds::Event => Database::migrated().await,
    };
    if matches!(holds, Holds::Sessions) {
        db.row(session.id(), session.data(), 3600).await;
        db.row("2026-01-01T00:00:00Z12345", "x", -86_400).await;
    }
    if matches!(holds, Holds::Event) {
        db.csqlstore(&["event", "install", "--yes"]).success();
    }
    std::fs::write(db.folder.path().join("keys"), session.keys()).expect("a writable folder");
    let user = format!("{}_least", db.name);
    let mut root = db.root("n1").await;
    let made = [format!("CREATE USER '{user}'@'%' IDENTIFIED BY '{}'", db.password)];
    let account = format!("'{user}'@'%'");
    let given = grants.iter().map(|grant| grant.replace("DATABASE", &db.name).replace("ACCOUNT", &account));
    for sql in made.into_iter().chain(given) {
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
    command::run((line, command))
}
