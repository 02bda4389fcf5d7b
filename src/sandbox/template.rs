//! The data directory that every node starts from: made once for a version of the server, then copied.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::config::{self, LOG_FILE_SIZE, Member};
use super::draft::Draft;
use super::error::Error;
use super::files;
use super::galera::{self, Wanted};
use super::layout::Home;
use super::process;
use super::step::Step;
use crate::Place;

/// Changes whenever a template of an older csqlstore would not do.
const FORM: &str = "v1";

/// How long another sandbox may take to make the template that we wait for.
const PATIENCE: Duration = Duration::from_secs(180);

/// How long the server may take to stop; it takes a second, or some on a busy machine.
const STOP: Duration = Duration::from_secs(60);

/// Not for the copies: they are of a running node, or belong to one server alone.
const LEFT_OUT: [&str; 4] = ["galera.cache", "gvwstate.dat", "ib_buffer_pool", "ibtmp1"];

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
    // The superuser's name is in it.
    let name = format!("{version}-{}-{FORM}", draft.account.ours.replace(|c: char| !c.is_ascii_alphanumeric(), "_"));
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

/// Makes the data directory in `home`: initialises it, and runs it once as a cluster of one node, so that it has a
/// history that all its copies share.
async fn make(draft: &mut Draft, home: &Home) -> Result<(), Error> {
    let owner = draft.account.owner();
    files::make_owned(&home.folder, 0o700, owner)?;
    files::make_owned(&home.temporary(), 0o700, owner)?;
    install(draft, home).await?;
    let ports = draft.state.nodes[0].ports;
    let member = Member {
        cluster: "template",
        provider: &draft.programs.provider,
        ports,
        peers: vec![ports.group],
        server_id: 1,
    };
    files::write_owned(&home.options(), config::options(home, &member).as_bytes(), owner)?;
    let more = ["--wsrep-new-cluster".to_owned(), "--skip-networking".to_owned()];
    let server = process::spawn(&draft.programs, &draft.account, home, &more)?;
    draft.state.template = Some(server);
    draft.state.save(&draft.layout)?;
    galera::wait_for(Wanted::Synced, &draft.account, home, &server, draft.patience).await?;
    server.stop(home, STOP).await?;
    draft.state.template = None;
    let position = galera::position(&draft.programs, &draft.account, home).await?;
    if !position.is_known() {
        let (node, log, tail) = (home.name.clone(), home.log.as_path().into(), files::tail(&home.log).into());
        return Err(Error::Died { node, log, tail, place: Place::here() });
    }
    LEFT_OUT.iter().try_for_each(|name| files::remove(&home.data().join(name)))
}

async fn install(draft: &mut Draft, home: &Home) -> Result<(), Error> {
    let ours = &draft.account.ours;
    let options = [
        "--skip-test-db".to_owned(),
        "--skip-name-resolve".to_owned(),
        LOG_FILE_SIZE.to_owned(),
        // The superuser is let in by the socket alone, and only as the system's user of the same name: no password to
        // keep, and nobody else on this machine gets in.
        "--auth-root-authentication-method=socket".to_owned(),
        format!("--auth-root-socket-user={ours}"),
        format!("--tmpdir={}", home.temporary().display()),
    ];
    let options = options.into_iter().chain(draft.account.argument());
    let (state, layout) = (&mut draft.state, &draft.layout);
    process::install(&draft.programs, home, options, |server| {
        state.template = Some(server);
        state.save(layout)
    })
    .await
}
