//! How the nodes of a sandbox are.

use std::error::Error as _;

use futures_util::future::join_all;

use super::error::Error;
use super::running::Sandbox;
use super::watch;
use crate::cluster::{Kind, Vitals};

/// How one node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeStatus {
    /// `n1`, `n2`, …
    pub name: String,
    /// Its SQL port on 127.0.0.1.
    pub port: u16,
    /// Its server's process.
    pub process: Process,
    /// What it says of itself; none if it does not run.
    pub state: Option<Result<Condition, String>>,
}

/// How a server's process is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Process {
    /// It runs.
    Running {
        /// Its number.
        pid: u32,
    },
    /// It was told to stop, and did.
    Stopped,
    /// It was started and ended without having been told to stop: killed, or crashed.
    Dead,
}

/// What a node says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Its own state: `Synced` or `Donor/Desynced` (Galera's `wsrep_local_state_comment`), `ONLINE` or `RECOVERING` (a
    /// group's `MEMBER_STATE`), `running` of a server on its own.
    pub state: String,
    /// That of the component that it is in: Galera's `Primary`, or something else (`wsrep_cluster_status`); `majority`
    /// or `minority` of a group. `None` of a server on its own.
    pub component: Option<String>,
    /// Its role in a group: `PRIMARY` or `SECONDARY`.
    pub role: Option<String>,
    /// How many nodes that component has.
    pub size: u64,
    /// Whether it does what it is there for.
    pub well: bool,
}

impl Sandbox {
    /// Looks at every node at once; changes nothing, and does not wait for other commands.
    ///
    /// # Errors
    ///
    /// [`Error::NoSandbox`], [`Error::State`], [`Error::Io`] if the sandbox's state does not read. A node that does not
    /// answer is in the answer, not an error.
    pub async fn status(&self) -> Result<Vec<NodeStatus>, Error> {
        // As others may have left it since this was opened.
        let sandbox = Self::open(self.dir())?;
        let Self { layout, account, state } = &sandbox;
        let looks = state.nodes.iter().map(|node| async {
            let home = layout.home(&node.name);
            let process = match node.server {
                Some(server) if server.runs(&home) => Process::Running { pid: server.pid },
                Some(_) => Process::Dead,
                None => Process::Stopped,
            };
            let state = match process {
                Process::Running { .. } => Some(look(&watch::superuser(account, &home)).await),
                Process::Stopped | Process::Dead => None,
            };
            NodeStatus { name: node.name.clone(), port: node.ports.sql, process, state }
        });
        Ok(join_all(looks).await)
    }
}

async fn look(node: &crate::cluster::Node) -> Result<Condition, String> {
    let vitals = watch::look(node).await;
    let vitals = vitals.map_err(|error| error.source().map_or_else(|| error.to_string(), ToString::to_string))?;
    Ok(condition(&vitals))
}

fn condition(vitals: &Vitals) -> Condition {
    let said = |name| vitals.get(name).unwrap_or("unknown").to_owned();
    let own = vitals.group.as_ref().and_then(|group| group.own(vitals.get("server_uuid")));
    let (state, component) = match vitals.kind() {
        Kind::Galera => (said("wsrep_local_state_comment"), Some(said("wsrep_cluster_status"))),
        Kind::GroupReplication => {
            let (members, reachable) = vitals.group.as_ref().map_or((0, 0), crate::cluster::Group::size);
            let component = if reachable * 2 > members { "majority" } else { "minority" };
            (own.map_or_else(|| "unknown".to_owned(), |own| own.state.clone()), Some(component.to_owned()))
        }
        Kind::Standalone => ("running".to_owned(), None),
    };
    let role = own.map(|own| own.role.clone()).filter(|role| !role.is_empty());
    Condition { state, component, role, size: vitals.reached(), well: watch::serves(vitals) }
}
