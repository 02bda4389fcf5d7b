//! `csqlstore node wait`: until nodes are as they should be, or the time is over.

use std::time::{Duration, Instant};

use crate::support::command;
use crate::support::doctor::Globals;
use crate::support::{Database, cluster};

crate::cases! {
    Beside: [
        what_cannot_be_waited_for_is_refused,
        a_wait_that_is_over_says_what_was_missing,
        a_node_that_hangs_does_not_make_the_wait_longer,
    ],
    Alone: [
        what_holds_already_is_not_waited_for,
    ],
    Alone if Nodes because "they are about a node beside the one at work": [
        a_node_that_comes_back_ends_the_wait,
    ],
    Alone if Galera because "it turns a switch that only Galera has": [
        a_node_that_is_synced_again_ends_the_wait,
    ],
}

async fn what_cannot_be_waited_for_is_refused() {
    let db = Database::empty().await;
    for what in ["nothing", "size", "size=0", "size=x"] {
        let run = db.csqlstore(&["node", "wait", "--for", what]).exits(2);
        assert!(run.stderr.contains("`size=N`"), "{run:?}");
    }
    db.csqlstore(&["node", "wait"]).exits(2);
    db.csqlstore(&["node", "wait", "--for", "usable", "--on", "nowhere"]).exits(2);
    db.csqlstore(&["node", "wait", "--for", "usable", "--format", "nagios"]).exits(2);
}

async fn what_holds_already_is_not_waited_for() {
    let db = Database::empty().await;
    db.until_well().await;
    let size = format!("size={}", db.nodes().len());
    for what in ["usable", "synced", &size] {
        let answer = db.csqlstore(&["node", "wait", "--for", what, "--format", "json"]).success().json();
        assert_eq!((&answer["for"], &answer["holds"]), (&what.into(), &true.into()), "{answer}");
        assert!(answer["missing"].is_null() && answer["nodes"].is_array(), "{answer}");
    }
    let human = db.csqlstore(&["node", "wait", "--for", "usable", "--on", "n1"]).success().stdout;
    assert!(human.starts_with("usable after ") && human.contains("n1"), "{human}");
}

async fn a_wait_that_is_over_says_what_was_missing() {
    let db = Database::empty().await;
    let run = db.csqlstore(&["node", "wait", "--for", "size=9", "--max-time", "600ms", "--format", "json"]).exits(3);
    let answer = run.json();
    assert_eq!(answer["holds"], false, "{answer}");
    assert!(answer["waited_s"].as_f64() >= Some(0.6), "{answer}");
    // A wrong password may still be set right.
    let (line, mut command) = db.command(&["node", "wait", "--for", "usable", "--max-time", "600ms"]);
    command.env("CSQLSTORE_NODES", db.dsns().replace(&db.password, "Wrong0Password"));
    let run = command::run((line, command)).exits(3);
    assert!(run.stdout.starts_with("not usable after ") && run.stdout.contains("(1045)"), "{run:?}");
    assert!(!run.stdout.contains("Wrong0Password"), "{run:?}");
}

async fn a_node_that_hangs_does_not_make_the_wait_longer() {
    let db = Database::empty().await;
    let hangs = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = hangs.local_addr().expect("it listens").port();
    let (line, mut command) =
        db.command(&["node", "wait", "--for", "usable", "--max-time", "500ms", "--timeout", "20s"]);
    command.env("CSQLSTORE_NODES", format!("hangs=mysql://u@127.0.0.1:{port}/d"));
    let begin = Instant::now();
    let run = command::run((line, command)).exits(3);
    assert!(begin.elapsed() < Duration::from_secs(10), "{:?}", begin.elapsed());
    assert!(run.stderr.contains("no look at the nodes came to an end"), "{run:?}");
}

async fn a_node_that_comes_back_ends_the_wait() {
    let db = Database::empty().await;
    db.until_well().await;
    let mut sandbox = cluster::common().sandbox();
    sandbox.kill("n3", |_| ()).await.expect("n3 can be killed");
    let mut wait = db.start(&["node", "wait", "--for", "synced", "--max-time", "2m", "-v", "--format", "json"]);
    wait.until_it_says("waiting: n3 is down");
    sandbox.start("n3", |_| ()).await.expect("n3 comes back");
    let answer = wait.end().success().json();
    assert_eq!((&answer["holds"], &answer["nodes"][2]["verdict"]), (&true.into(), &"ok".into()), "{answer}");
    db.until_well().await;
}

async fn a_node_that_is_synced_again_ends_the_wait() {
    let db = Database::empty().await;
    db.until_well().await;
    let globals = Globals::set(&db, &["n2"], "wsrep_desync", "ON").await;
    // The others are well, and it is about this one.
    db.csqlstore(&["node", "wait", "--for", "synced", "--on", "n1"]).success();
    db.csqlstore(&["node", "wait", "--for", "synced", "--on", "n2", "--max-time", "300ms"]).exits(3);
    let mut wait = db.start(&["node", "wait", "--for", "synced", "--on", "n2", "--max-time", "2m", "-v"]);
    wait.until_it_says("n2 is draining");
    drop(globals);
    let run = wait.end().success();
    assert!(run.stdout.starts_with("synced after "), "{run:?}");
    db.until_well().await;
}
