//! The nodes that a benchmark runs on, and the command that is measured on them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{interrupt, say, shell};

/// The node that commands work on.
pub(super) const HERE: &str = "n1";

/// Nodes on this machine, which go when this is dropped.
pub(super) struct Farm {
    program: PathBuf,
    pub(super) dir: PathBuf,
}

/// What became of a command.
pub(super) struct Measured<T> {
    pub(super) answer: T,
    pub(super) took: Duration,
    /// The most memory that it had resident at once, in kilobytes.
    pub(super) memory_kb: u64,
}

impl Farm {
    /// Builds the command as it is released, and lets it start so many nodes.
    pub(super) fn up(nodes: u16) -> Result<Self> {
        say::line("building csqlstore");
        shell::cargo(["build", "--quiet", "--release", "--package", "csqlstore"])?;
        let dir = PathBuf::from("/tmp/csqlstore-bench");
        let farm = Self { program: shell::target().join("release/csqlstore"), dir };
        let nodes = nodes.to_string();
        shell::run(farm.command().args(["sandbox", "up", "--quiet", "--nodes", &nodes, "--dir"]).arg(&farm.dir))?;
        Ok(farm)
    }

    /// Builds a command of csqlstore that no node is named to.
    pub(super) fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        for name in ["CONFIG", "NODES", "PASSWORD", "PASSWORD_FILE", "KEYS", "NAMES"] {
            command.env_remove(format!("CSQLSTORE_{name}"));
        }
        command
    }

    /// Builds a command of csqlstore on the first node.
    pub(super) fn csqlstore(&self, args: &[&str]) -> Command {
        let mut command = self.command();
        command.arg("--config").arg(self.dir.join("csqlstore.toml")).args(args).args(["--on", HERE]);
        command
    }

    /// Runs a command of csqlstore on the first node, and watches its memory.
    pub(super) fn measured(&self, args: &[&str]) -> Result<Measured<Value>> {
        let mut command = self.csqlstore(args);
        let Measured { answer, took, memory_kb } = measured(command.args(["--format", "json"]).stdout(Stdio::piped()))?;
        Ok(Measured { answer: serde_json::from_slice(&answer)?, took, memory_kb })
    }

    /// Returns the DSN by which programs reach a node.
    pub(super) fn dsn(&self, node: &str) -> Result<String> {
        let config = self.dir.join("csqlstore.toml");
        let text = fs::read_to_string(&config).with_context(|| format!("reading {} failed", config.display()))?;
        let name = format!("\"{node}=");
        let dsn = text.lines().find_map(|line| line.trim().strip_prefix(&name)?.strip_suffix("\","));
        dsn.map(str::to_owned).with_context(|| format!("{} does not name {node}", config.display()))
    }

    /// Sends statements to a node with the server's own client, and returns what it writes.
    pub(super) fn ask(&self, node: &str, sql: &str) -> Result<String> {
        let output = self.client(node).args(["-e", sql]).output().context("starting mariadb failed")?;
        interrupt::check()?;
        if !output.status.success() {
            bail!("a statement failed on {node}: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(String::from_utf8(output.stdout)?)
    }

    /// Builds a call of the server's own client on a node.
    pub(super) fn client(&self, node: &str) -> Command {
        let mut command = Command::new("mariadb");
        let socket = self.dir.join(node).join("mysqld.sock");
        command.args(["--no-defaults", "--batch", "--skip-column-names", "--unbuffered", "--force"]);
        command.arg(format!("--socket={}", socket.display())).arg("sessions");
        command
    }
}

impl Drop for Farm {
    fn drop(&mut self) {
        let mut down = self.command();
        if let Err(error) = shell::run(down.args(["sandbox", "down", "--quiet", "--yes", "--dir"]).arg(&self.dir)) {
            say::error(&error);
        }
    }
}

/// Runs a command, watches its memory, and returns what it writes where that is piped.
pub(super) fn measured(command: &mut Command) -> Result<Measured<Vec<u8>>> {
    let begin = Instant::now();
    let child = command.spawn().with_context(|| format!("starting {} failed", command.get_program().display()))?;
    let pid = child.id();
    let stop = Arc::new(AtomicBool::new(false));
    let theirs = Arc::clone(&stop);
    // The mark only ever rises, so that the last one read is the highest, but for what came in the last moment.
    let watch = std::thread::spawn(move || {
        let mut most = 0;
        while !theirs.load(Ordering::SeqCst) {
            most = most.max(high_water(pid).unwrap_or(0));
            std::thread::sleep(Duration::from_millis(5));
        }
        most
    });
    let output = child.wait_with_output();
    let took = begin.elapsed();
    stop.store(true, Ordering::SeqCst);
    let memory_kb = watch.join().unwrap_or(0);
    interrupt::check()?;
    let output = output?;
    if !output.status.success() {
        let args: Vec<_> = command.get_args().map(|arg| arg.to_string_lossy().into_owned()).collect();
        bail!("{} {} failed ({})", command.get_program().display(), args.join(" "), output.status);
    }
    Ok(Measured { answer: output.stdout, took, memory_kb })
}

/// Returns the most memory that a process has had resident so far, in kilobytes.
fn high_water(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(Path::new("/proc").join(pid.to_string()).join("status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim_end().parse().ok()
}
