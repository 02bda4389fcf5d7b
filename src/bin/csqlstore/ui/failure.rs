//! How an error is shown.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;

use super::redact::redacted;
use super::{Format, SCHEMA_VERSION, Style, again, plain};
use crate::commands::node::said;
use crate::failure::{Failure, PluginStatus, Status};

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
    hint: Option<Cow<'a, str>>,
    /// What the program ends with.
    status: u8,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    warnings: &'a [String],
}

#[derive(Serialize)]
struct WarningsAnswer<'a> {
    schema_version: u32,
    warnings: &'a [String],
}

/// Writes an error, and the warnings before it, as one JSON object on standard error.
pub(crate) fn failure_as_json(failure: &Failure, warnings: &[String]) -> Status {
    let causes: Vec<String> = failure.causes.iter().chain(&failure.reasons).map(|cause| redacted(cause)).collect();
    let answer = ErrorAnswer {
        schema_version: SCHEMA_VERSION,
        error: ErrorBody {
            class: failure.class(),
            message: &redacted(&failure.message),
            causes: &causes,
            hint: failure.hint.as_deref().map(again),
            status: failure.status.code(),
            warnings,
        },
    };
    write_json(&answer);
    failure.status
}

/// Writes the warnings of a run without an error as one JSON object on standard error.
pub(super) fn warnings_as_json(warnings: &[String]) {
    write_json(&WarningsAnswer { schema_version: SCHEMA_VERSION, warnings });
}

fn write_json(answer: &impl Serialize) {
    // Strings and a number always serialise; a closed standard error leaves nobody to tell.
    if let Ok(text) = serde_json::to_string(answer) {
        let _ = writeln!(io::stderr().lock(), "{text}");
    }
}

/// Says why a command line was not understood, in the words of the parser: `error: …`, perhaps a tip, the usage.
pub(crate) fn refusal(text: &str, format: Option<Format>) -> Status {
    if format == Some(Format::Json) {
        let (message, rest) = text.trim_end().split_once("\n\n").unwrap_or((text.trim_end(), ""));
        let failure = Failure::request(message.strip_prefix("error: ").unwrap_or(message));
        let tip = rest.lines().find_map(|line| line.trim().strip_prefix("tip: "));
        let hint = tip.unwrap_or("`--help` shows what can be typed");
        return failure_as_json(&failure.hint(hint), &[]);
    }
    if format == Some(Format::Nagios) {
        let message = text.split("\n\n").next().unwrap_or_default();
        return unknown(message.strip_prefix("error: ").unwrap_or(message));
    }
    let _ = io::stderr().lock().write_all(redacted(text).as_bytes());
    Status::Request
}

/// Says why there is no answer as a Nagios plugin does: on standard output, which is all that is read.
pub(super) fn as_plugin(failure: &Failure) -> Status {
    let causes = failure.causes.iter().chain(&failure.reasons).chain(&failure.hint);
    let all: Vec<&str> = std::iter::once(&failure.message).chain(causes).map(String::as_str).collect();
    unknown(&all.join(": "))
}

fn unknown(message: &str) -> Status {
    let _ = writeln!(io::stdout().lock(), "{}", said("UNKNOWN", &plain(&redacted(message))));
    Status::Plugin(PluginStatus::Unknown)
}

/// Writes an error for people: the message, its causes, the hint; with `-vv` where it was made.
pub(super) fn as_text(failure: &Failure, style: Style, verbosity: u8) -> Status {
    let mut text = format!("{} {}\n", style.bad("error:"), redacted(&failure.message));
    for cause in &failure.causes {
        text.push_str(&format!("  caused by: {}\n", redacted(cause)));
    }
    for reason in &failure.reasons {
        text.push_str(&format!("  {reason}\n"));
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
        text.push_str(&format!("{} {}\n", style.good("hint:"), again(hint)));
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
        // What is said on a screen that is taken back is read by nobody.
        super::restore();
        let place = info.location().map_or_else(String::new, |at| format!(" at {}:{}", at.file(), at.line()));
        let _ = writeln!(
            io::stderr().lock(),
            "error: this is a bug in csqlstore {}{place}\nhint: please report it with the command that you typed",
            env!("CARGO_PKG_VERSION"),
        );
    }));
}
