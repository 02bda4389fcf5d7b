//! The page on all errors: each case has a row in it, and each row a case.
//!
//! A row begins with what is seen, in double backticks, with `…` for what differs.

use super::{Case, TABLE};

const PAGE: &str = include_str!("../../../docs/troubleshooting.md");

/// Returns what the page lacks, and what it has too much.
pub(super) fn complaints() -> Vec<String> {
    let mut complaints = Vec::new();
    for (heading, cases) in TABLE {
        let rows = rows(heading);
        let unexplained = cases.iter().filter(|case| !rows.iter().any(|row| explains(row, case)));
        complaints.extend(unexplained.map(|case| format!("`{heading}` has no row for {}: {}", case.name, case.says)));
        let idle = rows.iter().filter(|row| !cases.iter().any(|case| explains(row, case)));
        complaints.extend(idle.map(|row| format!("`{heading}` has a row that nothing says: {row}")));
    }
    complaints
}

/// The first cells of the tables under a heading.
fn rows(heading: &str) -> Vec<&'static str> {
    let (_, rest) = PAGE.split_once(&format!("\n## {heading}\n")).unwrap_or_else(|| panic!("no heading `{heading}`"));
    let part = rest.split("\n## ").next().unwrap_or_default();
    let seen = part.lines().filter_map(|line| line.strip_prefix("| `` ")?.split_once(" `` | "));
    seen.map(|(seen, _)| seen).collect()
}

/// Whether all pieces of a row's first cell stand in what a case says, one after another.
fn explains(row: &str, case: &Case) -> bool {
    let mut rest = if case.says.is_empty() { case.reports } else { case.says };
    row.split('…').all(|piece| match rest.split_once(piece.trim()) {
        Some((_, after)) => {
            rest = after;
            true
        }
        None => false,
    })
}
