//! The data directory that every node starts from: made once for a version of the server, then copied.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::config::{self, LOG_FILE_SIZE, Member};
use super::draft::Draft;
use super::engine::Engine;
use super::error::Error;
use super::files;
use super::galera;
use super::layout::Home;
use super::mysql;
use super::process::{self, Server};
use super::programs::Product;
use super::step::Step;
use super::watch::{self, Wanted};
use crate::Place;

/// Changes whenever a template of an older csqlstore would not do.
const FORM: &str = "v1";

/// How long another sandbox may take to make the template that we wait for.
const PATIENCE: Duration = Duration::from_secs(180);

/// How long the server may take to stop; it takes a second, or some on a busy machine.
const STOP: Duration = Duration::from_secs(60);

/// Not for the copies: they are of a running node, or belong to one server alone.
const LEFT_OUT: [&str; 5] = ["galera.cache", "gvwstate.dat", "ib_buffer_pool", "ibtmp1", "auto.cnf"];

/// Returns the template for the server on this machine, made if there is none yet.
///
/// It is made in the sandbox's directory, for the server has to be able to get there, then copied into the cache
/// folder under a name of its own and renamed: nobody ever finds a half-made one. Whoever wants the same one
/// meanwhile waits.
///
/// # Errors
///
/// [`Error::Program`], [`Error::Died`], [`Error::NotReady`] if it cannot be made; [`Error::Busy`] if another sandbox
/// takes too long to make it; [`Error::Io`].
pub(super) async fn ensure(draft: &mut Draft, cache: &Path, on: &mut impl FnMut(Step)) -> Result<PathBuf, Error> {
    let version = draft.programs.version().await?;
    // One that Galera starts from has been a cluster of one node. MySQL's are the same for all its engines.
    let kind = match &draft.programs.product {
        Product::MariaDb { provider: Some(_), .. } => "",
        Product::MariaDb { provider: None, .. } => "-alone",
        Product::MySql => "-MySQL",
    };
    // The superuser's name is in it.
    let ours = draft.account.ours.replace(|c: char| !c.is_ascii_alphanumeric(), "_");
    let name = format!("{}{kind}-{ours}-{FORM}", version.number);
    let version = format!("{} {}", version.product, version.number);
    let folder = cache.join("templates");
    let template = folder.join(&name);
    if template.is_dir() {
        return Ok(template);
    }
    files::make_folder(&folder, 0o700)?;
    let _lock = files::lock(&folder.join("lock"), PATIENCE).await?;
    if template.is_dir() {
        return Ok(template);
    }
    on(Step::MakingTemplate { version: version.clone() });
    let began = Instant::now();
    let home = draft.layout.template();
    make(draft, &home).await?;
    let fresh = folder.join(format!("{name}.new"));
    // One that was interrupted may have been left.
    files::remove_folder(&fresh)?;
    files::copy_folder(&home.data(), &fresh, None)?;
    std::fs::rename(&fresh, &template).map_err(Error::io("naming", &template))?;
    files::remove_folder(&home.folder)?;
    files::remove(&home.log)?;
    on(Step::TemplateMade { version, took: began.elapsed() });
    Ok(template)
}

/// Makes the data directory in `home`: initialises it, and runs it once as what its copies are to be.
async fn make(draft: &mut Draft, home: &Home) -> Result<(), Error> {
    let owner = draft.account.owner();
    files::make_owned(&home.folder, 0o700, owner)?;
    files::make_owned(&home.temporary(), 0o700, owner)?;
    install(draft, home).await?;
    draft.state.template = None;
    match draft.programs.product.clone() {
        Product::MariaDb { provider: None, .. } => Ok(()),
        Product::MariaDb { provider: Some(provider), .. } => be_a_cluster(draft, home, &provider).await,
        Product::MySql => name_the_superuser(draft, home).await,
    }?;
    LEFT_OUT.iter().try_for_each(|name| files::remove(&home.data().join(name)))
}

/// Runs it as a cluster of one node, so that it has a history that all its copies share.
async fn be_a_cluster(draft: &mut Draft, home: &Home, provider: &Path) -> Result<(), Error> {
    let ports = draft.state.nodes[0].ports;
    let member = Member { cluster: "template", provider, ports, peers: vec![ports.group] };
    let options = config::mariadb(home, ports.sql, 1, Some(&member));
    files::write_owned(&home.options(), options.as_bytes(), draft.account.owner())?;
    let server = spawn(draft, home, &["--wsrep-new-cluster", "--skip-networking"])?;
    watch::wait_for(Wanted::Synced, &draft.account, home, &server, draft.patience).await?;
    server.stop(home, STOP).await?;
    draft.state.template = None;
    let position = galera::position(&draft.programs, &draft.account, home).await?;
    if position.is_known() {
        return Ok(());
    }
    let (node, log, tail) = (home.name.clone(), home.log.as_path().into(), files::tail(&home.log).into());
    Err(Error::Died { node, log, tail, place: Place::here() })
}

/// Runs it so that its superuser can be given his name; without a history, which would be another for each member.
async fn name_the_superuser(draft: &mut Draft, home: &Home) -> Result<(), Error> {
    let mut alone = draft.state.clone();
    alone.engine = Engine::Standalone;
    let options = mysql::options(home, &alone, 0);
    files::write_owned(&home.options(), options.as_bytes(), draft.account.owner())?;
    let server = spawn(draft, home, &["--skip-networking", "--disable-log-bin"])?;
    mysql::close_superuser(&draft.account, home, &server, draft.patience).await?;
    server.stop(home, STOP).await?;
    draft.state.template = None;
    Ok(())
}

fn spawn(draft: &mut Draft, home: &Home, more: &[&str]) -> Result<Server, Error> {
    let more: Vec<_> = more.iter().map(|argument| (*argument).to_owned()).collect();
    let server = process::spawn(&draft.programs, &draft.account, home, &more)?;
    draft.state.template = Some(server);
    draft.state.save(&draft.layout)?;
    Ok(server)
}

async fn install(draft: &mut Draft, home: &Home) -> Result<(), Error> {
    let ours = &draft.account.ours;
    let options = match draft.programs.product {
        Product::MariaDb { .. } => vec![
            "--skip-test-db".to_owned(),
            "--skip-name-resolve".to_owned(),
            LOG_FILE_SIZE.to_owned(),
            // The superuser is let in by the socket alone, and only as the system's user of the same name: no password
            // to keep, and nobody else on this machine gets in.
            "--auth-root-authentication-method=socket".to_owned(),
            format!("--auth-root-socket-user={ours}"),
            format!("--tmpdir={}", home.temporary().display()),
        ],
        Product::MySql => vec![
            "--initialize-insecure".to_owned(),
            mysql::REDO_LOG.to_owned(),
            format!("--tmpdir={}", home.temporary().display()),
        ],
    };
    let options = options.into_iter().chain(draft.account.argument());
    let (state, layout) = (&mut draft.state, &draft.layout);
    process::install(&draft.programs, home, options, |server| {
        state.template = Some(server);
        state.save(layout)
    })
    .await
}
