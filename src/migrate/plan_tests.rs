//! Plans from what can be found, without a server.

use super::super::inspect::samples::{documented, generated, inspected, recorded, with};
use super::super::inspect::{Duplicate, Duplicates, Found};
use super::*;
use crate::schema::{Index, sample as index};

fn table() -> Table {
    Table::default()
}

/// A plan in short, without its statements: `adopt 1; run 2+3`.
fn short(found: Option<Found>, history: Option<Vec<Record>>) -> String {
    let mut plan = match plan(&inspected(found, history), &table()) {
        Ok(plan) => plan,
        Err(error) => return error.to_string(),
    };
    for step in &mut plan.steps {
        if let Action::Run { sql, .. } = &mut step.action {
            assert!(sql.contains("`session_cluster`") && !sql.ends_with(';'), "{sql}");
            sql.clear();
        }
    }
    samples::short(Ok(plan)).replace(": ", "")
}

fn key() -> Index {
    index("PRIMARY", &["id"])
}

#[test]
fn what_is_found_decides_when_nothing_is_recorded() {
    for (name, found, expected) in [
        ("absent", None, "run 1; adopt 2+3"),
        ("documented", Some(documented()), "adopt 1; run 2+3"),
        ("key only", Some(with(&[key()])), "adopt 1+2; run 3"),
        ("index only", Some(with(&[index("expire_on", &["expire_on"])])), "adopt 1; run 2; adopt 3"),
        ("other-named index", Some(with(&[index("by_the_dba", &["expire_on"])])), "adopt 1; run 2; adopt 3"),
        ("done", Some(with(&[key(), index("expire_on", &["expire_on"])])), "adopt 1+2+3"),
        ("done, other name", Some(with(&[key(), index("mine", &["expire_on", "id"])])), "adopt 1+2+3"),
    ] {
        assert_eq!(short(found.clone(), None), expected, "{name}, no history");
        assert_eq!(short(found, Some(Vec::new())), expected, "{name}, empty history");
    }
}

#[test]
fn an_interrupted_run_is_finished_or_done_again_as_the_table_shows() {
    use State::{Adopted, Applied, Failed, Running};
    let done = || Some(with(&[key(), index("expire_on", &["expire_on"])]));
    for left in [Running, Failed] {
        for (name, found, history, expected) in [
            ("fresh, not made", None, [Some(left), None, None], "run 1; adopt 2+3"),
            ("fresh, made", done(), [Some(left), None, None], "finish 1; adopt 2+3"),
            ("both, not done", Some(documented()), [Some(Adopted), Some(left), Some(left)], "run 2+3"),
            ("both, done", done(), [Some(Adopted), Some(left), Some(left)], "finish 2+3"),
            ("key alone done", Some(with(&[key()])), [Some(Adopted), Some(left), Some(left)], "finish 2; run 3"),
            ("index left", Some(with(&[key()])), [Some(Adopted), Some(Applied), Some(left)], "run 3"),
            ("index missing in history", done(), [Some(Adopted), Some(left), None], "finish 2; adopt 3"),
        ] {
            assert_eq!(short(found, recorded(history)), expected, "{name}, {left}");
        }
    }
}

#[test]
fn nothing_is_left_once_all_is_recorded() {
    use State::{Adopted, Applied};
    let done = with(&[key(), index("mine", &["expire_on"])]);
    for states in [[Some(Applied), Some(Adopted), Some(Adopted)], [Some(Adopted), Some(Applied), Some(Applied)]] {
        assert_eq!(short(Some(done.clone()), recorded(states)), "");
    }
}

#[test]
fn a_record_without_its_effect_is_drift() {
    use State::Applied;
    let all = recorded([Some(Applied); 3]);
    assert!(short(Some(documented()), all.clone()).starts_with("migration 2 (primary_key) is recorded as done"));
    assert!(short(Some(with(&[key()])), all.clone()).starts_with("migration 3 (expire_on_index) is recorded"));
    assert!(short(None, all).starts_with("migration 1 (session_cluster) is recorded as done"));
    // A table that is still to be made is made with its key: a record of that is nothing to contradict.
    assert_eq!(short(None, recorded([None, Some(Applied), None])), "run 1; adopt 3");
}

#[test]
fn another_text_of_a_migration_is_refused_whatever_its_state() {
    for state in [State::Applied, State::Adopted, State::Running, State::Failed] {
        let mut history = recorded([None, Some(state), None]).unwrap();
        history[0].checksum = "0".repeat(64);
        let error = plan(&inspected(Some(documented()), Some(history)), &table()).unwrap_err();
        assert!(matches!(error, Error::Checksum { version: 2, .. }), "{error}");
    }
}

#[test]
fn records_of_a_later_program_are_left_alone() {
    let mut history = recorded([Some(State::Adopted); 3]).unwrap();
    history.push(Record { version: 4, checksum: "later".into(), ..history[0].clone() });
    assert_eq!(short(Some(with(&[key(), index("mine", &["expire_on"])])), Some(history)), "");
}

#[test]
fn duplicates_stand_in_the_way_of_the_key_alone() {
    let duplicates = Duplicates { ids: vec![Duplicate { id: "twice".into(), rows: 2 }], more: false };
    let found = Inspected { duplicates, ..inspected(Some(documented()), None) };
    assert!(matches!(plan(&found, &table()).unwrap_err(), Error::Duplicates { .. }));
    let keyed = Inspected { table: Some(with(&[key()])), ..found };
    assert_eq!(plan(&keyed, &table()).unwrap().steps.len(), 2);
}

#[test]
fn duplicates_are_resolved_right_before_the_key_where_that_is_asked_for() {
    let duplicates = Duplicates { ids: vec![Duplicate { id: "twice".into(), rows: 2 }], more: true };
    let goal = Goal { duplicates: OnDuplicates::KeepNewest, ..Goal::default() };
    let found = Inspected { duplicates: duplicates.clone(), ..inspected(Some(documented()), None) };
    let plan = plan_for(&found, &table(), goal).unwrap();
    let versions: Vec<Vec<u32>> = plan.steps.iter().map(Step::versions).collect();
    assert_eq!(versions, [vec![1], vec![], vec![2, 3]]);
    assert_eq!(plan.steps[1].action, Action::Dedupe(duplicates));
    // Where no key is to be made they are in nobody's way.
    let one = Goal { to: Some(1), ..Goal::default() };
    assert_eq!(plan_for(&found, &table(), one).unwrap().steps.len(), 1);
}

#[test]
fn a_goal_ends_the_plan_and_a_version_that_is_none_is_refused() {
    for (to, found, expected) in [
        (1, None, &[1][..]),
        (2, None, &[1, 2]),
        (1, Some(documented()), &[1]),
        (2, Some(documented()), &[1, 2]),
        (3, Some(documented()), &[1, 2, 3]),
    ] {
        let goal = Goal { to: Some(to), ..Goal::default() };
        let plan = plan_for(&inspected(found, None), &table(), goal).unwrap();
        let versions: Vec<u32> = plan.steps.iter().flat_map(Step::versions).collect();
        assert_eq!(versions, expected, "{to}");
    }
    let goal = Goal { to: Some(2), ..Goal::default() };
    let plan = plan_for(&inspected(Some(documented()), None), &table(), goal).unwrap();
    let Action::Run { sql, .. } = &plan.steps[1].action else { panic!("{plan:?}") };
    assert_eq!(sql, "ALTER TABLE `session_cluster` ADD PRIMARY KEY (id)");
    for version in [0, 4, u32::MAX] {
        let goal = Goal { to: Some(version), ..Goal::default() };
        let error = plan_for(&inspected(None, None), &table(), goal).unwrap_err();
        assert!(matches!(&error, Error::Version { known, .. } if known == &[1, 2, 3]), "{error}");
    }
}

#[test]
fn a_generated_key_goes_in_the_statement_that_makes_ours() {
    let goal = |to| Goal { to, ..Goal::default() };
    for (name, indexes, to, expected) in [
        ("both", &[][..], None, Some("DROP COLUMN `my_row_id`, ADD PRIMARY KEY (id), ADD INDEX expire_on (expire_on)")),
        ("key alone", &[], Some(2), Some("DROP COLUMN `my_row_id`, ADD PRIMARY KEY (id)")),
        ("index there", &[index("mine", &["expire_on"])], None, Some("DROP COLUMN `my_row_id`, ADD PRIMARY KEY (id)")),
        ("no key wanted", &[], Some(1), None),
    ] {
        let found = generated(indexes);
        let plan = plan_for(&inspected(Some(found), None), &table(), goal(to)).unwrap();
        let sql = plan.steps.iter().find_map(|step| match &step.action {
            Action::Run { sql, .. } => sql.strip_prefix("ALTER TABLE `session_cluster` "),
            _ => None,
        });
        assert_eq!(sql, expected, "{name}");
        assert_eq!(plan.drops_generated_key, expected.is_some(), "{name}");
    }
    // An index alone leaves it where it is.
    let keyed = inspected(Some(with(&[key()])), None);
    assert!(!plan(&keyed, &table()).unwrap().drops_generated_key);
}

#[test]
fn a_misfit_is_found_before_anything_is_planned() {
    let view = Found { kind: "VIEW".into(), engine: None, ..documented() };
    assert_eq!(short(Some(view), None), "`session_cluster` cannot be migrated: it is a view");
    let elsewhere = with(&[index("PRIMARY", &["my_row_id"])]);
    assert_eq!(
        short(Some(elsewhere), None),
        "`session_cluster` cannot be migrated: its primary key is on (my_row_id), not on (id)"
    );
}

#[test]
fn the_documented_table_gets_both_in_one_alter() {
    let plan = plan(&inspected(Some(documented()), None), &table()).unwrap();
    let Action::Run { sql, .. } = &plan.steps[1].action else { panic!("{plan:?}") };
    assert_eq!(sql, "ALTER TABLE `session_cluster` ADD PRIMARY KEY (id), ADD INDEX expire_on (expire_on)");
    assert!(plan.rebuilds());
    assert_eq!((plan.rows, plan.bytes), (1000, 300_000));
}

#[test]
fn making_a_table_rebuilds_nothing() {
    let plan = plan(&inspected(None, None), &table()).unwrap();
    assert!(!plan.rebuilds());
    assert!(plan.estimate() < Duration::from_secs(1));
}
