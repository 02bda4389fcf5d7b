//! What a server's error number means for the one who sent the statement.

/// What kind of trouble an error is, and so who can mend it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// A node is down, unreachable, or not in a state to serve: another node, or later.
    Node,
    /// Somebody else was faster, or holds what is wanted: the same again, a little later.
    Conflict,
    /// The request, the account or the address is wrong: nothing helps but changing it.
    Config,
    /// A table or a row is not what it should be.
    Data,
}

/// What a batch of work does after an error with some number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advice {
    /// Wait a little, take half as much, do it again on the same connection.
    BackOff,
    /// Take half as much at once: the write set was too large.
    Halve,
    /// This connection or node is of no more use: look for a usable node and go on there.
    OtherNode,
    /// Doing it again cannot help.
    GiveUp,
}

/// Returns the class of a server's error number.
#[must_use]
pub fn class(code: u16) -> Class {
    match code {
        // 1213 deadlock, or a conflict at certification; 1205 lock wait, or wsrep_sync_wait's time-out; 3572 NOWAIT;
        // 1412 the table was altered in the middle of a transaction.
        1213 | 1205 | 3572 | 1412 => Class::Conflict,
        // The node cannot serve: 1047 not in a primary component; 1040 too many connections, 1053 shutting down,
        // 1927/1317 killed, 2006/2013 gone, 1129 host blocked, 1290/1836/1792 read-only, 3100 Group
        // Replication's limit, 1180 and 1105 a write set that the cluster refused (or, 1180, a node that is just being
        // cut off), 1021 and 1114 no room.
        1047 | 1040 | 1053 | 1927 | 1317 | 2006 | 2013 | 1129 | 1290 | 1836 | 1792 | 3100 | 1180 | 1105 | 1021
        | 1114 => Class::Node,
        // 1146 no such table, 1054 no such column, 1062 duplicate key, 1264/1292/1366/1406 a value that does not fit,
        // 1068 second primary key, 1061 duplicate index, 3098 a table that Group Replication refuses (no key).
        1146 | 1054 | 1062 | 1264 | 1292 | 1366 | 1406 | 1068 | 1061 | 3098 => Class::Data,
        _ => Class::Config,
    }
}

/// Returns what a batch of deletes or updates does after an error with this number.
///
/// By number, never by text: messages are translated, and differ between servers.
#[must_use]
pub fn advice(code: u16) -> Advice {
    match code {
        1213 | 1205 => Advice::BackOff,
        // 1180 wsrep_max_ws_rows, 1105 wsrep_max_ws_size, 3100 Group Replication's transaction size.
        1180 | 1105 | 3100 => Advice::Halve,
        1047 | 1040 | 1053 | 1927 | 1317 | 2006 | 2013 | 1290 | 1836 | 1792 => Advice::OtherNode,
        _ => Advice::GiveUp,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_a_retry_can_help_are_never_given_up() {
        let table = [
            (1213, Class::Conflict, Advice::BackOff),
            (1205, Class::Conflict, Advice::BackOff),
            (1047, Class::Node, Advice::OtherNode),
            (2013, Class::Node, Advice::OtherNode),
            (1290, Class::Node, Advice::OtherNode),
            (1180, Class::Node, Advice::Halve),
            (1105, Class::Node, Advice::Halve),
            (3100, Class::Node, Advice::Halve),
        ];
        for (code, expected_class, expected_advice) in table {
            assert_eq!(class(code), expected_class, "{code}");
            assert_eq!(advice(code), expected_advice, "{code}");
        }
    }

    #[test]
    fn missing_rights_and_tables_are_given_up() {
        for (code, expected) in [
            (1142, Class::Config),
            (1227, Class::Config),
            (1045, Class::Config),
            (1146, Class::Data),
            (1054, Class::Data),
        ] {
            assert_eq!(class(code), expected, "{code}");
            assert_eq!(advice(code), Advice::GiveUp, "{code}");
        }
    }
}
