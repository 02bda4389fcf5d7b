//! `csqlstore migrate`: a file for each verb.

mod adopt;
mod down;
mod holder;
mod large;
mod plan;
mod records;
mod repair;
mod running;
mod stall;
mod status;
mod unlock;
mod up;
mod verify;

use clap::{Args, Subcommand, ValueEnum};

use csqlstore::cluster::{Causality, On, Usable};
use csqlstore::migrate::{Goal, Migration, OnDuplicates};

use crate::context::Context;
use crate::failure::{Failure, Status};
use crate::ui::{Ui, plain};

/// Bring the session table's schema to where it should be
///
/// The table that the Go package documents has no primary key and no index: on a cluster one DELETE can then block
/// everyone for minutes. `migrate up` adds both to a table that is in use, or creates the table. It is safe to run it
/// from several machines at once, and to run it again after whatever happened.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  csqlstore migrate plan                the SQL, and what the cluster will feel
  csqlstore migrate up                  apply what is pending
  csqlstore migrate up --wait 2m        in CI, whose database is only just starting
  csqlstore migrate up --dedupe newest  where more than one row has the same id
  csqlstore migrate status --check      exit status 1 if anything is pending, for CI
  csqlstore migrate verify              every node against what is expected, and against the others
  csqlstore migrate unlock --dry-run    who holds the lease, and whether he is still there")]
pub(crate) struct MigrateArgs {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand, Debug)]
enum Verb {
    Status(status::StatusArgs),
    Plan(plan::PlanArgs),
    Up(up::UpArgs),
    Verify(verify::VerifyArgs),
    Adopt(adopt::AdoptArgs),
    Down(down::DownArgs),
    Repair(repair::RepairArgs),
    Unlock(unlock::UnlockArgs),
}

impl MigrateArgs {
    /// Whether the verb hears a signal itself: a statement that was begun is seen to its end, and recorded.
    pub(crate) fn finishes_its_statement(&self) -> bool {
        matches!(self.verb, Verb::Up(_) | Verb::Adopt(_) | Verb::Down(_) | Verb::Repair(_))
    }
}

pub(crate) async fn run(args: &MigrateArgs, cx: &Context, ui: &Ui) -> Result<Status, Failure> {
    let MigrateArgs { verb } = args;
    match verb {
        Verb::Status(args) => status::run(args, cx, ui).await,
        Verb::Plan(args) => plan::run(args, cx, ui).await,
        Verb::Up(args) => up::run(args, cx, ui).await,
        Verb::Verify(args) => verify::run(args, cx, ui).await,
        Verb::Adopt(args) => adopt::run(args, cx, ui).await,
        Verb::Down(args) => down::run(args, cx, ui).await,
        Verb::Unlock(args) => unlock::run(args, cx, ui).await,
        Verb::Repair(args) => repair::run(args, cx, ui).await,
    }
}

/// The node to work on.
#[derive(Args, Debug)]
struct OnArgs {
    /// Work on this node
    #[arg(long, value_name = "NAME|auto", default_value = "auto")]
    on: On,
}

/// How far to go, and over what.
#[derive(Args, Debug)]
struct GoalArgs {
    /// Go no further than the migration of this version
    #[arg(long, value_name = "VERSION")]
    to: Option<u32>,
    /// Leave one row of each id that more than one row has: of those that have not expired the one modified last
    ///
    /// Without it duplicate ids are listed, nothing is done, and the exit status is 4. The others are deleted one by one
    /// before the primary key is made, expired ones first. Without a key each deletion reads the whole table, on every
    /// node.
    #[arg(long, value_name = "WHICH")]
    dedupe: Option<Dedupe>,
}

/// Which row of a duplicate id stays.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum Dedupe {
    /// The newest
    Newest,
}

impl GoalArgs {
    fn goal(&self) -> Goal {
        let Self { to, dedupe } = self;
        let duplicates = match dedupe {
            Some(Dedupe::Newest) => OnDuplicates::KeepNewest,
            None => OnDuplicates::Refuse,
        };
        Goal { to: *to, duplicates }
    }
}

/// Opens a connection to the node to work on.
async fn usable(args: &OnArgs, cx: &Context) -> Result<Usable, Failure> {
    let OnArgs { on } = args;
    Ok(cx.cluster()?.usable(on).await?)
}

/// Says so if what other nodes have just committed may be missing from what is read.
fn warn_if_stale(usable: &Usable, ui: &Ui) {
    if let Causality::Refused(reason) = &usable.causality {
        ui.warning(format_args!("this may miss what other nodes have just committed: {}", plain(reason)));
    }
}

/// `2 primary_key and 3 expire_on_index`.
fn listed(migrations: &[&Migration]) -> String {
    let each: Vec<String> =
        migrations.iter().map(|migration| format!("{} {}", migration.version, migration.name)).collect();
    match each.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
        None => String::new(),
    }
}
