//! What can go wrong with a sandbox.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::engine::Engine;
use crate::Place;
use crate::cluster;

/// Why a sandbox could not be made, used or taken down.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A program or library of the server is not on this machine.
    #[error("`{program}` is not installed (Debian package `{package}`)")]
    Missing {
        /// What was looked for.
        program: &'static str,
        /// The Debian package that brings it.
        package: &'static str,
        /// Where the error was made.
        place: Place,
    },
    /// The folder named holds no server that a sandbox can have.
    #[error("`{}` is no tree of a MySQL server: {reason}", root.display())]
    ServerRoot {
        /// The folder.
        root: PathBuf,
        /// What it lacks.
        reason: String,
        /// Where the error was made.
        place: Place,
    },
    /// The engine runs on MySQL, and no folder was named that has one.
    #[error("engine `{engine}` runs on MySQL, and where that is was not said")]
    RootWanted {
        /// The engine.
        engine: Engine,
        /// Where the error was made.
        place: Place,
    },
    /// The engine runs on this machine's MariaDB, and a folder with a MySQL was named.
    #[error("engine `{engine}` runs on this machine's MariaDB, not on a MySQL in a folder")]
    RootUnwanted {
        /// The engine.
        engine: Engine,
        /// Where the error was made.
        place: Place,
    },
    /// What was asked for cannot be done to nodes of this kind.
    #[error("`{verb}` is not to be had with engine `{engine}`: {reason}")]
    NotWithEngine {
        /// What was asked for.
        verb: &'static str,
        /// The engine.
        engine: Engine,
        /// Why not.
        reason: &'static str,
        /// Where the error was made.
        place: Place,
    },
    /// A program of the server's could be started, and failed.
    #[error("`{program}` failed ({status})\n{tail}")]
    Program {
        /// What was run.
        program: &'static str,
        /// How it ended.
        status: String,
        /// The end of what it wrote.
        tail: String,
        /// Where the error was made.
        place: Place,
    },
    /// We are root, the servers may not run as root, and the user they run as does not exist.
    #[error("there is no user `{user}` to run the servers as (Debian package `mariadb-server` makes it)")]
    NoServiceUser {
        /// The user looked for.
        user: &'static str,
        /// Where the error was made.
        place: Place,
    },
    /// A number of nodes that a sandbox cannot have.
    #[error("a sandbox of this kind has {}, not {asked}", nodes_text(*most))]
    NodeCount {
        /// The number asked for.
        asked: u16,
        /// The largest number possible.
        most: u16,
        /// Where the error was made.
        place: Place,
    },
    /// A base port from which the ports of the sandbox do not fit.
    #[error(
        "a sandbox of {nodes} nodes takes {count} ports from its base port on, which has to be 1024 to {last}, not {base}"
    )]
    BasePort {
        /// The port asked for.
        base: u16,
        /// The number of nodes.
        nodes: u16,
        /// How many ports they take.
        count: u16,
        /// The largest base port possible.
        last: u16,
        /// Where the error was made.
        place: Place,
    },
    /// A port that the sandbox needs is taken.
    #[error("port {port}, which `{node}` needs for {purpose}, is in use")]
    PortInUse {
        /// The port.
        port: u16,
        /// The node that needs it.
        node: String,
        /// What for.
        purpose: &'static str,
        /// Where the error was made.
        place: Place,
    },
    /// Every block of ports that a sandbox may take has a port in use.
    #[error("no block of {count} free ports between {first} and {last}")]
    NoFreePorts {
        /// The ports needed.
        count: u16,
        /// The first port looked at.
        first: u16,
        /// The last port looked at.
        last: u16,
        /// Where the error was made.
        place: Place,
    },
    /// The directory's name has a character that option files or the servers' scripts would take apart.
    #[error("the directory name `{}` has characters other than letters, digits and `/._+@=-`", dir.display())]
    DirName {
        /// The directory.
        dir: PathBuf,
        /// Where the error was made.
        place: Place,
    },
    /// The servers' sockets would have names longer than the system takes.
    #[error("the directory name `{}` is too long: the socket `{}` would have {bytes} bytes, and {most} are possible", dir.display(), socket.display())]
    DirTooLong {
        /// The directory.
        dir: PathBuf,
        /// The longest socket name in it.
        socket: PathBuf,
        /// Its length in bytes.
        bytes: usize,
        /// The largest length possible.
        most: usize,
        /// Where the error was made.
        place: Place,
    },
    /// The user whom the servers run as may not pass through a folder above the directory.
    #[error("user `{user}`, whom the servers run as, may not enter `{}`, which is above `{}`", closed.display(), dir.display())]
    DirClosed {
        /// The directory.
        dir: PathBuf,
        /// The folder that is closed.
        closed: PathBuf,
        /// The user.
        user: &'static str,
        /// Where the error was made.
        place: Place,
    },
    /// The directory holds something, and no sandbox.
    #[error("`{}` is in use, and is no sandbox", dir.display())]
    Foreign {
        /// The directory.
        dir: PathBuf,
        /// Where the error was made.
        place: Place,
    },
    /// The directory, the sandbox in it, or the cache folder belongs to another user, or others may write it.
    #[error("`{}` is not ours alone (its owner is uid {owner})", dir.display())]
    NotOurs {
        /// The directory.
        dir: PathBuf,
        /// Who owns it.
        owner: u32,
        /// Where the error was made.
        place: Place,
    },
    /// There is no sandbox in the directory.
    #[error("there is no sandbox in `{}`", dir.display())]
    NoSandbox {
        /// The directory.
        dir: PathBuf,
        /// Where the error was made.
        place: Place,
    },
    /// There is a sandbox in the directory already, and it runs.
    #[error("a sandbox runs in `{}` already ({running} of {nodes} nodes)", dir.display())]
    Running {
        /// The directory.
        dir: PathBuf,
        /// How many of its servers run.
        running: usize,
        /// How many nodes it has.
        nodes: usize,
        /// Where the error was made.
        place: Place,
    },
    /// There is a sandbox in the directory already, and none of its servers runs.
    #[error("`{}` holds a sandbox none of whose servers runs any more", dir.display())]
    Stale {
        /// The directory.
        dir: PathBuf,
        /// Where the error was made.
        place: Place,
    },
    /// Another command is at work on the sandbox.
    #[error("another command is at work on `{}`", path.display())]
    Busy {
        /// The lock that it holds.
        path: PathBuf,
        /// Where the error was made.
        place: Place,
    },
    /// The sandbox has no node of this name.
    #[error("the sandbox has no node `{name}` (it has {known})")]
    UnknownNode {
        /// The name asked for.
        name: String,
        /// The names that there are.
        known: String,
        /// Where the error was made.
        place: Place,
    },
    /// A name that cannot be given to a database of the sandbox.
    #[error("`{name}` is not 1 to 64 letters, digits and `_`, as the name of a database has to be")]
    DatabaseName {
        /// The name.
        name: String,
        /// Where the error was made.
        place: Place,
    },
    /// The node runs, and the work asked for is for one that does not.
    #[error("`{node}` runs already (pid {pid})")]
    NodeRuns {
        /// The node.
        node: String,
        /// Its server's process.
        pid: u32,
        /// Where the error was made.
        place: Place,
    },
    /// The node does not run, and the work asked for is for one that does.
    #[error("`{node}` does not run")]
    NodeDown {
        /// The node.
        node: String,
        /// Where the error was made.
        place: Place,
    },
    /// No member of a group runs, and which of them has the latest data shows only once all of them do.
    #[error("no node runs, and which of them has the latest data shows only once all of them run")]
    StartTogether {
        /// The node that was to be started alone.
        node: String,
        /// Where the error was made.
        place: Place,
    },
    /// No node runs, and another one than the one to be started holds the latest data.
    #[error(
        "no node runs, and `{node}` (at write set {seqno}) is behind `{ahead}` (at {ahead_seqno}), which has to be started first"
    )]
    NotMostAdvanced {
        /// The node.
        node: String,
        /// The last write set that it holds; -1 if that is not known.
        seqno: i64,
        /// The node with the latest data.
        ahead: String,
        /// The last write set that that one holds.
        ahead_seqno: i64,
        /// Where the error was made.
        place: Place,
    },
    /// Nodes run, but none of them is in a primary component, so that no other can join.
    #[error("no running node ({running}) is in a primary component that `{node}` could join")]
    NoPrimary {
        /// The node to be started.
        node: String,
        /// The nodes that run.
        running: String,
        /// Where the error was made.
        place: Place,
    },
    /// A server ended while it was waited for.
    #[error("the server of `{node}` ended while it started; the end of `{}`:\n{tail}", log.display())]
    Died {
        /// The node.
        node: String,
        /// Its log.
        log: Box<Path>,
        /// The last lines of the log.
        tail: Box<str>,
        /// Where the error was made.
        place: Place,
    },
    /// A server runs, but did not come to the state waited for in time.
    #[error("`{node}` is not {wanted} after {} ({seen}); the end of `{}`:\n{tail}", humantime::format_duration(*deadline), log.display())]
    NotReady {
        /// The node.
        node: String,
        /// The state waited for.
        wanted: &'static str,
        /// The time given to it.
        deadline: Duration,
        /// What was seen of it last.
        seen: Box<str>,
        /// Its log.
        log: Box<Path>,
        /// The last lines of the log.
        tail: Box<str>,
        /// Where the error was made.
        place: Place,
    },
    /// A server that was told to stop goes on.
    #[error("`{node}` (pid {pid}) has not stopped within {}", humantime::format_duration(*deadline))]
    StillRuns {
        /// The node.
        node: String,
        /// Its server's process.
        pid: u32,
        /// The time given to it.
        deadline: Duration,
        /// Where the error was made.
        place: Place,
    },
    /// The state file does not read.
    #[error("`{}` is not the state of a sandbox", path.display())]
    State {
        /// The file.
        path: PathBuf,
        /// Why.
        source: serde_json::Error,
        /// Where the error was made.
        place: Place,
    },
    /// The system refused something.
    #[error("{doing} `{}` failed", path.display())]
    Io {
        /// What was being done.
        doing: &'static str,
        /// To which file, folder or program.
        path: PathBuf,
        /// Why.
        source: io::Error,
        /// Where the error was made.
        place: Place,
    },
    /// The system has no random numbers.
    #[error("the system gives no random numbers")]
    Random {
        /// Why.
        source: getrandom::Error,
        /// Where the error was made.
        place: Place,
    },
    /// A node did not answer a statement as it should.
    #[error(transparent)]
    Cluster(#[from] cluster::Error),
}

fn nodes_text(most: u16) -> String {
    if most == 1 { "1 node".to_owned() } else { format!("1 to {most} nodes") }
}

impl Error {
    /// Returns where the error was made.
    #[must_use]
    pub fn place(&self) -> Place {
        match self {
            Self::Missing { place, .. }
            | Self::ServerRoot { place, .. }
            | Self::RootWanted { place, .. }
            | Self::RootUnwanted { place, .. }
            | Self::NotWithEngine { place, .. }
            | Self::Program { place, .. }
            | Self::NoServiceUser { place, .. }
            | Self::NodeCount { place, .. }
            | Self::BasePort { place, .. }
            | Self::PortInUse { place, .. }
            | Self::NoFreePorts { place, .. }
            | Self::DirName { place, .. }
            | Self::DirTooLong { place, .. }
            | Self::DirClosed { place, .. }
            | Self::Foreign { place, .. }
            | Self::NotOurs { place, .. }
            | Self::NoSandbox { place, .. }
            | Self::Running { place, .. }
            | Self::Stale { place, .. }
            | Self::Busy { place, .. }
            | Self::UnknownNode { place, .. }
            | Self::DatabaseName { place, .. }
            | Self::NodeRuns { place, .. }
            | Self::NodeDown { place, .. }
            | Self::StartTogether { place, .. }
            | Self::NotMostAdvanced { place, .. }
            | Self::NoPrimary { place, .. }
            | Self::Died { place, .. }
            | Self::NotReady { place, .. }
            | Self::StillRuns { place, .. }
            | Self::State { place, .. }
            | Self::Io { place, .. }
            | Self::Random { place, .. } => *place,
            Self::Cluster(error) => error.place(),
        }
    }

    /// Returns what makes an [`Error::Io`] of the system's error.
    #[track_caller]
    pub(super) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let place = Place::here();
        move |source| Self::Io { doing, path: path.to_owned(), source, place }
    }
}
