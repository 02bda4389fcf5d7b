//! A request to stop, made from elsewhere while work goes on.

use std::time::Duration;

use tokio::sync::watch;

/// A request to stop after the current batch. Clones share it.
#[derive(Clone, Debug)]
pub struct Stop(watch::Sender<bool>);

impl Stop {
    /// Makes a request that is not made yet.
    #[must_use]
    pub fn new() -> Self {
        Self(watch::Sender::new(false))
    }

    /// Asks the work to stop. There is no way back.
    pub fn ask(&self) {
        self.0.send_replace(true);
    }

    /// Returns whether a stop was asked for.
    #[must_use]
    pub fn asked(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits for a time, or until a stop is asked for.
    pub(crate) async fn sleep(&self, time: Duration) {
        let mut asked = self.0.subscribe();
        // The sender is ours, so the wait for a change cannot fail; a time-out is the ordinary end.
        let _ = tokio::time::timeout(time, asked.wait_for(|asked| *asked)).await;
    }

    /// Waits until a stop is asked for.
    pub(crate) async fn wanted(&self) {
        // The sender is ours, so the wait for a change cannot fail.
        let _ = self.0.subscribe().wait_for(|asked| *asked).await;
    }
}

impl Default for Stop {
    fn default() -> Self {
        Self::new()
    }
}
