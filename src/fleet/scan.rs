//! A scan of the table: rows read over one connection, worked on by all cores, handed out in their order.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use futures_util::stream::{FuturesOrdered, StreamExt as _};
use tokio::sync::mpsc;

use super::error::Error;
use super::page::{Fetch, Filter};
use super::reader::{Event, Reader};
use super::row::Stored;
use crate::cluster::{self, Cluster, On};
use crate::pacing::Stop;
use crate::schema::Table;

/// How a scan is to run.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where it starts. If that node is lost it goes on on any usable one.
    pub on: On,
    /// Which rows are read.
    pub filter: Filter,
    /// What is read of them.
    pub fetch: Fetch,
    /// How long it goes on without a page that comes whole.
    pub patience: Duration,
}

impl Default for Options {
    /// Any usable node, all rows, 30 s of patience.
    fn default() -> Self {
        Self { on: On::Auto, filter: Filter::default(), fetch: Fetch::Data, patience: Duration::from_secs(30) }
    }
}

/// Something that happened in a scan.
#[derive(Debug)]
#[non_exhaustive]
pub enum Step<T> {
    /// Rows were worked on; in the order of the scan.
    Worked {
        /// Rows of this piece.
        rows: u64,
        /// What the work made of them.
        made: T,
    },
    /// The scan reads on this node now.
    OnNode {
        /// The node's name.
        node: String,
    },
    /// Reads on this node may miss what other nodes committed a moment ago.
    StaleReads {
        /// The node's name.
        node: String,
        /// The server's answer.
        reason: String,
    },
    /// No key gives `id` an order: the table is read in one pass, whose snapshot the server keeps until the end, and
    /// which cannot go on elsewhere.
    OnePass,
    /// A page failed, and is read again, on another node where this one is lost.
    Trouble {
        /// Why.
        error: cluster::Error,
    },
}

/// What a scan came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scanned {
    /// Rows that were handed out.
    pub rows: u64,
    /// The time it took.
    pub elapsed: Duration,
    /// Whether it came to the end of the table; false if it was stopped before, by either side.
    pub whole: bool,
}

/// Reads the rows of a table that pass a filter, each once, and gives them to `work` in pieces of some hundred, on all cores
/// of the machine; what that makes comes back through `take` in the order of the scan, which is that of `id` where a key
/// allows.
///
/// A few pieces are on their way at any time, however many rows there are; whoever takes slowly is waited for. `take` ends
/// the scan by breaking, `stop` from elsewhere.
///
/// # Errors
///
/// [`Error::Cluster`] if nothing could be read at all: no node is usable, or there is no such table; [`Error::BrokeOff`] if
/// rows had been handed out before.
pub async fn scan<T: Send + 'static>(
    (cluster, table): (&Cluster, &Table),
    options: &Options,
    stop: &Stop,
    work: impl Fn(Vec<Stored>) -> T + Clone + Send + 'static,
    mut take: impl FnMut(Step<T>) -> ControlFlow<()>,
) -> Result<Scanned, Error> {
    let began = Instant::now();
    let most = std::thread::available_parallelism().map_or(2, usize::from) + 1;
    let (tell, mut told) = mpsc::channel(2);
    tokio::spawn(Reader::new((cluster, table), options, stop, tell).run());
    let mut working = FuturesOrdered::new();
    let (mut rows, mut failed, mut ended) = (0, None, false);
    while !(ended && working.is_empty()) {
        let step = tokio::select! {
            biased;
            () = stop.wanted() => return Ok(Scanned { rows, elapsed: began.elapsed(), whole: false }),
            Some(worked) = working.next(), if !working.is_empty() => match worked {
                Ok((count, made)) => {
                    rows += count;
                    Step::Worked { rows: count, made }
                }
                // A panic of ours stays one.
                Err(error) => match tokio::task::JoinError::try_into_panic(error) {
                    Ok(panic) => std::panic::resume_unwind(panic),
                    Err(_) => break,
                },
            },
            event = told.recv(), if !ended && working.len() < most => match event {
                None => {
                    ended = true;
                    continue;
                }
                Some(Event::Rows(rows)) => {
                    let work = work.clone();
                    working.push_back(tokio::task::spawn_blocking(move || (rows.len() as u64, work(rows))));
                    continue;
                }
                Some(Event::Failed(error)) => {
                    failed = Some(error);
                    continue;
                }
                Some(Event::OnNode { node, stale }) => match stale {
                    Some(reason) => Step::StaleReads { node, reason },
                    None => Step::OnNode { node },
                },
                Some(Event::OnePass) => Step::OnePass,
                Some(Event::Trouble(error)) => Step::Trouble { error },
            },
        };
        if take(step).is_break() {
            return Ok(Scanned { rows, elapsed: began.elapsed(), whole: false });
        }
    }
    match failed {
        None => Ok(Scanned { rows, elapsed: began.elapsed(), whole: true }),
        Some(error) if rows == 0 => Err(error.into()),
        Some(source) => Err(Error::BrokeOff { rows, source }),
    }
}
