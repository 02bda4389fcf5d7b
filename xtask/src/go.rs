//! The Go program of interop/, which tests and benchmarks hold csqlstore against.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::{packages, shell};

/// The variable that tells the tests where the program is.
pub(crate) const VARIABLE: &str = "CSQLSTORE_INTEROP";

/// Builds the program if its sources have changed, and returns where it is.
pub(crate) fn build() -> Result<PathBuf> {
    packages::ensure(packages::GO)?;
    let folder = shell::target().join("interop");
    let program = folder.join("interop");
    let go = |args: &[&OsStr]| {
        let mut go = Command::new(shell::which("go").context("there is no `go` here")?);
        go.args(args).arg(".").current_dir(shell::root().join("interop"));
        // Debian's way: the gorilla packages lie in a GOPATH of their own, and nothing is fetched.
        go.env("GO111MODULE", "off").env("GOPATH", packages::GOPATH).env("GOCACHE", folder.join("cache"));
        shell::run(go.env("GOFLAGS", "").env("CGO_ENABLED", "0"))
    };
    // Go itself sees whether there is anything to do.
    go(&["vet".as_ref()]).context("interop/ is not as it should be")?;
    go(&["build".as_ref(), "-o".as_ref(), program.as_ref()]).context("building interop/ failed")?;
    Ok(program)
}
