//! What there is instead of one long ALTER, for a table that is too large for it.

use csqlstore::migrate::Plan;

use crate::size::Size;

/// From this size on an existing table is not altered without a word.
pub(super) const LARGE: Size = Size(256_000_000);

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
