//! What the event does at each run, as the server keeps it.

use super::definition::Definition;
use super::name::Name;
use crate::lease;
use crate::schema::{LEASE_TABLE, Table};

/// Between two batches, in seconds: time for the other nodes to apply the last one.
const PAUSE: &str = "0.05";
/// After a conflict, in seconds: time for the one who won to get out of the way, and not the same for all who lost.
const PAUSE_AFTER_CONFLICT: &str = "0.1 + 0.2 * RAND()";
/// How often the lease is asked for, and given back, while others are in the way.
const TRIES: u32 = 20;
/// Of a server that is busy or just changing its members, and not of the work: 1213 deadlock or lost certification, 1205
/// a lock wait, 1412 the table was altered, 1047 not in the primary component, 1180 and 1105 a write set that the cluster
/// refused (smaller, it may pass), 3100 and 3101 the same and a lost certification of Group Replication.
const CONFLICTS: &str = "1213, 1205, 1412, 1047, 1180, 1105, 3100, 3101";

/// Returns what the event does at each run.
///
/// It takes the lease `purge`, or ends if somebody else has it. The cutoff is read once, in UTC, so that a run ends. Rows
/// go oldest first, in batches; each batch is a transaction that also counts its rows in the lease's row, so that it
/// commits only while the lease is this run's, on every node alike. A conflict with a writer costs a pause and not the
/// run: the next batch is half as large and comes from the other end, since a row that somebody keeps locked must not
/// stand in the way of all others. A run ends when less than a batch was left, or when its time is over, and gives the
/// lease back; so does one that fails, before the server writes the error into its log. Where the definer may say so, deleted
/// rows travel to the other nodes as their keys alone.
#[must_use]
pub fn body(event: &Name, table: &Table, definition: &Definition) -> String {
    let row = format!("session_table = {} AND name = {}", literal(table.name()), literal(lease::Name::Purge.as_str()));
    let ours = format!("{row} AND owner = me AND epoch = mine");
    let free = format!("UPDATE {LEASE_TABLE} SET owner = '', phase = '', expires_at = UTC_TIMESTAMP(6)");
    let text = "VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";
    format!(
        "BEGIN
  DECLARE cutoff DATETIME DEFAULT UTC_TIMESTAMP() - INTERVAL {grace} SECOND;
  DECLARE give_up DATETIME DEFAULT UTC_TIMESTAMP() + INTERVAL {max_time} SECOND;
  DECLARE here {text} DEFAULT LEFT(CONCAT(@@hostname, ':', @@port), 255);
  DECLARE me {text} DEFAULT LEFT(CONCAT('event:', {event}, '@', here), 255);
  DECLARE mine BIGINT UNSIGNED DEFAULT 0;
  DECLARE refused, backwards, done BOOLEAN DEFAULT FALSE;
  DECLARE step INT DEFAULT {batch};
  DECLARE tries INT DEFAULT 0;
  DECLARE gone, deleted, counted BIGINT DEFAULT 0;
  DECLARE CONTINUE HANDLER FOR {CONFLICTS} SET refused = TRUE;
  DECLARE EXIT HANDLER FOR SQLEXCEPTION
  BEGIN
    ROLLBACK;
    BEGIN
      DECLARE CONTINUE HANDLER FOR SQLEXCEPTION BEGIN END;
      {free}
        WHERE {ours};
    END;
    RESIGNAL;
  END;
  SET SESSION autocommit = 1, innodb_lock_wait_timeout = 2, lock_wait_timeout = 5;
  SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED;
  BEGIN
    DECLARE CONTINUE HANDLER FOR SQLEXCEPTION BEGIN END;
    SET SESSION binlog_row_image = MINIMAL;
  END;
  taking: LOOP
    SET refused = FALSE;
    SET tries = tries + 1;
    SET counted = 0;
    IF NOT EXISTS (SELECT 1 FROM {LEASE_TABLE} WHERE {row}) THEN
      INSERT IGNORE INTO {LEASE_TABLE}
        (session_table, name, owner, epoch, phase, node, connection_id, acquired_at, expires_at, note)
        VALUES ({table_name}, {lease_name}, '', 0, '', '', 0, NULL, NULL, '');
    END IF;
    IF NOT refused THEN
      UPDATE {LEASE_TABLE} SET owner = me, epoch = LAST_INSERT_ID(epoch + 1), phase = 'work', node = here,
        connection_id = CONNECTION_ID(), acquired_at = UTC_TIMESTAMP(6),
        expires_at = UTC_TIMESTAMP(6) + INTERVAL {length} SECOND,
        last_run_at = UTC_TIMESTAMP(6), last_rows = 0, last_node = here
        WHERE {row}
        AND (owner = '' OR COALESCE(expires_at < UTC_TIMESTAMP(6) - INTERVAL {margin} SECOND, TRUE));
      SET counted = ROW_COUNT();
    END IF;
    IF NOT refused AND counted = 1 THEN SET mine = LAST_INSERT_ID(); END IF;
    IF NOT refused OR tries >= {TRIES} THEN LEAVE taking; END IF;
    DO SLEEP({PAUSE_AFTER_CONFLICT});
  END LOOP;
  IF mine > 0 THEN
    batches: LOOP
      SET refused = FALSE;
      SET counted = 0;
      START TRANSACTION;
      IF backwards THEN
        DELETE FROM {table} WHERE expire_on < cutoff ORDER BY expire_on DESC LIMIT step;
      ELSE
        DELETE FROM {table} WHERE expire_on < cutoff ORDER BY expire_on LIMIT step;
      END IF;
      SET gone = ROW_COUNT();
      IF gone > 0 AND NOT refused THEN
        UPDATE {LEASE_TABLE} SET last_rows = deleted + gone
          WHERE {ours};
        SET counted = ROW_COUNT();
      END IF;
      IF refused OR (gone > 0 AND counted <> 1) THEN ROLLBACK; ELSE COMMIT; END IF;
      IF refused THEN
        SET step = GREATEST(step DIV 2, 1);
        SET backwards = NOT backwards;
      ELSEIF gone > 0 AND counted <> 1 THEN
        LEAVE batches;
      ELSE
        SET deleted = deleted + gone;
        SET done = gone < step;
        SET step = LEAST(step * 2, {batch});
      END IF;
      IF done OR UTC_TIMESTAMP() >= give_up THEN LEAVE batches; END IF;
      DO SLEEP(IF(refused, {PAUSE_AFTER_CONFLICT}, {PAUSE}));
    END LOOP;
    SET tries = 0;
    giving_back: LOOP
      SET refused = FALSE;
      SET tries = tries + 1;
      {free}
        WHERE {ours};
      IF NOT refused OR tries >= {TRIES} THEN LEAVE giving_back; END IF;
      DO SLEEP({PAUSE_AFTER_CONFLICT});
    END LOOP;
  END IF;
END",
        grace = definition.grace().as_secs(),
        max_time = definition.max_time().as_secs(),
        length = definition.lease_length().as_secs(),
        margin = definition.margin().as_secs(),
        batch = definition.batch(),
        event = literal(event.as_str()),
        table = table.quoted(),
        table_name = literal(table.name()),
        lease_name = literal(lease::Name::Purge.as_str()),
    )
}

/// Writes a text so that no mode of a session and no server's own way of storing a body changes it.
fn literal(text: &str) -> String {
    if text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '-' | ' ')) {
        return format!("'{text}'");
    }
    let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    format!("CONVERT(0x{hex} USING utf8mb4)")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn of(table: &str) -> String {
        let table = Table::new(table).unwrap();
        let definition = Definition::new(Duration::from_secs(60), Duration::ZERO, 7, Duration::from_secs(30)).unwrap();
        body(&Name::of(&table), &table, &definition)
    }

    #[test]
    fn deletes_in_bounded_steps_of_the_quoted_table() {
        let body = of("a`b");
        assert_eq!(body.matches("DELETE FROM `a``b` WHERE expire_on < cutoff ORDER BY expire_on").count(), 2, "{body}");
        assert_eq!(body.matches("DELETE").count(), body.matches("LIMIT step;").count());
        for part in [
            "step INT DEFAULT 7;",
            "UTC_TIMESTAMP() - INTERVAL 0 SECOND",
            "UTC_TIMESTAMP() + INTERVAL 30 SECOND",
            "expires_at = UTC_TIMESTAMP(6) + INTERVAL 60 SECOND",
            "expires_at < UTC_TIMESTAMP(6) - INTERVAL 60 SECOND",
        ] {
            assert!(body.contains(part), "{part} in {body}");
        }
    }

    #[test]
    fn a_name_is_a_literal_that_nothing_in_it_can_end() {
        for (name, expected) in [
            ("session_cluster", "'session_cluster'"),
            ("a-b c$", "'a-b c$'"),
            ("it's", "CONVERT(0x69742773 USING utf8mb4)"),
            ("a\\b", "CONVERT(0x615c62 USING utf8mb4)"),
            ("ä", "CONVERT(0xc3a4 USING utf8mb4)"),
        ] {
            assert_eq!(literal(name), expected);
        }
        assert!(of("it's").contains("session_table = CONVERT(0x69742773 USING utf8mb4) AND name = 'purge'"));
    }
}
