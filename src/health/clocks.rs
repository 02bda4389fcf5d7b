//! Each server's clock against this machine's, and the servers' time zones.

use std::time::Duration;

use super::grade::NodeReport;
use super::thresholds::Thresholds;
use crate::cluster::{Connection, Error, Vitals};
use crate::{Code, Finding, Level};

/// A server's time zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    /// The server's name for it, which may be `SYSTEM`.
    pub name: String,
    /// What the system calls its own.
    pub system: Option<String>,
    /// How many minutes its time is ahead of UTC now.
    pub offset_min: i64,
}

impl Zone {
    /// Asks a server for its zone; `None` if it does not tell, as one that refuses all but SHOW does not.
    pub(super) async fn read(connection: &mut Connection, vitals: &Vitals) -> Result<Option<Self>, Error> {
        let sql = "SELECT TIMESTAMPDIFF(MINUTE, UTC_TIMESTAMP(), \
                   CONVERT_TZ(UTC_TIMESTAMP(), '+00:00', @@GLOBAL.time_zone))";
        let offset_min = match connection.first::<Option<i64>>("asking for the time zone", sql, ()).await {
            Ok(told) => told.flatten(),
            Err(error) if error.code().is_some() => None,
            Err(error) => return Err(error),
        };
        let name = vitals.get("time_zone").unwrap_or("?").to_owned();
        let system = vitals.get("system_time_zone").map(str::to_owned);
        Ok(offset_min.map(|offset_min| Self { name, system, offset_min }))
    }
}

impl std::fmt::Display for Zone {
    /// Writes the zone with its offset: `SYSTEM (CEST, +02:00)`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let minutes = self.offset_min.unsigned_abs();
        let sign = if self.offset_min < 0 { '-' } else { '+' };
        let clock = format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60);
        match self.name.as_str() {
            "SYSTEM" => write!(f, "SYSTEM ({}, {clock})", self.system.as_deref().unwrap_or("?")),
            name if name == clock => f.write_str(name),
            name => write!(f, "{name} ({clock})"),
        }
    }
}

/// Judges each node's clock, and the zones of all.
pub(super) fn clocks(nodes: &[NodeReport], thresholds: &Thresholds) -> Vec<Finding> {
    let zones = nodes.iter().filter_map(|node| Some((node.name.as_str(), node.zone.as_ref()?)));
    let zones: Vec<(&str, &Zone)> = zones.collect();
    nodes.iter().filter_map(|node| off(node, thresholds.clock)).chain(self::zones(&zones)).collect()
}

fn off(node: &NodeReport, limit: Duration) -> Option<Finding> {
    let clock = node.clock?;
    let apart = Duration::from_micros(clock.offset_us.unsigned_abs());
    // Only what cannot be an error of measurement.
    if apart.saturating_sub(clock.uncertainty) <= limit {
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

fn zones(told: &[(&str, &Zone)]) -> Vec<Finding> {
    let fix = "SET GLOBAL time_zone = '+00:00'; -- in my.cnf, under [mysqld]: default_time_zone = '+00:00'";
    let Some((_, first)) = told.first() else { return Vec::new() };
    let astray = told.iter().filter(|(_, zone)| zone.offset_min != 0);
    if told.iter().any(|(_, zone)| zone.offset_min != first.offset_min) {
        let each: Vec<String> = told.iter().map(|(node, zone)| format!("{node}: {zone}")).collect();
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
        .map(|(node, zone)| {
            let message = format!("the time zone of node `{node}` is {zone}: `expire_on` is in UTC, and NOW() is not");
            Finding::new(Level::Note, Code::TimeZoneNotUtc, message).on(*node).fix(fix)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::grade::NodeVerdict;
    use super::*;
    use crate::cluster::Clock;

    fn zone(name: &str, offset_min: i64) -> Zone {
        Zone { name: name.to_owned(), system: Some("CEST".to_owned()), offset_min }
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
            let (a, b) = (zone(a.0, a.1), zone(b.0, b.1));
            let findings = zones(&[("n1", &a), ("n2", &b)]);
            let found: Vec<(Code, &str)> =
                findings.iter().map(|finding| (finding.code, finding.node.as_deref().unwrap())).collect();
            assert_eq!(found, expected);
        }
        assert_eq!(zone("SYSTEM", 120).to_string(), "SYSTEM (CEST, +02:00)");
        assert_eq!(zone("-03:30", -210).to_string(), "-03:30");
        assert_eq!(zone("Europe/Berlin", 60).to_string(), "Europe/Berlin (+01:00)");
    }

    #[test]
    fn a_clock_is_off_only_beyond_the_error_of_measurement() {
        for (offset_us, uncertainty_ms, limit_ms, noticed) in [
            (900_000, 0, 1000, false),
            (-1_500_000, 1, 1000, true),
            (1_500_000, 600, 1000, false),
            (90_000_000, 1, 1000, true),
            (1_500_000, 1, 2000, false),
        ] {
            let clock = Some(Clock { offset_us, uncertainty: Duration::from_millis(uncertainty_ms) });
            let node = NodeReport { clock, ..NodeReport::bare("n1", "db1:3306", NodeVerdict::Ok, None) };
            let found = off(&node, Duration::from_millis(limit_ms));
            assert_eq!(found.is_some(), noticed, "{offset_us}");
            if let Some(found) = found {
                let word = if offset_us > 0 { "ahead of" } else { "behind" };
                assert!(found.message.contains(word), "{found:?}");
            }
        }
    }
}
