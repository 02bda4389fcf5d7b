//! `csqlstore event install`.

use std::error::Error;

use clap::Args;
use serde::Serialize;

use csqlstore::cluster::{Cluster, On};
use csqlstore::event::{
    self, Action, Change, Documented, FirstRun, Installed, Other, Plan, Scheduler, Step, Unchanged, Wishes,
};
use csqlstore::schema::Table;

use super::{ChoicesArgs, duration, name};
use crate::failure::{Failure, Status, keys_hint};
use crate::ui::{Report, Style, Ui, plain};

/// Install the cleanup event, or change it, or move it to another node
///
/// It runs at once, and then at every interval, on one node. It deletes in batches, oldest first, by the servers' UTC
/// clock, under the same lease as `csqlstore purge`, so that no two of them ever meet.
///
/// Installing again keeps what was chosen before and is not given anew, shows what changes, and asks. An event that is as
/// it should be is left alone, without a question: the command can run from cron on every host, and takes the event over
/// when its node is gone.
///
/// The event of the Go package's documentation, `AutoDeleteOldSession`, never runs: its DISABLE ON SLAVE disables it on
/// the very server that creates it. It is dropped once the new one is there.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  csqlstore event install                          every hour, what expired an hour ago
  csqlstore event install --every 10m --grace 1d   more often, and keep them longer
  csqlstore event install --on n2 --yes            on this node, without a question
  */15 * * * * csqlstore event install --yes --quiet
                                                   from cron: moves it if its node is gone")]
pub(super) struct InstallArgs {
    #[command(flatten)]
    choices: ChoicesArgs,
    /// Run it on this node [default: where it runs already, else a usable one whose scheduler is on]
    #[arg(long, value_name = "NAME|auto", default_value = "auto", hide_default_value = true)]
    on: On,
    /// The event's name [default: csqlstore_purge_TABLE]
    #[arg(long, value_name = "NAME")]
    event: Option<String>,
    /// Leave the event of the Go package's documentation where it is
    #[arg(long)]
    keep_documented: bool,
    /// Write the event even if it is as it should be: it runs at once, and as this account
    #[arg(long)]
    anew: bool,
}

pub(super) async fn run(args: &InstallArgs, cluster: &Cluster, table: &Table, ui: &Ui) -> Result<Status, Failure> {
    let InstallArgs { choices, on, event, keep_documented, anew } = args;
    let wishes = Wishes {
        event: name(event.as_deref(), table)?,
        table: table.clone(),
        choices: choices.choices(),
        on: on.clone(),
        documented: if *keep_documented { Documented::Keep } else { Documented::Replace },
        unchanged: if *anew { Unchanged::WriteAnew } else { Unchanged::Keep },
    };
    let plan = event::plan(cluster, &wishes).await?;
    say(&plan, ui);
    if plan.is_done() {
        return ui.answer(&InstallReport { plan: &plan, installed: None });
    }
    ui.confirm(&question(&plan))?;
    let bar = ui.progress("installing", None);
    let installed = event::install(cluster, &plan, |step| {
        let text = match step {
            Step::SchedulerOn => "the event scheduler was turned on",
            Step::Created => "the event is there",
            Step::Enabled => "the event is enabled",
            Step::Dropped => "the documented event is dropped",
            Step::Watching => "watching the first run",
        };
        bar.say(text);
        bar.aside(|| ui.detail(text));
    })
    .await?;
    drop(bar);
    if let Some(error) = &installed.not_dropped {
        ui.warning(format_args!("{}", not_dropped(error)));
    }
    ui.answer(&InstallReport { plan: &plan, installed: Some(installed) })
}

fn not_dropped(error: &event::Error) -> String {
    let mut cause: &dyn Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    let name = event::DOCUMENTED_NAME;
    format!(
        "event `{name}` could not be dropped: {}; somebody who may can run `DROP EVENT {name}`, and \
         --keep-documented leaves it without a word",
        plain(&cause.to_string())
    )
}

fn question(plan: &Plan) -> String {
    let Plan { event, table, definition, node, .. } = plan;
    format!(
        "Let node `{node}` delete from `{table}` every {} what expired more than {} ago (event `{event}`)?",
        duration(definition.every()),
        duration(definition.grace()),
    )
}

/// Says what people should know before they agree.
fn say(plan: &Plan, ui: &Ui) {
    let Plan { event, node, action, changes, scheduler, drops, others, scans, misfit, too_short, .. } = plan;
    match action {
        Action::Create | Action::Keep => {}
        Action::Replace => ui.note(format_args!("event `{event}` is there already, and changes:")),
        Action::Move { from, gone: false } => {
            ui.note(format_args!("event `{event}` moves from node {} to node `{node}`", names(from, "and")));
        }
        Action::Move { from, gone: true } => ui.note(format_args!(
            "event `{event}` moves from node {}, which {} not answer, to node `{node}`",
            names(from, "or"),
            if from.len() == 1 { "does" } else { "do" },
        )),
    }
    for Change { what, from, to } in changes {
        ui.note(format_args!("  {what}: {} -> {}", plain(from), plain(to)));
    }
    if *scheduler == Scheduler::TurnOn {
        ui.warning(format_args!(
            "the event scheduler of node `{node}` is OFF and will be turned on; a restart forgets that, unless my.cnf says event_scheduler=ON"
        ));
    }
    if let Some(apart) = too_short {
        ui.warning(format_args!(
            "the clocks of the nodes are up to {:.1} s apart, which is more than the grace: sessions that are alive by one \
             are deleted by another (--grace sets a longer one)",
            apart.as_secs_f64()
        ));
    }
    if *scans {
        let adds = keys_hint(misfit.as_ref(), "one");
        ui.warning(format_args!("no index begins with `expire_on`: each batch reads the whole table ({adds})"));
    }
    if let Some(other) = drops {
        let (name, why) = (plain(&other.name), state(other));
        ui.note(format_args!(
            "event `{name}` {why}; it is dropped, and `{event}` does its work (--keep-documented keeps it)"
        ));
    }
    for other in others {
        let (name, why) = (plain(&other.name), state(other));
        if other.status == "ENABLED" {
            ui.warning(format_args!("event `{name}` {why}; `csqlstore event remove --event {name}` ends that"));
        } else {
            ui.warning(format_args!("event `{name}` {why}; `csqlstore event remove --event {name}` removes it"));
        }
    }
}

/// What another event that is there does, as a predicate.
fn state(other: &Other) -> String {
    let status = plain(&other.status);
    match (other.status.as_str(), other.documented) {
        ("ENABLED", _) => "deletes from this table too, and takes no lease".to_owned(),
        ("DISABLED", _) => "is DISABLED and does not run".to_owned(),
        (_, true) => format!(
            "is {status} and never runs: the Go package's documentation creates it with DISABLE ON SLAVE, which disables it on every node"
        ),
        (_, false) => format!("is {status} and does not run here"),
    }
}

fn names(nodes: &[String], word: &str) -> String {
    let quoted: Vec<String> = nodes.iter().map(|node| format!("`{}`", plain(node))).collect();
    quoted.join(&format!(" {word} "))
}

/// What was installed; without an `installed` it was all there.
struct InstallReport<'a> {
    plan: &'a Plan,
    installed: Option<Installed>,
}

impl InstallReport<'_> {
    /// Whether the documented event, if it was to go, did.
    fn dropped(&self) -> bool {
        self.installed.as_ref().is_some_and(|installed| installed.not_dropped.is_none())
    }
}

#[derive(Serialize)]
struct InstallJson<'a> {
    event: &'a str,
    node: &'a str,
    action: &'static str,
    /// The node that ran it before, if that is known.
    moved_from: Option<&'a str>,
    every_s: u64,
    grace_s: u64,
    batch: u32,
    max_time_s: u64,
    changes: Vec<ChangeJson<'a>>,
    /// The documented event, if it was dropped.
    dropped: Option<&'a str>,
    scheduler_turned_on: bool,
    /// What the first run did while it was watched.
    first_run: Option<&'static str>,
}

#[derive(Serialize)]
struct ChangeJson<'a> {
    what: &'static str,
    from: &'a str,
    to: &'a str,
}

impl Report for InstallReport<'_> {
    fn json(&self) -> impl Serialize {
        let Self { plan, installed } = self;
        let Plan { event, definition, node, action, changes, drops, .. } = plan;
        let (action, moved_from) = match action {
            Action::Create => ("created", None),
            Action::Keep => ("kept", None),
            Action::Replace => ("replaced", None),
            Action::Move { from, .. } => ("moved", <&[String; 1]>::try_from(&from[..]).ok().map(|[one]| one.as_str())),
        };
        InstallJson {
            event: event.as_str(),
            node,
            action,
            moved_from,
            every_s: definition.every().as_secs(),
            grace_s: definition.grace().as_secs(),
            batch: definition.batch(),
            max_time_s: definition.max_time().as_secs(),
            changes: changes.iter().map(|Change { what, from, to }| ChangeJson { what, from, to }).collect(),
            dropped: drops.as_ref().filter(|_| self.dropped()).map(|other| other.name.as_str()),
            scheduler_turned_on: installed.as_ref().is_some_and(|installed| installed.scheduler_turned_on),
            first_run: installed.as_ref().and_then(|installed| installed.first_run.as_ref()).map(|run| match run {
                FirstRun::NothingDue => "nothing-due",
                FirstRun::Cleaned => "cleaned",
                FirstRun::RowsLeft => "rows-left",
                FirstRun::Held(_) => "held",
                FirstRun::Unseen => "unseen",
            }),
        }
    }

    fn human(&self, style: &Style) -> String {
        let Self { plan, installed } = self;
        let Plan { event, definition, node, action, drops, .. } = plan;
        let what = match (action, installed) {
            (_, None) => "is as it should be, and left alone, on".to_owned(),
            (Action::Create, _) => "created on".to_owned(),
            (Action::Keep, _) => "left alone on".to_owned(),
            (Action::Replace, _) => "replaced on".to_owned(),
            (Action::Move { from, gone }, _) => {
                format!("moved from node {} to", names(from, if *gone { "or" } else { "and" }))
            }
        };
        let mut text = format!(
            "event `{}` {what} node `{}`\nevery {} it deletes what expired more than {} ago, {} rows at a time\n",
            plain(event.as_str()),
            plain(node),
            duration(definition.every()),
            duration(definition.grace()),
            definition.batch(),
        );
        let Some(Installed { node: _, scheduler_turned_on, not_dropped: _, first_run }) = installed else {
            return text;
        };
        if let (Some(other), true) = (drops, self.dropped()) {
            text.push_str(&format!("event `{}` dropped\n", plain(&other.name)));
        }
        if *scheduler_turned_on {
            text.push_str("the event scheduler there is on until the server restarts (my.cnf: event_scheduler=ON)\n");
        }
        let Some(first_run) = first_run else { return text };
        let not_done = style.warn("first run not done");
        let later = "`csqlstore event status` tells later";
        text.push_str(&match first_run {
            FirstRun::NothingDue => format!("{}: no session is due now\n", style.good("first run done")),
            FirstRun::Cleaned => format!("{}: every session that was due is gone\n", style.good("first run done")),
            FirstRun::RowsLeft => format!("{not_done}: sessions that are due are left; {later}\n"),
            FirstRun::Held(holder) => format!(
                "{not_done}: the lease is held by {}; the next run is in {}\n",
                plain(&holder.to_string()),
                duration(definition.every())
            ),
            FirstRun::Unseen => format!("{not_done}: none has recorded itself yet; {later}\n"),
        });
        text
    }
}
