//! The columns of the table of nodes: which there is room for, and what stands in them. Pure.

use std::time::Duration;

use unicode_width::UnicodeWidthStr as _;

use csqlstore::cluster::Kind;
use csqlstore::health::{NodeReport, NodeVerdict, Rates};

use super::super::json::milliseconds;
use super::line::{Line, Paint, cell};
use super::spark::{Glyphs, spark};
use super::watched::{Row, Sample};
use crate::ui::plain;

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Name,
    Verdict,
    State,
    Latency,
    Latencies,
    Queue,
    Queues,
    Paused,
    Lag,
    Writes,
    Rates,
}

use Column::{Lag, Latencies, Latency, Name, Paused, Queue, Queues, State, Verdict, Writes};

/// From left to right.
const ALL: [Column; 11] = [Name, Verdict, State, Latency, Latencies, Queue, Queues, Paused, Lag, Writes, Column::Rates];
/// What goes first where there is no room.
const DISPENSABLE: [Column; 6] = [Paused, Writes, State, Lag, Queue, Latency];
/// Rows of bars, the one that is to be there first in front.
const SPARKS: [Column; 3] = [Latencies, Queues, Column::Rates];
/// Fewer bars say nothing.
const FEWEST_BARS: usize = 6;
/// More are too wide to look at.
const MOST_BARS: usize = 60;
/// A third row of bars is for those who have room.
const ROOM_FOR_THIRD: usize = 24;
const GAP: usize = 2;
/// Longer names are cut, where there are others to be shown.
const LONGEST_NAME: usize = 24;

impl Column {
    fn heading(self) -> &'static str {
        match self {
            Name => "NODE",
            Verdict => "VERDICT",
            State => "STATE",
            Latency => "LATENCY",
            Queue => "QUEUE",
            Paused => "PAUSED",
            Lag => "LAG",
            Writes => "WRITES/S",
            Latencies | Queues | Self::Rates => "",
        }
    }

    fn is_right(self) -> bool {
        !matches!(self, Name | Verdict | State)
    }

    /// What it takes whatever stands in it, so that the others do not move all the time.
    fn least(self) -> usize {
        match self {
            // "degraded", "unusable"
            Verdict => 8,
            // "99.99 ms"
            Latency => 8,
            // "100.0%"
            Paused => 6,
            _ => self.heading().width(),
        }
    }

    fn text(self, row: &Row) -> String {
        let none = || "-".to_owned();
        let Some(report) = row.report else {
            return match self {
                Name => plain(row.name),
                Verdict => "asked".to_owned(),
                _ => none(),
            };
        };
        let load = &report.load;
        let rate = |which: fn(&Rates) -> Option<f64>| load.rates.as_ref().and_then(which);
        match self {
            Name => plain(row.name),
            Verdict => report.verdict.as_str().to_owned(),
            State => report.state.as_deref().map_or_else(none, plain),
            Latency => report.latency.map_or_else(none, latency),
            Queue => match (load.queue, load.queue_limit) {
                (Some(queue), Some(limit)) => format!("{queue}/{limit}"),
                (Some(queue), None) => queue.to_string(),
                (None, _) => none(),
            },
            Paused => rate(|rates| rates.paused_percent).map_or_else(none, |percent| format!("{percent:.1}%")),
            Lag => report.lag.map_or_else(none, |lag| format!("{} s", lag.as_secs())),
            Writes => rate(|rates| rates.writes_per_s).map_or_else(none, |rate| format!("{rate:.0}")),
            Latencies | Queues | Self::Rates => String::new(),
        }
    }
}

/// To the digits that one can see.
fn latency(latency: Duration) -> String {
    let ms = milliseconds(latency);
    if ms < 100.0 { format!("{ms:.2} ms") } else { format!("{ms:.0} ms") }
}

pub(super) fn verdict_paint(verdict: NodeVerdict) -> Paint {
    match verdict {
        NodeVerdict::Ok => Paint::Good,
        NodeVerdict::Degraded | NodeVerdict::Draining => Paint::Warn,
        NodeVerdict::Unusable | NodeVerdict::Down => Paint::Bad,
    }
}

/// The columns that there is room for, with their widths, and what is a full bar in them.
pub(super) struct Columns {
    shown: Vec<(Column, usize)>,
    latency_ms: f64,
    writes_per_s: f64,
    /// The queue that degrades a node, if somebody has said which.
    queue: Option<u64>,
    glyphs: Glyphs,
}

impl Columns {
    pub(super) fn fit(rows: &[Row], queue: Option<u64>, columns: usize, glyphs: Glyphs) -> Self {
        let widest = |column: Column| rows.iter().map(|row| column.text(row).width()).max().unwrap_or(0);
        let width = |column: Column| match column {
            Name => widest(Name).max(column.least()).min(LONGEST_NAME),
            column => widest(column).max(column.least()),
        };
        // Where no node has it, nobody wants to know.
        let told = |column: &Column| match column {
            Lag => rows.iter().any(|row| row.report.is_some_and(|report| report.lag.is_some())),
            Queue => rows.iter().any(|row| row.report.is_none_or(|report| report.load.queue.is_some())),
            Paused => rows.iter().any(|row| row.report.is_none_or(|report| report.vitals.kind() == Kind::Galera)),
            column => !SPARKS.contains(column),
        };
        let mut shown: Vec<(Column, usize)> =
            ALL.into_iter().filter(told).map(|column| (column, width(column))).collect();
        let taken = |shown: &[(Column, usize)]| shown.iter().map(|(_, width)| width + GAP).sum::<usize>() - GAP;
        for dispensable in DISPENSABLE {
            if taken(&shown) > columns {
                shown.retain(|(column, _)| *column != dispensable);
            }
        }
        let has = |shown: &[(Column, usize)], column| shown.iter().any(|(other, _)| *other == column);
        let free = columns.saturating_sub(taken(&shown));
        let wanted = SPARKS.into_iter().filter(|spark| match spark {
            Queues => has(&shown, Queue),
            Column::Rates => has(&shown, Writes),
            _ => true,
        });
        let mut sparks: Vec<Column> = wanted.collect();
        let bars = |count: usize| (free / count).saturating_sub(GAP).min(MOST_BARS);
        if sparks.len() == SPARKS.len() && bars(sparks.len()) < ROOM_FOR_THIRD {
            sparks.pop();
        }
        while !sparks.is_empty() && bars(sparks.len()) < FEWEST_BARS {
            sparks.pop();
        }
        let count = sparks.len();
        let shown = ALL.into_iter().filter_map(|column| {
            let kept = shown.iter().find(|(other, _)| *other == column).copied();
            kept.or_else(|| sparks.contains(&column).then(|| (column, bars(count))))
        });
        let most = |value: fn(&Sample) -> Option<f64>| {
            let samples = rows.iter().flat_map(|row| row.samples.iter().flatten());
            samples.filter_map(value).fold(0.0, f64::max)
        };
        Self {
            shown: shown.collect(),
            // Nodes can be compared; and what is a moment in any case is no mountain.
            latency_ms: most(|sample| sample.latency_ms).max(1.0),
            writes_per_s: most(|sample| sample.writes_per_s).max(1.0),
            queue,
            glyphs,
        }
    }

    pub(super) fn headings(&self) -> Line {
        let mut line = Line::default();
        for (i, (column, width)) in self.shown.iter().enumerate() {
            let gap = " ".repeat(if i == 0 { 0 } else { GAP });
            let heading = cell(column.heading(), *width, column.is_right(), self.glyphs.ellipsis());
            line = line.and(Paint::Plain, gap).and(Paint::Bold, heading);
        }
        line
    }

    pub(super) fn row(&self, row: &Row) -> Line {
        let mut line = Line::default();
        for (i, (column, width)) in self.shown.iter().enumerate() {
            let gap = " ".repeat(if i == 0 { 0 } else { GAP });
            line = line.and(Paint::Plain, gap);
            let (paint, text) = match (column, row.report) {
                (Latencies | Queues | Column::Rates, report) => {
                    // A row that is amiss is seen as one.
                    let paint = report.map_or(Paint::Dim, |report| match report.verdict {
                        NodeVerdict::Ok => Paint::Plain,
                        verdict => verdict_paint(verdict),
                    });
                    (paint, self.bars(*column, *width, row, report))
                }
                (Verdict, Some(report)) => (verdict_paint(report.verdict), column.text(row)),
                (Verdict, None) => (Paint::Dim, column.text(row)),
                _ => (Paint::Plain, column.text(row)),
            };
            line = line.and(paint, cell(&text, *width, column.is_right(), self.glyphs.ellipsis()));
        }
        line
    }

    fn bars(&self, column: Column, width: usize, row: &Row, report: Option<&NodeReport>) -> String {
        let (value, full): (fn(&Sample) -> Option<f64>, f64) = match column {
            Queues => {
                // A full bar is what stops the cluster.
                let limit = self.queue.or_else(|| report?.load.queue_limit);
                let longest = row.samples.iter().flatten().filter_map(|sample| sample.queue).fold(1.0, f64::max);
                #[expect(clippy::cast_precision_loss, reason = "it is drawn in eight steps")]
                let full = limit.map_or(longest, |limit| limit as f64);
                (|sample| sample.queue, full)
            }
            Column::Rates => (|sample| sample.writes_per_s, self.writes_per_s),
            _ => (|sample| sample.latency_ms, self.latency_ms),
        };
        let has = |sample: &&Option<Sample>| sample.as_ref().is_none_or(|sample| value(sample).is_some());
        let values: Vec<Option<f64>> =
            row.samples.iter().filter(has).map(|sample| sample.as_ref().and_then(value)).collect();
        spark(&values, width, full, self.glyphs)
    }
}
