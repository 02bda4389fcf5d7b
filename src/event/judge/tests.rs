//! Verdicts over what nodes can say, without a server.

use super::*;
use crate::Place;
use crate::cluster::{Class, Refusal, Vitals};
use crate::event::body;

const HOUR: Duration = Duration::from_secs(3600);

fn question() -> Question {
    Question { event: Name::of(&Table::default()), instead: Instead::Event, table: Table::default() }
}

fn found(status: &str) -> Found {
    let definition = Definition::default();
    Found {
        name: question().event.as_str().to_owned(),
        status: status.to_owned(),
        definer: "app@%".into(),
        definer_there: Some(true),
        body: body(&question().event, &Table::default(), &definition),
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
    let values = synced.iter().chain(changes).map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    Vitals { values, group: None }
}

fn up(node: &str, changes: &[(&str, &str)], events: Vec<Found>) -> Sight {
    Sight { node: node.into(), seen: Ok(seen(changes, View::Events(events))) }
}

fn seen(changes: &[(&str, &str)], view: View) -> Seen {
    Seen { vitals: vitals(changes), server: "db1:3306".into(), account: "app@%".into(), view, stale: None }
}

/// What a cluster says on which an event runs as it should.
fn standing() -> Standing {
    let record = Record::Known { last: None, holder: None, purged: None };
    Standing { record, now: Some(at("12:00:00")), account: "app@%".into(), lacking: Vec::new() }
}

fn at(time: &str) -> jiff::Timestamp {
    format!("2026-11-22T{time}Z").parse().expect("a time")
}

/// The verdict where nothing but the nodes and the backlog says anything.
fn verdict(question: &Question, sights: &[Sight], backlog: &Backlog) -> Report {
    let (sights, backlog) = (sights.to_vec(), backlog.clone());
    judge(question, &Evidence { sights, backlog, standing: standing(), clocks_apart: Duration::ZERO })
}

/// The verdict over one node, with the event enabled on it, and with this standing.
fn over(event: Found, standing: Standing) -> Report {
    let sights = vec![up("n1", &[], vec![event])];
    judge(&question(), &Evidence { sights, backlog: Backlog::Empty, standing, clocks_apart: Duration::ZERO })
}

fn down(node: &str) -> Sight {
    let refusal = Refusal {
        node: node.into(),
        reason: "Connection refused (os error 111)".into(),
        code: None,
        obstacle: None,
        class: Class::Node,
        place: Place::here(),
    };
    Sight { node: node.into(), seen: Err(refusal) }
}

fn denied(node: &str) -> Sight {
    let view = View::Denied { grant: "GRANT EVENT ON `db`.* TO 'a'@'%'".into() };
    Sight { node: node.into(), seen: Ok(seen(&[], view)) }
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
            Backlog::Unknown {
                refusal: Refusal {
                    node: "n1".into(),
                    reason: "no".into(),
                    code: None,
                    obstacle: None,
                    class: Class::Data,
                    place: Place::here(),
                },
                fix: None,
            },
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
        let report = verdict(&question(), &sights, &backlog);
        assert_eq!((report.installed, report.working), (installed, working), "{name}: {report:#?}");
        assert_eq!(codes(&report), expected, "{name}");
        assert_eq!(report.nodes.len(), sights.len(), "{name}");
    }
}

#[test]
fn a_purge_that_runs_again_and_again_makes_up_for_an_event() {
    let missing = || vec![up("n1", &[], vec![]), up("n2", &[], vec![])];
    let unseen = || vec![denied("n1"), denied("n2")];
    let oldest = |age| Backlog::Oldest(age);
    let unread = || Backlog::Unknown { refusal: down("n1").seen.expect_err("it is down"), fix: None };
    const NOTE: &[(Level, &str)] = &[(Level::Note, "event-missing")];
    const ERROR: &[(Level, &str)] = &[(Level::Error, "event-missing")];
    const LEFT: &[(Level, &str)] = &[(Level::Error, "event-missing"), (Level::Error, "expired-rows-left")];
    let minutes = |n: u64| Duration::from_secs(60 * n);
    for (case, sights, purged, backlog, expected) in [
        ("a timer, and nothing expired", missing(), Some(HOUR / 2), Backlog::Empty, NOTE),
        ("a timer, and rows within the grace", missing(), Some(HOUR / 2), oldest(HOUR), NOTE),
        ("a timer, and a row that it should have deleted", missing(), Some(HOUR / 2), oldest(HOUR * 3), LEFT),
        ("once a day, and what came since", missing(), Some(HOUR * 20), oldest(HOUR * 21), NOTE),
        ("once a day, and what was due then", missing(), Some(HOUR * 20), oldest(HOUR * 21 + minutes(11)), LEFT),
        ("not for more than a day", missing(), Some(HOUR * 27), Backlog::Empty, ERROR),
        ("not for more than a day, and rows are due", missing(), Some(HOUR * 27), oldest(HOUR * 3), LEFT),
        ("never", missing(), None, Backlog::Empty, ERROR),
        (
            "a timer, and nobody can say what is left",
            missing(),
            Some(HOUR / 2),
            unread(),
            &[(Level::Error, "event-missing"), (Level::Error, "expired-rows-unread")],
        ),
        (
            "a timer, and events are not to be seen",
            unseen(),
            Some(HOUR / 2),
            Backlog::Empty,
            &[(Level::Note, "event-unseen")],
        ),
        ("events are not to be seen", unseen(), None, Backlog::Empty, &[(Level::Error, "event-unseen")]),
    ] {
        let purged = purged.map(|ago| at("12:00:00") - ago);
        let record = Record::Known { last: None, holder: None, purged };
        let evidence =
            Evidence { sights, backlog, standing: Standing { record, ..standing() }, clocks_apart: Duration::ZERO };
        let told = |instead| {
            let report = judge(&Question { instead, ..question() }, &evidence);
            let told: Vec<(Level, &str)> =
                report.findings.iter().map(|finding| (finding.level, finding.code.as_str())).collect();
            (told, report)
        };
        let (findings, report) = told(Instead::EventOrPurge);
        assert_eq!(findings, expected, "{case}: {report:#?}");
        assert_eq!(report.working, expected.iter().all(|(level, _)| *level == Level::Note), "{case}");
        // Whoever asks for the event is told that there is none.
        let (findings, _) = told(Instead::Event);
        assert!(findings.iter().all(|(level, _)| *level == Level::Error), "{case}: {findings:?}");
    }
}

#[test]
fn cannot_see_is_not_missing() {
    let report = verdict(&question(), &[denied("n1"), up("n2", &[], vec![]), down("n3")], &Backlog::Empty);
    assert_eq!(statuses(&report), ["UNSEEN", "MISSING", "UNSEEN"]);
    let unseen = report.findings.iter().find(|finding| finding.code == Code::EventUnseen).expect("a finding");
    assert_eq!(unseen.fix.as_deref(), Some("GRANT EVENT ON `db`.* TO 'a'@'%'"));
}

#[test]
fn a_body_that_somebody_changed_is_noticed() {
    let mut changed = found("ENABLED");
    changed.body = changed.body.replace("UTC_TIMESTAMP()", "NOW()");
    changed.time_zone = "+05:00".into();
    let report = verdict(&question(), &[up("n1", &[], vec![changed])], &Backlog::Empty);
    assert_eq!(codes(&report), ["event-drifted", "event-zone"]);
}

#[test]
fn an_event_asked_for_by_name_is_not_answered_with_another() {
    let asked = Question { event: Name::new("mine").unwrap(), instead: Instead::Nothing, table: Table::default() };
    let report = verdict(&asked, &[up("n1", &[], vec![documented()])], &Backlog::Empty);
    assert_eq!((report.event.as_str(), statuses(&report)), ("mine", vec!["MISSING"]));
}

#[test]
fn an_event_that_runs_often_is_measured_by_its_own_interval() {
    let often = Definition::new(Duration::from_secs(10), Duration::from_secs(60), 10, Duration::from_secs(5)).unwrap();
    let event = Found {
        body: body(&question().event, &Table::default(), &often),
        comment: often.comment(),
        every: Some(often.every()),
        ..found("ENABLED")
    };
    for (age, working) in [(75, true), (76, false)] {
        let report =
            verdict(&question(), &[up("n1", &[], vec![event.clone()])], &Backlog::Oldest(Duration::from_secs(age)));
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
        let report = verdict(&question(), &[up("n1", &[], vec![foreign(every)])], &Backlog::Oldest(age));
        assert_eq!(report.working, working, "{name}: {report:#?}");
        let about_rows = |code: &&&str| matches!(**code, "expired-rows-left" | "event-unjudged");
        assert_eq!(codes(&report).iter().find(about_rows).copied(), expected, "{name}");
        assert!(!report.findings.iter().any(|finding| finding.message.contains("every 1h")) || every == Some(HOUR));
    }
    let unknown = verdict(&question(), &[up("n1", &[], vec![foreign(None)])], &Backlog::Oldest(HOUR * 5));
    let finding = unknown.findings.iter().find(|finding| finding.code == Code::EventUnjudged).expect("a finding");
    assert!(finding.message.contains("cannot be judged"), "{}", finding.message);
    assert!(verdict(&question(), &[up("n1", &[], vec![foreign(None)])], &Backlog::Empty).working);
}

#[test]
fn what_keeps_an_event_from_running_is_told_by_its_definer_and_its_lease() {
    let definer = |there| Found { definer_there: there, ..found("ENABLED") };
    let missing = Standing { record: Record::NoTable, ..standing() };
    let lacking = |account: &str| Standing { account: account.into(), lacking: vec!["GRANT …".into()], ..standing() };
    for (case, event, standing, working, expected) in [
        ("its definer is there", definer(Some(true)), standing(), true, &[][..]),
        ("its definer is gone", definer(Some(false)), standing(), false, &["event-definer-gone"]),
        ("its definer is not for us to see", definer(None), standing(), true, &["event-definer-unseen"]),
        ("there is no lease", definer(Some(true)), missing.clone(), false, &["event-lease-missing"]),
        (
            "somebody else's takes no lease",
            Found { comment: String::new(), ..found("ENABLED") },
            missing,
            true,
            &["event-foreign"],
        ),
        ("it lacks a right", definer(Some(true)), lacking("app@%"), false, &["event-definer-denied"]),
        ("we lack a right, and it is another's event", definer(Some(true)), lacking("b@%"), true, &[]),
        (
            "the record is not for us to see",
            definer(Some(true)),
            Standing { record: Record::Denied { grant: "GRANT …".into() }, ..standing() },
            true,
            &["event-record-unseen"],
        ),
    ] {
        let report = over(event, standing);
        assert_eq!((report.working, codes(&report).as_slice()), (working, expected), "{case}: {report:#?}");
        // Whoever reads a finding can do something.
        assert!(report.findings.iter().all(|finding| finding.fix.is_some()), "{case}");
    }
}

#[test]
fn a_run_that_left_no_record_is_told_once_it_had_the_time_to() {
    let run = |time: &str| Some(Run { at: at(time), rows: 3, server: "db1:3306".into() });
    let holder = || {
        Some(Box::new(Holder {
            owner: "host:1:a".into(),
            epoch: 1,
            phase: "work".into(),
            node: "db1:3306".into(),
            since: None,
            until: None,
            margin: crate::lease::Margin::default(),
        }))
    };
    for (case, began, last, holder, expected) in [
        ("it never ran", None, None, None, None),
        ("it recorded itself", Some("11:00:00"), run("11:00:00"), None, None),
        ("it began a moment ago", Some("11:59:30"), run("11:00:00"), None, None),
        ("it did not", Some("11:30:00"), run("11:00:00"), None, Some("error log")),
        ("none ever did", Some("11:30:00"), None, None, Some("error log")),
        ("somebody has the lease", Some("11:30:00"), None, holder(), Some("held by host:1:a")),
    ] {
        let event = Found { last_executed: began.map(at), ..found("ENABLED") };
        let report = over(event, Standing { record: Record::Known { last, holder, purged: None }, ..standing() });
        let finding = report.findings.iter().find(|finding| finding.code == Code::EventRunUnrecorded);
        assert_eq!(finding.is_some(), expected.is_some(), "{case}: {report:#?}");
        assert!(finding.is_none_or(|it| it.message.contains(expected.unwrap_or_default())), "{case}: {finding:?}");
        assert!(report.working, "{case}: the oldest row is what proves");
    }
}

#[test]
fn the_last_run_is_told_with_the_name_that_its_server_has_here() {
    let last = |server: &str| Standing {
        record: Record::Known {
            last: Some(Run { at: at("11:00:00"), rows: 3, server: server.into() }),
            holder: None,
            purged: None,
        },
        ..standing()
    };
    for (server, expected) in [("db1:3306", Some("n1")), ("db9:3306", None)] {
        let report = over(found("ENABLED"), last(server));
        let (run, node) = report.last_run.expect("a run");
        assert_eq!((run.rows, node.as_deref()), (3, expected), "{server}");
    }
}

#[test]
fn a_switch_is_mended_by_the_very_statement_that_turns_it() {
    let fix = |switch| {
        let sights = [up("n1", &[("event_scheduler", switch)], vec![found("ENABLED")])];
        let report = verdict(&question(), &sights, &Backlog::Empty);
        assert_eq!(codes(&report), ["scheduler-off"], "{switch}");
        assert!(report.findings[0].message.contains("my.cnf"), "{report:#?}");
        report.findings[0].fix.clone().expect("a fix")
    };
    let on = "SET GLOBAL event_scheduler = ON; -- in my.cnf, under [mysqld]: event_scheduler = ON";
    assert_eq!(fix("OFF"), on);
    assert_eq!(fix("DISABLED"), "csqlstore event install");
}

#[test]
fn an_event_has_to_allow_for_what_clocks_have_become() {
    let s = Duration::from_secs;
    let of = |grace, margin| {
        let definition = Definition::new(HOUR, s(grace), 200, s(600)).unwrap().with_margin(s(margin));
        let body = body(&question().event, &Table::default(), &definition);
        Found { body, comment: definition.comment(), ..found("ENABLED") }
    };
    let foreign = Found { status: "ENABLED".into(), ..documented() };
    const AGAIN: &str = "csqlstore event install";
    for (case, event, apart_ms, fix, words) in [
        ("they are alike", of(0, 60), 900, None, &[][..]),
        ("the margin covers it", of(3600, 60), 60_000, None, &[]),
        ("the margin does not", of(3600, 60), 60_001, Some(AGAIN), &["60.0 s apart", "lease over 1m after"]),
        ("the grace does not", of(20, 90), 21_500, Some("csqlstore event install --grace 23s"), &["for 20s alone"]),
        (
            "neither does",
            of(20, 60),
            70_000,
            Some("csqlstore event install --grace 72s"),
            &["lease over 1m after its end, and keeps"],
        ),
        ("somebody else's", foreign, 70_000, None, &[]),
    ] {
        let (sights, backlog) = (vec![up("n1", &[], vec![event])], Backlog::Empty);
        let clocks_apart = Duration::from_millis(apart_ms);
        let report = judge(&question(), &Evidence { sights, backlog, standing: standing(), clocks_apart });
        let found = report.findings.iter().find(|finding| finding.code == Code::EventClocks);
        assert_eq!(found.and_then(|found| found.fix.as_deref()), fix, "{case}: {report:#?}");
        assert!(words.iter().all(|word| found.is_some_and(|found| found.message.contains(word))), "{case}: {found:?}");
        assert!(report.working, "{case}: the oldest row is what proves");
    }
}
