//! An answer that comes bit by bit, written by a thread of its own: whoever waits for the reader of a pipe still hears a
//! signal.

use std::io::{self, IsTerminal as _, Write as _};
use std::ops::ControlFlow;

use tokio::sync::{mpsc, oneshot};

use super::Progress;
use crate::failure::Failure;

/// Standard output, while pieces of an answer are written to it.
pub(crate) struct Pieces {
    pieces: mpsc::Sender<Vec<u8>>,
    ended: oneshot::Receiver<io::Result<()>>,
}

impl Pieces {
    /// Starts the thread. On a terminal the bar goes out of the way for each piece.
    #[track_caller]
    pub(super) fn start(bar: &Progress) -> Result<Self, Failure> {
        let bar = io::stdout().is_terminal().then(|| bar.clone());
        let (pieces, mut told) = mpsc::channel::<Vec<u8>>(2);
        let (tell, ended) = oneshot::channel();
        let work = move || {
            let mut write = |bytes: Vec<u8>| {
                let write = || {
                    let mut out = io::stdout().lock();
                    out.write_all(&bytes).and_then(|()| out.flush())
                };
                bar.as_ref().map_or_else(write, |bar| bar.aside(write))
            };
            let written = std::iter::from_fn(|| told.blocking_recv()).try_for_each(&mut write);
            drop(told);
            // Nobody waits for the end of what was interrupted.
            let _ = tell.send(written);
        };
        let started = std::thread::Builder::new().name("stdout".into()).spawn(work);
        started.map_err(|error| Failure::bug("starting a thread failed", &error))?;
        Ok(Self { pieces, ended })
    }

    /// Hands a piece on, and waits while the one before is not written; breaks when nobody reads any more.
    ///
    /// Whoever drops the future of this loses the piece, if it still waited.
    pub(crate) async fn write(&self, piece: Vec<u8>) -> ControlFlow<()> {
        if piece.is_empty() {
            return ControlFlow::Continue(());
        }
        match self.pieces.send(piece).await {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }

    /// Waits until nobody reads any more; that is noticed by what is written.
    pub(crate) async fn closed(&self) {
        self.pieces.closed().await;
    }

    /// Waits until all is written. A closed pipe is a quiet end.
    ///
    /// # Errors
    ///
    /// Exit 3 if standard output could not be written to.
    pub(crate) async fn end(self) -> Result<(), Failure> {
        let Self { pieces, ended } = self;
        drop(pieces);
        match ended.await {
            Ok(Err(error)) if error.kind() != io::ErrorKind::BrokenPipe => Err(super::unwritten(&error)),
            // A panic of the thread has been reported, and nothing else ends it without a word.
            Ok(_) | Err(_) => Ok(()),
        }
    }
}
