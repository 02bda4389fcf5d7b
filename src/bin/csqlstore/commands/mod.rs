//! A file for each noun: its arguments, its run, its report.

pub(crate) mod completions;
pub(crate) mod cookie;
pub(crate) mod event;
pub(crate) mod node;
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
        Command::Event(args) => event::run(&args, cx, ui).await,
        Command::Node(args) => node::run(&args, cx, ui).await,
        Command::Cookie(args) => cookie::run(&args, cx, ui).await,
        Command::Session(args) => session::run(&args, cx, ui).await,
        Command::Purge(args) => purge::run(&args, cx, ui).await,
        Command::Sandbox(args) => sandbox::run(&args, ui).await,
        Command::Completions(args) => completions::run(&args, ui),
        Command::Generate(args) => crate::generate::run(&args, ui),
    }
}
