//! `cargo xtask demo`: the whole of csqlstore at work, on a real three-node cluster.

use std::cell::Cell;
use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{interrupt, packages, say, sessions, shell};

/// What becomes of the cluster afterwards.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum After {
    TakeDown,
    Keep,
}

/// Runs the tour.
pub(crate) fn run(after: After) -> Result<()> {
    packages::ensure(packages::SERVERS)?;
    say::line("building csqlstore");
    shell::cargo(["build", "--quiet", "--package", "csqlstore"])?;
    let tour = Tour::new()?;
    say::heading("Three real servers (mariadbd with Galera) on this machine");
    // A signal meanwhile is heeded once there is somebody to take down what was started.
    tour.deaf.set(true);
    tour.csqlstore(&["sandbox", "up"], 0)?;
    let down = TakeDown { tour: &tour, after };
    tour.deaf.set(false);
    let outcome = interrupt::check().and_then(|()| show(&tour));
    if after == After::Keep {
        keep(&tour);
    }
    drop(down);
    outcome
}

fn show(tour: &Tour) -> Result<()> {
    let vectors = sessions::vectors()?;
    let find =
        |case: &str| vectors.iter().find(|v| v.case == case).with_context(|| format!("there is no vector `{case}`"));
    let (login, flashes) = (find("oauth")?, find("flashes")?);
    // Here `csqlstore.toml` names the nodes, and every command finds it.
    say::typed(format_args!("cd {}", tour.dir.display()));
    fs::write(tour.dir.join("documented.sql"), sessions::DOCUMENTED).context("writing documented.sql failed")?;
    sessions::write_keys(&tour.dir.join("keys"), &[flashes, login])?;

    say::heading("The table as the Go package documents it: no primary key, no index");
    say::typed("cat documented.sql");
    say::line(sessions::DOCUMENTED.trim_end());
    tour.mariadb("documented.sql")?;
    say::heading("What a migration would do to it, and what the cluster would feel");
    tour.csqlstore(&["migrate", "plan"], 0)?;
    tour.csqlstore(&["migrate", "up"], 0)?;

    let counts = sessions::write_rows(&tour.dir.join("sessions.sql"), &vectors)?;
    say::heading(format_args!("{} sessions written by real Go, {} of them expired", counts.rows, counts.expired));
    tour.mariadb("sessions.sql")?;

    say::heading("A user's cookie, and what his session holds");
    let cookie = format!("{}={}", login.name, login.cookie);
    tour.csqlstore(&["cookie", "decode", "--max-age", "0", "--key-file", "keys", &cookie], 0)?;
    say::heading("The same as JSON, for an encrypted session");
    let cookie = format!("{}={}", flashes.name, flashes.cookie);
    tour.csqlstore(&["--format", "json", "cookie", "decode", "--max-age", "0", "--key-file", "keys", &cookie], 0)?;

    say::heading("Expired sessions: first look, then delete");
    tour.csqlstore(&["purge", "--dry-run"], 0)?;
    tour.csqlstore(&["purge", "--yes"], 0)?;

    say::heading("An event that keeps it so");
    tour.csqlstore(&["event", "install", "--yes"], 0)?;
    tour.csqlstore(&["event", "status"], 0)?;

    say::heading("Which nodes may take sessions");
    tour.csqlstore(&["node", "status"], 0)?;
    say::heading("One node is killed");
    tour.csqlstore(&["sandbox", "kill", "n2"], 0)?;
    tour.csqlstore(&["node", "status"], 1)?;
    say::heading("The cluster goes on without it, and the node comes back");
    tour.csqlstore(&["session", "show", "--max-age", "0", "--key-file", "keys", "--name", &login.name, &login.id], 0)?;
    tour.csqlstore(&["sandbox", "start", "n2"], 0)?;
    tour.csqlstore(&["node", "status"], 0)
}

fn keep(tour: &Tour) {
    let dir = tour.dir.display();
    say::heading("The cluster is left running");
    say::line(format_args!("use it   cd {dir} && {} node status", tour.program.display()));
    say::line(format_args!("stop it  {} sandbox down --dir {dir}", tour.program.display()));
}

/// A place to type commands in: the sandbox's folder, where `csqlstore.toml` names the nodes.
struct Tour {
    program: PathBuf,
    dir: PathBuf,
    /// Set while a command is to be seen to its end, signal or not: what starts the cluster, and what takes it down.
    deaf: Cell<bool>,
}

impl Tour {
    fn new() -> Result<Self> {
        let program = shell::target().join("debug/csqlstore");
        // A place of its own, so that a sandbox that somebody works with is left alone.
        let dir = PathBuf::from("/tmp/csqlstore-demo");
        Ok(Self { program, dir, deaf: Cell::new(false) })
    }

    /// Types a command of csqlstore and shows its output; anything but the exit status expected ends the tour.
    fn csqlstore(&self, args: &[&str], expected: i32) -> Result<()> {
        let mut args: Vec<&str> = args.to_vec();
        let dir = self.dir.to_string_lossy();
        if args.first() == Some(&"sandbox") {
            args.extend(["--dir", &dir]);
        }
        say::typed(format_args!("csqlstore {}", args.iter().map(|arg| quoted(arg)).collect::<Vec<_>>().join(" ")));
        let mut command = Command::new(&self.program);
        for name in ["CONFIG", "NODES", "PASSWORD", "PASSWORD_FILE", "KEYS", "NAMES"] {
            command.env_remove(format!("CSQLSTORE_{name}"));
        }
        command.args(&args);
        if self.dir.exists() {
            command.current_dir(&self.dir);
        }
        let status = command.status().with_context(|| format!("starting {} failed", self.program.display()))?;
        if !self.deaf.get() {
            interrupt::check()?;
        }
        if status.code() != Some(expected) {
            bail!("that command should have ended with exit status {expected}, and ended with {status}");
        }
        if expected != 0 {
            say::line(format_args!("(exit status {expected})"));
        }
        Ok(())
    }

    /// Feeds a file to the first node with the server's own client.
    fn mariadb(&self, file: &str) -> Result<()> {
        // As who runs the sandbox: the server knows him by its socket.
        let args = ["--no-defaults", "--socket=n1/mysqld.sock", "sessions"];
        say::typed(format_args!("mariadb {} < {file}", args.join(" ")));
        let input = fs::File::open(self.dir.join(file)).with_context(|| format!("opening {file} failed"))?;
        let mut command = Command::new("mariadb");
        shell::run(command.args(args).current_dir(&self.dir).stdin(input))
    }
}

/// Takes the cluster down at the end, whatever happened.
struct TakeDown<'a> {
    tour: &'a Tour,
    after: After,
}

impl Drop for TakeDown<'_> {
    fn drop(&mut self) {
        if self.after == After::Keep {
            return;
        }
        self.tour.deaf.set(true);
        say::heading("The end: everything is stopped and removed");
        if let Err(error) = self.tour.csqlstore(&["sandbox", "down", "--yes"], 0) {
            say::error(&error);
        }
    }
}

/// An argument as it would be typed in a shell.
fn quoted(arg: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:,@%+".contains(c);
    if !arg.is_empty() && arg.chars().all(plain) { arg.to_owned() } else { format!("'{}'", arg.replace('\'', "'\\''")) }
}

/// Writes a file that only its owner may read.
pub(crate) fn write_private(path: &Path, text: &str) -> Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes()).with_context(|| format!("writing {} failed", path.display()))
}
