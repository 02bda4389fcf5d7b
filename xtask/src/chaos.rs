//! `cargo xtask chaos`: the test of faults, for longer, with what it saw.

use std::process::Command;

use anyhow::{Result, bail};

use crate::{packages, shell};

/// Tells the test for how many seconds it is to go on.
const VARIABLE: &str = "CSQLSTORE_CHAOS_S";
/// Tells it how long the nodes are to wait for one that is silent, as Galera writes it.
const SUSPECT: &str = "CSQLSTORE_CHAOS_SUSPECT";

/// Runs it as the arguments say: `--for 90s` or `5m`, `--suspect PT2S`.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let (mut duration, mut suspect) = ("5m", None);
    for pair in arguments.chunks(2) {
        match pair {
            [name, value] if name == "--for" => duration = value,
            [name, value] if name == "--suspect" => suspect = Some(value),
            other => bail!("`{}` is none of `--for DURATION` and `--suspect PERIOD`", other.join(" ")),
        }
    }
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
    test.env(VARIABLE, seconds.to_string());
    if let Some(period) = suspect {
        test.env(SUSPECT, period);
    }
    shell::run(&mut test)
}
