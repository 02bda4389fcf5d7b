//! An answer that comes bit by bit, written by a thread of its own: whoever waits for the reader of a pipe still hears a
//! signal, and what is told of it is what was written.

use std::collections::VecDeque;
use std::io::{self, IsTerminal as _};
use std::mem;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::fs::FileType;
use rustix::io::{Errno, retry_on_intr};
use tokio::sync::{mpsc, oneshot};

use super::Progress;
use crate::failure::Failure;

/// What a pipe takes whole or not at all (PIPE_BUF on Linux): whoever waits there has written nothing of it.
const AT_ONCE: usize = 4096;

/// How long a write that is under way is waited for at the end.
const LAST_WRITE: Duration = Duration::from_millis(200);

/// What is told of an answer that was written.
pub(crate) trait Tally: Default + Send + 'static {
    /// What there is to tell of one line.
    type Line: Send + 'static;

    /// Counts a line that was written.
    fn count(&mut self, line: Self::Line);
}

/// For an answer of which nothing is told.
impl Tally for () {
    type Line = ();

    fn count(&mut self, (): ()) {}
}

/// Some lines of an answer. One may be empty: what is told of it counts with those before it.
pub(crate) struct Piece<L> {
    pub(crate) text: Vec<u8>,
    /// Where each line ends in the text, and what is told of it.
    lines: VecDeque<(usize, L)>,
}

impl Piece<()> {
    /// Takes the lines of a text, of which nothing is told.
    pub(crate) fn of(text: &str) -> Self {
        let mut piece = Self::new();
        for line in text.split_inclusive('\n') {
            piece.text.extend(line.as_bytes());
            piece.end_line(());
        }
        piece
    }
}

impl<L> Piece<L> {
    pub(crate) fn new() -> Self {
        Self { text: Vec::new(), lines: VecDeque::new() }
    }

    /// Ends a line where the text ends now.
    pub(crate) fn end_line(&mut self, line: L) {
        self.lines.push_back((self.text.len(), line));
    }

    /// Takes out what is told of the lines that end up to there.
    fn written(&mut self, end: usize) -> impl Iterator<Item = L> {
        let count = self.lines.partition_point(|(of, _)| *of <= end);
        self.lines.drain(..count).map(|(_, line)| line)
    }

    /// Returns where what is written next ends, of at most so many bytes: at the end of a line, if one ends there.
    fn next_end(&self, from: usize, most: usize) -> usize {
        let last = from.saturating_add(most).min(self.text.len());
        let fits = self.lines.partition_point(|(end, _)| *end <= last);
        let end = fits.checked_sub(1).and_then(|at| self.lines.get(at)).map_or(last, |(end, _)| *end);
        if end > from { end } else { last }
    }
}

/// What was written, and whether more may be.
struct Written<T> {
    tally: Mutex<T>,
    /// Held while something is written; true once nothing may be written any more.
    closed: tokio::sync::Mutex<bool>,
}

/// Standard output, while pieces of an answer are written to it.
pub(crate) struct Pieces<T: Tally> {
    pieces: mpsc::Sender<Piece<T::Line>>,
    ended: oneshot::Receiver<io::Result<()>>,
    written: Arc<Written<T>>,
}

impl<T: Tally> Pieces<T> {
    /// Starts the thread. On a terminal the bar goes out of the way for what is written.
    #[track_caller]
    pub(super) fn start(bar: &Progress) -> Result<Self, Failure> {
        let written = Arc::new(Written { tally: Mutex::default(), closed: tokio::sync::Mutex::new(false) });
        let writer = Writer {
            bar: io::stdout().is_terminal().then(|| bar.clone()),
            waits: waits_for_a_reader(),
            written: Arc::clone(&written),
        };
        let (pieces, mut told) = mpsc::channel::<Piece<T::Line>>(2);
        let (tell, ended) = oneshot::channel();
        let work = move || {
            let outcome = std::iter::from_fn(|| told.blocking_recv()).try_for_each(|piece| writer.write(piece));
            drop(told);
            // Nobody waits for the end of what was interrupted.
            let _ = tell.send(outcome);
        };
        let started = std::thread::Builder::new().name("stdout".into()).spawn(work);
        started.map_err(|error| Failure::bug("starting a thread failed", &error))?;
        Ok(Self { pieces, ended, written })
    }

    /// Hands a piece on, and waits while the one before is not written; breaks when nobody reads any more.
    ///
    /// Whoever drops the future of this loses the piece, if it still waited.
    pub(crate) async fn write(&self, piece: Piece<T::Line>) -> ControlFlow<()> {
        match self.pieces.send(piece).await {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }

    /// Waits until nobody reads any more; that is noticed by what is written.
    pub(crate) async fn closed(&self) {
        self.pieces.closed().await;
    }

    /// Waits until all is written, or `enough` of waiting; then nothing more is. Returns what was written, and whether
    /// that is all. A closed pipe is a quiet end.
    ///
    /// # Errors
    ///
    /// Exit 3 if standard output could not be written to.
    pub(crate) async fn end(self, enough: impl Future<Output = ()>) -> Result<(T, bool), Failure> {
        let Self { pieces, ended, written } = self;
        drop(pieces);
        let outcome = tokio::select! {
            biased;
            outcome = ended => Some(outcome),
            () = enough => None,
        };
        // A write that hangs all the same has written nothing: it is of a size that goes whole.
        if let Ok(mut closed) = tokio::time::timeout(LAST_WRITE, written.closed.lock()).await {
            *closed = true;
        }
        let tally = mem::take(&mut *written.tally.lock().unwrap_or_else(PoisonError::into_inner));
        match outcome {
            Some(Ok(Err(error))) if error.kind() != io::ErrorKind::BrokenPipe => Err(super::unwritten(&error)),
            // A panic of the thread has been reported, and nothing else ends it without a word.
            outcome => Ok((tally, outcome.is_some())),
        }
    }
}

/// Whether standard output may have to wait for somebody who reads; a file never has to.
fn waits_for_a_reader() -> bool {
    let kind = rustix::fs::fstat(io::stdout()).map(|stat| FileType::from_raw_mode(stat.st_mode));
    match kind {
        Ok(FileType::RegularFile) => false,
        // A terminal, or `/dev/null`.
        Ok(FileType::CharacterDevice) => io::stdout().is_terminal(),
        _ => true,
    }
}

/// What writes.
struct Writer<T> {
    bar: Option<Progress>,
    waits: bool,
    written: Arc<Written<T>>,
}

impl<T: Tally> Writer<T> {
    /// Writes a piece, and counts its lines as they are written.
    fn write(&self, mut piece: Piece<T::Line>) -> io::Result<()> {
        let most = if self.waits { AT_ONCE } else { usize::MAX };
        let mut from = 0;
        loop {
            let end = piece.next_end(from, most);
            if self.waits && from < end {
                until_taken();
            }
            let closed = self.written.closed.blocking_lock();
            if *closed {
                return Err(io::ErrorKind::Interrupted.into());
            }
            let text = piece.text.get(from..end).unwrap_or_default();
            self.bar.as_ref().map_or_else(|| write_all(text), |bar| bar.aside(|| write_all(text)))?;
            let mut tally = self.written.tally.lock().unwrap_or_else(PoisonError::into_inner);
            piece.written(end).for_each(|line| tally.count(line));
            from = end;
            if from == piece.text.len() {
                return Ok(());
            }
        }
    }
}

/// Waits until standard output takes something, or has nobody left who reads: that is for the write to find.
fn until_taken() {
    let out = io::stdout();
    let mut ready = [PollFd::new(&out, PollFlags::OUT)];
    // What cannot be waited for is written, and waits there.
    let _ = retry_on_intr(|| poll(&mut ready, None));
}

fn write_all(mut text: &[u8]) -> io::Result<()> {
    while !text.is_empty() {
        match retry_on_intr(|| rustix::io::write(io::stdout(), text)) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(taken) => text = text.get(taken..).unwrap_or_default(),
            // Somebody else made the pipe one that does not wait.
            Err(Errno::AGAIN) => until_taken(),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(lines: &[usize]) -> Piece<usize> {
        let mut piece = Piece::new();
        for (at, length) in lines.iter().enumerate() {
            piece.text.extend(std::iter::repeat_n(b'x', *length));
            piece.end_line(at);
        }
        piece
    }

    #[test]
    fn what_is_written_at_once_ends_at_a_line_where_one_fits() {
        for (case, lines, ends) in [
            ("nothing", &[][..], &[0][..]),
            ("lines without text", &[0, 0], &[0]),
            ("all of it", &[4, 4], &[8]),
            ("as many lines as fit", &[4, 4, 4, 4, 4], &[8, 16, 20]),
            ("a line that does not fit, and the rest of it with the next", &[4, 25, 3], &[4, 14, 24, 32]),
            ("a line of the very size", &[10, 10], &[10, 20]),
        ] {
            let mut piece = piece(lines);
            let (mut from, mut found, mut counted) = (0, Vec::new(), Vec::new());
            loop {
                from = piece.next_end(from, 10);
                counted.extend(piece.written(from));
                found.push(from);
                if from == piece.text.len() {
                    break;
                }
            }
            assert_eq!(found, ends, "{case}");
            assert_eq!(counted, (0..lines.len()).collect::<Vec<_>>(), "{case}");
        }
    }
}
