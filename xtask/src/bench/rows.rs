//! The rows of a benchmark's table, made by the server itself.

use anyhow::{Context, Result, bail};

use super::farm::{Farm, HERE};
use crate::interrupt;

/// How many rows one statement loads: a write set that the cluster takes at once.
const BATCH: u64 = 20_000;

/// An id as Go makes them, one a second, from the row's number `seq`.
pub(super) const ID: &str = "CONCAT(DATE_FORMAT('2026-01-01' + INTERVAL seq SECOND, '%Y-%m-%dT%H:%i:%s'), '.', \
     LPAD(CRC32(seq) MOD 1000000000, 9, '1'), 'Z', 10000 + CRC32(seq) MOD 89999)";

/// Reads how many rows a benchmark is to have: `--rows N`, or as many as it has by itself.
pub(super) fn wanted(bench: &str, args: &[String], by_itself: u64) -> Result<u64> {
    match args {
        [] => Ok(by_itself),
        [flag, rows] if flag == "--rows" => rows.parse().context("--rows takes a number"),
        _ => bail!("`bench {bench}` takes `--rows N` and nothing else"),
    }
}

/// Loads so many rows, each of the columns `id`, `data` and `expire_on` as the expressions make them of its number `seq`.
pub(super) fn load(farm: &Farm, rows: u64, columns: [&str; 3]) -> Result<()> {
    for first in (1..=rows).step_by(BATCH as usize) {
        interrupt::check()?;
        let last = (first + BATCH - 1).min(rows);
        let columns = columns.join(", ");
        let sql =
            format!("INSERT INTO session_cluster (id, data, expire_on) SELECT {columns} FROM seq_{first}_to_{last}");
        farm.ask(HERE, &sql)?;
    }
    Ok(())
}
