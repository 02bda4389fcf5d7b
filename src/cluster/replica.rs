//! Async replication: how a server follows its source, if it follows one.

use std::time::Duration;

use mysql_async::Row;

use super::connection::Connection;
use super::dialect::{Family, REPLICA_STATUS};
use super::error::Error;
use super::group;
use super::number::{NO_GLOBAL_RIGHT, NO_SUCH_SYNTAX};

/// How a server follows its sources.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Replication {
    /// It follows nobody, or is of a kind that was not asked.
    #[default]
    None,
    /// It follows a source over each of these.
    Follows(Vec<Channel>),
    /// The account may not look.
    Hidden {
        /// The statement that gives it the right, for somebody who may.
        grant: String,
    },
}

/// One way by which a server follows a source: a connection of MariaDB's, or a channel of MySQL's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// Its name; empty for the usual one.
    pub name: String,
    /// The source: host and port.
    pub source: String,
    /// The source's `server_id`, once it has told it.
    pub source_id: Option<u64>,
    /// Whether what the source writes is fetched: `Slave_IO_Running` or `Replica_IO_Running`.
    pub fetches: Running,
    /// Whether what was fetched is applied: `Slave_SQL_Running` or `Replica_SQL_Running`.
    pub applies: Running,
    /// How far it is behind; `None` if it is stopped, or does not know.
    pub lag: Option<Duration>,
    /// What the server calls its lag: `Seconds_Behind_Master` or `Seconds_Behind_Source`.
    pub lag_name: &'static str,
}

/// Whether a part of the replication runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// What the server calls it.
    pub name: &'static str,
    /// Its word for it: `Yes`, `No`, `Connecting`, …
    pub state: String,
    /// The number of the last error, 0 if there is none.
    pub error: u64,
}

/// Columns of the answer, in the words since MySQL 8.0.22 and in those before, which MariaDB keeps.
struct Words {
    source: [&'static str; 3],
    fetches: &'static str,
    applies: &'static str,
    lag: &'static str,
}

const WORDS: [Words; 2] = [
    Words {
        source: ["Source_Host", "Source_Port", "Source_Server_Id"],
        fetches: "Replica_IO_Running",
        applies: "Replica_SQL_Running",
        lag: "Seconds_Behind_Source",
    },
    Words {
        source: ["Master_Host", "Master_Port", "Master_Server_Id"],
        fetches: "Slave_IO_Running",
        applies: "Slave_SQL_Running",
        lag: "Seconds_Behind_Master",
    },
];

impl Running {
    /// Returns what keeps it from running, or `None` if it runs.
    fn objection(&self) -> Option<String> {
        let Self { name, state, error } = self;
        match (state.eq_ignore_ascii_case("yes"), error) {
            (true, _) => None,
            (false, 0) => Some(format!("{name} is {state}")),
            (false, error) => Some(format!("{name} is {state} (error {error})")),
        }
    }
}

impl Channel {
    /// Reads one row of what [`REPLICA_STATUS`] answers; `None` if it is none.
    #[must_use]
    pub fn of_row(row: &Row) -> Option<Self> {
        let text = |name: &str| -> Option<Option<String>> {
            let at = row.columns_ref().iter().position(|column| column.name_str().eq_ignore_ascii_case(name))?;
            row.get_opt::<Option<String>, _>(at)?.ok()
        };
        Self::of(&text)
    }

    /// The same by what each column holds: `None` if there is no such column.
    fn of(column: &dyn Fn(&str) -> Option<Option<String>>) -> Option<Self> {
        let words = WORDS.iter().find(|words| column(words.lag).is_some())?;
        let text = |name: &str| column(name).flatten().unwrap_or_default();
        let number = |name: &str| text(name).parse::<u64>().ok();
        let running = |name, errors| Running { name, state: text(name), error: number(errors).unwrap_or(0) };
        let [host, port, id] = words.source;
        Some(Self {
            // MariaDB's word, and MySQL's.
            name: ["Connection_name", "Channel_Name"].map(text).concat(),
            source: format!("{}:{}", text(host), text(port)),
            source_id: number(id).filter(|id| *id != 0),
            fetches: running(words.fetches, "Last_IO_Errno"),
            applies: running(words.applies, "Last_SQL_Errno"),
            lag: number(words.lag).map(Duration::from_secs),
            lag_name: words.lag,
        })
    }

    /// Returns why it does not follow its source, naming what decides, or `None` if it does, however far behind.
    #[must_use]
    pub fn objection(&self) -> Option<String> {
        // One that may be written to again by hand: a stopped applier says more than what comes of it.
        let stopped = self.applies.objection().or_else(|| self.fetches.objection());
        stopped.or_else(|| self.lag.is_none().then(|| format!("{} is NULL", self.lag_name)))
    }
}

impl Replication {
    /// Asks a server how it follows its sources; that the account may not look is an answer, not an error.
    ///
    /// # Errors
    ///
    /// Those of [`Connection::rows`].
    pub async fn read(connection: &mut Connection, family: Family) -> Result<Self, Error> {
        let words: &[&str] = match family {
            // The others know one connection of several alone.
            Family::MariaDb => &["SHOW ALL SLAVES STATUS"],
            Family::MySql => &REPLICA_STATUS,
        };
        for sql in words {
            match connection.rows::<Row>("asking whom it follows", sql, ()).await {
                Ok(rows) => {
                    let channels: Vec<Channel> = rows.iter().filter_map(Channel::of_row).collect();
                    return Ok(if channels.is_empty() { Self::None } else { Self::Follows(channels) });
                }
                Err(error) if error.code() == Some(NO_SUCH_SYNTAX) => {}
                Err(error) if error.code() == Some(NO_GLOBAL_RIGHT) => {
                    let account = group::account(connection).await?;
                    let right = match family {
                        Family::MariaDb => "SLAVE MONITOR",
                        Family::MySql => "REPLICATION CLIENT",
                    };
                    return Ok(Self::Hidden { grant: format!("GRANT {right} ON *.* TO {account}") });
                }
                Err(error) => return Err(error),
            }
        }
        Ok(Self::None)
    }

    /// Returns the ways by which it follows a source; none if it does not.
    #[must_use]
    pub fn channels(&self) -> &[Channel] {
        match self {
            Self::Follows(channels) => channels,
            Self::None | Self::Hidden { .. } => &[],
        }
    }

    /// Returns how far it is behind its sources; `None` if it follows none, or one of them not at all.
    #[must_use]
    pub fn lag(&self) -> Option<Duration> {
        let each: Option<Vec<Duration>> =
            self.channels().iter().map(|channel| channel.lag.filter(|_| channel.objection().is_none())).collect();
        each?.into_iter().max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn channel(columns: &[(&str, Option<&str>)]) -> Option<Channel> {
        Channel::of(&|name| {
            let found = columns.iter().find(|(of, _)| of.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.map(str::to_owned))
        })
    }

    fn mariadb(fetches: &str, applies: (&str, &str), lag: Option<&str>) -> Channel {
        let columns = [
            ("Connection_name", Some("")),
            ("Master_Host", Some("db1")),
            ("Master_Port", Some("3306")),
            ("Master_Server_Id", Some("1")),
            ("Slave_IO_Running", Some(fetches)),
            ("Slave_SQL_Running", Some(applies.0)),
            ("Last_SQL_Errno", Some(applies.1)),
            ("Seconds_Behind_Master", lag),
        ];
        channel(&columns).unwrap()
    }

    #[test]
    fn what_keeps_a_replica_from_following_is_named_in_the_servers_words() {
        for (replica, expected) in [
            (mariadb("Yes", ("Yes", "0"), Some("0")), None),
            (mariadb("Yes", ("Yes", "0"), Some("4711")), None),
            (mariadb("Yes", ("No", "1062"), None), Some("Slave_SQL_Running is No (error 1062)")),
            (mariadb("Yes", ("No", "0"), None), Some("Slave_SQL_Running is No")),
            (mariadb("Connecting", ("Yes", "0"), None), Some("Slave_IO_Running is Connecting")),
            (mariadb("Yes", ("Yes", "0"), None), Some("Seconds_Behind_Master is NULL")),
        ] {
            assert_eq!(replica.objection().as_deref(), expected);
        }
        let columns = [
            ("Channel_Name", Some("north")),
            ("Source_Host", Some("db1")),
            ("Source_Port", Some("3306")),
            ("Source_Server_Id", Some("0")),
            ("Replica_IO_Running", Some("No")),
            ("Replica_SQL_Running", Some("Yes")),
            ("Last_IO_Errno", Some("2003")),
            ("Seconds_Behind_Source", None),
        ];
        let replica = channel(&columns).unwrap();
        assert_eq!((replica.name.as_str(), replica.source.as_str(), replica.source_id), ("north", "db1:3306", None));
        assert_eq!(replica.objection().as_deref(), Some("Replica_IO_Running is No (error 2003)"));
        assert_eq!(channel(&[("Host", Some("db1"))]), None);
    }

    #[test]
    fn the_lag_is_that_of_the_slowest_channel_and_of_none_that_is_stopped() {
        let behind = |seconds| mariadb("Yes", ("Yes", "0"), Some(seconds));
        let lag = |channels: &[Channel]| Replication::Follows(channels.to_vec()).lag();
        assert_eq!(lag(&[behind("3"), behind("40")]), Some(Duration::from_secs(40)));
        assert_eq!(lag(&[behind("3"), mariadb("No", ("Yes", "0"), None)]), None);
        assert_eq!(Replication::None.lag(), None);
    }
}
