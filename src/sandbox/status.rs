//! How the nodes of a sandbox are.

use std::error::Error as _;

use futures_util::future::join_all;

use super::error::Error;
use super::galera;
use super::running::Sandbox;

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
    pub state: Option<Result<WsrepState, String>>,
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
pub struct WsrepState {
    /// Its own state, such as `Synced` or `Donor/Desynced` (`wsrep_local_state_comment`).
    pub state: String,
    /// That of the component that it is in: `Primary`, or something else (`wsrep_cluster_status`).
    pub component: String,
    /// How many nodes that component has (`wsrep_cluster_size`).
    pub size: u64,
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
                Process::Running { .. } => Some(look(&galera::superuser(account, &home)).await),
                Process::Stopped | Process::Dead => None,
            };
            NodeStatus { name: node.name.clone(), port: node.ports.sql, process, state }
        });
        Ok(join_all(looks).await)
    }
}

async fn look(node: &crate::cluster::Node) -> Result<WsrepState, String> {
    let vitals = galera::look(node).await;
    let vitals = vitals.map_err(|error| error.source().map_or_else(|| error.to_string(), ToString::to_string))?;
    let said = |name| vitals.get(name).unwrap_or("unknown").to_owned();
    Ok(WsrepState {
        state: said("wsrep_local_state_comment"),
        component: said("wsrep_cluster_status"),
        size: vitals.number("wsrep_cluster_size").unwrap_or(0),
    })
}
