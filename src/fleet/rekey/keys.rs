//! Which key verifies which row.

use std::collections::BTreeMap;

use crate::cluster::Cluster;
use crate::fleet::batches::Paced;
use crate::fleet::error::Error;
use crate::fleet::open::Unreadable;
use crate::fleet::page::{Filter, Life};
use crate::fleet::renewal::{Judged, Resealer};
use crate::fleet::row::Stored;
use crate::fleet::scan::{Options, Step, scan};
use crate::pacing::Stop;
use crate::schema::Table;

/// Rows by the key that verifies them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys {
    /// Rows that were looked at.
    pub rows: u64,
    /// Rows by the place of the pair that verifies them, from 1; those that stay as they are too.
    pub by_key: BTreeMap<usize, u64>,
    /// Rows that would grow beyond what Go reads, and stay as they are.
    pub too_long: u64,
    /// Rows that do not open, and stay as they are.
    pub unreadable: Unreadable,
}

impl Keys {
    pub(super) fn count(&mut self, judged: &Judged) {
        self.rows += 1;
        match judged {
            Judged::Current => *self.by_key.entry(1).or_default() += 1,
            Judged::Old { key, .. } => *self.by_key.entry(*key).or_default() += 1,
            Judged::TooLong { key } => {
                *self.by_key.entry(*key).or_default() += 1;
                self.too_long += 1;
            }
            Judged::Unreadable(reason) => self.unreadable.add(reason),
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.rows += other.rows;
        for (key, rows) in &other.by_key {
            *self.by_key.entry(*key).or_default() += rows;
        }
        self.too_long += other.too_long;
        self.unreadable.merge(&other.unreadable);
    }

    /// Returns how many rows another pair than the first verifies.
    #[must_use]
    pub fn old(&self) -> u64 {
        self.by_key.iter().filter(|(key, _)| **key != 1).map(|(_, rows)| rows).sum()
    }
}

/// The rows that are signed anew: those that have not expired.
pub(super) fn live() -> Filter {
    Filter { life: Some(Life::Active), ..Filter::default() }
}

/// Counts live rows by the key that verifies them, and changes none. True if it came to the end of the table.
///
/// # Errors
///
/// As [`scan`].
pub async fn keys(
    (cluster, table): (&Cluster, &Table),
    resealer: &Resealer,
    paced: &Paced,
    stop: &Stop,
    mut on_step: impl FnMut(&Step<()>),
) -> Result<(Keys, bool), Error> {
    let options = Options { on: paced.on.clone(), filter: live(), patience: paced.patience, ..Options::default() };
    let resealer = resealer.clone();
    let work = move |rows: Vec<Stored>| {
        let mut keys = Keys::default();
        rows.iter().for_each(|row| keys.count(&resealer.judge(row)));
        keys
    };
    let mut keys = Keys::default();
    let take = async |step: Step<Keys>| {
        on_step(&without(step, |more| keys.merge(&more)));
        std::ops::ControlFlow::Continue(())
    };
    let scanned = scan((cluster, table), &options, stop, work, take).await?;
    Ok((keys, scanned.whole))
}

/// Takes out of a step what the work made.
pub(super) fn without<T>(step: Step<T>, take: impl FnOnce(T)) -> Step<()> {
    match step {
        Step::Worked { rows, made } => {
            take(made);
            Step::Worked { rows, made: () }
        }
        Step::OnNode { node } => Step::OnNode { node },
        Step::StaleReads { node, reason } => Step::StaleReads { node, reason },
        Step::OnePass => Step::OnePass,
        Step::Trouble { error } => Step::Trouble { error },
    }
}
