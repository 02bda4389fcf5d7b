//! Counting sessions: by state, size, age, expiry, and by what they hold.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;

use super::open::{Opener, Unreadable};
use super::row::{Row, Stored};
use super::sizes::Sizes;
use crate::session::{Data, State};

/// The states in the order of a session's life.
pub const STATES: [State; 3] = [State::Active, State::Expired, State::Purgeable];

/// The bounds of the spans of time by which sessions are counted, in seconds: an hour, a day, 7 and 30 days, a year.
pub const BOUNDS: [i64; 5] = [3600, 86_400, 604_800, 2_592_000, 31_536_000];

/// So many Go types are told apart; whoever has more writes types by data.
const TYPES: usize = 500;

/// What was counted. Two counts of different rows add up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Rows and bytes of data, by the place of their state in [`STATES`].
    pub states: [Amount; 3],
    /// Sessions by when they expire: those long expired first. The first spans end at minus the [`BOUNDS`] and at 0, the
    /// last begin at the bounds.
    pub expiry: [u64; 12],
    /// Sessions by how long ago they were created, by their ids: less than the first of the [`BOUNDS`] first.
    pub ages: [u64; 6],
    /// Sessions whose ids tell no time.
    pub ageless: u64,
    /// The lengths of their data.
    pub sizes: Sizes,
    /// When the session expired that did so first.
    pub first_expired_at: Option<Timestamp>,
    /// Sessions by the offset from UTC of their writer's local time, in seconds, as their ids show it.
    pub offsets: BTreeMap<i32, Writers>,
    /// Values by Go type, of the sessions that were opened; those of nested values are not counted.
    pub types: HashMap<String, u64>,
    /// Values of further types than are told apart.
    pub other_types: u64,
    /// Sessions by name, by the place of the pair that verified them, from 1, and by whether they are encrypted.
    pub signed: BTreeMap<(String, usize, bool), u64>,
    /// Sessions that were opened.
    pub readable: u64,
    /// Those that did not open.
    pub unreadable: Unreadable,
}

/// Rows, and bytes of their data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    /// Rows.
    pub rows: u64,
    /// Bytes of data.
    pub bytes: u64,
}

/// Sessions whose writers' local times have one offset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Writers {
    /// Sessions.
    pub rows: u64,
    /// By how many seconds the clock of one of the writers was ahead of the server's, at the least: a session is not written
    /// before it is made. Zero if nothing shows that.
    pub ahead_s: i64,
}

impl Stats {
    /// Counts some rows; what they hold only where there is something to open them with.
    #[must_use]
    pub fn of(rows: &[Stored], opener: Option<&Opener>) -> Self {
        let mut stats = Self::default();
        for stored in rows {
            stats.row(&stored.row);
            match opener.map(|opener| opener.open(stored)) {
                None => {}
                Some(Ok(data)) => stats.data(data),
                Some(Err(reason)) => stats.unreadable.add(&reason),
            }
        }
        stats
    }

    /// Returns all rows and bytes.
    #[must_use]
    pub fn total(&self) -> Amount {
        let [a, b, c] = self.states;
        Amount { rows: a.rows + b.rows + c.rows, bytes: a.bytes + b.bytes + c.bytes }
    }

    fn row(&mut self, row: &Row) {
        let state = STATES.iter().position(|state| *state == row.state).unwrap_or(0);
        self.states[state].rows += 1;
        self.states[state].bytes += row.bytes;
        self.sizes.add(row.bytes);
        let seen = row.seen_at.as_second();
        let ahead_s = row.expires_at.map_or(i64::MIN, |at| at.as_second().saturating_sub(seen));
        self.expiry[expiry_span(ahead_s)] += 1;
        if ahead_s < 0 {
            self.first_expired_at = earlier(self.first_expired_at, row.expires_at);
        }
        match (row.id.created_at(), row.id.offset()) {
            (Some(created), Some(offset)) => {
                self.ages[span(seen.saturating_sub(created.as_second()))] += 1;
                let writers = self.offsets.entry(offset.seconds()).or_default();
                writers.rows += 1;
                let ahead_s = row.modified_at.map_or(0, |at| created.as_second().saturating_sub(at.as_second()));
                writers.ahead_s = writers.ahead_s.max(ahead_s);
            }
            _ => self.ageless += 1,
        }
    }

    fn data(&mut self, data: Data) {
        self.readable += 1;
        for (_, value) in data.values.iter() {
            self.of_type(&value.go_type(), 1);
        }
        *self.signed.entry((data.name, data.key, data.encrypted)).or_default() += 1;
    }

    fn of_type(&mut self, name: &str, values: u64) {
        if let Some(count) = self.types.get_mut(name) {
            *count += values;
        } else if self.types.len() < TYPES {
            self.types.insert(name.to_owned(), values);
        } else {
            self.other_types += values;
        }
    }

    /// Adds what was counted of other rows.
    pub fn merge(&mut self, other: Self) {
        let Self {
            states,
            expiry,
            ages,
            ageless,
            sizes,
            first_expired_at,
            offsets,
            types,
            other_types,
            signed,
            readable,
            unreadable,
        } = other;
        for (own, more) in self.states.iter_mut().zip(states) {
            own.rows += more.rows;
            own.bytes += more.bytes;
        }
        self.expiry.iter_mut().zip(expiry).for_each(|(own, more)| *own += more);
        self.ages.iter_mut().zip(ages).for_each(|(own, more)| *own += more);
        self.ageless += ageless;
        self.sizes.merge(&sizes);
        self.first_expired_at = earlier(self.first_expired_at, first_expired_at);
        for (offset, more) in offsets {
            let own = self.offsets.entry(offset).or_default();
            own.rows += more.rows;
            own.ahead_s = own.ahead_s.max(more.ahead_s);
        }
        types.iter().for_each(|(name, values)| self.of_type(name, *values));
        self.other_types += other_types;
        for (by, rows) in signed {
            *self.signed.entry(by).or_default() += rows;
        }
        self.readable += readable;
        self.unreadable.merge(&unreadable);
    }
}

fn earlier(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    [one, other].into_iter().flatten().min()
}

/// Returns the place of a span of time among those that the bounds make.
fn span(seconds: i64) -> usize {
    BOUNDS.iter().take_while(|bound| seconds >= **bound).count()
}

/// Returns the place of the span in which a session expires that does so in so many seconds.
fn expiry_span(ahead_s: i64) -> usize {
    if ahead_s >= 0 { 6 + span(ahead_s) } else { 5 - span(ahead_s.saturating_neg().saturating_sub(1)) }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::session::Id;

    fn row(id: &str, expires_s: i64, bytes: u64) -> Stored {
        let seen_at = Timestamp::from_second(1_795_000_000).unwrap();
        let expires_at = Timestamp::from_second(1_795_000_000 + expires_s).unwrap();
        let state = State::at(expires_at, seen_at, Duration::from_secs(3600));
        let modified_at = Some(seen_at);
        Stored {
            row: Row { id: Id::new(id), state, expires_at: Some(expires_at), modified_at, bytes, seen_at },
            data: None,
        }
    }

    #[test]
    fn spans_are_of_the_time_from_now() {
        for (ahead_s, expected) in [
            (i64::MIN, 0),
            (-31_536_001, 0),
            (-31_536_000, 1),
            (-86_401, 3),
            (-86_400, 4),
            (-3601, 4),
            (-3600, 5),
            (-1, 5),
            (0, 6),
            (3599, 6),
            (3600, 7),
            (2_592_000, 10),
            (31_536_000, 11),
            (i64::MAX, 11),
        ] {
            assert_eq!(expiry_span(ahead_s), expected, "{ahead_s}");
        }
    }

    #[test]
    fn what_is_counted_in_pieces_is_what_is_counted_at_once() {
        let rows = [
            row("2026-11-18T00:00:00Z12345", 60, 100),
            row("2026-11-18T00:00:00+08:0012345", -60, 300),
            row("2026-12-31T00:00:00+08:0012345", -7200, 50),
            row("no time", 90_000, 7),
        ];
        let whole = Stats::of(&rows, None);
        let mut pieces = Stats::of(&rows[..1], None);
        pieces.merge(Stats::of(&rows[1..3], None));
        pieces.merge(Stats::of(&rows[3..], None));
        assert_eq!(whole, pieces);
        assert_eq!(whole.states.map(|it| (it.rows, it.bytes)), [(2, 107), (1, 300), (1, 50)]);
        assert_eq!(whole.total(), Amount { rows: 4, bytes: 457 });
        assert_eq!((whole.expiry[4], whole.expiry[5], whole.expiry[6], whole.expiry[8]), (1, 1, 1, 1));
        assert_eq!((whole.ageless, whole.ages.iter().sum::<u64>()), (1, 3));
        assert_eq!(whole.offsets[&0], Writers { rows: 1, ahead_s: 0 });
        assert_eq!(whole.offsets[&28_800].rows, 2);
        assert!(whole.offsets[&28_800].ahead_s > 30 * 86_400);
        assert_eq!(whole.first_expired_at, rows[2].row.expires_at);
    }

    #[test]
    fn types_are_counted_up_to_a_limit() {
        let mut stats = Stats::default();
        for n in 0..TYPES + 3 {
            stats.of_type(&format!("main.T{n}"), 2);
        }
        stats.of_type("main.T0", 1);
        assert_eq!((stats.types.len(), stats.types["main.T0"], stats.other_types), (TYPES, 3, 6));
    }
}
