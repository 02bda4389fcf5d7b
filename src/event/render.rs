//! The statements, written once for every kind of server.
//!
//! Portable between MariaDB and MySQL: `CREATE OR REPLACE EVENT` is known to the first only, `ALTER EVENT IF EXISTS` to
//! neither. So the event is created disabled if it is not there, and then altered in every clause, which enables it on
//! the node that runs the statement, takes that role from any other node and replaces whatever had the name. On Galera
//! no statement may fail on some nodes and not on others; each of these can be carried out whether the event is there or
//! not, or follows one that makes sure that it is.

use super::body::body;
use super::definition::Definition;
use super::name::Name;
use crate::schema::Table;

/// Returns what the session must be before the others, since an event keeps the zone and the mode of the session that
/// made it.
pub const SESSION: &str = "SET SESSION time_zone = '+00:00', sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION'";

/// Returns the statement that makes the event, disabled, unless there is one of its name.
#[must_use]
pub fn create(name: &Name, table: &Table, definition: &Definition) -> String {
    format!("CREATE EVENT IF NOT EXISTS {}{}", name.quoted(), clauses("DISABLE", name, table, definition))
}

/// Returns the statement that gives the event all its clauses and enables it on the node that runs it.
///
/// There is no STARTS: the first run is at once.
#[must_use]
pub fn alter(name: &Name, table: &Table, definition: &Definition) -> String {
    format!("ALTER EVENT {}{}", name.quoted(), clauses("ENABLE", name, table, definition))
}

/// Returns the statement that removes the event, if it is there.
#[must_use]
pub fn drop(name: &Name) -> String {
    format!("DROP EVENT IF EXISTS {}", name.quoted())
}

fn clauses(state: &str, name: &Name, table: &Table, definition: &Definition) -> String {
    format!(
        "\n  ON SCHEDULE EVERY {every} SECOND\n  ON COMPLETION PRESERVE\n  {state}\n  COMMENT '{comment}'\n  DO {body}",
        every = definition.every().as_secs(),
        comment = definition.comment(),
        body = body(name, table, definition),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> (Name, Table, Definition) {
        let table = Table::new("a`b").unwrap();
        (Name::of(&table), table, Definition::default())
    }

    #[test]
    fn both_statements_name_every_clause_in_the_order_servers_ask_for() {
        let (name, table, definition) = all();
        for (text, first, state) in [
            (create(&name, &table, &definition), "CREATE EVENT IF NOT EXISTS `csqlstore_purge_a``b`", "DISABLE"),
            (alter(&name, &table, &definition), "ALTER EVENT `csqlstore_purge_a``b`", "ENABLE"),
        ] {
            let clauses =
                [first, "ON SCHEDULE EVERY 3600 SECOND", "ON COMPLETION PRESERVE", state, "COMMENT '", "DO BEGIN"];
            let places: Vec<usize> = clauses.map(|clause| text.find(clause).expect(clause)).into();
            assert!(places.is_sorted(), "{text}");
            assert!(text.ends_with("END"), "{text}");
        }
    }

    #[test]
    fn nothing_in_it_depends_on_a_zone_or_on_a_role() {
        let (name, table, definition) = all();
        for text in [create(&name, &table, &definition), alter(&name, &table, &definition)] {
            for word in
                ["NOW(", "CURRENT_TIMESTAMP", "SYSDATE", "SLAVE", "REPLICA", "STARTS", "OR REPLACE", "LOW_PRIORITY"]
            {
                assert!(!text.to_uppercase().replace("UTC_TIMESTAMP", "").contains(word), "{word} in {text}");
            }
        }
    }
}
