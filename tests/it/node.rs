//! `csqlstore node status` on the cluster, whole and with nodes taken away.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::support::command::{self, Run};
use crate::support::engine::{Engine, engine};
use crate::support::{Database, cluster, hostile};

crate::cases! {
    Beside: [
        three_nodes_that_are_down_are_critical_and_reported,
        an_account_that_is_refused_is_unusable_and_not_down,
        a_table_of_nodes_fits_a_terminal,
        a_server_over_which_the_driver_panics_costs_only_itself,
        where_each_node_was_refused_is_told_once,
    ],
    Alone if Galera because "they cut a node off or desync it, which only Galera has a switch for": [
        an_isolated_node_is_unusable_and_names_the_variable,
        a_desynced_node_drains_and_a_read_only_one_is_unusable,
        a_node_that_is_cut_off_and_reads_causally_by_default_tells_its_state,
    ],
    Alone if MariaDb because "MySQL does not let an account ask for a plugin that it has not": [
        an_account_that_is_asked_for_in_an_unknown_way_is_unusable_and_waiting_does_not_help,
    ],
    Alone: [
        a_whole_cluster_is_ok,
        fewer_than_a_majority_is_critical,
        the_nodes_that_are_not_taken_count_no_aborted_clients,
        a_node_that_hangs_delays_no_command_that_does_not_need_it,
    ],
    Alone if Nodes because "they are about a node beside the one at work": [
        a_killed_node_is_down,
        a_node_that_hangs_costs_its_deadline_once,
    ],
}

fn status(db: &Database) -> Run {
    db.csqlstore(&["node", "status", "--format", "json"])
}

fn codes(answer: &Value) -> Vec<&str> {
    let findings = answer["findings"].as_array().expect("findings are a list");
    findings.iter().map(|finding| finding["code"].as_str().expect("a code")).collect()
}

fn verdicts(answer: &Value) -> Vec<&str> {
    let nodes = answer["nodes"].as_array().expect("nodes are a list");
    nodes.iter().map(|node| node["verdict"].as_str().expect("a verdict")).collect()
}

/// Runs the command with other nodes than the common ones.
fn with_nodes(db: &Database, nodes: &str, args: &[&str]) -> Run {
    let (line, mut command) = db.command(args);
    command.env("CSQLSTORE_NODES", nodes);
    command::run((line, command))
}

async fn a_whole_cluster_is_ok() {
    let db = Database::empty().await;
    db.until_well().await;
    let answer = status(&db).exits(0).json();
    let count = db.nodes().len();
    assert_eq!((&answer["schema_version"], &answer["kind"]), (&Value::from(1), &Value::from(engine().kind())));
    assert_eq!(
        (&answer["verdict"], &answer["size"], &answer["expected"]),
        (&"ok".into(), &count.into(), &count.into())
    );
    assert_eq!(codes(&answer), [] as [&str; 0]);
    for (i, name) in db.nodes().iter().enumerate() {
        let node = &answer["nodes"][i];
        assert_eq!(node["name"], *name);
        assert!(node["address"].as_str().is_some_and(|address| address.starts_with("127.0.0.1:")), "{node}");
        let usable = engine().writable(name) == name;
        assert_eq!((&node["verdict"], &node["usable"], &node["reason"]), (&"ok".into(), &usable.into(), &Value::Null));
        let state = match engine() {
            Engine::Galera => "Synced",
            Engine::MySql => "running",
            Engine::Group if !usable => "SECONDARY",
            Engine::Group | Engine::Primaries => "PRIMARY",
        };
        assert_eq!(node["state"], state);
        let galera = engine() == Engine::Galera;
        assert!(node["version"].as_str().is_some_and(|version| version.contains("MariaDB") == galera), "{node}");
        assert!(node["latency_ms"].as_f64().is_some_and(|ms| ms > 0.0 && ms < 1000.0), "{node}");
        // The servers' clock is this machine's own.
        let uncertainty = node["clock_uncertainty_ms"].as_f64().expect("a number");
        assert!(node["clock_offset_ms"].as_f64().is_some_and(|ms| ms.abs() <= uncertainty + 5.0), "{node}");
    }
}

async fn a_table_of_nodes_fits_a_terminal() {
    let db = Database::empty().await;
    let run = db.csqlstore(&["node", "status"]);
    assert!(run.stdout.lines().all(|line| line.chars().count() <= 80), "{}", run.stdout);
    let nodes = db.nodes();
    for word in ["nodes may take sessions", "NODE", "VERDICT"].into_iter().chain(nodes.iter().map(String::as_str)) {
        assert!(run.stdout.contains(word), "{}", run.stdout);
    }
}

async fn three_nodes_that_are_down_are_critical_and_reported() {
    let db = Database::empty().await;
    // Ports of our own that nobody listens on any more.
    let ports: Vec<u16> = (0..3)
        .map(|_| {
            TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port").port()
        })
        .collect();
    let nodes: Vec<String> = ports.iter().map(|port| format!("mysql://nobody@127.0.0.1:{port}/nothing")).collect();
    let run = with_nodes(&db, &nodes.join(" "), &["node", "status", "--format", "json"]).exits(1);
    let answer = run.json();
    assert_eq!(
        (&answer["verdict"], &answer["kind"], &answer["expected"]),
        (&"critical".into(), &Value::Null, &3.into())
    );
    assert_eq!(verdicts(&answer), ["down"; 3]);
    assert_eq!(codes(&answer), ["node-down", "node-down", "node-down", "no-usable-node"]);
    assert_eq!(answer["nodes"][0]["name"], format!("127.0.0.1:{}", ports[0]));
    let run = with_nodes(&db, &nodes.join(" "), &["node", "status"]).exits(1);
    assert!(run.stdout.starts_with("critical: 0 of 3 nodes may take sessions"), "{run:?}");
    assert_eq!(run.stderr, "");
}

async fn an_account_that_is_refused_is_unusable_and_not_down() {
    let db = Database::empty().await;
    let wrong = db.dsns().replace(&db.password, "Wrong0Password");
    let run = with_nodes(&db, &wrong, &["node", "status", "--format", "json"]).exits(1);
    let answer = run.json();
    assert_eq!(verdicts(&answer), vec!["unusable"; db.nodes().len()], "{answer}");
    assert!(answer["nodes"][0]["reason"].as_str().is_some_and(|reason| reason.contains("(1045)")), "{answer}");
    assert!(!run.stdout.contains("Wrong0Password"));
}

async fn a_server_over_which_the_driver_panics_costs_only_itself() {
    let db = Database::empty().await;
    // Full authentication, and a public key that is none.
    let port = hostile::server(&[b"\x01\x04", b"\x01Planted, and no PEM"]);
    let nodes = format!("odd=mysql://u:p@127.0.0.1:{port}/d {}", db.dsns());
    let run = with_nodes(&db, &nodes, &["node", "status", "--format", "json"]).exits(1);
    let answer = run.json();
    assert_eq!(verdicts(&answer)[0], "unusable", "{answer}");
    assert_eq!(verdicts(&answer).len(), 1 + db.nodes().len(), "{answer}");
    let reason = "the other side does not speak the MySQL protocol as expected";
    assert_eq!(answer["nodes"][0]["reason"], reason);
    assert_eq!(run.stderr, "", "nobody is told of a bug");
    assert!(!run.stdout.contains("Planted"), "{run:?}");
    // Where it is the only one, a command that needs a node says so and ends as it should.
    let alone = format!("odd=mysql://u:p@127.0.0.1:{port}/d");
    let run = with_nodes(&db, &alone, &["migrate", "status"]).exits(3);
    assert!(run.stderr.contains(reason) && !run.stderr.contains("bug"), "{run:?}");
}

async fn where_each_node_was_refused_is_told_once() {
    let db = Database::empty().await;
    let wrong = db.dsns().replace(&db.password, "Wrong0Password");
    let run = with_nodes(&db, &wrong, &["migrate", "status", "-vv"]).exits(2);
    let places: Vec<(&str, &str)> = run
        .stderr
        .lines()
        .filter_map(|line| line.trim().split_once(" at "))
        .filter(|(_, at)| at.starts_with("src/"))
        .collect();
    let what: Vec<&str> = places.iter().map(|(what, _)| *what).collect();
    let count = db.nodes().len();
    assert_eq!(what, [&vec!["refused"; count][..], &["made"]].concat(), "{run:?}");
    assert!(places[..count].iter().all(|(_, at)| at.starts_with("src/cluster/node.rs:")), "{run:?}");
    assert!(places[count].1.starts_with("src/bin/csqlstore/commands/migrate.rs:"), "{run:?}");
}

async fn a_killed_node_is_down() {
    let db = Database::empty().await;
    db.until_well().await;
    let mut sandbox = cluster::common().sandbox();
    sandbox.kill("n3", |_| ()).await.expect("n3 can be killed");
    let begin = Instant::now();
    let run = db.csqlstore(&["node", "status", "--format", "json", "--timeout", "1m"]);
    let took = begin.elapsed();
    let one = |node| db.csqlstore(&["node", "status", "--on", node, "--format", "json"]);
    let (well, down) = (one("n1"), one("n3"));
    // By the sandbox's own configuration it is known whose node it is.
    let config = sandbox.config();
    let (line, mut command) = db.command(&["--config", config.to_str().unwrap(), "node", "status", "--on", "n3"]);
    command.env_remove("CSQLSTORE_NODES");
    let kept = command::run((line, command));
    sandbox.start("n3", |_| ()).await.expect("n3 comes back");
    db.until_well().await;
    let fix = format!("    csqlstore sandbox start n3 --dir {}\n", sandbox.dir().display());
    assert!(kept.stdout.contains(&fix), "{kept:?}");
    // One alone is judged by itself, whatever is the matter with the others.
    let well = well.exits(0).json();
    assert_eq!((verdicts(&well), codes(&well)), (vec!["ok"], vec![]), "{well}");
    let down = down.exits(1).json();
    assert_eq!((verdicts(&down), codes(&down)), (vec!["down"], vec!["node-down"]), "{down}");
    let answer = run.exits(1).json();
    assert_eq!(verdicts(&answer)[2], "down", "{answer}");
    assert_eq!(answer["nodes"][2]["usable"], false);
    assert!(answer["nodes"][2]["reason"].as_str().is_some_and(|reason| reason.contains("refused")), "{answer}");
    assert!(codes(&answer).contains(&"node-down"));
    assert!(took < Duration::from_secs(30), "a refused connection is final: {took:?}");
}

async fn an_isolated_node_is_unusable_and_names_the_variable() {
    let db = Database::empty().await;
    db.until_well().await;
    let mut sandbox = cluster::common().sandbox();
    sandbox.isolate("n2", |_| ()).await.expect("n2 can be cut off");
    let run = status(&db);
    sandbox.heal("n2", |_| ()).await.expect("n2 is let in again");
    db.until_well().await;
    let answer = run.exits(1).json();
    assert_eq!((&answer["verdict"], &answer["size"]), (&"warning".into(), &2.into()), "{answer}");
    assert_eq!(verdicts(&answer), ["ok", "unusable", "ok"]);
    assert_eq!(answer["nodes"][1]["reason"], "wsrep_cluster_status is non-Primary");
    assert_eq!(codes(&answer), ["node-unusable", "size-differs"]);
}

async fn a_node_that_hangs_costs_its_deadline_once() {
    let db = Database::empty().await;
    db.until_well().await;
    let nodes = cluster::common().sandbox().nodes();
    let pid = nodes[0].pid.and_then(|pid| Pid::from_raw(pid.cast_signed())).expect("n1 runs");
    kill_process(pid, Signal::STOP).expect("n1 is ours");
    let begin = Instant::now();
    let run = db.csqlstore(&["node", "status", "--format", "json", "--timeout", "1s"]);
    let took = begin.elapsed();
    let event = db.csqlstore(&["event", "status", "--format", "json", "--timeout", "1s"]);
    let event_took = begin.elapsed() - took;
    kill_process(pid, Signal::CONT).expect("n1 is ours");
    db.until_well().await;
    let answer = run.exits(1).json();
    assert_eq!(verdicts(&answer)[0], "down", "{answer}");
    assert!(answer["nodes"][0]["reason"].as_str().is_some_and(|r| r.contains("no answer within 1s")), "{answer}");
    assert!((Duration::from_secs(1)..Duration::from_secs(2)).contains(&took), "{took:?}");
    // The other two wait for n1 before they answer a causal read, and are asked again without.
    let event = event.exits(1).json();
    let said: Vec<&Value> = (0..3).map(|i| &event["nodes"][i]["status"]).collect();
    assert_eq!(said, ["UNSEEN", "MISSING", "MISSING"], "{event}");
    // Of a group, it depends on how far the members were in agreeing on it.
    if engine() == Engine::Galera {
        assert!(codes(&event).contains(&"node-behind"), "{event}");
    }
    assert!(event_took < Duration::from_secs(4), "{event_took:?}");
}

async fn a_desynced_node_drains_and_a_read_only_one_is_unusable() {
    let db = Database::empty().await;
    db.until_well().await;
    db.execute("n2", "SET GLOBAL wsrep_desync = ON").await;
    db.execute("n3", "SET GLOBAL read_only = ON").await;
    let run = status(&db);
    db.execute("n2", "SET GLOBAL wsrep_desync = OFF").await;
    db.execute("n3", "SET GLOBAL read_only = OFF").await;
    db.until_well().await;
    let answer = run.exits(1).json();
    assert_eq!(verdicts(&answer), ["ok", "draining", "unusable"], "{answer}");
    assert_eq!(answer["nodes"][2]["reason"], "read_only is ON");
    // One of three may take sessions.
    assert_eq!(answer["verdict"], "critical");
    assert!(codes(&answer).contains(&"no-majority"));
}

async fn fewer_than_a_majority_is_critical() {
    let db = Database::empty().await;
    db.until_well().await;
    let gone = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port").port();
    let only = db.dsns().split(' ').next().expect("a node").to_owned();
    let nodes = format!("{only} mysql://nobody@127.0.0.1:{gone}/nothing");
    let answer = with_nodes(&db, &nodes, &["node", "status", "--format", "json"]).exits(1).json();
    assert_eq!((&answer["verdict"], &answer["expected"]), (&"critical".into(), &2.into()), "{answer}");
    assert!(codes(&answer).contains(&"no-majority"), "{answer}");
}

async fn an_account_that_is_asked_for_in_an_unknown_way_is_unusable_and_waiting_does_not_help() {
    let db = Database::empty().await;
    let mut root = db.root("n1").await;
    let mut run = async |sql: &str| {
        root.execute_unhurried("a test's statement", sql, ()).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    };
    let user = format!("{}_pam", db.name);
    // On this node alone: the others have no such plugin.
    run("SET SESSION wsrep_on = OFF").await;
    run("INSTALL SONAME 'auth_pam'").await;
    run(&format!("CREATE USER '{user}'@'%' IDENTIFIED VIA pam")).await;
    let node = format!("n1=mysql://{user}:Planted0Secret@127.0.0.1:{}/x", cluster::common().nodes[0].port);
    let status = with_nodes(&db, &node, &["node", "status", "--format", "json"]);
    let migrate = with_nodes(&db, &node, &["migrate", "status"]);
    run(&format!("DROP USER '{user}'@'%'")).await;
    run("UNINSTALL SONAME 'auth_pam'").await;
    let answer = status.exits(1).json();
    assert_eq!(verdicts(&answer), ["unusable"], "{answer}");
    let reason = "the server asks for the authentication plugin `dialog`, which this program does not have";
    assert_eq!(answer["nodes"][0]["reason"], reason);
    let run = migrate.exits(2);
    assert!(run.stderr.contains(reason) && !run.stderr.contains("Planted"), "{run:?}");
}

/// Connections that the nodes count as given up by their client, or never finished.
async fn aborted(db: &Database) -> u64 {
    let mut sum = 0;
    for node in db.nodes() {
        let mut root = db.root(&node).await;
        let sql = "SHOW GLOBAL STATUS LIKE 'Aborted\\_c%'";
        let counts: Vec<(String, String)> = root.rows("counting", sql, ()).await.expect("root may see that");
        assert!(counts.len() >= 2, "{counts:?}");
        sum += counts.iter().map(|(_, count)| count.parse::<u64>().expect("a number")).sum::<u64>();
        root.close().await;
    }
    sum
}

async fn the_nodes_that_are_not_taken_count_no_aborted_clients() {
    let db = Database::migrated().await;
    db.until_well().await;
    let before = aborted(&db).await;
    for _ in 0..15 {
        db.csqlstore(&["migrate", "status"]).success();
        db.csqlstore(&["node", "status"]).success();
    }
    // A client that has just gone is counted a moment later.
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(aborted(&db).await, before);
}

async fn a_node_that_hangs_delays_no_command_that_does_not_need_it() {
    let db = Database::migrated().await;
    db.until_well().await;
    let begin = Instant::now();
    db.csqlstore(&["migrate", "status", "--timeout", "5s"]).success();
    let usual = begin.elapsed();
    // One that takes connections and never greets; that a server stands still would hold the others' answers up too.
    let hangs = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = hangs.local_addr().expect("it listens").port();
    let nodes = format!("{} hangs=mysql://u@127.0.0.1:{port}/d", db.dsns());
    let begin = Instant::now();
    with_nodes(&db, &nodes, &["migrate", "status", "--timeout", "5s"]).success();
    let took = begin.elapsed();
    assert!(took < usual + Duration::from_millis(500), "{took:?}, {usual:?} without it");
}

async fn a_node_that_is_cut_off_and_reads_causally_by_default_tells_its_state() {
    let db = Database::empty().await;
    db.until_well().await;
    db.execute("n2", "SET GLOBAL wsrep_sync_wait = 15").await;
    let mut sandbox = cluster::common().sandbox();
    sandbox.isolate("n2", |_| ()).await.expect("n2 can be cut off");
    let run = status(&db);
    sandbox.heal("n2", |_| ()).await.expect("n2 is let in again");
    db.execute("n2", "SET GLOBAL wsrep_sync_wait = 0").await;
    db.until_well().await;
    let answer = run.exits(1).json();
    assert_eq!(answer["nodes"][1]["reason"], "wsrep_cluster_status is non-Primary", "{answer}");
}
