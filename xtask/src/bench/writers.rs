//! What others feel while something is measured: writers that time each of their writes.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::farm::Farm;

/// What the writers write into.
pub(super) const TABLE: &str = "CREATE TABLE timed (node varchar(8) PRIMARY KEY, n bigint NOT NULL)";

/// How long each write of a writer waited, ascending.
pub(super) struct Waits(Vec<Duration>);

impl Waits {
    fn new(mut waits: Vec<Duration>) -> Self {
        waits.sort_unstable();
        Self(waits)
    }

    /// Returns what so many percent of the writes did not exceed.
    pub(super) fn percentile(&self, percent: usize) -> Duration {
        let at = (self.0.len() * percent).div_ceil(100).saturating_sub(1);
        self.0.get(at).copied().unwrap_or_default()
    }

    /// Returns the longest.
    pub(super) fn longest(&self) -> Duration {
        self.percentile(100)
    }
}

/// Writers, one a node, each of which times every one of its writes.
pub(super) struct Writers {
    stop: Arc<AtomicBool>,
    each: Vec<(&'static str, JoinHandle<Result<Waits>>)>,
}

impl Writers {
    /// Starts a writer on each of these nodes; each needs the table of [`TABLE`].
    pub(super) fn begin(farm: &Farm, nodes: &[&'static str]) -> Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let mut each = Vec::new();
        for &node in nodes {
            farm.ask(node, &format!("REPLACE INTO timed VALUES ('{node}', 0)"))?;
            let mut child = farm.client(node).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
            let pipes = child.stdin.take().zip(child.stdout.take()).context("the client has no pipes")?;
            let theirs = Arc::clone(&stop);
            each.push((node, std::thread::spawn(move || write(child, pipes, node, &theirs))));
        }
        Ok(Self { stop, each })
    }

    /// Returns how long the writes waited, by node.
    pub(super) fn end(self) -> Result<Vec<(&'static str, Waits)>> {
        self.stop.store(true, Ordering::SeqCst);
        let end = |(node, thread): (_, JoinHandle<Result<Waits>>)| {
            let waits = thread.join().map_err(|_| anyhow::anyhow!("the writer on {node} ended"))??;
            Ok((node, waits))
        };
        self.each.into_iter().map(end).collect()
    }
}

fn write(mut child: Child, pipes: (ChildStdin, ChildStdout), node: &str, stop: &AtomicBool) -> Result<Waits> {
    let (mut statements, answers) = pipes;
    let mut answers = BufReader::new(answers);
    let mut waits = Vec::new();
    while !stop.load(Ordering::SeqCst) {
        let begin = Instant::now();
        writeln!(statements, "UPDATE timed SET n=n+1 WHERE node='{node}'; SELECT n FROM timed WHERE node='{node}';")?;
        let mut answer = String::new();
        if answers.read_line(&mut answer)? == 0 {
            bail!("the client of {node} ended");
        }
        waits.push(begin.elapsed());
        std::thread::sleep(Duration::from_millis(10));
    }
    drop(statements);
    child.wait()?;
    Ok(Waits::new(waits))
}
