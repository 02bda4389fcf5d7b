//! Making a sandbox.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::config::{self, DATABASE, DATABASE_USER, Member};
use super::draft::Draft;
use super::error::Error;
use super::files;
use super::galera::{self, STATEMENT, Wanted};
use super::layout::{Layout, default_dir};
use super::ports::{self, MOST_NODES, Ports};
use super::process;
use super::programs::{Account, Programs};
use super::running::Sandbox;
use super::state::State;
use super::step::Step;
use super::template;
use crate::Place;

/// How long another `up` may look for ports.
const PORTS_PATIENCE: Duration = Duration::from_secs(10);

/// What kind of sandbox to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// How many nodes: 1 to [`MOST_NODES`].
    pub nodes: u16,
    /// Where: a directory that does not exist, or an empty one.
    pub dir: PathBuf,
    /// The first of its ports, four for each node; none picks a free block between 20000 and 32767.
    pub base_port: Option<u16>,
    /// How long a node may take to be ready.
    pub patience: Duration,
}

impl Default for Options {
    /// Three nodes in the default directory, on free ports, within two minutes.
    fn default() -> Self {
        Self { nodes: 3, dir: default_dir(), base_port: None, patience: Duration::from_secs(120) }
    }
}

/// Makes a sandbox: starts its nodes, and returns when every one of them is synced with all others.
///
/// It has the empty database `sessions`, and a user `sandbox` with all rights on it over TCP; its configuration file
/// ([`Sandbox::config`]) names the nodes. The servers go on when this process ends. If this future fails or is
/// dropped, what it has made so far is taken down again.
///
/// # Errors
///
/// [`Error::Missing`] and [`Error::NoServiceUser`] for what has to be installed; [`Error::NodeCount`],
/// [`Error::BasePort`], [`Error::DirName`], [`Error::DirTooLong`], [`Error::DirClosed`] for options that cannot be;
/// [`Error::Running`], [`Error::Stale`], [`Error::Busy`], [`Error::Foreign`], [`Error::NotOurs`] for a directory in
/// use; [`Error::PortInUse`], [`Error::NoFreePorts`]; [`Error::Died`], [`Error::NotReady`] and [`Error::Cluster`] for
/// nodes that do not come up; [`Error::Program`], [`Error::Io`], [`Error::Random`] for what the machine refuses.
pub async fn up(options: &Options, mut on: impl FnMut(Step)) -> Result<Sandbox, Error> {
    let Options { nodes, dir, base_port, patience } = options;
    if *nodes == 0 || *nodes > MOST_NODES {
        return Err(Error::NodeCount { asked: *nodes, most: MOST_NODES, place: Place::here() });
    }
    let fixed = base_port.map(|base| Ports::from_base(base, *nodes)).transpose()?;
    let layout = Layout::new(dir)?;
    refuse_sandbox(&layout).await?;
    let programs = Programs::find()?;
    let account = Account::find()?;
    let claim = layout.claim(&account)?;
    let _lock = files::lock(&layout.lock(), Duration::ZERO).await?;
    // Another `up` may have come and gone since the first look.
    refuse_sandbox_in(&layout)?;

    let cache = files::cache_folder();
    let state = match begin(&layout, &cache, fixed, *nodes).await {
        Ok(state) => state,
        Err(error) => {
            layout.unclaim(claim);
            return Err(error);
        }
    };
    let mut draft = Draft::new(layout, programs, account, state, *patience);
    let template = template::ensure(&mut draft, &cache, &mut on).await?;
    furnish(&draft, &template)?;
    start_all(&mut draft, &mut on).await?;
    make_database(&draft).await?;
    files::write(&draft.layout.config(), config::csqlstore_toml(&draft.state).as_bytes(), 0o600)?;
    let (layout, account, state) = draft.keep();
    Ok(Sandbox::new(layout, account, state))
}

/// Picks the ports, and writes down that there is a sandbox now.
async fn begin(layout: &Layout, cache: &Path, fixed: Option<Vec<Ports>>, nodes: u16) -> Result<State, Error> {
    files::make_cache(cache)?;
    let state = State::new(&pick_ports(cache, layout, fixed, nodes).await?)?;
    state.save(layout)?;
    Ok(state)
}

/// Makes sure that there is no sandbox in the directory, running, stale or half made.
async fn refuse_sandbox(layout: &Layout) -> Result<(), Error> {
    match layout.check_ours() {
        // Something else than a sandbox is for `claim` to judge.
        Err(Error::NoSandbox { .. } | Error::Foreign { .. }) => return Ok(()),
        other => other?,
    }
    let _lock = files::lock(&layout.lock(), Duration::ZERO).await?;
    refuse_sandbox_in(layout)
}

fn refuse_sandbox_in(layout: &Layout) -> Result<(), Error> {
    if !layout.state().exists() {
        return Ok(());
    }
    let state = State::load(layout)?;
    let dir = layout.dir().to_owned();
    match state.running(layout) {
        0 => Err(Error::Stale { dir, place: Place::here() }),
        running => Err(Error::Running { dir, running, nodes: state.nodes.len(), place: Place::here() }),
    }
}

/// Probes the ports asked for, or picks free ones.
async fn pick_ports(cache: &Path, layout: &Layout, fixed: Option<Vec<Ports>>, nodes: u16) -> Result<Vec<Ports>, Error> {
    if let Some(fixed) = fixed {
        ports::probe_all(&fixed)?;
        return Ok(fixed);
    }
    let _lock = files::lock(&cache.join("ports.lock"), PORTS_PATIENCE).await?;
    ports::reserve(cache, layout.dir(), nodes)
}

/// Gives each node its folder: a copy of the template, and its option file.
fn furnish(draft: &Draft, template: &Path) -> Result<(), Error> {
    let Draft { layout, programs, account, state, .. } = draft;
    let owner = account.owner();
    let peers: Vec<_> = state.nodes.iter().map(|node| node.ports.group).collect();
    let members =
        state.nodes.iter().map(|_| Ok(config::member_uuid(files::random()?))).collect::<Result<Vec<_>, Error>>()?;
    for (index, node) in state.nodes.iter().enumerate() {
        let home = layout.home(&node.name);
        files::make_owned(&home.folder, 0o700, owner)?;
        files::make_owned(&home.temporary(), 0o700, owner)?;
        files::copy_folder(template, &home.data(), owner)?;
        let member = Member {
            cluster: &state.cluster,
            provider: &programs.provider,
            ports: node.ports,
            peers: peers.clone(),
            server_id: index + 1,
        };
        files::write_owned(&home.options(), config::options(&home, &member).as_bytes(), owner)?;
        if members.len() > 1 {
            let view = config::last_view(&members, index);
            files::write_owned(&home.data().join("gvwstate.dat"), view.as_bytes(), owner)?;
        }
    }
    Ok(())
}

/// Starts all nodes at once.
///
/// They believe to have been one component before, and form it again; holding the same data, none has to wait for a
/// copy of another's. A node on its own begins a component instead, which saves it three seconds of looking for others.
async fn start_all(draft: &mut Draft, on: &mut impl FnMut(Step)) -> Result<(), Error> {
    let count = draft.state.nodes.len();
    let more = if count == 1 { vec!["--wsrep-new-cluster".to_owned()] } else { Vec::new() };
    let began = Instant::now();
    for index in 0..count {
        let home = draft.layout.home(&draft.state.nodes[index].name);
        let server = process::spawn(&draft.programs, &draft.account, &home, &more)?;
        let node = &mut draft.state.nodes[index];
        node.server = Some(server);
        on(Step::Starting { node: node.name.clone(), port: node.ports.sql, pid: server.pid });
        draft.state.save(&draft.layout)?;
    }
    for (home, server) in draft.state.servers(&draft.layout) {
        let all = Wanted::SyncedAmong(count as u64);
        galera::wait_for(all, &draft.account, &home, &server, draft.patience).await?;
        on(Step::Synced { node: home.name, took: began.elapsed() });
    }
    Ok(())
}

/// Makes the database and its user; the cluster replicates both.
async fn make_database(draft: &Draft) -> Result<(), Error> {
    let home = draft.layout.home(&draft.state.nodes[0].name);
    let mut connection = galera::superuser(&draft.account, &home).connect(STATEMENT).await?;
    let create = format!("CREATE DATABASE `{DATABASE}`");
    connection.execute("making the database", &create, ()).await?;
    // The password is of letters and digits: nothing in it ends the string.
    let create = format!("CREATE USER '{DATABASE_USER}'@'127.0.0.1' IDENTIFIED BY '{}'", draft.state.password);
    connection.execute("making the user", &create, ()).await?;
    let grant = format!("GRANT ALL PRIVILEGES ON `{DATABASE}`.* TO '{DATABASE_USER}'@'127.0.0.1'");
    connection.execute("giving the user its rights", &grant, ()).await?;
    connection.close().await;
    Ok(())
}
