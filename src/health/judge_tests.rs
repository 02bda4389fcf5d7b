//! Verdicts over what nodes can answer, without a server.

use super::super::probe::Taken;
use super::*;
use crate::cluster::{Clock, Group};

const SYNCED: &[(&str, &str)] = &[
    ("wsrep_on", "ON"),
    ("wsrep_cluster_status", "Primary"),
    ("wsrep_ready", "ON"),
    ("wsrep_local_state", "4"),
    ("wsrep_local_state_comment", "Synced"),
    ("wsrep_cluster_size", "3"),
    ("wsrep_cluster_conf_id", "7"),
    ("wsrep_cluster_state_uuid", "aaaa"),
    ("wsrep_desync", "OFF"),
    ("wsrep_reject_queries", "NONE"),
    ("wsrep_flow_control_requested", "false"),
    ("version", "10.11.19-MariaDB"),
    ("uptime", "17"),
    ("read_only", "OFF"),
];

const ALL_ONLINE: [&str; 3] = ["ONLINE", "ONLINE", "ONLINE"];

fn node(name: &str, outcome: Outcome) -> Reading {
    Reading { node: name.into(), address: "127.0.0.1:3306".into(), outcome }
}

fn taken(base: &[(&str, &str)], changes: &[(&str, &str)]) -> Taken {
    let values = base.iter().chain(changes).map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    let clock = Some(Clock { offset_us: 300, uncertainty: Duration::from_micros(200) });
    Taken { vitals: Vitals { values, group: None }, latency: Duration::from_micros(400), clock, ..Taken::default() }
}

fn synced(name: &str, changes: &[(&str, &str)]) -> Reading {
    node(name, Outcome::Answered(Box::new(taken(SYNCED, changes))))
}

fn alone(name: &str, changes: &[(&str, &str)]) -> Reading {
    node(name, Outcome::Answered(Box::new(taken(&[("wsrep_on", "OFF"), ("version", "9.7.4")], changes))))
}

/// A member of a group of three, `a`, `b` and `c`, that sees them in these states; the first is the primary.
fn member(name: &str, states: [&str; 3]) -> Reading {
    let read_only = if name == "a" { "OFF" } else { "ON" };
    let mut taken = taken(
        &[("version", "9.7.4"), ("group_replication_group_name", "aaaa"), ("super_read_only", read_only)],
        &[("server_uuid", name)],
    );
    let entry = |(id, state): (&str, &str)| crate::cluster::Member {
        id: id.to_owned(),
        address: format!("{id}:3306"),
        state: state.to_owned(),
        role: if id == "a" { "PRIMARY".to_owned() } else { "SECONDARY".to_owned() },
    };
    taken.vitals.group = Some(Group::Seen(["a", "b", "c"].into_iter().zip(states).map(entry).collect()));
    node(name, Outcome::Answered(Box::new(taken)))
}

/// A read-only server that does not tell this account whether it follows another one.
fn hidden(name: &str) -> Reading {
    let mut taken = taken(&[("wsrep_on", "OFF"), ("version", "9.7.4"), ("read_only", "ON")], &[]);
    taken.replication = crate::cluster::Replication::Hidden { grant: "GRANT x".into() };
    node(name, Outcome::Answered(Box::new(taken)))
}

#[test]
fn the_last_node_is_not_restarted_while_the_others_are_down() {
    let report = judge(&[isolated("a"), down("b"), down("c")]);
    let fixes: Vec<&str> = report.findings.iter().filter_map(|finding| finding.fix.as_deref()).collect();
    assert!(!fixes.is_empty() && fixes.iter().all(|fix| fix.starts_with("systemctl start mariadb # ")), "{fixes:?}");
    // Where there is a component to come back to, it is.
    let report = judge(&[synced("a", &[]), isolated("b"), down("c")]);
    assert!(
        report.findings.iter().any(|of| of
            .fix
            .as_deref()
            .is_some_and(|fix| fix.starts_with("systemctl restart mariadb # on the host of node `b`"))),
        "{report:?}"
    );
}

fn down(name: &str) -> Reading {
    node(name, Outcome::Silent("Connection refused (os error 111)".into()))
}

fn isolated(name: &str) -> Reading {
    let changes = [
        ("wsrep_cluster_status", "non-Primary"),
        ("wsrep_ready", "OFF"),
        ("wsrep_local_state", "0"),
        ("wsrep_local_state_comment", "Initialized"),
        ("wsrep_cluster_size", "1"),
        ("wsrep_cluster_conf_id", "18446744073709551615"),
    ];
    synced(name, &changes)
}

#[test]
fn each_nodes_verdict_names_what_decided_it() {
    use NodeVerdict::{Degraded, Down, Draining, Ok, Unusable};
    for (reading, verdict, reason, state) in [
        (synced("n", &[]), Ok, None, Some("Synced")),
        (
            synced("n", &[("wsrep_flow_control_requested", "true")]),
            Degraded,
            Some("wsrep_flow_control_requested is true"),
            Some("Synced"),
        ),
        (
            synced("n", &[("wsrep_local_state", "2"), ("wsrep_local_state_comment", "Donor/Desynced")]),
            Draining,
            Some("wsrep_local_state is 2 (Donor/Desynced)"),
            Some("Donor/Desynced"),
        ),
        (
            synced("n", &[("wsrep_local_state", "2"), ("wsrep_sst_donor_rejects_queries", "ON")]),
            Unusable,
            Some("wsrep_local_state is 2 (Synced)"),
            Some("Synced"),
        ),
        (synced("n", &[("wsrep_desync", "ON")]), Draining, Some("wsrep_desync is ON"), Some("Synced")),
        (
            synced("n", &[("pxc_maint_mode", "MAINTENANCE")]),
            Draining,
            Some("pxc_maint_mode is MAINTENANCE"),
            Some("Synced"),
        ),
        (
            synced("n", &[("wsrep_reject_queries", "ALL")]),
            Unusable,
            Some("wsrep_reject_queries is ALL"),
            Some("Synced"),
        ),
        (synced("n", &[("read_only", "ON")]), Unusable, Some("read_only is ON"), Some("Synced")),
        (
            synced("n", &[("wsrep_local_state", "1"), ("wsrep_local_state_comment", "Joining")]),
            Unusable,
            Some("wsrep_local_state is 1 (Joining)"),
            Some("Joining"),
        ),
        (isolated("n"), Unusable, Some("wsrep_cluster_status is non-Primary"), Some("Initialized")),
        (alone("n", &[]), Ok, None, Some("running")),
        (alone("n", &[("super_read_only", "ON")]), Unusable, Some("super_read_only is ON"), Some("read-only")),
        (member("a", ALL_ONLINE), Ok, None, Some("PRIMARY")),
        (member("b", ALL_ONLINE), Ok, None, Some("SECONDARY")),
        (
            member("b", ["UNREACHABLE", "ONLINE", "UNREACHABLE"]),
            Unusable,
            Some("it reaches 1 of the 3 members of its group, which is no majority"),
            Some("SECONDARY"),
        ),
        (
            member("b", ["ONLINE", "RECOVERING", "ONLINE"]),
            Unusable,
            Some("MEMBER_STATE is RECOVERING"),
            Some("RECOVERING"),
        ),
        (down("n"), Down, Some("Connection refused (os error 111)"), None),
        (node("n", Outcome::Refused("Access denied (1045)".into())), Unusable, Some("Access denied (1045)"), None),
    ] {
        let graded = grade(&reading, &Thresholds::default());
        assert_eq!(
            (graded.verdict, graded.reason.as_deref(), graded.state.as_deref()),
            (verdict, reason, state),
            "{reading:?}"
        );
    }
}

/// Name, what the nodes answer, then: kind, verdict, size, codes.
type Row = (&'static str, Vec<Reading>, (Option<ClusterKind>, ClusterVerdict, Option<u64>), &'static [&'static str]);

#[test]
fn every_verdict_of_the_cluster() {
    use ClusterKind::{Galera, GroupReplication, Standalone};
    use ClusterVerdict::{Critical, Ok, Warning};
    let two = &[("wsrep_cluster_size", "2"), ("wsrep_cluster_conf_id", "8")];
    let one = &[("wsrep_cluster_size", "1"), ("wsrep_cluster_conf_id", "9")];
    const LOST: [&str; 3] = ["ONLINE", "ONLINE", "UNREACHABLE"];
    let rows: Vec<Row> = vec![
        ("all well", vec![synced("a", &[]), synced("b", &[]), synced("c", &[])], (Some(Galera), Ok, Some(3)), &[]),
        (
            "one killed",
            vec![synced("a", two), synced("b", two), down("c")],
            (Some(Galera), Warning, Some(2)),
            &["node-down", "size-differs"],
        ),
        (
            "one isolated",
            vec![synced("a", two), isolated("b"), synced("c", two)],
            (Some(Galera), Warning, Some(2)),
            &["node-unusable", "size-differs"],
        ),
        (
            "one desynced",
            vec![synced("a", &[]), synced("b", &[("wsrep_desync", "ON")]), synced("c", &[])],
            (Some(Galera), Warning, Some(3)),
            &["node-draining"],
        ),
        (
            "no majority left",
            vec![synced("a", one), down("b"), down("c")],
            (Some(Galera), Critical, Some(1)),
            &["node-down", "node-down", "no-majority", "size-differs"],
        ),
        (
            "half of two is no majority",
            vec![synced("a", one), down("b")],
            (Some(Galera), Critical, Some(1)),
            &["node-down", "no-majority", "size-differs"],
        ),
        (
            "all isolated",
            vec![isolated("a"), isolated("b")],
            (Some(Galera), Critical, Some(0)),
            &["node-unusable", "node-unusable", "no-usable-node"],
        ),
        ("all down", vec![down("a"), down("b")], (None, Critical, None), &["node-down", "node-down", "no-usable-node"]),
        (
            "two primary components",
            vec![synced("a", two), synced("b", two), synced("c", one)],
            (Some(Galera), Critical, Some(2)),
            &["split-brain", "size-differs"],
        ),
        (
            "two clusters",
            vec![synced("a", &[]), synced("b", &[]), synced("c", &[("wsrep_cluster_state_uuid", "bbbb")])],
            (Some(Galera), Critical, Some(3)),
            &["split-brain"],
        ),
        (
            "seen in the middle of a change of members",
            vec![synced("a", two), synced("b", &[]), synced("c", &[])],
            (Some(Galera), Ok, Some(3)),
            &[],
        ),
        (
            "a node that is not configured",
            vec![synced("a", &[]), synced("b", &[])],
            (Some(Galera), Ok, Some(3)),
            &["size-differs"],
        ),
        (
            "mixed",
            vec![synced("a", two), synced("b", two), alone("c", &[])],
            (Some(Galera), Ok, Some(2)),
            &["kinds-differ", "size-differs", "versions-differ"],
        ),
        ("one server", vec![alone("a", &[])], (Some(Standalone), Ok, Some(1)), &[]),
        (
            "a group, all well",
            vec![member("a", ALL_ONLINE), member("b", ALL_ONLINE), member("c", ALL_ONLINE)],
            (Some(GroupReplication), Ok, Some(3)),
            &[],
        ),
        (
            "a group, a secondary killed",
            vec![member("a", LOST), member("b", LOST), down("c")],
            (Some(GroupReplication), Warning, Some(2)),
            &["node-down", "size-differs"],
        ),
        (
            "a group without its primary",
            vec![down("a"), member("b", ALL_ONLINE), member("c", ALL_ONLINE)],
            (Some(GroupReplication), Critical, Some(3)),
            &["node-down", "no-usable-node"],
        ),
        (
            "a group, the primary cut off",
            vec![member("a", ["ONLINE", "UNREACHABLE", "UNREACHABLE"]), down("b"), down("c")],
            (Some(GroupReplication), Critical, Some(0)),
            &["node-unusable", "node-down", "node-down", "no-usable-node"],
        ),
        (
            "one server, read-only",
            vec![alone("a", &[("read_only", "ON")])],
            (Some(Standalone), Critical, Some(1)),
            &["node-unusable", "no-usable-node"],
        ),
        (
            "a source, and a server that may be its replica",
            vec![alone("a", &[]), hidden("b")],
            (Some(Standalone), Warning, Some(2)),
            &["node-unusable", "privilege-missing"],
        ),
        (
            "a source that is down, and a server that may be its replica",
            vec![down("a"), hidden("b")],
            (Some(Standalone), Critical, Some(1)),
            &["node-down", "node-unusable", "no-usable-node", "privilege-missing"],
        ),
    ];
    for (name, readings, (kind, verdict, size), expected) in rows {
        let report = judge(&readings);
        assert_eq!((report.kind, report.verdict, report.size), (kind, verdict, size), "{name}: {report:#?}");
        let codes: Vec<&str> = report.findings.iter().map(|finding| finding.code.as_str()).collect();
        assert_eq!(codes, expected, "{name}");
        assert_eq!((report.expected, report.nodes.len()), (readings.len() as u64, readings.len()), "{name}");
    }
}

#[test]
fn a_secondary_is_well_and_takes_no_sessions() {
    let report = judge(&[member("a", ALL_ONLINE), member("b", ALL_ONLINE)]);
    let told: Vec<(NodeVerdict, bool)> = report.nodes.iter().map(|node| (node.verdict, node.usable)).collect();
    assert_eq!(told, [(NodeVerdict::Ok, true), (NodeVerdict::Ok, false)]);
}

#[test]
fn clocks_apart_are_noticed_only_beyond_the_error_of_measurement() {
    let with = |name: &str, offset_us, uncertainty_ms| {
        let clock = Some(Clock { offset_us, uncertainty: Duration::from_millis(uncertainty_ms) });
        node(name, Outcome::Answered(Box::new(Taken { clock, ..taken(SYNCED, &[("wsrep_cluster_size", "2")]) })))
    };
    for (a, b, noticed) in [
        ((0, 1), (900_000, 1), false),
        ((-600_000, 1), (600_000, 1), true),
        ((-600_000, 150), (600_000, 150), false),
        // All of them away from us alike: it is this machine's clock.
        ((90_000_000, 1), (90_000_000, 1), false),
    ] {
        let report = judge(&[with("a", a.0, a.1), with("b", b.0, b.1)]);
        assert_eq!(report.findings.iter().any(|f| f.code == Code::ClocksDiffer), noticed, "{a:?} {b:?}");
        assert_eq!(report.verdict, ClusterVerdict::Ok);
    }
}

#[test]
fn nodes_of_different_releases_are_told_by_how_far_they_are_apart() {
    let of = |name: &str, version| synced(name, &[("version", version), ("wsrep_cluster_size", "2")]);
    for (a, b, expected) in [
        ("10.11.19-MariaDB-log", "10.11.19-MariaDB", None),
        ("10.11.19-MariaDB", "10.11.9-MariaDB", Some((Level::Note, "b"))),
        ("10.6.20-MariaDB", "10.11.2-MariaDB", Some((Level::Warning, "a"))),
        ("8.0.36", "8.4.0", Some((Level::Warning, "a"))),
    ] {
        let report = judge(&[of("a", a), of("b", b)]);
        let found = report.findings.iter().find(|finding| finding.code == Code::VersionsDiffer);
        let told = found.map(|finding| (finding.level, finding.node.as_deref().unwrap_or_default()));
        assert_eq!(told, expected, "{a} {b}");
        let package = if a.contains("MariaDB") { "mariadb-server" } else { "mysql-server" };
        let fix = found.and_then(|finding| finding.fix.as_deref());
        assert!(fix.is_none_or(|fix| fix == format!("apt-get install --only-upgrade {package}")), "{fix:?}");
    }
}

#[test]
fn of_nodes_that_wait_only_the_one_they_wait_for_is_a_finding() {
    const WAITS: &[(&str, &str)] = &[("wsrep_flow_control_active", "true")];
    const ASKS: &[(&str, &str)] = &[("wsrep_flow_control_active", "true"), ("wsrep_flow_control_requested", "true")];
    for (case, c, expected) in [
        ("one asked", ASKS, vec![("c", "SET GLOBAL wsrep_slave_threads")]),
        ("nobody here asked", WAITS, ["a", "b", "c"].map(|node| (node, "SELECT node_name")).into()),
    ] {
        let report = judge(&[synced("a", WAITS), synced("b", WAITS), synced("c", c)]);
        assert!(report.nodes.iter().all(|node| node.verdict == NodeVerdict::Degraded), "{case}");
        let found = report.findings.iter().filter(|finding| finding.code == Code::NodeDegraded);
        let told: Vec<(&str, &str)> = found.filter_map(|of| Some((of.node.as_deref()?, of.fix.as_deref()?))).collect();
        assert_eq!(told.len(), expected.len(), "{case}: {told:?}");
        for ((node, fix), (on, begins)) in told.into_iter().zip(expected) {
            assert!(node == on && fix.starts_with(begins), "{case}: {node}: {fix}");
        }
    }
}
