//! `csqlstore migrate up`.

use std::ops::ControlFlow;
use std::time::Duration;

use clap::Args;
use serde::Serialize;

use csqlstore::lease::Terms;
use csqlstore::migrate::{self, Action, Done, Event, Outcome, Plan, State};

use super::plan::{PlanReport, about};
use super::{OnArgs, listed, usable};
use crate::context::Context;
use crate::failure::{Failure, Status, runs_out};
use crate::size::Size;
use crate::stop::Signal;
use crate::ui::{Progress, Report, Style, Ui, plain, seconds};

/// Apply what is pending
///
/// One runner at a time works; others wait, and find it done. Nothing is sent that would fail: what is in the way is
/// found first and named. SIGINT and SIGTERM let the current statement finish and be recorded.
#[derive(Args, Debug)]
pub(crate) struct UpArgs {
    /// Show what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
    /// Wait this long while somebody else migrates
    #[arg(long, value_name = "DURATION", default_value = "5m")]
    lock_timeout: humantime::Duration,
    /// Ask before an existing table above this size is altered; `--yes` does not answer that
    #[arg(long, value_name = "SIZE", default_value = "256MB")]
    confirm_above: Size,
    #[command(flatten)]
    on: OnArgs,
}

pub(crate) async fn run(args: &UpArgs, cx: &Context, ui: &Ui) -> Result<Status, Failure> {
    let UpArgs { dry_run, lock_timeout, confirm_above, on } = args;
    // Until something is begun there is nothing to finish.
    let begun = async {
        let usable = usable(on, cx).await?;
        let _spinner = ui.progress("looking at the table", None);
        Ok::<_, Failure>(migrate::begin(usable, cx.table()).await?)
    };
    let runner = tokio::select! {
        runner = begun => runner?,
        signal = cx.stop().requested() => return Ok(signal.status()),
    };
    if *dry_run {
        return ui.answer(&PlanReport(runner.plan()));
    }
    ask_if_large(runner.plan(), *confirm_above, ui)?;
    let terms = Terms { wait: (*lock_timeout).into(), ..Terms::of(cx.cluster()?) };
    let spinner = ui.progress("migrating", None);
    let mut shown = Shown { spinner: &spinner, ui, done: Vec::new(), waits_for: Default::default() };
    let stop = cx.stop();
    let ended = {
        let work = runner.run(terms, |event| {
            shown.event(&event);
            if stop.signal().is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        let mut work = std::pin::pin!(work);
        tokio::select! {
            ended = &mut work => ended,
            signal = stop.requested() => {
                spinner.aside(|| ui.note(format_args!("{}: finishing the statement", signal.name())));
                work.await
            }
        }
    };
    let done = std::mem::take(&mut shown.done);
    drop(spinner);
    match ended {
        Ok(outcome) => ui.answer(&UpReport { table: cx.table().name(), outcome: &outcome, signal: stop.signal() }),
        Err(error) => {
            if !done.is_empty() {
                let outcome = Outcome { done, ..Outcome::default() };
                ui.answer(&UpReport { table: cx.table().name(), outcome: &outcome, signal: None })?;
            }
            Err(error.into())
        }
    }
}

fn ask_if_large(plan: &Plan, limit: Size, ui: &Ui) -> Result<(), Failure> {
    if !plan.rebuilds() || Size(plan.bytes) <= limit {
        return Ok(());
    }
    let (table, size, about) = (plain(plan.table.name()), Size(plan.bytes), about(plan.estimate()));
    ui.insist(
        &format!("Alter `{table}` of {size} (more than {limit}), which takes {about}?"),
        "`csqlstore migrate plan` says what it means; a larger `--confirm-above` allows it without asking",
    )
}

/// What is shown while it runs, and what was done so far.
struct Shown<'a> {
    spinner: &'a Progress,
    ui: &'a Ui,
    done: Vec<Done>,
    /// Who was last said to be waited for, and in which phase.
    waits_for: (String, String),
}

impl Shown<'_> {
    fn event(&mut self, event: &Event<'_>) {
        match event {
            Event::Waiting { holder, .. } => {
                self.spinner.say("somebody else migrates");
                // Said anew when the holder begins its ALTER: that is for how long one may have to wait.
                let waits_for = (holder.owner.clone(), holder.phase.clone());
                if self.waits_for != waits_for {
                    self.waits_for = waits_for;
                    self.spinner.aside(|| self.ui.note(format_args!("waiting for {holder}; {}", runs_out(holder))));
                }
            }
            Event::Starting { step, .. } => {
                let which = listed(&step.migrations);
                match &step.action {
                    Action::Run { sql, estimate } => {
                        self.spinner.say(format!("{which}, {}", about(*estimate)));
                        self.spinner.aside(|| self.ui.detail(plain(sql)));
                    }
                    Action::Adopt | Action::Finish => self.spinner.say(which),
                }
            }
            Event::Recorded(done) => self.done.push((*done).clone()),
            // An event that a later version of the library adds.
            _ => {}
        }
    }
}

/// What this run did.
struct UpReport<'a> {
    table: &'a str,
    outcome: &'a Outcome,
    signal: Option<Signal>,
}

#[derive(Serialize)]
struct UpJson {
    applied: Vec<DoneJson>,
    waited_s: f64,
}

#[derive(Serialize)]
struct DoneJson {
    version: u32,
    name: &'static str,
    state: &'static str,
    elapsed_s: f64,
}

impl Report for UpReport<'_> {
    fn json(&self) -> impl Serialize {
        let each = |done: &Done| DoneJson {
            version: done.migration.version,
            name: done.migration.name,
            state: done.state.as_str(),
            elapsed_s: seconds(done.elapsed),
        };
        UpJson { applied: self.outcome.done.iter().map(each).collect(), waited_s: seconds(self.outcome.waited) }
    }

    fn human(&self, style: &Style) -> String {
        let Self { table, outcome, signal } = self;
        let mut text = String::new();
        for Done { migration, state, elapsed } in &outcome.done {
            let how = match state {
                State::Adopted => "it was there already".to_owned(),
                _ if *elapsed == Duration::ZERO => "an interrupted run had done it".to_owned(),
                _ => format!("{} s", seconds(*elapsed)),
            };
            let state = style.good(state);
            text.push_str(&format!("{state}  {} {}  ({how})\n", migration.version, migration.name));
        }
        if let Some(signal) = signal {
            let left = if outcome.stopped { "run it again to go on" } else { "nothing was left to do" };
            text.push_str(&style.warn(format!("Stopped by {}; {left}.\n", signal.name())));
        } else if outcome.done.is_empty() {
            text.push_str(&format!("Nothing to do: `{}` is up to date.\n", plain(table)));
        }
        text
    }

    fn status(&self) -> Status {
        self.signal.map_or(Status::Done, Signal::status)
    }
}
