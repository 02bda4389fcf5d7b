//! Which rights each command needs: from here come the GRANTs that errors name and what `doctor` finds lacking.
//! docs/grants.md says the same to people, and a test compares the two.

use super::Object;
use crate::schema::{LEASE_TABLE, MIGRATIONS_TABLE, Table};

/// What a right is needed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum On {
    /// The session table.
    Sessions,
    /// The table of the history.
    History,
    /// The table of leases.
    Leases,
    /// Everything in the session table's database.
    Database,
}

impl On {
    /// Returns what the rights are given on, for this session table.
    pub(crate) fn object(self, table: &Table) -> Object<'_> {
        match self {
            Self::Sessions => Object::Table(table.name()),
            Self::History => Object::Table(MIGRATIONS_TABLE),
            Self::Leases => Object::Table(LEASE_TABLE),
            Self::Database => Object::Database,
        }
    }
}

/// Rights on one thing.
pub(crate) type Right = (On, &'static [&'static str]);

const READING: Right = (On::Sessions, &["SELECT"]);
const DELETING: Right = (On::Sessions, &["SELECT", "DELETE"]);
const UPDATING: Right = (On::Sessions, &["SELECT", "UPDATE"]);
/// The row of a lease is made by whoever takes it first.
const TAKING: Right = (On::Leases, &["SELECT", "INSERT", "UPDATE"]);
/// The row is there: the command that made the history has taken this lease.
const TAKING_AGAIN: Right = (On::Leases, &["SELECT", "UPDATE"]);
const MAKING_HISTORY: Right = (On::History, &["SELECT", "INSERT", "UPDATE", "CREATE"]);
/// To make the table of leases, and take one.
pub(crate) const MAKING_LEASES: Right = (On::Leases, &["SELECT", "INSERT", "UPDATE", "CREATE"]);
const REWRITING_HISTORY: Right = (On::History, &["SELECT", "INSERT", "UPDATE", "DELETE"]);
const SEEING_EVENTS: Right = (On::Database, &["EVENT"]);

/// To read sessions.
pub(crate) const READ: &[Right] = &[READING];
/// To delete sessions.
pub(crate) const DELETE: &[Right] = &[DELETING];
/// To sign sessions anew.
pub(crate) const UPDATE: &[Right] = &[UPDATING];
/// To take a lease whose row may not be there yet.
pub(crate) const TAKE: &[Right] = &[TAKING];
/// To free somebody's lease.
pub(crate) const FREE: &[Right] = &[TAKING_AGAIN];
/// To make, see and drop events.
pub(crate) const EVENT: &[Right] = &[SEEING_EVENTS];
/// To look at the schema: on the database, because csqlstore's own tables may not be there yet, and a right on a table that is
/// not there cannot be given.
pub(crate) const LOOK: &[Right] = &[(On::Database, &["SELECT"])];
/// `migrate up`.
pub(crate) const UP: &[Right] = &[(On::Sessions, &["SELECT", "CREATE", "ALTER"]), MAKING_HISTORY, MAKING_LEASES];
/// `migrate up --dedupe newest`.
pub(crate) const UP_DEDUPING: &[Right] =
    &[(On::Sessions, &["SELECT", "DELETE", "CREATE", "ALTER"]), MAKING_HISTORY, MAKING_LEASES];
/// `migrate adopt`.
pub(crate) const ADOPT: &[Right] = &[READING, MAKING_HISTORY, MAKING_LEASES];
/// `migrate repair`.
pub(crate) const REPAIR: &[Right] = &[READING, REWRITING_HISTORY, TAKING_AGAIN];
/// `migrate down` while the table stays.
pub(crate) const DOWN: &[Right] = &[(On::Sessions, &["SELECT", "ALTER"]), REWRITING_HISTORY, TAKING_AGAIN];
/// `migrate down` that drops the table.
pub(crate) const DOWN_TO_NOTHING: &[Right] = &[(On::Sessions, &["SELECT", "DROP"]), REWRITING_HISTORY, TAKING_AGAIN];

/// Commands, and the rights without which they do not work.
pub(crate) struct Need {
    pub(crate) commands: &'static [&'static str],
    pub(crate) rights: &'static [Right],
}

/// All commands that need any, as docs/grants.md lists them.
pub(crate) const NEEDS: &[Need] = &[
    Need {
        commands: &["session show", "session list", "session find", "session stats", "session export", "cookie decode"],
        rights: READ,
    },
    Need { commands: &["session delete"], rights: DELETE },
    Need { commands: &["session rekey"], rights: &[UPDATING, TAKING] },
    Need { commands: &["purge"], rights: &[DELETING, TAKING] },
    Need { commands: &["migrate status", "migrate plan", "migrate verify"], rights: LOOK },
    Need { commands: &["migrate up"], rights: UP },
    Need { commands: &["migrate up --dedupe newest"], rights: UP_DEDUPING },
    Need { commands: &["migrate adopt"], rights: ADOPT },
    Need { commands: &["migrate repair"], rights: REPAIR },
    Need { commands: &["migrate down"], rights: DOWN },
    Need { commands: &["migrate down --to 0"], rights: DOWN_TO_NOTHING },
    Need { commands: &["migrate unlock"], rights: FREE },
    Need { commands: &["event status"], rights: &[SEEING_EVENTS, READING] },
    Need { commands: &["event install"], rights: &[SEEING_EVENTS, DELETING, TAKING] },
    Need { commands: &["event show", "event remove"], rights: EVENT },
    Need { commands: &["doctor"], rights: &[(On::Database, &["SELECT", "EVENT"])] },
];

/// Returns the rights with those to make a lease's row, for when it is not there.
pub(crate) fn with_the_leases_row(rights: &[Right]) -> Vec<Right> {
    let others = rights.iter().copied().filter(|(on, _)| *on != On::Leases);
    others.chain([TAKING]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = include_str!("../../docs/grants.md");

    fn page_of(need: &Need) -> Vec<String> {
        let table = Table::default();
        let each = need.rights.iter();
        each.map(|(on, rights)| {
            let statement = super::super::render(&rights.join(", "), on.object(&table), Some("DATABASE"), None);
            format!("{statement};")
        })
        .collect()
    }

    #[test]
    fn the_page_says_the_same_of_every_command() {
        let mut told: Vec<(Vec<&str>, Vec<String>)> = Vec::new();
        for section in PAGE.split("\n## ").skip(1) {
            let (heading, body) = section.split_once('\n').unwrap();
            let commands = heading.split(", ").filter_map(|one| one.strip_prefix("`csqlstore ")?.strip_suffix('`'));
            let commands: Vec<&str> = commands.collect();
            let grants = body.lines().filter(|line| line.starts_with("GRANT ")).map(str::to_owned);
            let grants: Vec<String> = grants.collect();
            if !grants.is_empty() {
                told.push((commands, grants));
            }
        }
        let needs: Vec<(Vec<&str>, Vec<String>)> =
            NEEDS.iter().map(|need| (need.commands.to_vec(), page_of(need))).collect();
        assert_eq!(told, needs);
    }
}
