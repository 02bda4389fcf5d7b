//! `csqlstore node check` in each of its languages, with nodes that are well and nodes that are not.

use std::process::Command;
use std::time::Instant;

use rustix::process::{Signal, kill_process};
use serde_json::Value;

use crate::support::command::{self, Run};
use crate::support::database::PATIENCE;
use crate::support::doctor::{Globals, codes};
use crate::support::engine::engine;
use crate::support::prometheus::promtool;
use crate::support::{Database, cluster, single};

crate::cases! {
    Beside: [
        whatever_goes_wrong_is_unknown_to_nagios_and_said_on_standard_output,
        haproxy_is_told_of_one_node_alone,
    ],
    Beside if MariaDb because "it is about this machine's MariaDB": [
        a_certificate_that_ends_soon_is_a_warning,
    ],
    Alone if Nodes because "a node that is the only one is said by itself": [
        a_cluster_that_is_well_is_ok_in_every_language,
    ],
    Alone: [
        a_threshold_that_is_passed_is_a_warning_that_names_it,
        what_is_expected_and_is_not_so_is_told,
        fewer_than_a_majority_is_critical,
    ],
    Alone if Nodes because "they are about a node beside the one at work": [
        a_killed_node_is_critical_by_itself_and_a_warning_among_others,
        a_node_that_hangs_is_critical_within_its_deadline,
        rates_are_of_the_interval,
    ],
    Alone if Galera because "they turn switches that only Galera has": [
        an_isolated_node_is_critical_by_itself,
        a_node_that_refuses_queries_is_critical_by_itself,
        a_desynced_node_drains,
        a_donor_drains,
        a_read_only_node_is_critical_by_itself,
        a_node_without_its_cluster_is_not_of_the_kind_expected,
        clocks_apart_are_a_warning,
        a_table_that_differs_is_a_warning,
    ],
}

/// Runs a check in a language.
fn check(db: &Database, format: &str, more: &[&str]) -> Run {
    db.csqlstore(&[&["node", "check", "--format", format, "--timeout", "10s"], more].concat())
}

/// Takes a plugin's line apart: the word, the text, and each label with its value and limits.
fn nagios(run: &Run) -> (String, String, Vec<(String, String)>) {
    assert_eq!(run.stdout.lines().count(), 1, "{run:?}");
    let line = run.stdout.trim_end().strip_prefix("CSQLSTORE ").unwrap_or_else(|| panic!("{run:?}"));
    let (word, rest) = line.split_once(" - ").unwrap_or_else(|| panic!("{run:?}"));
    let (text, data) = rest.split_once(" | ").unwrap_or((rest, ""));
    // The guidelines: 'label'=value[UOM];[warn];[crit];[min];[max], each a decimal or, of the ranges, two.
    let range = r"(?:[@~]?-?[0-9.]*:?-?[0-9.]*)";
    let form = format!(r"^'([^'=]+)'=((?:-?[0-9]+(?:\.[0-9]+)?|U)(?:s|%)?(?:;{range}){{0,2}}(?:;-?[0-9.]*){{0,2}})$");
    let form = regex::Regex::new(&form).expect("a pattern");
    let data = data.split(' ').filter(|item| !item.is_empty()).map(|item| {
        let found = form.captures(item).unwrap_or_else(|| panic!("`{item}` is no performance data: {run:?}"));
        (found[1].to_owned(), found[2].to_owned())
    });
    (word.to_owned(), text.to_owned(), data.collect())
}

/// Sees what each language says of one node that takes no new sessions.
fn says(db: &Database, node: &str, (code, word): (i32, &str), reason: &str, haproxy: &str) {
    let run = check(db, "nagios", &["--on", node]).exits(code);
    let (said, text, _) = nagios(&run);
    assert_eq!((said.as_str(), run.stderr.as_str()), (word, ""), "{run:?}");
    assert!(text.starts_with(&format!("{node} is ")) && text.contains(reason), "{text}");
    let run = check(db, "haproxy", &["--on", node]).exits(1);
    assert!(run.stdout.starts_with(haproxy) && run.stdout.lines().count() == 1, "{run:?}");
}

async fn a_cluster_that_is_well_is_ok_in_every_language() {
    let db = Database::migrated().await;
    db.until_well().await;
    let count = db.nodes().len();
    let usable = db.writers();

    let answer = check(&db, "json", &[]).success().json();
    assert_eq!(
        (&answer["check"], &answer["problems"], &answer["verdict"]),
        (&"ok".into(), &Value::Array(vec![]), &"ok".into())
    );
    let human = check(&db, "human", &["--expect-kind", engine().kind()]).success().stdout;
    assert!(human.starts_with(&format!("ok: {usable} of {count} nodes may take sessions")), "{human}");

    let (word, text, data) = nagios(&check(&db, "nagios", &[]).success());
    let kind = engine().kind();
    assert_eq!((word.as_str(), text), ("OK", format!("{usable} of {count} nodes may take sessions ({kind})")));
    let value = |label: &str| data.iter().find(|(of, _)| of == label).map(|(_, value)| value.as_str());
    assert_eq!(value("usable"), Some(&*format!("{usable};;1:;0;{count}")), "{data:?}");
    for label in ["n1_latency", "n1_offset", "n1_connections"] {
        assert!(value(label).is_some(), "{label}: {data:?}");
    }

    let run = check(&db, "haproxy", &["--on", "n1"]).success();
    assert_eq!(run.stdout, "up ready 100%\n");
    let metrics = check(&db, "prometheus", &[]).success().stdout;
    promtool(&metrics);
    let sample = |line: &str| assert!(metrics.lines().any(|of| of == line), "{line}\n{metrics}");
    sample("csqlstore_node_up{cluster=\"default\",node=\"n1\"} 1");
    sample("csqlstore_node_verdict{cluster=\"default\",node=\"n1\",verdict=\"ok\"} 1");
    sample("csqlstore_node_verdict{cluster=\"default\",node=\"n1\",verdict=\"down\"} 0");
    sample("csqlstore_check_status{cluster=\"default\",status=\"ok\"} 1");
    sample(&format!("csqlstore_cluster_usable_nodes{{cluster=\"default\"}} {usable}"));
}

async fn whatever_goes_wrong_is_unknown_to_nagios_and_said_on_standard_output() {
    let db = Database::empty().await;
    let unknown = |run: Run, why: &str| {
        let run = run.exits(3);
        let (word, text, data) = nagios(&run);
        assert_eq!((word.as_str(), data.len(), run.stderr.as_str()), ("UNKNOWN", 0, ""), "{run:?}");
        assert!(text.contains(why), "{text}");
    };
    unknown(check(&db, "nagios", &["--nope"]), "--nope");
    unknown(check(&db, "nagios", &["--expect", "many"]), "many");
    unknown(check(&db, "nagios", &["--max-paused", "101"]), "between 0 and 100");
    unknown(check(&db, "nagios", &["--on", "nowhere"]), "there is no node `nowhere`");
    unknown(db.csqlstore(&["--format=nagios", "node", "check", "--max-lag"]), "--max-lag");
    let run = |args: &[&str], nodes: &str| {
        let (line, mut command) = db.command(args);
        command.env("CSQLSTORE_NODES", nodes);
        command::run((line, command))
    };
    unknown(run(&["node", "check", "--format", "nagios"], ""), "no node");
    unknown(run(&["node", "check", "--format", "nagios", "--config", "no.toml"], ""), "no.toml");
    // Where no plugin speaks, a mistake is what it always is.
    for args in [
        &["node", "check", "--nope"][..],
        &["node", "status", "--format", "nagios"],
        &["key", "check", "--format", "nagios"],
    ] {
        let run = db.csqlstore(args).exits(2);
        assert!(run.stdout.is_empty() && !run.stderr.is_empty(), "{run:?}");
    }
}

async fn haproxy_is_told_of_one_node_alone() {
    let db = Database::empty().await;
    if db.nodes().len() > 1 {
        let run = check(&db, "haproxy", &[]).exits(2);
        assert!(run.stderr.contains("--on") && run.stderr.contains("n1, n2, n3") && run.stdout.is_empty(), "{run:?}");
    }
    // Of the only one there is nobody has to say its name.
    let (line, mut command) = db.command(&["node", "check", "--format", "haproxy", "--timeout", "10s"]);
    command.env("CSQLSTORE_NODES", db.dsns().split(' ').next().expect("a node"));
    let run = command::run((line, command)).success();
    assert!(run.stdout.starts_with("up ready "), "{run:?}");
}

async fn a_killed_node_is_critical_by_itself_and_a_warning_among_others() {
    let db = Database::empty().await;
    db.until_well().await;
    let mut sandbox = cluster::common().sandbox();
    sandbox.kill("n3", |_| ()).await.expect("n3 can be killed");
    says(&db, "n3", (2, "CRITICAL"), "refused", "down #");
    let run = check(&db, "nagios", &["--expect", "3"]);
    let one = check(&db, "nagios", &["--on", "n1"]);
    let metrics = check(&db, "prometheus", &[]).exits(1).stdout;
    sandbox.start("n3", |_| ()).await.expect("n3 comes back");
    db.until_well().await;
    let (word, text, data) = nagios(&run.exits(1));
    assert_eq!(word, "WARNING", "{text}");
    assert!(text.contains("n3 is down: "), "{text}");
    assert!(!data.iter().any(|(label, _)| label.starts_with("n3_")), "{data:?}");
    // The others are well by themselves.
    assert_eq!(nagios(&one.exits(0)).0, "OK");
    promtool(&metrics);
    assert!(metrics.contains("csqlstore_node_up{cluster=\"default\",node=\"n3\"} 0\n"), "{metrics}");
    assert!(metrics.contains("code=\"node-down\",level=\"error\",node=\"n3\"} 1\n"), "{metrics}");
}

async fn a_node_that_hangs_is_critical_within_its_deadline() {
    let db = Database::empty().await;
    db.until_well().await;
    let pid = cluster::common().pid("n3");
    kill_process(pid, Signal::STOP).expect("n3 is ours");
    let begin = Instant::now();
    let run = db.csqlstore(&["node", "check", "--format", "nagios", "--on", "n3", "--timeout", "1s"]);
    let took = begin.elapsed();
    let agent = db.csqlstore(&["node", "check", "--format", "haproxy", "--on", "n3", "--timeout", "1s"]);
    kill_process(pid, Signal::CONT).expect("n3 is ours");
    db.until_well().await;
    let (word, text, _) = nagios(&run.exits(2));
    assert!(word == "CRITICAL" && text.contains("no answer within 1s"), "{text}");
    assert!(took < std::time::Duration::from_secs(3), "{took:?}");
    assert!(agent.exits(1).stdout.starts_with("down #"), "it does not answer");
}

async fn an_isolated_node_is_critical_by_itself() {
    let db = Database::empty().await;
    db.until_well().await;
    let mut sandbox = cluster::common().sandbox();
    sandbox.isolate("n2", |_| ()).await.expect("n2 can be cut off");
    says(
        &db,
        "n2",
        (2, "CRITICAL"),
        "wsrep_cluster_status is non-Primary",
        "down #wsrep_cluster_status is non-Primary",
    );
    let run = check(&db, "nagios", &[]);
    sandbox.heal("n2", |_| ()).await.expect("n2 is let in again");
    db.until_well().await;
    let (word, text, _) = nagios(&run.exits(1));
    assert!(word == "WARNING" && text.starts_with("2 of 3 nodes may take sessions"), "{text}");
    check(&db, "haproxy", &["--on", "n2"]).success();
}

async fn a_node_that_refuses_queries_is_critical_by_itself() {
    let db = Database::empty().await;
    db.until_well().await;
    let globals = Globals::set(&db, &["n2"], "wsrep_reject_queries", "ALL").await;
    says(&db, "n2", (2, "CRITICAL"), "wsrep_reject_queries is ALL", "down #wsrep_reject_queries is ALL");
    drop(globals);
    db.until_well().await;
}

async fn a_read_only_node_is_critical_by_itself() {
    let db = Database::empty().await;
    db.until_well().await;
    let globals = Globals::set(&db, &["n2"], "read_only", "ON").await;
    says(&db, "n2", (2, "CRITICAL"), "read_only is ON", "down #read_only is ON");
    drop(globals);
    db.until_well().await;
}

async fn a_desynced_node_drains() {
    let db = Database::empty().await;
    db.until_well().await;
    let globals = Globals::set(&db, &["n2"], "wsrep_desync", "ON").await;
    says(&db, "n2", (1, "WARNING"), "n2 is draining: wsrep_", "up drain\n");
    drop(globals);
    db.until_well().await;
    assert_eq!(check(&db, "haproxy", &["--on", "n2"]).success().stdout, "up ready 100%\n");
}

async fn a_donor_drains() {
    let db = Database::empty().await;
    db.until_well().await;
    // What a backup does: the node goes on, and leaves the others' writes to wait for later.
    let mut backup = db.root("n2").await;
    backup.execute_unhurried("a backup", "FLUSH TABLES WITH READ LOCK", ()).await.expect("root may do that");
    says(&db, "n2", (1, "WARNING"), "wsrep_local_state is 2 (Donor/Desynced)", "up drain\n");
    let answer = check(&db, "json", &[]).exits(1).json();
    backup.execute_unhurried("the backup's end", "UNLOCK TABLES", ()).await.expect("root may do that");
    backup.close().await;
    db.until_well().await;
    assert_eq!((&answer["check"], &answer["nodes"][1]["verdict"]), (&"warning".into(), &"draining".into()), "{answer}");
}

async fn a_node_without_its_cluster_is_not_of_the_kind_expected() {
    let db = Database::empty().await;
    db.until_well().await;
    let globals = Globals::set(&db, &["n3"], "wsrep_on", "OFF").await;
    let alone = check(&db, "nagios", &["--on", "n3"]);
    let galera = check(&db, "nagios", &["--on", "n3", "--expect-kind", "galera"]);
    drop(globals);
    db.until_well().await;
    assert_eq!(nagios(&alone.success()).0, "OK", "it takes sessions, which nobody else sees");
    let (word, text, _) = nagios(&galera.exits(2));
    assert!(word == "CRITICAL" && text.contains("the kind is standalone, and galera is expected"), "{text}");
}

async fn what_is_expected_and_is_not_so_is_told() {
    let db = Database::empty().await;
    db.until_well().await;
    let count = db.nodes().len();
    let (more, far) = ((count + 1).to_string(), (2 * count).to_string());
    check(&db, "nagios", &["--expect", &count.to_string(), "--expect-kind", engine().kind()]).success();
    let (word, text, data) = nagios(&check(&db, "nagios", &["--expect", &far]).exits(2));
    assert!(word == "CRITICAL" && text.contains(&format!("the size is {count}, and {far} is expected")), "{text}");
    let size = format!("{count};{far}:{far};{}:;0", count + 1);
    assert!(data.contains(&("size".to_owned(), size)), "{data:?}");
    if count > 1 {
        let (word, text, _) = nagios(&check(&db, "nagios", &["--expect", &more]).exits(1));
        assert!(word == "WARNING" && text.contains(&format!("the size is {count}, and {more} is expected")), "{text}");
    }
    let run = check(&db, "human", &["--expect-kind", "replica"]).exits(1);
    assert!(run.stdout.starts_with("critical: ") && run.stdout.contains("replica is expected"), "{run:?}");
}

async fn fewer_than_a_majority_is_critical() {
    let db = Database::empty().await;
    db.until_well().await;
    let (line, mut command) = db.command(&["node", "check", "--format", "nagios", "--timeout", "10s"]);
    let only = db.dsns().split(' ').next().expect("a node").to_owned();
    command.env("CSQLSTORE_NODES", format!("{only} gone=mysql://nobody@127.0.0.1:1/nothing"));
    let run = command::run((line, command)).exits(2);
    let (word, text, _) = nagios(&run);
    assert_eq!(word, "CRITICAL");
    // What makes it critical comes before what is only a part of it.
    assert!(text.find("no majority") < text.find("gone is down") && text.contains("no majority"), "{text}");
}

async fn a_threshold_that_is_passed_is_a_warning_that_names_it() {
    let db = Database::empty().await;
    db.until_well().await;
    // Of three hundred connections one in a hundred is three.
    let mut open = Vec::new();
    for _ in 0..4 {
        open.push(db.root("n1").await);
    }
    for (flag, value, reason) in [
        ("--max-latency", "0s", "the shortest of its answers took"),
        ("--max-connections", "1", "Threads_connected is "),
    ] {
        let run = check(&db, "nagios", &["--on", "n1", flag, value]).exits(1);
        let (word, text, _) = nagios(&run);
        assert!(word == "WARNING" && text.starts_with("n1 is degraded: ") && text.contains(reason), "{text}");
    }
    for connection in open {
        connection.close().await;
    }
    let run = check(&db, "haproxy", &["--on", "n1", "--max-latency", "0s"]).success();
    assert_eq!(run.stdout, "up ready 50%\n");
    let status = db.csqlstore(&["node", "status", "--max-latency", "0s", "--format", "json"]).exits(1).json();
    assert_eq!((&status["verdict"], &status["nodes"][0]["verdict"]), (&"warning".into(), &"degraded".into()));
}

async fn rates_are_of_the_interval() {
    let db = Database::migrated().await;
    db.until_well().await;
    let once = db.csqlstore(&["node", "status", "--interval", "0s", "--format", "json"]).success().json();
    assert_eq!(once["nodes"][0]["load"]["rates"], Value::Null, "{once}");
    let writer = async {
        let mut root = db.connect("n1").await;
        let begin = Instant::now();
        let mut rows = 0;
        while begin.elapsed() < std::time::Duration::from_secs(3) {
            let sql =
                format!("INSERT INTO session_cluster (id, data, expire_on) VALUES ('r{rows}', 'x', UTC_TIMESTAMP())");
            root.execute_unhurried("a writer", &sql, ()).await.expect("it writes");
            rows += 1;
        }
        root.close().await;
        rows
    };
    let (line, command) = db.command(&["node", "status", "--interval", "1s", "--load", "--format", "json"]);
    let mut command = tokio::process::Command::from(command);
    let (rows, output) = tokio::join!(writer, command.output());
    let busy = Run::of(line, output.expect("the command ends")).success().json();
    let rates =
        |answer: &Value, node: usize, rate: &str| answer["nodes"][node]["load"]["rates"][rate].as_f64().unwrap_or(-1.0);
    // It wrote for three seconds, of which one was looked at.
    let most = f64::from(rows);
    assert!((1.0..most).contains(&rates(&busy, 0, "writes_per_s")), "{rows} rows: {busy}");
    if engine() == crate::support::engine::Engine::Galera {
        assert!(rates(&busy, 0, "replicated_per_s") > 1.0 && rates(&busy, 1, "received_per_s") > 1.0, "{busy}");
        assert!((0.0..=100.0).contains(&rates(&busy, 1, "paused_percent")), "{busy}");
        assert!(busy["nodes"][1]["load"]["queue_limit"].as_u64() > Some(0), "{busy}");
        // What was written before is in no rate of now.
        db.settled().await;
        let idle = db.csqlstore(&["node", "status", "--interval", "1s", "--format", "json"]).success().json();
        assert!(rates(&idle, 0, "replicated_per_s") < rates(&busy, 0, "replicated_per_s") / 2.0, "{idle}");
    }
    let interval = rates(&busy, 0, "interval_s");
    assert!((1.0..2.0).contains(&interval), "{interval}");
    let human = db.csqlstore(&["node", "status", "--load"]).success().stdout;
    assert!(human.contains("WRITES/S") && human.contains("CONNECTIONS"), "{human}");
    assert!(human.lines().all(|line| line.chars().count() <= 80), "{human}");
}

async fn clocks_apart_are_a_warning() {
    let db = Database::empty().await;
    db.until_well().await;
    let globals = Globals::set(&db, &["n2"], "init_connect", "'SET timestamp = UNIX_TIMESTAMP() + 20'").await;
    let run = check(&db, "nagios", &[]);
    let lax = check(&db, "nagios", &["--max-clock-offset", "1m"]);
    drop(globals);
    let (word, text, data) = nagios(&run.exits(1));
    assert!(word == "WARNING" && text.contains("the clock of node `n2` is"), "{text}");
    let offset = data.iter().find(|(label, _)| label == "n2_offset").map(|(_, value)| value.as_str());
    assert!(offset.is_some_and(|value| value.contains("s;-1:1")), "{data:?}");
    assert_eq!(nagios(&lax.success()).0, "OK");
}

async fn a_table_that_differs_is_a_warning() {
    let db = Database::migrated().await;
    db.until_well().await;
    let mut root = db.connect("n2").await;
    let mut alone = async |sql: &str| {
        root.execute_unhurried("DDL on one node", sql, ()).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    };
    alone("SET SESSION wsrep_on = OFF").await;
    alone("ALTER TABLE session_cluster DROP INDEX expire_on").await;
    let answer = db.csqlstore(&["node", "status", "--format", "json"]).json();
    let run = check(&db, "nagios", &[]);
    alone("ALTER TABLE session_cluster ADD INDEX expire_on (expire_on)").await;
    assert_eq!(codes(&answer), ["schema-differs"], "{answer}");
    assert_eq!((&answer["findings"][0]["node"], &answer["verdict"]), (&"n2".into(), &"ok".into()), "{answer}");
    let (word, text, _) = nagios(&run.exits(1));
    assert!(
        word == "WARNING" && text.contains("on node `n2` is not what it is on the others: index `expire_on`"),
        "{text}"
    );
    assert!(codes(&db.csqlstore(&["node", "status", "--format", "json"]).success().json()).is_empty());
}

async fn a_certificate_that_ends_soon_is_a_warning() {
    let dir = tempfile::TempDir::new_in("/tmp").expect("a folder for the test");
    let server = single::with_certificate(&dir.path().join("tls")).await;
    let node = server.nodes().remove(0);
    let run = |parameters: &str, args: &[&str]| {
        let (line, mut command) =
            command::command(dir.path(), &[&["node", "check", "--timeout", "10s", "--format"], args].concat());
        command.env("CSQLSTORE_NODES", format!("tls={}{parameters}", node.dsn));
        command::run((line, command))
    };
    let begin = Instant::now();
    let answer = loop {
        let run = run("?ssl-mode=REQUIRED", &["json"]);
        if run.code == Some(0) {
            break run.json();
        }
        assert!(begin.elapsed() < PATIENCE, "{run:?}");
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    };
    // openssl says: notAfter=Nov  5 03:04:05 2036 GMT.
    let output = Command::new("openssl")
        .args(["x509", "-enddate", "-noout", "-in", single::CERTIFICATE])
        .output()
        .expect("openssl");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let until = answer["nodes"][0]["certificate_until"].as_str().unwrap_or_else(|| panic!("{answer}"));
    let year = said.trim_end().trim_end_matches(" GMT").rsplit(' ').next().expect("a year");
    let time = said.split_whitespace().find(|word| word.contains(':')).expect("a time");
    assert!(until.starts_with(year) && until.ends_with(&format!("T{time}Z")), "{until}: {said}");
    let (word, text, data) = nagios(&run("?ssl-mode=REQUIRED", &["nagios", "--min-certificate", "36500d"]).exits(1));
    assert!(word == "WARNING" && text.contains("the certificate of node `tls` ends in "), "{text}");
    let left = data.iter().find(|(label, _)| label == "certificate").map(|(_, value)| value.as_str());
    assert!(left.is_some_and(|value| value.ends_with("s;3153600000:;0:")), "{data:?}");
    // Over a plain connection MariaDB keeps it to itself.
    let answer = run("?ssl-mode=DISABLED", &["json"]).success().json();
    assert_eq!(answer["nodes"][0]["certificate_until"], Value::Null, "{answer}");
}
