//! Looking at a running node, and waiting until it is as wanted.

use std::time::{Duration, Instant};

use super::error::Error;
use super::files;
use super::layout::Home;
use super::process::Server;
use super::programs::Account;
use crate::Place;
use crate::cluster::{self, Address, Dsn, Kind, Vitals};

/// How long one look at a node may take. A local server that is not busy answers in a few milliseconds.
const LOOK: Duration = Duration::from_secs(2);

/// How often a node that is starting is looked at.
pub(super) const POLL: Duration = Duration::from_millis(100);

/// A statement on a sandbox's own node: DDL that waits for a busy cluster included.
pub(super) const STATEMENT: Duration = Duration::from_secs(30);

/// Returns a node as the database's superuser reaches it: by its socket, known by the name of our user.
pub(super) fn superuser(account: &Account, home: &Home) -> cluster::Node {
    cluster::Node::new(home.name.clone(), Dsn::new(Address::Unix(home.socket()), &account.ours))
}

/// Returns the same while a data directory is being made, when the superuser has the name that the server gave it.
pub(super) fn first_superuser(home: &Home) -> cluster::Node {
    cluster::Node::new(home.name.clone(), Dsn::new(Address::Unix(home.socket()), "root"))
}

/// Reads a node's vitals.
///
/// # Errors
///
/// [`cluster::Error`] if it does not let us in or does not answer.
pub(super) async fn look(node: &cluster::Node) -> Result<Vitals, cluster::Error> {
    let mut connection = node.connect(LOOK).await?;
    let vitals = Vitals::read(&mut connection).await;
    connection.close().await;
    vitals
}

/// What a node is waited for to become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// It answers, whatever state it is in.
    Answering,
    /// A working part of its cluster, of any size.
    Synced,
    /// The same among this many nodes.
    SyncedAmong(u64),
    /// Outside of any primary component.
    CutOff,
}

impl Wanted {
    fn is_met(self, vitals: &Vitals) -> bool {
        match self {
            Self::Answering => true,
            Self::Synced => serves(vitals),
            Self::SyncedAmong(count) => serves(vitals) && vitals.reached() == count,
            Self::CutOff => vitals.get("wsrep_cluster_status").is_some_and(|status| status != "Primary"),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Answering => "answering",
            Self::Synced | Self::SyncedAmong(_) => "synced with the others",
            Self::CutOff => "cut off",
        }
    }
}

/// Whether a node does what it is there for: takes writes, or is a secondary of a group.
pub(super) fn serves(vitals: &Vitals) -> bool {
    vitals.apart().is_none() && (vitals.read_only().is_none() || vitals.is_secondary())
}

/// A server that has been started, as it is waited for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Started<'a> {
    pub(super) home: &'a Home,
    pub(super) server: &'a Server,
    /// As whom to look.
    pub(super) node: &'a cluster::Node,
    /// How long it may take.
    pub(super) patience: Duration,
}

/// Waits until a node is as wanted.
///
/// # Errors
///
/// [`Error::Died`] as soon as its server ends, [`Error::NotReady`] when `patience` is over.
pub(super) async fn wait_for(
    wanted: Wanted,
    account: &Account,
    home: &Home,
    server: &Server,
    patience: Duration,
) -> Result<(), Error> {
    let node = superuser(account, home);
    wait_as(wanted, Started { home, server, node: &node, patience }).await
}

/// Waits until a node is as wanted, looking at it as somebody else than the superuser.
///
/// # Errors
///
/// As [`wait_for`].
pub(super) async fn wait_as(wanted: Wanted, started: Started<'_>) -> Result<(), Error> {
    let Started { home, server, node, patience } = started;
    let began = Instant::now();
    let mut seen = "it does not answer yet".to_owned();
    loop {
        let alive = server.runs(home);
        // Its socket is made late, so that connecting before would only fail.
        if alive && home.socket().exists() {
            seen = match look(node).await {
                Ok(vitals) if wanted.is_met(&vitals) => return Ok(()),
                Ok(vitals) => describe(&vitals),
                Err(error) => std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string),
            };
        }
        if alive && began.elapsed() < patience {
            tokio::time::sleep(POLL).await;
            continue;
        }
        return Err(failed(started, wanted.name(), &seen, alive));
    }
}

/// Says that a node did not become as wanted: its server ended, or its time was over.
#[track_caller]
pub(super) fn failed(started: Started<'_>, wanted: &'static str, seen: &str, alive: bool) -> Error {
    let Started { home, patience, .. } = started;
    let (node, log, tail) = (home.name.clone(), home.log.as_path().into(), files::tail(&home.log).into());
    let place = Place::here();
    if alive {
        Error::NotReady { node, wanted, deadline: patience, seen: seen.into(), log, tail, place }
    } else {
        Error::Died { node, log, tail, place }
    }
}

fn describe(vitals: &Vitals) -> String {
    if vitals.kind() == Kind::Galera {
        let said = |name| vitals.get(name).unwrap_or("unknown");
        return format!(
            "{}, {}, of {} nodes",
            said("wsrep_cluster_status"),
            said("wsrep_local_state_comment"),
            said("wsrep_cluster_size")
        );
    }
    vitals.objection().unwrap_or_else(|| format!("one of {} nodes", vitals.reached()))
}
