//! `cargo xtask bench migrate`: a table of a million rows without a key, migrated on three nodes that are in use.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::farm::{Farm, HERE};
use super::rows;
use super::writers::{TABLE, Waits, Writers};
use crate::{packages, say, sessions};

const ROWS: u64 = 1_000_000;
/// The nodes on which writers wait meanwhile.
const ELSEWHERE: [&str; 2] = ["n2", "n3"];

/// Loads the table, migrates it, and prints a table of what was seen.
pub(crate) fn run() -> Result<()> {
    packages::ensure(packages::SERVERS)?;
    let farm = Farm::up(3)?;
    farm.ask(HERE, &format!("{} {TABLE};", sessions::DOCUMENTED))?;
    let empty = farm.measured(&["migrate", "plan"])?;
    say::heading(format_args!("{ROWS} rows, as the Go package documents the table"));
    load(&farm)?;
    let size =
        farm.ask(HERE, "SELECT DATA_LENGTH FROM information_schema.TABLES WHERE TABLE_NAME='session_cluster'")?;
    say::heading("plan");
    let plan = farm.measured(&["migrate", "plan"])?;
    let idle = stalled(&farm, Duration::from_secs(3))?;
    say::heading("up");
    let writers = Writers::begin(&farm, &ELSEWHERE)?;
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
        let (longest, idle) = (longest.longest().as_secs_f64(), idle.longest().as_secs_f64());
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
    // A third of them expired. 309 bytes of values in each row.
    let data = "CONCAT(SHA2(seq, 512), SHA2(CONCAT('x', seq), 512))";
    let expire_on = "UTC_TIMESTAMP() + INTERVAL CAST(seq MOD 30 AS SIGNED) - 10 DAY";
    rows::load(farm, ROWS, [rows::ID, data, expire_on])?;
    say::line(format_args!("loaded in {:.0} s", begin.elapsed().as_secs_f64()));
    // Every node has them all before anything is timed.
    for node in ELSEWHERE {
        farm.ask(node, "SET SESSION wsrep_sync_wait=1; SELECT 1 FROM timed")?;
    }
    Ok(())
}

/// Times writers on an idle cluster.
fn stalled(farm: &Farm, during: Duration) -> Result<Vec<(&'static str, Waits)>> {
    let writers = Writers::begin(farm, &ELSEWHERE)?;
    std::thread::sleep(during);
    writers.end()
}
