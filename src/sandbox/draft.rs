//! A sandbox that is being made, and goes away again if it does not come to its end.

use std::time::{Duration, Instant};

use super::error::Error;
use super::files;
use super::layout::Layout;
use super::ports;
use super::programs::{Account, Programs};
use super::state::State;

/// How long killed servers are waited for when nobody can wait otherwise.
const GONE: Duration = Duration::from_secs(5);

/// What `up` has made so far. Dropped before [`Draft::keep`], because something failed or the caller gave up waiting,
/// it takes all of it down again.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) layout: Layout,
    pub(super) programs: Programs,
    pub(super) account: Account,
    pub(super) state: State,
    pub(super) patience: Duration,
    kept: bool,
}

impl Draft {
    pub(super) fn new(layout: Layout, programs: Programs, account: Account, state: State, patience: Duration) -> Self {
        Self { layout, programs, account, state, patience, kept: false }
    }

    /// The sandbox is complete, and stays.
    pub(super) fn keep(mut self) -> (Layout, Account, State) {
        self.kept = true;
        (self.layout.clone(), self.account.clone(), self.state.clone())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.kept {
            // There is nobody to tell; what stays is found and named by the next `up`.
            let _left = take_down_now(&self.layout, &self.state);
        }
    }
}

/// Kills all servers and removes the directory, without waiting for more than a moment.
///
/// # Errors
///
/// [`Error::Io`] when something cannot be removed.
pub(super) fn take_down_now(layout: &Layout, state: &State) -> Result<(), Error> {
    let servers: Vec<_> = state.servers(layout).collect();
    for (home, server) in &servers {
        server.kill_now(home);
    }
    let began = Instant::now();
    while servers.iter().any(|(home, server)| server.runs(home)) && began.elapsed() < GONE {
        std::thread::sleep(Duration::from_millis(10));
    }
    remove(layout)
}

/// Removes the directory of a sandbox whose servers have ended, and gives its ports back.
///
/// Its state goes last but for the folder, so that one which was interrupted is still known as ours.
///
/// # Errors
///
/// [`Error::Io`] when something cannot be removed.
pub(super) fn remove(layout: &Layout) -> Result<(), Error> {
    let dir = layout.dir();
    for entry in std::fs::read_dir(dir).map_err(Error::io("reading", dir))? {
        let entry = entry.map_err(Error::io("reading", dir))?;
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            files::remove_folder(&path)?;
        } else if path != layout.state() {
            files::remove(&path)?;
        }
    }
    files::remove(&layout.state())?;
    std::fs::remove_dir(dir).map_err(Error::io("removing", dir))?;
    ports::release(&files::cache_folder(), dir);
    Ok(())
}
