//! Who holds a lease, in an answer.

use serde::Serialize;

use csqlstore::lease::Holder;

/// Who holds a lease, as JSON.
#[derive(Serialize)]
pub(super) struct HolderJson<'a> {
    owner: &'a str,
    epoch: u64,
    phase: &'a str,
    /// The server that the holder works on, as `host:port`.
    node: &'a str,
    since: Option<String>,
    until: Option<String>,
}

impl<'a> From<&'a Holder> for HolderJson<'a> {
    fn from(holder: &'a Holder) -> Self {
        Self {
            owner: &holder.owner,
            epoch: holder.epoch,
            phase: &holder.phase,
            node: &holder.node,
            since: holder.since.map(|at| at.0.to_string()),
            until: holder.until.map(|at| at.0.to_string()),
        }
    }
}
