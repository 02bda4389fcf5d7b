//! Taking migrations back: what is dropped, what is only struck from the history, and what is refused. The plan is pure.

use std::time::Duration;

use crate::Place;
use crate::cluster::{Connection, Kind};
use crate::schema::Table;

use super::catalog::{self, EXPIRE_ON_INDEX, INDEX_NAME, Migration, PRIMARY_KEY, TABLE, all};
use super::error::Error;
use super::estimate::estimate;
use super::guard;
use super::inspect::{Found, Inspected};
use super::ledger::{Record, State};
use super::plan::{Action, Plan, Step, add, record, same_text};

/// How far to go back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Down {
    /// The version that stays as the last one, 0 for none; without one, a single step is taken back.
    pub to: Option<u32>,
    /// Whether what csqlstore did not make is dropped as well, and a key or the table on a cluster.
    pub force: bool,
}

impl Down {
    /// Returns the version that stays as the last one.
    pub(super) fn to(&self, inspected: &Inspected) -> u32 {
        let recorded = all().iter().filter(|migration| record(inspected, migration).is_some());
        let last = recorded.map(|migration| migration.version).max().unwrap_or(0);
        self.to.unwrap_or(last.saturating_sub(1))
    }
}

/// What is lost when a statement that takes migrations back has run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loss {
    /// The index on `expire_on`: finding expired sessions reads the whole table.
    Index,
    /// The primary key: each deleted or changed row is searched for on every other node.
    Key,
    /// All sessions.
    Data,
}

impl Plan {
    /// Returns the worst that is lost, `None` if nothing is dropped.
    #[must_use]
    pub fn loss(&self) -> Option<Loss> {
        self.dropped().into_iter().filter_map(loss).max()
    }

    /// Returns the versions of the migrations whose things are dropped.
    fn dropped(&self) -> Vec<u32> {
        let reverts = self.steps.iter().filter(|step| matches!(step.action, Action::Revert { .. }));
        let mut versions: Vec<u32> = reverts.flat_map(Step::versions).collect();
        versions.sort_unstable();
        versions
    }
}

fn loss(version: u32) -> Option<Loss> {
    match version {
        TABLE => Some(Loss::Data),
        PRIMARY_KEY => Some(Loss::Key),
        EXPIRE_ON_INDEX => Some(Loss::Index),
        _ => None,
    }
}

/// Plans what takes the recorded migrations beyond a version back, the last one first.
///
/// What is not there any more, or is an index of another name than ours, is struck from the history and no more. With
/// the table go all that depends on it, in one statement.
///
/// # Errors
///
/// [`Error::Version`], [`Error::Misfit`], [`Error::Checksum`]; without `force` [`Error::NotOurs`] for what was
/// there before csqlstore came, and [`Error::NeedsForce`] for the key or the table on a cluster.
pub(super) fn plan(inspected: &Inspected, table: &Table, down: &Down) -> Result<Plan, Error> {
    let found = inspected.table.as_ref();
    let to = down.to(inspected);
    if to != 0 && !all().iter().any(|migration| migration.version == to) {
        let known = all().iter().map(|migration| migration.version).collect();
        return Err(Error::Version { version: to, known, place: Place::here() });
    }
    if found.is_some() {
        guard::is_there(TABLE, found).map_err(|misfit| Error::Misfit {
            table: table.clone(),
            misfit,
            place: Place::here(),
        })?;
    }
    let mut beyond: Vec<(&'static Migration, &Record)> = Vec::new();
    for migration in all().iter().rev().filter(|migration| migration.version > to) {
        if let Some(record) = record(inspected, migration) {
            same_text(migration, record)?;
            beyond.push((migration, record));
        }
    }
    let drops_table = found.is_some() && beyond.iter().any(|(migration, _)| migration.version == TABLE);
    let mut steps: Vec<Step> = Vec::new();
    for (migration, record) in beyond {
        let dropped = if drops_table { true } else { found.is_some_and(|found| is_droppable(migration, found)) };
        if !dropped {
            add(&mut steps, migration, Action::Forget);
            continue;
        }
        // With the table goes whatever is on it; whose the table is decides.
        if !drops_table || migration.version == TABLE {
            may_drop(inspected, table, (migration, record), down.force)?;
        }
        let action = Action::Revert { sql: String::new(), estimate: Duration::ZERO };
        match steps.last_mut() {
            Some(step) if drops_table => step.migrations.push(migration),
            _ => add(&mut steps, migration, action),
        }
    }
    let (rows, bytes) = found.map_or((0, 0), |found| (found.rows, found.bytes));
    for step in &mut steps {
        let rebuilds = step.rebuilds();
        if let Action::Revert { sql, estimate: takes } = &mut step.action {
            let table_itself: Vec<&Migration> =
                step.migrations.iter().copied().filter(|migration| migration.version == TABLE).collect();
            let undone: &[&Migration] = if table_itself.is_empty() { &step.migrations } else { &table_itself };
            *sql = catalog::undo(undone, table);
            *takes = if rebuilds { estimate(rows, bytes, None) } else { estimate(0, 0, None) };
        }
    }
    Ok(Plan::of(inspected, table, steps))
}

/// Makes sure that a plan drops nothing that the plan which was agreed to does not; with the table, all on it was.
///
/// # Errors
///
/// [`Error::Exceeds`].
pub(super) fn refuse_more(agreed: &Plan, plan: &Plan) -> Result<(), Error> {
    let (allowed, versions) = (agreed.dropped(), plan.dropped());
    if agreed.loss() == Some(Loss::Data) || versions.iter().all(|version| allowed.contains(version)) {
        return Ok(());
    }
    Err(Error::Exceeds { table: plan.table.clone(), versions, place: Place::here() })
}

/// Makes sure that the server takes a table without a primary key, if the plan leaves one: a DDL that fails is, under
/// Galera, a vote of the cluster.
pub(super) async fn refuse_without_key(connection: &mut Connection, plan: &Plan) -> Result<(), Error> {
    const VARIABLES: &str = "SHOW VARIABLES WHERE Variable_name IN \
        ('sql_require_primary_key', 'innodb_force_primary_key', 'wsrep_mode')";
    if plan.loss() != Some(Loss::Key) {
        return Ok(());
    }
    let said: Vec<(String, String)> = connection.rows("reading the server's variables", VARIABLES, ()).await?;
    let refuses = |(variable, value): &(String, String)| match variable.to_ascii_lowercase().as_str() {
        "wsrep_mode" => value.to_ascii_uppercase().contains("REQUIRED_PRIMARY_KEY"),
        _ => value.eq_ignore_ascii_case("ON") || value == "1",
    };
    match said.into_iter().find(refuses) {
        Some((variable, value)) => Err(Error::KeyRequired { variable, value, place: Place::here() }),
        None => Ok(()),
    }
}

/// Returns whether there is something to drop: of indexes, only the one of our name.
fn is_droppable(migration: &Migration, found: &Found) -> bool {
    match migration.version {
        EXPIRE_ON_INDEX => {
            let ours = |name: &str| name.eq_ignore_ascii_case(INDEX_NAME);
            found.indexes.iter().any(|index| ours(&index.name) && index.finds("expire_on"))
        }
        // A key on anything else is none of ours, and no error here: it is what is there now.
        version => guard::is_there(version, Some(found)).unwrap_or(false),
    }
}

fn may_drop(
    inspected: &Inspected,
    table: &Table,
    (migration, record): (&'static Migration, &Record),
    force: bool,
) -> Result<(), Error> {
    if force {
        return Ok(());
    }
    let (table, version, name) = (table.clone(), migration.version, migration.name);
    if !is_ours(inspected, migration, record) {
        return Err(Error::NotOurs { table, version, name, place: Place::here() });
    }
    if inspected.kind != Kind::Standalone && loss(version) > Some(Loss::Index) {
        return Err(Error::NeedsForce { table, version, name, place: Place::here() });
    }
    Ok(())
}

/// Returns whether csqlstore made what a record stands for: by its own statement, or together with the table.
fn is_ours(inspected: &Inspected, migration: &Migration, record: &Record) -> bool {
    let made = |record: &Record| record.state != State::Adopted;
    let table = all().iter().find(|migration| migration.version == TABLE);
    let table_made = table.and_then(|table| self::record(inspected, table)).is_some_and(made);
    made(record) || (migration.version != TABLE && table_made)
}

#[cfg(test)]
mod tests {
    use super::super::inspect::samples::{documented, inspected, recorded, with};
    use super::super::ledger::State::{Adopted, Applied, Failed, Running};
    use super::super::plan::samples::short;
    use super::*;
    use crate::schema::{Index, sample as index};

    fn key() -> Index {
        index("PRIMARY", &["id"])
    }

    fn ours() -> Index {
        index("expire_on", &["expire_on"])
    }

    fn mine() -> Index {
        index("by_the_dba", &["expire_on"])
    }

    fn go(kind: Kind, indexes: &[Index], states: [Option<State>; 3], down: Down) -> Result<Plan, Error> {
        let inspected = Inspected { kind, ..inspected(Some(with(indexes)), recorded(states)) };
        plan(&inspected, &Table::default(), &down)
    }

    const OURS: [Option<State>; 3] = [Some(Applied), Some(Adopted), Some(Adopted)];
    const ADDED: [Option<State>; 3] = [Some(Adopted), Some(Applied), Some(Applied)];

    #[test]
    fn goes_back_one_step_or_to_a_version() {
        let both = [key(), ours()];
        let alone = |to, states| short(go(Kind::Standalone, &both, states, Down { to, force: false }));
        assert_eq!(alone(None, ADDED), "revert 3: ALTER TABLE `session_cluster` DROP INDEX expire_on");
        assert_eq!(
            alone(Some(1), ADDED),
            "revert 3+2: ALTER TABLE `session_cluster` DROP INDEX expire_on, DROP PRIMARY KEY"
        );
        assert_eq!(alone(Some(0), OURS), "revert 3+2+1: DROP TABLE `session_cluster`");
        assert_eq!(alone(Some(3), OURS), "");
        assert_eq!(
            alone(None, [Some(Adopted), Some(Applied), None]),
            "revert 2: ALTER TABLE `session_cluster` DROP PRIMARY KEY"
        );
        assert_eq!(alone(Some(0), [None; 3]), "", "what is not recorded is none of ours");
        assert!(alone(Some(4), OURS).starts_with("there is no migration 4"));
    }

    #[test]
    fn past_the_key_on_a_cluster_only_by_force() {
        let both = [key(), ours()];
        for (to, force, expected) in [
            (Some(2), false, "revert 3"),
            (Some(1), false, "taking migration 2 (primary_key) of `session_cluster` back on a cluster needs force"),
            (Some(0), false, "taking migration 1 (session_cluster) of `session_cluster` back on a cluster needs force"),
            (Some(1), true, "revert 3+2"),
            (Some(0), true, "revert 3+2+1"),
        ] {
            let told = short(go(Kind::Galera, &both, OURS, Down { to, force }));
            assert!(told.starts_with(expected), "{to:?} {force}: {told}");
        }
    }

    #[test]
    fn what_was_there_before_csqlstore_is_not_dropped_unless_forced() {
        let adopted = [Some(Adopted), Some(Adopted), Some(Adopted)];
        let both = [key(), ours()];
        for (to, version) in [(2, 3), (1, 3), (0, 1)] {
            let refused = go(Kind::Standalone, &both, adopted, Down { to: Some(to), force: false }).unwrap_err();
            assert!(matches!(refused, Error::NotOurs { version: of, .. } if of == version), "{to}: {refused}");
            assert!(go(Kind::Standalone, &both, adopted, Down { to: Some(to), force: true }).is_ok());
        }
    }

    #[test]
    fn an_index_of_another_name_stays_and_its_record_goes() {
        for force in [false, true] {
            let down = Down { to: Some(2), force };
            assert_eq!(short(go(Kind::Galera, &[key(), mine()], ADDED, down)), "forget 3", "{force}");
            let both = short(go(Kind::Galera, &[key(), mine(), ours()], ADDED, down));
            assert_eq!(both, "revert 3: ALTER TABLE `session_cluster` DROP INDEX expire_on");
        }
    }

    #[test]
    fn what_is_gone_already_is_struck_from_the_history() {
        let down = |to| Down { to: Some(to), force: false };
        assert_eq!(short(go(Kind::Galera, &[], ADDED, down(1))), "forget 3+2");
        assert_eq!(short(go(Kind::Standalone, &[key()], ADDED, down(1))).split(':').next(), Some("forget 3; revert 2"));
        let gone = inspected(None, recorded(OURS));
        assert_eq!(short(plan(&gone, &Table::default(), &down(0))), "forget 3+2+1");
    }

    #[test]
    fn an_interrupted_one_goes_on() {
        for left in [Running, Failed] {
            let states = [Some(Applied), Some(Adopted), Some(left)];
            assert!(short(go(Kind::Galera, &[key(), ours()], states, Down::default())).starts_with("revert 3"));
            assert_eq!(short(go(Kind::Galera, &[key()], states, Down::default())), "forget 3");
        }
    }

    #[test]
    fn the_worst_loss_is_told() {
        let both = [key(), ours()];
        for (to, loss) in [(2, Loss::Index), (1, Loss::Key), (0, Loss::Data)] {
            let down = Down { to: Some(to), force: true };
            assert_eq!(go(Kind::Galera, &both, OURS, down).unwrap().loss(), Some(loss));
        }
        assert_eq!(go(Kind::Galera, &[], ADDED, Down { to: Some(1), force: false }).unwrap().loss(), None);
    }

    #[test]
    fn no_more_goes_than_was_agreed_to() {
        let to = |to| Down { to: Some(to), force: true };
        let seen = |indexes: &[Index], down| go(Kind::Galera, indexes, OURS, down).unwrap();
        let gone = |down| plan(&inspected(None, recorded(OURS)), &Table::default(), &down).unwrap();
        let both = [key(), ours()];
        for (name, agreed, now, refused) in [
            ("the same", seen(&both, to(1)), seen(&both, to(1)), None),
            ("less: the index went", seen(&both, to(1)), seen(&[key()], to(1)), None),
            ("less: the table went", seen(&both, to(0)), gone(to(0)), None),
            ("the table came", gone(to(0)), seen(&[], to(0)), Some(vec![1, 2, 3])),
            ("the index came, and nothing was to go", seen(&[], to(1)), seen(&[ours()], to(1)), Some(vec![3])),
            ("the key came beside the index", seen(&[ours()], to(1)), seen(&both, to(1)), Some(vec![2, 3])),
            ("the index came beside the key", seen(&[key()], to(1)), seen(&both, to(1)), Some(vec![2, 3])),
            ("keys came to a table that goes anyway", seen(&[], to(0)), seen(&both, to(0)), None),
        ] {
            let said = match refuse_more(&agreed, &now) {
                Ok(()) => None,
                Err(Error::Exceeds { versions, .. }) => Some(versions),
                Err(other) => panic!("{name}: {other}"),
            };
            assert_eq!(said, refused, "{name}");
        }
    }

    #[test]
    fn a_table_that_is_none_and_another_text_are_refused() {
        let view = Found { kind: "VIEW".into(), ..documented() };
        let found = inspected(Some(view), recorded(OURS));
        assert!(matches!(plan(&found, &Table::default(), &Down::default()).unwrap_err(), Error::Misfit { .. }));
        let mut history = recorded(OURS).unwrap();
        history[2].checksum = "0".repeat(64);
        let found = inspected(Some(with(&[key(), ours()])), Some(history));
        assert!(matches!(plan(&found, &Table::default(), &Down::default()).unwrap_err(), Error::Checksum { .. }));
    }

    #[test]
    fn only_without_its_key_the_table_is_made_anew_and_estimated_by_its_size() {
        let to = |to| go(Kind::Standalone, &[key(), ours()], OURS, Down { to: Some(to), force: false }).unwrap();
        assert_eq!([2, 1, 0].map(|version| to(version).rebuilds()), [false, true, false]);
        assert!(to(1).estimate() > to(2).estimate());
        assert_eq!(to(0).estimate(), to(2).estimate());
        let gone = inspected(None, recorded(OURS));
        assert!(!plan(&gone, &Table::default(), &Down { to: Some(1), force: true }).unwrap().rebuilds());
    }
}
