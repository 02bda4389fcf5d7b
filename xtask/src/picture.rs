//! `cargo xtask pictures`: what commands really print, on a real cluster, as pictures for the README.

mod svg;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{packages, say, sessions, shell};

/// Makes the pictures in `docs/pictures`.
pub(crate) fn run() -> Result<()> {
    packages::ensure(packages::SERVERS)?;
    shell::cargo(["build", "--quiet", "--package", "csqlstore"])?;
    let studio =
        Studio { program: shell::target().join("debug/csqlstore"), dir: PathBuf::from("/tmp/csqlstore-pictures") };
    say::line("starting three servers");
    studio.output(&["sandbox", "up"], 0)?;
    let made = studio.draw(&shell::root().join("docs/pictures"));
    let down = studio.output(&["sandbox", "down", "--yes"], 0);
    made.and(down.map(drop))
}

/// A cluster, and the program that looks at it.
struct Studio {
    program: PathBuf,
    dir: PathBuf,
}

impl Studio {
    fn draw(&self, folder: &Path) -> Result<()> {
        fs::create_dir_all(folder).context("making docs/pictures failed")?;
        self.fill()?;
        self.picture(folder, "doctor.svg", &["doctor"], 4)?;
        self.output(&["sandbox", "isolate", "n2"], 0)?;
        self.picture(folder, "node-status.svg", &["node", "status"], 1)
    }

    /// Makes the table as the Go package documents it, with sessions of which many have expired.
    fn fill(&self) -> Result<()> {
        fs::write(self.dir.join("documented.sql"), sessions::DOCUMENTED).context("writing documented.sql failed")?;
        sessions::write_rows(&self.dir.join("sessions.sql"), &sessions::vectors()?)?;
        for file in ["documented.sql", "sessions.sql"] {
            let input = fs::File::open(self.dir.join(file)).with_context(|| format!("opening {file} failed"))?;
            let mut client = Command::new("mariadb");
            let args = ["--no-defaults", "--socket=n1/mysqld.sock", "sessions"];
            shell::run(client.args(args).current_dir(&self.dir).stdin(input))?;
        }
        Ok(())
    }

    fn picture(&self, folder: &Path, name: &str, args: &[&str], expected: i32) -> Result<()> {
        let line = format!("csqlstore {}", args.join(" "));
        let written = self.output(&[&["--color", "always"], args].concat(), expected)?;
        let title = format!("A terminal with the output of {line}");
        let screen = format!("\x1b[1m$ {line}\x1b[0m\n{written}");
        fs::write(folder.join(name), svg::draw(&screen, &title)).with_context(|| format!("writing {name} failed"))?;
        say::line(format_args!("docs/pictures/{name}"));
        Ok(())
    }

    /// Runs the program where the sandbox's configuration is, and returns what it writes to standard output.
    fn output(&self, args: &[&str], expected: i32) -> Result<String> {
        let mut command = Command::new(&self.program);
        command.args(args).env_clear().env("HOME", "/tmp").env("PATH", std::env::var_os("PATH").unwrap_or_default());
        if args.first() == Some(&"sandbox") {
            command.arg("--dir").arg(&self.dir);
        }
        if self.dir.exists() {
            command.current_dir(&self.dir);
        }
        let output = command.output().with_context(|| format!("starting {command:?} failed"))?;
        crate::interrupt::check()?;
        if output.status.code() != Some(expected) {
            bail!("{command:?} ended with {}: {}", output.status, String::from_utf8_lossy(&output.stderr));
        }
        Ok(String::from_utf8(output.stdout)?)
    }
}
