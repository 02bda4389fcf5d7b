//! What `csqlstore sandbox` answers.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Serialize;

use csqlstore::sandbox::{self, Node, NodeStatus, Process, Sandbox, WsrepState};

use crate::failure::Status;
use crate::ui::{Report, Style, Table, plain, seconds};

/// The nodes that were started, and how to reach them.
pub(super) struct UpReport {
    dir: PathBuf,
    config: PathBuf,
    nodes: Vec<Node>,
    took: Duration,
}

impl UpReport {
    pub(super) fn new(sandbox: &Sandbox, took: Duration) -> Self {
        Self { dir: sandbox.dir().to_owned(), config: sandbox.config(), nodes: sandbox.nodes(), took }
    }
}

#[derive(Serialize)]
struct UpJson<'a> {
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
        let Self { dir, config, nodes, took } = self;
        UpJson { dir, config, nodes: nodes.iter().map(UpNodeJson::new).collect(), elapsed_s: seconds(*took) }
    }

    fn human(&self, style: &Style) -> String {
        let Self { dir, config, nodes, took } = self;
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
    dir: PathBuf,
    nodes: Vec<NodeStatus>,
}

impl StatusReport {
    pub(super) fn new(sandbox: &Sandbox, nodes: Vec<NodeStatus>) -> Self {
        Self { dir: sandbox.dir().to_owned(), nodes }
    }

    fn table(&self, style: &Style) -> String {
        let mut table = Table::new(&["NODE", "PROCESS", "PID", "PORT", "STATE", "COMPONENT", "SIZE"], style);
        for node in &self.nodes {
            let NodeStatus { name, port, process, state } = node;
            let (process, pid) = process_words(*process);
            let pid = pid.map_or_else(|| "-".to_owned(), |pid| pid.to_string());
            let port = port.to_string();
            let state = match state {
                Some(Ok(WsrepState { state, component, size })) => [plain(state), plain(component), size.to_string()],
                Some(Err(reason)) => [plain(reason), "-".to_owned(), "-".to_owned()],
                None => ["-"; 3].map(ToOwned::to_owned),
            };
            let cells = [name.clone(), process.to_owned(), pid, port];
            table.row(cells.into_iter().chain(state));
        }
        table.text()
    }
}

#[derive(Serialize)]
struct StatusJson<'a> {
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
            component: said.map(|said| said.component.as_str()),
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
        StatusJson { dir: &self.dir, nodes: self.nodes.iter().map(StatusNodeJson::new).collect() }
    }

    fn human(&self, style: &Style) -> String {
        format!("{}\n\n{}", self.dir.display(), self.table(style))
    }

    fn status(&self) -> Status {
        let well = |node: &NodeStatus| matches!(&node.state, Some(Ok(said)) if said.state == "Synced" && said.component == "Primary");
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
