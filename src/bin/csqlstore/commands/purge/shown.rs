//! What a purge tells while it runs.

use csqlstore::purge::Step;

use crate::failure::with_causes;
use crate::ui::{Progress, Ui, plain};

/// Shows what happens while it runs.
pub(super) struct Shown<'a> {
    bar: &'a Progress,
    ui: &'a Ui,
    /// Whether it was said that row images stay full.
    full_images: bool,
    /// The holding of the lease that was said to be waited for.
    waited_for: Option<u64>,
    /// Why and because of which node the last batch is waited after.
    throttled_by: Option<(&'static str, Option<String>)>,
}

impl<'a> Shown<'a> {
    pub(super) fn new(bar: &'a Progress, ui: &'a Ui) -> Self {
        Self { bar, ui, full_images: false, waited_for: None, throttled_by: None }
    }

    pub(super) fn step(&mut self, step: &Step<'_>) {
        let Self { bar, ui, full_images, waited_for, throttled_by } = self;
        match step {
            Step::Batch { rows, took, deleted } => {
                bar.at(*deleted);
                bar.say("");
                *throttled_by = None;
                bar.aside(|| ui.detail(format_args!("{rows} rows in {} ms, {deleted} so far", took.as_millis())));
            }
            Step::Waiting { holder, waited } => {
                bar.say("waiting for the lease");
                let told = waited_for.replace(holder.epoch) == Some(holder.epoch);
                if !told {
                    bar.aside(|| ui.note(format_args!("somebody else purges, waiting: {holder}")));
                }
                bar.aside(|| ui.detail(format_args!("waited {} s", waited.as_secs())));
            }
            Step::OnNode { node } => bar.aside(|| ui.detail(format_args!("on node `{node}`"))),
            Step::FullRowImage { node, error, grant } => bar.aside(|| {
                ui.detail(format_args!("row images stay full on node `{node}`: {}", plain(&with_causes(*error))));
                // Every node of a cluster says the same.
                if !std::mem::replace(full_images, true)
                    && let Some(grant) = grant
                {
                    ui.note(format_args!(
                        "deleted rows are replicated whole, data included; smaller with {}",
                        plain(grant)
                    ));
                }
            }),
            Step::StaleReads { node, reason } => bar.aside(|| {
                let reason = plain(reason);
                ui.note(format_args!("counts on node `{node}` may miss what others have just committed: {reason}"));
            }),
            Step::Throttled { throttle } => {
                bar.say(throttle.to_string());
                // The same reason comes again with every look, with other numbers.
                let reason = Some((throttle.reason(), throttle.node().map(str::to_owned)));
                if *throttled_by != reason {
                    *throttled_by = reason;
                    bar.aside(|| ui.detail(format_args!("waiting: {}", plain(&throttle.to_string()))));
                }
            }
            Step::Retry { error, rows, wait } => {
                bar.say("retrying");
                let why = with_causes(*error);
                bar.aside(|| {
                    ui.detail(format_args!("{}; again in {} ms with {rows} rows", plain(&why), wait.as_millis()));
                });
            }
            Step::NodeLost { error } => {
                bar.say("looking for a usable node");
                bar.aside(|| ui.note(format_args!("{}; looking for a usable node", plain(&with_causes(*error)))));
            }
            Step::NoNode { error } => bar.aside(|| ui.detail(plain(&with_causes(*error)))),
            Step::Recounted { rows, deleted } => {
                bar.at(*deleted);
                bar.aside(|| ui.detail(format_args!("{rows} rows had gone with the lost node's last batch")));
            }
            // A step that a later version of the library adds.
            _ => {}
        }
    }
}
