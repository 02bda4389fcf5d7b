//! Ctrl-C: what was started has to be stopped first.

use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result, bail};

static ASKED: AtomicBool = AtomicBool::new(false);

/// Begins to listen, so that a signal no longer ends the program in the middle.
pub(crate) fn listen() -> Result<()> {
    ctrlc::set_handler(|| ASKED.store(true, Ordering::SeqCst)).context("listening for signals failed")
}

/// Fails if the program was asked to stop.
pub(crate) fn check() -> Result<()> {
    if ASKED.load(Ordering::SeqCst) {
        bail!("interrupted");
    }
    Ok(())
}
