//! A sandbox that there is: its nodes, and what can be done to them.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::config::{self, DATABASE, DATABASE_USER};
use super::draft;
use super::engine::Engine;
use super::error::Error;
use super::files;
use super::layout::{Home, Layout};
use super::process::Server;
use super::programs::Account;
use super::state::{NodeState, State};
use super::step::Step;
use super::watch::{self, STATEMENT, Wanted};
use crate::Place;
use crate::cluster;

/// How long another command on the same sandbox is waited for.
const BUSY: Duration = Duration::from_secs(60);

/// How long a server may take to stop, and a node to come back.
pub(super) const PATIENCE: Duration = Duration::from_secs(120);

/// A throw-away cluster in a directory. Dropping this does nothing to it; see [`Sandbox::guard`].
#[derive(Debug)]
pub struct Sandbox {
    pub(super) layout: Layout,
    pub(super) account: Account,
    pub(super) state: State,
}

/// One node of a sandbox, as others reach it. Its `Debug` form does not show the password.
#[derive(Clone, PartialEq, Eq)]
pub struct Node {
    /// `n1`, `n2`, …
    pub name: String,
    /// Its SQL port on 127.0.0.1.
    pub port: u16,
    /// The process of its server, if that was started and not stopped; whether it still runs is for
    /// [`Sandbox::status`] to say.
    pub pid: Option<u32>,
    /// `mysql://sandbox:PASSWORD@127.0.0.1:PORT/sessions`.
    pub dsn: String,
}

impl std::fmt::Debug for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { name, port, pid, dsn: _ } = self;
        f.debug_struct("Node").field("name", name).field("port", port).field("pid", pid).finish_non_exhaustive()
    }
}

impl Sandbox {
    pub(super) fn new(layout: Layout, account: Account, state: State) -> Self {
        Self { layout, account, state }
    }

    /// Opens the sandbox in a directory, whatever state its servers are in.
    ///
    /// # Errors
    ///
    /// [`Error::NoSandbox`], [`Error::Foreign`], [`Error::NotOurs`] if there is none of ours; [`Error::State`] if its
    /// state does not read; [`Error::DirName`], [`Error::NoServiceUser`], [`Error::Io`].
    pub fn open(dir: &Path) -> Result<Self, Error> {
        let layout = Layout::new(dir)?;
        layout.check_ours()?;
        let state = State::load(&layout)?;
        Ok(Self { account: Account::find()?, layout, state })
    }

    /// Returns its directory, absolute.
    #[must_use]
    pub fn dir(&self) -> &Path {
        self.layout.dir()
    }

    /// Returns its `csqlstore.toml`, which names the nodes, passwords included; readable to its owner alone.
    #[must_use]
    pub fn config(&self) -> PathBuf {
        self.layout.config()
    }

    /// Returns what kind of servers it has.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.state.engine
    }

    /// Returns its nodes in the order of their names.
    #[must_use]
    pub fn nodes(&self) -> Vec<Node> {
        let node = |node: &NodeState| Node {
            name: node.name.clone(),
            port: node.ports.sql,
            pid: node.server.map(|server| server.pid),
            dsn: config::dsn(&self.state, node.ports.sql),
        };
        self.state.nodes.iter().map(node).collect()
    }

    /// Returns a node as the database's superuser reaches it: by its socket, without a password, and only from the
    /// account that made the sandbox.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownNode`].
    pub fn root(&self, name: &str) -> Result<cluster::Node, Error> {
        Ok(watch::superuser(&self.account, &self.home(name)?.0))
    }

    /// Returns the DSN of [`Sandbox::root`]: `root@unix(/…/mysqld.sock)/`.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownNode`].
    pub fn root_dsn(&self, name: &str) -> Result<String, Error> {
        Ok(format!("{}@unix({})/", self.account.ours, self.home(name)?.0.socket().display()))
    }

    /// Makes another empty database, on which the sandbox's user has all rights, and returns the nodes with DSNs that
    /// name it.
    ///
    /// # Errors
    ///
    /// [`Error::DatabaseName`] for anything but 1 to 64 letters, digits and `_`; [`Error::NodeDown`] if no node does its work;
    /// [`Error::Cluster`].
    pub async fn create_database(&self, name: &str) -> Result<Vec<Node>, Error> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        if name.is_empty() || name.len() > 64 || !name.bytes().all(plain) {
            return Err(Error::DatabaseName { name: name.to_owned(), place: Place::here() });
        }
        let Some(home) = self.serving().await else {
            return Err(Error::NodeDown { node: self.state.nodes[0].name.clone(), place: Place::here() });
        };
        let mut connection = watch::superuser(&self.account, &home).connect(STATEMENT).await?;
        connection.execute("making the database", &format!("CREATE DATABASE `{name}`"), ()).await?;
        // In the name of a database, a grant takes a plain `_` for any letter.
        let pattern = name.replace('_', "\\_");
        let grant = format!("GRANT ALL PRIVILEGES ON `{pattern}`.* TO '{DATABASE_USER}'@'127.0.0.1'");
        connection.execute("giving the user its rights", &grant, ()).await?;
        connection.close().await;
        let mut nodes = self.nodes();
        for node in &mut nodes {
            if let Some(base) = node.dsn.strip_suffix(DATABASE) {
                node.dsn = format!("{base}{name}");
            }
        }
        Ok(nodes)
    }

    /// Stops a node as its server wishes to be stopped: it says good-bye to the others.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownNode`], [`Error::NodeDown`], [`Error::StillRuns`], [`Error::Busy`], [`Error::Io`].
    pub async fn stop(&mut self, name: &str, mut on: impl FnMut(Step)) -> Result<(), Error> {
        let _lock = self.refresh().await?;
        let (home, server) = self.running(name)?;
        on(Step::Ending { node: home.name.clone(), pid: server.pid });
        server.stop(&home, PATIENCE).await?;
        let index = self.state.index(name)?;
        self.state.nodes[index].server = None;
        self.state.save(&self.layout)?;
        on(Step::Ended { node: home.name });
        Ok(())
    }

    /// Kills a node's server (SIGKILL), as a crash would.
    ///
    /// The others notice within some seconds.
    ///
    /// # Errors
    ///
    /// As [`Sandbox::stop`].
    pub async fn kill(&mut self, name: &str, mut on: impl FnMut(Step)) -> Result<(), Error> {
        let _lock = self.refresh().await?;
        let (home, server) = self.running(name)?;
        on(Step::Ending { node: home.name.clone(), pid: server.pid });
        server.kill(&home).await?;
        on(Step::Ended { node: home.name });
        Ok(())
    }

    /// Cuts a node off from the others, and returns when it has noticed; its server goes on.
    ///
    /// # Errors
    ///
    /// [`Error::NotWithEngine`] if its engine is not Galera; [`Error::UnknownNode`], [`Error::NodeDown`],
    /// [`Error::NotReady`], [`Error::Died`], [`Error::Busy`], [`Error::Cluster`].
    pub async fn isolate(&mut self, name: &str, mut on: impl FnMut(Step)) -> Result<(), Error> {
        let _lock = self.refresh().await?;
        self.can_be_cut_off()?;
        let (home, server) = self.running(name)?;
        self.set_isolated(&home, "1").await?;
        watch::wait_for(Wanted::CutOff, &self.account, &home, &server, PATIENCE).await?;
        on(Step::CutOff { node: home.name });
        Ok(())
    }

    /// Lets a node that was cut off talk to the others again, and returns when it has caught up with them.
    ///
    /// # Errors
    ///
    /// As [`Sandbox::isolate`].
    pub async fn heal(&mut self, name: &str, mut on: impl FnMut(Step)) -> Result<(), Error> {
        let _lock = self.refresh().await?;
        self.can_be_cut_off()?;
        let (home, server) = self.running(name)?;
        let began = Instant::now();
        self.set_isolated(&home, "0").await?;
        on(Step::Healing { node: home.name.clone() });
        watch::wait_for(Wanted::Synced, &self.account, &home, &server, PATIENCE).await?;
        on(Step::Synced { node: home.name, took: began.elapsed() });
        Ok(())
    }

    fn can_be_cut_off(&self) -> Result<(), Error> {
        let reason = match self.state.engine {
            Engine::Galera => return Ok(()),
            Engine::Standalone => "there are no others",
            // One that was told to stop replicating has left the group, and one whose process is stopped answers
            // nothing: neither is what a node does that is cut off.
            Engine::GroupReplication | Engine::GroupReplicationMultiPrimary => {
                "MySQL has no switch for it; members that lose the others to `sandbox kill` are without a majority"
            }
        };
        Err(Error::NotWithEngine { verb: "isolate", engine: self.state.engine, reason, place: Place::here() })
    }

    async fn set_isolated(&self, home: &Home, value: &str) -> Result<(), Error> {
        let mut connection = watch::superuser(&self.account, home).connect(STATEMENT).await?;
        let set = format!("SET GLOBAL wsrep_provider_options='gmcast.isolate={value}'");
        connection.execute("setting gmcast.isolate", &set, ()).await?;
        connection.close().await;
        Ok(())
    }

    /// Kills all servers and removes the directory with everything in it.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::StillRuns`], [`Error::Io`].
    pub async fn down(mut self, mut on: impl FnMut(Step)) -> Result<(), Error> {
        let _lock = self.refresh().await?;
        let servers: Vec<_> = self.state.servers(&self.layout).filter(|(home, server)| server.runs(home)).collect();
        for (home, server) in servers {
            on(Step::Ending { node: home.name.clone(), pid: server.pid });
            server.kill(&home).await?;
            on(Step::Ended { node: home.name });
        }
        let dir = self.dir().to_owned();
        draft::remove(&self.layout)?;
        on(Step::Removed { dir });
        Ok(())
    }

    /// Kills all servers and removes the directory without waiting, for where nothing can be awaited: a `Drop`, or
    /// the end of a test run.
    ///
    /// # Errors
    ///
    /// [`Error::Io`], [`Error::State`].
    pub fn down_now(&self) -> Result<(), Error> {
        draft::take_down_now(&self.layout, &State::load(&self.layout)?)
    }

    /// Takes the sandbox down when the guard is dropped, as far as that can be.
    #[must_use]
    pub fn guard(self) -> Guard {
        Guard { sandbox: self }
    }

    /// Takes the sandbox's lock, and reads its state again: another command may have changed it.
    pub(super) async fn refresh(&mut self) -> Result<std::fs::File, Error> {
        self.layout.check_ours()?;
        let lock = files::lock(&self.layout.lock(), BUSY).await?;
        self.state = State::load(&self.layout)?;
        Ok(lock)
    }

    fn home(&self, name: &str) -> Result<(Home, Option<Server>), Error> {
        let node = &self.state.nodes[self.state.index(name)?];
        Ok((self.layout.home(&node.name), node.server))
    }

    pub(super) fn running_at(&self, index: usize) -> Option<(Home, Server)> {
        let node = &self.state.nodes[index];
        let home = self.layout.home(&node.name);
        node.server.filter(|server| server.runs(&home)).map(|server| (home, server))
    }

    fn running(&self, name: &str) -> Result<(Home, Server), Error> {
        let found = self.running_at(self.state.index(name)?);
        found.ok_or_else(|| Error::NodeDown { node: name.to_owned(), place: Place::here() })
    }
}

/// A sandbox that is taken down when this is dropped. Nobody hears of it if that fails.
#[derive(Debug)]
pub struct Guard {
    sandbox: Sandbox,
}

impl std::ops::Deref for Guard {
    type Target = Sandbox;

    fn deref(&self) -> &Sandbox {
        &self.sandbox
    }
}

impl std::ops::DerefMut for Guard {
    fn deref_mut(&mut self) -> &mut Sandbox {
        &mut self.sandbox
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        // It may be gone already, which is as good.
        let _left = self.sandbox.down_now();
    }
}
