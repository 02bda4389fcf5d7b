//! How large the table is, how fast it grows, and where that leads.

use std::time::Duration;

use jiff::Timestamp;

use super::super::look::{Rows, Sampled, Statistics};
use super::size;
use crate::schema::Table;
use crate::span::span;
use crate::{Code, Finding, Level};

/// Below this nobody minds how a table grows.
const LARGE: u64 = 1 << 30;
/// Space that nothing lies in and that is worth a word: InnoDB keeps some for what comes next.
const FREE: u64 = 16 << 20;
/// The least span from which a rate is told, in seconds.
const SPAN: i64 = 60;

/// The table's size, and what the newest sessions say of its growth.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Growth {
    /// Rows, as the server estimates.
    pub rows: u64,
    /// Bytes of its data and its indexes.
    pub bytes: u64,
    /// Bytes in its file that nothing lies in.
    pub free_bytes: u64,
    /// New sessions a day, by the ids of the newest; `None` if they tell no rate.
    pub sessions_a_day: Option<f64>,
    /// How long a session lives, from its creation to its expiry: the median of the newest, in seconds.
    pub lifetime_s: Option<u64>,
}

impl Growth {
    /// How many rows there are once as many expire as are made.
    fn settled_rows(&self) -> Option<f64> {
        Some(self.sessions_a_day? * self.lifetime_s? as f64 / 86_400.0)
    }

    fn bytes_a_row(&self, sample: &[Sampled]) -> f64 {
        let sampled: u64 = sample.iter().map(|row| row.bytes + 100).sum();
        match (self.rows, sample.len()) {
            (0, 0) => 0.0,
            (0, rows) => sampled as f64 / rows as f64,
            (rows, _) => self.bytes as f64 / rows as f64,
        }
    }
}

/// Judges the growth; `None` if the size is not known.
pub(in super::super) fn growth(rows: &Rows, table: &Table) -> (Option<Growth>, Vec<Finding>) {
    let Ok(Some(Statistics { rows: count, bytes, free_bytes })) = rows.statistics else { return (None, Vec::new()) };
    let sample = rows.sample.as_deref().unwrap_or_default();
    let growth =
        Growth { rows: count, bytes, free_bytes, sessions_a_day: rate(sample, rows.now), lifetime_s: lifetime(sample) };
    let findings = [grows(&growth, sample, table), fragmented(&growth, table)];
    (Some(growth), findings.into_iter().flatten().collect())
}

/// How many sessions are made a day: the sample's, over the time since its oldest.
fn rate(sample: &[Sampled], now: Timestamp) -> Option<f64> {
    let made: Vec<Timestamp> = sample.iter().filter_map(|row| row.id.created_at()).collect();
    let since = now.duration_since(*made.iter().min()?).as_secs();
    (since >= SPAN).then(|| made.len() as f64 * 86_400.0 / since as f64)
}

fn lifetime(sample: &[Sampled]) -> Option<u64> {
    let lives = sample.iter().filter_map(|row| {
        let lives = row.expires_at?.duration_since(row.id.created_at()?).as_secs();
        u64::try_from(lives).ok()
    });
    let mut lives: Vec<u64> = lives.collect();
    lives.sort_unstable();
    lives.get(lives.len() / 2).copied()
}

fn grows(growth: &Growth, sample: &[Sampled], table: &Table) -> Option<Finding> {
    let settled = growth.settled_rows()?;
    let bytes = settled * growth.bytes_a_row(sample);
    if bytes < LARGE as f64 || settled < 2.0 * growth.rows as f64 {
        return None;
    }
    let message = format!(
        "`{table}` has about {} rows ({}), and goes on to {settled:.0} ({}): {:.0} new sessions a day, each for {}",
        growth.rows,
        size(growth.bytes),
        size(bytes as u64),
        growth.sessions_a_day?,
        span(Duration::from_secs(growth.lifetime_s?))
    );
    Some(Finding::new(Level::Warning, Code::TableGrowth, message).fix("store.Options.MaxAge = 86400 * 30"))
}

fn fragmented(growth: &Growth, table: &Table) -> Option<Finding> {
    let Growth { bytes, free_bytes, .. } = *growth;
    if free_bytes < FREE || free_bytes < bytes {
        return None;
    }
    let message = format!(
        "the file of `{table}` holds {} of data and {} of nothing: what a large purge left",
        size(bytes),
        size(free_bytes)
    );
    let fix = format!("OPTIMIZE TABLE {}", table.quoted());
    Some(Finding::new(Level::Note, Code::TableFragmented, message).fix(fix))
}

#[cfg(test)]
mod tests {
    use super::super::rows::samples::{rows_of, sampled};
    use super::*;

    const NOW: &str = "2026-05-04T12:00:00Z";

    fn judged(statistics: Statistics, count: usize, lives_s: i64) -> (Growth, Vec<Code>) {
        let sample = (0..count).map(|n| sampled(&format!("2026-05-04T11:{:02}:00Z12345", n % 60), lives_s)).collect();
        let mut rows = rows_of(NOW, sample);
        rows.statistics = Ok(Some(statistics));
        let (growth, findings) = growth(&rows, &Table::default());
        (growth.unwrap(), findings.iter().map(|finding| finding.code).collect())
    }

    #[test]
    fn where_the_table_goes_follows_from_rate_and_lifetime() {
        let day = 86_400;
        let small = Statistics { rows: 1000, bytes: 400_000, free_bytes: 0 };
        let (growth, codes) = judged(small, 1000, 30 * day);
        assert_eq!((growth.sessions_a_day, growth.lifetime_s), (Some(24_000.0), Some(2_592_000)));
        assert_eq!(codes, [], "288 MB in the end");
        assert_eq!(judged(small, 1000, 3650 * day).1, [Code::TableGrowth]);
        let there = Statistics { rows: 80_000_000, bytes: 32_000_000_000, free_bytes: 0 };
        assert_eq!(judged(there, 1000, 3650 * day).1, [], "it is there already");
        let (growth, codes) = judged(small, 0, 0);
        assert_eq!((growth.sessions_a_day, growth.lifetime_s, codes), (None, None, vec![]));
    }

    #[test]
    fn space_is_worth_a_word_where_it_is_more_than_the_data() {
        for (bytes, free_bytes, expected) in [
            (1_000_000, 8 << 20, false),
            (1_000_000, 20 << 20, true),
            (1 << 30, 20 << 20, false),
            (1 << 30, 2 << 30, true),
        ] {
            let (_, codes) = judged(Statistics { rows: 1, bytes, free_bytes }, 0, 0);
            assert_eq!(codes.contains(&Code::TableFragmented), expected, "{bytes} {free_bytes}");
        }
    }
}
