//! Which node is chosen and what changes, without a server.

use std::time::Duration;

use super::*;
use crate::cluster::Vitals;
use crate::event::body;

const HOUR: Duration = Duration::from_secs(3600);

fn name() -> Name {
    Name::of(&Table::default())
}

fn found(status: &str) -> Found {
    let definition = Definition::default();
    Found {
        name: name().as_str().to_owned(),
        status: status.to_owned(),
        definer: "app@%".into(),
        definer_there: Some(true),
        body: body(&name(), &Table::default(), &definition),
        comment: "csqlstore grace=3600 batch=200 max=600 margin=60".into(),
        every: Some(HOUR),
        time_zone: "+00:00".into(),
        last_executed: None,
    }
}

fn sight(node: &str, scheduler: &str, status: Option<&str>) -> Sight {
    of(node, &[("event_scheduler", scheduler)], status.map(found).into_iter().collect())
}

fn of(node: &str, changes: &[(&str, &str)], events: Vec<Found>) -> Sight {
    let synced = [
        ("wsrep_on", "ON"),
        ("wsrep_cluster_status", "Primary"),
        ("wsrep_ready", "ON"),
        ("wsrep_local_state", "4"),
        ("event_scheduler", "ON"),
    ];
    let values = synced.iter().chain(changes).map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    let seen = Seen {
        vitals: Vitals { values, group: None },
        server: format!("{node}:3306"),
        account: "app@%".into(),
        view: View::Events(events),
        stale: None,
    };
    Sight { node: node.into(), seen: Ok(seen) }
}

fn down(node: &str) -> Sight {
    let (reason, class, place) = ("Connection refused".into(), Class::Node, Place::here());
    Sight {
        node: node.into(),
        seen: Err(Refusal { node: node.into(), reason, code: None, obstacle: None, class, place }),
    }
}

/// What would be done: the node, the action, and what changes.
fn decided(sights: &[Sight], on: &On, definition: &Definition) -> Option<(String, Action, Vec<&'static str>)> {
    let chosen = choose(&states(sights, &name(), on))?.at;
    let (action, changes) = changes(sights, chosen, (&name(), &Table::default()), definition, Unchanged::Keep);
    Some((sights[chosen].node.clone(), action, changes.iter().map(|change| change.what).collect()))
}

fn moved(from: &[&str], gone: bool) -> Action {
    Action::Move { from: from.iter().map(|node| (*node).to_owned()).collect(), gone }
}

#[test]
fn chooses_a_node_that_can_run_it_and_moves_it_only_for_a_reason() {
    const SIDE: Option<&str> = Some("SLAVESIDE_DISABLED");
    const ENABLED: Option<&str> = Some("ENABLED");
    for (case, sights, expected) in [
        ("fresh", vec![sight("a", "ON", None), sight("b", "ON", None)], ("a", Action::Create, vec![])),
        ("it stays", vec![sight("a", "ON", SIDE), sight("b", "ON", ENABLED)], ("b", Action::Keep, vec![])),
        (
            "its scheduler is off",
            vec![sight("a", "OFF", ENABLED), sight("b", "ON", SIDE)],
            ("b", moved(&["a"], false), vec![]),
        ),
        (
            "enabled nowhere, which a rebuilt node leaves behind",
            vec![sight("a", "ON", SIDE), sight("b", "ON", SIDE)],
            ("a", Action::Replace, vec!["state"]),
        ),
        ("only the second is on", vec![sight("a", "OFF", None), sight("b", "ON", None)], ("b", Action::Create, vec![])),
        ("all off", vec![sight("a", "OFF", None), sight("b", "OFF", None)], ("a", Action::Create, vec![])),
        (
            "one can be turned on",
            vec![sight("a", "DISABLED", None), sight("b", "OFF", None)],
            ("b", Action::Create, vec![]),
        ),
        ("its node is down", vec![down("a"), sight("b", "ON", SIDE)], ("b", moved(&["a"], true), vec![])),
        (
            "one of those that are down ran it",
            vec![down("a"), down("b"), sight("c", "ON", SIDE)],
            ("c", moved(&["a", "b"], true), vec![]),
        ),
        ("another node is down", vec![down("a"), sight("b", "ON", ENABLED)], ("b", Action::Keep, vec![])),
        (
            "disabled by somebody, and a node is down",
            vec![down("a"), sight("b", "ON", Some("DISABLED"))],
            ("b", Action::Replace, vec!["state"]),
        ),
        (
            "its node is cut off",
            vec![of("a", &[("wsrep_cluster_status", "non-Primary")], vec![found("ENABLED")]), sight("b", "ON", SIDE)],
            ("b", moved(&["a"], false), vec![]),
        ),
        (
            "enabled twice",
            vec![sight("a", "ON", ENABLED), sight("b", "ON", ENABLED)],
            ("a", Action::Replace, vec!["state"]),
        ),
        (
            "stored on one node of a cluster only",
            vec![sight("a", "ON", ENABLED), sight("b", "ON", None)],
            ("a", Action::Replace, vec!["copy"]),
        ),
    ] {
        let (node, action, changes) = expected;
        let decided = decided(&sights, &On::Auto, &Definition::default());
        assert_eq!(decided, Some((node.to_owned(), action, changes)), "{case}");
    }
    let none = [sight("a", "DISABLED", None), sight("b", "DISABLED", None)];
    assert_eq!(decided(&none, &On::Auto, &Definition::default()), None);
    assert_eq!(decided(&[], &On::Auto, &Definition::default()), None);
    let asked = On::Named("b".into());
    let sights = [sight("a", "ON", ENABLED), sight("b", "OFF", SIDE)];
    let (node, action, _) = decided(&sights, &asked, &Definition::default()).expect("b can run it");
    assert_eq!((node.as_str(), action), ("b", moved(&["a"], false)), "another one was asked for");
}

#[test]
fn names_everything_that_changes_and_nothing_else() {
    let with = |change: fn(&mut Found)| {
        let mut event = found("ENABLED");
        change(&mut event);
        [of("a", &[], vec![event])]
    };
    let default = Definition::default();
    let rarely = Definition::new(HOUR * 2, HOUR, 200, HOUR / 6).unwrap();
    let other = Definition::new(HOUR, HOUR * 2, 7, HOUR / 2).unwrap().with_margin(HOUR);
    for (case, sights, definition, expected) in [
        ("nothing", with(|_| ()), &default, vec![]),
        ("another interval", with(|_| ()), &rarely, vec!["interval"]),
        ("all the rest", with(|_| ()), &other, vec!["grace", "margin of the lease", "longest run", "batch"]),
        ("white space", with(|event| event.body = event.body.replace('\n', "\r\n\t")), &default, vec![]),
        (
            "a body that was changed",
            with(|event| event.body = event.body.replace("LIMIT", "-- LIMIT")),
            &default,
            vec!["body"],
        ),
        ("somebody else's", with(|event| event.comment.clear()), &default, vec!["body"]),
        ("a zone", with(|event| event.time_zone = "+05:00".into()), &default, vec!["time zone"]),
        (
            "a definer who is gone",
            with(|event| (event.definer, event.definer_there) = ("b@%".into(), Some(false))),
            &default,
            vec!["definer"],
        ),
        (
            "another account's, changed",
            with(|event| event.definer = "b@%".into()),
            &rarely,
            vec!["interval", "definer"],
        ),
        ("a definer whom we cannot see", with(|event| event.definer_there = None), &default, vec![]),
        ("another account's", with(|event| event.definer = "root@localhost".into()), &default, vec![]),
    ] {
        let (_, action, changes) = decided(&sights, &On::Auto, definition).expect("a node");
        assert_eq!(changes, expected, "{case}");
        assert_eq!(action == Action::Keep, expected.is_empty(), "{case}");
    }
}

#[test]
fn what_is_as_it_should_be_is_written_all_the_same_if_it_is_wished_to() {
    let mut event = found("ENABLED");
    event.definer = "b@%".into();
    let sights = [of("a", &[], vec![event])];
    let about = (&name(), &Table::default());
    let (action, told) = changes(&sights, 0, about, &Definition::default(), Unchanged::WriteAnew);
    assert_eq!(action, Action::Replace);
    assert_eq!(told.iter().map(|change| change.what).collect::<Vec<_>>(), ["schedule", "definer"]);
}

#[test]
fn a_copy_that_differs_is_given_all_clauses_anew() {
    let mut stale = found("SLAVESIDE_DISABLED");
    stale.every = Some(HOUR * 3);
    let sights = [of("a", &[], vec![found("ENABLED")]), of("b", &[], vec![stale.clone()])];
    let (_, action, changes) = decided(&sights, &On::Auto, &Definition::default()).expect("a node");
    assert_eq!((action, changes), (Action::Replace, vec!["copy"]));
    // Of one that cannot be seen, or could not catch up, nothing is concluded.
    for change in [(|seen| seen.stale = Some("no answer".into())) as fn(&mut Seen), |seen| {
        seen.view = View::Denied { grant: "GRANT …".into() };
    }] {
        let mut sights = sights.clone();
        change(sights[1].seen.as_mut().expect("it answers"));
        assert_eq!(decided(&sights, &On::Auto, &Definition::default()).expect("a node").1, Action::Keep);
    }
    // Servers that do not replicate to each other have an event each, which is nobody's copy.
    let alone = &[("wsrep_on", "OFF"), ("version", "9.7.4")];
    let sights = [of("a", alone, vec![found("ENABLED")]), of("b", alone, vec![stale])];
    assert_eq!(decided(&sights, &On::Auto, &Definition::default()).expect("a node").1, Action::Keep);
}

#[test]
fn a_margin_lasts_as_long_as_it_suffices() {
    let s = Duration::from_secs;
    let before = |margin| Some(Definition::default().with_margin(s(margin)));
    for (case, before, (spread, length), expected) in [
        ("nothing was there", None, (s(0), s(60)), 60),
        ("it suffices", before(70), (s(70), s(90)), 70),
        ("the clocks came nearer", before(90), (s(1), s(5)), 90),
        ("they went apart", before(70), (s(71), s(71)), 71),
    ] {
        let definition =
            enduring(Definition::default(), before.as_ref(), &lease::Margin { spread, length, unmeasured: vec![] });
        assert_eq!(definition.margin(), s(expected), "{case}");
    }
}

#[test]
fn other_events_of_the_table_are_told_once_and_the_documented_one_apart() {
    let table = Table::default();
    let named = |name: &str, status: &str, body: &str| Found {
        name: name.into(),
        body: body.into(),
        comment: String::new(),
        ..found(status)
    };
    let delete = "DELETE LOW_PRIORITY FROM db.session_cluster WHERE expire_on < DATE_SUB(NOW(), INTERVAL 1 HOUR)";
    let on = |status: &str| {
        vec![
            named("AutoDeleteOldSession", "SLAVESIDE_DISABLED", delete),
            named("mine", status, delete),
            named("report", status, "INSERT INTO t SELECT COUNT(*) FROM session_cluster"),
            found(status),
        ]
    };
    let sights = [of("a", &[], on("SLAVESIDE_DISABLED")), of("b", &[], on("ENABLED"))];
    let others = others(&sights, 0, &name(), &table);
    let told: Vec<(&str, &str, bool)> =
        others.iter().map(|other| (other.name.as_str(), other.status.as_str(), other.documented)).collect();
    assert_eq!(told, [("AutoDeleteOldSession", "SLAVESIDE_DISABLED", true), ("mine", "ENABLED", false)]);
    let elsewhere = named("AutoDeleteOldSession", "ENABLED", "DELETE FROM other");
    assert!(!elsewhere.is_documented(&table), "it cleans another table up");
}
