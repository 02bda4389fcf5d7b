//! The statements that a scan sends, and the filters that a server can apply.

use std::fmt::Write as _;
use std::time::Duration;

use jiff::Timestamp;

use super::row::COLUMNS;
use crate::cluster::{Connection, Error};
use crate::schema::{self, Index, Table};
use crate::session::State;
use crate::store::LARGEST;

/// Sessions in one part of their life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// Not expired.
    Active,
    /// Expired, purgeable or not.
    Expired,
}

/// What rows are wanted; the server picks them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// Those in one part of their life, or all.
    pub life: Option<Life>,
    /// Those that were written in so long a time until now, or all.
    pub since: Option<Duration>,
    /// How long after its end a session is called purgeable.
    pub grace: Duration,
}

impl Default for Filter {
    /// All rows, purgeable an hour after their end.
    fn default() -> Self {
        Self { life: None, since: None, grace: Duration::from_secs(3600) }
    }
}

impl Filter {
    /// Returns the condition on a row, by the server's clock when it was first asked.
    pub(super) fn condition(&self, now: Timestamp) -> String {
        let Self { life, since, grace: _ } = self;
        let mut sql = String::from("TRUE");
        match life {
            Some(Life::Active) => push(&mut sql, format_args!("expire_on >= '{}'", schema::literal(now))),
            Some(Life::Expired) => push(&mut sql, format_args!("expire_on < '{}'", schema::literal(now))),
            None => {}
        }
        // Longer than the calendar is since ever.
        let from = since.and_then(|since| now.checked_sub(jiff::SignedDuration::try_from(since).ok()?).ok());
        if let Some(from) = from.filter(|from| *from >= Timestamp::UNIX_EPOCH) {
            push(&mut sql, format_args!("modify_at >= '{}'", schema::literal(from)));
        }
        sql
    }

    /// Returns where a row stands that expires then; one without a date is long past, as in SQL.
    pub(super) fn state(&self, expires_at: Option<Timestamp>, now: Timestamp) -> State {
        expires_at.map_or(State::Purgeable, |at| State::at(at, now, self.grace))
    }
}

fn push(sql: &mut String, condition: std::fmt::Arguments<'_>) {
    // A String takes whatever is written.
    let _ = write!(sql, " AND {condition}");
}

/// How a table is read from one end to the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// In pages in the order of `id`, each from where the last ended.
    Pages,
    /// In one go: no key gives `id` an order that pages could follow.
    OnePass,
}

impl Way {
    /// Finds the way that the table's indexes allow.
    pub(super) async fn of(connection: &mut Connection, table: &Table) -> Result<Self, Error> {
        let paged = |index: &Index| index.tells_rows_apart() && index.finds("id") && index.parts.len() == 1;
        let indexes = schema::indexes(connection, table).await?;
        Ok(if indexes.iter().any(paged) { Self::Pages } else { Self::OnePass })
    }
}

/// What is read of a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fetch {
    /// Everything.
    #[default]
    Data,
    /// Everything but its data, of which the length alone is told.
    Lengths,
}

/// Where a page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum From {
    First,
    /// After the id that is the statement's parameter.
    After,
}

/// Writes the statement of one page of at most `rows` rows, or of the one pass.
///
/// Data that is too long for a session stays where it is.
pub(super) fn statement(
    table: &Table,
    (way, from): (Way, From),
    fetch: Fetch,
    (condition, rows): (&str, usize),
) -> String {
    let after = match from {
        From::First => "",
        From::After => " AND id > ?",
    };
    let end = match way {
        Way::Pages => format!("{after} ORDER BY id LIMIT {rows}"),
        Way::OnePass => String::new(),
    };
    let data = match fetch {
        Fetch::Data => format!(", IF(LENGTH(data) > {LARGEST}, NULL, data)"),
        Fetch::Lengths => String::new(),
    };
    format!("SELECT {COLUMNS}{data} FROM {} WHERE {condition}{end}", table.quoted())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_picks_what_it_can() {
        let now: Timestamp = "2026-11-22T01:02:03Z".parse().unwrap();
        let hour = Duration::from_secs(3600);
        for (life, since, expected) in [
            (None, None, "TRUE"),
            (Some(Life::Active), None, "TRUE AND expire_on >= '2026-11-22 01:02:03'"),
            (
                Some(Life::Expired),
                Some(hour),
                "TRUE AND expire_on < '2026-11-22 01:02:03' AND modify_at >= '2026-11-22 00:02:03'",
            ),
            (None, Some(Duration::MAX), "TRUE"),
            (None, Some(hour * 24 * 365 * 100), "TRUE"),
        ] {
            assert_eq!(Filter { life, since, grace: hour }.condition(now), expected);
        }
    }

    #[test]
    fn a_page_begins_after_the_last_id_and_a_pass_has_no_pages() {
        let table = Table::default();
        let page = statement(&table, (Way::Pages, From::After), Fetch::Data, ("TRUE", 7));
        assert!(page.ends_with(" FROM `session_cluster` WHERE TRUE AND id > ? ORDER BY id LIMIT 7"), "{page}");
        let page = statement(&table, (Way::Pages, From::First), Fetch::Data, ("TRUE", 7));
        assert!(page.ends_with(" WHERE TRUE ORDER BY id LIMIT 7"), "{page}");
        let pass = statement(&table, (Way::OnePass, From::First), Fetch::Data, ("TRUE", 7));
        assert!(pass.ends_with(" WHERE TRUE"), "{pass}");
    }

    #[test]
    fn a_row_without_a_date_is_long_past() {
        let now = Timestamp::UNIX_EPOCH;
        assert_eq!(Filter::default().state(None, now), State::Purgeable);
        assert_eq!(Filter::default().state(Some(now), now), State::Active);
    }
}
