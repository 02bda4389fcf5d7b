//! The watch where there is no terminal: lines, for a log or a program.

use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::Watch;
use super::lines;
use crate::failure::{Failure, Status};
use crate::stop::{Signal, Stop};
use crate::ui::{Piece, Pieces, Ui};

/// Writes a round each interval, until there were enough or nobody reads any more.
pub(super) async fn run(watch: &mut Watch, stop: &Stop, ui: &Ui) -> Result<Status, Failure> {
    let out = ui.pieces::<()>(&ui.progress("", None))?;
    let status = rounds(watch, stop, ui, &out).await?;
    // Whoever does not read must not hold a signal up.
    let ((), whole) = out
        .end(async {
            stop.requested().await;
        })
        .await?;
    Ok(stop.signal().filter(|_| !whole).map_or(status, Signal::status))
}

async fn rounds(watch: &mut Watch, stop: &Stop, ui: &Ui, out: &Pieces<()>) -> Result<Status, Failure> {
    let (mut round, mut written) = (1, 0);
    loop {
        // One that hangs costs the first round its deadline, and the others no more than half of the interval.
        let patience = if written == 0 { watch.deadline + Duration::from_millis(500) } else { watch.interval / 2 };
        let due = watch.probing.beginning(round) + patience;
        let complete =
            |watch: &Watch| watch.watched.is_complete(round) && (written > 0 || watch.watched.counted.is_some());
        while !complete(watch) {
            tokio::select! {
                event = watch.probing.next() => watch.take(event),
                () = tokio::time::sleep_until(due.into()) => break,
                signal = stop.requested() => return Ok(signal.status()),
            }
        }
        let (at, now) = (Timestamp::now(), Instant::now());
        let text = if ui.is_for_people() {
            lines::text(&watch.watched, at, now, &ui.colors())
        } else {
            let text = lines::json(&watch.watched, at, now);
            text.map_err(|error| Failure::bug("writing the answer as JSON failed", &error))?
        };
        tokio::select! {
            wrote = out.write(Piece::of(&text)) => if wrote.is_break() {
                return Ok(Status::Done);
            },
            signal = stop.requested() => return Ok(signal.status()),
        }
        written += 1;
        if watch.ending.count.is_some_and(|count| written >= count) {
            return Ok(Status::Done);
        }
        round = watch.probing.round().max(round) + 1;
        let next = watch.probing.beginning(round);
        if watch.ending.until.is_some_and(|until| next > until) {
            return Ok(Status::Done);
        }
        while Instant::now() < next {
            tokio::select! {
                event = watch.probing.next() => watch.take(event),
                () = tokio::time::sleep_until(next.into()) => break,
                () = out.closed() => return Ok(Status::Done),
                signal = stop.requested() => return Ok(signal.status()),
            }
        }
    }
}
