//! What Galera keeps in a data directory.

use std::fs;
use std::io;
use std::process::Stdio;

use tokio::process::Command;

use super::error::Error;
use super::files;
use super::layout::Home;
use super::programs::{Account, Programs, system_path};
use crate::Place;

/// Written for a state that is not known.
const NIL: &str = "00000000-0000-0000-0000-000000000000";

/// The last write set that a data directory holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Position {
    /// Which history it belongs to.
    pub(super) uuid: String,
    /// Its number in it, -1 if it is not known.
    pub(super) seqno: i64,
}

impl Position {
    fn unknown() -> Self {
        Self { uuid: NIL.to_owned(), seqno: -1 }
    }

    pub(super) fn is_known(&self) -> bool {
        self.uuid != NIL && self.seqno >= 0
    }

    /// Returns the argument that tells it to a server which did not stop cleanly, and so does not know it.
    pub(super) fn argument(&self) -> Option<String> {
        self.is_known().then(|| format!("--wsrep-start-position={}:{}", self.uuid, self.seqno))
    }
}

/// Finds out how far the data of a node that does not run go.
///
/// # Errors
///
/// [`Error::Program`] if the server fails when asked to look, [`Error::Io`].
pub(super) async fn position(programs: &Programs, account: &Account, home: &Home) -> Result<Position, Error> {
    let path = home.data().join("grastate.dat");
    let saved = match fs::read_to_string(&path) {
        Ok(text) => parse_saved(&text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Position::unknown(),
        Err(error) => return Err(Error::io("reading", &path)(error)),
    };
    // A server that did not stop cleanly leaves -1 here, and the number in its tables.
    if saved.uuid == NIL || saved.seqno >= 0 { Ok(saved) } else { recover(programs, account, home).await }
}

async fn recover(programs: &Programs, account: &Account, home: &Home) -> Result<Position, Error> {
    let options = [format!("--defaults-file={}", home.options().display())].into_iter().chain(account.argument());
    let more = ["--wsrep-recover", "--skip-networking"].map(str::to_owned);
    let mut command = Command::new(&programs.server.program);
    command.args(programs.server.arguments(options.chain(more)));
    command.env_clear().env("PATH", system_path()).env("LC_ALL", "C").current_dir("/");
    command.stdin(Stdio::null()).kill_on_drop(true);
    let output = command.output().await.map_err(Error::io("running", &programs.server.program))?;
    let text = String::from_utf8_lossy(&output.stderr);
    parse_recovered(&text).ok_or_else(|| Error::Program {
        program: "mariadbd --wsrep-recover",
        status: output.status.to_string(),
        tail: files::last_lines(&output.stderr),
        place: Place::here(),
    })
}

/// Reads `grastate.dat`; what it does not say is not known.
fn parse_saved(text: &str) -> Position {
    let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    let uuid = field("uuid:").filter(|uuid| is_uuid(uuid));
    let seqno = field("seqno:").and_then(|seqno| seqno.parse().ok());
    uuid.zip(seqno).map_or_else(Position::unknown, |(uuid, seqno)| Position { uuid: uuid.to_owned(), seqno })
}

/// Reads the last `WSREP: Recovered position: UUID:SEQNO` of a server's log.
fn parse_recovered(log: &str) -> Option<Position> {
    let (_, found) = log.rsplit_once("Recovered position:")?;
    // A global transaction id may follow, after a comma.
    let (uuid, seqno) = found.split_whitespace().next()?.split(',').next()?.rsplit_once(':')?;
    is_uuid(uuid).then_some(Position { uuid: uuid.to_owned(), seqno: seqno.parse().ok()? })
}

fn is_uuid(text: &str) -> bool {
    text.len() == NIL.len() && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

/// Marks a node's data as those that a new component may begin with.
///
/// # Errors
///
/// [`Error::Io`].
pub(super) fn allow_bootstrap(account: &Account, home: &Home) -> Result<(), Error> {
    let path = home.data().join("grastate.dat");
    let text = match fs::read_to_string(&path) {
        Ok(text) => text.replace("safe_to_bootstrap: 0", "safe_to_bootstrap: 1"),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Error::io("reading", &path)(error)),
    };
    files::write_owned(&path, text.as_bytes(), account.owner())
}

/// Makes a node forget which component it was last in, so that it does not wait for the others to form it again.
///
/// # Errors
///
/// [`Error::Io`].
pub(super) fn forget_view(home: &Home) -> Result<(), Error> {
    files::remove(&home.data().join("gvwstate.dat"))
}

/// Whether a node remembers which component it was last in: it was killed, or crashed, and did not leave it.
pub(super) fn remembers_view(home: &Home) -> bool {
    home.data().join("gvwstate.dat").exists()
}

/// Removes what a killed server left for its own recovery from a node whose data are about to be replaced.
///
/// A server that is killed in the middle of a CREATE TABLE notes in `ddl_recovery.log` that the table is to be dropped
/// at its next start. The copy by rsync brings another node's table and leaves the note, so that the node would join
/// without the table that the whole cluster has (MariaDB 10.11.19).
///
/// # Errors
///
/// [`Error::Io`].
pub(super) fn forget_recovery(home: &Home) -> Result<(), Error> {
    let left = ["ddl_recovery.log", "ddl_recovery-backup.log", "tc.log"];
    left.iter().try_for_each(|name| files::remove(&home.data().join(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const UUID: &str = "fd746542-e6f0-11f1-a3c8-9eb3d3c82721";

    #[test]
    fn reads_how_far_a_cleanly_stopped_node_came() {
        let text = format!("# GALERA saved state\nversion: 2.1\nuuid:    {UUID}\nseqno:   42\nsafe_to_bootstrap: 1\n");
        assert_eq!(parse_saved(&text), Position { uuid: UUID.to_owned(), seqno: 42 });
        assert_eq!(parse_saved(&text).argument().unwrap(), format!("--wsrep-start-position={UUID}:42"));
    }

    #[test]
    fn what_a_saved_state_does_not_say_is_not_known() {
        for text in
            ["", "uuid: x\nseqno: 1", "seqno: 1", &format!("uuid: {UUID}\nseqno: many"), &format!("uuid: {NIL}")]
        {
            assert!(!parse_saved(text).is_known(), "{text}");
            assert_eq!(parse_saved(text).argument(), None, "{text}");
        }
        let crashed = parse_saved(&format!("uuid: {UUID}\nseqno: -1\n"));
        assert!(!crashed.is_known() && crashed.uuid == UUID);
    }

    #[test]
    fn reads_the_position_that_a_server_found_in_its_tables() {
        let line = |tail: &str| format!("2026-11-23  3:48:11 0 [Note] WSREP: Recovered position: {tail}\nbye\n");
        assert_eq!(parse_recovered(&line(&format!("{UUID}:7"))).unwrap(), Position { uuid: UUID.to_owned(), seqno: 7 });
        assert_eq!(parse_recovered(&line(&format!("{UUID}:7,0-1-5"))).unwrap().seqno, 7);
        assert!(!parse_recovered(&line(&format!("{NIL}:-1"))).unwrap().is_known());
        for bad in ["", "Recovered position:", "Recovered position: x:1", &line(&format!("{UUID}:x"))] {
            assert_eq!(parse_recovered(bad), None, "{bad}");
        }
    }
}
