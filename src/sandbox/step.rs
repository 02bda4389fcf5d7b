//! What happens while a sandbox is worked on, for whoever asked for it.

use std::path::PathBuf;
use std::time::Duration;

/// Something that was begun or done.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// There is no template for this server yet: the first sandbox makes it, which takes some seconds.
    MakingTemplate {
        /// The server's name and version: `MariaDB 10.11.19-MariaDB-0+deb12u1`.
        version: String,
    },
    /// The template is made, and kept for every later sandbox.
    TemplateMade {
        /// The server's name and version.
        version: String,
        /// How long it took.
        took: Duration,
    },
    /// A server was started.
    Starting {
        /// The node.
        node: String,
        /// Its SQL port.
        port: u16,
        /// Its process.
        pid: u32,
    },
    /// A node is in the primary component and has all its data.
    Synced {
        /// The node.
        node: String,
        /// The time since its server was started.
        took: Duration,
    },
    /// A server is being ended.
    Ending {
        /// The node.
        node: String,
        /// Its process.
        pid: u32,
    },
    /// A server has ended.
    Ended {
        /// The node.
        node: String,
    },
    /// A node is outside the primary component now.
    CutOff {
        /// The node.
        node: String,
    },
    /// Members of a group that had lost their majority go on without those that are gone.
    WentOn {
        /// One of them.
        node: String,
    },
    /// A node may talk to the others again.
    Healing {
        /// The node.
        node: String,
    },
    /// The sandbox's directory is gone.
    Removed {
        /// The directory.
        dir: PathBuf,
    },
}
