//! `csqlstore event`.

mod report;

use clap::{Args, Subcommand};

use csqlstore::cluster::{Cluster, On};
use csqlstore::event::{self, Action, Definition, Name, Plan, Question, Scheduler, Step, Wishes};
use csqlstore::schema::Table;

use crate::context::Context;
use crate::failure::{Failure, Status, keys_hint};
use crate::ui::{Ui, plain};

use report::{InstallReport, StatusReport, duration};

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
    Install(InstallArgs),
    Status(StatusArgs),
}

/// Install the cleanup event, or replace it, or move it to another node
///
/// It runs at once, and then at every interval, on one node. It deletes in batches, oldest first, by the servers' UTC
/// clock. Installing again changes it, and takes it over from a node that is gone.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  csqlstore event install                          every hour, what expired an hour ago
  csqlstore event install --every 10m --grace 1d   more often, and keep them longer
  csqlstore event install --on n2 --yes            on this node, without a question")]
struct InstallArgs {
    /// Run this often
    #[arg(long, value_name = "DURATION", default_value = "1h")]
    every: humantime::Duration,
    /// Keep sessions for this long after they expire
    #[arg(long, value_name = "DURATION", default_value = "1h")]
    grace: humantime::Duration,
    /// Delete this many rows at a time
    #[arg(long, value_name = "ROWS", default_value_t = Definition::BATCH)]
    batch: u32,
    /// Run it on this node [default: where it runs already, else a usable one whose scheduler is on]
    #[arg(long, value_name = "NAME|auto", default_value = "auto", hide_default_value = true)]
    on: On,
    /// The event's name [default: csqlstore_purge_TABLE]
    #[arg(long, value_name = "NAME")]
    event: Option<String>,
}

/// Show whether expired sessions are being deleted
///
/// Every node is asked at once, and the table for its oldest expired row: that one is the proof. Exit status 1 says that
/// the cleanup does not work.
#[derive(Args, Debug)]
struct StatusArgs {
    /// Exit with status 1 if the cleanup does not work (which it does without this option, too)
    #[arg(long)]
    check: bool,
    /// The event's name [default: csqlstore_purge_TABLE, or whatever else cleans the table up]
    #[arg(long, value_name = "NAME")]
    event: Option<String>,
}

pub(crate) async fn run(args: &EventArgs, cx: &Context, ui: &Ui) -> Result<Status, Failure> {
    let EventArgs { verb } = args;
    let cluster = cx.cluster()?;
    match verb {
        Verb::Install(args) => install(args, cluster, cx.table(), ui).await,
        Verb::Status(args) => status(args, cluster, cx.table(), ui).await,
    }
}

async fn install(args: &InstallArgs, cluster: &Cluster, table: &Table, ui: &Ui) -> Result<Status, Failure> {
    let InstallArgs { every, grace, batch, on, event } = args;
    let definition = Definition::new((*every).into(), (*grace).into(), *batch)?;
    let event = name(event.as_deref(), table)?;
    let plan = event::plan(cluster, Wishes { event, table: table.clone(), definition, on: on.clone() }).await?;
    say(&plan, ui);
    ui.confirm(&question(&plan))?;
    let bar = ui.progress("installing", None);
    let installed = event::install(cluster, &plan, |step| {
        let text = match step {
            Step::SchedulerOn => "the event scheduler was turned on",
            Step::Created => "the event is there",
            Step::Enabled => "the event is enabled",
            Step::Watching => "watching the first run",
        };
        bar.say(text);
        bar.aside(|| ui.detail(text));
    })
    .await?;
    drop(bar);
    ui.answer(&InstallReport::new(&plan, installed))
}

fn question(plan: &Plan) -> String {
    let Plan { wishes: Wishes { event, table, definition, .. }, node, .. } = plan;
    format!(
        "Let node `{node}` delete from `{table}` every {} what expired more than {} ago (event `{event}`)?",
        duration(definition.every()),
        duration(definition.grace()),
    )
}

/// Says what people should know before they agree.
fn say(plan: &Plan, ui: &Ui) {
    let Plan { wishes: Wishes { event, .. }, node, action, scheduler, others, scans, misfit } = plan;
    match action {
        Action::Create => {}
        Action::Replace => ui.note(format_args!("event `{event}` is there already, and will be replaced")),
        Action::Move { from } => ui.note(format_args!("event `{event}` moves from node `{from}` to node `{node}`")),
    }
    if *scheduler == Scheduler::TurnOn {
        ui.warning(format_args!(
            "the event scheduler of node `{node}` is OFF and will be turned on; a restart forgets that, unless my.cnf says event_scheduler=ON"
        ));
    }
    if *scans {
        let adds = keys_hint(misfit.as_ref(), "one");
        ui.warning(format_args!("no index begins with `expire_on`: each batch reads the whole table ({adds})"));
    }
    for (name, status) in others {
        let (name, status) = (plain(name), plain(status));
        if status == "ENABLED" {
            ui.warning(format_args!("event `{name}` deletes from this table too; `DROP EVENT` ends that"));
        } else {
            ui.warning(format_args!(
                "event `{name}` is {status} and does not run here{}; `DROP EVENT` removes it",
                if name.eq_ignore_ascii_case(event::DOCUMENTED_NAME) {
                    ": the Go package's documentation creates it with DISABLE ON SLAVE, which disables it on every node"
                } else {
                    ""
                }
            ));
        }
    }
}

async fn status(args: &StatusArgs, cluster: &Cluster, table: &Table, ui: &Ui) -> Result<Status, Failure> {
    // Both ways the exit status tells; the option is there for those who expect it.
    let StatusArgs { check: _, event } = args;
    let question =
        Question { or_another: event.is_none(), event: name(event.as_deref(), table)?, table: table.clone() };
    let (sights, backlog) =
        tokio::join!(event::inspect(cluster, &question.event, table), event::backlog(cluster, table));
    let report = event::judge(&question, &sights?, &backlog);
    ui.answer(&StatusReport(report))
}

fn name(asked: Option<&str>, table: &Table) -> Result<Name, Failure> {
    Ok(match asked {
        Some(asked) => Name::new(asked)?,
        None => Name::of(table),
    })
}
