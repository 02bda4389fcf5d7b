//! SIGINT and SIGTERM: heard once, told to whoever works in batches.

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::failure::{Failure, Status};

/// A request to stop, from the terminal or the system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    Interrupt,
    Terminate,
}

impl Signal {
    /// The name that people know it by.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Interrupt => "SIGINT",
            Self::Terminate => "SIGTERM",
        }
    }

    pub(crate) fn status(self) -> Status {
        match self {
            Self::Interrupt => Status::Interrupted,
            Self::Terminate => Status::Terminated,
        }
    }
}

/// Tells whether the program was asked to stop.
#[derive(Clone, Debug)]
pub(crate) struct Stop(watch::Receiver<Option<Signal>>);

impl Stop {
    /// Begins to listen. A second signal ends the program at once, in the middle of whatever it does.
    pub(crate) fn watch() -> Result<Self, Failure> {
        let listen = |kind| signal(kind).map_err(|error| Failure::bug("listening for signals failed", &error));
        let (mut interrupt, mut terminate) = (listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?);
        let (tell, told) = watch::channel(None);
        tokio::spawn(async move {
            let mut heard = false;
            loop {
                let (signal, number) = tokio::select! {
                    _ = interrupt.recv() => (Signal::Interrupt, rustix::process::Signal::INT),
                    _ = terminate.recv() => (Signal::Terminate, rustix::process::Signal::TERM),
                };
                if heard {
                    // Whoever asks twice does not want to wait for the batch.
                    let _ = number;
                    std::process::abort();
                }
                heard = true;
                if tell.send(Some(signal)).is_err() {
                    return;
                }
            }
        });
        Ok(Self(told))
    }

    /// Returns the signal that was received, if any.
    pub(crate) fn signal(&self) -> Option<Signal> {
        *self.0.borrow()
    }

    /// Waits until the program is asked to stop.
    pub(crate) async fn requested(&self) -> Signal {
        let mut told = self.0.clone();
        let signal = told.wait_for(Option::is_some).await.ok().and_then(|signal| *signal);
        match signal {
            Some(signal) => signal,
            // The listener is gone with its runtime: nobody will ask any more.
            None => std::future::pending().await,
        }
    }
}
