//! One node: its verdict, and the variable that decided it.

use std::time::Duration;

use super::probe::{Outcome, Reading};
use crate::cluster::{Clock, Kind, Vitals};

/// Whether a node may take sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NodeVerdict {
    /// It may; or it is a secondary of Group Replication, and does what one does.
    Ok,
    /// It may, and is slow to.
    Degraded,
    /// It serves what it has, and should get nothing new: a donor, or taken out by its operator.
    Draining,
    /// It answers, and would refuse.
    Unusable,
    /// It does not answer.
    Down,
}

impl NodeVerdict {
    /// Returns the word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Degraded => "degraded",
            Self::Draining => "draining",
            Self::Unusable => "unusable",
            Self::Down => "down",
        }
    }

    /// Returns whether the node does what it is there for, however slowly.
    #[must_use]
    pub fn is_well(self) -> bool {
        matches!(self, Self::Ok | Self::Degraded)
    }
}

/// One node's part of the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeReport {
    /// The node's name.
    pub name: String,
    /// Host and port, or the socket's path.
    pub address: String,
    /// The verdict.
    pub verdict: NodeVerdict,
    /// Whether sessions may be written there. A secondary of Group Replication is [`NodeVerdict::Ok`] and takes none.
    pub usable: bool,
    /// What decided it, if it is not [`NodeVerdict::Ok`].
    pub reason: Option<String>,
    /// The server's word for its state, such as `Synced`; `None` if it does not answer.
    pub state: Option<String>,
    /// The shortest round trip of a statement.
    pub latency: Option<Duration>,
    /// Its clock against this machine's.
    pub clock: Option<Clock>,
    /// The server's version, as it writes it.
    pub version: Option<String>,
    /// How long the server has been up.
    pub uptime: Option<Duration>,
}

/// Grades one node by what it says of itself.
pub(super) fn grade(reading: &Reading) -> NodeReport {
    let Reading { node, address, outcome } = reading;
    let bare = |verdict, reason: &String| NodeReport {
        name: node.clone(),
        address: address.clone(),
        verdict,
        usable: false,
        reason: Some(reason.clone()),
        state: None,
        latency: None,
        clock: None,
        version: None,
        uptime: None,
    };
    let taken = match outcome {
        Outcome::Silent(reason) => return bare(NodeVerdict::Down, reason),
        Outcome::Refused(reason) => return bare(NodeVerdict::Unusable, reason),
        Outcome::Answered(taken) => taken,
    };
    let vitals = &taken.vitals;
    let secondary = vitals.is_secondary() && vitals.apart().is_none();
    let (verdict, reason) = match vitals.objection() {
        // What it is there for: to be read, and to become the primary.
        Some(_) if secondary => (NodeVerdict::Ok, None),
        Some(reason) if drains(vitals) => (NodeVerdict::Draining, Some(reason)),
        Some(reason) => (NodeVerdict::Unusable, Some(reason)),
        None => match strain(vitals) {
            Some(reason) => (NodeVerdict::Degraded, Some(reason)),
            None => (NodeVerdict::Ok, None),
        },
    };
    NodeReport {
        verdict,
        usable: verdict.is_well() && !secondary,
        reason,
        state: Some(state(vitals)),
        latency: Some(taken.latency),
        clock: taken.clock,
        version: vitals.get("version").map(str::to_owned),
        uptime: vitals.number("uptime").map(Duration::from_secs),
        ..bare(verdict, &String::new())
    }
}

/// Whether the node still serves those it has: everything that would make it refuse them is in order.
fn drains(vitals: &Vitals) -> bool {
    let serves = vitals.get("wsrep_cluster_status") == Some("Primary")
        && vitals.on("wsrep_ready")
        && vitals.get("wsrep_reject_queries").is_none_or(|value| value.eq_ignore_ascii_case("NONE"))
        && !vitals.on("read_only")
        && !vitals.on("super_read_only");
    let state = vitals.number("wsrep_local_state");
    let donor = state == Some(2) && !vitals.on("wsrep_sst_donor_rejects_queries");
    vitals.kind() == Kind::Galera && serves && (donor || state == Some(4))
}

/// What slows a node down that may be used: by flow control a node asks all to wait until it has caught up, itself too.
fn strain(vitals: &Vitals) -> Option<String> {
    [REQUESTED, ACTIVE]
        .into_iter()
        .find(|name| is_true(vitals, name))
        .map(|name| format!("{name} is {}", vitals.get(name).unwrap_or_default()))
}

const REQUESTED: &str = "wsrep_flow_control_requested";
const ACTIVE: &str = "wsrep_flow_control_active";

/// Whether the node has asked the whole cluster to stop writing until it has caught up.
pub(super) fn asks_to_wait(vitals: &Vitals) -> bool {
    is_true(vitals, REQUESTED)
}

fn is_true(vitals: &Vitals, name: &str) -> bool {
    vitals.get(name).is_some_and(|value| value.eq_ignore_ascii_case("true")) || vitals.on(name)
}

/// The role of a member that has one, else its state.
fn group_state(vitals: &Vitals) -> String {
    let own = vitals.group.as_ref().and_then(|group| group.own(vitals.get("server_uuid")));
    match own {
        None => "not reported".to_owned(),
        Some(own) if own.state == "ONLINE" && !own.role.is_empty() => own.role.clone(),
        Some(own) => own.state.clone(),
    }
}

fn state(vitals: &Vitals) -> String {
    match vitals.kind() {
        Kind::Galera => vitals.get("wsrep_local_state_comment").unwrap_or("not reported").to_owned(),
        Kind::GroupReplication => group_state(vitals),
        Kind::Standalone if vitals.on("read_only") || vitals.on("super_read_only") => "read-only".to_owned(),
        Kind::Standalone => "running".to_owned(),
    }
}
