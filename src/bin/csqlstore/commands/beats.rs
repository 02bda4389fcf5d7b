//! What is told of work in batches while it runs, whatever the work is.

use csqlstore::pacing::Beat;

use crate::failure::with_causes;
use crate::ui::{Progress, Ui, plain};

/// Shows what happens between the batches.
pub(super) struct Beats<'a> {
    bar: &'a Progress,
    ui: &'a Ui,
    /// What somebody else does who has the lease, and what is done to a row: `purges`, `deleted`.
    words: (&'static str, &'static str),
    /// The holding of the lease that was said to be waited for.
    waited_for: Option<u64>,
    /// Whether it was said that row images stay full.
    full_images: bool,
    /// Why and because of which node the last batch is waited after.
    throttled_by: Option<(&'static str, Option<String>)>,
}

impl<'a> Beats<'a> {
    pub(super) fn new(bar: &'a Progress, ui: &'a Ui, words: (&'static str, &'static str)) -> Self {
        Self { bar, ui, words, waited_for: None, full_images: false, throttled_by: None }
    }

    /// Shows that a batch of so many rows went through.
    pub(super) fn batch(&mut self, rows: u64, took: std::time::Duration, done: u64) {
        let Self { bar, ui, throttled_by, .. } = self;
        bar.at(done);
        bar.say("");
        *throttled_by = None;
        bar.aside(|| ui.detail(format_args!("{rows} rows in {} ms, {done} so far", took.as_millis())));
    }

    pub(super) fn beat(&mut self, beat: &Beat<'_>) {
        let Self { bar, ui, words: (does, done), waited_for, full_images, throttled_by } = self;
        match beat {
            Beat::Waiting { holder, waited } => {
                bar.say("waiting for the lease");
                let told = waited_for.replace(holder.epoch) == Some(holder.epoch);
                if !told {
                    bar.aside(|| ui.note(format_args!("somebody else {does}, waiting: {holder}")));
                }
                bar.aside(|| ui.detail(format_args!("waited {} s", waited.as_secs())));
            }
            Beat::OnNode { node } => bar.aside(|| ui.detail(format_args!("on node `{node}`"))),
            Beat::FullRowImage { node, error, grant } => bar.aside(|| {
                ui.detail(format_args!("row images stay full on node `{node}`: {}", plain(&with_causes(*error))));
                // Every node of a cluster says the same.
                if !std::mem::replace(full_images, true)
                    && let Some(grant) = grant
                {
                    ui.note(format_args!(
                        "{done} rows are replicated whole, data included; smaller with {}",
                        plain(grant)
                    ));
                }
            }),
            Beat::StaleReads { node, reason } => bar.aside(|| {
                let reason = plain(reason);
                ui.note(format_args!("counts on node `{node}` may miss what others have just committed: {reason}"));
            }),
            Beat::Throttled { throttle } => {
                bar.say(throttle.to_string());
                // The same reason comes again with every look, with other numbers.
                let reason = Some((throttle.reason(), throttle.node().map(str::to_owned)));
                if *throttled_by != reason {
                    *throttled_by = reason;
                    bar.aside(|| ui.detail(format_args!("waiting: {}", plain(&throttle.to_string()))));
                }
            }
            Beat::Retry { error, rows, wait } => {
                bar.say("retrying");
                let why = with_causes(*error);
                bar.aside(|| {
                    ui.detail(format_args!("{}; again in {} ms with {rows} rows", plain(&why), wait.as_millis()));
                });
            }
            Beat::NodeLost { error } => {
                bar.say("looking for a usable node");
                bar.aside(|| ui.note(format_args!("{}; looking for a usable node", plain(&with_causes(*error)))));
            }
            Beat::NoNode { error } => bar.aside(|| ui.detail(plain(&with_causes(*error)))),
            // What a later version of the library adds.
            _ => {}
        }
    }
}
