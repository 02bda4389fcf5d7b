//! `csqlstore node`.

mod check;
mod json;
mod look;
mod nagios;
mod prometheus;
mod serve;
mod status;
mod wait;
mod watch;

use clap::{Args, Subcommand};

use crate::context::Context;
use crate::failure::{Failure, Status};
use crate::ui::{Format, Ui};

pub(crate) use nagios::said;

/// Look at the servers
#[derive(Args, Debug)]
pub(crate) struct NodeArgs {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand, Debug)]
enum Verb {
    Status(status::StatusArgs),
    Check(check::CheckArgs),
    Watch(watch::WatchArgs),
    Wait(wait::WaitArgs),
    Serve(serve::ServeArgs),
}

impl NodeArgs {
    /// Whether the verb answers in a format.
    pub(crate) fn speaks(&self, format: Format) -> bool {
        match self.verb {
            Verb::Check(_) => true,
            Verb::Status(_) | Verb::Watch(_) | Verb::Wait(_) | Verb::Serve(_) => format.is_common(),
        }
    }

    /// Whether the verb hears a signal itself: it has answers to finish, or connections to close and a terminal to give back.
    pub(crate) fn ends_by_itself(&self) -> bool {
        matches!(self.verb, Verb::Serve(_) | Verb::Watch(_))
    }
}

pub(crate) async fn run(args: &NodeArgs, cx: &Context, ui: &Ui) -> Result<Status, Failure> {
    let NodeArgs { verb } = args;
    match verb {
        Verb::Status(args) => status::run(args, cx, ui).await,
        Verb::Check(args) => check::run(args, cx, ui).await,
        Verb::Watch(args) => watch::run(args, cx, ui).await,
        Verb::Wait(args) => wait::run(args, cx, ui).await,
        Verb::Serve(args) => serve::run(args, cx, ui).await,
    }
}
