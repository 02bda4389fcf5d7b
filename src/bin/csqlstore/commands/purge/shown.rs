//! What a purge tells while it runs.

use csqlstore::purge::Step;

use crate::commands::beats::Beats;
use crate::ui::{Progress, Ui};

/// Shows what happens while it runs.
pub(super) struct Shown<'a> {
    bar: &'a Progress,
    ui: &'a Ui,
    beats: Beats<'a>,
    /// The holding of the lease that was said to be waited for.
    waited_for: Option<u64>,
}

impl<'a> Shown<'a> {
    pub(super) fn new(bar: &'a Progress, ui: &'a Ui) -> Self {
        Self { bar, ui, beats: Beats::new(bar, ui, "deleted"), waited_for: None }
    }

    pub(super) fn step(&mut self, step: &Step<'_>) {
        let Self { bar, ui, beats, waited_for } = self;
        match step {
            Step::Batch { rows, took, deleted } => beats.batch(*rows, *took, *deleted),
            Step::Waiting { holder, waited } => {
                bar.say("waiting for the lease");
                let told = waited_for.replace(holder.epoch) == Some(holder.epoch);
                if !told {
                    bar.aside(|| ui.note(format_args!("somebody else purges, waiting: {holder}")));
                }
                bar.aside(|| ui.detail(format_args!("waited {} s", waited.as_secs())));
            }
            Step::Beat(beat) => beats.beat(beat),
            Step::Recounted { rows, deleted } => {
                bar.at(*deleted);
                bar.aside(|| ui.detail(format_args!("{rows} rows had gone with the lost node's last batch")));
            }
            // A step that a later version of the library adds.
            _ => {}
        }
    }
}
