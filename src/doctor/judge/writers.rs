//! Programs that write sessions under another zone than UTC, as the ids of their sessions tell.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

use super::super::look::Rows;
use crate::span::span;
use crate::{Code, Finding, Level};

/// What the sample shows of the writers of one offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Writer {
    /// Their clocks' offset from UTC, in seconds.
    pub offset_s: i32,
    /// How many sessions of the sample they made.
    pub sessions: usize,
    /// When the newest of these was made.
    pub last_at: Timestamp,
    /// How many of these had expired when they were made.
    pub dead_on_arrival: usize,
}

/// Sorts the sample by the offset in the ids; rows whose id tells none are left out.
pub(in super::super) fn writers(rows: &Rows) -> (Vec<Writer>, Vec<Finding>) {
    let sample = rows.sample.as_deref().unwrap_or_default();
    let mut writers: BTreeMap<i32, Writer> = BTreeMap::new();
    for row in sample {
        let Some((at, offset)) = row.id.created_at().zip(row.id.offset()) else { continue };
        let writer = writers.entry(offset.seconds()).or_insert(Writer {
            offset_s: offset.seconds(),
            sessions: 0,
            last_at: at,
            dead_on_arrival: 0,
        });
        writer.sessions += 1;
        writer.last_at = writer.last_at.max(at);
        writer.dead_on_arrival += usize::from(row.expires_at.is_some_and(|expires| expires <= at));
    }
    let writers: Vec<Writer> = writers.into_values().collect();
    let astray = writers.iter().filter(|writer| writer.offset_s != 0);
    let findings = astray.map(|writer| finding(writer, sample.len(), rows.now)).collect();
    (writers, findings)
}

fn finding(writer: &Writer, sampled: usize, now: Timestamp) -> Finding {
    let Writer { offset_s, sessions, last_at, dead_on_arrival } = writer;
    let off = span(Duration::from_secs(offset_s.unsigned_abs().into()));
    let ago = span(Duration::try_from(now.duration_since(*last_at)).unwrap_or_default());
    let begin = format!(
        "{sessions} of the {sampled} newest sessions were made by a program whose clock is at {} (the last {ago} ago); the Go \
         package writes the expiry of a new session in that zone, and reads it as UTC",
        clock(*offset_s)
    );
    let (level, effect) = match (offset_s.is_positive(), dead_on_arrival) {
        (true, _) => (Level::Warning, format!("one that is not saved again lives {off} too long")),
        (false, 0) => (Level::Warning, format!("one that is not saved again ends {off} too early")),
        (false, dead) => (
            Level::Error,
            format!(
                "one that is to live {off} or less is dead on arrival: {dead} of them had expired when they were made"
            ),
        ),
    };
    Finding::new(level, Code::WriterZone, format!("{begin}: {effect}")).fix("TZ=UTC")
}

/// Writes an offset as an id has it: `+08:00`.
fn clock(offset_s: i32) -> String {
    let minutes = offset_s.unsigned_abs() / 60;
    format!("{}{:02}:{:02}", if offset_s < 0 { '-' } else { '+' }, minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::super::rows::samples::{rows_of, sampled};
    use super::*;

    const NOW: &str = "2026-05-04T12:00:00Z";

    #[test]
    fn each_offset_is_told_with_what_it_does_to_the_sessions() {
        let day = 86_400;
        let rows = rows_of(
            NOW,
            vec![
                sampled("2026-05-04T11:59:00Z12345", day),
                sampled("2026-05-04T19:58:00+08:0012345", day + 8 * 3600),
                sampled("2026-05-04T18:58:00+08:0012345", day),
                // To live an hour, written five hours back.
                sampled("2026-05-04T06:30:00-05:0012345", -4 * 3600),
                sampled("2026-05-04T08:00:00-03:3012345", day),
                sampled("of somebody else", day),
            ],
        );
        let (writers, findings) = writers(&rows);
        let counted: Vec<(i32, usize, usize)> =
            writers.iter().map(|writer| (writer.offset_s, writer.sessions, writer.dead_on_arrival)).collect();
        assert_eq!(counted, [(-18_000, 1, 1), (-12_600, 1, 0), (0, 1, 0), (28_800, 2, 0)]);
        let told: Vec<(Level, &str)> =
            findings.iter().map(|finding| (finding.level, finding.message.as_str())).collect();
        assert_eq!(told.len(), 3);
        for ((level, message), (expected, words)) in told.iter().zip([
            (
                Level::Error,
                ["1 of the 6", "-05:00 (the last 30m ago)", "is to live 5h or less is dead on arrival: 1 of"],
            ),
            (Level::Warning, ["1 of the 6", "-03:30 (the last 30m ago)", "ends 3h 30m too early"]),
            (Level::Warning, ["2 of the 6", "+08:00 (the last 2m ago)", "lives 8h too long"]),
        ]) {
            assert_eq!(*level, expected, "{message}");
            for word in words {
                assert!(message.contains(word), "{word}: {message}");
            }
        }
        assert!(findings.iter().all(|finding| finding.fix.as_deref() == Some("TZ=UTC")));
    }

    #[test]
    fn writers_in_utc_and_ids_of_others_are_no_finding() {
        let rows = rows_of(NOW, vec![sampled("2026-05-04T11:59:00Z12345", 60), sampled("x", 60)]);
        assert!(writers(&rows).1.is_empty());
    }
}
