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

use clap::Parser;
use clap::error::ErrorKind;

use crate::cli::Cli;
use crate::failure::{Failure, Status};
use crate::stop::Stop;
use crate::ui::Ui;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return refuse(&error),
    };
    let ui = Ui::new(&cli.global);
    ui::report_panics();
    // A panic is a bug; the hook has said so, and 70 tells a script.
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| start(cli, &ui)));
    outcome.unwrap_or(Status::Bug).into()
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
fn refuse(error: &clap::Error) -> ExitCode {
    let asked = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    if asked {
        // A closed pipe is a quiet end, here as everywhere.
        let _ = error.print();
        return Status::Done.into();
    }
    ui::refusal(&error.render().to_string(), ui::format_asked_for(std::env::args_os())).into()
}
