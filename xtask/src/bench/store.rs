//! `cargo xtask bench store`: gets and saves of sessions by the store, and by a Go program on gorilla's packages with the
//! statements of clustersqlstore, in turn on one node of the same cluster; each with threads for all cores, and with one.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;
use serde_json::{Value, json};

use super::farm::{Farm, HERE};
use crate::{go, interrupt, packages, say, shell};

/// How many sessions are got and saved at a time, each on a connection of its own, and how many there are for each.
const WORKERS: usize = 8;
const SESSIONS: usize = 50;
const SECONDS: f64 = 8.0;
const ROUNDS: usize = 5;
/// At least as long as SHA-256's output; nothing is encrypted.
const KEY: &str = "benchmarks-need-no-secret-to-be-";

/// What the server counts.
const COUNTERS: [&str; 5] = ["Com_stmt_execute", "Com_stmt_prepare", "Questions", "Bytes_received", "Bytes_sent"];

/// One side.
struct Contender {
    name: &'static str,
    program: PathBuf,
    args: &'static [&'static str],
    env: Option<(&'static str, &'static str)>,
    plan: Value,
    runs: Vec<Run>,
}

/// What one run of a side did.
struct Run {
    cycles: u64,
    cycles_per_s: f64,
    cpu_us: f64,
    counted: BTreeMap<&'static str, u64>,
}

/// Runs both sides in turn, and prints a table of what was seen.
pub(crate) fn run() -> Result<()> {
    packages::ensure(packages::SERVERS)?;
    let interop = go::build()?;
    say::line("building csqlstore");
    shell::cargo(["build", "--quiet", "--package", "csqlstore"])?;
    let features = ["--no-default-features", "--features", "mysql"];
    shell::cargo(
        [&["build", "--quiet", "--profile", "bench", "--package", "csqlstore", "--example", "load"], &features[..]]
            .concat(),
    )?;
    let farm = Farm::up(3)?;
    farm.measured(&["migrate", "up"])?;
    let dsn = farm.dsn(HERE)?;
    let shared = json!({"workers": WORKERS, "sessions": SESSIONS, "seconds": SECONDS});
    let with = |more: Value| -> Value {
        let both = [&shared, &more].into_iter().filter_map(Value::as_object).flatten();
        Value::Object(both.map(|(name, value)| (name.clone(), value.clone())).collect())
    };
    let ours = json!({
        "nodes": format!("{HERE}={dsn}"), "keys": format!("raw:{KEY}"), "label": "bench", "pause_ms": 0,
        "statement_ms": 3000, "detect": false,
    });
    let side = |name, one_thread: bool| Contender {
        name,
        program: shell::target().join("release/examples/load"),
        args: &[],
        env: None,
        plan: with(with_threads(&ours, one_thread)),
        runs: Vec::new(),
    };
    let theirs = json!({"dsn": for_go(&dsn)?, "key": KEY});
    let go = |name, env| Contender {
        name,
        program: interop.clone(),
        args: &["load"],
        env,
        plan: with(theirs.clone()),
        runs: Vec::new(),
    };
    let mut sides = [
        side("csqlstore", false),
        go("Go", None),
        side("csqlstore, one thread", true),
        go("Go, one thread", Some(("GOMAXPROCS", "1"))),
    ];
    for round in 1..=ROUNDS {
        for side in &mut sides {
            let run = side.measured(&farm)?;
            say::line(format_args!(
                "{round}. {}: {:.0} cycles/s, {:.0} µs of CPU for each",
                side.name, run.cycles_per_s, run.cpu_us
            ));
            side.runs.push(run);
        }
    }
    print(&sides);
    Ok(())
}

impl Contender {
    fn measured(&self, farm: &Farm) -> Result<Run> {
        let (counters, cpu) = (count(farm)?, cpu_of_children()?);
        let mut command = Command::new(&self.program);
        let child = command.args(self.args).envs(self.env).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        writeln!(child.stdin.as_ref().context("it has an input")?, "{}", self.plan)?;
        let output = child.wait_with_output()?;
        interrupt::check()?;
        if !output.status.success() {
            bail!("{} failed ({})", self.name, output.status);
        }
        let cpu = cpu_of_children()? - cpu;
        let events: Vec<Value> =
            String::from_utf8(output.stdout)?.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
        // Errors, and sessions that were not as they were saved.
        if let Some(bad) = events.iter().find(|it| !["working", "gap", "end"].iter().any(|name| it["event"] == *name)) {
            bail!("{} did not go well: {bad}", self.name);
        }
        let end = events.iter().find(|event| event["event"] == "end").context("it did not end")?;
        let (cycles, took) = end["cycles"].as_u64().zip(end["elapsed_s"].as_f64()).context("it counted nothing")?;
        let counted = count(farm)?;
        let counted = COUNTERS.iter().map(|&name| (name, counted[name] - counters[name])).collect();
        Ok(Run { cycles, cycles_per_s: cycles as f64 / took, cpu_us: cpu / cycles as f64, counted })
    }

    fn median(&self, of: impl Fn(&Run) -> f64) -> f64 {
        let mut all: Vec<f64> = self.runs.iter().map(of).collect();
        all.sort_by(f64::total_cmp);
        all.get(all.len() / 2).copied().unwrap_or(f64::NAN)
    }
}

/// Returns the plan of a load that one thread does, or as many as there are cores.
fn with_threads(plan: &Value, one_thread: bool) -> Value {
    let mut plan = plan.clone();
    plan["one_thread"] = one_thread.into();
    plan
}

/// Returns the CPU time of all children that have ended so far, in microseconds.
fn cpu_of_children() -> Result<f64> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).context("getrusage failed")?;
    let us = |time: TimeVal| time.tv_sec() as f64 * 1e6 + time.tv_usec() as f64;
    Ok(us(usage.user_time()) + us(usage.system_time()))
}

fn count(farm: &Farm) -> Result<BTreeMap<&'static str, u64>> {
    let answer = farm.ask(HERE, "SHOW GLOBAL STATUS")?;
    let value = |name: &str| answer.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('\t')?.parse().ok());
    COUNTERS.iter().map(|&name| Ok((name, value(name).with_context(|| format!("{HERE} counts no {name}"))?))).collect()
}

/// Writes a URL as go-sql-driver takes it.
fn for_go(dsn: &str) -> Result<String> {
    let rest = dsn.strip_prefix("mysql://").and_then(|rest| rest.split_once('@'));
    let (account, (address, database)) = rest
        .and_then(|(account, rest)| Some((account, rest.split_once('/')?)))
        .context("the sandbox's DSN is no URL")?;
    Ok(format!("{account}@tcp({address})/{database}"))
}

/// Prints a table that is at home in a page of docs/ too.
fn print(sides: &[Contender; 4]) {
    say::heading(format_args!("{ROUNDS} runs of {SECONDS} s each in turn, {WORKERS} at a time, medians"));
    say::line("| for each get and save | csqlstore | Go | ratio | csqlstore, one thread | Go, one thread | ratio |");
    say::line("|---|--:|--:|--:|--:|--:|--:|");
    let row = |what: &str, digits: usize, of: &dyn Fn(&Run) -> f64| {
        let pairs = sides.chunks(2).map(|pair| (pair[0].median(of), pair[1].median(of)));
        let cells = pairs.map(|(ours, go)| format!(" {ours:.digits$} | {go:.digits$} | {:.2} |", ours / go));
        say::line(format_args!("| {what} |{}", cells.collect::<String>()));
    };
    row("cycles a second", 0, &|run| run.cycles_per_s);
    row("client CPU, µs", 1, &|run| run.cpu_us);
    for name in COUNTERS {
        let digits = if name.starts_with("Bytes") { 0 } else { 3 };
        row(name, digits, &|run| run.counted[name] as f64 / run.cycles as f64);
    }
}
