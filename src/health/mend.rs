//! What mends a node: the statement or the command, by what is the matter with it.

use super::grade::{NodeReport, NodeVerdict, asks_to_wait};
use super::probe::{Outcome, Reading};
use crate::cluster::{Family, Vitals};

/// Returns whose servers the nodes are: the first that tells says it for all. If none does, it is MariaDB.
pub(super) fn family(readings: &[Reading]) -> Family {
    let version = readings.iter().find_map(|reading| match &reading.outcome {
        Outcome::Answered(taken) => taken.vitals.get("version"),
        _ => None,
    });
    version.map_or(Family::MariaDb, Family::of_version)
}

/// What the nodes answered, and whose servers they are.
pub(super) struct Mends<'a> {
    pub(super) readings: &'a [Reading],
    pub(super) family: Family,
}

impl Mends<'_> {
    /// Returns what makes a node take sessions again; `None` where that is a matter of waiting, or of what nobody can name.
    pub(super) fn of(&self, node: &NodeReport) -> Option<String> {
        let vitals = self.vitals().find(|(name, _)| *name == node.name).map(|(_, vitals)| vitals);
        of_node(node, vitals, self.family)
    }

    /// Returns whether a node waits for another one that asked all of them to.
    pub(super) fn is_held_up(&self, node: &NodeReport) -> bool {
        let asks = |name: &str| self.vitals().any(|(of, vitals)| of == name && asks_to_wait(vitals));
        !asks(&node.name) && self.vitals().any(|(_, vitals)| asks_to_wait(vitals))
    }

    fn vitals(&self) -> impl Iterator<Item = (&str, &Vitals)> {
        self.readings.iter().filter_map(|reading| match &reading.outcome {
            Outcome::Answered(taken) => Some((reading.node.as_str(), &taken.vitals)),
            _ => None,
        })
    }
}

fn of_node(node: &NodeReport, vitals: Option<&Vitals>, family: Family) -> Option<String> {
    let service = family.service();
    let reason = node.reason.as_deref().unwrap_or_default();
    let set = |statement: &str| Some(format!("SET GLOBAL {statement}"));
    match node.verdict {
        NodeVerdict::Ok => None,
        NodeVerdict::Down => Some(format!("systemctl start {service}")),
        // What keeps the others waiting is, as a rule, a node that applies more slowly than they write.
        NodeVerdict::Degraded if vitals.is_none_or(asks_to_wait) => {
            let threads = format!("{} = 4", family.applier_threads());
            Some(format!("SET GLOBAL {threads}; -- in my.cnf, under [mysqld]: {threads}"))
        }
        // A member that is not configured asked for it.
        NodeVerdict::Degraded => vitals.and_then(|vitals| vitals.kind().list_members()).map(str::to_owned),
        NodeVerdict::Draining | NodeVerdict::Unusable => match reason.split(' ').next().unwrap_or_default() {
            _ if reason.contains(": GRANT ") => reason.split_once(": ").map(|(_, grant)| grant.to_owned()),
            // A secondary of a group is read-only by its part in it.
            _ if reason.contains("MEMBER_ROLE") => None,
            "read_only" => set("read_only = OFF"),
            "super_read_only" => set("super_read_only = OFF, GLOBAL read_only = OFF"),
            "wsrep_desync" => set("wsrep_desync = OFF"),
            "wsrep_reject_queries" => set("wsrep_reject_queries = NONE"),
            "pxc_maint_mode" => set("pxc_maint_mode = 'DISABLED'"),
            // It is cut off from the component, which goes on without it: it has to come back.
            "wsrep_cluster_status" | "wsrep_ready" => Some(format!("systemctl restart {service}")),
            // An operator took it out; else it is a donor, or still catching up, and that passes.
            "wsrep_local_state" if vitals.is_some_and(|vitals| vitals.on("wsrep_desync")) => set("wsrep_desync = OFF"),
            "wsrep_local_state" => None,
            // Any other state is on its way to ONLINE.
            "MEMBER_STATE" if reason.ends_with("OFFLINE") || reason.ends_with("ERROR") => Some(
                "START GROUP_REPLICATION; -- in my.cnf, under [mysqld]: group_replication_start_on_boot = ON"
                    .to_owned(),
            ),
            // The account, the database: 1045 access denied, 1044 not to this database, 1049 no such database.
            _ if ["(1045)", "(1044)", "(1049)"].iter().any(|number| reason.ends_with(number)) => {
                Some(format!("csqlstore --node '{}=mysql://USER:PASSWORD@{}/DATABASE' doctor", node.name, node.address))
            }
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::probe::Taken;
    use super::*;

    #[test]
    fn a_node_that_its_operator_desynced_is_not_a_donor() {
        let vitals = |desync: &str| {
            let values = [("wsrep_desync".to_owned(), desync.to_owned())].into();
            let taken = Taken { vitals: Vitals { values, ..Vitals::default() }, latency: Duration::ZERO, clock: None };
            [Reading { node: "n1".into(), address: String::new(), outcome: Outcome::Answered(Box::new(taken)) }]
        };
        let node = report(NodeVerdict::Draining, "wsrep_local_state is 2 (Donor/Desynced)");
        for (desync, expected) in [("ON", Some("SET GLOBAL wsrep_desync = OFF")), ("OFF", None)] {
            let mends = Mends { readings: &vitals(desync), family: Family::MySql };
            assert_eq!(mends.of(&node).as_deref(), expected);
        }
    }

    fn report(verdict: NodeVerdict, reason: &str) -> NodeReport {
        NodeReport {
            name: "n1".into(),
            address: "db1:3306".into(),
            verdict,
            usable: false,
            reason: Some(reason.into()),
            state: None,
            latency: None,
            clock: None,
            version: None,
            uptime: None,
        }
    }

    #[test]
    fn each_variable_that_takes_a_node_out_has_its_statement() {
        let mended = |verdict, reason: &str| of_node(&report(verdict, reason), None, Family::MySql);
        use NodeVerdict::{Degraded, Down, Draining, Ok, Unusable};
        for (verdict, reason, expected) in [
            (Ok, "", None),
            (Down, "Connection refused (os error 111)", Some("systemctl start mysql")),
            (Degraded, "wsrep_flow_control_requested is true", Some("SET GLOBAL wsrep_applier_threads = 4; --")),
            (Draining, "wsrep_desync is ON", Some("SET GLOBAL wsrep_desync = OFF")),
            (Draining, "pxc_maint_mode is MAINTENANCE", Some("SET GLOBAL pxc_maint_mode = 'DISABLED'")),
            (Draining, "wsrep_local_state is 2 (Donor/Desynced)", None),
            (Unusable, "read_only is ON", Some("SET GLOBAL read_only = OFF")),
            (Unusable, "super_read_only is ON", Some("SET GLOBAL super_read_only = OFF, GLOBAL read_only = OFF")),
            (Unusable, "wsrep_reject_queries is ALL", Some("SET GLOBAL wsrep_reject_queries = NONE")),
            (Unusable, "wsrep_cluster_status is non-Primary", Some("systemctl restart mysql")),
            (
                Unusable,
                "Access denied for user 'a'@'b' (1045)",
                Some("csqlstore --node 'n1=mysql://USER:PASSWORD@db1:3306/DATABASE' doctor"),
            ),
            (Unusable, "MEMBER_STATE is OFFLINE", Some("START GROUP_REPLICATION; --")),
            (Unusable, "super_read_only is ON, for MEMBER_ROLE is SECONDARY", None),
            (Unusable, "something else", None),
        ] {
            let fix = mended(verdict, reason);
            assert!(
                match (&fix, expected) {
                    (Some(fix), Some(expected)) => fix.starts_with(expected),
                    (None, None) => true,
                    _ => false,
                },
                "{reason}: {fix:?}"
            );
        }
    }
}
