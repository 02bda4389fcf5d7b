//! Scans whose node goes in the middle.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStdout, Stdio};
use std::time::Duration;

use crate::cases;
use crate::support::Database;
use crate::support::expiry::{DAY, names};
use crate::support::losing::{hung, killed};
use crate::support::vectors::Vector;

cases! {
    Alone if Writers because "they are about somebody at work on another node": [
        a_scan_goes_on_after_the_last_row_when_its_node_is_killed,
        a_scan_goes_on_after_the_last_row_when_its_node_hangs,
        one_pass_cannot_go_on_elsewhere,
    ],
}

const ROWS: u32 = 60_000;

/// A scan on n2 that has begun, and that nobody reads from now: it is far from its end.
struct Held {
    child: Child,
    stdout: BufReader<ChildStdout>,
    first: String,
}

impl Held {
    async fn on_n2(db: &Database) -> Self {
        db.sessions("s", ROWS, Vector::of("oauth").data(), DAY).await;
        let (_, mut command) = db.command(&["session", "export", "--raw", "--on", "n2"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut first = String::new();
        stdout.read_line(&mut first).unwrap();
        Self { child, stdout, first }
    }

    /// Reads it to its end: its exit status, the ids in their order, and what it said.
    fn end(self) -> (Option<i32>, Vec<String>, String) {
        let Self { mut child, stdout, first } = self;
        let lines = std::iter::once(first).chain(stdout.lines().map(|line| line.unwrap()));
        let ids = lines.map(|line| {
            let row: serde_json::Value = serde_json::from_str(&line).unwrap();
            row["id"].as_str().unwrap().to_owned()
        });
        let ids: Vec<String> = ids.collect();
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        (child.wait().unwrap().code(), ids, said)
    }
}

fn whole((code, ids, said): (Option<i32>, Vec<String>, String)) {
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("going on after the last row"), "{said}");
    assert!(ids.iter().eq(names("s", ROWS).iter()), "{} rows, not each once: {said}", ids.len());
}

async fn a_scan_goes_on_after_the_last_row_when_its_node_is_killed() {
    let db = Database::migrated().await;
    let held = Held::on_n2(&db).await;
    whole(killed("n2", || held.end()).await);
}

async fn a_scan_goes_on_after_the_last_row_when_its_node_hangs() {
    let db = Database::migrated().await;
    let held = Held::on_n2(&db).await;
    let ended = hung(&db, "n2", || {
        // Nobody reads for so long that the scan gives the node up, with as much in its hands as there is room for.
        std::thread::sleep(Duration::from_secs(15));
        held.end()
    });
    whole(ended.await);
}

async fn one_pass_cannot_go_on_elsewhere() {
    let db = Database::documented().await;
    let held = Held::on_n2(&db).await;
    let (code, ids, said) = killed("n2", || held.end()).await;
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains(&format!("the scan broke off after {} rows", ids.len())), "{said}");
    assert!(ids.len() < ROWS as usize, "it was too quick for this test");
}
