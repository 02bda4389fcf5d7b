//! How long writes waited on another node, in an answer.

use std::time::Duration;

use serde::Serialize;

use csqlstore::migrate::Stall;

use crate::ui::{plain, seconds};

/// From this time on a stall is worth a line for people; JSON has any.
const FELT: Duration = Duration::from_secs(1);

/// The longest that a write on another node waited, as JSON.
#[derive(Serialize)]
pub(super) struct StallJson {
    node: String,
    longest_s: f64,
}

impl From<&Stall> for StallJson {
    fn from(Stall { node, longest }: &Stall) -> Self {
        Self { node: node.clone(), longest_s: seconds(*longest) }
    }
}

/// The same for people; empty if nobody felt it.
pub(super) fn stall_text(stall: Option<&Stall>) -> String {
    match stall {
        Some(Stall { node, longest }) if *longest >= FELT => {
            format!("Writes on node `{}` waited for up to {} s.\n", plain(node), seconds(*longest))
        }
        _ => String::new(),
    }
}
