//! One node: its verdict, and the variable that decided it.

use std::time::Duration;

use jiff::Timestamp;

use super::certificate;
use super::clocks::Zone;
use super::load::Load;
use super::probe::{Outcome, Reading, Taken};
use super::thresholds::Thresholds;
use crate::cluster::{Channel, Clock, Kind, Replication, Vitals};

/// Whether a node may take sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NodeVerdict {
    /// It may; or it is a secondary of Group Replication or a replica, and does what one does.
    Ok,
    /// It may, and something is the matter: it is slow to, or follows another server no more.
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
#[derive(Clone, Debug, PartialEq)]
pub struct NodeReport {
    /// The node's name.
    pub name: String,
    /// Host and port, or the socket's path.
    pub address: String,
    /// The verdict.
    pub verdict: NodeVerdict,
    /// Whether sessions may be written there. A secondary of Group Replication, or a replica that is read-only, is
    /// [`NodeVerdict::Ok`] and takes none.
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
    /// How busy it is.
    pub load: Load,
    /// Its time zone.
    pub zone: Option<Zone>,
    /// Whether its event scheduler is on: `ON`, `OFF` or `DISABLED`.
    pub event_scheduler: Option<String>,
    /// Its `server_id`.
    pub server_id: Option<u64>,
    /// The sources that it follows.
    pub sources: Vec<String>,
    /// How far it is behind its sources; `None` if it follows none, or one of them not at all.
    pub lag: Option<Duration>,
    /// When its certificate ends. MariaDB tells it over encrypted connections alone.
    pub certificate_until: Option<Timestamp>,
    /// What else it says of itself, of which nothing was concluded: counters for whoever draws them.
    pub vitals: Vitals,
}

impl NodeReport {
    /// A node of which nothing is known but the verdict.
    pub(super) fn bare(name: &str, address: &str, verdict: NodeVerdict, reason: Option<String>) -> Self {
        Self {
            name: name.to_owned(),
            address: address.to_owned(),
            verdict,
            usable: false,
            reason,
            state: None,
            latency: None,
            clock: None,
            version: None,
            uptime: None,
            load: Load::default(),
            zone: None,
            event_scheduler: None,
            server_id: None,
            sources: Vec::new(),
            lag: None,
            certificate_until: None,
            vitals: Vitals::default(),
        }
    }
}

/// Grades one node by what it says of itself.
pub(super) fn grade(reading: &Reading, thresholds: &Thresholds) -> NodeReport {
    let Reading { node, address, outcome } = reading;
    let bare = |verdict, reason| NodeReport::bare(node, address, verdict, reason);
    let taken = match outcome {
        Outcome::Silent(reason) => return bare(NodeVerdict::Down, Some(reason.clone())),
        Outcome::Refused(reason) => return bare(NodeVerdict::Unusable, Some(reason.clone())),
        Outcome::Answered(taken) => taken,
    };
    let vitals = &taken.vitals;
    let load = Load::of(vitals, taken.earlier.as_ref());
    let channels = taken.replication.channels();
    // What it is there for: to be read, and to become the primary.
    let follows = !channels.is_empty() && vitals.read_only().is_some();
    let second = vitals.apart().is_none() && (vitals.is_secondary() || follows);
    let stopped = channels.iter().find_map(Channel::objection);
    // What it would show is old. One that takes writes still does.
    let stale = stopped.clone().filter(|_| follows);
    let objection = vitals.objection().filter(|_| !second);
    let objection = objection.map(|reason| match hides(taken) {
        Some(grant) => format!("{reason}, and whether it follows a source is hidden from this account: {grant}"),
        None => reason,
    });
    let (verdict, reason) = match objection.or(stale) {
        Some(reason) if drains(vitals) => (NodeVerdict::Draining, Some(reason)),
        Some(reason) => (NodeVerdict::Unusable, Some(reason)),
        None => match stopped.or_else(|| strain(taken, &load, thresholds)) {
            Some(reason) => (NodeVerdict::Degraded, Some(reason)),
            None => (NodeVerdict::Ok, None),
        },
    };
    NodeReport {
        usable: verdict.is_well() && !second,
        state: Some(state(vitals, channels)),
        latency: Some(taken.latency),
        clock: taken.clock,
        version: vitals.get("version").map(str::to_owned),
        uptime: vitals.number("uptime").map(Duration::from_secs),
        load,
        zone: taken.zone.clone(),
        event_scheduler: vitals.get("event_scheduler").map(str::to_owned),
        server_id: vitals.number("server_id"),
        sources: channels.iter().map(|channel| channel.source.clone()).collect(),
        lag: taken.replication.lag(),
        certificate_until: vitals.get("ssl_server_not_after").and_then(certificate::until),
        vitals: vitals.clone(),
        ..bare(verdict, reason)
    }
}

/// Returns what would show whether a read-only server is a replica, which is then well; `None` if it shows.
pub(super) fn hides(taken: &Taken) -> Option<&str> {
    match &taken.replication {
        Replication::Hidden { grant } if taken.vitals.apart().is_none() => {
            taken.vitals.read_only().map(|_| grant.as_str())
        }
        _ => None,
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

/// What slows a node down that may be used.
fn strain(taken: &Taken, load: &Load, thresholds: &Thresholds) -> Option<String> {
    let vitals = &taken.vitals;
    // By flow control a node asks all to wait until it has caught up, itself too.
    let holds_up = [REQUESTED, ACTIVE]
        .into_iter()
        .find(|name| is_true(vitals, name))
        .map(|name| format!("{name} is {}", vitals.get(name).unwrap_or_default()));
    let behind = || {
        let slow = |channel: &&Channel| channel.lag.is_some_and(|lag| lag > thresholds.lag);
        let channel = taken.replication.channels().iter().find(slow)?;
        Some(format!("{} is {}", channel.lag_name, channel.lag?.as_secs()))
    };
    let slow = || {
        let late = taken.latency > thresholds.latency;
        late.then(|| format!("the shortest of its answers took {} ms", taken.latency.as_millis()))
    };
    holds_up.or_else(|| load.strain(vitals.queue_name(), thresholds)).or_else(behind).or_else(slow)
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

fn state(vitals: &Vitals, channels: &[Channel]) -> String {
    match vitals.kind() {
        Kind::Galera => vitals.get("wsrep_local_state_comment").unwrap_or("not reported").to_owned(),
        Kind::GroupReplication => group_state(vitals),
        Kind::Standalone if !channels.is_empty() => "replica".to_owned(),
        Kind::Standalone if vitals.on("read_only") || vitals.on("super_read_only") => "read-only".to_owned(),
        Kind::Standalone => "running".to_owned(),
    }
}
