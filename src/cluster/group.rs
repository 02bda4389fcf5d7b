//! Group Replication: what one member sees of its group, and whether it may be relied on.

use super::connection::Connection;
use super::dialect::quoted_account;
use super::error::Error;
use super::number;

/// The table that says who is in the group; an account sees it only with a right of its own.
pub const GROUP_TABLE: &str = "performance_schema.replication_group_members";

/// The table that says how busy each member is; seeing it takes another right of its own.
pub const GROUP_STATS_TABLE: &str = "performance_schema.replication_group_member_stats";

/// What a server says of the group that it is, or should be, a member of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Group {
    /// The members, as this one sees them.
    Seen(Vec<Member>),
    /// The account may not look.
    Hidden {
        /// The statement that gives it the right, for somebody who may.
        grant: String,
    },
}

/// A member of a group, as another one sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its `server_uuid`.
    pub id: String,
    /// Host and port.
    pub address: String,
    /// `ONLINE`, `RECOVERING`, `UNREACHABLE`, `ERROR` or `OFFLINE`.
    pub state: String,
    /// `PRIMARY` or `SECONDARY`; empty while it is neither.
    pub role: String,
}

impl Member {
    /// Whether it takes part in the group's decisions, as far as the one who tells can reach it.
    fn is_reachable(&self) -> bool {
        matches!(self.state.as_str(), "ONLINE" | "RECOVERING")
    }
}

impl Group {
    /// Asks a server who is in its group.
    ///
    /// # Errors
    ///
    /// Those of [`Connection::rows`]; that the account may not look is an answer, not an error.
    pub(super) async fn read(connection: &mut Connection) -> Result<Self, Error> {
        let sql = format!(
            "SELECT MEMBER_ID, CONCAT(MEMBER_HOST, ':', COALESCE(MEMBER_PORT, '')), MEMBER_STATE, MEMBER_ROLE FROM {GROUP_TABLE} \
             ORDER BY 2"
        );
        type Columns = (String, String, String, String);
        match connection.rows::<Columns>("reading the members of the group", &sql, ()).await {
            Ok(rows) => {
                let member = |(id, address, state, role): Columns| Member { id, address, state, role };
                Ok(Self::Seen(rows.into_iter().map(member).collect()))
            }
            Err(error) if error.code() == Some(number::NO_RIGHT_ON_TABLE) => {
                let account = account(connection).await?;
                Ok(Self::Hidden { grant: format!("GRANT SELECT ON {GROUP_TABLE} TO {account}") })
            }
            Err(error) => Err(error),
        }
    }

    /// Returns the server's own entry.
    #[must_use]
    pub fn own(&self, server_uuid: Option<&str>) -> Option<&Member> {
        match self {
            Self::Hidden { .. } => None,
            // One that has never joined has no name in its only entry.
            Self::Seen(members) => members
                .iter()
                .find(|member| Some(member.id.as_str()) == server_uuid)
                .or_else(|| members.first().filter(|member| member.id.is_empty())),
        }
    }

    /// Returns how many members the group has, and how many of them the one who tells can reach.
    #[must_use]
    pub fn size(&self) -> (u64, u64) {
        match self {
            Self::Hidden { .. } => (0, 0),
            Self::Seen(members) => {
                (members.len() as u64, members.iter().filter(|member| member.is_reachable()).count() as u64)
            }
        }
    }

    /// Returns why a member is no working part of its group, or `None` if it is.
    ///
    /// A member that is cut off still calls itself ONLINE, and only the others UNREACHABLE; what is written there waits
    /// until it is in a majority again, with no error. One that has not joined yet is OFFLINE, and can be writable.
    pub(super) fn objection(&self, server_uuid: Option<&str>) -> Option<String> {
        if let Self::Hidden { grant } = self {
            return Some(format!("this account cannot see whether it is in its group: {grant}"));
        }
        let state = self.own(server_uuid).map_or("not reported", |own| own.state.as_str());
        if state != "ONLINE" {
            return Some(format!("MEMBER_STATE is {state}"));
        }
        let (members, reachable) = self.size();
        (reachable * 2 <= members)
            .then(|| format!("it reaches {reachable} of the {members} members of its group, which is no majority"))
    }
}

/// Asks a member how busy it is: counters by their names in small letters; none for an account that may not look.
///
/// # Errors
///
/// Those of [`Connection::rows`].
pub(super) async fn counters(connection: &mut Connection) -> Result<Vec<(String, String)>, Error> {
    let sql = format!("SELECT {} FROM {GROUP_STATS_TABLE} WHERE MEMBER_ID = @@server_uuid", COUNTERS.join(", "));
    type Columns = (u64, u64, u64, u64, u64);
    match connection.rows::<Columns>("reading how busy the member is", &sql, ()).await {
        Ok(rows) => Ok(rows
            .into_iter()
            .flat_map(|(queue, applying, applied, proposed, conflicts)| [queue, applying, applied, proposed, conflicts])
            .zip(COUNTERS)
            .map(|(count, name)| (name.to_ascii_lowercase(), count.to_string()))
            .collect()),
        // No right to, or a server that counts less: nothing is judged by them alone.
        Err(error) if error.code().is_some() => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// What has not been certified, what was received and not applied, and how many there were of each kind.
const COUNTERS: [&str; 5] = [
    "COUNT_TRANSACTIONS_IN_QUEUE",
    "COUNT_TRANSACTIONS_REMOTE_IN_APPLIER_QUEUE",
    "COUNT_TRANSACTIONS_REMOTE_APPLIED",
    "COUNT_TRANSACTIONS_LOCAL_PROPOSED",
    "COUNT_CONFLICTS_DETECTED",
];

/// Returns the account that a connection is of, quoted for a statement.
pub(super) async fn account(connection: &mut Connection) -> Result<String, Error> {
    let account: Option<String> =
        connection.first("asking for the account's name", "SELECT CURRENT_USER()", ()).await?;
    let account = account.and_then(|account| quoted_account(&account));
    Ok(account.unwrap_or_else(|| "ACCOUNT".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(states: &[&str]) -> Group {
        let member = |(at, state): (usize, &&str)| Member {
            id: format!("id{at}"),
            address: format!("127.0.0.1:{at}"),
            state: (*state).to_owned(),
            role: "PRIMARY".to_owned(),
        };
        Group::Seen(states.iter().enumerate().map(member).collect())
    }

    #[test]
    fn a_member_counts_only_online_and_in_a_majority() {
        for (states, expected) in [
            (&["ONLINE"][..], None),
            (&["ONLINE", "ONLINE", "ONLINE"], None),
            (&["ONLINE", "RECOVERING", "UNREACHABLE"], None),
            (&["ONLINE", "UNREACHABLE", "UNREACHABLE"], Some("it reaches 1 of the 3 members")),
            (&["ONLINE", "UNREACHABLE"], Some("it reaches 1 of the 2 members")),
            (&["OFFLINE"], Some("MEMBER_STATE is OFFLINE")),
            (&["RECOVERING", "ONLINE", "ONLINE"], Some("MEMBER_STATE is RECOVERING")),
            (&["ERROR", "ONLINE", "ONLINE"], Some("MEMBER_STATE is ERROR")),
            (&[], Some("MEMBER_STATE is not reported")),
        ] {
            let objection = seen(states).objection(Some("id0"));
            let as_expected = match (&objection, expected) {
                (None, None) => true,
                (Some(said), Some(begin)) => said.starts_with(begin),
                _ => false,
            };
            assert!(as_expected, "{states:?}: {objection:?}");
        }
    }

    #[test]
    fn one_that_never_joined_is_known_by_its_only_entry_without_a_name() {
        let nameless = Member {
            id: String::new(),
            ..match seen(&["OFFLINE"]) {
                Group::Seen(mut members) => members.remove(0),
                Group::Hidden { .. } => unreachable!("made above"),
            }
        };
        assert_eq!(Group::Seen(vec![nameless]).objection(Some("id9")).as_deref(), Some("MEMBER_STATE is OFFLINE"));
        assert_eq!(seen(&["ONLINE"]).objection(Some("id9")).as_deref(), Some("MEMBER_STATE is not reported"));
    }

    #[test]
    fn an_account_that_may_not_look_is_told_the_grant() {
        let grant = format!("GRANT SELECT ON {GROUP_TABLE} TO 'a'@'%'");
        let objection = Group::Hidden { grant: grant.clone() }.objection(Some("id0")).unwrap_or_default();
        assert!(objection.ends_with(&grant), "{objection}");
    }
}
