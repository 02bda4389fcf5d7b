//! What is counted of a node.

use std::time::{Duration, SystemTime};

use crate::cluster::Server;

/// What is known and counted of one node of a farm.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NodeStats {
    /// The node's name.
    pub name: String,
    /// Host and port, or the socket's path.
    pub address: String,
    /// How it stands.
    pub state: NodeState,
    /// What kind of server it is, once it has been looked at.
    pub server: Option<Server>,
    /// Its round trip, smoothed over about eight probes.
    pub latency: Option<Duration>,
    /// Connections that are open for work now, in use or not.
    pub open: usize,
    /// Connections that wait for use now.
    pub idle: usize,
    /// Connections that were opened for work so far.
    pub connections: u64,
    /// Errors of the node itself so far: connections that could not be made, statements that it did not answer or was
    /// not in a state for. What was wrong with the work is not among them.
    pub errors: u64,
    /// When work on it succeeded last.
    pub last_success: Option<SystemTime>,
    /// When the last error was.
    pub last_error: Option<SystemTime>,
    /// What it said.
    pub last_error_message: Option<String>,
}

/// How a node stands.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NodeState {
    /// It has not been looked at yet.
    Unknown,
    /// It may take work.
    Well,
    /// It is not used while another one is well.
    Banned {
        /// How long the ban still is; zero if it is over and no probe has found the node well.
        left: Duration,
        /// What was wrong.
        reason: String,
    },
}
