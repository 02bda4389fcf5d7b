//! What all verbs that work under the lease share: the look before, the spinner, who is waited for, and the end.

use std::ops::ControlFlow;

use clap::Args;
use serde::Serialize;

use csqlstore::cluster::Usable;
use csqlstore::lease::Terms;
use csqlstore::migrate::{self, Action, Done, Event, Outcome, Runner, State, Task};

use super::plan::about;
use super::{OnArgs, listed, usable};
use crate::context::Context;
use crate::failure::{Failure, Status, runs_out};
use crate::stop::Signal;
use crate::ui::{Progress, Report, Ui, plain, seconds};

/// How long to wait for whoever holds the lease.
#[derive(Args, Debug)]
pub(super) struct LockArgs {
    /// Wait this long while somebody else migrates
    #[arg(long, value_name = "DURATION", default_value = "5m")]
    lock_timeout: humantime::Duration,
}

impl LockArgs {
    pub(super) fn terms<'a>(&self, cx: &'a Context) -> Result<Terms<'a>, Failure> {
        let Self { lock_timeout } = self;
        Ok(Terms { wait: (*lock_timeout).into(), ..Terms::of(cx.cluster()?) })
    }
}

/// Looks at the table; a signal meanwhile ends it, since nothing is begun yet.
pub(super) async fn begin(
    on: &OnArgs,
    task: Task,
    cx: &Context,
    ui: &Ui,
) -> Result<ControlFlow<Status, Runner>, Failure> {
    begin_with(async { usable(on, cx).await }, task, cx, ui).await
}

/// The same on a node that has still to be found.
pub(super) async fn begin_with(
    usable: impl Future<Output = Result<Usable, Failure>>,
    task: Task,
    cx: &Context,
    ui: &Ui,
) -> Result<ControlFlow<Status, Runner>, Failure> {
    let begun = async {
        let usable = usable.await?;
        let _spinner = ui.progress("looking at the table", None);
        Ok::<_, Failure>(migrate::begin(usable, cx.table(), task).await?)
    };
    tokio::select! {
        runner = begun => Ok(ControlFlow::Continue(runner?)),
        signal = cx.stop().requested() => Ok(ControlFlow::Break(signal.status())),
    }
}

/// How a run ended.
pub(super) struct Ended {
    /// What it did, up to the error if there is one.
    outcome: Outcome,
    error: Option<migrate::Error>,
    signal: Option<Signal>,
}

impl Ended {
    /// Answers with a report of what was done, and with the error where there is one.
    pub(super) fn answer<R: Report>(
        self,
        ui: &Ui,
        report: impl FnOnce(Outcome, Option<Signal>) -> R,
    ) -> Result<Status, Failure> {
        let Self { outcome, error, signal } = self;
        match error {
            None => ui.answer(&report(outcome, signal)),
            Some(error) => {
                if outcome != Outcome::default() {
                    ui.answer(&report(outcome, None))?;
                }
                Err(error.into())
            }
        }
    }
}

/// Does it. A signal lets the statement that was sent finish and be recorded.
pub(super) async fn run(runner: Runner, terms: Terms<'_>, cx: &Context, ui: &Ui) -> Ended {
    let spinner = ui.progress("migrating", None);
    let mut shown = Shown { spinner: &spinner, ui, done: Outcome::default(), waits_for: Default::default() };
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
    let (outcome, error) = match ended {
        Ok(outcome) => (outcome, None),
        Err(error) => (done, Some(error)),
    };
    Ended { outcome, error, signal: stop.signal() }
}

/// What is shown while it runs, and what was done so far.
struct Shown<'a> {
    spinner: &'a Progress,
    ui: &'a Ui,
    done: Outcome,
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
                match step.action.statement() {
                    Some((sql, estimate)) => {
                        self.spinner.say(format!("{which}, {}", about(estimate)));
                        self.spinner.aside(|| self.ui.detail(plain(sql)));
                    }
                    None if matches!(step.action, Action::Dedupe(_)) => self.spinner.say("duplicate ids"),
                    None => self.spinner.say(which),
                }
            }
            Event::TookOver { holder } => {
                let margin = &holder.margin;
                let said = format!(
                    "took over from {holder}, who did not give it back; after its end it was left for {margin}"
                );
                self.spinner.aside(|| self.ui.note(plain(&said)));
            }
            Event::Deduped { so_far } => {
                self.done.deduped = *so_far;
                self.spinner.say(format!("duplicate ids: {} rows deleted", so_far.rows));
            }
            Event::Recorded(done) => self.done.done.push((*done).clone()),
            // An event that a later version of the library adds.
            _ => {}
        }
    }
}

/// A migration in an answer, as the history has it now.
#[derive(Serialize)]
pub(super) struct DoneJson {
    version: u32,
    name: &'static str,
    state: &'static str,
    elapsed_s: f64,
}

impl From<&Done> for DoneJson {
    fn from(done: &Done) -> Self {
        let Done { migration, state, elapsed } = done;
        Self { version: migration.version, name: migration.name, state: word(*state), elapsed_s: seconds(*elapsed) }
    }
}

/// The word for a state in every answer; what is not recorded is pending.
pub(super) fn word(state: Option<State>) -> &'static str {
    state.map_or("pending", State::as_str)
}

/// The word for what a step does in every answer as JSON.
pub(super) fn verb(action: &Action) -> &'static str {
    match action {
        Action::Run { .. } => "run",
        Action::Adopt => "adopt",
        Action::Finish => "finish",
        Action::Dedupe(_) => "dedupe",
        Action::Revert { .. } => "revert",
        Action::Forget => "forget",
        Action::Correct => "correct",
    }
}

/// Says by which signal a run was stopped, and whether there is anything left.
pub(super) fn stopped_text(signal: Signal, stopped: bool) -> String {
    let left = if stopped { "run it again to go on" } else { "nothing was left to do" };
    format!("Stopped by {}; {left}.\n", signal.name())
}
