//! What a server's error number means for the one who sent the statement.

/// No such system variable: how a server says that it is of another kind.
pub const NO_SUCH_VARIABLE: u16 = 1193;
/// A right that is not on a database or a table is lacking.
pub const NO_GLOBAL_RIGHT: u16 = 1227;
/// A right on a table is lacking.
pub const NO_RIGHT_ON_TABLE: u16 = 1142;
/// No such statement: how a server says that it knows other words.
pub const NO_SUCH_SYNTAX: u16 = 1064;
/// No such table.
pub const NO_SUCH_TABLE: u16 = 1146;
/// Group Replication lets no row be written to a table without a primary key, nor EXPLAIN of it be asked for.
pub const TABLE_WITHOUT_KEY: u16 = 3098;

/// Somebody killed the statement.
pub(super) const STATEMENT_KILLED: u16 = 1317;
/// Somebody killed the connection. A Galera node that leaves its cluster says so too, to all of its clients.
pub(super) const CONNECTION_KILLED: u16 = 1927;

/// Returns whether a wait for something that others hold or have came to nothing, as the server itself gave it up.
pub(super) fn is_late(code: u16) -> bool {
    // 1205 lock wait, or wsrep_sync_wait's time-out (`repl.causal_read_timeout`); 3797 and 3798 the same in a group.
    matches!(code, 1205 | 3797 | 3798)
}

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
    /// Take half as much at once: the write set was too large, or the statement took too long.
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
        // 3101 a conflict at certification in Group Replication; 1412 the table was altered in the middle of a
        // transaction; 1969 (MariaDB) and 3024 (MySQL) a limit on the time
        // of a statement; 1317 and 1927 an operator's KILL of the statement or the connection; 3797 and 3798 a wait for
        // the other members of a group that came to nothing.
        1213 | 1205 | 3572 | 3101 | 1412 | 1969 | 3024 | 1317 | 1927 | 3797 | 3798 => Class::Conflict,
        // The node cannot serve: 1047 not in a primary component; 1040 too many connections, 1203 and 1226 too many of
        // this account, 1053 shutting down, 2006/2013 gone, 1158 to 1161 a packet cut short or late, 4031 idle for too
        // long, 1129 host blocked, 1290/1836/1792 read-only, 3100 Group
        // Replication's limit, 1180 and 1105 a write set that the cluster refused (or, 1180, a node that is just being
        // cut off), 1021 and 1114 no room, 1037, 1038 and 1041 no memory, 1135 no thread, 1042 and 1043 a handshake that came
        // to nothing, 3796 a member that is in no state to wait for the others.
        1037
        | 1038
        | 1041..=1043
        | 1135
        | 1047
        | 1040
        | 1203
        | 1226
        | 1053
        | 2006
        | 2013
        | 1158..=1161
        | 4031
        | 1129
        | 1290
        | 1836
        | 1792
        | 3100
        | 1180
        | 1105
        | 1021
        | 1114
        | 3796 => Class::Node,
        // 1146 no such table, 1054 no such column, 1062 duplicate key, 1264/1292/1366/1406 a value that does not fit,
        // 1068 second primary key, 1061 duplicate index, 3098 a table that Group Replication refuses (no key).
        1146 | 1054 | 1062 | 1264 | 1292 | 1366 | 1406 | 1068 | 1061 | 3098 => Class::Data,
        _ => Class::Config,
    }
}

/// Returns what a batch of deletes or updates does after an error with this number.
///
/// By number, never by text: messages are translated, and differ between servers.
///
/// After an operator's KILL (1317, 1927) it gives up: somebody wants it to end, and whoever kills it would have to do so
/// again and again if it went on. A server that closes its connections by itself, as a Galera node does that leaves its
/// cluster, can answer 1927 too; the work then ends early, reports what it did, and can be run again.
#[must_use]
pub fn advice(code: u16) -> Advice {
    match code {
        1213 | 1205 | 3101 | 3797 | 3798 => Advice::BackOff,
        // 1180 wsrep_max_ws_rows, 1105 wsrep_max_ws_size, 3100 Group Replication's transaction size; 1969 and 3024 a
        // statement that took too long.
        1180 | 1105 | 3100 | 1969 | 3024 => Advice::Halve,
        1047 | 1040 | 1203 | 1226 | 1053 | 2006 | 2013 | 1158..=1161 | 4031 | 1290 | 1836 | 1792 | 3796 => {
            Advice::OtherNode
        }
        // The node itself has come to its end of something.
        1037 | 1038 | 1041..=1043 | 1135 => Advice::OtherNode,
        _ => Advice::GiveUp,
    }
}

/// Returns whether a server that answers a statement with this number has done nothing of it, or has taken all of it back.
///
/// What it cannot tell of is what it was doing when it shut down or when the connection was killed, and what the cluster
/// refused of a node that was just being cut off.
#[must_use]
pub fn is_undone(code: u16) -> bool {
    match code {
        // 1047 not in a primary component, 1040, 1203 and 1226 too many connections, 1290, 1836 and 1792 read-only,
        // 4031 idle for too long, 1129 host blocked: said before anything is done. 1021 and 1114 no room: taken back.
        1047 | 1040 | 1203 | 1226 | 1290 | 1836 | 1792 | 4031 | 1129 | 1021 | 1114 | 3796 => true,
        CONNECTION_KILLED => false,
        code => class(code) != Class::Node,
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
            (3101, Class::Conflict, Advice::BackOff),
            (3797, Class::Conflict, Advice::BackOff),
            (3798, Class::Conflict, Advice::BackOff),
            (3796, Class::Node, Advice::OtherNode),
            (1135, Class::Node, Advice::OtherNode),
            (1041, Class::Node, Advice::OtherNode),
            (1047, Class::Node, Advice::OtherNode),
            (2013, Class::Node, Advice::OtherNode),
            (1290, Class::Node, Advice::OtherNode),
            (1203, Class::Node, Advice::OtherNode),
            (1226, Class::Node, Advice::OtherNode),
            (1158, Class::Node, Advice::OtherNode),
            (1159, Class::Node, Advice::OtherNode),
            (1160, Class::Node, Advice::OtherNode),
            (1161, Class::Node, Advice::OtherNode),
            (4031, Class::Node, Advice::OtherNode),
            (1969, Class::Conflict, Advice::Halve),
            (3024, Class::Conflict, Advice::Halve),
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
    fn what_may_have_been_done_is_not_called_undone() {
        for code in [1053, 1180, 1105, 3100, 1927, 2013, 2006, 1158, 1161] {
            assert!(!is_undone(code), "{code}");
        }
        for code in [1047, 1040, 1203, 1226, 1290, 1836, 1792, 4031, 1021, 1114, 1213, 1205, 3101, 1062, 1146, 1142] {
            assert!(is_undone(code), "{code}");
        }
    }

    #[test]
    fn what_an_operator_killed_stays_dead_and_may_be_run_again() {
        for code in [1317, 1927] {
            assert_eq!((class(code), advice(code)), (Class::Conflict, Advice::GiveUp), "{code}");
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
