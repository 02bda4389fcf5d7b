//! The statements, written once for every kind of server.
//!
//! Portable between MariaDB and MySQL: `CREATE OR REPLACE EVENT` is known to the first only, `ALTER EVENT IF EXISTS` to
//! neither. So the event is created disabled if it is not there, and then altered in every clause, which enables it on
//! the node that runs the statement, takes that role from any other node and replaces whatever had the name.

use super::definition::{Definition, Name};
use crate::schema::Table;

/// Between two batches, in seconds: time for the other nodes to apply the last one.
const PAUSE: &str = "0.05";
/// After a conflict, in seconds: time for the one who won to get out of the way.
const PAUSE_AFTER_CONFLICT: &str = "0.2";

/// Returns what the session must be before either statement, since an event keeps the zone and the mode of the session
/// that made it.
pub(super) const SESSION: &str =
    "SET SESSION time_zone = '+00:00', sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION'";

/// Returns the statement that makes the event, disabled, unless there is one of its name.
#[must_use]
pub fn create(name: &Name, table: &Table, definition: &Definition) -> String {
    format!(
        "CREATE EVENT IF NOT EXISTS {name}\n  ON SCHEDULE EVERY {every} SECOND\n  ON COMPLETION PRESERVE\n  DISABLE\n  \
         COMMENT '{comment}'\n  DO {body}",
        name = name.quoted(),
        every = definition.every().as_secs(),
        comment = definition.comment(),
        body = body(table, definition),
    )
}

/// Returns the statement that gives the event all its clauses and enables it on the node that runs it.
///
/// There is no STARTS: the first run is at once.
#[must_use]
pub fn alter(name: &Name, table: &Table, definition: &Definition) -> String {
    format!(
        "ALTER EVENT {name}\n  ON SCHEDULE EVERY {every} SECOND\n  ON COMPLETION PRESERVE\n  ENABLE\n  \
         COMMENT '{comment}'\n  DO {body}",
        name = name.quoted(),
        every = definition.every().as_secs(),
        comment = definition.comment(),
        body = body(table, definition),
    )
}

/// Returns what the event does at each run.
///
/// The cutoff is read once, in UTC, so that a run ends. Rows go oldest first, in batches that commit alone. A conflict
/// with a writer (1213, 1205), and a cluster that is just changing its members (1047, 1180), costs a pause and not the
/// run. A run ends when less than a batch was left, or when its time is over.
#[must_use]
pub fn body(table: &Table, definition: &Definition) -> String {
    format!(
        "BEGIN
  DECLARE cutoff DATETIME DEFAULT UTC_TIMESTAMP() - INTERVAL {grace} SECOND;
  DECLARE give_up DATETIME DEFAULT UTC_TIMESTAMP() + INTERVAL {max_time} SECOND;
  DECLARE gone BIGINT DEFAULT 0;
  DECLARE refused BOOLEAN DEFAULT FALSE;
  DECLARE CONTINUE HANDLER FOR 1213, 1205, 1047, 1180 SET refused = TRUE;
  SET SESSION autocommit = 1;
  SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED;
  batches: LOOP
    SET refused = FALSE;
    DELETE FROM {table} WHERE expire_on < cutoff ORDER BY expire_on LIMIT {batch};
    SET gone = ROW_COUNT();
    IF UTC_TIMESTAMP() >= give_up THEN LEAVE batches; END IF;
    IF refused THEN
      DO SLEEP({PAUSE_AFTER_CONFLICT});
    ELSEIF gone < {batch} THEN
      LEAVE batches;
    ELSE
      DO SLEEP({PAUSE});
    END IF;
  END LOOP;
END",
        grace = definition.grace().as_secs(),
        max_time = definition.max_time().as_secs(),
        table = table.quoted(),
        batch = definition.batch(),
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

    #[test]
    fn the_body_deletes_in_bounded_steps_of_the_quoted_table() {
        let table = Table::new("a`b").unwrap();
        let definition = Definition::new(std::time::Duration::from_secs(60), std::time::Duration::ZERO, 7).unwrap();
        let body = body(&table, &definition);
        assert!(body.contains("DELETE FROM `a``b` WHERE expire_on < cutoff ORDER BY expire_on LIMIT 7;"), "{body}");
        assert!(body.contains("UTC_TIMESTAMP() - INTERVAL 0 SECOND"), "{body}");
        assert!(body.contains("UTC_TIMESTAMP() + INTERVAL 30 SECOND"), "{body}");
    }
}
