//! What mends a node: the statement or the command, by what is the matter with it.

use super::grade::{NodeReport, NodeVerdict};
use super::probe::{Outcome, Reading};

/// Returns the name of the service under which the servers run: that of the first that tells its version.
pub(super) fn service(readings: &[Reading]) -> &'static str {
    let version = readings.iter().find_map(|reading| match &reading.outcome {
        Outcome::Answered(taken) => taken.vitals.get("version"),
        _ => None,
    });
    match version {
        Some(version) if !version.contains("MariaDB") => "mysql",
        _ => "mariadb",
    }
}

/// Returns what makes a node take sessions again; `None` where that is a matter of waiting, or of what nobody can name.
pub(super) fn of_node(node: &NodeReport, service: &str) -> Option<String> {
    let reason = node.reason.as_deref().unwrap_or_default();
    let set = |statement: &str| Some(format!("SET GLOBAL {statement}"));
    match node.verdict {
        NodeVerdict::Ok => None,
        NodeVerdict::Down => Some(format!("systemctl start {service}")),
        // What keeps the others waiting is, as a rule, a node that applies more slowly than they write.
        NodeVerdict::Degraded => Some(
            "SET GLOBAL wsrep_slave_threads = 4; -- in my.cnf, under [mysqld]: wsrep_slave_threads = 4".to_owned(),
        ),
        NodeVerdict::Draining | NodeVerdict::Unusable => match reason.split(' ').next().unwrap_or_default() {
            "read_only" => set("read_only = OFF"),
            "super_read_only" => set("super_read_only = OFF, GLOBAL read_only = OFF"),
            "wsrep_desync" => set("wsrep_desync = OFF"),
            "wsrep_reject_queries" => set("wsrep_reject_queries = NONE"),
            "pxc_maint_mode" => set("pxc_maint_mode = 'DISABLED'"),
            // It is cut off from the component, which goes on without it: it has to come back.
            "wsrep_cluster_status" | "wsrep_ready" => Some(format!("systemctl restart {service}")),
            // A donor, or one that is still catching up: it passes.
            "wsrep_local_state" => None,
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
    use super::*;

    #[test]
    fn each_variable_that_takes_a_node_out_has_its_statement() {
        let mended = |verdict, reason: &str| {
            let node = NodeReport {
                name: "n1".into(),
                address: "db1:3306".into(),
                verdict,
                reason: Some(reason.into()),
                state: None,
                latency: None,
                clock: None,
                version: None,
                uptime: None,
            };
            of_node(&node, "mysql")
        };
        use NodeVerdict::{Degraded, Down, Draining, Ok, Unusable};
        for (verdict, reason, expected) in [
            (Ok, "", None),
            (Down, "Connection refused (os error 111)", Some("systemctl start mysql")),
            (Degraded, "wsrep_flow_control_requested is true", Some("SET GLOBAL wsrep_slave_threads = 4; --")),
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
