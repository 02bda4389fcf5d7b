//! `cargo xtask bench purge`: 200,000 expired of 400,000 rows, deleted by csqlstore, by pt-archiver and by one DELETE, and
//! what a writer on another node feels meanwhile.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::farm::{Farm, HERE};
use super::rows;
use super::writers::{TABLE, Waits, Writers};
use crate::{packages, say, shell};

const ROWS: u64 = 400_000;
const EXPIRED: u64 = ROWS / 2;
/// Where the writer is.
const ELSEWHERE: &str = "n2";

/// One way to delete what has expired.
enum Contender {
    /// `csqlstore purge` with these arguments.
    Csqlstore(String),
    PtArchiver,
    OneDelete,
}

impl Contender {
    fn name(&self) -> String {
        match self {
            Self::Csqlstore(args) => format!("`csqlstore purge {args}`").replace(" `", "`"),
            Self::PtArchiver => "pt-archiver".into(),
            Self::OneDelete => "one DELETE".into(),
        }
    }

    fn run(&self, farm: &Farm) -> Result<()> {
        match self {
            Self::Csqlstore(args) => csqlstore(farm, &args.split_whitespace().collect::<Vec<_>>()),
            Self::PtArchiver => pt_archiver(farm),
            Self::OneDelete => delete(farm),
        }
    }
}

/// Those that are compared, unless `--try 'ARGS'` names other arguments for csqlstore, once or more.
fn contenders(args: &[String]) -> Result<Vec<Contender>> {
    use Contender::{Csqlstore, OneDelete, PtArchiver};
    if args.is_empty() {
        return Ok(vec![Csqlstore(String::new()), Csqlstore("--target 400ms".into()), PtArchiver, OneDelete]);
    }
    let tried = args.chunks(2).map(|pair| match pair {
        [flag, args] if flag == "--try" => Ok(Csqlstore(args.clone())),
        _ => bail!("`bench purge` takes `--try 'ARGS'`, more than once too, and nothing else"),
    });
    tried.chain([Ok(PtArchiver)]).collect()
}

/// What became of a contender.
struct Outcome {
    name: String,
    took: Duration,
    waits: Waits,
}

/// Loads the same rows for each contender, lets it delete, and prints a table of what was seen.
pub(crate) fn run(args: &[String]) -> Result<()> {
    let contenders = contenders(args)?;
    packages::ensure(packages::SERVERS)?;
    packages::ensure(packages::PERCONA_TOOLKIT)?;
    let farm = Farm::up(3)?;
    farm.measured(&["migrate", "up"])?;
    farm.ask(HERE, TABLE)?;
    // Or the account of the sandbox could not leave the data of deleted rows out, which root's tools beside it do not try.
    farm.ask(HERE, "GRANT BINLOG ADMIN ON *.* TO sandbox@127.0.0.1")?;
    let mut outcomes = Vec::new();
    for contender in &contenders {
        outcomes.push(contend(&farm, contender)?);
    }
    say::heading(format_args!("{EXPIRED} of {ROWS} rows of 1 KB deleted on {HERE}, a writer on {ELSEWHERE}"));
    say::line("| what | s | rows/s | writer's p50, ms | p99, ms | longest, ms |");
    say::line("|---|--:|--:|--:|--:|--:|");
    for Outcome { name, took, waits } in &outcomes {
        let ms = |wait: Duration| wait.as_secs_f64() * 1000.0;
        say::line(format_args!(
            "| {name} | {:.1} | {:.0} | {:.1} | {:.1} | {:.0} |",
            took.as_secs_f64(),
            EXPIRED as f64 / took.as_secs_f64(),
            ms(waits.percentile(50)),
            ms(waits.percentile(99)),
            ms(waits.longest()),
        ));
    }
    Ok(())
}

fn contend(farm: &Farm, contender: &Contender) -> Result<Outcome> {
    let name = contender.name();
    say::heading(&name);
    load(farm)?;
    let writers = Writers::begin(farm, &[ELSEWHERE])?;
    let begin = Instant::now();
    let ended = contender.run(farm);
    let took = begin.elapsed();
    // What is still on its way to the other nodes is part of the work, and of what the writer feels.
    let applied = settle(farm);
    let mut waits = writers.end()?;
    ended?;
    applied?;
    let left = farm.ask(HERE, "SELECT COUNT(*) FROM session_cluster")?;
    if left.trim() != (ROWS - EXPIRED).to_string() {
        bail!("{name} left {} rows", left.trim());
    }
    let (_, waits) = waits.pop().context("there was no writer")?;
    say::line(format_args!("{:.1} s", took.as_secs_f64()));
    Ok(Outcome { name, took, waits })
}

fn load(farm: &Farm) -> Result<()> {
    farm.ask(HERE, "TRUNCATE TABLE session_cluster")?;
    // One row in two has expired, so that what goes lies among what stays.
    let id = "CONCAT('2026-01-01T00:00:00Z', LPAD(seq, 8, '0'))";
    let expire_on = "UTC_TIMESTAMP() + INTERVAL IF(seq MOD 2, 10, -10) DAY + INTERVAL seq MOD 86400 SECOND";
    rows::load(farm, ROWS, [id, "REPEAT(SHA2(seq, 512), 8)", expire_on])?;
    settle(farm)
}

/// Waits until every node has applied what was committed so far.
fn settle(farm: &Farm) -> Result<()> {
    for node in [HERE, ELSEWHERE, "n3"] {
        farm.ask(node, "SET SESSION wsrep_sync_wait=1; SELECT 1 FROM timed LIMIT 1")?;
    }
    Ok(())
}

fn csqlstore(farm: &Farm, more: &[&str]) -> Result<()> {
    let answer = farm.measured(&[&["purge", "--yes"], more].concat())?.answer;
    say::line(format_args!(
        "{} batches, throttled {} s: {}",
        answer["batches"], answer["throttled_s"], answer["throttles"]
    ));
    Ok(())
}

fn pt_archiver(farm: &Farm) -> Result<()> {
    let socket = farm.dir.join(HERE).join("mysqld.sock");
    let mut archiver = Command::new("pt-archiver");
    archiver
        .arg("--source")
        .arg(format!("S={},u=root,D=sessions,t=session_cluster,i=expire_on", socket.display()))
        .args(["--purge", "--limit", "1000", "--txn-size", "1000", "--bulk-delete", "--no-check-charset"])
        .args(["--no-version-check", "--where", "expire_on < UTC_TIMESTAMP() - INTERVAL 1 HOUR"]);
    shell::run(&mut archiver)
}

fn delete(farm: &Farm) -> Result<()> {
    farm.ask(HERE, "DELETE FROM session_cluster WHERE expire_on < UTC_TIMESTAMP() - INTERVAL 1 HOUR").map(|_| ())
}
