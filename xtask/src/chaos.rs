//! `cargo xtask chaos`: the test of faults, for longer, with what it saw.

use std::process::Command;

use anyhow::{Result, bail};

use crate::{packages, shell};

/// Tells the test for how many seconds it is to go on.
const VARIABLE: &str = "CSQLSTORE_CHAOS_S";

/// Runs it for so long: `90s`, `5m`.
pub(crate) fn run(duration: &str) -> Result<()> {
    let seconds = match duration.split_at_checked(duration.len().saturating_sub(1)) {
        Some((number, "s")) => number.parse().ok(),
        Some((number, "m")) => number.parse::<u64>().ok().and_then(|minutes| minutes.checked_mul(60)),
        _ => None,
    };
    let Some(seconds) = seconds else { bail!("`{duration}` is no duration: 90s, 5m") };
    packages::ensure(packages::SERVERS)?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut test = Command::new(cargo);
    test.args(["test", "--quiet", "--package", "csqlstore", "--test", "it", "--", "chaos::"]);
    shell::run(test.env(VARIABLE, seconds.to_string()))
}
