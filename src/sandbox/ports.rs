//! Which ports a sandbox takes.
//!
//! Each node needs four on 127.0.0.1: one for SQL, and for Galera one for the group, one to receive missed write sets
//! (IST) and one to receive a whole copy (SST). A sandbox takes one run of ports: first the SQL ports of all nodes in
//! their order, then three for each node. The last two are listened on during a transfer only, so that looking at the
//! ports is not enough to keep two sandboxes apart: a block that was picked is written down in the cache folder for
//! as long as its sandbox stands.

use std::fs;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::error::Error;
use super::files;
use crate::Place;

/// The most nodes that a sandbox can have: one digit in their names, and more than any machine at hand can take.
pub const MOST_NODES: u16 = 9;

const PER_NODE: u16 = 4;

/// Blocks are picked from here on; below, well-known development servers live.
const FIRST: u16 = 20_000;

/// Linux gives out ports of its own accord from 32768 on: one that is free now may be taken a moment later.
const LAST: u16 = 32_767;

const BLOCK: u16 = MOST_NODES * PER_NODE;

/// The ports of one node, all on 127.0.0.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Ports {
    pub(super) sql: u16,
    pub(super) group: u16,
    pub(super) ist: u16,
    pub(super) sst: u16,
}

impl Ports {
    /// Lays out the ports of `nodes` nodes from `base` on.
    ///
    /// # Errors
    ///
    /// [`Error::NodeCount`] and [`Error::BasePort`].
    pub(super) fn from_base(base: u16, nodes: u16) -> Result<Vec<Self>, Error> {
        if nodes == 0 || nodes > MOST_NODES {
            return Err(Error::NodeCount { asked: nodes, most: MOST_NODES, place: Place::here() });
        }
        let count = nodes * PER_NODE;
        let last = u16::MAX - count + 1;
        if !(1024..=last).contains(&base) {
            return Err(Error::BasePort { base, nodes, count, last, place: Place::here() });
        }
        let ports = (0..nodes).map(|node| {
            let group = base + nodes + node * 3;
            Self { sql: base + node, group, ist: group + 1, sst: group + 2 }
        });
        Ok(ports.collect())
    }

    /// Makes sure that nobody listens on the ports that `node` is to listen on.
    ///
    /// # Errors
    ///
    /// [`Error::PortInUse`], which names the first that is taken.
    pub(super) fn probe(&self, node: &str) -> Result<(), Error> {
        let purposes = [
            (self.sql, "SQL"),
            (self.group, "the group"),
            (self.ist, "incremental state transfer"),
            (self.sst, "state snapshot transfer"),
        ];
        for (port, purpose) in purposes {
            if let Err(source) = TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
                if source.kind() == io::ErrorKind::AddrInUse {
                    return Err(Error::PortInUse { port, node: node.to_owned(), purpose, place: Place::here() });
                }
                return Err(Error::io("listening on", Path::new(&format!("127.0.0.1:{port}")))(source));
            }
        }
        Ok(())
    }
}

/// Returns the name of the node with the index `index`: `n1`, `n2`, …
pub(super) fn node_name(index: usize) -> String {
    format!("n{}", index + 1)
}

/// Makes sure that every port of the nodes is free.
///
/// # Errors
///
/// [`Error::PortInUse`].
pub(super) fn probe_all(ports: &[Ports]) -> Result<(), Error> {
    ports.iter().enumerate().try_for_each(|(index, ports)| ports.probe(&node_name(index)))
}

/// Picks a block of free ports for the sandbox in `dir`, and writes it down under `cache`.
///
/// Starts at a random block, so that sandboxes of different users, who do not see each other's cache folder, hardly
/// ever look at the same one at the same time. The caller holds the lock of `cache`, and has made `dir`.
///
/// # Errors
///
/// [`Error::NoFreePorts`], [`Error::NodeCount`], [`Error::Random`], [`Error::Io`].
pub(super) fn reserve(cache: &Path, dir: &Path, nodes: u16) -> Result<Vec<Ports>, Error> {
    let folder = cache.join("ports");
    files::make_folder(&folder, 0o700)?;
    let blocks = (LAST - FIRST + 1) / BLOCK;
    let start = u16::from_le_bytes(files::random()?) % blocks;
    for step in 0..blocks {
        let base = FIRST + (start + step) % blocks * BLOCK;
        let entry = folder.join(base.to_string());
        if is_held(&entry) {
            continue;
        }
        let ports = Ports::from_base(base, nodes)?;
        match probe_all(&ports) {
            Ok(()) => {}
            Err(Error::PortInUse { .. }) => continue,
            Err(other) => return Err(other),
        }
        files::write(&entry, dir.as_os_str().as_encoded_bytes(), 0o600)?;
        return Ok(ports);
    }
    Err(Error::NoFreePorts { count: nodes * PER_NODE, first: FIRST, last: LAST, place: Place::here() })
}

/// Gives back the block that was picked for the sandbox in `dir`.
///
/// A block that stays written down by mistake costs nothing: it is free again once its directory is gone.
pub(super) fn release(cache: &Path, dir: &Path) {
    let Ok(entries) = fs::read_dir(cache.join("ports")) else { return };
    for entry in entries.flatten() {
        if holder(&entry.path()).is_some_and(|holder| holder == dir) {
            // Whoever finds it next sees that the directory is gone, and takes it.
            let _gone = fs::remove_file(entry.path());
        }
    }
}

fn is_held(entry: &Path) -> bool {
    holder(entry).is_some_and(|dir| dir.is_dir())
}

fn holder(entry: &Path) -> Option<PathBuf> {
    fs::read_to_string(entry).ok().map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sql_ports_come_first_and_no_port_comes_twice() {
        let ports = Ports::from_base(20_000, 3).unwrap();
        assert_eq!(ports.iter().map(|ports| ports.sql).collect::<Vec<_>>(), [20_000, 20_001, 20_002]);
        assert_eq!(ports[0], Ports { sql: 20_000, group: 20_003, ist: 20_004, sst: 20_005 });
        let mut all: Vec<_> = ports.iter().flat_map(|p| [p.sql, p.group, p.ist, p.sst]).collect();
        all.sort_unstable();
        assert_eq!(all, (20_000..20_012).collect::<Vec<_>>());
    }

    #[test]
    fn refuses_bases_whose_ports_do_not_fit() {
        assert_eq!(Ports::from_base(65_524, 3).unwrap()[2].sst, 65_535);
        for base in [0, 80, 1023, 65_525, 65_535] {
            assert!(matches!(Ports::from_base(base, 3), Err(Error::BasePort { last: 65_524, .. })), "{base}");
        }
    }

    #[test]
    fn refuses_numbers_of_nodes_that_have_no_name() {
        for nodes in [0, 10, u16::MAX] {
            assert!(matches!(Ports::from_base(20_000, nodes), Err(Error::NodeCount { .. })), "{nodes}");
        }
    }

    #[test]
    fn names_the_port_in_use_and_what_it_is_for() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let ports = Ports { sql: 0, group: port, ist: 0, sst: 0 };
        let error = ports.probe("n2").unwrap_err().to_string();
        assert_eq!(error, format!("port {port}, which `n2` needs for the group, is in use"));
        drop(taken);
        ports.probe("n2").unwrap();
    }

    #[test]
    fn two_sandboxes_never_get_the_same_block() {
        let cache = tempfile::tempdir().unwrap();
        let dirs: Vec<_> = (0..20).map(|_| tempfile::tempdir().unwrap()).collect();
        let mut bases: Vec<_> = dirs.iter().map(|dir| reserve(cache.path(), dir.path(), 1).unwrap()[0].sql).collect();
        bases.sort_unstable();
        bases.dedup();
        assert_eq!(bases.len(), 20);
        assert!(bases.iter().all(|base| (FIRST..=LAST - BLOCK + 1).contains(base)), "{bases:?}");
    }

    #[test]
    fn a_block_is_free_again_once_released_or_its_directory_is_gone() {
        let cache = tempfile::tempdir().unwrap();
        let [first, second] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        reserve(cache.path(), first.path(), 1).unwrap();
        reserve(cache.path(), second.path(), 1).unwrap();
        let entries = || fs::read_dir(cache.path().join("ports")).unwrap().flatten().map(|entry| entry.path());
        release(cache.path(), first.path());
        assert_eq!(entries().filter(|entry| is_held(entry)).count(), 1);
        drop(second);
        assert_eq!(entries().filter(|entry| is_held(entry)).count(), 0);
    }
}
