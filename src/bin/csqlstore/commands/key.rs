//! `csqlstore key`.

mod check;
mod generate;
mod mend;

use clap::{Args, Subcommand};

use self::check::CheckArgs;
pub(crate) use self::check::findings;
use self::generate::GenerateArgs;
pub(super) use self::generate::{create as create_file, line as new_line};
use super::verify::KeyArgs as KeyFileArgs;
use crate::context::Context;
use crate::failure::{Failure, Status};
use crate::ui::Ui;

/// Make keys, and look at those in use
///
/// A keyring is pairs of a hash key, which signs, and perhaps a block key, which encrypts. The first pair signs; every
/// pair verifies.
#[derive(Args, Debug)]
pub(crate) struct KeyArgs {
    #[command(subcommand)]
    command: KeyCommand,
}

#[derive(Subcommand, Debug)]
enum KeyCommand {
    Generate(GenerateArgs),
    Check(CheckArgs),
}

impl KeyArgs {
    /// Where keys are, for the command that reads them.
    pub(crate) fn keys(&self) -> Option<&KeyFileArgs> {
        match &self.command {
            KeyCommand::Generate(_) => None,
            KeyCommand::Check(args) => Some(args.keys()),
        }
    }
}

/// Runs the command. Making a key needs no settings, so that a slip in a file does not stop it.
pub(crate) fn run(
    args: &KeyArgs,
    context: impl FnOnce() -> Result<Context, Failure>,
    ui: &Ui,
) -> Result<Status, Failure> {
    let KeyArgs { command } = args;
    match command {
        KeyCommand::Generate(args) => generate::run(args, ui),
        KeyCommand::Check(args) => check::run(args, &context()?, ui),
    }
}
