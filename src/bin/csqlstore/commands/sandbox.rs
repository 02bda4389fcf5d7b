//! `csqlstore sandbox`.

mod report;

use std::path::PathBuf;
use std::time::Instant;

use clap::{Args, Subcommand, ValueEnum};

use csqlstore::sandbox::{self, Engine, Options, Sandbox, Step};

use crate::failure::{Failure, Status};
use crate::ui::{Progress, Ui};

use report::{DoneReport, StatusReport, UpReport};

/// Run a throw-away cluster of real servers on this machine
///
/// A sandbox is MariaDB with Galera on 127.0.0.1, in one directory: real nodes to try the other commands on, that can
/// be stopped, killed and cut off. It needs the Debian packages mariadb-server, galera-4 and rsync; their own service
/// need not run. The servers go on when the command ends, and need about 150 MB of memory each.
///
/// With `--engine` it is MySQL Group Replication, or one server on its own. MySQL comes from a folder of yours, with
/// `--server-root`, and needs about 500 MB of memory for each server.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  csqlstore sandbox up                    three nodes on free ports
  csqlstore sandbox kill n2               what a crash of one looks like
  csqlstore sandbox stop n2               what a restart of one looks like
  csqlstore sandbox status                which run, and which are together
  csqlstore sandbox start                 bring back whatever does not run
  csqlstore sandbox isolate n3            cut one off from the others
  csqlstore sandbox isolate n3 --heal     and let it in again
  csqlstore sandbox down                  stop all, and remove everything
  csqlstore sandbox up --engine group-replication --server-root /opt/mysql-9.7
                                          three members of Group Replication, n1 the primary
  csqlstore sandbox up --engine standalone
                                          one MariaDB without a cluster")]
pub(crate) struct SandboxArgs {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand, Debug)]
enum Verb {
    Up(UpArgs),
    Status(StatusArgs),
    Stop(StopArgs),
    Start(StartArgs),
    Kill(KillArgs),
    Isolate(IsolateArgs),
    Down(DownArgs),
}

#[derive(Args, Debug)]
struct DirArgs {
    /// The sandbox's directory [default: /tmp/csqlstore-sandbox-UID]
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

impl DirArgs {
    fn dir(&self) -> PathBuf {
        let Self { dir } = self;
        dir.clone().unwrap_or_else(sandbox::default_dir)
    }

    fn open(&self) -> Result<Sandbox, sandbox::Error> {
        Sandbox::open(&self.dir())
    }
}

/// Make a sandbox and start its nodes
///
/// Returns when every node is synced with all others. There is an empty database `sessions` then, and a user `sandbox`
/// with all rights on it; `csqlstore.toml` in the directory names the nodes for the other commands. The first sandbox
/// on a machine takes some seconds longer: it makes the data directory that later ones copy.
#[derive(Args, Debug)]
struct UpArgs {
    /// What kind of servers
    #[arg(long, value_name = "ENGINE", default_value = "galera")]
    engine: EngineArg,
    /// The folder of a MySQL server: packages unpacked below it, or one of MySQL's own archives
    ///
    /// `usr/sbin/mysqld` or `bin/mysqld` is in it, with its plugins. If there is a dynamic loader in it too
    /// (`usr/lib/*/ld-linux*`), the server runs with that and with the libraries beside it.
    #[arg(long, value_name = "DIR")]
    server_root: Option<PathBuf>,
    /// With group-replication: every member takes writes, not one primary alone
    #[arg(long)]
    multi_primary: bool,
    /// How many nodes, 1 to 9 [default: 3, or 1 for standalone]
    // Not `nodes`, which is the global option of almost that name.
    #[arg(long = "nodes", value_name = "COUNT")]
    count: Option<u16>,
    #[command(flatten)]
    dir: DirArgs,
    /// Take the ports from this one on, four for each node [default: free ones above 20000]
    #[arg(long, value_name = "PORT")]
    base_port: Option<u16>,
}

/// What `--engine` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum EngineArg {
    /// MariaDB with Galera, from this machine's packages
    Galera,
    /// MySQL Group Replication, from `--server-root`; one member is the primary
    GroupReplication,
    /// One server: this machine's MariaDB, or the MySQL of `--server-root`
    Standalone,
}

/// Show how the nodes are
///
/// Exit status 1 if any node is not running and synced in the primary component, or a working member of its group.
#[derive(Args, Debug)]
struct StatusArgs {
    #[command(flatten)]
    dir: DirArgs,
}

/// Stop a node: it says good-bye to the others
#[derive(Args, Debug)]
struct StopArgs {
    /// The node: n1, n2, …
    #[arg(value_name = "NODE")]
    name: String,
    #[command(flatten)]
    dir: DirArgs,
}

/// Start a node that does not run, or all of them
///
/// The node joins those that run. If none runs, the one with the latest data has to be first; without a node, all
/// that do not run are started, in that order. Members of a group that lost their majority go on without those that are
/// gone before these join again.
#[derive(Args, Debug)]
struct StartArgs {
    /// The node: n1, n2, … [default: every one that does not run]
    #[arg(value_name = "NODE")]
    name: Option<String>,
    #[command(flatten)]
    dir: DirArgs,
}

/// Kill a node's server (SIGKILL), as a crash would
#[derive(Args, Debug)]
struct KillArgs {
    /// The node: n1, n2, …
    #[arg(value_name = "NODE")]
    name: String,
    #[command(flatten)]
    dir: DirArgs,
}

/// Cut a node off from the others
///
/// Its server goes on, outside the primary component. Galera has a switch for this; other engines have none.
#[derive(Args, Debug)]
struct IsolateArgs {
    /// The node: n1, n2, …
    #[arg(value_name = "NODE")]
    name: String,
    /// Let it talk to the others again
    #[arg(long)]
    heal: bool,
    #[command(flatten)]
    dir: DirArgs,
}

/// Kill all nodes and remove the directory with all data
#[derive(Args, Debug)]
struct DownArgs {
    #[command(flatten)]
    dir: DirArgs,
}

pub(crate) async fn run(args: &SandboxArgs, ui: &Ui) -> Result<Status, Failure> {
    match &args.verb {
        Verb::Up(args) => up(args, ui).await,
        Verb::Status(StatusArgs { dir }) => status(dir, ui).await,
        Verb::Stop(StopArgs { name, dir }) => {
            let (bar, mut sandbox) = (ui.progress("stopping", None), dir.open()?);
            sandbox.stop(name, |step| show(&step, &bar, ui)).await?;
            drop(bar);
            done(&sandbox, &format!("Stopped {name}"), ui).await
        }
        Verb::Start(StartArgs { name, dir }) => {
            let (bar, mut sandbox) = (ui.progress("starting", None), dir.open()?);
            let on = |step| show(&step, &bar, ui);
            match name {
                Some(name) => sandbox.start(name, on).await?,
                None => sandbox.start_all(on).await?,
            }
            drop(bar);
            let what = name.as_ref().map_or_else(|| "All nodes run".to_owned(), |name| format!("Started {name}"));
            done(&sandbox, &what, ui).await
        }
        Verb::Kill(KillArgs { name, dir }) => {
            let (bar, mut sandbox) = (ui.progress("killing", None), dir.open()?);
            sandbox.kill(name, |step| show(&step, &bar, ui)).await?;
            drop(bar);
            done(&sandbox, &format!("Killed {name}"), ui).await
        }
        Verb::Isolate(IsolateArgs { name, heal, dir }) => {
            let (bar, mut sandbox) = (ui.progress("waiting for the cluster", None), dir.open()?);
            let on = |step| show(&step, &bar, ui);
            let what = if *heal {
                sandbox.heal(name, on).await?;
                format!("{name} is back with the others")
            } else {
                sandbox.isolate(name, on).await?;
                format!("{name} is cut off from the others")
            };
            drop(bar);
            done(&sandbox, &what, ui).await
        }
        Verb::Down(DownArgs { dir }) => down(dir, ui).await,
    }
}

async fn up(args: &UpArgs, ui: &Ui) -> Result<Status, Failure> {
    let UpArgs { engine, server_root, multi_primary, count, dir, base_port } = args;
    let engine = match (engine, multi_primary) {
        (EngineArg::Galera, false) => Engine::Galera,
        (EngineArg::GroupReplication, false) => Engine::GroupReplication,
        (EngineArg::GroupReplication, true) => Engine::GroupReplicationMultiPrimary,
        (EngineArg::Standalone, false) => Engine::Standalone,
        (EngineArg::Galera | EngineArg::Standalone, true) => {
            return Err(Failure::request("`--multi-primary` goes with `--engine group-replication` alone"));
        }
    };
    let options = Options {
        engine,
        server_root: server_root.clone(),
        nodes: count.unwrap_or_else(|| engine.usual_nodes()),
        dir: dir.dir(),
        base_port: *base_port,
        ..Options::default()
    };
    let began = Instant::now();
    let bar = ui.progress("starting", None);
    let sandbox = sandbox::up(&options, |step| show(&step, &bar, ui)).await?;
    drop(bar);
    ui.answer(&UpReport::new(&sandbox, began.elapsed()))
}

async fn status(dir: &DirArgs, ui: &Ui) -> Result<Status, Failure> {
    let sandbox = dir.open()?;
    let nodes = sandbox.status().await?;
    ui.answer(&StatusReport::new(&sandbox, nodes))
}

/// Answers with what was done and how the nodes are after it.
async fn done(sandbox: &Sandbox, what: &str, ui: &Ui) -> Result<Status, Failure> {
    let nodes = sandbox.status().await?;
    ui.answer(&DoneReport { what, state: StatusReport::new(sandbox, nodes) })
}

async fn down(dir: &DirArgs, ui: &Ui) -> Result<Status, Failure> {
    let sandbox = dir.open()?;
    let (path, count) = (sandbox.dir().to_owned(), sandbox.nodes().len());
    let nodes = if count == 1 { "its node".to_owned() } else { format!("its {count} nodes") };
    ui.confirm(&format!("Remove the sandbox in {} with {nodes} and all data?", path.display()))?;
    let bar = ui.progress("taking down", None);
    sandbox.down(|step| show(&step, &bar, ui)).await?;
    drop(bar);
    ui.answer(&report::DownReport { dir: path })
}

/// Shows what happens while it runs.
fn show(step: &Step, bar: &Progress, ui: &Ui) {
    let (now, text) = match step {
        Step::MakingTemplate { version } => {
            ("making the first data directory", format!("making a data directory for {version}"))
        }
        Step::TemplateMade { took, .. } => ("", format!("the data directory is made, in {} ms", took.as_millis())),
        Step::Starting { node, port, pid } => ("", format!("starting {node} on port {port} (pid {pid})")),
        Step::Synced { node, took } => ("", format!("{node} is synced after {} ms", took.as_millis())),
        Step::Ending { node, pid } => ("", format!("ending {node} (pid {pid})")),
        Step::Ended { node } => ("", format!("{node} has ended")),
        Step::WentOn { node } => ("", format!("{node} goes on without the members that are gone")),
        Step::CutOff { node } => ("", format!("{node} has noticed that it is cut off")),
        Step::Healing { node } => ("", format!("{node} may talk to the others again")),
        Step::Removed { dir } => ("", format!("{} is removed", dir.display())),
        // A step that a later version of the library adds.
        _ => return,
    };
    bar.say(if now.is_empty() { text.clone() } else { now.to_owned() });
    bar.aside(|| ui.detail(text));
}
