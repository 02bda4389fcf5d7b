//! What the chores print.

use std::fmt::Display;
use std::io::{IsTerminal, Write};

/// Prints a line.
pub(crate) fn line(text: impl Display) {
    // A reader that went away (`| head`) ends nothing here: the cluster still has to be taken down.
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// Prints what comes next, set off from the output of programs.
pub(crate) fn heading(text: impl Display) {
    let (bold, plain) = if std::io::stdout().is_terminal() { ("\x1b[1;36m", "\x1b[0m") } else { ("", "") };
    line(format_args!("\n{bold}# {text}{plain}"));
}

/// Prints a command line as a person would type it.
pub(crate) fn typed(command: impl Display) {
    let (bold, plain) = if std::io::stdout().is_terminal() { ("\x1b[1m", "\x1b[0m") } else { ("", "") };
    line(format_args!("{bold}$ {command}{plain}"));
}

/// Prints why a chore failed.
pub(crate) fn error(error: &anyhow::Error) {
    let _ = writeln!(std::io::stderr().lock(), "error: {error:#}");
}
