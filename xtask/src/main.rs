//! The project's chores.
//!
//! ```text
//! cargo xtask demo [--keep]     csqlstore at work on a real three-node cluster
//! cargo xtask test [ARGS]       every test
//! cargo xtask test --engine ENGINE [ARGS]   the tests of the command on MySQL
//! cargo xtask bench change [--rows N]   a million sessions signed anew, deleted and purged on three nodes
//! cargo xtask bench formats     the formats beside the same work in Go
//! cargo xtask bench migrate     a million rows without a key, migrated on three nodes that are in use
//! cargo xtask bench purge [--try ARGS]   200,000 rows deleted by csqlstore, by pt-archiver and by one DELETE, beside a
//!                               writer; or by csqlstore with other arguments, and by pt-archiver
//! cargo xtask bench scan [--rows N]   a million sessions read by csqlstore and by the server's own client
//! cargo xtask bench store       gets and saves of sessions by the store, and by a Go program
//! cargo xtask chaos [--for 5m]  two programs at work on the store while one node after another goes
//! cargo xtask ci                format, lints, docs, the pure layer and the store alone, generated files
//! cargo xtask deb [--check]     a Debian package; with --check it is installed in a folder of its own, and removed
//! cargo xtask generate          man/ and completions/ anew
//! cargo xtask pictures          docs/pictures anew: what commands print on a real cluster
//! cargo xtask ui-shots [DIR]    pictures of the page of `node serve` in every state, by a real browser
//! ```
//!
//! What is missing on the machine is installed (as root) or named with the command that installs it.

mod bench;
mod chaos;
mod ci;
mod deb;
mod demo;
mod engine;
mod go;
mod interrupt;
mod packages;
mod picture;
mod say;
mod sessions;
mod shell;
mod ui_shots;

use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

const USAGE: &str = "\
usage: cargo xtask <chore>

  demo [--keep]   start a real three-node cluster and show csqlstore at work on it
                  (--keep leaves the cluster running and says how to use and stop it)
  test [ARGS]     run every test; ARGS go to `cargo test`
  test --engine ENGINE [ARGS]
                  run the tests of the command on MySQL from Debian unstable, which is fetched into target/:
                  mysql-9 (one server), mysql-9-gr (Group Replication), mysql-9-gr-multi (all members primaries)
  bench change [--rows N]
                  sign a million sessions (or N) anew, delete and purge them on three nodes, and print times and memory
  bench formats   time the formats beside the same work in Go, and print the ratios
  bench migrate   migrate a million rows on three nodes, and print times, waits and memory
  bench purge     delete 200,000 of 400,000 rows by csqlstore, by pt-archiver and by one DELETE, beside a writer
  bench purge --try 'ARGS' ...
                  the same by csqlstore with these arguments, and by pt-archiver
  bench scan [--rows N]
                  read a million sessions (or N) by csqlstore and by the server's own client, and print times and memory
  bench store     get and save sessions by the store and by a Go program in turn, and print speed, CPU and statements
  chaos [--for DURATION]
                  let two programs work on the store while nodes are killed, stopped, isolated, hung and made read-only,
                  one after another (for 5m unless told otherwise), and print who waited how long for what
  ci              check format, lints, docs, the pure layer and the store alone, and the generated files
  deb [--check]   build a Debian package (target/debian), of a release build; cargo-deb is installed into target/tools if
                  it is missing. --check installs the package in a folder of its own, as root, looks at what is there,
                  removes and purges it, and looks that nothing is left
  generate        write man/ and completions/ anew
  pictures        draw docs/pictures anew: what commands print on a real cluster
  ui-shots [DIR]  open the page of `node serve` in Chromium with nodes in every state, light and dark, for a phone and at
                  80 and 200 columns, and leave pictures (in target/ui-shots)";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say::error(&error);
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[String]) -> Result<()> {
    interrupt::listen()?;
    std::env::set_current_dir(shell::root()).context("entering the project's folder failed")?;
    let Some((chore, rest)) = args.split_first() else { bail!("no chore is named\n\n{USAGE}") };
    match (chore.as_str(), rest) {
        ("demo", []) => demo::run(demo::After::TakeDown),
        ("demo", [keep]) if keep == "--keep" => demo::run(demo::After::Keep),
        ("test", [engine, name, rest @ ..]) if engine == "--engine" => engine::test(name, rest),
        ("test", [engine, ..]) if engine == "--engine" => bail!("no engine is named\n\n{USAGE}"),
        ("test", rest) => test(rest),
        ("bench", [what, rest @ ..]) if what == "change" => bench::change::run(rest),
        ("bench", [what]) if what == "formats" => bench::formats::run(),
        ("bench", [what]) if what == "migrate" => bench::migrate::run(),
        ("bench", [what, rest @ ..]) if what == "purge" => bench::purge::run(rest),
        ("bench", [what, rest @ ..]) if what == "scan" => bench::scan::run(rest),
        ("bench", [what]) if what == "store" => bench::store::run(),
        ("chaos", []) => chaos::run("5m"),
        ("chaos", [long, duration]) if long == "--for" => chaos::run(duration),
        ("ci", []) => ci::run(),
        ("deb", []) => deb::run(deb::After::Build),
        ("deb", [check]) if check == "--check" => deb::run(deb::After::Check),
        ("pictures", []) => picture::run(),
        ("generate", []) => shell::cargo(["run", "--quiet", "--", "generate", "--into", "."]),
        ("ui-shots", []) => ui_shots::run("target/ui-shots"),
        ("ui-shots", [folder]) => ui_shots::run(folder),
        ("help" | "-h" | "--help", _) => {
            say::line(USAGE);
            Ok(())
        }
        _ => bail!("`{}` is no chore\n\n{USAGE}", args.join(" ")),
    }
}

/// Runs every test: units, documentation, real Go against the formats, and the real command on a real cluster.
fn test(args: &[String]) -> Result<()> {
    packages::ensure(packages::SERVERS)?;
    packages::ensure(packages::SYSTEMD)?;
    packages::ensure(packages::PROMETHEUS)?;
    packages::ensure(packages::HAPROXY)?;
    packages::ensure(packages::SHELLS)?;
    packages::ensure(packages::MAN)?;
    let interop = go::build()?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut tests = Command::new(cargo);
    tests.args(["test", "--workspace", "--all-features"]).args(args).env(go::VARIABLE, interop);
    shell::run(&mut tests)
}
