//! Whether the event allows for what the nodes' clocks are apart now; it was written for what they were then.

use std::time::Duration;

use humantime::format_duration;

use super::{Found, INSTALL};
use crate::cluster::clocks_exceed;
use crate::{Code, Finding, Level};

/// An event of ours that a node with a fast clock runs too early: it would take over a lease that is held, or delete a
/// session that is alive by the other nodes' clocks.
pub(super) fn exceeded(found: &Found, apart: Duration) -> Option<Finding> {
    let definition = found.definition()?;
    let (margin, grace) = (definition.margin(), definition.grace());
    let (lease, rows) = (apart > margin, clocks_exceed(grace, apart));
    let begin =
        format!("the clocks of the nodes are up to {:.1} s apart, and event `{}`", apart.as_secs_f64(), found.name);
    let takes = format!("takes a lease over {} after its end", format_duration(margin));
    let keeps = format!("keeps expired sessions for {} alone", format_duration(grace));
    // A grace that clocks exceed is not installed again as it is. Two seconds: what is measured next is not quite the same.
    let longer = format!("{INSTALL} --grace {}s", apart.as_secs() + 2);
    let (what, fix) = match (lease, rows) {
        (false, false) => return None,
        (true, false) => (takes, INSTALL.to_owned()),
        (false, true) => (keeps, longer),
        (true, true) => (format!("{takes}, and {keeps}"), longer),
    };
    Some(Finding::new(Level::Warning, Code::EventClocks, format!("{begin} {what}")).fix(fix))
}
