//! A file for each noun: its arguments, its run, its report.

pub(crate) mod completions;
pub(crate) mod cookie;
pub(crate) mod migrate;
pub(crate) mod purge;
pub(crate) mod sandbox;
pub(crate) mod session;
mod stored;
pub(crate) mod verify;

use crate::cli::Command;
use crate::context::Context;
use crate::failure::{Failure, Status};
use crate::ui::Ui;

/// Runs a command.
pub(crate) async fn run(command: Command, cx: &Context, ui: &Ui) -> Result<Status, Failure> {
    match command {
        Command::Migrate(args) => migrate::run(&args, cx, ui).await,
        Command::Cookie(args) => cookie::run(&args, cx, ui).await,
        Command::Session(args) => session::run(&args, cx, ui).await,
        Command::Purge(args) => purge::run(&args, cx, ui).await,
        Command::Sandbox(args) => sandbox::run(&args, ui).await,
        Command::Completions(args) => completions::run(&args, ui),
        Command::Generate(args) => crate::generate::run(&args, ui),
    }
}
