//! What was noticed, and what to do about it: one form for every command.

use std::borrow::Cow;

use serde::Serialize;

use csqlstore::{Finding, Level, Subject};

use super::{Style, again, plain};

const WIDTH: usize = 80;

/// A finding in an answer as JSON.
#[derive(Serialize)]
pub(crate) struct FindingJson<'a> {
    level: &'static str,
    code: &'static str,
    node: Option<&'a str>,
    message: &'a str,
    fix: Option<Cow<'a, str>>,
}

impl<'a> From<&'a Finding> for FindingJson<'a> {
    fn from(finding: &'a Finding) -> Self {
        let Finding { level, code, node, message, fix } = finding;
        Self {
            level: level.as_str(),
            code: code.as_str(),
            node: node.as_deref(),
            message,
            fix: fix.as_deref().map(again),
        }
    }
}

/// Writes findings for people, each with an empty line before it.
pub(crate) fn findings_as_text(findings: &[Finding], style: &Style) -> String {
    let mut text = String::new();
    for Finding { level, code, node: _, message, fix } in findings {
        let word = format!("{level}:");
        let painted = match level {
            Level::Error => style.bad(&word),
            Level::Warning => style.warn(&word),
            Level::Note => style.dim(&word),
        };
        let body = wrapped(&format!("{word} {} [{code}]", plain(message)), "  ");
        text.push_str(&format!("\n{painted}{}", body.strip_prefix(&word).unwrap_or(&body)));
        if let Some(fix) = fix {
            // Not wrapped and alone on its line: it is there to be copied.
            text.push_str(&format!("  {}\n", style.good("fix:")));
            let fix = again(fix);
            // Steps have a line each. What a server said may not make lines of its own, which people would paste.
            let lines: Vec<&str> = if code.subject() == Subject::Keys { fix.lines().collect() } else { vec![&fix] };
            lines.into_iter().for_each(|line| text.push_str(&format!("    {}\n", plain(line))));
        }
    }
    text
}

/// Breaks a text between words so that it fits a terminal; further lines are indented.
fn wrapped(text: &str, indent: &str) -> String {
    let mut lines = String::new();
    let mut column = 0;
    for word in text.split(' ') {
        let long = word.chars().count();
        if column > 0 && column + 1 + long > WIDTH {
            lines.push('\n');
            lines.push_str(indent);
            column = indent.len();
        } else if column > 0 {
            lines.push(' ');
            column += 1;
        }
        lines.push_str(word);
        column += long;
    }
    lines.push('\n');
    lines
}

#[cfg(test)]
mod tests {
    use csqlstore::Code;

    use super::*;

    #[test]
    fn a_long_message_fits_the_terminal_and_loses_no_word() {
        let message = "word ".repeat(60);
        let finding = Finding::new(Level::Error, Code::SplitBrain, message.trim()).fix("SQL ".repeat(40).trim());
        let text = findings_as_text(&[finding], &Style { colors: false });
        let (body, fix) = text.split_once("  fix:\n").expect("a fix");
        assert!(body.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
        assert_eq!(body.matches("word").count(), 60);
        assert_eq!(fix.lines().count(), 1);
    }

    #[test]
    fn the_steps_of_a_fix_have_a_line_each_and_a_server_cannot_add_one() {
        for (code, lines) in [(Code::KeyShort, 2), (Code::NodeDown, 1)] {
            let finding = Finding::new(Level::Warning, code, "a").fix("one\n# two");
            let text = findings_as_text(&[finding], &Style { colors: false });
            let (_, fix) = text.split_once("  fix:\n").expect("a fix");
            assert_eq!(fix.lines().filter(|line| line.starts_with("    ")).count(), lines, "{text}");
            assert_eq!(fix.lines().count(), lines, "{text}");
        }
    }

    #[test]
    fn what_a_server_said_cannot_move_the_cursor() {
        let finding = Finding::new(Level::Warning, Code::NodeDown, "a\u{1b}[2Jb");
        assert!(!findings_as_text(&[finding], &Style { colors: false }).contains('\u{1b}'));
    }
}
