//! `csqlstore purge`.

mod args;
mod metrics;
mod report;
mod shown;

use std::time::SystemTime;

use csqlstore::cluster::Cluster;
use csqlstore::lease;
use csqlstore::purge::{self, Denied, Found, Grace, Leasing, Limits, Options, Outcome, Plan};

use crate::context::Context;
use crate::failure::{Failure, Status, behind, keys_hint};
use crate::ui::{Ui, plain};

pub(crate) use args::PurgeArgs;
use metrics::Metrics;
use report::{PurgeReport, counted};
use shown::Shown;

pub(crate) async fn run(args: &PurgeArgs, cx: &Context, ui: &Ui) -> Result<Status, Failure> {
    let Some(file) = args.metrics_file.as_deref().filter(|_| !args.dry_run) else {
        return purge(args, cx, ui, &mut None).await;
    };
    let (began, mut outcome) = (SystemTime::now(), None);
    let ended = purge(args, cx, ui, &mut outcome).await;
    let metrics = Metrics { table: cx.table().name(), began, outcome: outcome.as_ref(), status: status_of(&ended) };
    match (metrics.write(file), &ended) {
        (Err(error), Ok(_)) => Err(error),
        // The purge's own error is the one to tell.
        _ => ended,
    }
}

fn status_of(ended: &Result<Status, Failure>) -> Status {
    match ended {
        Ok(status) => *status,
        Err(failure) => failure.status,
    }
}

/// Purges, and leaves what was done in `done`, whatever the end.
async fn purge(args: &PurgeArgs, cx: &Context, ui: &Ui, done: &mut Option<Outcome>) -> Result<Status, Failure> {
    let cluster = cx.cluster()?;
    // Until something is deleted there is no batch to finish.
    let plan = tokio::select! {
        plan = purge::plan(cluster, cx.table(), &args.on, Grace(args.grace.into())) => plan?,
        signal = cx.stop().requested() => return Ok(signal.status()),
    };
    let options = options(args, &plan);
    warn(&plan, &options, args.dry_run, ui);
    if args.dry_run {
        return ui.answer(&PurgeReport::planned(&plan, &options));
    }
    plan.permitted()?;
    plan.timely()?;
    plan.accepted(&options)?;
    let stands_aside = |error: &purge::Error| args.if_free && is_held(error);
    match plan.leasable(options.leasing) {
        Err(error) if stands_aside(&error) => return ui.answer(&PurgeReport::stood_aside(&plan)),
        outcome => outcome.map_err(|error| refusal(error, &plan))?,
    }
    if plan.expired > 0 {
        let due = args.max_rows.map_or(plan.expired, |most| most.min(plan.expired));
        let sessions = counted(due, "expired session", "expired sessions");
        ui.confirm(&format!("Delete {sessions}?"))?;
    }
    match work((cluster, &plan, &options), cx, ui).await {
        Ok(outcome) => {
            let outcome = done.insert(outcome);
            ui.answer(&PurgeReport::done(&plan, outcome, cx.stop().signal()))
        }
        // Somebody was faster than our look.
        Err(error) if stands_aside(&error) => ui.answer(&PurgeReport::stood_aside(&plan)),
        Err(error) => {
            if let Some(outcome) = error.outcome() {
                let outcome = done.insert(outcome.clone());
                ui.answer(&PurgeReport::broken_off(&plan, outcome))?;
            }
            Err(error.into())
        }
    }
}

/// Runs the purge, shows its progress, and lets a signal end it after the current batch.
async fn work(
    (cluster, plan, options): (&Cluster, &Plan, &Options),
    cx: &Context,
    ui: &Ui,
) -> Result<Outcome, purge::Error> {
    let bar = ui.progress("purging", Some(plan.expired));
    let stop = purge::Stop::new();
    let mut shown = Shown::new(&bar, ui);
    let purge = purge::run(cluster, plan, options, &stop, |step| shown.step(&step));
    let mut purge = std::pin::pin!(purge);
    tokio::select! {
        ended = &mut purge => ended,
        signal = cx.stop().requested() => {
            bar.aside(|| ui.note(format_args!("{}: finishing the batch", signal.name())));
            stop.ask();
            purge.await
        }
    }
}

/// Resolves the arguments, all of them.
fn options(args: &PurgeArgs, plan: &Plan) -> Options {
    let PurgeArgs {
        grace: _,
        batch,
        target,
        max_rows,
        max_time,
        on,
        wait,
        if_free: _,
        no_lease,
        pause_file,
        max_threads_running,
        max_lag,
        row_image,
        without_key,
        metrics_file: _,
        dry_run: _,
    } = args;
    let target = (*target).into();
    let limits = match batch {
        Some(rows) => Limits::fixed(target, *rows),
        None if matches!(plan.bearable(), Err(purge::Error::NoKey { .. })) => Limits::tiny(target),
        None => Limits::adaptive(target),
    };
    Options {
        on: on.clone(),
        limits: Limits { threads_running: *max_threads_running, lag: (*max_lag).into(), ..limits },
        max_rows: *max_rows,
        max_time: max_time.map(Into::into),
        leasing: if *no_lease { Leasing::Without } else { Leasing::Take { wait: (*wait).into() } },
        row_image: (*row_image).into(),
        pause_file: pause_file.clone(),
        without_key: *without_key,
        ..Options::default()
    }
}

/// Says why nothing was begun. Where there is no table there is no lease beside it either, and no migration makes one.
fn refusal(error: purge::Error, plan: &Plan) -> Failure {
    let behind = match &error {
        purge::Error::Lease(lease::Error::NoTable { .. }) => plan.misfit.as_ref().and_then(behind),
        _ => None,
    };
    let failure = Failure::from(error);
    match behind {
        Some(behind) => failure.hint(format!("{behind}; `--no-lease` purges through it, without a lease")),
        None => failure,
    }
}

/// Whether somebody else has the lease.
fn is_held(error: &purge::Error) -> bool {
    matches!(error, purge::Error::Lease(lease::Error::Held { .. }))
}

/// Says what the plan found that people should know before they agree.
fn warn(plan: &Plan, options: &Options, dry_run: bool, ui: &Ui) {
    match (&plan.lease, options.leasing) {
        (Found::Held(holder), Leasing::Without) => ui.warning(format_args!("somebody else purges: {holder}")),
        // A purge that goes on says it as an error, or waits.
        (Found::Held(holder), _) if dry_run => ui.note(format_args!("somebody else purges: {holder}")),
        (Found::NoTable, Leasing::Take { .. }) if dry_run => {
            let out = plan.misfit.as_ref().and_then(behind).unwrap_or("`csqlstore migrate up` creates it");
            ui.warning(format_args!(
                "there is no table `csqlstore_lease`; a purge would be refused ({out}, `--no-lease` goes without)"
            ));
        }
        _ => {}
    }
    if let csqlstore::cluster::Causality::Refused(reason) = &plan.causality {
        ui.warning(format_args!("the count may miss what other nodes have just committed: {}", plain(reason)));
    }
    if dry_run && let Err(error) = plan.timely() {
        ui.warning(format_args!("{error}; a purge would be refused"));
    }
    if let Some(Denied { grant, .. }) = &plan.denied {
        ui.warning(format_args!("this account may not delete; somebody with the right to may run: {}", plain(grant)));
    }
    // A purge that does not go on says why as its error.
    if !dry_run && plan.accepted(options).is_err() {
        return;
    }
    let adds = |what| keys_hint(plan.misfit.as_ref(), what);
    let refused = |goes_on: &str| match plan.accepted(options) {
        Err(_) => "a purge would be refused".to_owned(),
        Ok(()) => goes_on.to_owned(),
    };
    match plan.bearable() {
        Err(error @ purge::Error::NoKey { .. }) => {
            let what = refused("the cluster waits for that");
            ui.warning(format_args!("{error}; {what} ({})", adds("both")));
        }
        Err(_) => {
            let what = refused("each batch reads the whole table, and conflicts with what others write meanwhile");
            ui.warning(format_args!("no usable index begins with `expire_on`; {what} ({})", adds("one")));
        }
        Ok(()) if plan.index.is_none() => {
            ui.warning(format_args!(
                "no index begins with `expire_on`: each batch reads the whole table ({})",
                adds("one")
            ));
        }
        Ok(()) => {}
    }
}
