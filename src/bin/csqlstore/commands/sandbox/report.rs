//! What `csqlstore sandbox` answers.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Serialize;

use csqlstore::sandbox::{self, Condition, Engine, Node, NodeStatus, Process, Sandbox};

use crate::failure::Status;
use crate::ui::{Report, Style, Table, plain, seconds};

/// The nodes that were started, and how to reach them.
pub(super) struct UpReport {
    engine: Engine,
    dir: PathBuf,
    config: PathBuf,
    nodes: Vec<Node>,
    took: Duration,
}

impl UpReport {
    pub(super) fn new(sandbox: &Sandbox, took: Duration) -> Self {
        let (engine, dir) = (sandbox.engine(), sandbox.dir().to_owned());
        Self { engine, dir, config: sandbox.config(), nodes: sandbox.nodes(), took }
    }
}

#[derive(Serialize)]
struct UpJson<'a> {
    engine: &'static str,
    dir: &'a Path,
    config: &'a Path,
    nodes: Vec<UpNodeJson<'a>>,
    elapsed_s: f64,
}

#[derive(Serialize)]
struct UpNodeJson<'a> {
    name: &'a str,
    /// With the password, which is made for this sandbox and good for nothing else.
    dsn: &'a str,
    port: u16,
    pid: Option<u32>,
}

impl<'a> UpNodeJson<'a> {
    fn new(node: &'a Node) -> Self {
        let Node { name, dsn, port, pid } = node;
        Self { name, dsn, port: *port, pid: *pid }
    }
}

impl Report for UpReport {
    fn json(&self) -> impl Serialize {
        let Self { engine, dir, config, nodes, took } = self;
        let nodes = nodes.iter().map(UpNodeJson::new).collect();
        UpJson { engine: engine.as_str(), dir, config, nodes, elapsed_s: seconds(*took) }
    }

    fn human(&self, style: &Style) -> String {
        let Self { engine: _, dir, config, nodes, took } = self;
        let count = if nodes.len() == 1 { "1 node runs".to_owned() } else { format!("{} nodes run", nodes.len()) };
        let mut text = format!("{} in {}, ready after {:.1} s\n\n", style.bold(count), dir.display(), seconds(*took));
        for Node { name, dsn, .. } in nodes {
            text.push_str(&format!("{}  {dsn}\n", style.bold(name)));
        }
        let (config, dir) = (config.display(), dir_option(dir));
        let last = nodes.last().map_or("n1", |node| node.name.as_str());
        text.push_str(&format!(
            "\nTo go on:\n  csqlstore --config {config} node status\n  csqlstore --config {config} migrate up\n  \
             csqlstore sandbox kill {last}{dir}\n  csqlstore sandbox down{dir}\n"
        ));
        text
    }
}

/// The option that names a directory, unless it is the default.
fn dir_option(dir: &Path) -> String {
    if dir == sandbox::default_dir() { String::new() } else { format!(" --dir {}", dir.display()) }
}

/// How the nodes are.
pub(super) struct StatusReport {
    engine: Engine,
    dir: PathBuf,
    nodes: Vec<NodeStatus>,
}

impl StatusReport {
    pub(super) fn new(sandbox: &Sandbox, nodes: Vec<NodeStatus>) -> Self {
        Self { engine: sandbox.engine(), dir: sandbox.dir().to_owned(), nodes }
    }

    fn table(&self, style: &Style) -> String {
        let headings = ["NODE", "PROCESS", "PID", "PORT", "STATE", "ROLE", "COMPONENT", "SIZE"];
        // A server on its own has none of the last three, and Galera's nodes all have the same role.
        let kept = |column: usize| match self.engine {
            Engine::Standalone => column < 5,
            Engine::Galera => column != 5,
            Engine::GroupReplication | Engine::GroupReplicationMultiPrimary => true,
        };
        let headings: Vec<&str> = (0..headings.len()).filter(|i| kept(*i)).map(|i| headings[i]).collect();
        let mut table = Table::new(&headings, style);
        for node in &self.nodes {
            let NodeStatus { name, port, process, state } = node;
            let (process, pid) = process_words(*process);
            let pid = pid.map_or_else(|| "-".to_owned(), |pid| pid.to_string());
            let port = port.to_string();
            let none = || "-".to_owned();
            let state = match state {
                Some(Ok(Condition { state, component, role, size, well: _ })) => {
                    let [role, component] = [role, component].map(|word| word.as_deref().map_or_else(none, plain));
                    [plain(state), role, component, size.to_string()]
                }
                Some(Err(reason)) => [plain(reason), none(), none(), none()],
                None => [none(), none(), none(), none()],
            };
            let cells = [name.clone(), process.to_owned(), pid, port].into_iter().chain(state);
            table.row(cells.enumerate().filter(|(i, _)| kept(*i)).map(|(_, cell)| cell));
        }
        table.text()
    }
}

#[derive(Serialize)]
struct StatusJson<'a> {
    engine: &'static str,
    dir: &'a Path,
    nodes: Vec<StatusNodeJson<'a>>,
}

#[derive(Serialize)]
struct StatusNodeJson<'a> {
    name: &'a str,
    port: u16,
    process: &'static str,
    pid: Option<u32>,
    state: Option<&'a str>,
    component: Option<&'a str>,
    /// In a group.
    role: Option<&'a str>,
    size: Option<u64>,
    /// Why the node, which runs, does not say how it is.
    error: Option<&'a str>,
}

impl<'a> StatusNodeJson<'a> {
    fn new(node: &'a NodeStatus) -> Self {
        let NodeStatus { name, port, process, state } = node;
        let (process, pid) = process_words(*process);
        let said = state.as_ref().and_then(|state| state.as_ref().ok());
        Self {
            name,
            port: *port,
            process,
            pid,
            state: said.map(|said| said.state.as_str()),
            component: said.and_then(|said| said.component.as_deref()),
            role: said.and_then(|said| said.role.as_deref()),
            size: said.map(|said| said.size),
            error: state.as_ref().and_then(|state| state.as_ref().err()).map(String::as_str),
        }
    }
}

fn process_words(process: Process) -> (&'static str, Option<u32>) {
    match process {
        Process::Running { pid } => ("running", Some(pid)),
        Process::Stopped => ("stopped", None),
        Process::Dead => ("dead", None),
    }
}

impl Report for StatusReport {
    fn json(&self) -> impl Serialize {
        StatusJson {
            engine: self.engine.as_str(),
            dir: &self.dir,
            nodes: self.nodes.iter().map(StatusNodeJson::new).collect(),
        }
    }

    fn human(&self, style: &Style) -> String {
        format!("{}\n\n{}", self.dir.display(), self.table(style))
    }

    fn status(&self) -> Status {
        let well = |node: &NodeStatus| matches!(&node.state, Some(Ok(said)) if said.well);
        if self.nodes.iter().all(well) { Status::Done } else { Status::No }
    }
}

/// What was done to a node, and how all of them are after it.
pub(super) struct DoneReport<'a> {
    pub(super) what: &'a str,
    pub(super) state: StatusReport,
}

impl Report for DoneReport<'_> {
    fn json(&self) -> impl Serialize {
        self.state.json()
    }

    fn human(&self, style: &Style) -> String {
        format!("{}.\n\n{}", style.bold(self.what), self.state.table(style))
    }
}

/// The sandbox is gone.
pub(super) struct DownReport {
    pub(super) dir: PathBuf,
}

#[derive(Serialize)]
struct DownJson<'a> {
    dir: &'a Path,
    removed: bool,
}

impl Report for DownReport {
    fn json(&self) -> impl Serialize {
        DownJson { dir: &self.dir, removed: true }
    }

    fn human(&self, _style: &Style) -> String {
        format!("The sandbox in {} is stopped and removed.\n", self.dir.display())
    }
}
