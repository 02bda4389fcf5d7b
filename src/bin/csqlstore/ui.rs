//! The only one that prints, and the only one that asks.

mod again;
mod ask;
mod failure;
mod findings;
mod listing;
mod moment;
mod pieces;
mod progress;
mod redact;
mod screen;
mod table;

use std::ffi::OsString;
use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, PoisonError};

use clap::ValueEnum;
use serde::Serialize;

use crate::cli::GlobalArgs;
use crate::failure::{Failure, PluginStatus, Status};

pub(crate) use again::{again, kept_by};
use failure::failure_as_json;
pub(crate) use failure::{refusal, report_panics};
pub(crate) use findings::{FindingJson, findings_as_text};
pub(crate) use listing::{Detail, View, facts, values};
pub(crate) use moment::{moment, seconds, shortly};
pub(crate) use pieces::{Piece, Pieces, Tally};
pub(crate) use progress::Progress;
pub(crate) use redact::redacted;
pub(crate) use screen::{Input, Key, Screen, Size, restore};
pub(crate) use table::Table;

/// The version of every JSON answer's form.
pub(crate) const SCHEMA_VERSION: u32 = 1;

/// The form of an answer.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// For people
    Human,
    /// One JSON object
    Json,
    /// A line of a Nagios plugin (`node check`)
    Nagios,
    /// The line of a HAProxy agent (`node check`)
    Haproxy,
    /// Metrics for Prometheus (`node check`)
    Prometheus,
}

impl Format {
    /// Whether every command speaks it.
    pub(crate) fn is_common(self) -> bool {
        matches!(self, Self::Human | Self::Json)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.to_possible_value();
        f.write_str(value.as_ref().map_or("?", |value| value.get_name()))
    }
}

/// When to use colours.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Finds the format in a command line that was not understood; a dialect only where it is spoken.
pub(crate) fn format_asked_for(args: impl Iterator<Item = OsString>) -> Option<Format> {
    let args: Vec<String> = args.map(|arg| arg.to_string_lossy().into_owned()).collect();
    // Options, and values that are the same words, may come before, between and behind.
    let node = args.iter().position(|arg| arg == "node");
    let check = args.iter().rposition(|arg| arg == "check");
    let checks = node.zip(check).is_some_and(|(node, check)| node < check);
    let next = |i: usize| args.get(i + 1).map(String::as_str);
    let named = args.iter().enumerate().find_map(|(i, arg)| match arg.strip_prefix("--format") {
        Some("") => next(i),
        Some(rest) => rest.strip_prefix('='),
        None => None,
    })?;
    Format::from_str(named, true).ok().filter(|format| checks || format.is_common())
}

/// What a command answers: one form for people, one for programs, and the exit status that goes with it.
pub(crate) trait Report {
    /// The body of the JSON answer; `schema_version` is put in front.
    fn json(&self) -> impl Serialize;

    /// The text for people, with a line feed at its end (or empty).
    fn human(&self, style: &Style) -> String;

    /// The text in a language of monitoring, where the command speaks it.
    fn dialect(&self, format: Format) -> Option<String> {
        let _ = format;
        None
    }

    /// How the program ends.
    fn status(&self) -> Status {
        Status::Done
    }
}

/// Colours, where they are wanted. Meaning never hangs on a colour alone.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    pub(crate) colors: bool,
}

impl Style {
    fn paint(self, code: &str, text: impl fmt::Display) -> String {
        if self.colors { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_string() }
    }

    pub(crate) fn bold(self, text: impl fmt::Display) -> String {
        self.paint("1", text)
    }

    pub(crate) fn dim(self, text: impl fmt::Display) -> String {
        self.paint("2", text)
    }

    pub(crate) fn good(self, text: impl fmt::Display) -> String {
        self.paint("32", text)
    }

    pub(crate) fn warn(self, text: impl fmt::Display) -> String {
        self.paint("33", text)
    }

    pub(crate) fn bad(self, text: impl fmt::Display) -> String {
        self.paint("1;31", text)
    }
}

/// The terminal.
pub(crate) struct Ui {
    format: Format,
    quiet: bool,
    verbosity: u8,
    out: Style,
    err: Style,
    bars: bool,
    yes: bool,
    /// What waits for the one JSON object on standard error.
    warnings: Mutex<Vec<String>>,
    /// Whether every end of the program is one of a Nagios plugin.
    plugin: bool,
}

#[derive(Serialize)]
struct Envelope<T> {
    schema_version: u32,
    #[serde(flatten)]
    body: T,
}

impl Ui {
    /// `spoken` says whether the command speaks the format that is asked for.
    pub(crate) fn new(global: &GlobalArgs, spoken: bool) -> Self {
        let colors = |terminal: bool| match global.color {
            Color::Always => true,
            Color::Never => false,
            // https://no-color.org: present and not empty.
            Color::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        };
        again::remember(global);
        Self {
            format: global.format,
            quiet: global.quiet,
            verbosity: global.verbose,
            out: Style { colors: colors(io::stdout().is_terminal()) },
            err: Style { colors: colors(io::stderr().is_terminal()) },
            bars: !global.no_progress && !global.quiet && io::stderr().is_terminal(),
            yes: global.yes,
            warnings: Mutex::default(),
            plugin: spoken && global.format == Format::Nagios,
        }
    }

    pub(crate) fn format(&self) -> Format {
        self.format
    }

    /// Returns whether the answer is for people rather than programs.
    pub(crate) fn is_for_people(&self) -> bool {
        self.format == Format::Human
    }

    /// Shows people what a question is about, in colours; what comes from outside has to be [`plain`] in it.
    pub(crate) fn preview(&self, text: impl FnOnce(&Style) -> String) {
        if self.is_for_people() && !self.quiet {
            self.line(text(&self.err).trim_end());
        }
    }

    /// Writes the answer, and returns the status that goes with it.
    pub(crate) fn answer(&self, report: &impl Report) -> Result<Status, Failure> {
        match self.format {
            Format::Json => {
                let envelope = Envelope { schema_version: SCHEMA_VERSION, body: report.json() };
                let mut text = serde_json::to_vec_pretty(&envelope)
                    .map_err(|error| Failure::bug("writing the answer as JSON failed", &error))?;
                text.push(b'\n');
                self.raw(&text)?;
            }
            format => match report.dialect(format) {
                Some(text) => self.raw(text.as_bytes())?,
                None if self.quiet => {}
                None => self.raw(report.human(&self.out).as_bytes())?,
            },
        }
        Ok(report.status())
    }

    /// Writes bytes to standard output as they are. A closed pipe is a quiet end: nobody reads any more.
    #[track_caller]
    pub(crate) fn raw(&self, bytes: &[u8]) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        match out.write_all(bytes).and_then(|()| out.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(unwritten(&error)),
            _ => Ok(()),
        }
    }

    /// The colours of the answer.
    pub(crate) fn colors(&self) -> Style {
        self.out
    }

    /// Writes an answer that comes bit by bit.
    #[track_caller]
    pub(crate) fn pieces<T: Tally>(&self, bar: &Progress) -> Result<Pieces<T>, Failure> {
        Pieces::start(bar)
    }

    /// Returns whether what is for people is left out.
    pub(crate) fn leaves_out(&self) -> bool {
        self.quiet && self.format == Format::Human
    }

    /// Says something beside the answer, on standard error.
    ///
    /// With `--format json` it waits, as a [`warning`](Self::warning) does.
    pub(crate) fn note(&self, text: impl fmt::Display) {
        let text = redacted(&text.to_string());
        match self.format {
            _ if self.quiet => {}
            Format::Json => self.wait(text),
            _ => self.line(&text),
        }
    }

    /// Says something that is wrong and does not stop us. Quiet does not silence it.
    ///
    /// With `--format json` it waits for the one object that is written to standard error at the end.
    pub(crate) fn warning(&self, text: impl fmt::Display) {
        let text = redacted(&text.to_string());
        match self.format {
            Format::Json => self.wait(text),
            _ => self.line(&format!("{} {text}", self.err.warn("warning:"))),
        }
    }

    fn wait(&self, text: String) {
        self.warnings.lock().unwrap_or_else(PoisonError::into_inner).push(text);
    }

    /// Says what happens, with `-v`, in every format: who asks for it reads it.
    pub(crate) fn detail(&self, text: impl fmt::Display) {
        if self.verbosity > 0 {
            self.line(&self.err.dim(text));
        }
    }

    /// Writes the warnings that a program has not been told yet.
    pub(crate) fn finish(&self) {
        let warnings = self.waiting();
        if !warnings.is_empty() {
            failure::warnings_as_json(&warnings);
        }
    }

    fn waiting(&self) -> Vec<String> {
        std::mem::take(&mut *self.warnings.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn line(&self, text: &str) {
        // Standard error closed: there is nobody left to tell.
        let _ = writeln!(io::stderr().lock(), "{text}");
    }

    /// Shows long work: a bar of `total` if it is known, else a spinner. Silent unless standard error is a terminal.
    pub(crate) fn progress(&self, what: &str, total: Option<u64>) -> Progress {
        Progress::new(self.bars, what, total)
    }

    /// Returns the status of a bug that somebody else has told of.
    pub(crate) fn bug(&self) -> Status {
        if self.plugin { Status::Plugin(PluginStatus::Unknown) } else { Status::Bug }
    }

    /// Shows an error and returns its status.
    pub(crate) fn failure(&self, failure: &Failure) -> Status {
        match self.format {
            Format::Json => failure_as_json(failure, &self.waiting()),
            _ if self.plugin => failure::as_plugin(failure),
            _ => failure::as_text(failure, self.err, self.verbosity),
        }
    }
}

/// The work is done; whoever reads the answer may ask again once there is room for it.
#[track_caller]
fn unwritten(error: &io::Error) -> Failure {
    Failure::new(Status::NotNow, format!("writing to standard output failed: {error}"))
}

/// Says why the program ends here and now, past every report.
pub(crate) fn last_word(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Escapes what a terminal would act on, so that a name out of a database cannot move the cursor.
pub(crate) fn plain(text: &str) -> String {
    text.chars().flat_map(|c| if c.is_control() { c.escape_default().collect() } else { vec![c] }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_format_in_a_line_that_was_not_understood() {
        let find = |line: &[&str]| format_asked_for(line.iter().map(OsString::from));
        assert_eq!(find(&["csqlstore", "--nope", "--format", "json"]), Some(Format::Json));
        assert_eq!(find(&["csqlstore", "--format=json"]), Some(Format::Json));
        assert_eq!(find(&["csqlstore", "--format"]), None);
        assert_eq!(find(&["csqlstore", "--formatted=json"]), None);
        let nagios = Some(Format::Nagios);
        assert_eq!(find(&["csqlstore", "node", "check", "--nope", "--format=nagios"]), nagios);
        assert_eq!(find(&["csqlstore", "--format", "nagios", "node", "check", "--expect", "x"]), nagios);
        assert_eq!(find(&["csqlstore", "--table", "check", "node", "check", "--nope", "--format=nagios"]), nagios);
        assert_eq!(find(&["csqlstore", "--format", "nagios", "key", "check", "--nope"]), None);
    }

    #[test]
    fn a_control_character_never_reaches_the_terminal() {
        assert_eq!(plain("a\u{1b}[2Jb\n"), "a\\u{1b}[2Jb\\n");
    }
}
