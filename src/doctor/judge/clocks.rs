//! Each server's clock against this machine's, and the servers' time zones.

use std::time::Duration;

use super::super::look::{Server, Sight};
use crate::health::NodeReport;
use crate::{Code, Finding, Level};

/// A clock that is off by more makes sessions end early or late by as much; web servers' clocks are rarely closer.
const OFF: Duration = Duration::from_secs(1);

/// Judges clocks and zones.
pub(in super::super) fn clocks(nodes: &[NodeReport], sights: &[Sight]) -> Vec<Finding> {
    let told: Vec<(&str, &Server)> =
        sights.iter().filter_map(|sight| Some((sight.node.as_str(), sight.seen.as_ref().ok()?))).collect();
    nodes.iter().filter_map(off).chain(zones(&told)).collect()
}

fn off(node: &NodeReport) -> Option<Finding> {
    let clock = node.clock?;
    let apart = Duration::from_micros(clock.offset_us.unsigned_abs());
    // Only what cannot be an error of measurement.
    if apart.saturating_sub(clock.uncertainty) <= OFF {
        return None;
    }
    let message = format!(
        "the clock of node `{}` is {:.1} s {} this machine's (give or take {:.3} s): one of the two is wrong",
        node.name,
        apart.as_secs_f64(),
        if clock.offset_us > 0 { "ahead of" } else { "behind" },
        clock.uncertainty.as_secs_f64(),
    );
    Some(Finding::new(Level::Warning, Code::ClockOff, message).on(&node.name).fix("timedatectl set-ntp true"))
}

fn zones(told: &[(&str, &Server)]) -> Vec<Finding> {
    let fix = "SET GLOBAL time_zone = '+00:00'; -- in my.cnf, under [mysqld]: default_time_zone = '+00:00'";
    let offsets: Vec<(&str, i64)> =
        told.iter().filter_map(|(node, server)| Some((*node, server.zone_offset_min?))).collect();
    let Some((_, first)) = offsets.first() else { return Vec::new() };
    let astray = told.iter().filter(|(_, server)| server.zone_offset_min.is_some_and(|offset| offset != 0));
    if offsets.iter().any(|(_, offset)| offset != first) {
        let each: Vec<String> = told.iter().map(|(node, server)| format!("{node}: {}", zone(server))).collect();
        let message = format!(
            "the nodes are in different time zones ({}): what a session's NOW() means depends on the node",
            each.join(", ")
        );
        // Each that is not in UTC is told by itself, and mended so.
        return astray
            .map(|(node, _)| Finding::new(Level::Warning, Code::TimeZonesDiffer, message.clone()).on(*node).fix(fix))
            .collect();
    }
    astray
        .map(|(node, server)| {
            let message =
                format!("the time zone of node `{node}` is {}: `expire_on` is in UTC, and NOW() is not", zone(server));
            Finding::new(Level::Note, Code::TimeZoneNotUtc, message).on(*node).fix(fix)
        })
        .collect()
}

/// Names a server's zone with its offset: `SYSTEM (CEST, +02:00)`.
fn zone(server: &Server) -> String {
    let of = |name: &str| server.variables.get(name).map_or("?", String::as_str);
    let offset = server.zone_offset_min.unwrap_or(0);
    let clock = format!(
        "{}{:02}:{:02}",
        if offset < 0 { '-' } else { '+' },
        offset.unsigned_abs() / 60,
        offset.unsigned_abs() % 60
    );
    match of("time_zone") {
        "SYSTEM" => format!("SYSTEM ({}, {clock})", of("system_time_zone")),
        name if name == clock => clock,
        name => format!("{name} ({clock})"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::super::look::Schema;
    use super::*;
    use crate::cluster::Clock;
    use crate::health::NodeVerdict;

    fn server(time_zone: &str, zone_offset_min: i64) -> Server {
        let variables = [("time_zone", time_zone), ("system_time_zone", "CEST")];
        Server {
            variables: variables
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into_iter()
                .collect::<BTreeMap<_, _>>(),
            zone_offset_min: Some(zone_offset_min),
            account: String::new(),
            database: None,
            grants: Vec::new(),
            encrypted: false,
            schema: Schema::NotAsked,
        }
    }

    #[test]
    fn zones_are_a_note_where_they_are_alike_and_a_warning_where_they_differ() {
        /// The zones of two nodes with their offsets, and what is found where.
        type Row = ((&'static str, i64), (&'static str, i64), &'static [(Code, &'static str)]);
        let cases: [Row; 4] = [
            (("+00:00", 0), ("SYSTEM", 0), &[]),
            (("SYSTEM", 120), ("+02:00", 120), &[(Code::TimeZoneNotUtc, "n1"), (Code::TimeZoneNotUtc, "n2")]),
            (("SYSTEM", 0), ("+02:00", 120), &[(Code::TimeZonesDiffer, "n2")]),
            (("-05:00", -300), ("+02:00", 120), &[(Code::TimeZonesDiffer, "n1"), (Code::TimeZonesDiffer, "n2")]),
        ];
        for (a, b, expected) in cases {
            let (a, b) = (server(a.0, a.1), server(b.0, b.1));
            let findings = zones(&[("n1", &a), ("n2", &b)]);
            let found: Vec<(Code, &str)> =
                findings.iter().map(|finding| (finding.code, finding.node.as_deref().unwrap())).collect();
            assert_eq!(found, expected);
        }
        assert_eq!(zone(&server("SYSTEM", 120)), "SYSTEM (CEST, +02:00)");
        assert_eq!(zone(&server("-03:30", -210)), "-03:30");
        assert_eq!(zone(&server("Europe/Berlin", 60)), "Europe/Berlin (+01:00)");
    }

    #[test]
    fn a_clock_is_off_only_beyond_the_error_of_measurement() {
        for (offset_us, uncertainty_ms, noticed) in
            [(900_000, 0, false), (-1_500_000, 1, true), (1_500_000, 600, false), (90_000_000, 1, true)]
        {
            let node = NodeReport {
                name: "n1".into(),
                address: String::new(),
                verdict: NodeVerdict::Ok,
                usable: true,
                reason: None,
                state: None,
                latency: None,
                clock: Some(Clock { offset_us, uncertainty: Duration::from_millis(uncertainty_ms) }),
                version: None,
                uptime: None,
            };
            let found = off(&node);
            assert_eq!(found.is_some(), noticed, "{offset_us}");
            if let Some(found) = found {
                let word = if offset_us > 0 { "ahead of" } else { "behind" };
                assert!(found.message.contains(word), "{found:?}");
            }
        }
    }
}
