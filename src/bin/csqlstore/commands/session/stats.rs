//! `csqlstore session stats`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use csqlstore::fleet::{BOUNDS, Fetch, STATES, Stats, Stored};

use super::scanned::{Ended, FilterArgs, scan};
use crate::commands::verify::VerifyArgs;
use crate::context::Context;
use crate::failure::{Failure, Status};
use crate::size::Size;
use crate::ui::{Report, Style, Table, Ui, plain, seconds};

/// Count sessions: by state, size, age and expiry, and by what they hold
///
/// Every row is read. Without a key the rest is left out: Go types, names and keys, and which rows do not open.
///
/// The offsets are those of the writers' local times, as the ids show them. A Go program writes the expiry of a new session
/// in its local time and reads it as UTC: one at +08:00 gives a session that is never saved again 8 hours more, one at -05:00
/// gives it 5 hours less.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  csqlstore session stats
  csqlstore session stats --key-file keys --name session-key
  csqlstore --format json session stats | jq .sizes")]
pub(super) struct StatsArgs {
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    pub(super) verify: VerifyArgs,
}

/// The width of the longest bar.
const BAR: u64 = 36;

pub(super) async fn run(args: &StatsArgs, cx: &Context, ui: &Ui) -> Result<Status, Failure> {
    let StatsArgs { filter, verify } = args;
    cx.cluster()?;
    let opener = if cx.has_keys() { Some(verify.verifier(cx, ui)?.opener()?) } else { None };
    let opened = opener.is_some();
    let fetch = if opened { Fetch::Data } else { Fetch::Lengths };
    let work = move |rows: Vec<Stored>| Stats::of(&rows, opener.as_ref());
    let mut stats = Stats::default();
    let ended = scan(fetch, filter, (cx, ui), work, |more: Stats| stats.merge(more)).await?;
    ended.tell("counted", &stats.unreadable, ui);
    ui.answer(&StatsReport { stats: &stats, ended: &ended, opened, nothing: filter.nothing(cx.table()) })
}

struct StatsReport<'a> {
    stats: &'a Stats,
    ended: &'a Ended,
    /// Whether there were keys to open sessions with.
    opened: bool,
    /// What is said of no row.
    nothing: String,
}

#[derive(Serialize)]
struct StatsJson<'a> {
    rows: u64,
    bytes: u64,
    /// False if the scan was stopped before its end.
    whole: bool,
    elapsed_s: f64,
    states: Vec<StateJson>,
    first_expired_at: Option<Timestamp>,
    /// By the time until a session expires, negative where it has; null is without bound.
    expiry: Vec<SpanJson>,
    /// By the time since a session was created, as its id tells it.
    ages: Vec<SpanJson>,
    ageless: u64,
    sizes: SizesJson,
    offsets: Vec<OffsetJson>,
    /// Null without a key, as are the ones below.
    readable: Option<u64>,
    unreadable: Option<&'a BTreeMap<&'static str, u64>>,
    types: Option<Vec<TypeJson<'a>>>,
    signed: Option<Vec<SignedJson<'a>>>,
}

#[derive(Serialize)]
struct StateJson {
    state: &'static str,
    rows: u64,
    bytes: u64,
}

#[derive(Serialize)]
struct SpanJson {
    from_s: Option<i64>,
    to_s: Option<i64>,
    rows: u64,
}

#[derive(Serialize)]
struct SizesJson {
    p50: Option<u64>,
    p99: Option<u64>,
    largest: u64,
}

#[derive(Serialize)]
struct OffsetJson {
    offset_s: i32,
    rows: u64,
    ahead_s: i64,
}

#[derive(Serialize)]
struct TypeJson<'a> {
    #[serde(rename = "type")]
    name: &'a str,
    values: u64,
}

#[derive(Serialize)]
struct SignedJson<'a> {
    name: &'a str,
    key: usize,
    encrypted: bool,
    rows: u64,
}

/// The spans in which sessions expire, with their bounds.
fn expiry(stats: &Stats) -> Vec<SpanJson> {
    let before = BOUNDS.iter().rev().map(|bound| -bound);
    let edges: Vec<i64> = before.chain([0]).chain(BOUNDS).collect();
    spans(&edges, &stats.expiry)
}

/// What lies between edges, and on either side of them.
fn spans(edges: &[i64], rows: &[u64]) -> Vec<SpanJson> {
    let span = |at: usize| SpanJson {
        from_s: at.checked_sub(1).and_then(|before| edges.get(before)).copied(),
        to_s: edges.get(at).copied(),
        rows: rows.get(at).copied().unwrap_or(0),
    };
    (0..=edges.len()).map(span).collect()
}

/// Types, the most frequent first.
fn types(stats: &Stats) -> Vec<(&str, u64)> {
    let mut types: Vec<(&str, u64)> = stats.types.iter().map(|(name, values)| (name.as_str(), *values)).collect();
    types.sort_by_key(|(name, values)| (std::cmp::Reverse(*values), *name));
    types
}

impl Report for StatsReport<'_> {
    fn json(&self) -> impl Serialize {
        let Self { stats, ended, opened, nothing: _ } = self;
        let total = stats.total();
        let signed = stats.signed.iter().map(|((name, key, encrypted), rows)| SignedJson {
            name,
            key: *key,
            encrypted: *encrypted,
            rows: *rows,
        });
        StatsJson {
            rows: total.rows,
            bytes: total.bytes,
            whole: ended.scanned.whole,
            elapsed_s: seconds(ended.scanned.elapsed),
            states: STATES
                .iter()
                .zip(stats.states)
                .map(|(state, amount)| StateJson { state: state.as_str(), rows: amount.rows, bytes: amount.bytes })
                .collect(),
            first_expired_at: stats.first_expired_at,
            expiry: expiry(stats),
            ages: spans(&BOUNDS, &stats.ages),
            ageless: stats.ageless,
            sizes: SizesJson {
                p50: stats.sizes.percentile(50),
                p99: stats.sizes.percentile(99),
                largest: stats.sizes.largest(),
            },
            offsets: stats
                .offsets
                .iter()
                .map(|(offset, writers)| OffsetJson { offset_s: *offset, rows: writers.rows, ahead_s: writers.ahead_s })
                .collect(),
            readable: opened.then_some(stats.readable),
            unreadable: opened.then(|| stats.unreadable.by_reason()),
            types: opened.then(|| types(stats).into_iter().map(|(name, values)| TypeJson { name, values }).collect()),
            signed: opened.then(|| signed.collect()),
        }
    }

    fn human(&self, style: &Style) -> String {
        let Self { stats, ended: _, opened, nothing } = self;
        let total = stats.total();
        if total.rows == 0 {
            return nothing.clone();
        }
        let mut table = Table::new(&["STATE", "ROWS", "SIZE"], style).right(1).right(2);
        for (state, amount) in STATES.iter().zip(stats.states) {
            table.row([state.to_string(), amount.rows.to_string(), Size(amount.bytes).to_string()]);
        }
        table.row(["all".into(), total.rows.to_string(), Size(total.bytes).to_string()]);
        let mut text = table.text();
        let size = |percent| stats.sizes.percentile(percent).unwrap_or(0);
        // A String takes whatever is written.
        let _ = writeln!(
            text,
            "\n{}\n  half have at most {} bytes, 99 of 100 at most {}, the largest {}",
            style.bold("Sizes"),
            size(50),
            size(99),
            stats.sizes.largest()
        );
        let expiry = expiry(stats).into_iter().map(|span| (expires(&span), span.rows)).collect();
        text.push_str(&histogram("They expire", expiry, style));
        let mut ages: Vec<(String, u64)> =
            spans(&BOUNDS, &stats.ages).into_iter().map(|span| (created(&span), span.rows)).collect();
        if stats.ageless > 0 {
            ages.push(("their ids do not tell".into(), stats.ageless));
        }
        text.push_str(&histogram("They were created", ages, style));
        let offsets = stats.offsets.iter().map(|(offset, writers)| {
            let ahead =
                if writers.ahead_s > 1 { format!(", a clock {} s ahead", writers.ahead_s) } else { String::new() };
            (format!("{}{ahead}", offset_text(*offset)), writers.rows)
        });
        text.push_str(&histogram("Their writers' local times", offsets.collect(), style));
        if *opened {
            let signed = stats.signed.iter().map(|((name, key, encrypted), rows)| {
                let encrypted = if *encrypted { ", encrypted" } else { "" };
                (format!("{} by key {key}{encrypted}", plain(name)), *rows)
            });
            text.push_str(&histogram("They are signed for", signed.collect(), style));
            let mut types: Vec<(String, u64)> =
                types(stats).into_iter().map(|(name, values)| (plain(name), values)).collect();
            if stats.other_types > 0 {
                types.push(("other types".into(), stats.other_types));
            }
            text.push_str(&histogram("Their values, by Go type", types, style));
            let unreadable = stats.unreadable.total();
            if unreadable > 0 {
                let _ = writeln!(text, "\n{}", style.warn(&stats.unreadable));
            }
        } else {
            text.push_str("\nWithout a key nothing is said of what they hold.\n");
        }
        text
    }

    fn status(&self) -> Status {
        self.ended.status()
    }
}

/// Draws counts in 80 columns; spans at either end in which there is nothing are left out.
fn histogram(heading: &str, rows: Vec<(String, u64)>, style: &Style) -> String {
    let first = rows.iter().position(|(_, count)| *count > 0).unwrap_or(rows.len());
    let last = rows.iter().rposition(|(_, count)| *count > 0).map_or(first, |last| last + 1);
    let rows = &rows[first..last];
    if rows.is_empty() {
        return String::new();
    }
    let most = rows.iter().map(|(_, count)| *count).max().unwrap_or(1).max(1);
    // A longer label is cut, so that the bars stay within 80 columns.
    let width = rows.iter().map(|(label, _)| label.chars().count()).max().unwrap_or(0).min(30);
    let digits = rows.iter().map(|(_, count)| count.to_string().len()).max().unwrap_or(0);
    let mut text = format!("\n{}\n", style.bold(heading));
    for (label, count) in rows {
        let label: String = match label.chars().count() {
            long if long > width => label.chars().take(width - 1).chain(['…']).collect(),
            _ => label.clone(),
        };
        // Whatever there is at all has a mark.
        let marks = (u128::from(*count) * u128::from(BAR)).div_ceil(u128::from(most));
        let bar = "#".repeat(usize::try_from(marks).unwrap_or(0));
        // A String takes whatever is written.
        let _ = writeln!(text, "{}", format!("  {label:width$}  {count:digits$}  {}", style.good(bar)).trim_end());
    }
    text
}

/// Names a bound: `1 hour`, `7 days`.
fn bound(seconds: i64) -> String {
    match seconds.unsigned_abs() {
        3600 => "1 hour".into(),
        86_400 => "1 day".into(),
        31_536_000 => "1 year".into(),
        seconds => format!("{} days", seconds / 86_400),
    }
}

fn expires(span: &SpanJson) -> String {
    match (span.from_s, span.to_s) {
        (None, Some(to)) => format!("over {} ago", bound(to)),
        (Some(from), Some(0)) => format!("up to {} ago", bound(from)),
        (Some(from), Some(to)) if to < 0 => format!("{} to {} ago", bound(to), bound(from)),
        (Some(0), Some(to)) => format!("within {}", bound(to)),
        (Some(from), Some(to)) => format!("in {} to {}", bound(from), bound(to)),
        (Some(from), None) => format!("in over {}", bound(from)),
        (None, None) => "at any time".into(),
    }
}

fn created(span: &SpanJson) -> String {
    match (span.from_s, span.to_s) {
        (None, Some(to)) => format!("up to {} ago", bound(to)),
        (Some(from), Some(to)) => format!("{} to {} ago", bound(from), bound(to)),
        (Some(from), None) => format!("over {} ago", bound(from)),
        (None, None) => "at any time".into(),
    }
}

/// Writes an offset as an id does: `+08:00`.
fn offset_text(seconds: i32) -> String {
    let (sign, minutes) = (if seconds < 0 { '-' } else { '+' }, seconds.unsigned_abs() / 60);
    format!("UTC{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Style = Style { colors: false };

    #[test]
    fn a_histogram_keeps_within_80_columns_and_marks_whatever_there_is() {
        let rows = vec![
            ("nothing".to_owned(), 0),
            ("map[string]map[string]interface {}".to_owned(), 1),
            ("none between".to_owned(), 0),
            ("most".to_owned(), u64::MAX),
            ("nothing".to_owned(), 0),
        ];
        let text = histogram("All", rows, &PLAIN);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[1..2], ["All"]);
        assert_eq!(lines[2], "  map[string]map[string]interfa…                     1  #");
        assert!(lines[4].ends_with(&format!("18446744073709551615  {}", "#".repeat(36))), "{text}");
        assert_eq!(lines.len(), 5);
        assert!(histogram("None", vec![("nothing".into(), 0)], &PLAIN).is_empty());
        let usual = vec![("x".repeat(60), 12_345_678)];
        assert!(histogram("Usual", usual, &PLAIN).lines().all(|line| line.chars().count() <= 80));
    }

    #[test]
    fn spans_are_named_for_people() {
        let stats = Stats::default();
        let names: Vec<String> = expiry(&stats).iter().map(expires).collect();
        let expected = [
            "over 1 year ago",
            "30 days to 1 year ago",
            "7 days to 30 days ago",
            "1 day to 7 days ago",
            "1 hour to 1 day ago",
            "up to 1 hour ago",
            "within 1 hour",
            "in 1 hour to 1 day",
            "in 1 day to 7 days",
            "in 7 days to 30 days",
            "in 30 days to 1 year",
            "in over 1 year",
        ];
        assert_eq!(names, expected);
        let names: Vec<String> = spans(&BOUNDS, &stats.ages).iter().map(created).collect();
        assert_eq!((names[0].as_str(), names[5].as_str()), ("up to 1 hour ago", "over 1 year ago"));
        assert_eq!([0, 28_800, -19_800].map(offset_text), ["UTC+00:00", "UTC+08:00", "UTC-05:30"]);
    }
}
