//! Making a sandbox.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::config::{self, DATABASE, DATABASE_USER, Member};
use super::draft::Draft;
use super::engine::Engine;
use super::error::Error;
use super::files;
use super::group::{self, Member as GroupMember};
use super::layout::{self, Layout, default_dir};
use super::mysql;
use super::ports::{self, MOST_NODES, Ports};
use super::process;
use super::programs::{Account, Product, Programs};
use super::running::Sandbox;
use super::state::State;
use super::step::Step;
use super::template;
use super::watch::{self, STATEMENT, Wanted};
use crate::Place;
use crate::cluster::{GROUP_STATS_TABLE, GROUP_TABLE};

/// How long another `up` may look for ports.
const PORTS_PATIENCE: Duration = Duration::from_secs(10);

/// What kind of sandbox to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// What kind of servers.
    pub engine: Engine,
    /// The folder of a MySQL server: packages unpacked below it, or one of MySQL's own archives. Group Replication has
    /// to have one; without it, a server on its own is this machine's MariaDB.
    pub server_root: Option<PathBuf>,
    /// How many nodes: 1 to [`MOST_NODES`], and 1 for [`Engine::Standalone`].
    pub nodes: u16,
    /// Where: a directory that does not exist, or an empty one.
    pub dir: PathBuf,
    /// The first of its ports, four for each node; none picks a free block between 20000 and 32767.
    pub base_port: Option<u16>,
    /// How long a node may take to be ready.
    pub patience: Duration,
}

impl Default for Options {
    /// Three nodes of Galera in the default directory, on free ports, within two minutes.
    fn default() -> Self {
        Self {
            engine: Engine::Galera,
            server_root: None,
            nodes: 3,
            dir: default_dir(),
            base_port: None,
            patience: Duration::from_secs(120),
        }
    }
}

/// Makes a sandbox: starts its nodes, and returns when every one of them is synced with all others (of a group: when
/// all are members; the first node is the primary then).
///
/// It has the empty database `sessions`, and a user `sandbox` with all rights on it over TCP; its configuration file
/// ([`Sandbox::config`]) names the nodes. The servers go on when this process ends. If this future fails or is
/// dropped, what it has made so far is taken down again.
///
/// # Errors
///
/// [`Error::Missing`] and [`Error::NoServiceUser`] for what has to be installed; [`Error::ServerRoot`],
/// [`Error::RootWanted`], [`Error::RootUnwanted`] for the server's folder; [`Error::NodeCount`],
/// [`Error::BasePort`], [`Error::DirName`], [`Error::DirTooLong`], [`Error::DirClosed`] for options that cannot be;
/// [`Error::Running`], [`Error::Stale`], [`Error::Busy`], [`Error::Foreign`], [`Error::NotOurs`] for a directory in
/// use; [`Error::PortInUse`], [`Error::NoFreePorts`]; [`Error::Died`], [`Error::NotReady`] and [`Error::Cluster`] for
/// nodes that do not come up; [`Error::Program`], [`Error::Io`], [`Error::Random`] for what the machine refuses.
pub async fn up(options: &Options, mut on: impl FnMut(Step)) -> Result<Sandbox, Error> {
    let Options { engine, server_root, nodes, dir, base_port, patience } = options;
    let most = if *engine == Engine::Standalone { 1 } else { MOST_NODES };
    if *nodes == 0 || *nodes > most {
        return Err(Error::NodeCount { asked: *nodes, most, place: Place::here() });
    }
    let fixed = base_port.map(|base| Ports::from_base(base, *nodes)).transpose()?;
    let layout = Layout::new(dir)?;
    refuse_sandbox(&layout).await?;
    let account = Account::find()?;
    let root = server_root.as_ref().map(|root| layout::server_root(root, &account)).transpose()?;
    let programs = Programs::find(*engine, root.as_deref())?;
    let claim = layout.claim(&account)?;
    let _lock = files::lock(&layout.lock(), Duration::ZERO).await?;
    // Another `up` may have come and gone since the first look.
    refuse_sandbox_in(&layout)?;

    let cache = files::cache_folder();
    let made = async {
        files::make_cache(&cache)?;
        let ports = pick_ports(&cache, &layout, fixed, *nodes).await?;
        let state = State::new(*engine, root.as_deref(), &ports)?;
        state.save(&layout)?;
        Ok(state)
    };
    let state = match made.await {
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
        let options = match (&programs.product, programs.provider()) {
            (Product::MySql, _) => mysql::options(&home, state, index),
            (Product::MariaDb { .. }, provider) => {
                let ports = node.ports;
                let member =
                    provider.map(|provider| Member { cluster: &state.cluster, provider, ports, peers: peers.clone() });
                config::mariadb(&home, ports.sql, index + 1, member.as_ref())
            }
        };
        files::write_owned(&home.options(), options.as_bytes(), owner)?;
        if state.engine == Engine::Galera && members.len() > 1 {
            let view = config::last_view(&members, index);
            files::write_owned(&home.data().join("gvwstate.dat"), view.as_bytes(), owner)?;
        }
    }
    Ok(())
}

/// Starts all nodes at once, and waits until they are what they are to be together.
///
/// Galera's believe to have been one component before, and form it again; holding the same data, none has to wait for a
/// copy of another's. A node on its own begins a component instead, which saves it three seconds of looking for others.
async fn start_all(draft: &mut Draft, on: &mut impl FnMut(Step)) -> Result<(), Error> {
    let (count, engine) = (draft.state.nodes.len(), draft.state.engine);
    let more = if engine == Engine::Galera && count == 1 { vec!["--wsrep-new-cluster".to_owned()] } else { Vec::new() };
    let began = Instant::now();
    for index in 0..count {
        let home = draft.layout.home(&draft.state.nodes[index].name);
        let server = process::spawn(&draft.programs, &draft.account, &home, &more)?;
        let node = &mut draft.state.nodes[index];
        node.server = Some(server);
        on(Step::Starting { node: node.name.clone(), port: node.ports.sql, pid: server.pid });
        draft.state.save(&draft.layout)?;
    }
    if engine.is_group() {
        make_group(draft).await?;
    }
    for (home, server) in draft.state.servers(&draft.layout) {
        let all = Wanted::SyncedAmong(count as u64);
        watch::wait_for(all, &draft.account, &home, &server, draft.patience).await?;
        on(Step::Synced { node: home.name, took: began.elapsed() });
    }
    Ok(())
}

/// Makes a group of the servers: the first begins it, the others join.
async fn make_group(draft: &Draft) -> Result<(), Error> {
    let Draft { layout, account, state, patience, .. } = draft;
    let servers: Vec<_> = state.servers(layout).collect();
    let members: Vec<_> = servers
        .iter()
        .map(|(home, server)| GroupMember { account, home, server, password: &state.password, patience: *patience })
        .collect();
    for member in &members {
        group::introduce(*member).await?;
    }
    let Some((first, others)) = members.split_first() else { return Ok(()) };
    group::begin(*first).await?;
    for member in others {
        group::join(*member).await?;
    }
    Ok(())
}

/// Makes the database and its user; the cluster replicates both.
async fn make_database(draft: &Draft) -> Result<(), Error> {
    // The one that began is the primary, where there is one.
    let home = draft.layout.home(&draft.state.nodes[0].name);
    let mut connection = watch::superuser(&draft.account, &home).connect(STATEMENT).await?;
    let create = format!("CREATE DATABASE `{DATABASE}`");
    connection.execute("making the database", &create, ()).await?;
    // The password is of letters and digits: nothing in it ends the string.
    let create = format!("CREATE USER '{DATABASE_USER}'@'127.0.0.1' IDENTIFIED BY '{}'", draft.state.password);
    connection.execute("making the user", &create, ()).await?;
    let mut grants = vec![format!("ALL PRIVILEGES ON `{DATABASE}`.*")];
    if draft.state.engine.is_group() {
        // Or the account does not see whether a member is in the group.
        grants.extend([GROUP_TABLE, GROUP_STATS_TABLE].map(|table| format!("SELECT ON {table}")));
    }
    for grant in grants {
        let grant = format!("GRANT {grant} TO '{DATABASE_USER}'@'127.0.0.1'");
        connection.execute("giving the user its rights", &grant, ()).await?;
    }
    connection.close().await;
    Ok(())
}
