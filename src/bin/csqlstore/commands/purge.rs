//! `csqlstore purge`.

mod report;
mod shown;

use std::time::Duration;

use clap::Args;

use csqlstore::cluster::On;
use csqlstore::lease;
use csqlstore::purge::{self, Denied, Found, Grace, Leasing, Limits, Options, Plan};

use crate::context::Context;
use crate::failure::{Failure, Status, keys_hint};
use crate::ui::{Ui, plain};

use report::{PurgeReport, counted};
use shown::Shown;

/// Delete expired sessions
///
/// The server's clock is read once; what had expired before that moment, less the grace, goes: oldest first, in
/// batches that others do not feel. A conflict, a lock or a node that is lost costs a retry. SIGINT and SIGTERM let
/// the current batch finish; what was deleted until then stays deleted, and the purge can be run again.
///
/// One purge runs at a time in the whole cluster, and none beside the cleanup event: a second one says who runs since when
/// and exits with 3.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  csqlstore purge --dry-run                     how many sessions would go, and from when the oldest is
  csqlstore purge --yes --quiet --max-time 10m  from cron; exit status 5 says that there is more to do
  csqlstore purge --yes --max-rows 50000        no more than these
  csqlstore purge --yes --quiet --if-free       from cron on every host: one of them works, the others say nothing")]
pub(crate) struct PurgeArgs {
    /// Keep sessions for this long after they expire
    #[arg(long, value_name = "DURATION", default_value = "1h")]
    grace: humantime::Duration,
    /// Delete this many rows at a time [default: 50 to 1000, as fast as the server is]
    #[arg(long, value_name = "ROWS", value_parser = clap::value_parser!(u64).range(1..=10_000))]
    batch: Option<u64>,
    /// Delete at most this many rows
    #[arg(long, value_name = "ROWS", value_parser = clap::value_parser!(u64).range(1..))]
    max_rows: Option<u64>,
    /// Begin no further batch after this time
    #[arg(long, value_name = "DURATION")]
    max_time: Option<humantime::Duration>,
    /// Start on this node; if it is lost, any usable one takes over
    #[arg(long, value_name = "NAME|auto", default_value = "auto")]
    on: On,
    /// Wait this long while somebody else purges
    #[arg(long, value_name = "DURATION", default_value = "0s", hide_default_value = true)]
    wait: humantime::Duration,
    /// Exit with 0, having done nothing, if somebody else purges
    #[arg(long)]
    if_free: bool,
    /// Purge without the lease: for an account that may not write `csqlstore_lease`; nothing then keeps a second purge out
    #[arg(long, conflicts_with_all = ["wait", "if_free"])]
    no_lease: bool,
    /// Count what would be deleted, and delete nothing
    #[arg(long)]
    dry_run: bool,
}

/// How long a batch should take.
const TARGET: Duration = Duration::from_millis(100);

pub(crate) async fn run(args: &PurgeArgs, cx: &Context, ui: &Ui) -> Result<Status, Failure> {
    let PurgeArgs { grace, batch, max_rows, max_time, on, wait, if_free, no_lease, dry_run } = args;
    let leasing = if *no_lease { Leasing::Without } else { Leasing::Take { wait: (*wait).into() } };
    let cluster = cx.cluster()?;
    // Until something is deleted there is no batch to finish.
    let plan = tokio::select! {
        plan = purge::plan(cluster, cx.table(), on, Grace((*grace).into())) => plan?,
        signal = cx.stop().requested() => return Ok(signal.status()),
    };
    warn(&plan, leasing, *dry_run, ui);
    if *dry_run {
        return ui.answer(&PurgeReport::planned(&plan));
    }
    plan.permitted()?;
    plan.bearable()?;
    match plan.leasable(leasing) {
        Err(error) if *if_free && is_held(&error) => return ui.answer(&PurgeReport::stood_aside(&plan)),
        outcome => outcome?,
    }
    if plan.expired > 0 {
        let due = max_rows.map_or(plan.expired, |most| most.min(plan.expired));
        let sessions = counted(due, "expired session", "expired sessions");
        ui.confirm(&format!("Delete {sessions}?"))?;
    }
    let options = Options {
        on: on.clone(),
        limits: batch.map_or_else(|| Limits::adaptive(TARGET), |rows| Limits::fixed(TARGET, rows)),
        max_rows: *max_rows,
        max_time: max_time.map(Into::into),
        leasing,
        ..Options::default()
    };
    let bar = ui.progress("purging", Some(plan.expired));
    let stop = purge::Stop::new();
    let ended = {
        let mut shown = Shown::new(&bar, ui);
        let purge = purge::run(cluster, &plan, &options, &stop, |step| shown.step(&step));
        let mut purge = std::pin::pin!(purge);
        tokio::select! {
            ended = &mut purge => ended,
            signal = cx.stop().requested() => {
                bar.aside(|| ui.note(format_args!("{}: finishing the batch", signal.name())));
                stop.ask();
                purge.await
            }
        }
    };
    drop(bar);
    match ended {
        Ok(outcome) => ui.answer(&PurgeReport::done(&plan, &outcome, cx.stop().signal())),
        // Somebody was faster than our look.
        Err(error) if *if_free && is_held(&error) => ui.answer(&PurgeReport::stood_aside(&plan)),
        Err(error) => {
            if let Some(outcome) = error.outcome() {
                ui.answer(&PurgeReport::broken_off(&plan, outcome))?;
            }
            Err(error.into())
        }
    }
}

/// Whether somebody else has the lease.
fn is_held(error: &purge::Error) -> bool {
    matches!(error, purge::Error::Lease(lease::Error::Held { .. }))
}

/// Says what the plan found that people should know before they agree.
fn warn(plan: &Plan, leasing: Leasing, dry_run: bool, ui: &Ui) {
    match (&plan.lease, leasing) {
        (Found::Held(holder), Leasing::Without) => ui.warning(format_args!("somebody else purges: {holder}")),
        // A purge that goes on says it as an error, or waits.
        (Found::Held(holder), _) if dry_run => ui.note(format_args!("somebody else purges: {holder}")),
        (Found::NoTable, Leasing::Take { .. }) if dry_run => ui.warning(format_args!(
            "there is no table `csqlstore_lease`; a purge would be refused (`csqlstore migrate up` creates it, `--no-lease` goes without)"
        )),
        _ => {}
    }
    if let csqlstore::cluster::Causality::Refused(reason) = &plan.causality {
        ui.warning(format_args!("the count may miss what other nodes have just committed: {}", plain(reason)));
    }
    if let Some(Denied { grant, .. }) = &plan.denied {
        ui.warning(format_args!("this account may not delete; somebody with the right to may run: {}", plain(grant)));
    }
    let adds = |what| keys_hint(plan.misfit.as_ref(), what);
    if plan.bearable().is_err() {
        ui.warning(format_args!("the table has no key and no index; a purge would be refused ({})", adds("both")));
    } else if plan.index.is_none() {
        let adds = adds("one");
        ui.warning(format_args!("no index begins with `expire_on`: each batch reads the whole table ({adds})"));
    }
}
