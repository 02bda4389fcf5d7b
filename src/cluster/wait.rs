//! Waiting for a node that may take work.

use std::time::{Duration, Instant};

use super::error::Error;
use super::node::{Cluster, On, Usable};
use crate::backoff;

/// The first and the longest pause between two looks.
const PAUSES: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(1));

impl Cluster {
    /// Opens a connection to a usable node, waiting for one until the limit is over.
    ///
    /// For those who start their servers beside it: every reason is waited out, a database or an account that is not there
    /// among them, since both may still be made. `waiting` is called after each look that found none, with the time waited
    /// so far.
    ///
    /// # Errors
    ///
    /// What the last look said: [`Error::NoUsableNode`]; at once [`Error::UnknownNode`] if `on` names none.
    pub async fn usable_within(
        &self,
        on: &On,
        limit: Duration,
        mut waiting: impl FnMut(&Error, Duration),
    ) -> Result<Usable, Error> {
        let (began, (first, longest)) = (Instant::now(), PAUSES);
        for turn in 0_u32.. {
            let error = match self.usable(on).await {
                Err(error @ Error::NoUsableNode { .. }) => error,
                outcome => return outcome,
            };
            let waited = began.elapsed();
            if waited >= limit {
                return Err(error);
            }
            waiting(&error, waited);
            let pause = backoff::jittered(backoff::doubled(first, turn, longest));
            tokio::time::sleep(pause.min(limit.saturating_sub(waited))).await;
        }
        self.usable(on).await
    }
}
