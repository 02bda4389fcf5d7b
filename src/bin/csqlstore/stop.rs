//! SIGINT and SIGTERM: heard once, told to whoever works in batches.

use std::sync::atomic::{AtomicBool, Ordering};

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::failure::{Failure, Status};

/// Whether a person is being asked something: the thread that asks waits for the answer and hears nothing else.
static ASKING: AtomicBool = AtomicBool::new(false);

/// Runs something that asks a person; a signal meanwhile ends the program.
pub(crate) fn while_asking<T>(ask: impl FnOnce() -> T) -> T {
    ASKING.store(true, Ordering::SeqCst);
    let answer = ask();
    ASKING.store(false, Ordering::SeqCst);
    answer
}

/// Ends the program in the middle of whatever it does, and gives the terminal its echo and cursor back.
#[expect(clippy::exit, reason = "whoever asks twice, or is being asked, does not want to wait for anything")]
fn leave(signal: Signal, word: &str) -> ! {
    use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
    let stdin = std::io::stdin();
    // No terminal, no echo to give back.
    if let Ok(mut modes) = tcgetattr(&stdin) {
        modes.local_modes |= LocalModes::ECHO | LocalModes::ICANON;
        let _ = tcsetattr(&stdin, OptionalActions::Now, &modes);
    }
    crate::ui::restore();
    crate::ui::last_word(word);
    std::process::exit(signal.status().code().into())
}

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
    /// Begins to listen. A second signal, or one during a question, ends the program at once, whatever it does.
    pub(crate) fn watch() -> Result<Self, Failure> {
        let listen = |kind| signal(kind).map_err(|error| Failure::bug("listening for signals failed", &error));
        let (mut interrupt, mut terminate) = (listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?);
        let (tell, told) = watch::channel(None);
        tokio::spawn(async move {
            loop {
                let signal = tokio::select! {
                    _ = interrupt.recv() => Signal::Interrupt,
                    _ = terminate.recv() => Signal::Terminate,
                };
                // Questions come before anything is done.
                if ASKING.load(Ordering::SeqCst) {
                    leave(signal, "interrupted; nothing was done");
                }
                if tell.borrow().is_some() {
                    leave(signal, "stopped at once; the report of what was done is lost");
                }
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
