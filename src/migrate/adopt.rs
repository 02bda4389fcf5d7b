//! Recording what is there, and nothing else. Pure.

use crate::schema::Table;

use super::error::Error;
use super::inspect::Inspected;
use super::plan::{self, Action, Plan};

/// Plans the records alone: what would have to be run is left out.
///
/// # Errors
///
/// Those of [`plan`](fn@plan::plan).
pub(super) fn plan(inspected: &Inspected, table: &Table) -> Result<Plan, Error> {
    let mut plan = plan::plan(inspected, table)?;
    plan.steps.retain(|step| !matches!(step.action, Action::Run { .. }));
    if inspected.table.is_none() {
        // What else there is to adopt would come with the table, which is not made here.
        plan.steps.clear();
    }
    Ok(plan)
}

#[cfg(test)]
mod tests {
    use super::super::inspect::samples::{documented, inspected, recorded, with};
    use super::super::ledger::State::{Adopted, Applied, Running};
    use super::super::plan::samples::short;
    use super::*;
    use crate::schema::sample as index;

    #[test]
    fn what_is_there_is_recorded_and_what_is_not_is_left() {
        let key = || index("PRIMARY", &["id"]);
        let mine = || index("by_the_dba", &["expire_on", "id"]);
        for (name, found, history, expected) in [
            ("no table", None, None, ""),
            ("documented", Some(documented()), None, "adopt 1"),
            ("with an index of the DBA's own", Some(with(&[mine()])), None, "adopt 1; adopt 3"),
            ("with both", Some(with(&[key(), mine()])), None, "adopt 1+2+3"),
            ("recorded", Some(with(&[key(), mine()])), recorded([Some(Applied), Some(Adopted), Some(Adopted)]), ""),
            ("interrupted", Some(with(&[key()])), recorded([Some(Adopted), Some(Running), None]), "finish 2"),
        ] {
            assert_eq!(short(plan(&inspected(found, history), &Table::default())), expected, "{name}");
        }
    }
}
