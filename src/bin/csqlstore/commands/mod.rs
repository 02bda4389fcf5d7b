//! A file for each noun: its arguments, its run, its report.

mod beats;
pub(crate) mod completions;
pub(crate) mod config;
pub(crate) mod cookie;
pub(crate) mod doctor;
pub(crate) mod event;
mod exposition;
pub(crate) mod key;
pub(crate) mod migrate;
pub(crate) mod node;
pub(crate) mod purge;
pub(crate) mod sandbox;
pub(crate) mod session;
mod shown;
mod stored;
pub(crate) mod verify;

use crate::cli::{Command, GlobalArgs};
use crate::context::Context;
use crate::failure::{Failure, Status};
use crate::stop::Stop;
use crate::ui::Ui;

use self::verify::{KeyArgs, VerifyArgs};

/// Runs a command. Those that need no settings do not look at them: a slip in a file must not stop `completions`.
pub(crate) async fn run(command: Command, global: &GlobalArgs, stop: Stop, ui: &Ui) -> Result<Status, Failure> {
    let resolve = |verifying: Option<(&KeyArgs, &[String])>| {
        let (keys, names) = verifying.map_or((None, &[][..]), |(keys, names)| (Some(keys), names));
        Context::resolve(global, keys, names, stop.clone(), ui)
    };
    let context = |verify: Option<&VerifyArgs>| resolve(verify.map(|verify| (&verify.keys, &verify.names[..])));
    match command {
        Command::Migrate(args) => migrate::run(&args, &context(None)?, ui).await,
        Command::Event(args) => event::run(&args, &context(None)?, ui).await,
        Command::Node(args) => node::run(&args, &context(None)?, ui).await,
        Command::Cookie(args) => cookie::run(&args, &context(Some(args.verify()))?, ui).await,
        Command::Session(args) => session::run(&args, &resolve(args.verifying())?, ui).await,
        Command::Purge(args) => purge::run(&args, &context(None)?, ui).await,
        Command::Config(args) => config::run(&args, global, || context(None), ui).await,
        Command::Doctor(args) => {
            let cx = || Context::resolve(global, Some(&args.keys), &args.names, stop.clone(), ui);
            doctor::run(&args, cx, ui).await
        }
        Command::Key(args) => key::run(&args, || Context::resolve(global, args.keys(), &[], stop.clone(), ui), ui),
        Command::Sandbox(args) => sandbox::run(&args, ui).await,
        Command::Completions(args) => completions::run(&args, ui),
        Command::Generate(args) => crate::generate::run(&args, ui),
    }
}
