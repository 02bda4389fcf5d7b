//! What the commands that scan have in common: which rows they read, and what they tell while they do.

use std::ops::ControlFlow;
use std::time::Duration;

use clap::Args;

use csqlstore::cluster::On;
use csqlstore::fleet::{self, Fetch, Filter, Life, Options, Reason, Scanned, Step, Stored, Unreadable};
use csqlstore::pacing;
use csqlstore::schema::Table;

use crate::context::Context;
use crate::failure::{Failure, Status, with_causes};
use crate::stop::Signal;
use crate::ui::{Piece, Progress, Tally, Ui, plain, seconds};

/// Which rows are read, and from where.
#[derive(Args, Debug, Clone)]
pub(super) struct FilterArgs {
    /// Only sessions that have not expired
    #[arg(long, conflicts_with = "expired")]
    active: bool,
    /// Only sessions that have expired
    #[arg(long)]
    expired: bool,
    /// Only sessions that were written in this time until now
    #[arg(long, value_name = "DURATION")]
    since: Option<humantime::Duration>,
    /// Call a session purgeable this long after it expired
    #[arg(long, value_name = "DURATION", default_value = "1h")]
    grace: humantime::Duration,
    /// Read on this node; if it is lost in the middle, any usable one takes over
    #[arg(long, value_name = "NAME|auto", default_value = "auto")]
    pub(super) on: On,
}

impl FilterArgs {
    /// Returns what the server picks rows by.
    pub(super) fn filter(&self) -> Filter {
        let Self { active, expired, since, grace, on: _ } = self;
        let life = match (active, expired) {
            (true, _) => Some(Life::Active),
            (_, true) => Some(Life::Expired),
            _ => None,
        };
        Filter { life, since: since.map(Into::into), grace: (*grace).into() }
    }
}

impl FilterArgs {
    /// Says that there is no row, in whole or of those that are asked for.
    pub(super) fn nothing(&self, table: &Table) -> String {
        match self.picks() {
            true => "There is no such session.\n".to_owned(),
            false => format!("There is no session at all in `{}`.\n", plain(table.name())),
        }
    }

    /// Whether some rows are left out.
    pub(super) fn picks(&self) -> bool {
        self.active || self.expired || self.since.is_some()
    }
}

/// How a scan ended.
pub(super) struct Ended {
    pub(super) scanned: Scanned,
    /// The signal that ended it, if one did.
    pub(super) signal: Option<Signal>,
}

impl Ended {
    /// Returns the exit status: of the signal, if one ended the scan.
    pub(super) fn status(&self) -> Status {
        self.signal.map_or(Status::Done, Signal::status)
    }

    /// Says on standard error how many rows were read, and how fast; `share` begins it: `3 of`.
    pub(super) fn tell(&self, share: &str, unreadable: &Unreadable, ui: &Ui) {
        let Self { scanned: Scanned { rows, elapsed, .. }, signal } = self;
        let stopped = signal.map(|signal| format!(", stopped by {}", signal.name())).unwrap_or_default();
        let noun = if *rows == 1 { "session" } else { "sessions" };
        ui.note(format_args!("{share} {rows} {noun} in {} s ({}){stopped}", seconds(*elapsed), rate(*rows, *elapsed)));
        if unreadable.total() > 0 {
            ui.note(unreadable);
        }
        if unreadable.none_verifies(*rows) {
            ui.warning(
                "not one session opens: are these the keys of the application that wrote them, and is `--name` the name of \
                 its cookie?",
            );
        }
    }
}

fn rate(rows: u64, elapsed: Duration) -> String {
    let nanos = elapsed.as_nanos().max(1);
    format!("{}/s", u128::from(rows) * 1_000_000_000 / nanos)
}

/// How long the reader of standard output is given to take what is there already, once a signal has ended the scan.
const FAREWELL: Duration = Duration::from_secs(1);

/// What became of a row that was read.
pub(super) enum Line {
    /// It is in the answer.
    Found,
    /// It is not what was asked for.
    Other,
    /// It does not open.
    Unreadable(Reason),
}

/// Rows whose lines were written.
#[derive(Default)]
pub(super) struct Count {
    pub(super) rows: u64,
    pub(super) found: u64,
    pub(super) unreadable: Unreadable,
}

impl Tally for Count {
    type Line = Line;

    fn count(&mut self, line: Line) {
        self.rows += 1;
        match line {
            Line::Found => self.found += 1,
            Line::Other => {}
            Line::Unreadable(reason) => self.unreadable.add(&reason),
        }
    }
}

/// Scans the table, and writes to standard output what `work` makes of its rows, on all cores and in the order of the scan.
/// Nobody who reads there any more ends the scan quietly. What was read and not written is not counted.
///
/// # Errors
///
/// Exit 3 if no node is usable, or standard output cannot be written to; 4 if there is no table.
pub(super) async fn written(
    args: &FilterArgs,
    (cx, ui): (&Context, &Ui),
    work: impl Fn(Vec<Stored>) -> Piece<Line> + Clone + Send + 'static,
) -> Result<(Ended, Count), Failure> {
    let bar = ui.progress("reading", None);
    let pieces = ui.pieces::<Count>(&bar)?;
    let ended = read((Fetch::Data, args), (cx, ui), &bar, work, async |piece| pieces.write(piece).await).await;
    let enough = async {
        // Somebody who reads gets what is there; whoever does not is waited for no longer.
        cx.stop().requested().await;
        tokio::time::sleep(FAREWELL).await;
    };
    let written = pieces.end(enough).await;
    drop(bar);
    let scanned = ended?;
    let (count, all) = written?;
    let signal = cx.stop().signal().filter(|_| !all || !scanned.whole);
    Ok((Ended { scanned: Scanned { rows: count.rows, ..scanned }, signal }, count))
}

/// Scans the table: `work` runs on all cores, `take` gets what it made in the order of the scan.
///
/// # Errors
///
/// Exit 3 if no node is usable; 4 if there is no table.
pub(super) async fn scan<T: Send + 'static>(
    fetch: Fetch,
    args: &FilterArgs,
    (cx, ui): (&Context, &Ui),
    work: impl Fn(Vec<Stored>) -> T + Clone + Send + 'static,
    mut take: impl FnMut(T),
) -> Result<Ended, Failure> {
    let bar = ui.progress("reading", None);
    let take = async |made| {
        take(made);
        ControlFlow::Continue(())
    };
    let scanned = read((fetch, args), (cx, ui), &bar, work, take).await;
    drop(bar);
    let scanned = scanned?;
    Ok(Ended { scanned, signal: cx.stop().signal().filter(|_| !scanned.whole) })
}

/// Reads until the end of the table, a signal, or a break of `take`.
async fn read<T: Send + 'static>(
    (fetch, args): (Fetch, &FilterArgs),
    (cx, ui): (&Context, &Ui),
    bar: &Progress,
    work: impl Fn(Vec<Stored>) -> T + Clone + Send + 'static,
    mut take: impl AsyncFnMut(T) -> ControlFlow<()>,
) -> Result<Scanned, Failure> {
    let options = Options { on: args.on.clone(), filter: args.filter(), fetch, ..Options::default() };
    let table = (cx.cluster()?, cx.table());
    let stop = pacing::Stop::new();
    let (began, mut rows) = (std::time::Instant::now(), 0);
    let on_step = async |step: Step<T>| {
        match step {
            Step::Worked { rows: more, made } => {
                rows += more;
                bar.say(format!("{rows} rows, {}", rate(rows, began.elapsed())));
                return take(made).await;
            }
            other => bar.aside(|| tell(&other, ui)),
        }
        ControlFlow::Continue(())
    };
    let scan = fleet::scan(table, &options, &stop, work, on_step);
    let mut scan = std::pin::pin!(scan);
    let scanned = tokio::select! {
        scanned = &mut scan => scanned,
        _ = cx.stop().requested() => {
            stop.ask();
            scan.await
        }
    };
    Ok(scanned?)
}

/// Says what happens in a scan besides its rows.
pub(super) fn tell<T>(step: &Step<T>, ui: &Ui) {
    match step {
        Step::OnNode { node } => ui.detail(format_args!("reading on node `{}`", plain(node))),
        Step::StaleReads { node, reason } => {
            let (node, reason) = (plain(node), plain(reason));
            ui.warning(format_args!(
                "what is read on node `{node}` may miss what others have just committed: {reason}"
            ));
        }
        Step::OnePass => ui.warning(
            "no key gives `id` an order: the table is read in one pass, whose snapshot the server keeps until its end \
             (`csqlstore migrate up` adds the key)",
        ),
        Step::Trouble { error } => {
            ui.note(format_args!("{}; going on after the last row", plain(&with_causes(error))));
        }
        // Rows, and a step that a later version of the library adds.
        _ => {}
    }
}
