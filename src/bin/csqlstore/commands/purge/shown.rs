//! What a purge tells while it runs.

use csqlstore::purge::Step;

use crate::commands::beats::Beats;
use crate::ui::{Progress, Ui};

/// Shows what happens while it runs.
pub(super) struct Shown<'a> {
    bar: &'a Progress,
    ui: &'a Ui,
    beats: Beats<'a>,
}

impl<'a> Shown<'a> {
    pub(super) fn new(bar: &'a Progress, ui: &'a Ui) -> Self {
        Self { bar, ui, beats: Beats::new(bar, ui, ("purges", "deleted")) }
    }

    pub(super) fn step(&mut self, step: &Step<'_>) {
        let Self { bar, ui, beats } = self;
        match step {
            Step::Batch { rows, took, deleted } => beats.batch(*rows, *took, *deleted),
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
