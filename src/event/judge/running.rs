//! Whether some node runs the event.

use super::{DOCUMENTED_NAME, INSTALL, Look};
use crate::{Code, Finding, Level};

/// Whether some node runs the event, and what keeps the others from it.
pub(super) fn runs(event: &str, looks: &[Look], findings: &mut Vec<Finding>) -> bool {
    let enabled: Vec<&Look> = looks.iter().filter(|look| look.status.enabled()).collect();
    if enabled.is_empty() {
        findings.push(nowhere(event, looks));
        return false;
    }
    if enabled.len() > 1 {
        let nodes: Vec<&str> = enabled.iter().map(|look| look.node).collect();
        let message = format!("event `{event}` is enabled on {}, and one is enough", nodes.join(" and "));
        findings.push(Finding::new(Level::Warning, Code::EventEnabledTwice, message).fix(INSTALL));
    }
    let mut runs = false;
    for look in enabled {
        let off = look.scheduler().filter(|switch| !switch.eq_ignore_ascii_case("ON") && *switch != "1");
        let objection = look.seen.ok().and_then(|seen| seen.vitals.objection());
        if let Some(switch) = off {
            let begin =
                format!("event `{event}` is enabled on node `{}`, whose event scheduler is {switch}", look.node);
            let (message, fix) = match switch {
                // Only a restart could change that; where another node's is on, the event goes there.
                "DISABLED" => {
                    (format!("{begin}, which only event_scheduler=ON in its my.cnf and a restart can change"), INSTALL)
                }
                _ => (
                    format!("{begin}; without a line in its my.cnf it is so again after a restart"),
                    "SET GLOBAL event_scheduler = ON; -- in my.cnf, under [mysqld]: event_scheduler = ON",
                ),
            };
            findings.push(Finding::new(Level::Error, Code::SchedulerOff, message).on(look.node).fix(fix));
        } else if let Some(objection) = objection {
            let message =
                format!("event `{event}` is enabled on node `{}`, which takes no writes: {objection}", look.node);
            findings.push(Finding::new(Level::Error, Code::EventNodeUnusable, message).on(look.node).fix(INSTALL));
        } else {
            runs = true;
        }
    }
    runs
}

/// The event is there, and no node that answers has it enabled.
fn nowhere(event: &str, looks: &[Look]) -> Finding {
    let down: Vec<&str> = looks.iter().filter(|look| look.seen.is_err()).map(|look| look.node).collect();
    if event.eq_ignore_ascii_case(DOCUMENTED_NAME) {
        let message = format!(
            "event `{event}` never runs: the Go package's documentation creates it with DISABLE ON SLAVE, which disables \
             it on every node, the one that creates it included"
        );
        return Finding::new(Level::Error, Code::EventDocumented, message).fix(INSTALL);
    }
    if !down.is_empty() {
        let message = format!(
            "event `{event}` is enabled on no node that answers; the one that ran it may be {}, which is down",
            down.join(" or ")
        );
        return Finding::new(Level::Error, Code::EventNodeDown, message).fix(INSTALL);
    }
    let message = format!("event `{event}` is enabled on no node: nothing deletes expired sessions");
    Finding::new(Level::Error, Code::EventDisabled, message).fix(INSTALL)
}
