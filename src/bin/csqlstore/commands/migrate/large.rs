//! What there is instead of one long ALTER, for a table that is too large for it.

use clap::Args;

use csqlstore::migrate::Plan;

use super::plan::about;
use crate::failure::Failure;
use crate::size::Size;
use crate::ui::{Ui, plain};

/// From this size on an existing table is not altered without a word.
pub(super) const LARGE: Size = Size(256_000_000);

/// From which size on to ask.
#[derive(Args, Debug)]
pub(super) struct LargeArgs {
    /// Ask before an existing table above this size is altered; `--yes` does not answer that
    #[arg(long, value_name = "SIZE", default_value_t = LARGE)]
    confirm_above: Size,
}

impl LargeArgs {
    /// Returns what is too large to be gone through without a word, and how long that takes.
    pub(super) fn too_large(&self, plan: &Plan) -> Option<String> {
        let Self { confirm_above: limit } = self;
        let size = Size(plan.bytes);
        (plan.rebuilds() && size > *limit).then(|| {
            let (table, about) = (plain(plan.table.name()), about(plan.estimate()));
            format!("`{table}` of {size} (more than {limit}), which takes {about}")
        })
    }

    /// Asks, whatever `--yes` says.
    #[track_caller]
    pub(super) fn ask(&self, question: &str, ui: &Ui) -> Result<(), Failure> {
        ui.insist(question, "`--dry-run` says what it means; a larger `--confirm-above` allows it without asking")
    }
}

/// The ways round by name, each with what is to be said of it; docs/migrations.md says it at length.
pub(super) const WAYS_ROUND: [(&str, &str); 5] = [
    ("new-table", "make a table with the keys, copy in batches, swap by RENAME TABLE, catch up"),
    ("empty", "swap in an empty table the same way: at once, and everybody is signed out"),
    ("pt-online-schema-change", "wants a plain index on id first; of duplicate ids it loses all rows but one"),
    ("gh-ost", "cannot: it needs a unique key to begin with, and does not support Galera"),
    ("rsu", "never: for a primary key wsrep_OSU_method=RSU throws nodes out of the cluster"),
];

/// Returns whether an existing table is so large that the ways round are worth a look.
pub(super) fn is_large(plan: &Plan) -> bool {
    plan.rebuilds() && Size(plan.bytes) > LARGE
}

/// The ways round, for people.
pub(super) fn text() -> String {
    let mut text = "If that is too long for this table (docs/migrations.md tells more):\n".to_owned();
    for (name, verdict) in WAYS_ROUND {
        text.push_str(&format!("  {name}\n    {verdict}\n"));
    }
    text
}
