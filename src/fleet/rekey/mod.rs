//! Signing live sessions anew under the first pair of keys.
//!
//! [`keys`] counts what there is to do and changes nothing. [`rekey`] goes through the table ([`run`]) and writes what has to
//! be written, batch after batch ([`batch`]).

mod batch;
mod keys;
mod run;

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::batches::{Batches, Paced};
use super::error::Error;
use super::renewal::Resealer;
use super::scan::Step;
use crate::cluster::Cluster;
use crate::lease::Name;
use crate::pacing::{Beat, Leased, Leasing, Stop, Tally, Throttles};
use crate::schema::Table;

pub use keys::{Keys, keys};
use run::Run;

/// How rows are signed anew.
#[derive(Clone, Debug, Default)]
pub struct Resigning {
    /// Where, and at what pace.
    pub paced: Paced,
    /// Whether it takes the lease.
    pub leasing: Leasing,
}

/// Something that happens while rows are signed anew.
#[derive(Debug)]
#[non_exhaustive]
pub enum Rekeying<'a> {
    /// What happens in all work in batches.
    Beat(Beat<'a>),
    /// The scan that finds the rows goes on.
    Scanned(&'a Step<()>),
    /// A batch went through.
    Batch {
        /// Rows of it that were signed anew.
        rows: u64,
        /// How long it took.
        took: Duration,
        /// Rows signed anew so far.
        rekeyed: u64,
    },
    /// Rows that somebody saved in between are read again.
    Again {
        /// How many there are.
        rows: u64,
    },
}

/// What signing anew did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rekeyed {
    /// The rows as they were found.
    pub keys: Keys,
    /// Rows that were signed anew. Where the answer of a batch was lost with its node, its rows that were found signed anew
    /// are counted here.
    pub rekeyed: u64,
    /// Rows that their application saved in between under the first key itself.
    pub renewed: u64,
    /// Rows that were deleted in between.
    pub gone: u64,
    /// Rows that are left under an old key, because their application saves them so again and again.
    pub left: u64,
    /// Batches that went through.
    pub batches: u64,
    /// Batches that failed and were done again.
    pub retries: u64,
    /// Time spent waiting for the sake of others.
    pub throttled: Duration,
    /// Why, in the order in which the reasons came up.
    pub throttles: Vec<Throttles>,
    /// Time that it took.
    pub elapsed: Duration,
    /// The last node that was worked on.
    pub node: Option<String>,
    /// Whether a stop was asked for before the end.
    pub interrupted: bool,
    /// Whether somebody else has taken the lease meanwhile, and signs anew.
    pub lease_lost: bool,
    /// Whether rows under an old key were found in the last pass too: they come in as fast as they are signed anew.
    pub outrun: bool,
}

/// Signs live rows anew under the first pair: values, date, `expire_on` and `modify_at` stay as they are.
///
/// A row goes only if it is still as it was seen. One that its application changed in between is read again, and signed anew
/// if it still has to be. What is signed by the first pair is left alone, so that a run that was interrupted is simply run
/// again. Rows go in batches at a pace that others bear; a node that is lost costs a retry on the next usable one.
///
/// What was done comes back in any case. Beside it comes [`Error::Lease`] if the lease could not be had, and
/// [`Error::Unfinished`] if a statement failed for good or no node was usable for longer than the patience.
pub async fn rekey(
    (cluster, table): (&Cluster, &Table),
    resealer: &Resealer,
    resigning: &Resigning,
    stop: &Stop,
    mut on_step: impl FnMut(Rekeying<'_>) + Send,
) -> (Rekeyed, Option<Error>) {
    let Resigning { paced, leasing } = resigning;
    let began = Instant::now();
    let mut run = Run {
        cluster,
        table,
        resealer,
        stop,
        batches: Batches::new(cluster, paced, stop),
        lease: Leased::new(Name::Rekey, *leasing),
        queue: VecDeque::new(),
        late: 0,
        done: Rekeyed::default(),
        tell: &mut on_step,
    };
    let ended = run.passes(paced).await;
    let Run { mut batches, mut lease, mut done, tell, .. } = run;
    done.node = batches.node().map(str::to_owned);
    batches.release(&mut lease, &mut |beat| tell(Rekeying::Beat(beat))).await;
    let Tally { batches, retries, throttled, throttles } = batches.close().await;
    let done = Rekeyed { batches, retries, throttled, throttles, elapsed: began.elapsed(), ..done };
    let failure = match ended {
        Ok(()) => None,
        Err(Error::Cluster(source)) if done.keys.rows > 0 => {
            let done = format!("with {} of {} sessions signed anew", done.rekeyed, done.keys.old());
            Some(Error::Unfinished { done, source })
        }
        Err(error) => Some(error),
    };
    (done, failure)
}
