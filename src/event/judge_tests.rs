//! Verdicts over what nodes can say, without a server.

use super::*;
use crate::Place;
use crate::cluster::{Class, Refusal, Vitals};

const HOUR: Duration = Duration::from_secs(3600);

fn question() -> Question {
    Question { event: Name::of(&Table::default()), or_another: true, table: Table::default() }
}

fn found(status: &str) -> Found {
    let definition = Definition::default();
    Found {
        name: question().event.as_str().to_owned(),
        status: status.to_owned(),
        definer: "app@%".into(),
        body: body(&Table::default(), &definition),
        comment: definition.comment(),
        every: Some(definition.every()),
        time_zone: "+00:00".into(),
        last_executed: None,
    }
}

fn documented() -> Found {
    Found {
        name: "AutoDeleteOldSession".into(),
        status: "SLAVESIDE_DISABLED".into(),
        body: "DELETE LOW_PRIORITY FROM db.session_cluster WHERE expire_on < DATE_SUB(NOW(), INTERVAL 1 HOUR)".into(),
        comment: String::new(),
        time_zone: "SYSTEM".into(),
        ..found("")
    }
}

fn vitals(changes: &[(&str, &str)]) -> Vitals {
    let synced = [
        ("wsrep_on", "ON"),
        ("wsrep_cluster_status", "Primary"),
        ("wsrep_ready", "ON"),
        ("wsrep_local_state", "4"),
        ("event_scheduler", "ON"),
    ];
    Vitals { values: synced.iter().chain(changes).map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect() }
}

fn up(node: &str, changes: &[(&str, &str)], events: Vec<Found>) -> Sight {
    Sight { node: node.into(), seen: Ok(Seen { vitals: vitals(changes), view: View::Events(events), stale: None }) }
}

fn down(node: &str) -> Sight {
    let refusal = Refusal {
        node: node.into(),
        reason: "Connection refused (os error 111)".into(),
        class: Class::Node,
        place: Place::here(),
    };
    Sight { node: node.into(), seen: Err(refusal) }
}

fn denied(node: &str) -> Sight {
    let view = View::Denied { grant: "GRANT EVENT ON `db`.* TO 'a'@'%'".into() };
    Sight { node: node.into(), seen: Ok(Seen { vitals: vitals(&[]), view, stale: None }) }
}

fn codes(report: &Report) -> Vec<&'static str> {
    report.findings.iter().map(|finding| finding.code.as_str()).collect()
}

fn statuses(report: &Report) -> Vec<&str> {
    report.nodes.iter().map(|node| node.status.as_str()).collect()
}

/// Name, what the nodes say, how far behind, then: installed, working, codes.
type Row = (&'static str, Vec<Sight>, Backlog, (bool, bool), &'static [&'static str]);

#[test]
fn every_verdict() {
    let ours = || found("ENABLED");
    let aside = || found("SLAVESIDE_DISABLED");
    let replica = || found("REPLICA_SIDE_DISABLED");
    let rows: Vec<Row> = vec![
        (
            "enabled on one of three",
            vec![up("n1", &[], vec![ours()]), up("n2", &[], vec![aside()]), up("n3", &[], vec![replica()])],
            Backlog::Empty,
            (true, true),
            &[],
        ),
        (
            "rows within the grace",
            vec![up("n1", &[], vec![ours()])],
            Backlog::Oldest(Duration::from_secs(7800)),
            (true, true),
            &[],
        ),
        (
            "rows that should be gone",
            vec![up("n1", &[], vec![ours()])],
            Backlog::Oldest(Duration::from_secs(7801)),
            (true, false),
            &["expired-rows-left"],
        ),
        (
            "missing",
            vec![up("n1", &[], vec![]), up("n2", &[], vec![])],
            Backlog::Empty,
            (false, false),
            &["event-missing"],
        ),
        (
            "disabled everywhere",
            vec![up("n1", &[], vec![found("DISABLED")]), up("n2", &[], vec![aside()])],
            Backlog::Empty,
            (true, false),
            &["event-disabled"],
        ),
        (
            "its node is down",
            vec![down("n1"), up("n2", &[], vec![aside()])],
            Backlog::Empty,
            (true, false),
            &["event-node-down", "node-down"],
        ),
        (
            "another node is down",
            vec![up("n1", &[], vec![ours()]), down("n2")],
            Backlog::Empty,
            (true, true),
            &["node-down"],
        ),
        (
            "its scheduler is off",
            vec![up("n1", &[("event_scheduler", "OFF")], vec![ours()]), up("n2", &[], vec![aside()])],
            Backlog::Empty,
            (true, false),
            &["scheduler-off"],
        ),
        (
            "another node's scheduler is off",
            vec![up("n1", &[], vec![ours()]), up("n2", &[("event_scheduler", "OFF")], vec![aside()])],
            Backlog::Empty,
            (true, true),
            &[],
        ),
        (
            "its node is cut off",
            vec![up("n1", &[("wsrep_cluster_status", "non-Primary")], vec![ours()]), up("n2", &[], vec![aside()])],
            Backlog::Empty,
            (true, false),
            &["event-node-unusable"],
        ),
        (
            "enabled twice",
            vec![up("n1", &[], vec![ours()]), up("n2", &[], vec![ours()])],
            Backlog::Empty,
            (true, true),
            &["event-enabled-twice"],
        ),
        (
            "an account that sees nothing",
            vec![denied("n1"), denied("n2")],
            Backlog::Empty,
            (false, false),
            &["event-unseen"],
        ),
        (
            "the documented one",
            vec![up("n1", &[], vec![documented()]), up("n2", &[], vec![documented()])],
            Backlog::Oldest(HOUR * 100),
            (true, false),
            &["event-documented", "expired-rows-left"],
        ),
        (
            "ours beside the documented one",
            vec![up("n1", &[], vec![documented(), ours()])],
            Backlog::Empty,
            (true, true),
            &[],
        ),
        (
            "the table cannot be read",
            vec![up("n1", &[], vec![ours()])],
            Backlog::Unknown(Refusal {
                node: "n1".into(),
                reason: "no".into(),
                class: Class::Data,
                place: Place::here(),
            }),
            (true, false),
            &["expired-rows-unread"],
        ),
        (
            "a node that cannot catch up",
            vec![
                up("n1", &[], vec![ours()]),
                Sight {
                    seen: up("n2", &[], vec![aside()])
                        .seen
                        .map(|seen| Seen { stale: Some("no answer".into()), ..seen }),
                    node: "n2".into(),
                },
            ],
            Backlog::Empty,
            (true, true),
            &["node-behind"],
        ),
        ("no node answers", vec![down("n1")], Backlog::Empty, (false, false), &["node-down"]),
    ];
    for (name, sights, backlog, (installed, working), expected) in rows {
        let report = judge(&question(), &sights, &backlog);
        assert_eq!((report.installed, report.working), (installed, working), "{name}: {report:#?}");
        assert_eq!(codes(&report), expected, "{name}");
        assert_eq!(report.nodes.len(), sights.len(), "{name}");
    }
}

#[test]
fn cannot_see_is_not_missing() {
    let report = judge(&question(), &[denied("n1"), up("n2", &[], vec![]), down("n3")], &Backlog::Empty);
    assert_eq!(statuses(&report), ["UNSEEN", "MISSING", "UNSEEN"]);
    let unseen = report.findings.iter().find(|finding| finding.code == Code::EventUnseen).expect("a finding");
    assert_eq!(unseen.fix.as_deref(), Some("GRANT EVENT ON `db`.* TO 'a'@'%'"));
}

#[test]
fn a_body_that_somebody_changed_is_noticed() {
    let mut changed = found("ENABLED");
    changed.body = changed.body.replace("UTC_TIMESTAMP()", "NOW()");
    changed.time_zone = "+05:00".into();
    let report = judge(&question(), &[up("n1", &[], vec![changed])], &Backlog::Empty);
    assert_eq!(codes(&report), ["event-drifted", "event-zone"]);
}

#[test]
fn an_event_asked_for_by_name_is_not_answered_with_another() {
    let asked = Question { event: Name::new("mine").unwrap(), or_another: false, table: Table::default() };
    let report = judge(&asked, &[up("n1", &[], vec![documented()])], &Backlog::Empty);
    assert_eq!((report.event.as_str(), statuses(&report)), ("mine", vec!["MISSING"]));
}

#[test]
fn an_event_that_runs_often_is_measured_by_its_own_interval() {
    let often = Definition::new(Duration::from_secs(10), Duration::from_secs(60), 10).unwrap();
    let event = Found {
        body: body(&Table::default(), &often),
        comment: often.comment(),
        every: Some(often.every()),
        ..found("ENABLED")
    };
    for (age, working) in [(75, true), (76, false)] {
        let report =
            judge(&question(), &[up("n1", &[], vec![event.clone()])], &Backlog::Oldest(Duration::from_secs(age)));
        assert_eq!(report.working, working, "{age}");
    }
}

#[test]
fn an_event_of_somebody_else_is_measured_by_its_own_interval() {
    let day = HOUR * 24;
    let foreign = |every| Found { status: "ENABLED".into(), every, ..documented() };
    for (name, every, age, working, expected) in [
        ("daily, within its day", Some(day), HOUR * 5, true, None),
        ("daily, while it may still run", Some(day), day + HOUR / 6, true, None),
        ("daily, past it", Some(day), day + HOUR / 2, false, Some("expired-rows-left")),
        ("hourly: no grace is given", Some(HOUR), HOUR * 2, false, Some("expired-rows-left")),
        ("at an interval that is not known", None, HOUR * 5, false, Some("event-unjudged")),
    ] {
        let report = judge(&question(), &[up("n1", &[], vec![foreign(every)])], &Backlog::Oldest(age));
        assert_eq!(report.working, working, "{name}: {report:#?}");
        let about_rows = |code: &&&str| matches!(**code, "expired-rows-left" | "event-unjudged");
        assert_eq!(codes(&report).iter().find(about_rows).copied(), expected, "{name}");
        assert!(!report.findings.iter().any(|finding| finding.message.contains("every 1h")) || every == Some(HOUR));
    }
    let unknown = judge(&question(), &[up("n1", &[], vec![foreign(None)])], &Backlog::Oldest(HOUR * 5));
    let finding = unknown.findings.iter().find(|finding| finding.code == Code::EventUnjudged).expect("a finding");
    assert!(finding.message.contains("cannot be judged"), "{}", finding.message);
    assert!(judge(&question(), &[up("n1", &[], vec![foreign(None)])], &Backlog::Empty).working);
}
