//! Long work, shown on standard error when it is a terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

/// A bar or a spinner; it clears itself at the end. Clones are the same one, and the first to end clears it.
#[derive(Clone)]
pub(crate) struct Progress(ProgressBar);

impl Progress {
    pub(super) fn new(shown: bool, what: &str, total: Option<u64>) -> Self {
        let bar = match total {
            Some(total) => ProgressBar::new(total),
            None => ProgressBar::new_spinner(),
        };
        bar.set_draw_target(if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() });
        let template = match total {
            Some(_) => "{prefix} {wide_bar} {human_pos}/{human_len} {rate} {eta} {msg}",
            None => "{spinner} {prefix} {elapsed} {msg}",
        };
        // A template that does not parse would only make the bar plain.
        if let Ok(style) = ProgressStyle::with_template(template) {
            let rate = |state: &ProgressState, to: &mut dyn std::fmt::Write| {
                // A line that cannot be written is one that nobody sees.
                let _ = write!(to, "{:.0}/s", state.per_sec());
            };
            bar.set_style(style.progress_chars("=> ").with_key("rate", rate));
        }
        bar.set_prefix(what.to_owned());
        if shown {
            bar.enable_steady_tick(Duration::from_millis(120));
        }
        Self(bar)
    }

    /// Moves the bar to a position.
    pub(crate) fn at(&self, position: u64) {
        self.0.set_position(position);
    }

    /// Says what is being done now.
    pub(crate) fn say(&self, text: impl Into<String>) {
        self.0.set_message(text.into());
    }

    /// Runs something that prints to standard error, with the bar out of the way.
    pub(crate) fn aside<T>(&self, print: impl FnOnce() -> T) -> T {
        self.0.suspend(print)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
