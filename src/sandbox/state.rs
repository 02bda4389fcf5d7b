//! What a sandbox remembers between commands: `state.json` in its directory.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use serde::de::Error as _;
use serde::{Deserialize, Serialize};

use super::engine::Engine;
use super::error::Error;
use super::files;
use super::layout::{Home, Layout};
use super::ports::{MOST_NODES, Ports, node_name};
use super::process::Server;
use crate::Place;

/// The form of the file; another one is another program's, or another version's.
const FORMAT: &str = "csqlstore-sandbox-1";

/// The state of a sandbox.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct State {
    format: Format,
    #[serde(default)]
    pub(super) engine: Engine,
    /// The folder of the MySQL server, for an engine that has one.
    #[serde(default)]
    pub(super) server_root: Option<PathBuf>,
    /// The name that its servers know the cluster by: other sandboxes' servers are turned away.
    pub(super) cluster: String,
    /// Of the database user.
    pub(super) password: String,
    pub(super) nodes: Vec<NodeState>,
    /// The installer or the server that makes a template, while it does.
    #[serde(default)]
    pub(super) template: Option<Server>,
}

/// What a sandbox remembers of one node.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct NodeState {
    pub(super) name: String,
    pub(super) ports: Ports,
    /// The server that was started last; none once it was told to stop and did.
    pub(super) server: Option<Server>,
}

#[derive(Clone, Serialize, Deserialize)]
enum Format {
    #[serde(rename = "csqlstore-sandbox-1")]
    One,
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { format: Format::One, engine, server_root, cluster, password: _, nodes, template } = self;
        f.debug_struct("State")
            .field("format", &FORMAT)
            .field("engine", engine)
            .field("server_root", server_root)
            .field("cluster", cluster)
            .field("password", &"***")
            .field("nodes", nodes)
            .field("template", template)
            .finish()
    }
}

impl State {
    /// Makes the state of a sandbox whose servers have not been started.
    pub(super) fn new(engine: Engine, server_root: Option<&Path>, ports: &[Ports]) -> Result<Self, Error> {
        let id: [u8; 6] = files::random()?;
        let id: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
        let node = |(index, ports): (usize, &Ports)| NodeState { name: node_name(index), ports: *ports, server: None };
        Ok(Self {
            format: Format::One,
            engine,
            server_root: server_root.map(Path::to_owned),
            cluster: format!("csqlstore-{id}"),
            password: files::password()?,
            nodes: ports.iter().enumerate().map(node).collect(),
            template: None,
        })
    }

    /// Reads the state of the sandbox in a directory that was checked to be ours.
    ///
    /// # Errors
    ///
    /// [`Error::State`] when the file is not of this form, [`Error::Io`].
    pub(super) fn load(layout: &Layout) -> Result<Self, Error> {
        let path = layout.state();
        let text = fs::read(&path).map_err(Error::io("reading", &path))?;
        let read = serde_json::from_slice(&text).and_then(|state: Self| {
            // The names are those of folders, and there is always a first node.
            let named = state.nodes.iter().enumerate().all(|(index, node)| node.name == node_name(index));
            let counted = (1..=usize::from(MOST_NODES)).contains(&state.nodes.len());
            if named && counted { Ok(state) } else { Err(serde_json::Error::custom("these are not a sandbox's nodes")) }
        });
        read.map_err(|source| Error::State { path, source, place: Place::here() })
    }

    /// Writes the state, readable to its owner alone.
    pub(super) fn save(&self, layout: &Layout) -> Result<(), Error> {
        let path = layout.state();
        let text = serde_json::to_vec_pretty(self).map_err(|source| Error::State {
            path: path.clone(),
            source,
            place: Place::here(),
        })?;
        files::write(&path, &text, 0o600)
    }

    /// Returns every server that was started and not yet stopped, whether it still runs or not.
    pub(super) fn servers(&self, layout: &Layout) -> impl Iterator<Item = (Home, Server)> {
        let nodes = self.nodes.iter().filter_map(|node| Some((layout.home(&node.name), node.server?)));
        nodes.chain(self.template.map(|server| (layout.template(), server)))
    }

    /// Returns how many of the servers run.
    pub(super) fn running(&self, layout: &Layout) -> usize {
        self.servers(layout).filter(|(home, server)| server.runs(home)).count()
    }

    /// Finds a node by its name.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownNode`].
    pub(super) fn index(&self, name: &str) -> Result<usize, Error> {
        self.nodes.iter().position(|node| node.name == name).ok_or_else(|| Error::UnknownNode {
            name: name.to_owned(),
            known: self.nodes.iter().map(|node| node.name.as_str()).collect::<Vec<_>>().join(", "),
            place: Place::here(),
        })
    }

    #[cfg(test)]
    pub(super) fn for_test(names: &[&str]) -> Self {
        let ports = Ports::from_base(20_000, names.len().try_into().unwrap()).unwrap();
        let nodes = names.iter().zip(ports);
        Self {
            format: Format::One,
            engine: Engine::Galera,
            server_root: None,
            cluster: "csqlstore-1".to_owned(),
            password: "Secret123".to_owned(),
            nodes: nodes.map(|(name, ports)| NodeState { name: (*name).to_owned(), ports, server: None }).collect(),
            template: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt as _;

    use super::*;

    #[test]
    fn what_was_saved_is_read_again_and_others_may_not_read_it() {
        let base = tempfile::tempdir().unwrap();
        let layout = Layout::new(base.path()).unwrap();
        let mut state = State::for_test(&["n1", "n2"]);
        state.nodes[1].server = Some(Server::for_test(4711, 99));
        state.save(&layout).unwrap();
        assert_eq!(fs::metadata(layout.state()).unwrap().mode() & 0o777, 0o600);
        let read = State::load(&layout).unwrap();
        assert_eq!(format!("{read:?}"), format!("{state:?}"));
        assert_eq!(read.password, "Secret123");
    }

    #[test]
    fn a_state_of_another_form_is_refused() {
        let base = tempfile::tempdir().unwrap();
        let layout = Layout::new(base.path()).unwrap();
        let node = r#"{"name":"../n1","ports":{"sql":1,"group":2,"ist":3,"sst":4},"server":null}"#;
        let file = |form: u8, node: &str| {
            format!(r#"{{"format":"csqlstore-sandbox-{form}","cluster":"c","password":"p","nodes":[{node}]}}"#)
        };
        fs::write(layout.state(), file(1, &node.replace("../", ""))).unwrap();
        State::load(&layout).unwrap();
        for text in [String::new(), "{}".to_owned(), file(2, node), file(1, ""), file(1, node)] {
            fs::write(layout.state(), &text).unwrap();
            assert!(matches!(State::load(&layout), Err(Error::State { .. })), "{text}");
        }
    }

    #[test]
    fn debug_does_not_show_the_password() {
        let text = format!("{:?}", State::for_test(&["n1"]));
        assert!(!text.contains("Secret123") && text.contains("n1"), "{text}");
    }

    #[test]
    fn an_unknown_node_is_answered_with_those_that_there_are() {
        let error = State::for_test(&["n1", "n2"]).index("n9").unwrap_err().to_string();
        assert_eq!(error, "the sandbox has no node `n9` (it has n1, n2)");
    }
}
