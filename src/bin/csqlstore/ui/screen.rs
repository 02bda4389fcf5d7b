//! A screen that is drawn again and again, on a terminal that gets its own one back however the program ends.
//!
//! A thread writes frames and another one reads keys, so that a terminal that takes nothing, or has nobody at it, holds
//! nothing up. Of frames that come faster than they are written only the last counts.

mod frame;
mod keys;

use std::io::{self, IsTerminal as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustix::termios::{
    InputModes, LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcgetwinsize, tcsetattr,
};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{mpsc, oneshot};

use super::{Style, Ui};
use crate::failure::Failure;

use frame::Painter;
pub(crate) use keys::Key;
use keys::Keys;

/// Another screen, no cursor, and no line that runs on into the next.
const ENTER: &[u8] = b"\x1b[?1049h\x1b[?25l\x1b[?7l";
/// All that back.
const LEAVE: &[u8] = b"\x1b[?7h\x1b[0m\x1b[?25h\x1b[?1049l";
/// How long the end waits for a terminal that takes nothing.
const FAREWELL: Duration = Duration::from_millis(500);
/// How long Ctrl-Z takes to stop all threads, at most; where nobody could continue us, it does not.
const STOPPING: Duration = Duration::from_millis(100);
/// Of a terminal that does not know its size.
const USUAL: Size = Size { columns: 80, lines: 24 };

/// What the terminal was like, while it is not.
static BEFORE: Mutex<Option<Before>> = Mutex::new(None);

struct Before {
    /// The modes of standard input, if that is a terminal.
    modes: Option<Termios>,
}

/// How large the terminal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) columns: usize,
    pub(crate) lines: usize,
}

/// What came from the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    Key(Key),
    /// It has another size, or shows something else: everything is to be drawn anew.
    Redraw,
    /// Nobody is there any more.
    Gone,
}

/// The screen.
pub(crate) struct Screen {
    shared: Arc<Shared>,
    keys: mpsc::Receiver<Option<Key>>,
    /// Whether keys are read at all.
    listens: bool,
    resized: Signal,
    hung_up: Signal,
    continued: Signal,
    /// Told when the thread that writes has failed, or is done.
    written: Option<oneshot::Receiver<()>>,
    style: Style,
}

/// What the thread that writes and the others share.
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    next: Option<Vec<String>>,
    /// The next frame is to be drawn on a screen of which nothing is known.
    anew: bool,
    ended: bool,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ui {
    /// Returns whether there is a terminal to draw on; else lines are written. `TERM=dumb` cannot be drawn on.
    pub(crate) fn has_a_screen(&self) -> bool {
        self.is_for_people() && io::stdout().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
    }

    /// Takes the terminal over until the screen is dropped.
    pub(crate) fn screen(&self) -> Result<Screen, Failure> {
        Screen::take(self.out)
    }
}

impl Screen {
    fn take(style: Style) -> Result<Self, Failure> {
        let listen = |kind| signal(kind).map_err(|error| Failure::bug("listening for signals failed", &error));
        let continued = SignalKind::from_raw(rustix::process::Signal::CONT.as_raw());
        let (resized, hung_up) = (listen(SignalKind::window_change())?, listen(SignalKind::hangup())?);
        let continued = listen(continued)?;
        let listens = io::stdin().is_terminal();
        let (tell, keys) = mpsc::channel(16);
        let (done, written) = oneshot::channel();
        let shared = Arc::new(Shared { state: Mutex::default(), changed: Condvar::new() });
        enter();
        let screen =
            Self { shared: shared.clone(), keys, listens, resized, hung_up, continued, written: Some(written), style };
        let start = |name: &str, work: Box<dyn FnOnce() + Send>| {
            let started = std::thread::Builder::new().name(name.to_owned()).spawn(work);
            started.map(drop).map_err(|error| Failure::bug("starting a thread failed", &error))
        };
        let work = move || {
            // Whatever ended it: a terminal that cannot be written to is one at which nobody is.
            let _ = paint(&shared);
            // Whoever has waited long enough needs not be told.
            let _ = done.send(());
        };
        start("screen", Box::new(work))?;
        if listens {
            start("keys", Box::new(move || read(&tell)))?;
        }
        Ok(screen)
    }

    /// Returns whether keys are read.
    pub(crate) fn listens(&self) -> bool {
        self.listens
    }

    /// The colours that are wanted on it.
    pub(crate) fn style(&self) -> Style {
        self.style
    }

    /// Returns how large the terminal is now.
    pub(crate) fn size(&self) -> Size {
        match tcgetwinsize(io::stdout()) {
            Ok(size) if size.ws_col > 0 && size.ws_row > 0 => {
                Size { columns: size.ws_col.into(), lines: size.ws_row.into() }
            }
            _ => USUAL,
        }
    }

    /// Shows these lines, in place of what was shown.
    pub(crate) fn draw(&self, lines: Vec<String>) {
        self.shared.state().next = Some(lines);
        self.shared.changed.notify_one();
    }

    /// Draws everything anew the next time, whatever is shown now.
    pub(crate) fn forget(&self) {
        self.shared.state().anew = true;
    }

    /// Waits for what comes from the terminal.
    pub(crate) async fn input(&mut self) -> Input {
        let written = async {
            match &mut self.written {
                Some(written) => drop(written.await),
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            key = self.keys.recv(), if self.listens => key.flatten().map_or(Input::Gone, Input::Key),
            _ = self.hung_up.recv() => Input::Gone,
            () = written => {
                self.written = None;
                Input::Gone
            }
            _ = self.resized.recv() => {
                self.forget();
                Input::Redraw
            }
            // Somebody stopped us from outside, and the terminal was another's meanwhile.
            _ = self.continued.recv() => {
                self.come_back();
                Input::Redraw
            }
        }
    }

    /// Gives the terminal back and stops, as Ctrl-Z does, until somebody continues us.
    pub(crate) async fn suspend(&mut self) {
        restore();
        // A shell stops the whole pipeline; nobody else does.
        let _ = rustix::process::kill_current_process_group(rustix::process::Signal::TSTP);
        let _ = tokio::time::timeout(STOPPING, self.continued.recv()).await;
        self.come_back();
    }

    fn come_back(&self) {
        // What it is like now is what it is to be like at the end.
        enter();
        self.forget();
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.shared.state().ended = true;
        self.shared.changed.notify_one();
        if let Some(mut written) = self.written.take() {
            // A frame that is on its way must not come after the end.
            let begin = std::time::Instant::now();
            while written.try_recv() == Err(oneshot::error::TryRecvError::Empty) && begin.elapsed() < FAREWELL {
                std::thread::sleep(Duration::from_millis(1));
            }
        }
        restore();
    }
}

/// Whether frames may be written: not once somebody has given the terminal back.
static OURS: AtomicBool = AtomicBool::new(false);

fn before() -> MutexGuard<'static, Option<Before>> {
    BEFORE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Takes the terminal over, if it is not ours.
fn enter() {
    let mut before = before();
    if let Some(Before { modes }) = before.as_ref() {
        // The shell has set its own modes since.
        set(modes.as_ref());
    } else {
        let modes = tcgetattr(io::stdin()).ok();
        set(modes.as_ref());
        *before = Some(Before { modes });
    }
    OURS.store(true, Ordering::SeqCst);
    let _ = write(ENTER);
}

/// Lets keys come one by one and unseen, those of signals too; output stays as it is.
fn set(modes: Option<&Termios>) {
    let Some(mut modes) = modes.cloned() else { return };
    modes.local_modes -= LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG | LocalModes::IEXTEN;
    // Ctrl-S would stop the screen for good.
    modes.input_modes -= InputModes::IXON;
    modes.special_codes[SpecialCodeIndex::VMIN] = 1;
    modes.special_codes[SpecialCodeIndex::VTIME] = 0;
    // A terminal that is gone is noticed when it is read from.
    let _ = tcsetattr(io::stdin(), OptionalActions::Now, &modes);
}

/// Gives the terminal back as it was, if it was taken over; from wherever the program ends, a panic too.
pub(crate) fn restore() {
    let Some(Before { modes }) = before().take() else { return };
    OURS.store(false, Ordering::SeqCst);
    // A terminal that is gone needs nothing back.
    let _ = write(LEAVE);
    if let Some(modes) = modes {
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &modes);
    }
}

/// Writes to the terminal, past the lock of standard output: whoever is stuck in a write may hold that.
fn write(mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match rustix::io::write(io::stdout(), bytes) {
            Ok(count) => bytes = &bytes[count..],
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Writes frames until the end.
fn paint(shared: &Shared) -> io::Result<()> {
    let mut painter = Painter::default();
    loop {
        let mut state = shared.state();
        while state.next.is_none() && !state.ended {
            state = shared.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.ended {
            return Ok(());
        }
        let anew = std::mem::take(&mut state.anew);
        let Some(lines) = state.next.take() else { continue };
        drop(state);
        let bytes = painter.paint(lines, anew);
        if OURS.load(Ordering::SeqCst) {
            write(bytes.as_bytes())?;
        }
    }
}

/// Reads keys until nobody is there; then that is told.
fn read(tell: &mpsc::Sender<Option<Key>>) {
    let mut keys = Keys::default();
    let mut bytes = [0; 64];
    loop {
        let count = match rustix::io::read(io::stdin(), &mut bytes) {
            Ok(0) => break,
            Ok(count) => count,
            Err(rustix::io::Errno::INTR) => continue,
            // EIO: the terminal is gone.
            Err(_) => break,
        };
        for key in keys.of(&bytes[..count]) {
            if tell.blocking_send(Some(key)).is_err() {
                return;
            }
        }
    }
    // Whoever has ended needs not be told.
    let _ = tell.blocking_send(None);
}
