//! The command `csqlstore`: a terminal over the library.
//!
//! Nothing here decides anything about sessions, rows or nodes. [`cli`] says what can be typed, `settings` resolves
//! it once, [`commands`] holds a file for each noun, [`failure`] turns errors into exit codes and hints, and [`ui`] is
//! the only one that prints.

mod cli;
mod commands;
mod context;
mod failure;
mod generate;
mod input;
mod keys;
mod settings;
mod shell;
mod size;
mod stop;
mod ui;

use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, Parser};

use crate::cli::Cli;
use crate::failure::{Failure, Status};
use crate::stop::Stop;
use crate::ui::Ui;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return refuse(error),
    };
    let ui = Ui::new(&cli.global, cli.command.speaks(cli.global.format));
    ui::report_panics();
    // A panic is a bug; the hook has said so, and 70 tells a script (3 what watches).
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| start(cli, &ui)));
    outcome.unwrap_or_else(|_| ui.bug()).into()
}

/// Runs the command on a runtime of its own and reports how it ended.
fn start(cli: Cli, ui: &Ui) -> Status {
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return ui.failure(&Failure::bug("starting the runtime failed", &error)),
    };
    let outcome = runtime.block_on(run(cli, ui));
    // A connection that hangs must not keep us from leaving.
    runtime.shutdown_background();
    let status = match outcome {
        Ok(status) => status,
        Err(failure) => ui.failure(&failure),
    };
    ui.finish();
    status
}

async fn run(cli: Cli, ui: &Ui) -> Result<Status, Failure> {
    let Cli { global, command } = cli;
    let stop = Stop::watch()?;
    if !command.speaks(ui.format()) {
        return Err(Failure::request(format!("this command does not speak the format `{}`", ui.format()))
            .hint("`--format human` and `--format json` work everywhere"));
    }
    let finishes_its_batch = command.finishes_its_batch();
    let work = commands::run(command, &global, stop.clone(), ui);
    if finishes_its_batch {
        return work.await;
    }
    tokio::select! {
        outcome = work => outcome,
        signal = stop.requested() => Ok(signal.status()),
    }
}

/// Says why the command line was not understood; help and the version come this way too.
fn refuse(mut error: clap::Error) -> ExitCode {
    let asked = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    if asked {
        // A closed pipe is a quiet end, here as everywhere.
        let _ = error.print();
        return Status::Done.into();
    }
    advise(&mut error);
    ui::refusal(&error.render().to_string(), ui::format_asked_for(std::env::args_os())).into()
}

/// Adds a tip where the parser has none that helps, and takes out what nobody is to type.
fn advise(error: &mut clap::Error) {
    if let Some(ContextValue::Strings(similar)) = error.get(ContextKind::SuggestedSubcommand) {
        let all = Cli::command();
        let hidden = |name: &&String| all.find_subcommand(name.as_str()).is_some_and(clap::Command::is_hide_set);
        let shown = similar.iter().filter(|name| !hidden(name)).cloned().collect();
        error.insert(ContextKind::SuggestedSubcommand, ContextValue::Strings(shown));
    }
    let duration =
        matches!(error.get(ContextKind::InvalidArg), Some(ContextValue::String(arg)) if arg.ends_with("<DURATION>"));
    if duration && error.kind() == ErrorKind::ValueValidation {
        let tip = "a duration is a number and its unit, or several: '500ms', '30s', '5m', '1h 30m', '7d'";
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
    }
}
