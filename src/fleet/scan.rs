//! A scan of the table: rows read over one connection, worked on by all cores, handed out in their order.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use futures_util::stream::{FuturesOrdered, StreamExt as _};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::error::Error;
use super::may::refused;
use super::page::{Fetch, Filter};
use super::reader::{Event, Reader};
use super::row::Stored;
use crate::cluster::{self, Cluster, On};
use crate::grant::needs;
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
    /// Rows of a page. Each page costs the server a look-up and us a round trip, and a large one keeps its snapshot for longer.
    pub page: usize,
    /// How long it goes on without a page that comes whole.
    pub patience: Duration,
}

impl Default for Options {
    /// Any usable node, all rows, 30 s of patience.
    fn default() -> Self {
        Self {
            on: On::Auto,
            filter: Filter::default(),
            fetch: Fetch::Data,
            page: 10_000,
            patience: Duration::from_secs(30),
        }
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

/// A piece that is worked on: how many rows it has, and what becomes of them.
type Piece<T> = JoinHandle<(u64, T)>;

/// A scan that is on its way: whoever wants the next step asks for it.
pub(super) struct Scan<T> {
    place: (Cluster, Table),
    told: mpsc::Receiver<Event>,
    working: FuturesOrdered<Piece<T>>,
    work: Box<dyn Fn(Vec<Stored>) -> Piece<T> + Send>,
    most: usize,
    rows: u64,
    failed: Option<cluster::Error>,
    ended: bool,
}

impl<T: Send + 'static> Scan<T> {
    pub(super) fn start(
        (cluster, table): (&Cluster, &Table),
        options: &Options,
        stop: &Stop,
        work: impl Fn(Vec<Stored>) -> T + Clone + Send + 'static,
    ) -> Self {
        let (tell, told) = mpsc::channel(2);
        tokio::spawn(Reader::new((cluster, table), options, stop, tell).run());
        let work = move |rows: Vec<Stored>| {
            let work = work.clone();
            tokio::task::spawn_blocking(move || (rows.len() as u64, work(rows)))
        };
        let most = std::thread::available_parallelism().map_or(2, usize::from) + 1;
        let working = FuturesOrdered::new();
        let place = (cluster.clone(), table.clone());
        Self { place, told, working, work: Box::new(work), most, rows: 0, failed: None, ended: false }
    }

    /// Returns the next step, or nothing at the end of the table. Whoever drops the future of this loses nothing.
    ///
    /// # Errors
    ///
    /// As [`scan`].
    pub(super) async fn next(&mut self) -> Result<Option<Step<T>>, Error> {
        while !(self.ended && self.working.is_empty()) {
            tokio::select! {
                biased;
                Some(worked) = self.working.next(), if !self.working.is_empty() => match worked {
                    Ok((rows, made)) => {
                        self.rows += rows;
                        return Ok(Some(Step::Worked { rows, made }));
                    }
                    // A panic of ours stays one; that the runtime ends is no end of the scan.
                    Err(error) => match error.try_into_panic() {
                        Ok(panic) => std::panic::resume_unwind(panic),
                        Err(_) => break,
                    },
                },
                event = self.told.recv(), if !self.ended && self.working.len() < self.most => match event {
                    None => self.ended = true,
                    Some(Event::Rows(rows)) => self.working.push_back((self.work)(rows)),
                    Some(Event::Failed(error)) => self.failed = Some(error),
                    Some(Event::OnNode { node, stale: None }) => return Ok(Some(Step::OnNode { node })),
                    Some(Event::OnNode { node, stale: Some(reason) }) => {
                        return Ok(Some(Step::StaleReads { node, reason }));
                    }
                    Some(Event::OnePass) => return Ok(Some(Step::OnePass)),
                    Some(Event::Trouble(error)) => return Ok(Some(Step::Trouble { error })),
                },
            }
        }
        match self.failed.take() {
            None => Ok(None),
            Some(error) if self.rows == 0 => {
                let (cluster, table) = &self.place;
                Err(refused((cluster, table), needs::READ, error).await)
            }
            Some(source) => Err(Error::BrokeOff { rows: self.rows, source }),
        }
    }

    /// Returns how many rows were handed out.
    pub(super) fn rows(&self) -> u64 {
        self.rows
    }
}

/// Reads the rows of a table that pass a filter, each once, and gives them to `work` in pieces of some hundred, on all cores
/// of the machine; what that makes comes back through `take` in the order of the scan, which is that of `id` where a key
/// allows.
///
/// A few pieces are on their way at any time, however many rows there are; whoever takes slowly is waited for. `take` ends
/// the scan by breaking, `stop` from elsewhere, even while `take` waits.
///
/// # Errors
///
/// [`Error::Denied`] with the GRANT that helps; [`Error::Cluster`] if nothing could be read at all: no node is usable, or there is no such table; [`Error::BrokeOff`] if
/// rows had been handed out before.
pub async fn scan<T: Send + 'static>(
    (cluster, table): (&Cluster, &Table),
    options: &Options,
    stop: &Stop,
    work: impl Fn(Vec<Stored>) -> T + Clone + Send + 'static,
    mut take: impl AsyncFnMut(Step<T>) -> ControlFlow<()>,
) -> Result<Scanned, Error> {
    let began = Instant::now();
    let mut scan = Scan::start((cluster, table), options, stop, work);
    let whole = loop {
        let step = tokio::select! {
            biased;
            () = stop.wanted() => break false,
            step = scan.next() => step?,
        };
        match step {
            None => break true,
            Some(step) => {
                let taken = tokio::select! {
                    biased;
                    taken = take(step) => taken,
                    () = stop.wanted() => break false,
                };
                if taken.is_break() {
                    break false;
                }
            }
        }
    };
    Ok(Scanned { rows: scan.rows(), elapsed: began.elapsed(), whole })
}
