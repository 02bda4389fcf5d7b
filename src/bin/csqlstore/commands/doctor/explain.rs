//! `csqlstore doctor --explain`: the pages of the findings, without a server.

use serde::Serialize;

use csqlstore::Code;

use crate::failure::{Failure, Status};
use crate::ui::{Report, Style, Ui};

/// Shows the page of a code, or with an empty text the list of all.
pub(super) fn run(code: &str, ui: &Ui) -> Result<Status, Failure> {
    if code.is_empty() {
        return ui.answer(&List);
    }
    ui.answer(&Page(Code::parse(code).ok_or_else(|| unknown(code))?))
}

/// Says that there is no such code, with the one that was perhaps meant.
#[track_caller]
pub(super) fn unknown(text: &str) -> Failure {
    let nearest = Code::ALL.iter().min_by_key(|code| distance(code.as_str(), text));
    let hint = match nearest {
        Some(code) => format!("`{code}` is the nearest; `csqlstore doctor --explain` lists all"),
        None => "`csqlstore doctor --explain` lists all".to_owned(),
    };
    Failure::request(format!("there is no finding `{}`", text.escape_debug())).hint(hint)
}

/// The number of letters to put in, take out or change to make one word of the other; cheaper where one begins the other.
fn distance(code: &str, text: &str) -> usize {
    let (code, text): (Vec<char>, Vec<char>) = (code.chars().collect(), text.to_lowercase().chars().take(64).collect());
    let mut row: Vec<usize> = (0..=text.len()).collect();
    for (i, a) in code.iter().enumerate() {
        let mut before = i;
        row[0] = i + 1;
        for (j, b) in text.iter().enumerate() {
            let changed = before + usize::from(a != b);
            before = row[j + 1];
            row[j + 1] = changed.min(before + 1).min(row[j] + 1);
        }
    }
    row[text.len()]
}

/// One page.
struct Page(Code);

/// The list of all.
struct List;

#[derive(Serialize)]
struct ListedJson {
    code: &'static str,
    subject: &'static str,
    summary: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<&'static str>,
}

impl ListedJson {
    fn of(code: Code, page: Option<&'static str>) -> Self {
        Self { code: code.as_str(), subject: code.subject().as_str(), summary: code.summary(), page }
    }
}

#[derive(Serialize)]
struct ListJson {
    codes: Vec<ListedJson>,
}

impl Report for Page {
    fn json(&self) -> impl Serialize {
        ListedJson::of(self.0, Some(self.0.page()))
    }

    fn human(&self, style: &Style) -> String {
        let mut text = String::new();
        for line in self.0.page().lines() {
            match line.split_once(' ') {
                Some(("#" | "##", heading)) => text.push_str(&style.bold(heading)),
                // What is set off by fences is shown as it is to be typed.
                _ if line.starts_with("```") => continue,
                _ => text.push_str(line),
            }
            text.push('\n');
        }
        text
    }
}

impl Report for List {
    fn json(&self) -> impl Serialize {
        ListJson { codes: Code::ALL.iter().map(|code| ListedJson::of(*code, None)).collect() }
    }

    fn human(&self, style: &Style) -> String {
        let mut text = String::new();
        let mut subject = None;
        for code in Code::ALL {
            if subject != Some(code.subject()) {
                subject = Some(code.subject());
                text.push_str(if text.is_empty() { "" } else { "\n" });
                text.push_str(&format!("{}\n", style.bold(code.subject().as_str())));
            }
            text.push_str(&format!("  {code}\n      {}\n", code.summary()));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_code_is_the_one_that_was_meant() {
        for (text, nearest) in [
            ("node-dwn", "node-down"),
            ("Event-Missing", "event-missing"),
            ("primarykeymissing", "primary-key-missing"),
            ("writers-zone", "writer-zone"),
        ] {
            let hint = unknown(text).hint.unwrap();
            assert!(hint.starts_with(&format!("`{nearest}`")), "{text}: {hint}");
        }
    }

    #[test]
    fn every_page_reads_in_a_terminal() {
        for code in Code::ALL {
            let text = Page(*code).human(&Style { colors: false });
            assert!(!text.contains("```") && !text.contains("\n#"), "{code}");
            let long = text.lines().find(|line| line.chars().count() > 120);
            assert_eq!(long, None, "{code}");
        }
    }
}
