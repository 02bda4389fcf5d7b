//! What an event that is enabled does, and whether it can.

use super::{ANEW, Found, INSTALL, MIGRATE, Record, Standing};
use crate::schema::{LEASE_TABLE, Table};
use crate::{Code, Finding, Level};

/// What the event does, beside being enabled.
pub(super) fn content(found: &Found, table: &Table) -> Vec<Finding> {
    let mut findings = Vec::new();
    match found.is_as_written(table) {
        Some(true) => {}
        Some(false) => {
            let message = format!("the body of event `{}` is not what this csqlstore writes", found.name);
            findings.push(Finding::new(Level::Warning, Code::EventDrifted, message).fix(INSTALL));
        }
        None => {
            let message = format!("event `{}` was not made by csqlstore", found.name);
            findings.push(Finding::new(Level::Note, Code::EventForeign, message).fix(INSTALL));
        }
    }
    if !matches!(found.time_zone.as_str(), "+00:00" | "UTC") {
        // A body that asks for UTC is right in any zone; another deletes sessions too early or not at all.
        let asks_utc = found.body.to_ascii_uppercase().contains("UTC_TIMESTAMP");
        let level = if asks_utc { Level::Note } else { Level::Warning };
        let message = format!(
            "event `{}` runs in the time zone {}, and `expire_on` is in UTC{}",
            found.name,
            found.time_zone,
            if asks_utc { " (as is the time its body asks for)" } else { "" }
        );
        findings.push(Finding::new(level, Code::EventZone, message).fix(INSTALL));
    }
    findings
}

/// Whether the event can do what it does: its definer, the table of leases and the rights it needs.
pub(super) fn can_run(found: &Found, standing: &Standing, findings: &mut Vec<Finding>) -> bool {
    let (name, definer) = (&found.name, &found.definer);
    let mut can = true;
    match found.definer_there {
        Some(true) => {}
        Some(false) => {
            let message = format!("event `{name}` runs as {definer}, an account that is gone: each run fails");
            findings.push(Finding::new(Level::Error, Code::EventDefinerGone, message).fix(INSTALL));
            can = false;
        }
        None => {
            let message = format!(
                "event `{name}` runs as {definer}, and whether that account is there is not for this one to see"
            );
            findings.push(Finding::new(Level::Note, Code::EventDefinerUnseen, message).fix(ANEW));
        }
    }
    // Somebody else's event takes no lease.
    let ours = found.definition().is_some();
    match &standing.record {
        Record::NoTable if ours => {
            let message =
                format!("there is no table `{LEASE_TABLE}`, which event `{name}` takes its lease in: each run fails");
            findings.push(Finding::new(Level::Error, Code::EventLeaseMissing, message).fix(MIGRATE));
            return false;
        }
        Record::Denied { grant } if ours => {
            let message = format!("this account may not read `{LEASE_TABLE}`, where event `{name}` records its runs");
            findings.push(Finding::new(Level::Note, Code::EventRecordUnseen, message).fix(grant));
        }
        Record::Known { .. } | Record::NoTable | Record::Denied { .. } | Record::Unknown(_) => {}
    }
    if ours && *definer == standing.account {
        for grant in &standing.lacking {
            let message =
                format!("event `{name}` runs as {definer}, which lacks a right that it needs: each run fails");
            findings.push(Finding::new(Level::Error, Code::EventDefinerDenied, message).fix(grant));
            can = false;
        }
    }
    can
}
