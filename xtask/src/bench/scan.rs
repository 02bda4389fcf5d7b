//! `cargo xtask bench scan`: a million sessions read and opened by csqlstore, beside the server's own client that reads
//! the same columns.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::farm::{Farm, HERE, Measured, measured};
use super::rows;
use crate::{packages, say, sessions};

const ROWS: u64 = 1_000_000;
/// How often each contender runs, in turn with the others.
const RUNS: usize = 5;
/// The session in every row.
const CASE: &str = "oauth";
/// The server's memory for rows, in bytes; a million take 0.9 GB.
const BUFFER_POOL: u64 = 2 << 30;
const COLUMNS: &str = "SELECT id, data, expire_on, modify_at FROM session_cluster";

/// One that reads all rows.
struct Contender {
    name: &'static str,
    command: fn(&Farm) -> Result<Command>,
    runs: Vec<Measured<Vec<u8>>>,
}

fn contenders() -> Vec<Contender> {
    let contender = |name, command| Contender { name, command, runs: Vec::new() };
    vec![
        contender("`mariadb --quick` over TCP", |farm| client(farm, &["--quick"])),
        contender("`mariadb` over TCP", |farm| client(farm, &[])),
        contender("`session export`", |farm| Ok(scan(farm, &["export"]))),
        contender("`session find user_id=42`", |farm| Ok(scan(farm, &["find", "user_id=42"]))),
        contender("`session stats`", |farm| Ok(scan(farm, &["stats"]))),
    ]
}

/// Loads the table, lets each contender read it in turn, and prints a table of what was seen.
pub(crate) fn run(args: &[String]) -> Result<()> {
    let rows = rows::wanted("scan", args, ROWS)?;
    packages::ensure(packages::SERVERS)?;
    let farm = Farm::up(1)?;
    let vectors = sessions::vectors()?;
    let vector = vectors.iter().find(|vector| vector.case == CASE).context("the vectors have no such session")?;
    sessions::write_keys(&farm.dir.join("keys"), &[vector])?;
    farm.measured(&["migrate", "up"])?;
    // All rows stay in memory: what is compared is how they are read, not how fast a disk is today.
    farm.ask(HERE, &format!("SET GLOBAL innodb_buffer_pool_size={BUFFER_POOL}"))?;
    say::heading(format_args!("{rows} rows of {} bytes of data", vector.data.len()));
    let begin = Instant::now();
    let expire_on = "UTC_TIMESTAMP() + INTERVAL CAST(seq MOD 3000 AS SIGNED) - 1000 HOUR";
    rows::load(&farm, rows, [rows::ID, &format!("'{}'", vector.data), expire_on])?;
    // Its modify_at is the default, the time of the load: no reader's work depends on it.
    say::line(format_args!("loaded in {:.0} s", begin.elapsed().as_secs_f64()));
    checked(&farm, rows)?;
    let mut contenders = contenders();
    for _ in 0..RUNS {
        for Contender { name, command, runs } in &mut contenders {
            let run = measured((command)(&farm)?.stdout(Stdio::null()).stderr(Stdio::null()))?;
            say::line(format_args!("{name}: {:.2} s", run.took.as_secs_f64()));
            runs.push(run);
        }
    }
    report(rows, &mut contenders);
    Ok(())
}

/// Sees to it that all rows open, or the rest would measure nothing.
fn checked(farm: &Farm, rows: u64) -> Result<()> {
    let seen = measured(scan(farm, &["stats", "--format", "json"]).stdout(Stdio::piped()).stderr(Stdio::null()))?;
    let stats: serde_json::Value = serde_json::from_slice(&seen.answer)?;
    if stats["readable"] != rows {
        bail!("{} of {rows} rows open", stats["readable"]);
    }
    Ok(())
}

fn report(rows: u64, contenders: &mut [Contender]) {
    let median = |runs: &mut Vec<Measured<Vec<u8>>>| {
        runs.sort_unstable_by_key(|run| run.took);
        runs[runs.len() / 2].took
    };
    // The faster of the ways in which the client can be told to do it.
    let client = contenders[..2].iter_mut().map(|client| median(&mut client.runs)).min().unwrap_or_default();
    say::heading(format_args!("{rows} rows, each contender {RUNS} times in turn"));
    say::line("| what | median, s | best, s | worst, s | rows/s | rate / client's | most memory, MB |");
    say::line("|---|--:|--:|--:|--:|--:|--:|");
    for Contender { name, command: _, runs } in contenders {
        let median = median(runs);
        let s = |took: Option<Duration>| took.unwrap_or_default().as_secs_f64();
        let memory_kb = runs.iter().map(|run| run.memory_kb).max().unwrap_or(0);
        say::line(format_args!(
            "| {name} | {:.2} | {:.2} | {:.2} | {:.0} | {:.2} | {:.0} |",
            median.as_secs_f64(),
            s(runs.first().map(|run| run.took)),
            s(runs.last().map(|run| run.took)),
            rows as f64 / median.as_secs_f64(),
            client.as_secs_f64() / median.as_secs_f64(),
            memory_kb as f64 / 1000.0,
        ));
    }
}

fn scan(farm: &Farm, args: &[&str]) -> Command {
    let mut command = farm.csqlstore(&[&["session"], args].concat());
    command.args(["--max-age", "0", "--name", "sid", "--key-file"]).arg(farm.dir.join("keys"));
    command
}

/// Builds the server's own client as the user and over the port that csqlstore has.
fn client(farm: &Farm, more: &[&str]) -> Result<Command> {
    let dsn = farm.dsn(HERE)?;
    let parts = dsn.split_once("://").and_then(|(_, rest)| {
        let (account, rest) = rest.split_once('@')?;
        let (user, password) = account.split_once(':')?;
        let (host, port) = rest.split_once('/')?.0.split_once(':')?;
        Some((user, password, host, port))
    });
    let (user, password, host, port) = parts.context("the DSN of the sandbox has another form")?;
    let mut command = Command::new("mariadb");
    command.args(["--no-defaults", "--protocol=tcp", "--host", host, "--port", port, "--user", user]);
    // Where `ps` does not show it.
    command.env("MYSQL_PWD", password);
    command.args(["--batch", "--skip-column-names", "--execute", COLUMNS]).args(more).arg("sessions");
    Ok(command)
}
