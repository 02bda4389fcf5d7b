//! The whole screen: what stands where, for a terminal of any size. Pure.

use std::time::Duration;

use csqlstore::health::{ClusterVerdict, Count, Report, Sessions};
use csqlstore::{Code, Level};
use indicatif::HumanCount;

use super::super::look::summary;
use super::columns::Columns;
use super::line::{Line, Paint};
use super::order::{ORDERS, Order};
use super::spark::Glyphs;
use super::watched::Row;
use crate::ui::{Size, plain};

/// What the screen shows.
pub(super) struct Shown<'a> {
    /// The moment, and how often is looked.
    pub(super) moment: String,
    pub(super) interval: Duration,
    pub(super) report: &'a Report,
    /// In the order in which they are shown.
    pub(super) rows: Vec<Row<'a>>,
    pub(super) sessions: Option<(Result<&'a Sessions, &'a str>, Duration)>,
    /// The queue that degrades a node, if somebody has said which.
    pub(super) queue: Option<u64>,
    pub(super) glyphs: Glyphs,
}

/// What somebody has chosen by keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Choice {
    pub(super) order: Order,
    pub(super) reversed: bool,
    pub(super) help: bool,
    /// How many lines of what is longer than the screen are above it.
    pub(super) scrolled: usize,
    /// Whether keys are read.
    pub(super) keys: bool,
}

/// Lines that are always there: three at the top, one free, the headings, one free, the keys.
const FRAME: usize = 7;

/// Lays the screen out; no line is wider than the terminal, and there are no more lines than it has.
pub(super) fn lines(shown: &Shown, choice: &Choice, size: Size) -> Vec<Line> {
    let Size { columns, lines: height } = size;
    let ellipsis = shown.glyphs.ellipsis();
    let table = Columns::fit(&shown.rows, shown.queue, columns, shown.glyphs);
    let (headings, body) =
        if choice.help { (Line::of(Paint::Bold, "KEYS"), help()) } else { (table.headings(), body(shown, &table)) };
    let room = height.saturating_sub(FRAME).max(1);
    let above = choice.scrolled.min(body.len().saturating_sub(room));
    let below = body.len().saturating_sub(above + room);
    let mut lines = head(shown, columns);
    lines.push(Line::default());
    lines.push(headings);
    lines.extend(body.into_iter().skip(above).take(room));
    // What is at the bottom stays there, and is the last to go.
    lines.truncate(height.saturating_sub(1));
    lines.resize(height.saturating_sub(1), Line::default());
    lines.push(foot(choice, above, below));
    lines.truncate(height);
    lines.into_iter().map(|line| line.cut(columns, ellipsis)).collect()
}

/// Returns how far one can scroll.
pub(super) fn furthest(shown: &Shown, choice: &Choice, size: Size) -> usize {
    let table = Columns::fit(&shown.rows, shown.queue, size.columns, shown.glyphs);
    let body = if choice.help { help().len() } else { body(shown, &table).len() };
    body.saturating_sub(size.lines.saturating_sub(FRAME).max(1))
}

fn head(shown: &Shown, columns: usize) -> Vec<Line> {
    let Shown { moment, interval, report, rows, sessions, .. } = shown;
    let right = format!("{moment}, every {}", humantime::format_duration(*interval));
    let title = Line::of(Paint::Bold, "csqlstore node watch").and_right(Paint::Dim, &right, columns);
    let asked = rows.iter().filter(|row| row.report.is_none()).count();
    let verdict = if asked == 0 {
        let size = report.size.map_or_else(String::new, |size| format!(", size {size} of {}", report.expected));
        Line::of(cluster_paint(report.verdict), report.verdict.as_str())
            .and(Paint::Plain, format!(": {}{size}", summary(report)))
    } else {
        let answered = rows.len() - asked;
        Line::of(Paint::Dim, format!("{answered} of {} nodes have answered so far", rows.len()))
    };
    let sessions = match sessions {
        None => Line::of(Paint::Dim, "sessions are being counted"),
        Some((Ok(sessions), age)) => {
            let when = format!("  (on {}, {} s ago)", plain(&sessions.node), age.as_secs());
            counted(sessions).and(Paint::Dim, when)
        }
        Some((Err(reason), _)) => {
            Line::of(Paint::Warn, "sessions not counted").and(Paint::Plain, format!(": {}", plain(reason)))
        }
    };
    vec![title, verdict, sessions]
}

pub(super) fn cluster_paint(verdict: ClusterVerdict) -> Paint {
    match verdict {
        ClusterVerdict::Ok => Paint::Good,
        ClusterVerdict::Warning => Paint::Warn,
        ClusterVerdict::Critical => Paint::Bad,
    }
}

fn counted(sessions: &Sessions) -> Line {
    match (sessions.active, sessions.expired, sessions.rows) {
        (Count::Unknown, _, Some(rows)) | (_, Count::Unknown, Some(rows)) => {
            let rows = HumanCount(rows);
            Line::of(Paint::Plain, format!("sessions: about {rows}; no index on `expire_on` to count along"))
        }
        (Count::Unknown, _, None) | (_, Count::Unknown, None) => {
            Line::of(Paint::Warn, "sessions not counted").and(Paint::Plain, ": there is no such table for this account")
        }
        (active, expired, _) => Line::of(Paint::Plain, "sessions: ")
            .and(Paint::Bold, count(active))
            .and(Paint::Plain, " active, ")
            .and(Paint::Bold, count(expired))
            .and(Paint::Plain, " expired"),
    }
}

fn count(count: Count) -> String {
    match count {
        Count::Exactly(count) => HumanCount(count).to_string(),
        Count::About(count) => format!("about {}", HumanCount(count)),
        Count::MoreThan(count) => format!("more than {}", HumanCount(count)),
        Count::Unknown => "unknown".to_owned(),
    }
}

/// The nodes, why they are what they are, and what was noticed between them.
fn body(shown: &Shown, table: &Columns) -> Vec<Line> {
    let mut lines = Vec::new();
    for row in &shown.rows {
        lines.push(table.row(row));
        if let Some(reason) = row.report.and_then(|report| report.reason.as_deref()) {
            lines.push(Line::of(Paint::Dim, format!("  {}", plain(reason))));
        }
        // A look begins with the interval; one that takes longer has something to say.
        let patience = shown.interval.saturating_mul(2).saturating_add(Duration::from_millis(500));
        if let Some(age) = row.age.filter(|age| *age > patience) {
            let late = format!("  it has not answered for {:.1} s; this is what it said last", age.as_secs_f64());
            lines.push(Line::of(Paint::Warn, late));
        }
    }
    // What is said of one node stands there.
    let of_nodes = [Code::NodeDegraded, Code::NodeDraining, Code::NodeUnusable, Code::NodeDown];
    let findings = shown.report.findings.iter().filter(|finding| !of_nodes.contains(&finding.code));
    let asked = shown.rows.iter().any(|row| row.report.is_none());
    for (i, finding) in findings.filter(|_| !asked).enumerate() {
        if i == 0 {
            lines.push(Line::default());
        }
        let paint = match finding.level {
            Level::Note => Paint::Dim,
            Level::Warning => Paint::Warn,
            Level::Error => Paint::Bad,
        };
        let line = Line::of(paint, format!("{}:", finding.level.as_str()));
        lines.push(line.and(Paint::Plain, format!(" {}", plain(&finding.message))));
    }
    lines
}

fn foot(choice: &Choice, above: usize, below: usize) -> Line {
    let Choice { order, reversed, help, keys, scrolled: _ } = choice;
    if !keys {
        return Line::of(Paint::Dim, "Ctrl-C ends it; keys are read from a terminal alone");
    }
    if *help {
        return Line::of(Paint::Bold, "?").and(Paint::Dim, " back  ").and(Paint::Bold, "q").and(Paint::Dim, " quit");
    }
    let turned = if *reversed { ", reversed" } else { "" };
    let mut line = Line::default();
    for (key, text) in [
        ("q", " quit  ".to_owned()),
        ("?", " help  ".to_owned()),
        ("s", format!(" sort: {}{turned}  ", order.name())),
        ("r", " reverse".to_owned()),
    ] {
        line = line.and(Paint::Bold, key).and(Paint::Dim, text);
    }
    if above + below > 0 {
        line = line.and(Paint::Bold, "  j k").and(Paint::Dim, format!(" {above} lines above, {below} below"));
    }
    line
}

fn help() -> Vec<Line> {
    let mut lines = Vec::new();
    let mut key = |key: &str, text: &str| {
        lines.push(Line::of(Paint::Plain, "  ").and(Paint::Bold, format!("{key:<6}")).and(Paint::Plain, text));
    };
    key("q", "quit; Ctrl-C too");
    key("s", "sort by the next column");
    for (_, its, name) in ORDERS {
        key(&its.to_string(), &format!("sort by {name}"));
    }
    key("r", "the other way round");
    key("j k", "down and up, where there is more than the screen shows; the arrows too");
    key("?", "this help, and back");
    key("Ctrl-L", "draw everything anew");
    key("Ctrl-Z", "stop; `fg` comes back");
    lines
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use csqlstore::health::{Reading, Thresholds};

    use super::super::watched::tests::{answer, silence};
    use super::super::watched::{Seen, Watched};
    use super::*;
    use crate::ui::Style;

    const SECOND: Duration = Duration::from_secs(1);

    fn three() -> Vec<Reading> {
        let ms = Duration::from_micros(140);
        vec![
            answer("n1", ms, &[]),
            silence("n2", "Connection refused (os error 111)"),
            answer("n3", ms, &[("wsrep_local_recv_queue", "8"), ("wsrep_desync", "ON")]),
        ]
    }

    /// What a terminal of this size shows of these nodes, of which the last has not answered for a while.
    fn screen(readings: &[Reading], choice: &Choice, (columns, lines): (usize, usize)) -> Vec<String> {
        let now = Instant::now() + 60 * SECOND;
        let mut watched = Watched::new(readings.iter().map(|reading| reading.node.as_str()), Thresholds::default());
        for (node, reading) in readings.iter().enumerate() {
            let at = if node + 1 == readings.len() { now - 7 * SECOND } else { now };
            for round in 1..=4 {
                watched.take(Seen { node, round, reading: reading.clone(), at });
            }
        }
        let report = watched.report();
        let sessions = Sessions {
            node: "n1".to_owned(),
            active: Count::About(2_000_000),
            expired: Count::Exactly(1234),
            rows: Some(2_001_234),
        };
        let shown = Shown {
            moment: "2026-11-25T08:00:00Z".to_owned(),
            interval: SECOND,
            report: &report,
            rows: watched.rows(&report, now),
            sessions: Some((Ok(&sessions), 3 * SECOND)),
            queue: None,
            glyphs: Glyphs::Unicode,
        };
        let size = Size { columns, lines };
        let shown = super::lines(&shown, choice, size);
        assert!(shown.len() <= lines && shown.iter().all(|line| line.width() <= columns), "{columns}x{lines}");
        shown.iter().map(|line| line.text(&Style { colors: false }).trim_end().to_owned()).collect()
    }

    const KEYS: Choice = Choice { order: Order::Configured, reversed: false, help: false, scrolled: 0, keys: true };

    #[test]
    fn eighty_columns_show_everything_once() {
        let shown = screen(&three(), &KEYS, (80, 24));
        let expected = [
            "csqlstore node watch                              2026-11-25T08:00:00Z, every 1s",
            "critical: 1 of 3 nodes may take sessions (galera), size 3 of 3",
            "sessions: about 2,000,000 active, 1,234 expired  (on n1, 3 s ago)",
            "",
            "NODE  VERDICT   STATE    LATENCY             QUEUE             PAUSED  WRITES/S",
            "n1    ok        Synced   0.14 ms       ▂▂▂▂   0/16       ▁▁▁▁       -         -",
            "n2    down      -              -       ××××      -       ××××       -         -",
            "  Connection refused (os error 111)",
            "n3    draining  Synced   0.14 ms       ▂▂▂▂   8/16       ▅▅▅▅       -         -",
            "  wsrep_desync is ON",
            "  it has not answered for 7.0 s; this is what it said last",
            "",
            "error: 1 of 3 nodes may take sessions, which is no majority",
        ];
        assert_eq!(shown[..expected.len()], expected);
        assert_eq!(shown[23], "q quit  ? help  s sort: configuration  r reverse");
    }

    #[test]
    fn what_there_is_no_room_for_goes_in_an_order() {
        for (columns, headings) in [
            (200, "NODE VERDICT STATE LATENCY QUEUE PAUSED WRITES/S"),
            (80, "NODE VERDICT STATE LATENCY QUEUE PAUSED WRITES/S"),
            (50, "NODE VERDICT STATE LATENCY QUEUE WRITES/S"),
            (40, "NODE VERDICT STATE LATENCY QUEUE"),
            (32, "NODE VERDICT LATENCY QUEUE"),
            (24, "NODE VERDICT LATENCY"),
            (14, "NODE VERDICT"),
            (10, "NODE VER…"),
            (1, "…"),
        ] {
            let shown = screen(&three(), &KEYS, (columns, 24));
            let words: Vec<&str> = shown[4].split_whitespace().collect();
            assert_eq!(words.join(" "), headings, "{columns}");
        }
        // Bars get the room that is left: two rows of them, and three where there is much.
        let bars = |columns| screen(&three(), &KEYS, (columns, 24))[6].matches('×').count();
        assert_eq!([40, 80, 200].map(bars), [0, 8, 12]);
    }

    #[test]
    fn a_low_screen_scrolls_and_keeps_its_last_line() {
        let readings: Vec<Reading> = (1..=20)
            .map(|i| answer(&format!("n{i}"), Duration::from_millis(1), &[("wsrep_cluster_size", "20")]))
            .collect();
        for (lines, scrolled, first, last) in [
            (12, 0, "n1 ", "0 lines above"),
            (12, 4, "n5 ", "4 lines above"),
            (12, 9999, "n17", "16 lines above, 0 below"),
            (6, 0, "", "below"),
            (2, 0, "", "below"),
        ] {
            let shown = screen(&readings, &Choice { scrolled, ..KEYS }, (80, lines));
            assert_eq!(shown.len(), lines);
            assert!(shown[lines - 1].contains(last), "{lines}: {shown:?}");
            assert!(first.is_empty() || shown[5].starts_with(first), "{lines} {scrolled}: {shown:?}");
        }
        for lines in [0, 1] {
            assert!(screen(&readings, &KEYS, (0, lines)).len() <= lines);
        }
    }

    #[test]
    fn the_help_has_every_order_and_where_no_keys_are_read_none_is_shown() {
        let shown = screen(&three(), &Choice { help: true, ..KEYS }, (80, 24)).join("\n");
        for (_, key, name) in ORDERS {
            assert!(shown.contains(&format!("  {key}     sort by {name}")), "{shown}");
        }
        let shown = screen(&three(), &Choice { keys: false, ..KEYS }, (80, 24));
        assert!(shown[23].starts_with("Ctrl-C ends it"), "{shown:?}");
        let shown = screen(&three(), &Choice { order: Order::Queue, reversed: true, ..KEYS }, (80, 24));
        assert!(shown[23].contains("sort: queue, reversed"), "{shown:?}");
    }

    #[test]
    fn numbers_say_how_well_they_are_known() {
        let sessions = |active, expired, rows| Sessions { node: "n1".to_owned(), active, expired, rows };
        for (sessions, expected) in [
            (sessions(Count::Exactly(0), Count::Exactly(5), Some(5)), "sessions: 0 active, 5 expired"),
            (
                sessions(Count::MoreThan(100_000), Count::About(7_000_000), None),
                "sessions: more than 100,000 active, about 7,000,000 expired",
            ),
            (
                sessions(Count::Unknown, Count::Unknown, Some(12)),
                "sessions: about 12; no index on `expire_on` to count along",
            ),
            (
                sessions(Count::Unknown, Count::Unknown, None),
                "sessions not counted: there is no such table for this account",
            ),
        ] {
            assert_eq!(counted(&sessions).text(&Style { colors: false }), expected);
        }
    }
}
