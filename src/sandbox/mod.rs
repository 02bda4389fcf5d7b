//! A throw-away cluster of real servers on this machine, on 127.0.0.1, in one directory: MariaDB with Galera, MySQL
//! Group Replication, or one server on its own.
//!
//! It is there to try the rest on, and to test it: [`up`] makes one, [`Sandbox::open`] finds it again from another
//! process, and nodes can be stopped, killed, cut off and brought back. Everything that a sandbox is lies in its
//! directory, but for a template of the servers' data and the list of ports in use, which are kept in the cache folder
//! (`$XDG_CACHE_HOME/csqlstore-sandbox-UID`).
//!
//! The servers outlive the process that started them: they have a session of their own, read nothing, and write to a
//! log in the directory. They are found again by process number, start time and command line, and ended only if all
//! three agree.
//!
//! This module knows processes, files and the servers' option files. It prints nothing and asks nothing; what happens is
//! told to a callback as a [`Step`]. It needs Linux.

mod config;
mod draft;
mod engine;
mod error;
mod files;
mod galera;
mod group;
mod layout;
mod mysql;
mod ports;
mod process;
mod programs;
mod running;
mod start;
mod state;
mod status;
mod step;
mod template;
mod up;
mod watch;

pub use engine::Engine;
pub use error::Error;
pub use layout::default_dir;
pub use ports::MOST_NODES;
pub use running::{Guard, Node, Sandbox};
pub use status::{Condition, NodeStatus, Process};
pub use step::Step;
pub use up::{Options, up};
