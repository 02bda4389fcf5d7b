//! Putting the history right where it does not say what the table shows. Pure; no statement for the table comes of it.

use crate::schema::Table;

use super::catalog::{Migration, all};
use super::guard::{self, Misfit};
use super::inspect::Inspected;
use super::ledger::Record;
use super::plan::{Action, Plan, Step, add, record};

/// A record that cannot be put right by looking at the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Irreparable {
    /// The migration.
    pub migration: &'static Migration,
    /// Why not.
    pub reason: Reason,
}

/// Why a record cannot be put right.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// It was made by another text than this program has, so that what it stands for is not known.
    Text {
        /// The checksum in the history.
        recorded: String,
        /// The checksum here.
        expected: String,
    },
    /// The table is of another shape, so that nothing says whether the work is there.
    Misfit(Misfit),
}

/// Plans what puts the history right.
pub(super) fn plan(inspected: &Inspected, table: &Table) -> Plan {
    let found = inspected.table.as_ref();
    let mut steps: Vec<Step> = Vec::new();
    for (migration, record) in records(inspected) {
        let crlf = migration.is_checksum_of_crlf(&record.checksum);
        if record.checksum != migration.checksum() && !crlf {
            continue;
        }
        if crlf {
            add(&mut steps, migration, Action::Correct);
        }
        match guard::is_there(migration.version, found) {
            Ok(true) if !record.state.is_final() => add(&mut steps, migration, Action::Finish),
            Ok(false) => add(&mut steps, migration, Action::Forget),
            // It is right as it stands, or nothing can be said; see `irreparable`.
            Ok(true) | Err(_) => {}
        }
    }
    Plan::of(inspected, table, steps)
}

/// Returns the records that `repair` leaves as they are, though they are not right.
#[must_use]
pub fn irreparable(inspected: &Inspected) -> Vec<Irreparable> {
    let each = |(migration, record): (&'static Migration, &Record)| {
        let expected = migration.checksum();
        if record.checksum != expected && !migration.is_checksum_of_crlf(&record.checksum) {
            let reason = Reason::Text { recorded: record.checksum.clone(), expected };
            return Some(Irreparable { migration, reason });
        }
        let misfit = guard::is_there(migration.version, inspected.table.as_ref()).err()?;
        Some(Irreparable { migration, reason: Reason::Misfit(misfit) })
    };
    records(inspected).filter_map(each).collect()
}

fn records(inspected: &Inspected) -> impl Iterator<Item = (&'static Migration, &Record)> {
    all().iter().filter_map(|migration| Some((migration, record(inspected, migration)?)))
}

#[cfg(test)]
mod tests {
    use super::super::inspect::Found;
    use super::super::inspect::samples::{documented, inspected, recorded, with};
    use super::super::ledger::State::{Adopted, Applied, Failed, Running};
    use super::super::plan::samples::short;
    use super::*;
    use crate::schema::sample as index;

    fn plan_of(found: Option<Found>, history: Option<Vec<Record>>) -> String {
        short(Ok(plan(&inspected(found, history), &Table::default())))
    }

    #[test]
    fn the_history_is_made_to_say_what_the_table_shows() {
        let done = || Some(with(&[index("PRIMARY", &["id"]), index("mine", &["expire_on"])]));
        for (name, found, states, expected) in [
            ("right", done(), [Some(Adopted), Some(Applied), Some(Applied)], ""),
            ("interrupted, done", done(), [Some(Adopted), Some(Running), Some(Failed)], "finish 2+3"),
            ("interrupted, not done", Some(documented()), [Some(Adopted), Some(Running), Some(Failed)], "forget 2+3"),
            ("work gone", Some(documented()), [Some(Adopted), Some(Applied), Some(Adopted)], "forget 2+3"),
            ("table gone", None, [Some(Applied), Some(Adopted), Some(Running)], "forget 1+2+3"),
            ("not recorded is none of ours", done(), [Some(Adopted), None, None], ""),
        ] {
            assert_eq!(plan_of(found, recorded(states)), expected, "{name}");
        }
        assert_eq!(plan_of(done(), None), "");
    }

    #[test]
    fn a_text_that_is_not_known_is_left_and_one_with_crlf_is_put_right() {
        let found = || Some(with(&[index("PRIMARY", &["id"]), index("mine", &["expire_on"])]));
        let mut history = recorded([Some(Adopted), Some(Running), Some(Applied)]).unwrap();
        history[1].checksum = "0".repeat(64);
        let left = irreparable(&inspected(found(), Some(history.clone())));
        assert_eq!(left.len(), 1);
        assert_eq!((left[0].migration.version, matches!(left[0].reason, Reason::Text { .. })), (2, true));
        assert_eq!(plan_of(found(), Some(history.clone())), "");
        // The same text with a CRLF at its one line end.
        history[1].checksum = sha256("ALTER TABLE {table} ADD PRIMARY KEY (id);\r\n");
        assert_eq!(plan_of(found(), Some(history.clone())), "correct 2; finish 2");
        assert!(irreparable(&inspected(found(), Some(history))).is_empty());
    }

    fn sha256(text: &str) -> String {
        use sha2::{Digest, Sha256};
        Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn a_table_of_another_shape_says_nothing_about_its_records() {
        let view = Found { kind: "VIEW".into(), ..documented() };
        let history = recorded([Some(Applied), None, None]);
        assert_eq!(plan_of(Some(view.clone()), history.clone()), "");
        let left = irreparable(&inspected(Some(view), history));
        assert!(matches!(left[0].reason, Reason::Misfit(Misfit::Kind { .. })), "{left:?}");
    }
}
