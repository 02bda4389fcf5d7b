//! Where servers differ: statements and names by family, version and kind of cluster, all in one place.
//!
//! What goes by family and version is asked of the node's [`Dialect`], what goes by the kind of cluster of its [`Kind`].
//! The numbers of the errors by which one kind of server says no are in [`number`](super::number).

use super::vitals::{Kind, Vitals};

/// Whose server it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// MariaDB.
    MariaDb,
    /// MySQL, or one built from it, such as Percona's.
    MySql,
}

/// What is to be known of a server before something is said to it that not every server understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    family: Family,
    /// Major and minor.
    version: (u16, u16),
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

impl Dialect {
    /// Tells a server's dialect from its vitals; one that does not say its version is taken for an old one.
    #[must_use]
    pub fn of(vitals: &Vitals) -> Self {
        let version = vitals.get("version").unwrap_or_default();
        // MySQL's version has no such word in it.
        let family = if version.to_ascii_lowercase().contains("mariadb") { Family::MariaDb } else { Family::MySql };
        let mut numbers = version.split(['.', '-']).map_while(|part| part.parse().ok());
        let version = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
        Self { family, version }
    }

    /// Returns whose server it is.
    #[must_use]
    pub fn family(self) -> Family {
        self.family
    }

    /// Returns the right that `SET SESSION binlog_row_image` needs.
    #[must_use]
    pub fn right_to_set_row_image(self) -> &'static str {
        match self.family {
            Family::MariaDb => "BINLOG ADMIN",
            Family::MySql => "SESSION_VARIABLES_ADMIN",
        }
    }

    /// Returns the right that `SET GLOBAL event_scheduler` needs.
    #[must_use]
    pub fn right_to_set_globals(self) -> &'static str {
        match self.family {
            Family::MariaDb => "SUPER",
            Family::MySql => "SYSTEM_VARIABLES_ADMIN",
        }
    }

    /// Returns the statement that shows how far a replica is.
    ///
    /// MySQL has given up the old word in 8.4, and MariaDB takes both but older ones only that.
    #[must_use]
    pub fn replica_status(self) -> &'static str {
        match self.family {
            Family::MySql if self.version >= (8, 1) => "SHOW REPLICA STATUS",
            _ => "SHOW SLAVE STATUS",
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

/// Lets MariaDB run one SELECT without waiting for the other nodes, whatever the session is set to.
///
/// For other servers it is a comment. In MySQL no hint changes that wait, so a session of Group Replication that is to
/// read without waiting must not have been set to wait.
pub const WITHOUT_WAITING: &str = "/*M! SET STATEMENT wsrep_sync_wait=0 FOR */";

/// Lets `information_schema` tell a table's size as it is now: MySQL hands out what it knew up to a day ago. Servers
/// without such a memory, such as MariaDB, refuse it with [`NO_SUCH_VARIABLE`](super::number::NO_SUCH_VARIABLE).
pub const FRESH_STATISTICS: &str = "SET SESSION information_schema_stats_expiry=0";

/// Sets up a new session: UTC, autocommit, and reads that do not wait. A server that was not built with Galera refuses
/// it with [`NO_SUCH_VARIABLE`](super::number::NO_SUCH_VARIABLE), which its greeting does not tell.
pub(super) const GREETING: &str = "SET time_zone='+00:00', autocommit=1, wsrep_sync_wait=0";
/// The same for a server without Galera.
pub(super) const GREETING_WITHOUT_GALERA: &str = "SET time_zone='+00:00', autocommit=1";

/// Returns whether a server's word for an event's state says that it is another node's to run.
#[must_use]
pub fn event_is_elsewhere(status: &str) -> bool {
    // MySQL has called it so since 8.4; a server of the old word can be the one that it was made on.
    matches!(status, "SLAVESIDE_DISABLED" | "REPLICA_SIDE_DISABLED")
}

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

    fn of(values: &[(&str, &str)]) -> Dialect {
        let values = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Dialect::of(&Vitals { values, ..Vitals::default() })
    }

    const MARIADB: &[(&str, &str)] = &[("version", "10.11.19-MariaDB-0+deb12u1")];
    const PXC: &[(&str, &str)] = &[("version", "8.0.36-28.1")];
    const MYSQL: &[(&str, &str)] = &[("version", "9.7.4")];

    #[test]
    fn a_servers_family_and_version_are_read_from_its_version() {
        for (version, expected) in [
            ("10.11.19-MariaDB-0+deb12u1", (Family::MariaDb, (10, 11))),
            ("5.5.5-11.8.9-mariadb", (Family::MariaDb, (5, 5))),
            ("9.7.4", (Family::MySql, (9, 7))),
            ("8.0.36-28.1", (Family::MySql, (8, 0))),
            ("8.4-rc", (Family::MySql, (8, 4))),
            ("", (Family::MySql, (0, 0))),
            ("x.y", (Family::MySql, (0, 0))),
        ] {
            let dialect = of(&[("version", version)]);
            assert_eq!((dialect.family, dialect.version), expected, "{version}");
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
    fn rights_and_statements_go_by_family_and_version() {
        let said = |values| {
            let dialect = of(values);
            (dialect.right_to_set_row_image(), dialect.right_to_set_globals(), dialect.replica_status())
        };
        assert_eq!(said(MARIADB), ("BINLOG ADMIN", "SUPER", "SHOW SLAVE STATUS"));
        assert_eq!(said(PXC), ("SESSION_VARIABLES_ADMIN", "SYSTEM_VARIABLES_ADMIN", "SHOW SLAVE STATUS"));
        assert_eq!(said(MYSQL), ("SESSION_VARIABLES_ADMIN", "SYSTEM_VARIABLES_ADMIN", "SHOW REPLICA STATUS"));
        assert_eq!(
            said(&[("version", "5.7.44")]),
            ("SESSION_VARIABLES_ADMIN", "SYSTEM_VARIABLES_ADMIN", "SHOW SLAVE STATUS")
        );
    }

    #[test]
    fn an_event_is_elsewhere_by_either_word_and_an_index_unused_by_either_column() {
        for (word, expected) in
            [("SLAVESIDE_DISABLED", true), ("REPLICA_SIDE_DISABLED", true), ("DISABLED", false), ("ENABLED", false)]
        {
            assert_eq!(event_is_elsewhere(word), expected, "{word}");
        }
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
