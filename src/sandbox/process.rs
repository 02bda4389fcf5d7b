//! The servers' processes: started on their own, found again, and ended, each by its own number and never by a name.

use std::fs::{self, File, OpenOptions};
use std::io::Read as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
use serde::{Deserialize, Serialize};

use super::error::Error;
use super::files;
use super::layout::Home;
use super::programs::{Account, Launcher, Product, Programs, system_path};
use crate::Place;

/// How often a process that is to end is looked at.
const POLL: Duration = Duration::from_millis(20);

/// How long a process lives that was killed: the time in which the kernel takes its memory away.
const KILL_PATIENCE: Duration = Duration::from_secs(10);

/// More than a server's command line or its script's has.
const MOST_ARGUMENT_BYTES: usize = 32 * 1024;

/// Closes whatever else we were given open by whoever started us, and becomes the program named by its arguments.
///
/// Our own files close by themselves; a pipe that we inherited under another number than 0, 1 or 2 would stay open in
/// the server, and keep whoever reads its other end waiting.
const CLOSE_AND_RUN: &str =
    r#"for fd in /proc/self/fd/*; do fd=${fd##*/}; [ "$fd" -gt 2 ] && eval "exec $fd>&-"; done; exec "$@""#;

/// A server that we started. Its number alone may belong to another process by now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Server {
    pub(super) pid: u32,
    /// When the process started, in clock ticks since the system did.
    start_ticks: u64,
}

/// What `/proc/PID/stat` says of a process.
#[derive(Debug, PartialEq, Eq)]
struct Stat {
    ended: bool,
    session: u32,
    start_ticks: u64,
}

/// Starts the server of `home`.
///
/// # Errors
///
/// [`Error::Io`] when it cannot be started. That it then ends at once shows in [`Server::runs`].
pub(super) fn spawn(programs: &Programs, account: &Account, home: &Home, more: &[String]) -> Result<Server, Error> {
    let first = [format!("--defaults-file={}", home.options().display()), data_argument(home)];
    let arguments = first.into_iter().chain(account.argument()).chain(more.iter().cloned());
    // The child is not waited for: it outlives us. One that ends before us is a zombie until we do, which `runs` knows.
    let (_child, server) = launch(programs, home, &programs.server, arguments)?;
    Ok(server)
}

/// Runs what makes a data directory to its end, on the data of `home`; `started` is told its process.
///
/// # Errors
///
/// [`Error::Program`] with the end of its output when it fails, [`Error::Io`], and those of `started`.
pub(super) async fn install(
    programs: &Programs,
    home: &Home,
    options: impl Iterator<Item = String>,
    started: impl FnOnce(Server) -> Result<(), Error>,
) -> Result<(), Error> {
    let (installer, name) = match &programs.product {
        Product::MariaDb { installer, .. } => (installer, "mariadb-install-db"),
        Product::MySql => (&programs.server, "mysqld --initialize-insecure"),
    };
    // It takes this one only where it stands first.
    let arguments = ["--no-defaults".to_owned(), data_argument(home)].into_iter().chain(options);
    let (mut child, server) = launch(programs, home, installer, arguments)?;
    started(server)?;
    loop {
        match child.try_wait().map_err(Error::io("waiting for", &installer.program))? {
            Some(status) if status.success() => return Ok(()),
            Some(status) => {
                let (status, tail) = (status.to_string(), files::tail(&home.log));
                return Err(Error::Program { program: name, status, tail, place: Place::here() });
            }
            None => tokio::time::sleep(POLL).await,
        }
    }
}

/// Starts a program in a session of its own, its input empty, its output appended to the log of `home`.
fn launch(
    programs: &Programs,
    home: &Home,
    launcher: &Launcher,
    arguments: impl Iterator<Item = String>,
) -> Result<(Child, Server), Error> {
    let mut options = OpenOptions::new();
    let log = options.append(true).create(true).mode(0o600).open(&home.log).map_err(Error::io("opening", &home.log))?;
    let errors = log.try_clone().map_err(Error::io("opening", &home.log))?;
    // setsid makes the session and becomes bash, bash becomes the program: the number is the same throughout, for
    // setsid forks only if it leads a process group, which a child just made does not.
    let mut command = Command::new(&programs.setsid);
    command.arg(&programs.bash).args(["--norc", "-c", CLOSE_AND_RUN, "bash"]).arg(&launcher.program);
    command.args(launcher.arguments(arguments));
    // A clean environment: ours may hold passwords and keys, and options of other servers.
    command.env_clear().env("PATH", system_path()).env("LC_ALL", "C").current_dir("/");
    command.stdin(Stdio::null()).stdout(log).stderr(errors);
    let child = command.spawn().map_err(Error::io("running", &launcher.program))?;
    let pid = child.id();
    let start_ticks = stat(pid).map_or(0, |stat| stat.start_ticks);
    Ok((child, Server { pid, start_ticks }))
}

fn data_argument(home: &Home) -> String {
    format!("--datadir={}", home.data().display())
}

impl Server {
    /// Whether this very process still runs, on the data of `home`.
    pub(super) fn runs(&self, home: &Home) -> bool {
        let Some(stat) = stat(self.pid) else { return false };
        if stat.ended || stat.start_ticks != self.start_ticks {
            return false;
        }
        let arguments = arguments(self.pid);
        // For a moment, one that is just becoming another program has none.
        arguments.is_empty() || names(&arguments, &data_argument(home))
    }

    /// Tells the server to end, and waits until it has.
    ///
    /// # Errors
    ///
    /// [`Error::StillRuns`] when `patience` is over, [`Error::Io`] when it may not be told.
    pub(super) async fn stop(&self, home: &Home, patience: Duration) -> Result<(), Error> {
        self.signal(home, Signal::TERM)?;
        self.wait(home, patience).await
    }

    /// Ends the server at once (SIGKILL), and waits until it is gone.
    ///
    /// # Errors
    ///
    /// As [`Server::stop`].
    pub(super) async fn kill(&self, home: &Home) -> Result<(), Error> {
        self.signal(home, Signal::KILL)?;
        self.sweep(home);
        self.wait(home, KILL_PATIENCE).await
    }

    /// Ends the server at once, without waiting and without a word: for when nobody is there to hear it.
    pub(super) fn kill_now(&self, home: &Home) {
        // It may have ended by itself; if not, it stays, and its directory with it, which is then found as it is.
        let _ended = self.signal(home, Signal::KILL);
        self.sweep(home);
    }

    async fn wait(&self, home: &Home, patience: Duration) -> Result<(), Error> {
        let began = Instant::now();
        while self.runs(home) {
            if began.elapsed() >= patience {
                let (node, pid) = (home.name.clone(), self.pid);
                return Err(Error::StillRuns { node, pid, deadline: patience, place: Place::here() });
            }
            tokio::time::sleep(POLL).await;
        }
        Ok(())
    }

    /// Sends a signal to this very process, or to none.
    fn signal(&self, home: &Home, signal: Signal) -> Result<(), Error> {
        let Some(pid) = to_pid(self.pid) else { return Ok(()) };
        // The handle is of one process for good: it is opened first and then compared, so that a process which takes
        // the number over in between is never hit.
        let Ok(handle) = pidfd_open(pid, PidfdFlags::empty()) else { return Ok(()) };
        if !self.runs(home) {
            return Ok(());
        }
        match pidfd_send_signal(handle, signal) {
            Ok(()) | Err(rustix::io::Errno::SRCH) => Ok(()),
            Err(error) => Err(Error::io("ending the server in", &home.folder)(error.into())),
        }
    }

    /// Ends what a killed server left behind in its session: the scripts and rsync of a transfer under way.
    fn sweep(&self, home: &Home) {
        let Ok(entries) = fs::read_dir("/proc") else { return };
        let folder = home.folder.as_os_str().as_bytes();
        for pid in entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok()) {
            let ours = || {
                pid != self.pid
                    && stat(pid).is_some_and(|stat| stat.session == self.pid)
                    && arguments(pid).windows(folder.len()).any(|window| window == folder)
            };
            // Looked at before and after the handle is opened, as in `signal`.
            if !ours() {
                continue;
            }
            if let Some(handle) = to_pid(pid).and_then(|pid| pidfd_open(pid, PidfdFlags::empty()).ok())
                && ours()
            {
                // It ends by itself a second later in any case, when it misses its server.
                let _ended = pidfd_send_signal(handle, Signal::KILL);
            }
        }
    }

    #[cfg(test)]
    pub(super) fn for_test(pid: u32, start_ticks: u64) -> Self {
        Self { pid, start_ticks }
    }
}

fn to_pid(pid: u32) -> Option<Pid> {
    Pid::from_raw(i32::try_from(pid).ok()?)
}

fn stat(pid: u32) -> Option<Stat> {
    parse_stat(&fs::read_to_string(Path::new("/proc").join(pid.to_string()).join("stat")).ok()?)
}

/// Reads `/proc/PID/stat`, whose second field is a name in parentheses that may hold anything.
fn parse_stat(text: &str) -> Option<Stat> {
    let (_, rest) = text.rsplit_once(')')?;
    let fields: Vec<_> = rest.split_whitespace().collect();
    // Z is one that nobody has waited for, X one that is just going: of a killed server the first thread may be that while
    // others still close its sockets, and a client would be let in and then cut off.
    let threads: u32 = fields.get(17)?.parse().ok()?;
    Some(Stat {
        ended: matches!(*fields.first()?, "Z" | "X" | "x") && threads <= 1,
        session: fields.get(3)?.parse().ok()?,
        start_ticks: fields.get(19)?.parse().ok()?,
    })
}

/// Returns the command line of a process, a zero byte after each argument; empty if it has none or is gone.
fn arguments(pid: u32) -> Vec<u8> {
    let mut bytes = vec![0; MOST_ARGUMENT_BYTES];
    let file = File::open(Path::new("/proc").join(pid.to_string()).join("cmdline"));
    // One read gives one moment. Several could give the first half of one program's and the second of the next one's,
    // when the process is just becoming another program.
    let length = file.and_then(|mut file| file.read(&mut bytes)).unwrap_or(0);
    bytes.truncate(length);
    bytes
}

fn names(arguments: &[u8], argument: &str) -> bool {
    arguments.split(|byte| *byte == 0).any(|found| found == argument.as_bytes())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn home(folder: &str) -> Home {
        let folder = PathBuf::from(folder);
        Home { name: "n1".to_owned(), log: folder.with_extension("log"), folder }
    }

    /// A process that looks like the server of `home`.
    fn stand_in(home: &Home) -> (Child, Server) {
        let mut command = Command::new("/bin/sh");
        let child = command.args(["-c", "read x", "mariadbd", &data_argument(home)]).stdin(Stdio::piped()).spawn();
        let child = child.unwrap();
        let pid = child.id();
        let server = Server { pid, start_ticks: stat(pid).unwrap().start_ticks };
        // Its command line is there a moment after it was started; without one it would pass for the server of any home.
        let began = Instant::now();
        while !names(&arguments(pid), &data_argument(home)) {
            assert!(began.elapsed() < KILL_PATIENCE, "it never got its command line");
            std::thread::sleep(Duration::from_millis(1));
        }
        (child, server)
    }

    #[test]
    fn reads_the_stat_of_a_process_with_an_odd_name() {
        let text = "4711 (a) R (b) S 1 4711 4700 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 8877 0 0";
        assert_eq!(parse_stat(text).unwrap(), Stat { ended: false, session: 4700, start_ticks: 8877 });
        assert!(parse_stat("4711 (x) Z 1 2 3 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 5 0").unwrap().ended);
        assert!(!parse_stat("4711 (x) Z 1 2 3 0 -1 0 0 0 0 0 0 0 0 0 20 0 7 0 5 0").unwrap().ended, "threads are left");
        for bad in ["", "4711 (x", "4711 (x) S 1 2", "4711 (x) S a b c d e f g h i j k l m n o p q r s t u"] {
            assert_eq!(parse_stat(bad), None, "{bad}");
        }
    }

    #[tokio::test]
    async fn a_number_that_now_belongs_to_another_process_is_left_alone() {
        let ours = home("/tmp/csqlstore-test-a/n1");
        let (mut child, server) = stand_in(&ours);
        assert!(server.runs(&ours));
        let later = Server { start_ticks: server.start_ticks + 1, ..server };
        for (server, home) in [(later, &ours), (server, &home("/tmp/csqlstore-test-b/n1"))] {
            assert!(!server.runs(home));
            server.kill(home).await.unwrap();
            server.stop(home, Duration::ZERO).await.unwrap();
        }
        assert_eq!(child.try_wait().unwrap(), None, "killed");
        server.kill(&ours).await.unwrap();
        assert!(!child.wait().unwrap().success());
    }

    #[tokio::test]
    async fn one_that_has_ended_and_was_not_waited_for_does_not_run() {
        let ours = home("/tmp/csqlstore-test-c/n1");
        let (mut child, server) = stand_in(&ours);
        child.kill().unwrap();
        server.wait(&ours, KILL_PATIENCE).await.unwrap();
        assert!(stat(server.pid).unwrap().ended, "not a zombie");
        child.wait().unwrap();
        assert!(!server.runs(&ours));
    }

    #[tokio::test]
    async fn one_that_does_not_stop_is_named() {
        let ours = home("/tmp/csqlstore-test-d/n1");
        let mut command = Command::new("/bin/sh");
        command.args(["-c", "trap '' TERM; echo; read x", "mariadbd", &data_argument(&ours)]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let pid = child.id();
        // Until the shell has set its trap, the signal would end it.
        child.stdout.as_mut().unwrap().read_exact(&mut [0]).unwrap();
        let server = Server { pid, start_ticks: stat(pid).unwrap().start_ticks };
        let error = server.stop(&ours, Duration::from_millis(50)).await.unwrap_err();
        assert_eq!(error.to_string(), format!("`n1` (pid {pid}) has not stopped within 50ms"));
        server.kill(&ours).await.unwrap();
        child.wait().unwrap();
    }
}
