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
        let reason = node.reason.as_deref().unwrap_or_default();
        if ["wsrep_cluster_status", "wsrep_ready"].iter().any(|name| reason.starts_with(name)) {
            // With no component to come back to, it has what is left of the data: the others come first.
            let primary = self.vitals().any(|(_, vitals)| vitals.get("wsrep_cluster_status") == Some("Primary"));
            let silent = self.readings.iter().find_map(|reading| match &reading.outcome {
                Outcome::Silent(why) => Some(start(&reading.node, &reading.address, why, self.family)),
                _ => None,
            });
            if let Some(start) = silent.filter(|_| !primary) {
                return Some(start);
            }
        }
        of_node(node, vitals, self.family)
    }

    /// Returns whether a node waits for another one that asked all of them to.
    pub(super) fn is_held_up(&self, node: &NodeReport) -> bool {
        if !node.reason.as_deref().is_some_and(|reason| reason.starts_with("wsrep_flow_control_")) {
            return false;
        }
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

/// Writes what makes a node answer again.
fn start(node: &str, address: &str, why: &str, family: Family) -> String {
    if why.contains("lookup") || why.contains("resolve") {
        return format!("check host and port of node `{node}` ({address}) in the configuration");
    }
    // Whatever is silent may run, and be well for others: somebody has to look.
    let nothing_there = ["(os error 111)", "(os error 2)", "(os error 104)"].iter().any(|end| why.contains(end));
    on_its_host(if nothing_there { "start" } else { "status" }, (node, address), family)
}

/// Names what waits for a node that gets well by itself.
fn wait(node: &str) -> Option<String> {
    Some(format!("csqlstore node wait --for synced --on {node} --max-time 10m"))
}

/// Names what lets a refused client in, by the server's number.
fn refused(reason: &str, node: &NodeReport, family: Family) -> Option<String> {
    let number = reason.strip_suffix(')')?.rsplit_once('(')?.1;
    Some(match number {
        // Too many connections; of this account (1203, 1226) it has limits of its own.
        "1040" => more_connections(),
        "1203" | "1226" => "ALTER USER 'USER'@'HOST' WITH MAX_USER_CONNECTIONS 0".to_owned(),
        "1129" if family == Family::MariaDb => "FLUSH HOSTS".to_owned(),
        "1129" => "TRUNCATE TABLE performance_schema.host_cache".to_owned(),
        "1130" => "CREATE USER 'USER'@'HOST' IDENTIFIED BY 'PASSWORD'".to_owned(),
        "3118" | "4151" => "ALTER USER 'USER'@'HOST' ACCOUNT UNLOCK".to_owned(),
        "1820" | "1862" => "ALTER USER 'USER'@'HOST' IDENTIFIED BY 'PASSWORD'".to_owned(),
        // The account, the database: access denied, not to this database, no such database.
        "1045" | "1698" | "1044" | "1049" => {
            format!("csqlstore --node '{}=mysql://USER:PASSWORD@{}/DATABASE' doctor", node.name, node.address)
        }
        _ => return None,
    })
}

fn more_connections() -> String {
    "SET GLOBAL max_connections = NUMBER; -- in my.cnf, under [mysqld]: max_connections = NUMBER".to_owned()
}

/// Names what is done to a node's service, and where: on call there is a shell on some host, and seldom on that one.
fn on_its_host(verb: &str, (node, address): (&str, &str), family: Family) -> String {
    format!("systemctl {verb} {} # on the host of node `{node}`, {address}", family.service())
}

fn of_node(node: &NodeReport, vitals: Option<&Vitals>, family: Family) -> Option<String> {
    let reason = node.reason.as_deref().unwrap_or_default();
    let set = |statement: &str| Some(format!("SET GLOBAL {statement}"));
    match node.verdict {
        NodeVerdict::Ok => None,
        NodeVerdict::Down => Some(start(&node.name, &node.address, reason, family)),
        // MariaDB's connections have names, and START SLAVE means the one without.
        _ if reason.starts_with("Slave_") && family == Family::MariaDb => Some("START ALL SLAVES".to_owned()),
        _ if reason.starts_with("Slave_") => Some("START SLAVE".to_owned()),
        _ if reason.starts_with("Replica_") => Some("START REPLICA".to_owned()),
        NodeVerdict::Degraded if reason.starts_with("Threads_connected") => Some(more_connections()),
        // A replica or a member that is behind, or a line that is slow, has no statement against it: is it getting better?
        NodeVerdict::Degraded if !reason.starts_with("wsrep_") => {
            Some(format!("csqlstore node watch --on {}", node.name))
        }
        // What keeps the others waiting is, as a rule, a node that applies more slowly than they write.
        NodeVerdict::Degraded if reason.starts_with("wsrep_local_recv_queue") || vitals.is_none_or(asks_to_wait) => {
            let threads = format!("{} = 4", family.applier_threads());
            Some(format!("SET GLOBAL {threads}; -- in my.cnf, under [mysqld]: {threads}"))
        }
        // Whoever asked is done asking: the next time his queue shows who it is.
        NodeVerdict::Degraded if reason.starts_with("wsrep_flow_control_paused_ns") => {
            Some("csqlstore node watch".to_owned())
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
            // Not while it takes the data of another one, which would begin anew.
            "wsrep_ready"
                if vitals
                    .and_then(|vitals| vitals.number("wsrep_local_state"))
                    .is_some_and(|state| state == 1 || state == 3) =>
            {
                wait(&node.name)
            }
            // It is cut off from the component, which goes on without it: it has to come back.
            "wsrep_cluster_status" | "wsrep_ready" => Some(on_its_host("restart", (&node.name, &node.address), family)),
            // An operator took it out; else it is a donor, or still catching up, and that passes.
            "wsrep_local_state" if vitals.is_some_and(|vitals| vitals.on("wsrep_desync")) => set("wsrep_desync = OFF"),
            "wsrep_local_state" => wait(&node.name),
            // Any other state is on its way to ONLINE.
            "MEMBER_STATE" if reason.ends_with("OFFLINE") || reason.ends_with("ERROR") => Some(
                "START GROUP_REPLICATION; -- in my.cnf, under [mysqld]: group_replication_start_on_boot = ON"
                    .to_owned(),
            ),
            "MEMBER_STATE" if reason.ends_with("RECOVERING") => wait(&node.name),
            // A proxy in front of nothing, or another service.
            "version" => Some(start(&node.name, &node.address, "lookup", family)),
            _ if reason.ends_with("which is no majority") => Some(FORCE_MEMBERS.to_owned()),
            _ => refused(reason, node, family),
        },
    }
}

/// Lets the members that are left of a group go on by themselves.
const FORCE_MEMBERS: &str = "SET GLOBAL group_replication_force_members = @@group_replication_local_address; \
    SET GLOBAL group_replication_force_members = ''; -- once the servers of the others are stopped: this one goes on alone";

#[cfg(test)]
mod tests {
    use super::super::probe::Taken;
    use super::*;

    #[test]
    fn a_node_that_its_operator_desynced_is_not_a_donor() {
        let vitals = |desync: &str| {
            let values = [("wsrep_desync".to_owned(), desync.to_owned())].into();
            let taken = Taken { vitals: Vitals { values, ..Vitals::default() }, ..Taken::default() };
            [Reading { node: "n1".into(), address: String::new(), outcome: Outcome::Answered(Box::new(taken)) }]
        };
        let node = report(NodeVerdict::Draining, "wsrep_local_state is 2 (Donor/Desynced)");
        for (desync, expected) in [
            ("ON", Some("SET GLOBAL wsrep_desync = OFF")),
            ("OFF", Some("csqlstore node wait --for synced --on n1 --max-time 10m")),
        ] {
            let mends = Mends { readings: &vitals(desync), family: Family::MySql };
            assert_eq!(mends.of(&node).as_deref(), expected);
        }
    }

    #[test]
    fn a_pause_that_nobody_asks_for_any_more_is_to_be_watched_for() {
        let vitals = Vitals::default();
        for (reason, family, expected) in [
            (
                "wsrep_flow_control_paused_ns grew by 9% of the last 500 ms",
                Family::MariaDb,
                Some("csqlstore node watch"),
            ),
            ("Slave_IO_Running is No", Family::MariaDb, Some("START ALL SLAVES")),
        ] {
            let fix = of_node(&report(NodeVerdict::Degraded, reason), Some(&vitals), family);
            assert_eq!(fix.as_deref(), expected, "{reason}");
        }
    }

    #[test]
    fn a_node_that_takes_the_data_of_another_one_is_not_restarted() {
        let node = report(NodeVerdict::Unusable, "wsrep_ready is OFF");
        for (state, expected) in
            [("1", "csqlstore node wait"), ("3", "csqlstore node wait"), ("0", "systemctl restart")]
        {
            let values = [("wsrep_local_state".to_owned(), state.to_owned())].into();
            let vitals = Vitals { values, group: None };
            let fix = of_node(&node, Some(&vitals), Family::MariaDb).unwrap_or_default();
            assert!(fix.starts_with(expected), "{state}: {fix}");
        }
    }

    fn report(verdict: NodeVerdict, reason: &str) -> NodeReport {
        NodeReport::bare("n1", "db1:3306", verdict, Some(reason.to_owned()))
    }

    #[test]
    fn each_variable_that_takes_a_node_out_has_its_statement() {
        let mended = |verdict, reason: &str| of_node(&report(verdict, reason), None, Family::MySql);
        use NodeVerdict::{Degraded, Down, Draining, Ok, Unusable};
        for (verdict, reason, expected) in [
            (Ok, "", None),
            (
                Down,
                "Connection refused (os error 111)",
                Some("systemctl start mysql # on the host of node `n1`, db1:3306"),
            ),
            (
                Down,
                "failed to lookup address information: Name or service not known",
                Some("check host and port of node `n1`"),
            ),
            (Degraded, "wsrep_flow_control_requested is true", Some("SET GLOBAL wsrep_applier_threads = 4; --")),
            (Draining, "wsrep_desync is ON", Some("SET GLOBAL wsrep_desync = OFF")),
            (Draining, "pxc_maint_mode is MAINTENANCE", Some("SET GLOBAL pxc_maint_mode = 'DISABLED'")),
            (
                Draining,
                "wsrep_local_state is 2 (Donor/Desynced)",
                Some("csqlstore node wait --for synced --on n1 --max-time 10m"),
            ),
            (
                Down,
                "no answer within 3s (connecting)",
                Some("systemctl status mysql # on the host of node `n1`, db1:3306"),
            ),
            (Unusable, "MEMBER_STATE is RECOVERING", Some("csqlstore node wait --for synced --on n1")),
            (Unusable, "Too many connections (1040)", Some("SET GLOBAL max_connections = NUMBER")),
            (Unusable, "Host '1.2.3.4' is blocked (1129)", Some("TRUNCATE TABLE performance_schema.host_cache")),
            (Unusable, "Host 'h' is not allowed to connect (1130)", Some("CREATE USER 'USER'@'HOST'")),
            (Unusable, "User a has exceeded (1226)", Some("ALTER USER 'USER'@'HOST' WITH MAX_USER_CONNECTIONS 0")),
            (Unusable, "Account is locked (3118)", Some("ALTER USER 'USER'@'HOST' ACCOUNT UNLOCK")),
            (Unusable, "version is not reported", Some("check host and port of node `n1`")),
            (
                Unusable,
                "it reaches 1 of the 3 members of its group, which is no majority",
                Some("SET GLOBAL group_replication_force_members = @@group_replication_local_address"),
            ),
            (Degraded, "COUNT_TRANSACTIONS_REMOTE_IN_APPLIER_QUEUE is 9, of 8", Some("csqlstore node watch --on n1")),
            (Degraded, "the shortest of its answers took 700 ms", Some("csqlstore node watch --on n1")),
            (Unusable, "read_only is ON", Some("SET GLOBAL read_only = OFF")),
            (Unusable, "super_read_only is ON", Some("SET GLOBAL super_read_only = OFF, GLOBAL read_only = OFF")),
            (Unusable, "wsrep_reject_queries is ALL", Some("SET GLOBAL wsrep_reject_queries = NONE")),
            (
                Unusable,
                "wsrep_cluster_status is non-Primary",
                Some("systemctl restart mysql # on the host of node `n1`, db1:3306"),
            ),
            (
                Unusable,
                "Access denied for user 'a'@'b' (1045)",
                Some("csqlstore --node 'n1=mysql://USER:PASSWORD@db1:3306/DATABASE' doctor"),
            ),
            (Unusable, "MEMBER_STATE is OFFLINE", Some("START GROUP_REPLICATION; --")),
            (Unusable, "super_read_only is ON, for MEMBER_ROLE is SECONDARY", None),
            (Unusable, "Slave_SQL_Running is No (error 1062)", Some("START SLAVE")),
            (Unusable, "Replica_IO_Running is Connecting", Some("START REPLICA")),
            (Degraded, "Slave_IO_Running is No", Some("START SLAVE")),
            (Degraded, "wsrep_local_recv_queue is 20, of 16", Some("SET GLOBAL wsrep_applier_threads = 4; --")),
            (Degraded, "Seconds_Behind_Master is 42", Some("csqlstore node watch --on n1")),
            (Degraded, "Threads_connected is 290, of 300", Some("SET GLOBAL max_connections = NUMBER")),
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
