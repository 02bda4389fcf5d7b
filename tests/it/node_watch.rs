//! `csqlstore node watch` on a terminal and without one, while nodes and terminals go away.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::Stdio;
use std::time::{Duration, Instant};

use rustix::process::{Signal, kill_process};
use serde_json::Value;

use crate::support::database::PATIENCE;
use crate::support::pty::Terminal;
use crate::support::{Database, cluster};

crate::cases! {
    Beside: [
        keys_sort_and_quit_and_the_terminal_is_as_before,
        a_signal_gives_the_terminal_back,
        another_size_is_another_screen,
        no_size_is_too_small,
        a_shell_stops_it_and_lets_it_go_on,
        where_no_shell_could_continue_it_it_is_not_stopped,
        a_terminal_that_goes_away_ends_it,
        lines_come_through_a_pipe_and_no_sequence_of_a_terminal,
        each_look_is_a_line_of_json,
        whoever_reads_no_more_ends_it_quietly,
        sessions_are_counted_along_the_index_alone,
        what_cannot_be_watched_is_refused,
    ],
    Alone if Nodes because "they are about a node beside those at work": [
        a_node_that_is_killed_is_down_and_comes_back,
        a_node_that_hangs_holds_no_other_up,
    ],
}

/// The first line where every node is well.
fn well(db: &Database) -> String {
    format!("ok: {} of {} nodes may take sessions", db.writers(), db.nodes().len())
}

/// The first line of the table of nodes begins here.
const FIRST_ROW: &str = "\u{1b}[6;1H\u{1b}[2K";
/// What a terminal is told when it gets its own screen back.
const LEFT: &str = "\u{1b}[?25h\u{1b}[?1049l";

fn watching(db: &Database, args: &[&str]) -> (String, std::process::Command) {
    let (line, mut command) = db.command(&[&["node", "watch"], args].concat());
    command.env("NO_COLOR", "1").env("LANG", "C.UTF-8").env("TERM", "xterm");
    (line, command)
}

async fn keys_sort_and_quit_and_the_terminal_is_as_before() {
    let db = Database::migrated().await;
    // A second name of the same server, so that there is an order.
    let dsns = db.dsns();
    let (_, dsn) = dsns.split_once('=').expect("it has a name");
    let first = dsn.split_whitespace().next().expect("a DSN");
    let (line, mut command) = watching(&db, &[]);
    command.env("CSQLSTORE_NODES", format!("zoe={first} anna={first} mia={first}"));
    let mut terminal = Terminal::start((line, command));
    let edited = terminal.edits_lines();
    terminal.until_it_shows(&format!("{FIRST_ROW}zoe "));
    terminal.press("n");
    terminal.until_it_shows(&format!("{FIRST_ROW}anna "));
    terminal.press("r");
    terminal.until_it_shows(&format!("{FIRST_ROW}zoe "));
    assert!(terminal.shown.contains("sort: name, reversed"), "{}", terminal.shown);
    terminal.press("r");
    terminal.until_it_shows(&format!("{FIRST_ROW}anna "));
    terminal.press("c");
    terminal.until_it_shows("sort: configuration");
    terminal.press("s");
    terminal.until_it_shows("sort: name");
    terminal.press("?");
    terminal.until_it_shows("sort by latency");
    // A key of its own, and no beginning of another one that would swallow the next.
    terminal.press("\u{1b}");
    terminal.until_it_shows("VERDICT");
    assert!(!terminal.edits_lines());
    terminal.press("q");
    assert_eq!(terminal.until_it_ends(), Some(0), "{}", terminal.shown);
    assert!(edited && terminal.edits_lines());
    assert!(terminal.shown.ends_with(LEFT), "{:?}", terminal.shown);
    assert!(!terminal.shown.contains("\u{1b}[32m"), "NO_COLOR is set: {:?}", terminal.shown);
}

async fn a_signal_gives_the_terminal_back() {
    let db = Database::migrated().await;
    for (name, code) in [("Ctrl-C", 130), ("SIGINT", 130), ("SIGTERM", 143)] {
        let mut terminal = Terminal::start(watching(&db, &["--color", "always"]));
        terminal.until_it_shows("may take sessions");
        assert!(!terminal.edits_lines());
        match name {
            "Ctrl-C" => terminal.press("\u{3}"),
            "SIGINT" => kill_process(terminal.pid(), Signal::INT).expect("it runs"),
            _ => kill_process(terminal.pid(), Signal::TERM).expect("it runs"),
        }
        assert_eq!(terminal.until_it_ends(), Some(code), "{name}: {}", terminal.shown);
        assert!(terminal.edits_lines() && terminal.shown.ends_with(LEFT), "{name}: {:?}", terminal.shown);
        assert!(terminal.shown.contains("\u{1b}[32mok\u{1b}[0m"), "colours are asked for: {:?}", terminal.shown);
    }
}

async fn another_size_is_another_screen() {
    let db = Database::migrated().await;
    for own in [true, false] {
        let start = if own { Terminal::start_as_its_own } else { Terminal::start };
        // Nothing but the size makes it draw everything anew.
        let mut terminal = start(watching(&db, &["--interval", "1h"]));
        terminal.until_it_shows("WRITES/S");
        terminal.resize(40, 12);
        terminal.until_it_shows("\u{1b}[12;1H\u{1b}[2Kq quit");
        let screens: Vec<&str> = terminal.shown.split("\u{1b}[H\u{1b}[2J").collect();
        let small = screens.last().expect("one at least");
        assert!(screens.len() > 2, "not drawn anew: {:?}", terminal.shown);
        assert!(small.contains("VERDICT") && !small.contains("WRITES/S"), "{small:?}");
        terminal.resize(200, 50);
        terminal.until_it_shows("\u{1b}[50;1H\u{1b}[2Kq quit");
        terminal.press("q");
        assert_eq!(terminal.end().0, Some(0));
    }
}

async fn no_size_is_too_small() {
    let db = Database::migrated().await;
    let mut terminal = Terminal::start_as_its_own(watching(&db, &["--interval", "1h"]));
    terminal.until_it_shows("WRITES/S");
    for (columns, rows) in [(1, 1), (2, 1), (1, 40), (300, 1), (3, 3), (9, 2)] {
        terminal.resize(columns, rows);
        terminal.until_it_shows("\u{1b}[H\u{1b}[2J");
    }
    // A terminal that does not know its size has the usual one.
    terminal.resize(0, 0);
    terminal.until_it_shows("\u{1b}[24;1H\u{1b}[2Kq quit");
    terminal.press("q");
    assert_eq!(terminal.end().0, Some(0));
}

async fn a_shell_stops_it_and_lets_it_go_on() {
    let db = Database::migrated().await;
    let (_, watch) = watching(&db, &["--interval", "200ms"]);
    let mut shell = std::process::Command::new("bash");
    // No editing of its own: between commands the terminal is as it was.
    shell.args(["--norc", "--noprofile", "--noediting", "-i"]).env_clear().env("PATH", "/usr/bin:/bin");
    shell.env("PS1", "ready> ").envs(watch.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let words = std::iter::once(watch.get_program()).chain(watch.get_args()).filter_map(|word| word.to_str());
    let words: Vec<&str> = words.collect();
    let mut terminal = Terminal::start_as_its_own(("bash".to_owned(), shell));
    terminal.until_it_shows("ready> ");
    assert!(terminal.edits_lines());
    terminal.types(&format!("{}\n", words.join(" ")));
    for stop in 1..=2 {
        terminal.until_it_shows("\u{1b}[?1049h");
        terminal.until_it_shows("may take sessions");
        terminal.press("\u{1a}");
        terminal.until_it_shows(LEFT);
        terminal.until_it_shows("Stopped");
        terminal.until_it_shows("ready> ");
        assert!(terminal.edits_lines(), "stop {stop}: {:?}", terminal.shown);
        terminal.types("fg\n");
    }
    // Everything is drawn anew, and keys are read one by one.
    terminal.until_it_shows("\u{1b}[?1049h");
    terminal.until_it_shows("\u{1b}[H\u{1b}[2J");
    terminal.until_it_shows("may take sessions");
    assert!(!terminal.edits_lines());
    terminal.press("q");
    terminal.until_it_shows(LEFT);
    terminal.until_it_shows("ready> ");
    assert!(terminal.edits_lines());
    terminal.types("exit $?\n");
    assert_eq!(terminal.end().0, Some(0));
}

async fn where_no_shell_could_continue_it_it_is_not_stopped() {
    let db = Database::migrated().await;
    let mut terminal = Terminal::start_as_its_own(watching(&db, &["--interval", "200ms"]));
    terminal.until_it_shows("may take sessions");
    terminal.press("\u{1a}");
    terminal.until_it_shows(LEFT);
    terminal.until_it_shows("\u{1b}[?1049h");
    terminal.until_it_shows("may take sessions");
    terminal.press("q");
    assert_eq!(terminal.end().0, Some(0));
}

async fn a_terminal_that_goes_away_ends_it() {
    let db = Database::migrated().await;
    // With the signal of a terminal that hangs up, and where nothing is left but errors of reading and writing.
    for start in [Terminal::start_as_its_own, Terminal::start] {
        let mut terminal = start(watching(&db, &["--interval", "100ms"]));
        terminal.until_it_shows("may take sessions");
        assert_eq!(terminal.hang_up(), Some(0));
    }
}

async fn lines_come_through_a_pipe_and_no_sequence_of_a_terminal() {
    let db = Database::migrated().await;
    db.until_well().await;
    db.row("gone", "x", -60).await;
    db.row("live", "x", 3600).await;
    db.settled().await;
    let run = db.csqlstore(&["node", "watch", "--count", "3", "--interval", "200ms"]).success();
    let nodes = db.nodes();
    assert!(run.stderr.is_empty() && !run.stdout.contains('\u{1b}'), "{run:?}");
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines.len(), 3 * (1 + nodes.len()), "{}", run.stdout);
    for (round, lines) in lines.chunks(1 + nodes.len()).enumerate() {
        let words: Vec<&str> = lines[0].split(' ').collect();
        assert_eq!(words[1..3], ["cluster", "ok"], "{}", run.stdout);
        assert!(words.contains(&"active=1") && words.contains(&"expired=1"), "{}", run.stdout);
        for (line, node) in lines[1..].iter().zip(&nodes) {
            assert!(line.contains(&format!(" node {node} ok state=")) && line.contains(" latency_ms="), "{line}");
            assert_eq!(line.contains(" writes_per_s="), round > 0, "rates are of two looks: {line}");
        }
    }
    let begin = Instant::now();
    let run = db.csqlstore(&["node", "watch", "--for", "700ms", "--interval", "200ms", "--on", &nodes[0]]).success();
    // How many a busy machine gets done is its own business.
    assert!((2..=8).contains(&run.stdout.lines().count()), "{}", run.stdout);
    assert!(begin.elapsed() < Duration::from_secs(20));
}

async fn each_look_is_a_line_of_json() {
    let db = Database::migrated().await;
    db.until_well().await;
    let run = db.csqlstore(&["node", "watch", "--count", "2", "--interval", "200ms", "--format", "json"]).success();
    let looks: Vec<Value> = run.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(looks.len(), 2, "{}", run.stdout);
    let status = db.csqlstore(&["node", "status", "--format", "json"]).success().json();
    for look in &looks {
        // The same as of a single look, and more.
        for (name, value) in status.as_object().expect("an object") {
            assert_eq!(look[name].is_null(), value.is_null(), "{name}: {look}");
        }
        assert_eq!((&look["schema_version"], &look["verdict"]), (&1.into(), &"ok".into()), "{look}");
        assert_eq!(look["nodes"].as_array().map(Vec::len), Some(db.nodes().len()), "{look}");
        assert!(look["answer_age_s"][&db.nodes()[0]].is_number(), "{look}");
        assert_eq!(look["sessions"]["active_is"], "exact", "{look}");
    }
    assert!(looks[0]["nodes"][0]["load"]["rates"].is_null(), "{}", looks[0]);
    assert!(looks[1]["nodes"][0]["load"]["rates"]["writes_per_s"].is_number(), "{}", looks[1]);
}

async fn whoever_reads_no_more_ends_it_quietly() {
    let db = Database::migrated().await;
    for format in ["human", "json"] {
        let (_, mut command) = db.command(&["node", "watch", "--interval", "100ms", "--format", format]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the command starts");
        let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut line = String::new();
        out.read_line(&mut line).expect("a line");
        drop(out);
        let begin = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().expect("the child is ours") {
                break status;
            }
            if begin.elapsed() > PATIENCE {
                child.kill().expect("it can be ended");
                panic!("it goes on though nobody reads");
            }
            std::thread::sleep(Duration::from_millis(10));
        };
        let mut said = String::new();
        let mut stderr = child.stderr.take().expect("a pipe");
        stderr.read_to_string(&mut said).expect("the command writes UTF-8");
        assert_eq!((status.code(), said.as_str()), (Some(0), ""), "{format}");
    }
}

async fn sessions_are_counted_along_the_index_alone() {
    let db = Database::documented().await;
    db.until_well().await;
    db.row("live", "x", 3600).await;
    db.settled().await;
    let look = |db: &Database| db.csqlstore(&["node", "watch", "--count", "1", "--format", "json"]).success().json();
    let without = look(&db)["sessions"].clone();
    assert!(without["active"].is_null() && without["error"].is_null(), "{without}");
    assert!(without["rows_estimate"].is_number(), "{without}");
    db.csqlstore(&["migrate", "up", "--yes"]).success();
    let with = look(&db)["sessions"].clone();
    assert_eq!(
        (&with["active"], &with["expired"], &with["active_is"]),
        (&1.into(), &0.into(), &"exact".into()),
        "{with}"
    );
    db.execute("n1", "DROP TABLE session_cluster").await;
    db.settled().await;
    let none = db.csqlstore(&["node", "watch", "--count", "1"]).success();
    assert!(!none.stdout.contains("active=") && none.stdout.contains(" ok "), "{}", none.stdout);
}

async fn what_cannot_be_watched_is_refused() {
    let db = Database::empty().await;
    for (args, said) in [
        (&["--interval", "10ms"][..], "the shortest is 100ms"),
        (&["--interval", "soon"], "it is no duration"),
        (&["--count", "0"], "0 is not in 1.."),
        (&["--quiet"], "leaves nothing of a watch"),
        (&["--on", "nobody"], "nobody"),
        (&["--format", "nagios"], "does not speak"),
    ] {
        let run = db.csqlstore(&[&["node", "watch"], args].concat()).exits(2);
        assert!(run.stderr.contains(said) && run.stdout.is_empty(), "{args:?}: {run:?}");
    }
}

async fn a_node_that_is_killed_is_down_and_comes_back() {
    let db = Database::migrated().await;
    db.until_well().await;
    let mut terminal = Terminal::start(watching(&db, &["--interval", "200ms"]));
    terminal.until_it_shows(&well(&db));
    let mut sandbox = cluster::common().sandbox();
    sandbox.kill("n3", |_| ()).await.expect("n3 can be killed");
    terminal.until_it_shows("  Connection refused");
    assert!(terminal.shown.contains("n3    down"), "{}", terminal.shown);
    sandbox.start("n3", |_| ()).await.expect("n3 comes back");
    terminal.until_it_shows(&well(&db));
    let back = terminal.shown.rsplit("n3    down").next().unwrap_or_default();
    assert!(back.contains("n3    ok"), "{}", terminal.shown);
    terminal.press("q");
    assert_eq!(terminal.end().0, Some(0));
    db.until_well().await;
}

async fn a_node_that_hangs_holds_no_other_up() {
    let db = Database::migrated().await;
    db.until_well().await;
    let pid = cluster::common().pid("n3");
    // Its deadline is longer than the test takes: what is seen of the others cannot have waited for it.
    let mut terminal = Terminal::start(watching(&db, &["--interval", "200ms", "--timeout", "10m"]));
    terminal.until_it_shows(&well(&db));
    kill_process(pid, Signal::STOP).expect("n3 is ours");
    let hangs = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        terminal.until_it_shows("it has not answered for");
        terminal.press("n");
        terminal.until_it_shows("sort: name");
        // Its bars go on: they are of looks that come in.
        for _ in 0..3 {
            terminal.until_it_shows("n1    ok");
        }
        terminal.press("q");
        assert_eq!(terminal.until_it_ends(), Some(0), "{}", terminal.shown);
    }));
    kill_process(pid, Signal::CONT).expect("n3 is ours");
    db.until_well().await;
    if let Err(panic) = hangs {
        std::panic::resume_unwind(panic);
    }
    // One that hangs from the beginning costs its deadline, and the others are told by then.
    kill_process(pid, Signal::STOP).expect("n3 is ours");
    let run = db.csqlstore(&["node", "watch", "--count", "1", "--timeout", "1s", "--on", "n3"]);
    kill_process(pid, Signal::CONT).expect("n3 is ours");
    db.until_well().await;
    assert!(run.success().stdout.contains(" node n3 down reason=\"no answer within 1s"));
}
