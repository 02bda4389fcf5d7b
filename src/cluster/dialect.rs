//! Where servers differ: statements and names by family, version and kind of cluster, all in one place.
//!
//! What goes by whose server it is is asked of its [`Family`], what goes by the kind of cluster of its [`Kind`].
//! The numbers of the errors by which one kind of server says no are in [`number`](super::number).

use std::time::Duration;

use super::vitals::{Kind, Vitals};

/// Whose server it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// MariaDB.
    MariaDb,
    /// MySQL, or one built from it, such as Percona's.
    MySql,
}

/// What waits for the other nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// Nothing does.
    Nothing,
    /// Reads.
    Reads,
    /// Every statement.
    All,
}

impl Family {
    /// Tells whose server it is by its version.
    #[must_use]
    pub fn of(vitals: &Vitals) -> Self {
        Self::of_version(vitals.get("version").unwrap_or_default())
    }

    /// The same by a version alone, as `SELECT VERSION()` tells it.
    #[must_use]
    pub fn of_version(version: &str) -> Self {
        // MySQL's version has no such word in it.
        if version.to_ascii_lowercase().contains("mariadb") { Self::MariaDb } else { Self::MySql }
    }

    /// Returns the service that the server is, where a system's packages put it.
    #[must_use]
    pub fn service(self) -> &'static str {
        match self {
            Self::MariaDb => "mariadb",
            Self::MySql => "mysql",
        }
    }

    /// Returns the package that the server is in.
    #[must_use]
    pub fn package(self) -> &'static str {
        match self {
            Self::MariaDb => "mariadb-server",
            Self::MySql => "mysql-server",
        }
    }

    /// Returns the variable that says how many threads of a Galera node apply what the others write: Percona renamed it in
    /// 8.0.26.
    #[must_use]
    pub fn applier_threads(self) -> &'static str {
        match self {
            Self::MariaDb => "wsrep_slave_threads",
            Self::MySql => "wsrep_applier_threads",
        }
    }

    /// Returns the right that `SET SESSION binlog_row_image` needs.
    #[must_use]
    pub fn right_to_set_row_image(self) -> &'static str {
        match self {
            Self::MariaDb => "BINLOG ADMIN",
            Self::MySql => "SESSION_VARIABLES_ADMIN",
        }
    }

    /// Returns the right that `SET GLOBAL event_scheduler` needs.
    #[must_use]
    pub fn right_to_set_globals(self) -> &'static str {
        match self {
            Self::MariaDb => "SUPER",
            Self::MySql => "SYSTEM_VARIABLES_ADMIN",
        }
    }
}

impl Kind {
    /// Returns the statement that lets this session's statements wait until the node has applied what the cluster had
    /// committed before; `None` where there is nothing to wait for.
    ///
    /// Group Replication knows no difference between reads and other statements, and needs no right for it.
    #[must_use]
    pub fn wait(self, wait: Wait) -> Option<&'static str> {
        match (self, wait) {
            (Self::Standalone, _) => None,
            (Self::Galera, Wait::Nothing) => Some("SET SESSION wsrep_sync_wait=0"),
            (Self::Galera, Wait::Reads) => Some("SET SESSION wsrep_sync_wait=1"),
            // 15: reads, UPDATE and DELETE, INSERT and REPLACE, SHOW.
            (Self::Galera, Wait::All) => Some("SET SESSION wsrep_sync_wait=15"),
            (Self::GroupReplication, Wait::Nothing) => Some("SET SESSION group_replication_consistency='EVENTUAL'"),
            (Self::GroupReplication, Wait::Reads | Wait::All) => {
                Some("SET SESSION group_replication_consistency='BEFORE'")
            }
        }
    }

    /// Returns the statement that keeps what this session does from then on from the other nodes, and from replicas.
    #[must_use]
    pub fn alone(self) -> &'static str {
        match self {
            Self::Galera => "SET SESSION wsrep_on = OFF",
            // Of a server on its own nobody knows here who follows it.
            Self::GroupReplication | Self::Standalone => "SET SESSION sql_log_bin = OFF",
        }
    }

    /// Returns the statement that lists the members of the cluster; `None` where there is none.
    #[must_use]
    pub fn list_members(self) -> Option<&'static str> {
        match self {
            Self::Galera => Some("SELECT node_name, node_incoming_address FROM mysql.wsrep_cluster_members"),
            Self::GroupReplication => {
                Some("SELECT MEMBER_HOST, MEMBER_PORT FROM performance_schema.replication_group_members")
            }
            Self::Standalone => None,
        }
    }

    /// Returns whether every write in the whole cluster waits while one statement changes a schema.
    #[must_use]
    pub fn ddl_stops_writes(self) -> bool {
        self == Self::Galera
    }

    /// Returns whether no row of a table without a key can be written or deleted: the server refuses it.
    #[must_use]
    pub fn refuses_keyless_rows(self) -> bool {
        self == Self::GroupReplication
    }
}

/// The clause of an ALTER TABLE that gives a table of MySQL's a key for the time being, of the name by which the server
/// itself makes one: where rows may be written to no table without one.
pub const ANY_KEY: &str = "ADD my_row_id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT INVISIBLE PRIMARY KEY FIRST";

/// A read that waits, in a session that is set to, and asks for nothing: without a table Group Replication would let it
/// through at once.
pub const WAITING_READ: &str = "SELECT 1 FROM (SELECT 1) AS nothing";

/// Writes a SELECT that does not wait for the other nodes, whatever the session is set to; `rest` is what follows the
/// word.
///
/// MariaDB runs what stands in the first comment, and Percona XtraDB Cluster heeds the hint in the second, from 8.0.26 on;
/// for each the other's is a comment, and to MySQL both are. A MariaDB that was not built with Galera refuses it with
/// [`NO_SUCH_VARIABLE`](super::number::NO_SUCH_VARIABLE).
///
/// In MySQL no hint changes that wait, so a session of Group Replication that is to read without waiting must not have
/// been set to wait.
///
/// # Source
///
/// Percona XtraDB Cluster 8.0, "Index of wsrep system variables", on `wsrep_sync_wait`; MariaDB, "SET STATEMENT".
#[must_use]
pub fn select_at_once(rest: &str) -> String {
    format!("/*M! SET STATEMENT wsrep_sync_wait=0 FOR */ SELECT /*+ SET_VAR(wsrep_sync_wait=0) */ {rest}")
}

/// Writes a SELECT that the server itself stops after a time, with 1969 (MariaDB) or 3024 (MySQL); `rest` is what follows
/// the word.
///
/// MariaDB runs what stands in the first comment, MySQL heeds the hint in the second.
#[must_use]
pub fn select_within(limit: Duration, rest: &str) -> String {
    let (s, ms) = (limit.as_secs_f64(), limit.as_millis());
    format!("/*M! SET STATEMENT max_statement_time={s} FOR */ SELECT /*+ MAX_EXECUTION_TIME({ms}) */ {rest}")
}

/// Let `information_schema` tell a table's size as it is now, and all its columns: MySQL hands out what it knew up to a
/// day ago, and may hide a key that it made by itself. Servers that know nothing of either, such as MariaDB, refuse them
/// with [`NO_SUCH_VARIABLE`](super::number::NO_SUCH_VARIABLE); the second is of 8.0.30.
pub const ALL_THERE_IS: [&str; 2] = [
    "SET SESSION information_schema_stats_expiry=0",
    "SET SESSION show_gipk_in_create_table_and_information_schema=ON",
];

/// Shows how a server follows its source, where it follows one: in the words that MySQL has taken since 8.0.22 and
/// MariaDB since 10.5, and in those before, which MySQL has given up. A server refuses what it does not know with
/// [`NO_SUCH_SYNTAX`](super::number::NO_SUCH_SYNTAX).
pub const REPLICA_STATUS: [&str; 2] = ["SHOW REPLICA STATUS", "SHOW SLAVE STATUS"];

/// Asks a server how it would do a statement, without doing it: a row for each table, whose column `key` names the index
/// that it would use. It takes the rights that the statement takes.
///
/// The form is named, because MySQL can be set to another; MariaDB knows this name for the only table that it draws.
#[must_use]
pub fn explain(statement: &str) -> String {
    format!("EXPLAIN FORMAT=TRADITIONAL {statement}")
}

/// Sets up a new session: UTC, autocommit, and reads that do not wait. A server that was not built with Galera refuses
/// it with [`NO_SUCH_VARIABLE`](super::number::NO_SUCH_VARIABLE), which its greeting does not tell.
pub(super) const GREETING: &str = "SET time_zone='+00:00', autocommit=1, wsrep_sync_wait=0";
/// The same for a server without Galera.
pub(super) const GREETING_WITHOUT_GALERA: &str = "SET time_zone='+00:00', autocommit=1";

/// Returns whether a row of `information_schema.STATISTICS` is of an index that the server uses: `ignored` is what its
/// column IGNORED says (MariaDB), `visible` what IS_VISIBLE says (MySQL); each family lacks the other's.
#[must_use]
pub fn index_is_used(ignored: Option<&str>, visible: Option<&str>) -> bool {
    ignored != Some("YES") && visible != Some("NO")
}

/// Writes an account, as a server names it (`user@host`), quoted for a statement.
#[must_use]
pub fn quoted_account(account: &str) -> Option<String> {
    let (user, host) = account.rsplit_once('@')?;
    Some(format!("'{}'@'{}'", user.replace('\'', "''"), host.replace('\'', "''")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whose_server_it_is_and_what_its_rights_are_called() {
        const MARIADB: (Family, [&str; 5]) =
            (Family::MariaDb, ["BINLOG ADMIN", "SUPER", "mariadb", "mariadb-server", "wsrep_slave_threads"]);
        const MYSQL: (Family, [&str; 5]) = (
            Family::MySql,
            ["SESSION_VARIABLES_ADMIN", "SYSTEM_VARIABLES_ADMIN", "mysql", "mysql-server", "wsrep_applier_threads"],
        );
        for (version, expected) in [
            ("10.11.19-MariaDB-0+deb12u1", MARIADB),
            ("5.5.5-11.8.9-mariadb", MARIADB),
            ("9.7.4", MYSQL),
            ("8.0.36-28.1", MYSQL),
            ("", MYSQL),
        ] {
            let vitals = Vitals { values: [("version".to_owned(), version.to_owned())].into(), group: None };
            let family = Family::of(&vitals);
            let words = [
                family.right_to_set_row_image(),
                family.right_to_set_globals(),
                family.service(),
                family.package(),
                family.applier_threads(),
            ];
            assert_eq!((family, words), expected, "{version}");
        }
    }

    #[test]
    fn each_kind_of_cluster_is_told_to_wait_in_its_own_words() {
        for (kind, nothing, reads, all) in [
            (Kind::Standalone, None, None, None),
            (
                Kind::GroupReplication,
                Some("SET SESSION group_replication_consistency='EVENTUAL'"),
                Some("SET SESSION group_replication_consistency='BEFORE'"),
                Some("SET SESSION group_replication_consistency='BEFORE'"),
            ),
            (
                Kind::Galera,
                Some("SET SESSION wsrep_sync_wait=0"),
                Some("SET SESSION wsrep_sync_wait=1"),
                Some("SET SESSION wsrep_sync_wait=15"),
            ),
        ] {
            let told = (kind.wait(Wait::Nothing), kind.wait(Wait::Reads), kind.wait(Wait::All));
            assert_eq!(told, (nothing, reads, all), "{kind:?}");
        }
    }

    #[test]
    fn a_select_is_told_to_hurry_in_both_families_words() {
        assert_eq!(
            select_at_once("1"),
            "/*M! SET STATEMENT wsrep_sync_wait=0 FOR */ SELECT /*+ SET_VAR(wsrep_sync_wait=0) */ 1"
        );
        assert_eq!(
            select_within(Duration::from_millis(2250), "1"),
            "/*M! SET STATEMENT max_statement_time=2.25 FOR */ SELECT /*+ MAX_EXECUTION_TIME(2250) */ 1"
        );
    }

    #[test]
    fn an_index_is_unused_by_either_column() {
        for (ignored, visible, expected) in [
            (Some("NO"), None, true),
            (Some("YES"), None, false),
            (None, Some("YES"), true),
            (None, Some("NO"), false),
            (None, None, true),
        ] {
            assert_eq!(index_is_used(ignored, visible), expected, "{ignored:?} {visible:?}");
        }
    }

    #[test]
    fn an_account_is_quoted_whatever_is_in_it() {
        assert_eq!(quoted_account("o'app@%").unwrap(), "'o''app'@'%'");
        assert_eq!(quoted_account("a@b@10.0.0.%").unwrap(), "'a@b'@'10.0.0.%'");
        assert_eq!(quoted_account("nobody"), None);
    }
}
