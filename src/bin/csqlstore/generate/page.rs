//! One man page: what clap knows of a command, and what only people know.

use std::io;

use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::facts::{self, Facts};

/// When this version was released, or is meant to be: the day in the foot of each page. It is that of CHANGELOG.md's newest
/// version, which a test holds.
const DAY: &str = "2026-11-25";

/// Writes the page of a command.
pub(super) fn page(command: &clap::Command, name: &str, examples: &[String]) -> io::Result<Vec<u8>> {
    let version = env!("CARGO_PKG_VERSION");
    let man = Man::new(command.clone())
        .title(name.to_uppercase())
        .source(format!("csqlstore {version}"))
        .manual("csqlstore")
        .date(DAY);
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut page)?;
    }
    sections(command, name, examples).to_writer(&mut page)?;
    Ok(clean(&String::from_utf8_lossy(&page)).into_bytes())
}

fn sections(command: &clap::Command, name: &str, examples: &[String]) -> Roff {
    let mut sections = Roff::new();
    let Facts { exits, environment, files } = facts::of(command, name);
    if !examples.is_empty() {
        sections.control("SH", ["EXAMPLES"]);
        // As they are typed: a line that is filled is no command any more.
        sections.control("nf", []);
        for line in examples {
            sections.text([roman(line)]);
        }
        sections.control("fi", []);
    }
    for (heading, list) in [("EXIT STATUS", exits), ("ENVIRONMENT", environment), ("FILES", files)] {
        sections.control("SH", [heading]);
        for (what, meaning) in list {
            sections.control("TP", []);
            sections.text([bold(what)]);
            sections.text([roman(meaning)]);
        }
    }
    sections.control("SH", ["SEE ALSO"]);
    let above = name.rsplit_once('-').map(|(above, _)| above.to_owned());
    let below = shown(command).map(|verb| verb.get_display_name().unwrap_or_else(|| verb.get_name()).to_owned());
    let mut others: Vec<String> = above.into_iter().chain(below).collect();
    if name == "csqlstore" {
        others.extend(["mariadb", "mysql"].map(str::to_owned));
    }
    let others: Vec<String> = others.iter().map(|other| format!("{other}(1)")).collect();
    sections.text([roman(others.join(", "))]);
    sections
}

/// Returns the verbs of a noun that have pages.
pub(super) fn shown(command: &clap::Command) -> impl Iterator<Item = &clap::Command> {
    command.get_subcommands().filter(|verb| !verb.is_hide_set() && verb.get_name() != "help")
}

/// Returns the examples of a command: its own, else those of the noun above it that are its own, else the first of each verb.
pub(super) fn examples(command: &clap::Command, above: &[String]) -> Vec<String> {
    let own = own_examples(command);
    if !own.is_empty() {
        return own;
    }
    let words = command.get_bin_name().unwrap_or_else(|| command.get_name());
    let mut of_above = Vec::new();
    let mut taking = false;
    for line in above {
        // A line that begins with blanks explains the one before it.
        taking = if line.starts_with(' ') { taking } else { is_of(line, words) };
        if taking {
            of_above.push(line.clone());
        }
    }
    if !of_above.is_empty() {
        return of_above;
    }
    shown(command).filter_map(|verb| own_examples(verb).into_iter().next()).collect()
}

/// Whether an example is one of this command, whatever options stand between.
fn is_of(line: &str, words: &str) -> bool {
    let mut words = words.split(' ').peekable();
    for word in line.split_whitespace() {
        words.next_if(|wanted| *wanted == word);
    }
    words.peek().is_none()
}

/// What stands under `Examples:` in a command's help, to the first empty line.
fn own_examples(command: &clap::Command) -> Vec<String> {
    let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let below = help.lines().skip_while(|line| line.trim() != "Examples:").skip(1);
    below
        .take_while(|line| !line.trim().is_empty())
        .map(|line| line.strip_prefix("  ").unwrap_or(line).trim_end().to_owned())
        .collect()
}

/// Takes out what the generator writes and a formatter passes over: a break beside a blank line, blanks at a line's end.
fn clean(page: &str) -> String {
    let lines: Vec<&str> = page.lines().map(str::trim_end).collect();
    let is_blank = |at: Option<usize>| at.and_then(|at| lines.get(at)).is_some_and(|line| line.is_empty());
    let kept = lines
        .iter()
        .enumerate()
        .filter(|(at, line)| **line != ".br" || !(is_blank(at.checked_sub(1)) || is_blank(Some(at + 1))));
    let mut text = String::with_capacity(page.len());
    for (_, line) in kept {
        text.push_str(line);
        text.push('\n');
    }
    text
}
