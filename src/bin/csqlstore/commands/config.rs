//! `csqlstore config`.

mod init;
mod show;

use clap::{Args, Subcommand};

use self::init::InitArgs;
use self::show::ShowArgs;
use crate::cli::GlobalArgs;
use crate::context::Context;
use crate::failure::{Failure, Status};
use crate::ui::Ui;

/// Make a configuration, and look at the one that holds
#[derive(Args, Debug)]
pub(crate) struct ConfigArgs {
    #[command(subcommand)]
    command: ConfigCommand,
}

#[derive(Subcommand, Debug)]
enum ConfigCommand {
    Show(ShowArgs),
    Init(InitArgs),
}

/// Runs the command. Making a configuration reads none, so that a slip in the old one does not stop it.
pub(crate) async fn run(
    args: &ConfigArgs,
    global: &GlobalArgs,
    context: impl FnOnce() -> Result<Context, Failure>,
    ui: &Ui,
) -> Result<Status, Failure> {
    let ConfigArgs { command } = args;
    match command {
        ConfigCommand::Show(args) => show::run(args, &context()?, ui),
        ConfigCommand::Init(args) => init::run(args, global, ui).await,
    }
}
