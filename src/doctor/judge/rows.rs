//! The rows: duplicate ids, what the keys open, how far the cleanup is behind, and what could not be read.

use std::collections::BTreeMap;
use std::time::Duration;

use super::super::look::{Backlog, Data, Rows, Unread};
use super::literal;
use super::schema::UP;
use crate::cluster::{ANY_KEY, Error};
use crate::event::Definition;
use crate::schema::Table;
use crate::span::span;
use crate::{Code, Finding, Level};

/// A backlog as old as this is not the one of a day when the event was off.
const LONG: Duration = Duration::from_secs(7 * 86_400);
/// How many rows a fix names.
const NAMED: usize = 20;

/// What helps where the keys are not those of the rows.
const OTHER_KEYS: &str = "csqlstore doctor --key-file FILE --name NAME";

/// Judges what is known of the rows.
pub(in super::super) fn rows(rows: &Rows, table: &Table) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(rows.duplicates.as_deref().ok().and_then(|ids| duplicates(ids, rows.refuses_deletion, table)));
    findings.extend(rows.backlog.as_ref().ok().and_then(|backlog| behind(backlog, table)));
    if let Ok(sample) = &rows.sample {
        let data: Vec<(&str, &Data)> =
            sample.iter().filter_map(|row| Some((row.id.as_str(), row.data.as_ref()?))).collect();
        findings.extend(unverified(&data));
        findings.extend(undecodable(&data, table));
    }
    findings.extend(unread(&rows.node, &rows.unread()));
    findings
}

fn duplicates(ids: &[(String, u64)], refuses_deletion: bool, table: &Table) -> Option<Finding> {
    let (id, rows) = ids.first()?;
    let more =
        if ids.len() > 1 { format!(", and {} more ids are there twice or more", ids.len() - 1) } else { String::new() };
    let message = format!(
        "`{}` is the id of {rows} rows of `{table}`{more}: which one a program reads is chance, and no primary key can be made",
        id.escape_debug()
    );
    let mut finding = Finding::new(Level::Error, Code::DuplicateIds, message).fix(UP);
    dedupe_too(&mut finding, ids, refuses_deletion, table);
    Some(finding)
}

/// Lets a fix that migrates resolve duplicate ids too: without, it would be refused.
pub(in super::super) fn dedupe_too(
    finding: &mut Finding,
    ids: &[(String, u64)],
    refuses_deletion: bool,
    table: &Table,
) {
    let migrates = |fix: &&mut String| fix.contains(UP) && !fix.contains("--dedupe");
    let Some(fix) = finding.fix.as_mut().filter(|fix| !ids.is_empty() && migrates(fix)) else { return };
    let dedupe = fix.replace(UP, &format!("{UP} --dedupe newest"));
    *fix = if refuses_deletion {
        format!("ALTER TABLE {} {ANY_KEY}; -- and then: {dedupe}", table.quoted())
    } else {
        dedupe
    };
}

/// Rows that should have gone, and how many there are.
fn behind(backlog: &Backlog, table: &Table) -> Option<Finding> {
    let Backlog { oldest, due, more } = backlog;
    let oldest = oldest.filter(|age| *age > Definition::default().oldest_allowed() && *due > 0)?;
    let count = if *more { format!("more than {due}") } else { due.to_string() };
    let message = format!(
        "{count} sessions in `{table}` expired more than an hour ago, the oldest {} ago, and are still there",
        span(oldest)
    );
    let level = if oldest > LONG { Level::Error } else { Level::Warning };
    Some(Finding::new(level, Code::ExpiredBacklog, message).fix("csqlstore purge"))
}

fn unverified(data: &[(&str, &Data)]) -> Option<Finding> {
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, data) in data {
        if let Data::Unverified { reason } = data {
            *reasons.entry(reason).or_default() += 1;
        }
    }
    let count: usize = reasons.values().sum();
    if count == 0 {
        return None;
    }
    let told: Vec<String> = reasons.iter().map(|(reason, count)| format!("of {count} {reason}")).collect();
    let message = format!("{count} of {} sessions verify under no key that is given: {}", data.len(), told.join(", "));
    // None at all: these are not the keys of this table, or not its names.
    let level = if count == data.len() { Level::Error } else { Level::Warning };
    Some(Finding::new(level, Code::RowsUnverified, message).fix(OTHER_KEYS))
}

/// A row that does not read: its id, and why.
type Broken<'a> = (&'a str, &'a str);

/// Rows that verify and do not read: broken ones among good ones, and those whose pair is not the whole of their keys.
///
/// Without the right block key each healthy row is of the second kind: the MAC is made over what is encrypted.
fn undecodable(data: &[(&str, &Data)], table: &Table) -> Vec<Finding> {
    // Of each pair: how many rows it opens, and those that it does not.
    let mut pairs: BTreeMap<usize, (usize, Vec<Broken<'_>>)> = BTreeMap::new();
    for (id, data) in data {
        match data {
            Data::Opens { key } => pairs.entry(*key).or_default().0 += 1,
            Data::Undecodable { key, reason } => pairs.entry(*key).or_default().1.push((id, reason)),
            Data::Unverified { .. } | Data::TooLong => {}
        }
    }
    let (mut broken, mut findings) = (Vec::new(), Vec::new());
    for (key, (opens, unread)) in pairs {
        if unread.len() < opens {
            broken.extend(unread);
        } else {
            findings.extend(unreadable(key, opens, &unread));
        }
    }
    let Some((id, reason)) = broken.first() else { return findings };
    let message = format!(
        "{} of {} sessions verify and cannot be read, `{}` for one: {reason}; most others under the same key open",
        broken.len(),
        data.len(),
        id.escape_debug()
    );
    let ids: Vec<String> = broken.iter().take(NAMED).map(|(id, _)| literal(id)).collect();
    let fix = format!("DELETE FROM {} WHERE id IN ({})", table.quoted(), ids.join(", "));
    findings.push(Finding::new(Level::Error, Code::RowsUndecodable, message).fix(fix));
    findings
}

/// A pair that verifies more rows than it opens: it is the pair that is not right, and nothing is to be deleted.
fn unreadable(key: usize, opens: usize, unread: &[Broken<'_>]) -> Option<Finding> {
    let (id, reason) = unread.first()?;
    let message = format!(
        "{} of the {} sessions that verify under key {key} cannot be read, `{}` for one: {reason}; the block key of \
         that pair is missing or differs, or another serializer wrote them: the sessions themselves may be well",
        unread.len(),
        unread.len() + opens,
        id.escape_debug()
    );
    Some(Finding::new(Level::Error, Code::RowsUndecodable, message).fix(OTHER_KEYS))
}

/// Nothing is known of the rows, and so nothing of the cleanup; that no node is usable is a finding about the nodes.
pub(in super::super) fn no_rows(error: &Error) -> Option<Finding> {
    let node = match error {
        Error::NoUsableNode { .. } => return None,
        error => error.node().unwrap_or_default(),
    };
    unread(node, &[Unread { what: "anything about the rows and their cleanup", reason: error.reason() }])
}

fn unread(node: &str, unread: &[Unread<'_>]) -> Option<Finding> {
    if unread.is_empty() {
        return None;
    }
    let told: Vec<String> = unread.iter().map(|of| format!("{} ({})", of.what, of.reason)).collect();
    let message = format!("on node `{node}` there was no answer to: {}", told.join("; "));
    Some(Finding::new(Level::Warning, Code::RowsUnread, message).on(node).fix("csqlstore doctor --timeout 30s"))
}

/// Rows for the tests of what is pure.
#[cfg(test)]
pub(super) mod samples {
    use super::super::super::look::Sampled;
    use super::*;
    use crate::session::Id;

    /// A row of 300 bytes that lives for so many seconds.
    pub(in super::super) fn sampled(id: &str, lives_s: i64) -> Sampled {
        let id = Id::new(id);
        let at = id.created_at().unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        let expires_at = Some(at + jiff::SignedDuration::from_secs(lives_s));
        Sampled { id, expires_at, bytes: 300, data: None }
    }

    pub(in super::super) fn rows_of(now: &str, sample: Vec<Sampled>) -> Rows {
        Rows {
            node: "n1".into(),
            account: "u@%".into(),
            database: Some("app".into()),
            now: now.parse().unwrap(),
            statistics: Ok(None),
            sample: Ok(sample),
            backlog: Ok(Backlog { oldest: None, due: 0, more: false }),
            refuses_deletion: false,
            duplicates: Ok(Vec::new()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::samples::{rows_of, sampled};
    use super::*;
    use crate::Place;
    use crate::cluster::DriverError;

    const NOW: &str = "2026-05-04T12:00:00Z";

    #[test]
    fn duplicates_go_by_a_command_and_where_no_row_can_by_a_key_before_it() {
        for (refuses_deletion, fix) in [
            (false, "csqlstore migrate up --dedupe newest"),
            (
                true,
                "ALTER TABLE `session_cluster` ADD my_row_id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT INVISIBLE PRIMARY \
                 KEY FIRST; -- and then: csqlstore migrate up --dedupe newest",
            ),
        ] {
            let of = Rows { refuses_deletion, duplicates: Ok(vec![("a".into(), 2)]), ..rows_of(NOW, Vec::new()) };
            let found = rows(&of, &Table::default());
            assert_eq!((found[0].code, found[0].fix.as_deref()), (Code::DuplicateIds, Some(fix)));
        }
    }

    #[test]
    fn whatever_migrates_resolves_duplicates_too() {
        const KEY: &str = "ALTER TABLE `session_cluster` ADD my_row_id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT INVISIBLE \
                           PRIMARY KEY FIRST; -- and then: ";
        let of = |fix: &str, ids: &[(String, u64)], refuses| {
            let mut finding = Finding::new(Level::Error, Code::PrimaryKeyMissing, "…").fix(fix);
            dedupe_too(&mut finding, ids, refuses, &Table::default());
            finding.fix.unwrap()
        };
        let ids = [("a".to_owned(), 2)];
        for (fix, expected) in [
            ("csqlstore migrate up", "csqlstore migrate up --dedupe newest"),
            ("csqlstore migrate up --dedupe newest", "csqlstore migrate up --dedupe newest"),
            (
                "csqlstore migrate up && csqlstore event install",
                "csqlstore migrate up --dedupe newest && csqlstore event install",
            ),
            (
                "csqlstore migrate repair --yes && csqlstore migrate up",
                "csqlstore migrate repair --yes && csqlstore migrate up --dedupe newest",
            ),
            ("csqlstore purge", "csqlstore purge"),
        ] {
            assert_eq!(of(fix, &[], true), fix, "no id is there twice");
            assert_eq!(of(fix, &ids, false), expected);
            let changed = fix != expected;
            assert_eq!(of(fix, &ids, true), if changed { format!("{KEY}{expected}") } else { expected.to_owned() });
        }
    }

    fn told(of: &Rows) -> Vec<(Level, Code, String)> {
        rows(of, &Table::default()).into_iter().map(|found| (found.level, found.code, found.message)).collect()
    }

    /// Rows of which this came.
    fn with(data: &[Data]) -> Rows {
        let rows = data.iter().enumerate().map(|(n, data)| {
            let mut row = sampled(&format!("2026-05-04T11:59:00Z1000{n}"), 60);
            row.data = Some(data.clone());
            row
        });
        rows_of(NOW, rows.collect())
    }

    #[test]
    fn a_backlog_is_graded_by_the_age_of_its_oldest_row() {
        let day = 86_400;
        for (oldest, due, expected) in [
            (None, 0, None),
            (Some(3000), 0, None),
            // As old as an event that works leaves it.
            (Some(2 * 3600), 12, None),
            (Some(day), 12, Some(Level::Warning)),
            (Some(8 * day), 12, Some(Level::Error)),
        ] {
            let mut of = rows_of(NOW, Vec::new());
            of.backlog = Ok(Backlog { oldest: oldest.map(Duration::from_secs), due, more: false });
            assert_eq!(told(&of).first().map(|(level, ..)| *level), expected, "{oldest:?}");
        }
        let mut of = rows_of(NOW, Vec::new());
        of.backlog = Ok(Backlog { oldest: Some(Duration::from_secs(9 * 86_400)), due: 1_000_000, more: true });
        assert!(told(&of)[0].2.starts_with("more than 1000000 sessions"), "{:?}", told(&of));
    }

    #[test]
    fn what_the_keys_open_is_counted_and_told_by_reason() {
        let opens = || Data::Opens { key: 1 };
        let wrong = || Data::Unverified { reason: "the MAC is wrong under every key" };
        let form = || Data::Unverified { reason: "it is no signed value" };
        assert!(told(&with(&[opens(), Data::TooLong])).is_empty());
        let found = told(&with(&[opens(), wrong(), wrong(), form()]));
        assert_eq!(
            found,
            [(
                Level::Warning,
                Code::RowsUnverified,
                "3 of 4 sessions verify under no key that is given: of 1 it is no signed value, of 2 the MAC is wrong under every key".into()
            )]
        );
        assert_eq!(told(&with(&[wrong()]))[0].0, Level::Error, "not the keys of this table");
    }

    #[test]
    fn only_a_few_broken_rows_among_good_ones_are_to_be_deleted() {
        const DELETES: &str = "DELETE FROM `session_cluster` WHERE id IN ";
        const ASKS: &str = OTHER_KEYS;
        let opens = |key| Data::Opens { key };
        let gob = |key| Data::Undecodable { key, reason: "it is no gob" };
        let cipher = |key| Data::Undecodable { key, reason: "it does not decrypt, or has no date" };
        let wrong = || Data::Unverified { reason: "the MAC is wrong under every key" };
        for (case, data, expected) in [
            // What is encrypted, read as if it were not.
            ("no block key", vec![gob(1), gob(1), gob(1)], vec![ASKS.to_owned()]),
            ("a wrong block key", vec![gob(1), cipher(1), gob(1)], vec![ASKS.into()]),
            ("a single row", vec![gob(1)], vec![ASKS.into()]),
            ("half of them", vec![opens(1), gob(1), opens(1), gob(1)], vec![ASKS.into()]),
            ("others open under another key", vec![opens(2), opens(2), opens(2), gob(1)], vec![ASKS.into()]),
            ("others are of nobody", vec![wrong(), wrong(), gob(1), Data::TooLong], vec![ASKS.into()]),
            (
                "few among good ones",
                vec![opens(1), gob(1), opens(1), cipher(1), opens(1)],
                vec![format!("{DELETES}('2026-05-04T11:59:00Z10001', '2026-05-04T11:59:00Z10003')")],
            ),
            (
                "each pair by itself",
                vec![opens(1), opens(1), gob(1), gob(2), gob(2)],
                vec![ASKS.into(), format!("{DELETES}('2026-05-04T11:59:00Z10002')")],
            ),
            ("all open", vec![opens(1), opens(2), Data::TooLong], vec![]),
        ] {
            let found = rows(&with(&data), &Table::default());
            let found: Vec<&Finding> = found.iter().filter(|of| of.code == Code::RowsUndecodable).collect();
            let fixes: Vec<&str> = found.iter().filter_map(|of| of.fix.as_deref()).collect();
            assert_eq!(fixes, expected, "{case}");
            for of in found {
                assert_eq!(of.level, Level::Error, "{case}");
                let blames_keys = of.message.contains("block key of that pair is missing or differs");
                assert_eq!(blames_keys, of.fix.as_deref() == Some(ASKS), "{case}: {}", of.message);
            }
        }
    }

    #[test]
    fn what_was_not_answered_is_told_and_a_missing_table_is_not() {
        let failed = |code| {
            let source = DriverError::Server { code, message: "…".into() };
            Error::Statement { node: "n1".into(), doing: "looking", source, place: Place::here() }
        };
        let mut of = rows_of(NOW, Vec::new());
        of.duplicates = Err(failed(1969));
        of.backlog = Err(failed(1969));
        let found = told(&of);
        assert_eq!((found[0].0, found[0].1), (Level::Warning, Code::RowsUnread));
        assert!(found[0].2.contains("ids are there twice") && found[0].2.contains("how many rows have expired"));
        let none = no_rows(&failed(1969)).unwrap();
        assert_eq!((none.code, none.node.as_deref()), (Code::RowsUnread, Some("n1")));
        let (cluster, refusals, place) = ("c".into(), Vec::new(), Place::here());
        assert_eq!(no_rows(&Error::NoUsableNode { cluster, refusals, place }), None);
        of.duplicates = Err(failed(1146));
        of.backlog = Err(failed(1146));
        assert!(told(&of).is_empty());
    }
}
