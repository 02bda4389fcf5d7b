//! How an error is shown.

use std::io::{self, Write};

use serde::Serialize;

use super::{SCHEMA_VERSION, Style, plain};
use crate::failure::{Failure, Status};

#[derive(Serialize)]
struct ErrorAnswer<'a> {
    schema_version: u32,
    error: ErrorBody<'a>,
}

#[derive(Serialize)]
struct ErrorBody<'a> {
    class: &'a str,
    message: &'a str,
    causes: &'a [String],
    hint: Option<&'a str>,
}

/// Writes an error as one JSON object on standard error.
pub(crate) fn failure_as_json(failure: &Failure) -> Status {
    let answer = ErrorAnswer {
        schema_version: SCHEMA_VERSION,
        error: ErrorBody {
            class: failure.class(),
            message: &failure.message,
            causes: &failure.causes,
            hint: failure.hint.as_deref(),
        },
    };
    // Strings and a number always serialise; a closed standard error leaves nobody to tell.
    if let Ok(text) = serde_json::to_string(&answer) {
        let _ = writeln!(io::stderr().lock(), "{text}");
    }
    failure.status
}

/// Writes an error for people: the message, its causes, the hint; with `-vv` where it was made.
pub(super) fn as_text(failure: &Failure, style: Style, verbosity: u8) -> Status {
    let mut text = format!("{} {}\n", style.bad("error:"), failure.message);
    for cause in &failure.causes {
        text.push_str(&format!("  caused by: {cause}\n"));
    }
    if verbosity >= 2 {
        for (node, place) in &failure.refused {
            text.push_str(&format!("  {} {place}: {}\n", style.dim("refused at"), plain(node)));
        }
        for (i, place) in failure.places.iter().enumerate() {
            let what = if i == 0 { "made at" } else { "passed at" };
            text.push_str(&format!("  {} {place}\n", style.dim(what)));
        }
    }
    if let Some(hint) = &failure.hint {
        text.push_str(&format!("{} {hint}\n", style.good("hint:")));
    }
    let _ = io::stderr().lock().write_all(text.as_bytes());
    failure.status
}

/// Makes a panic say that it is a bug, in one line, where it happened, and without what a value held.
///
/// A panic of the driver over what a server sent is none: it comes back as that node's error.
pub(crate) fn report_panics() {
    std::panic::set_hook(Box::new(|info| {
        if csqlstore::cluster::driver_guarded() {
            return;
        }
        let place = info.location().map_or_else(String::new, |at| format!(" at {}:{}", at.file(), at.line()));
        let _ = writeln!(
            io::stderr().lock(),
            "error: this is a bug in csqlstore {}{place}\nhint: please report it with the command that you typed",
            env!("CARGO_PKG_VERSION"),
        );
    }));
}
