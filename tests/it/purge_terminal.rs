//! `csqlstore purge` before somebody who watches: its bar, and Ctrl-C.

use regex::Regex;

use crate::cases;
use crate::support::Database;
use crate::support::expiry::{DAY, count};
use crate::support::pty::Terminal;

cases! {
    Beside: [
        the_bar_has_rows_rate_time_and_what_is_waited_for,
        ctrl_c_ends_it_with_a_report,
    ],
}

const ROWS: u32 = 20_000;

/// Starts a purge on a terminal of its own, which waits for as long as there is a file `pause`.
async fn paused() -> (Database, Terminal) {
    let db = Database::migrated().await;
    db.rows("expired", ROWS, -DAY).await;
    std::fs::write(db.folder.path().join("pause"), "").unwrap();
    let (line, mut command) = db.command(&["purge", "--yes", "--batch", "100", "--pause-file", "pause"]);
    command.env("TERM", "xterm-256color");
    let mut terminal = Terminal::start_as_its_own((line, command));
    terminal.resize(120, 24);
    terminal.until_it_shows("there is a file `pause`");
    (db, terminal)
}

async fn the_bar_has_rows_rate_time_and_what_is_waited_for() {
    let (db, mut terminal) = paused().await;
    assert!(terminal.shown.contains("0/20,000"), "{}", terminal.shown);
    assert_eq!(count(&db, "n1").await, u64::from(ROWS), "nothing goes meanwhile");
    std::fs::remove_file(db.folder.path().join("pause")).unwrap();
    assert_eq!(terminal.until_it_ends(), Some(0), "{}", terminal.shown);
    let moving = Regex::new(r"[1-9][0-9,]*/20,000 [1-9][0-9]*/s [0-9]+[smh]").unwrap();
    assert!(moving.is_match(&terminal.shown), "{}", terminal.shown);
    assert!(terminal.shown.contains("Deleted") && terminal.shown.contains("20000"), "{}", terminal.shown);
    assert_eq!(count(&db, "n1").await, 0);
}

async fn ctrl_c_ends_it_with_a_report() {
    let (db, mut terminal) = paused().await;
    terminal.interrupt();
    assert_eq!(terminal.until_it_ends(), Some(130), "{}", terminal.shown);
    terminal.shown.retain(|c| c != '\u{1b}');
    assert!(terminal.shown.contains("SIGINT: finishing the batch"), "{}", terminal.shown);
    assert!(terminal.shown.contains("0 of 20000 sessions"), "{}", terminal.shown);
    assert_eq!(count(&db, "n1").await, u64::from(ROWS));
    // Somebody else can go on at once.
    std::fs::remove_file(db.folder.path().join("pause")).unwrap();
    db.csqlstore(&["purge", "--yes"]).success();
}
