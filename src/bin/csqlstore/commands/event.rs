//! `csqlstore event`.

mod install;
mod remove;
mod show;
mod status;

use std::time::Duration;

use clap::{Args, Subcommand};

use csqlstore::event::{Choices, Name};
use csqlstore::schema::Table;

use crate::context::Context;
use crate::failure::{Failure, Status};
use crate::ui::Ui;

/// Let the servers delete expired sessions themselves
///
/// The servers' own scheduler can run the cleanup. On a cluster an event is stored on every node and enabled on one, and
/// no status of it proves that anything was deleted; these commands know both.
#[derive(Args, Debug)]
pub(crate) struct EventArgs {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand, Debug)]
enum Verb {
    Install(install::InstallArgs),
    Status(status::StatusArgs),
    Show(show::ShowArgs),
    Remove(remove::RemoveArgs),
}

/// What the event is to do. No option has a default of its own: what is not given stays as it was chosen before.
#[derive(Args, Debug)]
struct ChoicesArgs {
    /// Run this often [default: as installed, else 1h]
    #[arg(long, value_name = "DURATION")]
    every: Option<humantime::Duration>,
    /// Keep sessions for this long after they expire [default: as installed, else 1h]
    #[arg(long, value_name = "DURATION")]
    grace: Option<humantime::Duration>,
    /// Delete this many rows at a time [default: as installed, else 200]
    #[arg(long, value_name = "ROWS")]
    batch: Option<u32>,
    /// End a run after this long; the next one goes on [default: as installed, else half of --every, at most 10m]
    #[arg(long, value_name = "DURATION")]
    max_time: Option<humantime::Duration>,
}

impl ChoicesArgs {
    fn choices(&self) -> Choices {
        let Self { every, grace, batch, max_time } = self;
        Choices {
            every: every.map(Into::into),
            grace: grace.map(Into::into),
            batch: *batch,
            max_time: max_time.map(Into::into),
        }
    }
}

pub(crate) async fn run(args: &EventArgs, cx: &Context, ui: &Ui) -> Result<Status, Failure> {
    let EventArgs { verb } = args;
    let cluster = cx.cluster()?;
    match verb {
        Verb::Install(args) => install::run(args, cluster, cx.table(), ui).await,
        Verb::Status(args) => status::run(args, cluster, cx.table(), ui).await,
        Verb::Show(args) => show::run(args, cluster, cx.table(), ui).await,
        Verb::Remove(args) => remove::run(args, cluster, cx.table(), ui).await,
    }
}

/// The event's name: the one asked for, or the one that belongs to the table.
fn name(asked: Option<&str>, table: &Table) -> Result<Name, Failure> {
    Ok(match asked {
        Some(asked) => Name::new(asked)?,
        None => Name::of(table),
    })
}

/// A duration as people write it, without fractions of a second.
fn duration(time: Duration) -> String {
    humantime::format_duration(Duration::from_secs(time.as_secs())).to_string()
}
