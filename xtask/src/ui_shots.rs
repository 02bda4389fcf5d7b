//! `cargo xtask ui-shots`: the test of the page, with pictures for people to look at.

use std::process::Command;

use anyhow::{Context, Result};

use crate::{packages, say, shell};

/// Tells the test where to put pictures.
const VARIABLE: &str = "CSQLSTORE_UI_SHOTS";

/// Runs it, and leaves the pictures in a folder.
pub(crate) fn run(folder: &str) -> Result<()> {
    packages::ensure(packages::SERVERS)?;
    packages::ensure(packages::BROWSER)?;
    std::fs::create_dir_all(folder).with_context(|| format!("making the folder {folder} failed"))?;
    let folder = std::fs::canonicalize(folder).with_context(|| format!("finding the folder {folder} failed"))?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut test = Command::new(cargo);
    test.args(["test", "--quiet", "--package", "csqlstore", "--test", "it", "--"]);
    shell::run(test.arg("node_serve::the_page_shows_every_state").env(VARIABLE, &folder))?;
    say::line(format_args!("the pictures are in {}", folder.display()));
    Ok(())
}
