//! A source and its replica, two real servers: how the replica is judged, and when it follows no more.

use serde_json::Value;

use crate::support::doctor::codes;
use crate::support::replica::{self, Pair};

crate::cases! {
    Beside if MariaDb because "it is about this machine's MariaDB": [
        a_replica_is_well_behind_or_stopped_and_its_source_goes_on,
    ],
}

async fn a_replica_is_well_behind_or_stopped_and_its_source_goes_on() {
    let pair = Pair::new().await;

    // The account cannot see that it is one: a server that is read-only, for whatever reason.
    let answer = pair.until(&[], |node| node["verdict"] == "unusable").await;
    assert_eq!((&answer["kind"], &answer["verdict"]), (&"standalone".into(), &"warning".into()));
    let reason = answer["nodes"][1]["reason"].as_str().unwrap_or_default();
    assert!(reason.starts_with("read_only is ON, and ") && reason.contains(": GRANT SLAVE MONITOR ON "), "{answer}");
    let hidden = answer["findings"].as_array().and_then(|all| all.iter().find(|of| of["code"] == "privilege-missing"));
    let hidden = hidden.unwrap_or_else(|| panic!("{answer}"));
    assert_eq!((&hidden["node"], &hidden["level"]), (&"replica".into(), &"note".into()));
    pair.on_replica(hidden["fix"].as_str().expect("a GRANT")).await;

    let answer = pair.until(&[], |node| node["verdict"] == "ok").await;
    let (source, replica) = (&answer["nodes"][0], &answer["nodes"][1]);
    assert_eq!((&answer["kind"], &answer["verdict"], &answer["size"]), (&"replica".into(), &"ok".into(), &2.into()));
    assert_eq!(
        (&source["usable"], &source["state"], &source["lag_s"]),
        (&true.into(), &"running".into(), &Value::Null)
    );
    assert_eq!(
        (&replica["usable"], &replica["state"], &replica["lag_s"]),
        (&false.into(), &"replica".into(), &0.into())
    );
    assert_eq!(replica["sources"][0], format!("127.0.0.1:{}", pair.source.nodes()[0].port));
    assert!(codes(&answer).is_empty(), "{answer}");
    pair.run(&["node", "status"]).success();
    pair.run(&["node", "check", "--format", "nagios", "--expect-kind", "replica"]).success();
    // It is well, and nothing to send sessions to.
    let agent = pair.run(&["node", "check", "--format", "haproxy", "--on", "replica"]).exits(1);
    assert_eq!(agent.stdout, "down #replica takes no sessions\n");

    // One that takes writes keeps them to itself.
    pair.on_replica("SET GLOBAL read_only = OFF").await;
    let answer = pair.run(&["node", "status", "--format", "json"]).success().json();
    assert_eq!(codes(&answer), ["replica-writable"], "{answer}");
    let finding = &answer["findings"][0];
    assert_eq!((&finding["node"], &finding["level"]), (&"replica".into(), &"warning".into()));
    pair.run(&["node", "check", "--format", "nagios"]).exits(1);
    let fix = finding["fix"].as_str().and_then(|fix| fix.split("; --").next()).expect("a statement");
    pair.on_replica(fix).await;
    assert!(codes(&pair.run(&["node", "status", "--format", "json"]).success().json()).is_empty());

    // Stopped: its lag is NULL, and what it shows gets old. Sessions go on at the source.
    pair.on_replica("STOP SLAVE SQL_THREAD").await;
    let answer = pair.until(&[], |node| node["verdict"] != "ok").await;
    let replica = &answer["nodes"][1];
    assert_eq!(
        (&replica["verdict"], &replica["reason"], &replica["lag_s"]),
        (&"unusable".into(), &"Slave_SQL_Running is No".into(), &Value::Null)
    );
    assert_eq!((&answer["verdict"], codes(&answer)), (&"warning".into(), vec!["node-unusable".to_owned()]), "{answer}");
    let run = pair.run(&["node", "check", "--format", "nagios", "--on", "replica"]).exits(2);
    assert!(run.stdout.contains("Slave_SQL_Running is No") && run.stdout.contains("'lag'=U;10"), "{run:?}");
    pair.run(&["node", "check", "--format", "nagios"]).exits(1);
    pair.on_replica(answer["findings"][0]["fix"].as_str().expect("a statement")).await;
    pair.until(&[], |node| node["verdict"] == "ok").await;

    // Behind: it applies an hour later, and by then it has seconds to go.
    for sql in ["STOP SLAVE", "CHANGE MASTER TO MASTER_DELAY = 3600", "START SLAVE"] {
        pair.on_replica(sql).await;
    }
    let mut root = Pair::root(&pair.source).await;
    replica::does(&mut root, "CREATE TABLE sessions.later (a INT PRIMARY KEY)").await;
    root.close().await;
    let answer = pair.until(&["--max-lag", "1s"], |node| node["verdict"] == "degraded").await;
    let replica = &answer["nodes"][1];
    assert!(
        replica["reason"].as_str().is_some_and(|reason| reason.starts_with("Seconds_Behind_Master is ")),
        "{replica}"
    );
    assert!(replica["lag_s"].as_u64() > Some(1), "{replica}");
    let lag = ["node", "check", "--format", "nagios", "--on", "replica", "--max-lag"];
    let run = pair.run(&[&lag[..], &["1s"]].concat()).exits(1);
    assert!(run.stdout.starts_with("CSQLSTORE WARNING - replica is degraded: Seconds_Behind_Master is "), "{run:?}");
    pair.run(&[&lag[..], &["1h"]].concat()).success();
    // What cannot be fetched is no less a stop.
    let mut root = Pair::root(&pair.source).await;
    replica::does(&mut root, "DROP USER 'repl'@'127.0.0.1'").await;
    root.close().await;
    pair.on_replica("STOP SLAVE IO_THREAD").await;
    pair.on_replica("START SLAVE IO_THREAD").await;
    let answer = pair.until(&[], |node| node["verdict"] == "unusable").await;
    let reason = answer["nodes"][1]["reason"].as_str().unwrap_or_default();
    assert!(reason.starts_with("Slave_IO_Running is "), "{answer}");
}
