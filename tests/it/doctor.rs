//! `doctor`: the command's frame. Each code has a test of its own in the files beside this one.

use crate::support::Database;
use crate::support::command;
use crate::support::doctor::{codes, findings};

crate::cases! {
    Beside: [
        a_table_as_the_go_package_documents_it_is_a_fault_with_its_mend,
        what_the_fixes_say_makes_it_well,
        only_and_skip_choose_what_is_judged,
        a_fix_is_about_the_table_that_was_asked_about,
        several_causes_are_one_status,
        the_human_report_fits_a_terminal_and_has_each_fix_on_its_own_line,
        explains_every_code_without_a_server,
        a_code_that_is_none_is_refused_with_the_nearest,
        an_account_that_is_refused_everywhere_is_no_matter_of_waiting,
        looks_only,
    ],
}

async fn a_table_as_the_go_package_documents_it_is_a_fault_with_its_mend() {
    let db = Database::documented().await;
    db.row("2026-01-01T00:00:00Z12345", "x", -9 * 24 * 3600).await;
    let run = db.csqlstore(&["doctor", "--format", "json"]).exits(4);
    let answer = run.json();
    assert_eq!(answer["schema_version"], 1);
    for code in ["primary-key-missing", "index-missing", "event-missing", "expired-rows-left"] {
        let found = findings(&answer).into_iter().find(|finding| finding["code"] == code);
        let found = found.unwrap_or_else(|| panic!("{code}: {answer:#}"));
        assert_eq!(found["level"], "error");
        let fix = found["fix"].as_str().expect("a fix");
        assert!(fix.starts_with("csqlstore "), "{fix}");
    }
    let human = db.csqlstore(&["doctor"]).exits(4);
    assert!(human.stdout.contains("csqlstore migrate up") && human.stdout.starts_with("5 errors, 1 note"), "{human:?}");
}

async fn what_the_fixes_say_makes_it_well() {
    let db = Database::documented().await;
    db.row("2026-01-01T00:00:00Z12345", "x", -9 * 24 * 3600).await;
    db.csqlstore(&["migrate", "up", "--yes"]).success();
    db.csqlstore(&["doctor"]).exits(1);
    db.csqlstore(&["purge", "--yes"]).success();
    db.csqlstore(&["event", "install", "--yes"]).success();
    let run = db.csqlstore(&["doctor", "--strict", "--format", "json"]).success();
    assert!(codes(&run.json()).is_empty(), "{run:?}");
    assert_eq!(db.csqlstore(&["doctor"]).success().stdout, "nothing is wrong\n");
}

async fn a_fix_is_about_the_table_that_was_asked_about() {
    let db = Database::empty().await;
    let args = ["doctor", "--table", "other", "--only", "table-missing"];
    let answer = db.csqlstore(&[&args[..], &["--format", "json"]].concat()).exits(4).json();
    assert_eq!(answer["findings"][0]["fix"], "csqlstore --table other migrate up", "{answer}");
    let human = db.csqlstore(&args).exits(4);
    assert!(human.stdout.contains("\n    csqlstore --table other migrate up\n"), "{}", human.stdout);
}

async fn only_and_skip_choose_what_is_judged() {
    let db = Database::documented().await;
    let only = db.csqlstore(&["doctor", "--format", "json", "--only", "event-missing,index-missing"]).exits(4).json();
    assert_eq!(codes(&only), ["index-missing", "event-missing"]);
    let skip = db
        .csqlstore(&["doctor", "--format", "json", "--skip", "primary-key-missing", "--skip", "index-missing"])
        .exits(1)
        .json();
    assert!(codes(&skip).contains(&"event-missing".to_owned()), "{skip}");
    assert!(!codes(&skip).contains(&"index-missing".to_owned()), "{skip}");
}

async fn several_causes_are_one_status() {
    let db = Database::documented().await;
    // No usable node beside a fault that cannot be seen then.
    let nodes = "gone=mysql://u@127.0.0.1:1/d";
    let (line, mut command) = db.command(&["doctor", "--format", "json"]);
    command.env("CSQLSTORE_NODES", nodes);
    let run = command::run((line, command)).exits(3);
    assert_eq!(codes(&run.json()), ["node-down", "no-usable-node"]);
    // A fault beside a node that is down: 4 before 1.
    let (line, mut command) = db.command(&["doctor", "--format", "json"]);
    command.env("CSQLSTORE_NODES", format!("{} {nodes}", db.dsns()));
    let run = command::run((line, command)).exits(4);
    let codes = codes(&run.json());
    assert!(codes.contains(&"node-down".into()) && codes.contains(&"primary-key-missing".into()), "{codes:?}");
}

async fn the_human_report_fits_a_terminal_and_has_each_fix_on_its_own_line() {
    let db = Database::documented().await;
    let answer = db.csqlstore(&["doctor", "--format", "json"]).exits(4).json();
    let human = db.csqlstore(&["doctor"]).exits(4).stdout;
    let mut fixes = Vec::new();
    let mut lines = human.lines();
    while let Some(line) = lines.next() {
        if line.trim() == "fix:" {
            fixes.push(lines.next().expect("a fix").trim().to_owned());
        } else {
            assert!(line.chars().count() <= 80, "{line}");
        }
    }
    let mut expected: Vec<String> =
        findings(&answer).iter().filter_map(|finding| finding["fix"].as_str().map(str::to_owned)).collect();
    assert!(expected.len() >= 3, "{answer}");
    fixes.sort();
    expected.sort();
    assert_eq!(fixes, expected);
    // Grouped, and no heading twice.
    let headings: Vec<&str> = human.lines().filter(|line| *line == "schema" || *line == "cleanup").collect();
    assert_eq!(headings, ["schema", "cleanup"], "{human}");
}

async fn explains_every_code_without_a_server() {
    let folder = tempfile::TempDir::new().expect("a folder for the test");
    // Not even settings are looked at.
    std::fs::write(folder.path().join("csqlstore.toml"), "no = [toml").expect("a writable folder");
    let explain = |args: &[&str]| command::run(command::command(folder.path(), args));
    let list = explain(&["doctor", "--explain", "--format", "json"]).success().json();
    let all: Vec<&str> =
        list["codes"].as_array().expect("a list").iter().filter_map(|of| of["code"].as_str()).collect();
    let known: Vec<&str> = csqlstore::Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(all, known);
    let human = explain(&["doctor", "--explain"]).success().stdout;
    for code in known {
        assert!(human.contains(code), "{code}");
        let page = explain(&["doctor", "--explain", code]).success().stdout;
        let file = format!("{}/docs/findings/{code}.md", env!("CARGO_MANIFEST_DIR"));
        let file = std::fs::read_to_string(file).expect("a page");
        let heading = file.lines().next().and_then(|line| line.strip_prefix("# ")).expect("a heading");
        assert_eq!(page.lines().next(), Some(heading));
        assert!(page.contains("How to mend it"), "{page}");
    }
}

async fn a_code_that_is_none_is_refused_with_the_nearest() {
    let folder = tempfile::TempDir::new().expect("a folder for the test");
    for args in [&["doctor", "--explain", "event-mising"][..], &["doctor", "--skip", "event-mising"]] {
        let run = command::run(command::command(folder.path(), &[args, &["--format", "json"]].concat())).exits(2);
        let hint = run.json_error()["hint"].as_str().expect("a hint").to_owned();
        assert!(hint.contains("`event-missing`"), "{hint}");
    }
}

async fn an_account_that_is_refused_everywhere_is_no_matter_of_waiting() {
    let db = Database::documented().await;
    let (line, mut command) = db.command(&["doctor", "--format", "json"]);
    command.env("CSQLSTORE_NODES", db.dsns().replace(&db.password, "Wrong0Password"));
    let run = command::run((line, command)).exits(2);
    assert!(codes(&run.json()).contains(&"no-usable-node".into()), "{run:?}");
    assert!(!run.stdout.contains("Wrong0Password"), "{run:?}");
}

async fn looks_only() {
    let db = Database::documented().await;
    db.row("2026-01-01T00:00:00+08:0012345", "x", -9 * 24 * 3600).await;
    let state = async || {
        let columns = "SELECT CONCAT(table_name, '.', column_name, ' ', column_key) FROM information_schema.columns WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position";
        let events = "SELECT event_name FROM information_schema.events WHERE event_schema = DATABASE()";
        let rows = "SELECT CONCAT(id, data, expire_on, modify_at) FROM session_cluster";
        [db.column("n1", columns).await, db.column("n1", events).await, db.column("n1", rows).await]
    };
    // What the whole cluster has written, and this database alone: none of it is the doctor's.
    let before = state().await;
    assert_eq!(before[0].len(), 4, "{before:?}");
    std::fs::write(db.folder.path().join("keys"), "raw:some-key").expect("a writable folder");
    db.csqlstore(&["doctor", "--key-file", "keys", "--name", "sid"]).exits(4);
    assert_eq!(state().await, before);
    // An account that may write nothing sees as much.
    let user = format!("{}_ro", db.name);
    let mut root = db.root("n1").await;
    for sql in [
        format!("CREATE USER '{user}'@'%' IDENTIFIED BY '{}'", db.password),
        format!("GRANT SELECT, EVENT ON `{}`.* TO '{user}'@'%'", db.name),
    ] {
        root.execute_unhurried("making an account", &sql, ()).await.expect("root may do that");
    }
    let ours = db.csqlstore(&["doctor", "--skip", "privilege-missing", "--format", "json"]).exits(4).json();
    let (line, mut command) = db.command(&["doctor", "--skip", "privilege-missing", "--format", "json"]);
    command.env("CSQLSTORE_NODES", db.dsns().replace(&format!("//{}:", db.name), &format!("//{user}:")));
    assert_eq!(codes(&command::run((line, command)).exits(4).json()), codes(&ours));
}
