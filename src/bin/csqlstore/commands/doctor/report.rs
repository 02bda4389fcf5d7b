//! What the doctor says, for people and for programs.

use serde::Serialize;

use csqlstore::doctor::{Examination, Growth, Sample, Verdict, Writer};
use csqlstore::{Finding, Level, Subject};

use crate::failure::Status;
use crate::ui::{FindingJson, Report, Style, findings_as_text};

/// The answer.
pub(super) struct DoctorReport {
    pub(super) examination: Examination,
    /// Whether warnings fail.
    pub(super) strict: bool,
}

#[derive(Serialize)]
struct DoctorJson<'a> {
    findings: Vec<FindingJson<'a>>,
    table: Option<TableJson>,
    sample: Option<SampleJson>,
}

/// The table's size; null where a number is not known.
#[derive(Serialize)]
struct TableJson {
    rows: u64,
    bytes: u64,
    free_bytes: u64,
    sessions_a_day: Option<f64>,
    lifetime_s: Option<u64>,
}

/// What the newest rows show.
#[derive(Serialize)]
struct SampleJson {
    rows: usize,
    oldest_expired_age_s: Option<u64>,
    writers: Vec<WriterJson>,
    keys: Vec<KeyJson>,
}

#[derive(Serialize)]
struct WriterJson {
    offset_s: i32,
    sessions: usize,
    last_at: String,
    dead_on_arrival: usize,
}

#[derive(Serialize)]
struct KeyJson {
    /// The pair's place, counted from 1.
    key: usize,
    /// How many rows of the sample it opens.
    opens: usize,
}

impl From<&Growth> for TableJson {
    fn from(growth: &Growth) -> Self {
        let Growth { rows, bytes, free_bytes, sessions_a_day, lifetime_s } = *growth;
        Self { rows, bytes, free_bytes, sessions_a_day: sessions_a_day.map(f64::round), lifetime_s }
    }
}

impl From<&Sample> for SampleJson {
    fn from(sample: &Sample) -> Self {
        let Sample { rows, writers, opened, oldest_expired } = sample;
        let writer = |writer: &Writer| {
            let Writer { offset_s, sessions, last_at, dead_on_arrival } = *writer;
            WriterJson { offset_s, sessions, last_at: last_at.to_string(), dead_on_arrival }
        };
        Self {
            rows: *rows,
            oldest_expired_age_s: oldest_expired.map(|age| age.as_secs()),
            writers: writers.iter().map(writer).collect(),
            keys: opened.iter().map(|(key, opens)| KeyJson { key: *key, opens: *opens }).collect(),
        }
    }
}

impl Report for DoctorReport {
    fn json(&self) -> impl Serialize {
        let Examination { findings, growth, sample, .. } = &self.examination;
        DoctorJson {
            findings: findings.iter().map(FindingJson::from).collect(),
            table: growth.as_ref().map(TableJson::from),
            sample: sample.as_ref().map(SampleJson::from),
        }
    }

    fn human(&self, style: &Style) -> String {
        let Examination { findings, sample, .. } = &self.examination;
        let mut text = summary(findings, style);
        for (subject, of_subject) in by_subject(findings) {
            text.push_str(&format!("\n{}{}", style.bold(subject.as_str()), findings_as_text(&of_subject, style)));
        }
        if let Some(Sample { rows, opened, .. }) = sample.as_ref().filter(|sample| !sample.opened.is_empty()) {
            let each: Vec<String> = opened.iter().map(|(key, opens)| format!("key {key} opens {opens}")).collect();
            text.push_str(&format!("\nOf the {rows} newest sessions {}.\n", each.join(", ")));
        }
        if !findings.is_empty() {
            text.push_str(&format!(
                "\n{}\n",
                style.dim("`csqlstore doctor --explain CODE` tells more of each [code].")
            ));
        }
        text
    }

    fn status(&self) -> Status {
        match self.examination.verdict() {
            Verdict::Clean => Status::Done,
            Verdict::Warned if self.strict => Status::No,
            Verdict::Warned => Status::Done,
            Verdict::Failing => Status::No,
            Verdict::Unusable => Status::NotNow,
            Verdict::Refused => Status::Request,
            Verdict::Faulty => Status::Unexpected,
        }
    }
}

fn summary(findings: &[Finding], style: &Style) -> String {
    let count = |level| findings.iter().filter(|finding| finding.level == level).count();
    let (errors, warnings, notes) = (count(Level::Error), count(Level::Warning), count(Level::Note));
    let said = |count: usize, noun: &str| match count {
        0 => None,
        1 => Some(format!("1 {noun}")),
        _ => Some(format!("{count} {noun}s")),
    };
    let each: Vec<String> =
        [said(errors, "error"), said(warnings, "warning"), said(notes, "note")].into_iter().flatten().collect();
    let text = match (errors, warnings, notes) {
        (0, 0, 0) => "nothing is wrong".to_owned(),
        (0, 0, _) => format!("nothing is wrong: {}", each.join(", ")),
        (0, _, _) => format!("nothing is wrong yet: {}", each.join(", ")),
        _ => each.join(", "),
    };
    let painted = match (errors, warnings) {
        (0, 0) => style.good(text),
        (0, _) => style.warn(text),
        _ => style.bad(text),
    };
    format!("{painted}\n")
}

/// The findings by subject, that with the worst first.
fn by_subject(findings: &[Finding]) -> Vec<(Subject, Vec<Finding>)> {
    let mut groups: Vec<(Subject, Vec<Finding>)> = Vec::new();
    // They come with the worst first, and so each group begins with its worst.
    for finding in findings {
        let subject = finding.code.subject();
        match groups.iter_mut().find(|(of, _)| *of == subject) {
            Some((_, group)) => group.push(finding.clone()),
            None => groups.push((subject, vec![finding.clone()])),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use csqlstore::Code;

    use super::*;

    #[test]
    fn findings_stand_together_by_subject_and_the_worst_subject_is_first() {
        let of = |level, code| Finding::new(level, code, "…");
        let groups = by_subject(&[
            of(Level::Error, Code::EventMissing),
            of(Level::Warning, Code::NodeBehind),
            of(Level::Note, Code::EventForeign),
        ]);
        let told: Vec<(Subject, usize)> = groups.iter().map(|(subject, group)| (*subject, group.len())).collect();
        assert_eq!(told, [(Subject::Cleanup, 2), (Subject::Nodes, 1)]);
    }

    #[test]
    fn the_first_line_counts() {
        let of = |level| Finding::new(level, Code::NodeDown, "…");
        let style = Style { colors: false };
        for (findings, expected) in [
            (vec![], "nothing is wrong\n"),
            (vec![of(Level::Note)], "nothing is wrong: 1 note\n"),
            (vec![of(Level::Warning), of(Level::Warning)], "nothing is wrong yet: 2 warnings\n"),
            (vec![of(Level::Error), of(Level::Note)], "1 error, 1 note\n"),
        ] {
            assert_eq!(summary(&findings, &style), expected);
        }
    }
}
