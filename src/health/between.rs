//! What servers must have in common, or must not.

use super::judge::ClusterKind;
use super::probe::{Outcome, Reading, Taken};
use crate::cluster::{Replication, Vitals};
use crate::{Code, Finding, Level};

/// A node that answered, and what it said.
pub(super) struct Told<'a> {
    node: &'a str,
    taken: &'a Taken,
}

impl<'a> Told<'a> {
    fn of(reading: &'a Reading) -> Option<Self> {
        match &reading.outcome {
            Outcome::Answered(taken) => Some(Self { node: &reading.node, taken }),
            Outcome::Refused(_) | Outcome::Silent(_) => None,
        }
    }

    fn vitals(&self) -> &Vitals {
        &self.taken.vitals
    }

    fn server_id(&self) -> Option<u64> {
        self.vitals().number("server_id")
    }

    /// Whether it follows the server of this number.
    fn follows(&self, server_id: Option<u64>) -> bool {
        server_id.is_some() && self.taken.replication.channels().iter().any(|channel| channel.source_id == server_id)
    }
}

/// Notices what does not go together.
pub(super) fn between(readings: &[Reading], kind: Option<ClusterKind>) -> Vec<Finding> {
    let told: Vec<Told> = readings.iter().filter_map(Told::of).collect();
    let mut findings = server_ids(&told, kind);
    findings.extend(writable(&told));
    findings.extend(told.iter().filter_map(hidden));
    findings.extend(schedulers(&told));
    findings
}

/// Two servers of one number: each throws away what the other wrote, as if it were its own that comes back.
fn server_ids(told: &[Told], kind: Option<ClusterKind>) -> Vec<Finding> {
    let level = match kind {
        // No node of Galera looks at it, and wsrep_gtid_mode wants it to be the same on all.
        Some(ClusterKind::Galera) if told.iter().any(|of| of.vitals().on("wsrep_gtid_mode")) => return Vec::new(),
        Some(ClusterKind::Galera | ClusterKind::Standalone) | None => Level::Note,
        Some(ClusterKind::GroupReplication | ClusterKind::Replica) => Level::Warning,
    };
    let mut findings = Vec::new();
    for (at, of) in told.iter().enumerate() {
        let Some(id) = of.server_id() else { continue };
        let Some(first) = told[..at].iter().find(|other| other.server_id() == Some(id)) else { continue };
        let message = format!(
            "node `{}` has the server_id {id}, as node `{}` has: neither can follow the other",
            of.node, first.node
        );
        let free =
            told.iter().filter_map(Told::server_id).max().unwrap_or(id).saturating_add(1 + findings.len() as u64);
        let fix = format!("SET GLOBAL server_id = {free}; -- in my.cnf, under [mysqld]: server_id = {free}");
        findings.push(Finding::new(level, Code::ServerIdRepeated, message).on(of.node).fix(fix));
    }
    findings
}

/// A replica that takes writes: what is written there does not reach its source.
fn writable(told: &[Told]) -> Vec<Finding> {
    let astray = told.iter().filter_map(|of| {
        let source = told.iter().find(|other| other.node != of.node && of.follows(other.server_id()))?;
        if of.vitals().read_only().is_some() || source.follows(of.server_id()) {
            return None;
        }
        let message = format!(
            "node `{}` follows node `{}` and takes writes: a session that is saved there is lost to the others",
            of.node, source.node
        );
        let fix = "SET GLOBAL read_only = ON; -- in my.cnf, under [mysqld]: read_only = ON";
        Some(Finding::new(Level::Warning, Code::ReplicaWritable, message).on(of.node).fix(fix))
    });
    astray.collect()
}

/// A server that may be a replica, and may not be asked.
fn hidden(of: &Told) -> Option<Finding> {
    let Replication::Hidden { grant } = &of.taken.replication else { return None };
    of.vitals().read_only()?;
    let message = format!("this account cannot see whether node `{}` follows another one, and how far behind", of.node);
    Some(Finding::new(Level::Note, Code::PrivilegeMissing, message).on(of.node).fix(grant.clone()))
}

/// Where the scheduler runs on some nodes alone, an event stands still as soon as it moves to another. It may be meant so.
fn schedulers(told: &[Told]) -> Vec<Finding> {
    let on: Vec<&str> = told.iter().filter(|of| of.vitals().on("event_scheduler")).map(|of| of.node).collect();
    if on.is_empty() {
        return Vec::new();
    }
    let off = told.iter().filter(|of| of.vitals().get("event_scheduler").is_some() && !on.contains(&of.node));
    off.map(|of| {
        let state = of.vitals().get("event_scheduler").unwrap_or_default();
        let message = format!(
            "event_scheduler is {state} on node `{}`, and ON on {}: the cleanup event cannot move there",
            of.node,
            on.join(", ")
        );
        let fix = "SET GLOBAL event_scheduler = ON; -- in my.cnf, under [mysqld]: event_scheduler = ON";
        Finding::new(Level::Note, Code::SchedulersDiffer, message).on(of.node).fix(fix)
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::{Channel, Running};

    /// A server with these variables, which follows those of these numbers.
    fn server(name: &str, values: &[(&str, &str)], follows: &[u64]) -> Reading {
        let values = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let runs = |name| Running { name, state: "Yes".to_owned(), error: 0 };
        let channels = follows.iter().map(|id| Channel {
            name: String::new(),
            source: format!("db{id}:3306"),
            source_id: Some(*id),
            fetches: runs("Slave_IO_Running"),
            applies: runs("Slave_SQL_Running"),
            lag: Some(std::time::Duration::ZERO),
            lag_name: "Seconds_Behind_Master",
        });
        let replication = if follows.is_empty() { Replication::None } else { Replication::Follows(channels.collect()) };
        let taken = Taken { vitals: Vitals { values, group: None }, replication, ..Taken::default() };
        Reading { node: name.to_owned(), address: String::new(), outcome: Outcome::Answered(Box::new(taken)) }
    }

    fn found(readings: &[Reading], kind: ClusterKind) -> Vec<(Level, Code, String)> {
        let findings = between(readings, Some(kind)).into_iter();
        findings.map(|finding| (finding.level, finding.code, finding.node.unwrap_or_default())).collect()
    }

    #[test]
    fn what_does_not_go_together_is_noticed_where_it_is_to_be_mended() {
        use ClusterKind::{Galera, GroupReplication, Replica, Standalone};
        let (one, two) = (("server_id", "1"), ("server_id", "2"));
        let (read_only, writes) = (("read_only", "ON"), ("read_only", "OFF"));
        let (on, off) = (("event_scheduler", "ON"), ("event_scheduler", "OFF"));
        let gtid = ("wsrep_gtid_mode", "ON");
        let repeated = |level| vec![(level, Code::ServerIdRepeated, "b".to_owned())];
        let writable = vec![(Level::Warning, Code::ReplicaWritable, "b".to_owned())];
        let both = |a: &[(&str, &str)], b: &[(&str, &str)]| vec![server("a", a, &[]), server("b", b, &[])];
        for (name, readings, kind, expected) in [
            ("apart", both(&[one], &[two]), Standalone, vec![]),
            ("not told", both(&[], &[]), Standalone, vec![]),
            ("one number, alone", both(&[one], &[one]), Standalone, repeated(Level::Note)),
            ("one number, in Galera", both(&[one], &[one]), Galera, repeated(Level::Note)),
            ("one number, as GTIDs in Galera want it", both(&[one, gtid], &[one, gtid]), Galera, vec![]),
            ("one number, in a group", both(&[one], &[one]), GroupReplication, repeated(Level::Warning)),
            (
                "a replica",
                vec![server("a", &[one, writes], &[]), server("b", &[two, read_only], &[1])],
                Replica,
                vec![],
            ),
            (
                "a replica that takes writes",
                vec![server("a", &[one, writes], &[]), server("b", &[two, writes], &[1])],
                Replica,
                writable,
            ),
            (
                "each follows the other",
                vec![server("a", &[one, writes], &[2]), server("b", &[two, writes], &[1])],
                Replica,
                vec![],
            ),
            ("a replica of somebody else", vec![server("b", &[two, writes], &[7])], Replica, vec![]),
            ("schedulers on", both(&[on], &[on]), Galera, vec![]),
            ("schedulers off, for all", both(&[off], &[off]), Galera, vec![]),
            (
                "one scheduler off",
                both(&[on], &[off]),
                Galera,
                vec![(Level::Note, Code::SchedulersDiffer, "b".to_owned())],
            ),
        ] {
            assert_eq!(found(&readings, kind), expected, "{name}");
        }
    }

    #[test]
    fn an_account_that_may_not_look_is_told_the_grant_where_it_matters() {
        for (read_only, expected) in [("ON", 1), ("OFF", 0)] {
            let mut reading = server("a", &[("read_only", read_only)], &[]);
            if let Outcome::Answered(taken) = &mut reading.outcome {
                taken.replication = Replication::Hidden { grant: "GRANT x".to_owned() };
            }
            let findings = between(&[reading], Some(ClusterKind::Standalone));
            assert_eq!(findings.len(), expected, "{findings:?}");
            assert!(findings.iter().all(|finding| finding.fix.as_deref() == Some("GRANT x")));
        }
    }

    #[test]
    fn a_third_of_one_number_gets_another_than_the_second() {
        let same = ["a", "b", "c"].map(|name| server(name, &[("server_id", "4")], &[]));
        let fixes: Vec<Option<String>> =
            between(&same, Some(ClusterKind::Replica)).into_iter().map(|finding| finding.fix).collect();
        let begin = |fix: &Option<String>, text: &str| fix.as_deref().is_some_and(|fix| fix.starts_with(text));
        assert!(fixes.len() == 2 && begin(&fixes[0], "SET GLOBAL server_id = 5;"), "{fixes:?}");
        assert!(begin(&fixes[1], "SET GLOBAL server_id = 6;"), "{fixes:?}");
    }
}
