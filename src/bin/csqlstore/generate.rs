//! `csqlstore generate` (hidden): the man pages and completion scripts that are checked in.

mod facts;
mod page;

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, CommandFactory, ValueEnum};

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
    collect(&root, &[], &mut pages)?;
    Ok(pages)
}

fn collect(command: &clap::Command, above: &[String], pages: &mut Vec<(String, Vec<u8>)>) -> Result<(), Failure> {
    let name = command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned();
    let examples = page::examples(command, above);
    let written = page::page(command, &name, &examples);
    pages.push((format!("{name}.1"), written.map_err(|error| Failure::bug("writing a man page failed", &error))?));
    for verb in page::shown(command) {
        collect(verb, &examples, pages)?;
    }
    Ok(())
}

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
    #[test]
    fn every_page_has_the_version_and_the_day_of_the_newest_in_the_changelog() {
        let changelog = include_str!("../../../CHANGELOG.md");
        let words = || changelog.split(|c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '-');
        let day = words().find_map(|word| word.trim_end_matches('.').parse::<jiff::civil::Date>().ok());
        let version = words().find(|word| word.split('.').filter(|part| part.parse::<u8>().is_ok()).count() == 3);
        let (day, version) = (day.expect("a day"), version.expect("a version"));
        assert_eq!(version, env!("CARGO_PKG_VERSION"));
        for (name, page) in pages().unwrap() {
            let page = String::from_utf8(page).unwrap();
            let title = page.lines().find(|line| line.starts_with(".TH ")).expect("a title");
            assert!(title.contains(&format!(" {day} ")) && title.contains(version), "{name}: {title} {day}");
        }
    }

    #[test]
    fn every_page_has_the_sections_that_people_look_for() {
        for (name, page) in pages().unwrap() {
            let page = String::from_utf8(page).unwrap();
            for section in ["EXAMPLES", "EXIT STATUS", "ENVIRONMENT", "FILES", "SEE ALSO"] {
                let heading = format!(".SH \"{section}\"\n");
                let heading = if section.contains(' ') { heading } else { format!(".SH {section}\n") };
                let (_, below) = page.split_once(&heading).unwrap_or_else(|| panic!("{name} has no {section}"));
                assert!(!below.trim_start().starts_with(".SH"), "{name}: {section} is empty");
            }
        }
    }

    #[test]
    fn a_page_says_what_its_own_command_does_and_no_other() {
        let pages: std::collections::BTreeMap<_, _> = pages().unwrap().into_iter().collect();
        let page = |name: &str| String::from_utf8(pages[&format!("csqlstore-{name}.1")].clone()).unwrap();
        for (name, there, absent) in [
            ("completions", "NO_COLOR", "CSQLSTORE_NODES"),
            ("session-decode", "CSQLSTORE_KEYS", "No usable node"),
            ("migrate-up", "CSQLSTORE_PASSWORD", "CSQLSTORE_KEYS"),
            ("purge", "work is left", "is asked"),
            ("sandbox-up", "csqlstore\\-sandbox\\-UID", "CSQLSTORE_CONFIG"),
            ("key-generate", "70", "CSQLSTORE_CONFIG"),
        ] {
            let page = page(name);
            let (_, facts) = page.split_once("EXIT STATUS").unwrap();
            assert!(facts.contains(there), "{name} does not say {there}");
            assert!(!facts.contains(absent), "{name} says {absent}");
        }
        assert!(page("migrate-up").contains("csqlstore migrate up \\-\\-wait 2m"));
        assert!(!page("migrate-up").contains("csqlstore migrate unlock \\-\\-dry"));
    }
}
