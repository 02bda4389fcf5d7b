//! What has to be written so that a screen shows these lines. Pure.

use std::fmt::Write as _;

/// Knows what is shown.
#[derive(Default)]
pub(super) struct Painter {
    /// `None`: nothing is known of the screen.
    shown: Option<Vec<String>>,
}

impl Painter {
    /// Writes what changes; `anew` writes everything.
    pub(super) fn paint(&mut self, lines: Vec<String>, anew: bool) -> String {
        let shown = self.shown.take().filter(|_| !anew);
        let mut changes = String::new();
        if shown.is_none() {
            changes.push_str("\x1b[H\x1b[2J");
        }
        let shown = shown.unwrap_or_default();
        for row in 0..lines.len().max(shown.len()) {
            let (before, now) = (shown.get(row).map_or("", String::as_str), lines.get(row).map_or("", String::as_str));
            if before != now {
                // A String takes whatever is written to it.
                let _ = write!(changes, "\x1b[{};1H\x1b[2K{now}", row + 1);
            }
        }
        self.shown = Some(lines);
        if changes.is_empty() {
            return changes;
        }
        // A terminal that knows these two shows all of it at once.
        format!("\x1b[?2026h{changes}\x1b[?2026l")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(lines: &[&str]) -> Vec<String> {
        lines.iter().map(|line| (*line).to_owned()).collect()
    }

    #[test]
    fn only_what_changes_is_written() {
        let mut painter = Painter::default();
        for (name, now, anew, expected) in [
            ("the first", &["a", "b"][..], false, "\x1b[H\x1b[2J\x1b[1;1H\x1b[2Ka\x1b[2;1H\x1b[2Kb"),
            ("the same", &["a", "b"], false, ""),
            ("one line", &["a", "c"], false, "\x1b[2;1H\x1b[2Kc"),
            ("one more", &["a", "c", "d"], false, "\x1b[3;1H\x1b[2Kd"),
            ("fewer", &["a"], false, "\x1b[2;1H\x1b[2K\x1b[3;1H\x1b[2K"),
            ("anew", &["a"], true, "\x1b[H\x1b[2J\x1b[1;1H\x1b[2Ka"),
        ] {
            let expected =
                if expected.is_empty() { String::new() } else { format!("\x1b[?2026h{expected}\x1b[?2026l") };
            assert_eq!(painter.paint(lines(now), anew), expected, "{name}");
        }
    }
}
