//! What was seen, by what happened meanwhile.

use std::fmt;

use crate::load::{Event, now_ms};

use super::witness::Wait;

/// A stretch of time in which something is so.
pub struct Phase {
    what: String,
    victim: String,
    begin_ms: u64,
}

impl Phase {
    pub fn begin(what: &str, victim: &str) -> Self {
        Self { what: what.to_owned(), victim: victim.to_owned(), begin_ms: now_ms() }
    }
}

/// What was seen in one phase.
#[derive(Default)]
struct Line {
    what: String,
    lasted_ms: u64,
    /// The longest that somebody waited for a get, and for a save.
    get_ms: u64,
    save_ms: u64,
    /// The longest that the other nodes let a writer of their own wait.
    cluster_ms: u64,
    errors: usize,
    stale: usize,
}

/// What was seen.
pub struct Seen {
    lines: Vec<Line>,
    /// What must not be.
    pub broken: Vec<Event>,
    pub errors: Vec<String>,
}

impl Seen {
    pub fn of((events, waits): (&[Event], &[Wait]), phases: &[Phase], end_ms: u64) -> Self {
        let ends = phases.iter().skip(1).map(|phase| phase.begin_ms).chain([end_ms]);
        let line = |(phase, end): (&Phase, u64)| Line {
            what: phase.what.clone(),
            lasted_ms: end - phase.begin_ms,
            ..Line::default()
        };
        let mut seen =
            Self { lines: phases.iter().zip(ends).map(line).collect(), broken: Vec::new(), errors: Vec::new() };
        // A wait belongs to the phase in which its middle is.
        let at = |ms: u64| phases.iter().rposition(|phase| phase.begin_ms <= ms).unwrap_or(0);
        for event in events {
            match event {
                Event::Gap { doing, began_ms, ms, .. } => {
                    let line = &mut seen.lines[at(began_ms + ms / 2)];
                    let longest = if doing == "save" { &mut line.save_ms } else { &mut line.get_ms };
                    *longest = (*longest).max(*ms);
                }
                Event::Error { at_ms, doing, text, .. } => {
                    seen.lines[at(*at_ms)].errors += 1;
                    seen.errors.push(format!("{}: {doing}: {text}", seen.lines[at(*at_ms)].what));
                }
                Event::Stale { at_ms, .. } => seen.lines[at(*at_ms)].stale += 1,
                Event::Lost { .. } | Event::Mixed { .. } => seen.broken.push(event.clone()),
                Event::Working | Event::End(_) => {}
            }
        }
        for Wait { node, began_ms, ms } in waits {
            let at = at(began_ms + ms / 2);
            if *node != phases[at].victim {
                seen.lines[at].cluster_ms = seen.lines[at].cluster_ms.max(*ms);
            }
        }
        seen
    }

    pub fn longest_gap_ms(&self) -> u64 {
        self.lines.iter().map(|line| line.get_ms.max(line.save_ms)).max().unwrap_or(0)
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "| the node is | s | longest wait for a get, ms | for a save, ms | of a writer on another node, ms | errors | older states |"
        )?;
        writeln!(f, "|---|--:|--:|--:|--:|--:|--:|")?;
        for Line { what, lasted_ms, get_ms, save_ms, cluster_ms, errors, stale } in &self.lines {
            let wait = |ms: &u64| if *ms == 0 { "< 100".to_owned() } else { ms.to_string() };
            let (s, get, save, own) = (*lasted_ms as f64 / 1000.0, wait(get_ms), wait(save_ms), wait(cluster_ms));
            writeln!(f, "| {what} | {s:.1} | {get} | {save} | {own} | {errors} | {stale} |")?;
        }
        for error in &self.errors {
            writeln!(f, "{error}")?;
        }
        Ok(())
    }
}
