//! `cargo xtask bench change`: a million sessions signed anew, deleted by what they hold and purged, on three nodes.

use std::fs;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::farm::{Farm, HERE, Measured};
use super::rows;
use crate::{demo, packages, say, sessions};

const ROWS: u64 = 1_000_000;
/// The same with fewer, to see what of the memory grows.
const FEW: u64 = 10_000;
/// The session in every row.
const CASE: &str = "oauth";
/// A condition that holds of it.
const CONDITION: &str = "access_token exists";
/// Each server's memory for rows, in bytes; a million take 0.9 GB.
const BUFFER_POOL: u64 = 1 << 30;

/// Loads the table, changes all of it, and prints a table of what was seen.
pub(crate) fn run(args: &[String]) -> Result<()> {
    let rows = rows::wanted("change", args, ROWS)?;
    packages::ensure(packages::SERVERS)?;
    let farm = Farm::up(3)?;
    let vectors = sessions::vectors()?;
    let vector = vectors.iter().find(|vector| vector.case == CASE).context("the vectors have no such session")?;
    let old = farm.dir.join("keys-old");
    sessions::write_keys(&old, &[vector])?;
    demo::write_private(&farm.dir.join("keys"), &format!("{}\n{}", fresh(&farm)?, fs::read_to_string(&old)?))?;
    farm.measured(&["migrate", "up"])?;
    for node in ["n1", "n2", "n3"] {
        farm.ask(node, &format!("SET GLOBAL innodb_buffer_pool_size={BUFFER_POOL}"))?;
    }
    let few = changed(&farm, &vector.data, FEW.min(rows))?;
    let all = changed(&farm, &vector.data, rows)?;
    say::heading(format_args!(
        "{rows} sessions of {} bytes on three nodes, a third of them expired",
        vector.data.len()
    ));
    say::line("| what | rows | s | rows/s | most memory, MB | of a table of |");
    say::line("|---|--:|--:|--:|--:|--:|");
    for (table, steps) in [(FEW.min(rows), few), (rows, all)] {
        for (name, count, Measured { took, memory_kb, answer: _ }) in steps {
            let s = took.as_secs_f64();
            let rate = count as f64 / s;
            say::line(format_args!(
                "| {name} | {count} | {s:.1} | {rate:.0} | {:.1} | {table} |",
                memory_kb as f64 / 1000.0
            ));
        }
    }
    Ok(())
}

/// One step: what it is called, how many rows it changed, and what it took.
type Step = (&'static str, u64, Measured<Value>);

/// Loads so many rows and changes them until none is left.
fn changed(farm: &Farm, data: &str, rows: u64) -> Result<[Step; 3]> {
    say::heading(format_args!("{rows} rows"));
    let expire_on = "UTC_TIMESTAMP() + INTERVAL CAST(seq MOD 3000 AS SIGNED) - 1000 HOUR";
    rows::load(farm, rows, [rows::ID, &format!("'{data}'"), expire_on])?;
    let keys = farm.dir.join("keys").display().to_string();
    let opened = ["--max-age", "0", "--name", "sid", "--key-file", &keys];
    let step = |name: &'static str, args: &[&str], field: &str| -> Result<Step> {
        let measured = farm.measured(args)?;
        let count = measured.answer[field].as_u64().with_context(|| format!("{name} did not say how many"))?;
        say::line(format_args!("{name}: {count} rows in {:.1} s", measured.took.as_secs_f64()));
        Ok((name, count, measured))
    };
    let steps = [
        step("`session rekey`", &[&["session", "rekey", "--yes"], &opened[2..]].concat(), "rekeyed")?,
        step(
            "`session delete --where`",
            &[&["session", "delete", "--yes", "--active", "--where", CONDITION], &opened[..]].concat(),
            "deleted",
        )?,
        step("`purge`", &["purge", "--yes"], "deleted")?,
    ];
    // Those that are in their grace, or expired while the others were at work.
    farm.ask(HERE, "TRUNCATE session_cluster")?;
    if steps.iter().any(|(_, count, _)| count * 4 < rows) {
        bail!("a step changed fewer rows than are its: nothing was measured");
    }
    Ok(steps)
}

/// Draws a key pair.
fn fresh(farm: &Farm) -> Result<String> {
    let output = farm.command().args(["key", "generate", "--quiet"]).output().context("starting csqlstore failed")?;
    if !output.status.success() {
        bail!("drawing a key failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
