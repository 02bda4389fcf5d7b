//! What has to hold before a test is run.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{say, shell};

/// Checks format, lints, docs, the pure layer and the store alone, and the generated files.
pub(crate) fn run() -> Result<()> {
    say::heading("format");
    shell::cargo(["fmt", "--all", "--check"])?;
    say::heading("lints");
    shell::cargo(["clippy", "--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"])?;
    say::heading("the pure layer alone");
    pure_layer()?;
    say::heading("the store without the terminal");
    web_service()?;
    say::heading("documentation");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    shell::run(
        Command::new(&cargo)
            .args(["doc", "--workspace", "--no-deps", "--all-features"])
            .env("RUSTDOCFLAGS", "-D warnings"),
    )?;
    say::heading("generated files");
    generated_files()
}

/// Builds the library without features, and looks that it brings none of what only the farm and the terminal need.
fn pure_layer() -> Result<()> {
    shell::cargo(["clippy", "--lib", "--no-default-features", "--", "-D", "warnings"])?;
    without(&[], &["tokio", "mysql_async", "mysql_common", "clap", "clap_builder"]).context("the pure layer")
}

/// Builds what a web service takes, and looks that it brings nothing of the terminal.
fn web_service() -> Result<()> {
    const FEATURES: &[&str] = &["--features", "axum,tls-ring"];
    shell::cargo([&["clippy", "--lib", "--no-default-features"], FEATURES, &["--", "-D", "warnings"]].concat())?;
    without(FEATURES, &["clap", "clap_builder", "indicatif", "dialoguer", "comfy-table", "anyhow", "toml"])
        .context("the store for a web service")
}

/// Looks that the library with these features depends on none of these packages.
fn without(features: &[&str], unwanted: &[&str]) -> Result<()> {
    const TREE: [&str; 8] =
        ["tree", "--package", "csqlstore", "--no-default-features", "--edges", "normal", "--prefix", "none"];
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo).args(TREE).args(features).output().context("starting `cargo tree` failed")?;
    if !output.status.success() {
        bail!("`cargo tree` failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    let tree = String::from_utf8_lossy(&output.stdout);
    let mut names = tree.lines().filter_map(|line| line.split_whitespace().next());
    match names.find(|name| unwanted.contains(name)) {
        Some(name) => bail!("it brings `{name}`"),
        None => Ok(()),
    }
}

/// Compares man/ and completions/ with what the program writes now.
fn generated_files() -> Result<()> {
    let fresh = shell::root().join("target/generated");
    if fresh.exists() {
        fs::remove_dir_all(&fresh).context("emptying target/generated failed")?;
    }
    let into = fresh.to_string_lossy().into_owned();
    shell::cargo(["run", "--quiet", "--", "--quiet", "generate", "--into", &into])?;
    for folder in ["man", "completions"] {
        let (now, then) = (files(&fresh.join(folder))?, files(&shell::root().join(folder))?);
        let differing = now.iter().chain(&then).find(|(name, _)| {
            let find =
                |list: &[(String, Vec<u8>)]| list.iter().find(|(n, _)| n == name).map(|(_, bytes)| bytes.clone());
            find(&now) != find(&then)
        });
        if let Some((name, _)) = differing {
            bail!("{folder}/{name} is not what the program writes now: `cargo xtask generate`");
        }
    }
    Ok(())
}

fn files(folder: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    let entries = fs::read_dir(folder).with_context(|| format!("reading {} failed", folder.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry?;
        files.push((entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path())?));
    }
    files.sort();
    Ok(files)
}
