//! One look at everything: nodes, schema, rows, writers, cleanup, clocks, account, limits, keys.
//!
//! `look` gathers: all questions at once, each with a deadline, and nothing is written. `judge` concludes, and is pure. What
//! [`health`], [`event`] and [`migrate`](crate::migrate) conclude by themselves is asked of them. Each finding has a
//! [`Code`] with a page, and says what mends it.

mod grants;
mod judge;
mod look;
mod needs;

use std::time::Duration;

use crate::cluster::{self, Cluster, Refusal};
use crate::event::{self, Evidence, Instead, Question};
use crate::grant::{self, Object};
use crate::health;
use crate::schema::Table;
use crate::securecookie::Codec;
use crate::{Code, Finding, Level, Subject};

pub use judge::{Growth, Writer};

use look::{Data, Rows, Seen};

/// Keys to try on a sample of the rows.
pub struct Keys {
    /// The keys, and the limits of age and length.
    pub codec: Codec,
    /// The session names under which to verify.
    pub names: Vec<String>,
}

/// Everything that was noticed.
#[derive(Clone, Debug, PartialEq)]
pub struct Examination {
    /// The findings, the worst first; of equals, by subject.
    pub findings: Vec<Finding>,
    /// The table's size and growth; `None` if no node tells.
    pub growth: Option<Growth>,
    /// What the newest rows show; `None` if no node tells.
    pub sample: Option<Sample>,
    /// Whether every node refused the account or the address, so that waiting would not help.
    refused: bool,
}

/// What the newest rows show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sample {
    /// How many rows were looked at.
    pub rows: usize,
    /// The programs that made them, by their clocks' offset.
    pub writers: Vec<Writer>,
    /// How many rows each pair of keys opens: the pair's place, counted from 1, and the rows; empty without keys.
    pub opened: Vec<(usize, usize)>,
    /// How long ago the oldest expired row expired.
    pub oldest_expired: Option<Duration>,
}

/// What the examination comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Nothing is wrong: there may be notes.
    Clean,
    /// Nothing is wrong yet.
    Warned,
    /// Something does not work: a node, the cleanup.
    Failing,
    /// No node is usable now.
    Unusable,
    /// Every node refuses the account or the address.
    Refused,
    /// The schema or the rows are not what they should be.
    Faulty,
}

impl Examination {
    /// Concludes: schema and rows before nodes that cannot be used, and these before a cleanup that does not work.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let each = self.findings.iter().map(|finding| match (finding.level, finding.code.subject(), finding.code) {
            (Level::Note, ..) => Verdict::Clean,
            (Level::Warning, ..) => Verdict::Warned,
            (Level::Error, Subject::Schema | Subject::Rows | Subject::Writers, _) => Verdict::Faulty,
            (Level::Error, _, Code::NoUsableNode) if self.refused => Verdict::Refused,
            (Level::Error, _, Code::NoUsableNode) => Verdict::Unusable,
            (Level::Error, ..) => Verdict::Failing,
        });
        each.max().unwrap_or(Verdict::Clean)
    }

    /// Puts what somebody else noticed, of the keys for one, among the findings.
    pub fn add(&mut self, findings: Vec<Finding>) {
        self.findings.extend(findings);
        self.findings = sorted(std::mem::take(&mut self.findings));
    }

    /// Leaves out every finding whose code is not wanted.
    pub fn keep(&mut self, wanted: impl Fn(Code) -> bool) {
        self.findings.retain(|finding| wanted(finding.code));
    }
}

/// Looks at everything. What could not be looked at is a finding too.
pub async fn examine(cluster: &Cluster, table: &Table, keys: Option<&Keys>) -> Examination {
    conclude(&look::look(cluster, table, keys).await, table)
}

fn conclude(seen: &Seen, table: &Table) -> Examination {
    let rows = seen.rows.as_ref().ok();
    let nodes = health::judge(&seen.health);
    let mut findings = nodes.findings.clone();
    findings.extend(judge::schema(&seen.servers, table));
    findings.extend(health::differences(&seen.schemas, &seen.health, table));
    let cleanup = cleanup(seen, rows, table);
    // The event's finding says what the table of leases is missed for.
    let leases_told = cleanup.iter().any(|finding| finding.code == Code::EventLeaseMissing);
    findings.extend(judge::drift(&seen.schemas, &seen.servers, table, leases_told));
    findings.extend(cleanup);
    findings.extend(judge::account(&seen.servers, table));
    findings.extend(judge::limits(&seen.servers, rows));
    findings.extend(seen.rows.as_ref().err().and_then(judge::no_rows));
    let (mut growth, mut sample) = (None, None);
    if let Some(rows) = rows {
        let mut of_rows = judge::rows(rows, table);
        of_rows.iter_mut().for_each(|finding| seen.standing.migrate_first(finding));
        findings.extend(of_rows);
        let (writers, astray) = judge::writers(rows);
        findings.extend(astray);
        let (grown, grows) = judge::growth(rows, table);
        findings.extend(grows);
        growth = grown;
        sample = rows.sample.is_ok().then(|| sampled(rows, writers));
    }
    if let Some((rows, ids)) = rows.and_then(|rows| Some((rows, rows.duplicates.as_deref().ok()?))) {
        findings.iter_mut().for_each(|finding| judge::dedupe_too(finding, ids, rows.refuses_deletion, table));
    }
    Examination { findings: sorted(findings), growth, sample, refused: seen.refused() }
}

fn cleanup(seen: &Seen, rows: Option<&Rows>, table: &Table) -> Vec<Finding> {
    // That no node answers is a finding about the nodes, which say why.
    let (Ok(events), Some(rows)) = (&seen.events, rows) else { return Vec::new() };
    let backlog = match &rows.backlog {
        Ok(backlog) => backlog.oldest.map_or(event::Backlog::Empty, event::Backlog::Oldest),
        Err(error) => {
            event::Backlog::Unknown { refusal: Refusal::new(&rows.node, error), fix: Some(way_out(error, rows, table)) }
        }
    };
    let question = Question { instead: Instead::EventOrPurge, event: event::Name::of(table), table: table.clone() };
    let (sights, standing) = (events.clone(), seen.standing.clone());
    let evidence = Evidence { sights, backlog, standing, clocks_apart: seen.clocks().spread() };
    event::judge(&question, &evidence).findings
}

/// What helps where the oldest expired row could not be read.
fn way_out(error: &cluster::Error, rows: &Rows, table: &Table) -> String {
    match error.code() {
        Some(1146) => "csqlstore migrate up".to_owned(),
        _ if grant::is_lacking(error) => {
            let (database, account) = (rows.database.as_deref(), Some(rows.account.as_str()));
            grant::render("SELECT", Object::Table(table.name()), database, account)
        }
        _ => "csqlstore doctor --timeout 30s".to_owned(),
    }
}

fn sampled(rows: &Rows, writers: Vec<Writer>) -> Sample {
    let sample = rows.sample.as_deref().unwrap_or_default();
    let mut opened = std::collections::BTreeMap::new();
    for row in sample {
        if let Some(Data::Opens { key }) = row.data {
            *opened.entry(key).or_insert(0) += 1;
        }
    }
    let oldest_expired = rows.backlog.as_ref().ok().and_then(|backlog| backlog.oldest);
    Sample { rows: sample.len(), writers, opened: opened.into_iter().collect(), oldest_expired }
}

/// Puts the worst first, and leaves out what is said twice: who looks at the events of a node that is down finds that too.
fn sorted(findings: Vec<Finding>) -> Vec<Finding> {
    let mut kept: Vec<Finding> = Vec::new();
    for finding in findings {
        let said = |of: &Finding| {
            of.node == finding.node
                && (of.code == finding.code || (of.level == Level::Error && finding.code == Code::NodeDown))
        };
        let about_node = finding.code.subject() == Subject::Nodes && finding.node.is_some();
        if !(about_node && kept.iter().any(|of| of.code.subject() == Subject::Nodes && said(of))) {
            kept.push(finding);
        }
    }
    kept.sort_by_key(|finding| (std::cmp::Reverse(finding.level), finding.code.subject()));
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn examined(findings: Vec<Finding>) -> Examination {
        Examination { findings: sorted(findings), growth: None, sample: None, refused: false }
    }

    fn of(level: Level, code: Code) -> Finding {
        Finding::new(level, code, "…")
    }

    #[test]
    fn what_the_nodes_say_of_a_node_is_not_said_again() {
        let found = sorted(vec![
            of(Level::Error, Code::NodeDown).on("n1"),
            of(Level::Error, Code::NodeUnusable).on("n2"),
            of(Level::Warning, Code::NodeDown).on("n1"),
            of(Level::Warning, Code::NodeDown).on("n2"),
            of(Level::Warning, Code::NodeDown).on("n3"),
            of(Level::Warning, Code::NodeBehind).on("n1"),
            of(Level::Error, Code::EventNodeDown),
        ]);
        let found: Vec<(Code, Option<&str>)> =
            found.iter().map(|finding| (finding.code, finding.node.as_deref())).collect();
        assert_eq!(
            found,
            [
                (Code::NodeDown, Some("n1")),
                (Code::NodeUnusable, Some("n2")),
                (Code::EventNodeDown, None),
                (Code::NodeDown, Some("n3")),
                (Code::NodeBehind, Some("n1")),
            ]
        );
    }

    #[test]
    fn of_several_causes_the_gravest_decides() {
        let fault = || of(Level::Error, Code::PrimaryKeyMissing);
        let none = || of(Level::Error, Code::NoUsableNode);
        let cleanup = || of(Level::Error, Code::ExpiredRowsLeft);
        let warning = || of(Level::Warning, Code::WsRowsLimit);
        let note = || of(Level::Note, Code::MigrationUnrecorded);
        for (findings, expected) in [
            (vec![], Verdict::Clean),
            (vec![note()], Verdict::Clean),
            (vec![note(), warning()], Verdict::Warned),
            (vec![warning(), cleanup()], Verdict::Failing),
            (vec![cleanup(), none()], Verdict::Unusable),
            (vec![cleanup(), fault(), none()], Verdict::Faulty),
            (vec![of(Level::Warning, Code::WriterZone)], Verdict::Warned),
            (vec![of(Level::Error, Code::WriterZone)], Verdict::Faulty),
        ] {
            assert_eq!(examined(findings.clone()).verdict(), expected, "{findings:?}");
        }
        let refused = Examination { refused: true, ..examined(vec![none()]) };
        assert_eq!(refused.verdict(), Verdict::Refused);
    }

    #[test]
    fn what_is_not_wanted_decides_nothing() {
        let mut all = examined(vec![of(Level::Error, Code::PrimaryKeyMissing), of(Level::Warning, Code::WsRowsLimit)]);
        all.keep(|code| code != Code::PrimaryKeyMissing);
        assert_eq!(all.verdict(), Verdict::Warned);
    }
}
