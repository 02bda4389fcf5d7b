//! `csqlstore generate` (hidden): the man pages and completion scripts that are checked in.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, CommandFactory, ValueEnum};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use crate::cli::Cli;
use crate::commands::completions::ShellName;
use crate::failure::{Failure, Status};
use crate::ui::Ui;

/// Write man/ and completions/
#[derive(Args, Debug)]
#[command(hide = true)]
pub(crate) struct GenerateArgs {
    /// The folder that they are written into
    #[arg(long, value_name = "DIR", default_value = ".")]
    into: PathBuf,
}

pub(crate) fn run(args: &GenerateArgs, ui: &Ui) -> Result<Status, Failure> {
    let GenerateArgs { into } = args;
    let (man, completions) = (into.join("man"), into.join("completions"));
    let mut written = 0;
    for (name, page) in pages()? {
        written += write(&man.join(name), &page)?;
    }
    for shell in ShellName::value_variants() {
        written += write(&completions.join(shell.file_name()), &shell.script())?;
    }
    ui.note(format!("{written} files written into {}", into.display()));
    Ok(Status::Done)
}

fn write(path: &Path, bytes: &[u8]) -> Result<usize, Failure> {
    let failed = |error: std::io::Error| Failure::request(format!("writing `{}` failed: {error}", path.display()));
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    fs::write(path, bytes).map_err(failed)?;
    Ok(1)
}

/// Every man page, by file name: one for the program and one for each command that is shown.
fn pages() -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let mut root = Cli::command().disable_help_subcommand(true);
    root.build();
    let mut pages = Vec::new();
    collect(&root, &mut pages)?;
    Ok(pages)
}

fn collect(command: &clap::Command, pages: &mut Vec<(String, Vec<u8>)>) -> Result<(), Failure> {
    let name = command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned();
    pages.push((format!("{name}.1"), page(command, &name)?));
    for verb in command.get_subcommands().filter(|verb| !verb.is_hide_set() && verb.get_name() != "help") {
        collect(verb, pages)?;
    }
    Ok(())
}

fn page(command: &clap::Command, name: &str) -> Result<Vec<u8>, Failure> {
    let version = env!("CARGO_PKG_VERSION");
    let man = Man::new(command.clone()).title(name.to_uppercase()).source(format!("csqlstore {version}")).date("");
    let mut page = Vec::new();
    let mut sections = Roff::new();
    let examples = examples(command);
    if !examples.is_empty() {
        sections.control("SH", ["EXAMPLES"]);
        // As they are typed: a line that is filled is no command any more.
        sections.control("nf", []);
        for line in &examples {
            sections.text([roman(line)]);
        }
        sections.control("fi", []);
    }
    sections.control("SH", ["EXIT STATUS"]);
    for (code, meaning) in EXIT_STATUS {
        sections.control("TP", []);
        sections.text([bold(*code)]);
        sections.text([roman(*meaning)]);
    }
    sections.control("SH", ["ENVIRONMENT"]);
    for (variable, meaning) in ENVIRONMENT {
        sections.control("TP", []);
        sections.text([bold(*variable)]);
        sections.text([roman(*meaning)]);
    }
    sections.control("SH", ["FILES"]);
    for (path, meaning) in FILES {
        sections.control("TP", []);
        sections.text([bold(*path)]);
        sections.text([roman(*meaning)]);
    }
    let written = man
        .render_title(&mut page)
        .and_then(|()| man.render_name_section(&mut page))
        .and_then(|()| man.render_synopsis_section(&mut page))
        .and_then(|()| man.render_description_section(&mut page))
        .and_then(|()| man.render_options_section(&mut page))
        .and_then(|()| match command.has_subcommands() {
            true => man.render_subcommands_section(&mut page),
            false => Ok(()),
        })
        .and_then(|()| sections.to_writer(&mut page));
    written.map_err(|error| Failure::bug("writing a man page failed", &error))?;
    Ok(page)
}

/// The examples of a command's help: what stands under `Examples:`, to the first empty line.
fn examples(command: &clap::Command) -> Vec<String> {
    let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let below = help.lines().skip_while(|line| line.trim() != "Examples:").skip(1);
    below.take_while(|line| !line.trim().is_empty()).map(|line| line.trim().to_owned()).collect()
}

const EXIT_STATUS: &[(&str, &str)] = &[
    ("0", "Done; the answer is yes."),
    (
        "1",
        "Done; the answer is no: migrations pending with --check, a node that is not ok, a cookie or row that verifies under no key, no such session, an event that does not work, a key with a warning.",
    ),
    ("2", "Wrong request or configuration."),
    ("3", "Not now, try again: no usable node, someone else holds the lease, a lock wait."),
    (
        "4",
        "Data or schema not as expected: a migration half applied, duplicate ids, a value that verifies and then does not decode.",
    ),
    ("5", "Stopped early, work is left: a limit of time or rows was reached."),
    ("70", "A bug in csqlstore."),
    (
        "130, 143",
        "Stopped by SIGINT or SIGTERM, after the current batch; the report of what was done is still printed.",
    ),
];

const ENVIRONMENT: &[(&str, &str)] = &[
    ("CSQLSTORE_CONFIG", "The configuration file."),
    ("CSQLSTORE_NODES", "The nodes: DSNs, each with an optional NAME= before it, with white space between."),
    (
        "CSQLSTORE_PASSWORD, CSQLSTORE_PASSWORD_FILE",
        "The password of every DSN that has none, or a file that holds it.",
    ),
    ("CSQLSTORE_KEYS", "The keyring: pairs HASH[,BLOCK], separated by semicolons or line ends."),
    ("CSQLSTORE_NAMES", "Session names, which are cookie names, with white space between."),
    ("CSQLSTORE_SERVE_TOKEN", "The token that callers of node serve have to show, where no --token-file names it."),
    ("NO_COLOR", "No colours, if it is set and not empty."),
];

const FILES: &[(&str, &str)] = &[
    ("./csqlstore.toml", "The configuration, if the working folder has one."),
    ("$XDG_CONFIG_HOME/csqlstore/config.toml", "The configuration of this user."),
    ("/etc/csqlstore/csqlstore.toml", "The configuration of this machine."),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_that_is_shown_has_a_page() {
        let names: Vec<String> = pages().unwrap().into_iter().map(|(name, _)| name).collect();
        assert!(names.contains(&"csqlstore.1".to_owned()), "{names:?}");
        assert!(names.contains(&"csqlstore-completions.1".to_owned()), "{names:?}");
        assert!(!names.iter().any(|name| name == "csqlstore-generate.1" || name.contains("help")), "{names:?}");
    }
}
