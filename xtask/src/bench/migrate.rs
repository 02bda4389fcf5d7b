//! `cargo xtask bench migrate`: a table of a million rows without a key, migrated on three nodes that are in use.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{interrupt, packages, say, sessions, shell};

const ROWS: u64 = 1_000_000;
/// How many rows one statement loads: a write set that the cluster takes at once.
const BATCH: u64 = 25_000;
/// The node that `migrate up` works on.
const HERE: &str = "n1";
/// The nodes on which writers wait meanwhile.
const ELSEWHERE: [&str; 2] = ["n2", "n3"];

/// Loads the table, migrates it, and prints a table of what was seen.
pub(crate) fn run() -> Result<()> {
    packages::ensure(packages::SERVERS)?;
    say::line("building csqlstore");
    shell::cargo(["build", "--quiet", "--package", "csqlstore"])?;
    let farm = Farm::up()?;
    let timed = "CREATE TABLE timed (node varchar(8) PRIMARY KEY, n bigint NOT NULL);";
    farm.ask(HERE, &format!("{} {timed}", sessions::DOCUMENTED))?;
    let empty = farm.measured(&["migrate", "plan"])?;
    say::heading(format_args!("{ROWS} rows, as the Go package documents the table"));
    load(&farm)?;
    let size =
        farm.ask(HERE, "SELECT DATA_LENGTH FROM information_schema.TABLES WHERE TABLE_NAME='session_cluster'")?;
    say::heading("plan");
    let plan = farm.measured(&["migrate", "plan"])?;
    let idle = stalled(&farm, Duration::from_secs(3))?;
    say::heading("up");
    let writers = Writers::begin(&farm)?;
    let up = farm.measured(&["migrate", "up", "--confirm-above", "100GB"]);
    let waits = writers.end()?;
    let up = up?;
    let elapsed = up.answer["applied"][1]["elapsed_s"].as_f64().context("migrate up did not say how long it took")?;
    let estimate = plan.answer["estimate_s"].as_f64().context("migrate plan gave no estimate")?;
    say::heading("what was seen");
    say::line("| what | |");
    say::line("|---|--:|");
    say::line(format_args!("| rows | {} |", plan.answer["table"]["rows"]));
    say::line(format_args!("| data on disk | {} MB |", size.trim().parse::<u64>().unwrap_or(0) / 1_000_000));
    say::line(format_args!("| `migrate plan`, which reads the table twice | {:.1} s |", plan.took.as_secs_f64()));
    say::line(format_args!("| its estimate of the ALTER | {estimate:.1} s |"));
    say::line(format_args!("| the ALTER | {elapsed:.1} s |"));
    say::line(format_args!("| estimate / ALTER | {:.2} |", estimate / elapsed));
    say::line(format_args!("| `migrate up` as a whole | {:.1} s |", up.took.as_secs_f64()));
    for ((node, longest), (_, idle)) in waits.iter().zip(&idle) {
        let (longest, idle) = (longest.as_secs_f64(), idle.as_secs_f64());
        say::line(format_args!("| longest wait of a writer on {node} | {longest:.1} s (idle: {idle:.3} s) |"));
    }
    let (node, said) = (&up.answer["stall"]["node"], &up.answer["stall"]["longest_s"]);
    say::line(format_args!("| the same as `migrate up` reports it, for {} | {said} s |", node.as_str().unwrap_or("?")));
    say::line(format_args!("| most memory of `migrate plan` (VmHWM) | {:.1} MB |", plan.memory_kb as f64 / 1000.0));
    say::line(format_args!("| the same with no row in the table | {:.1} MB |", empty.memory_kb as f64 / 1000.0));
    say::line(format_args!("| most memory of `migrate up` (VmHWM) | {:.1} MB |", up.memory_kb as f64 / 1000.0));
    Ok(())
}

fn load(farm: &Farm) -> Result<()> {
    let begin = Instant::now();
    for first in (1..=ROWS).step_by(BATCH as usize) {
        interrupt::check()?;
        let last = first + BATCH - 1;
        // Ids as Go makes them, one a second; a third of them expired. 309 bytes of values in each row.
        let sql = format!(
            "INSERT INTO session_cluster (id, data, expire_on) SELECT \
             CONCAT(DATE_FORMAT('2026-01-01' + INTERVAL seq SECOND, '%Y-%m-%dT%H:%i:%s'), '.', \
             LPAD(CRC32(seq) MOD 1000000000, 9, '1'), 'Z', 10000 + CRC32(seq) MOD 89999), \
             CONCAT(SHA2(seq, 512), SHA2(CONCAT('x', seq), 512)), UTC_TIMESTAMP() + INTERVAL CAST(seq MOD 30 AS SIGNED) - 10 DAY \
             FROM seq_{first}_to_{last}"
        );
        farm.ask(HERE, &sql)?;
    }
    say::line(format_args!("loaded in {:.0} s", begin.elapsed().as_secs_f64()));
    // Every node has them all before anything is timed.
    for node in ELSEWHERE {
        farm.ask(node, "SET SESSION wsrep_sync_wait=1; SELECT 1 FROM timed")?;
    }
    Ok(())
}

/// Times writers on an idle cluster.
fn stalled(farm: &Farm, during: Duration) -> Result<Vec<(&'static str, Duration)>> {
    let writers = Writers::begin(farm)?;
    std::thread::sleep(during);
    writers.end()
}

/// Three nodes on this machine, which go when this is dropped.
struct Farm {
    program: PathBuf,
    dir: PathBuf,
}

/// What became of a command.
struct Measured {
    answer: Value,
    took: Duration,
    /// The most memory that it had resident at once, in kilobytes.
    memory_kb: u64,
}

impl Farm {
    fn up() -> Result<Self> {
        let dir = PathBuf::from("/tmp/csqlstore-bench");
        let farm = Self { program: shell::target().join("debug/csqlstore"), dir };
        shell::run(farm.command().args(["sandbox", "up", "--quiet", "--dir"]).arg(&farm.dir))?;
        Ok(farm)
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        for name in ["CONFIG", "NODES", "PASSWORD", "PASSWORD_FILE", "KEYS", "NAMES"] {
            command.env_remove(format!("CSQLSTORE_{name}"));
        }
        command
    }

    /// Runs a command of csqlstore on the first node, and watches its memory.
    fn measured(&self, args: &[&str]) -> Result<Measured> {
        let begin = Instant::now();
        let mut command = self.command();
        command.arg("--config").arg(self.dir.join("csqlstore.toml")).args(args);
        command.args(["--on", HERE, "--format", "json"]).stdout(Stdio::piped());
        let child = command.spawn().with_context(|| format!("starting {} failed", self.program.display()))?;
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
        stop.store(true, Ordering::SeqCst);
        let memory_kb = watch.join().unwrap_or(0);
        interrupt::check()?;
        let (output, took) = (output?, begin.elapsed());
        if !output.status.success() {
            bail!("csqlstore {} failed ({})", args.join(" "), output.status);
        }
        Ok(Measured { answer: serde_json::from_slice(&output.stdout)?, took, memory_kb })
    }

    /// Sends statements to a node with the server's own client, and returns what it writes.
    fn ask(&self, node: &str, sql: &str) -> Result<String> {
        let output = self.client(node).args(["-e", sql]).output().context("starting mariadb failed")?;
        interrupt::check()?;
        if !output.status.success() {
            bail!("a statement failed on {node}: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(String::from_utf8(output.stdout)?)
    }

    fn client(&self, node: &str) -> Command {
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

/// Returns the most memory that a process has had resident so far, in kilobytes.
fn high_water(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(Path::new("/proc").join(pid.to_string()).join("status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim_end().parse().ok()
}

/// A writer on each of the other nodes, which times each of its writes.
struct Writers {
    stop: Arc<AtomicBool>,
    each: Vec<(&'static str, JoinHandle<Result<Duration>>)>,
}

impl Writers {
    fn begin(farm: &Farm) -> Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let mut each = Vec::new();
        for node in ELSEWHERE {
            farm.ask(node, &format!("REPLACE INTO timed VALUES ('{node}', 0)"))?;
            let mut child = farm.client(node).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
            let pipes = child.stdin.take().zip(child.stdout.take()).context("the client has no pipes")?;
            let theirs = Arc::clone(&stop);
            each.push((node, std::thread::spawn(move || write(child, pipes, node, &theirs))));
        }
        Ok(Self { stop, each })
    }

    /// Returns the longest that a write waited, by node.
    fn end(self) -> Result<Vec<(&'static str, Duration)>> {
        self.stop.store(true, Ordering::SeqCst);
        let end = |(node, thread): (_, JoinHandle<Result<Duration>>)| {
            let longest = thread.join().map_err(|_| anyhow::anyhow!("the writer on {node} ended"))??;
            Ok((node, longest))
        };
        self.each.into_iter().map(end).collect()
    }
}

fn write(mut child: Child, pipes: (ChildStdin, ChildStdout), node: &str, stop: &AtomicBool) -> Result<Duration> {
    let (mut statements, answers) = pipes;
    let mut answers = BufReader::new(answers);
    let mut longest = Duration::ZERO;
    while !stop.load(Ordering::SeqCst) {
        let begin = Instant::now();
        writeln!(statements, "UPDATE timed SET n=n+1 WHERE node='{node}'; SELECT n FROM timed WHERE node='{node}';")?;
        let mut answer = String::new();
        if answers.read_line(&mut answer)? == 0 {
            bail!("the client of {node} ended");
        }
        longest = longest.max(begin.elapsed());
        std::thread::sleep(Duration::from_millis(10));
    }
    drop(statements);
    child.wait()?;
    Ok(longest)
}
