//! What follows from what was seen: where nodes differ from what is expected and from each other. Pure.

use std::collections::BTreeMap;

use super::super::catalog::{Migration, TABLE, all};
use super::super::guard;
use super::super::ledger::{self, State};
use super::look::{HistoryRow, Seen, Sight, View};
use super::shape::{Shape, index_line};
use super::{expected, session};
use crate::cluster::Refusal;
use crate::lease::{self, Holder};
use crate::schema::{LEASE_TABLE, MIGRATIONS_TABLE, Table};

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// The nodes that were looked at.
    pub seen: Vec<String>,
    /// Where a node is not what it should be. None if all is well, however much is pending.
    pub differences: Vec<Difference>,
    /// What is otherwise, and of no consequence.
    pub notes: Vec<Note>,
    /// Migrations that the history of some node does not have as done.
    pub pending: Vec<&'static Migration>,
    /// Nodes that could not be looked at.
    pub unseen: Vec<Unseen>,
    /// Tables that the account may not look at.
    pub denied: Vec<Denied>,
    /// Who migrates at this moment: what differs may then be about to pass.
    pub holder: Option<Holder>,
}

/// Something in which some nodes are not as they should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The nodes, all of which have it so.
    pub nodes: Vec<String>,
    /// What they are compared with.
    pub against: Against,
    /// The table.
    pub table: String,
    /// What of it: `column id`, `primary key`, `index expire_on`, `engine`, `record 2`, `table`, …
    pub item: String,
    /// What should be there, `None` if nothing.
    pub expected: Option<String>,
    /// What is there, `None` if nothing.
    pub found: Option<String>,
}

/// What a node is compared with.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Against {
    /// What the migrations make.
    Expected,
    /// The nodes of this name, most of those there are.
    Nodes(Vec<String>),
}

/// Something that is otherwise without harm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The nodes that have it so.
    pub nodes: Vec<String>,
    /// The table.
    pub table: String,
    /// What it is, as a fragment of a sentence about the table.
    pub text: String,
}

/// A node that could not be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unseen {
    /// The node's name.
    pub node: String,
    /// Why not.
    pub refusal: Refusal,
}

/// A table that the account may not look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denied {
    /// The nodes.
    pub nodes: Vec<String>,
    /// The table.
    pub table: String,
    /// The statement that gives the right.
    pub grant: String,
}

impl Verdict {
    /// Returns whether only some of the nodes have it so: no statement for the whole cluster mends that.
    #[must_use]
    pub fn is_local(&self, difference: &Difference) -> bool {
        difference.nodes.len() < self.seen.len()
    }
}

/// What is to be said of one table of one node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Remark {
    Differs { item: String, expected: Option<String>, found: Option<String> },
    Note(String),
}

impl Remark {
    pub(super) fn note(text: impl Into<String>) -> Self {
        Self::Note(text.into())
    }
}

pub(super) fn lines_differ(item: &str, expected: Option<String>, found: Option<String>) -> Remark {
    Remark::Differs { item: item.to_owned(), expected, found }
}

/// Compares every node with what is expected of `table`, and with the other nodes.
///
/// What is expected is what the history says: a key that no record calls done is pending, and not missed. A node that
/// was not seen, and a table that the account may not see, are told and are no difference.
#[must_use]
pub fn judge(table: &Table, sights: &[Sight]) -> Verdict {
    let mut verdict = Verdict::default();
    let mut seen: Vec<(&str, &Seen)> = Vec::new();
    for Sight { node, seen: outcome } in sights {
        match outcome {
            Ok(there) => {
                seen.push((node, there));
                verdict.seen.push(node.clone());
            }
            Err(refusal) => verdict.unseen.push(Unseen { node: node.clone(), refusal: refusal.clone() }),
        }
    }
    for (node, there) in &seen {
        let tables =
            [(table.name(), &there.session), (MIGRATIONS_TABLE, &there.history_table), (LEASE_TABLE, &there.leases)];
        for (name, view) in tables {
            if let View::Denied { grant } = view {
                deny(&mut verdict.denied, node, name, grant);
            }
            let remarks = match name {
                LEASE_TABLE => ours(view, &expected::shape(&lease::definition()), has_history(there)),
                MIGRATIONS_TABLE => {
                    let mut remarks = ours(view, &expected::shape(&ledger::definition()), false);
                    remarks.extend(records(there));
                    remarks
                }
                _ => session_table(there),
            };
            for remark in remarks {
                add(&mut verdict, node, name, remark);
            }
        }
        for migration in all() {
            let pending = !is_recorded(there, migration.version) && !matches!(there.history_table, View::Denied { .. });
            if pending && !verdict.pending.contains(&migration) {
                verdict.pending.push(migration);
            }
        }
    }
    verdict.pending.sort_by_key(|migration| migration.version);
    verdict.holder = seen.iter().find_map(|(_, there)| there.holder.clone());
    between(table, &seen, &mut verdict);
    verdict
}

fn deny(denied: &mut Vec<Denied>, node: &str, table: &str, grant: &str) {
    match denied.iter_mut().find(|known| known.table == table && known.grant == grant) {
        Some(known) => known.nodes.push(node.to_owned()),
        None => denied.push(Denied { nodes: vec![node.to_owned()], table: table.to_owned(), grant: grant.to_owned() }),
    }
}

/// Adds what is said of a node to what is said of others in the same words.
fn add(verdict: &mut Verdict, node: &str, table: &str, remark: Remark) {
    let node = node.to_owned();
    match remark {
        Remark::Note(text) => match verdict.notes.iter_mut().find(|note| note.table == table && note.text == text) {
            Some(note) => note.nodes.push(node),
            None => verdict.notes.push(Note { nodes: vec![node], table: table.to_owned(), text }),
        },
        Remark::Differs { item, expected, found } => {
            let new = Difference {
                nodes: vec![node.clone()],
                against: Against::Expected,
                table: table.to_owned(),
                item,
                expected,
                found,
            };
            let same = |known: &&mut Difference| {
                let Difference { nodes: _, against, table, item, expected, found } = &**known;
                (against, table, item, expected, found)
                    == (&new.against, &new.table, &new.item, &new.expected, &new.found)
            };
            match verdict.differences.iter_mut().find(same) {
                Some(known) => known.nodes.push(node),
                None => verdict.differences.push(new),
            }
        }
    }
}

fn has_history(seen: &Seen) -> bool {
    matches!(seen.history_table, View::There(_))
}

fn row(seen: &Seen, version: u32) -> Option<&HistoryRow> {
    seen.history.iter().find(|row| row.version == version)
}

fn is_recorded(seen: &Seen, version: u32) -> bool {
    row(seen, version).and_then(|row| State::read(&row.state)).is_some_and(State::is_final)
}

fn session_table(seen: &Seen) -> Vec<Remark> {
    let create = all().iter().find(|migration| migration.version == TABLE).map_or("", Migration::template);
    let expected = expected::shape(create);
    match &seen.session {
        View::There(found) => {
            let mut remarks = session::compare(found, &expected, |version| is_recorded(seen, version));
            let found = found.found();
            let there = |migration: &&Migration| guard::is_there(migration.version, Some(&found)) == Ok(true);
            // Where the history cannot be seen, nothing is known to be missing from it.
            let unrecorded = |migration: &&Migration| {
                row(seen, migration.version).is_none() && !matches!(seen.history_table, View::Denied { .. })
            };
            remarks.extend(all().iter().filter(unrecorded).filter(there).map(|migration| {
                let Migration { version, name, .. } = migration;
                Remark::note(format!("it has what migration {version} {name} brings, which is not recorded"))
            }));
            remarks
        }
        View::Missing if is_recorded(seen, TABLE) => vec![lines_differ("table", Some("the table".into()), None)],
        View::Missing | View::Denied { .. } => Vec::new(),
    }
}

/// Compares a table of our own: it is ours alone, so all of it counts but the order of its columns.
fn ours(view: &View, expected: &Shape, wanted: bool) -> Vec<Remark> {
    let found = match view {
        View::There(found) => found,
        View::Missing if wanted => return vec![lines_differ("table", Some("the table".into()), None)],
        View::Missing | View::Denied { .. } => return Vec::new(),
    };
    let mut remarks = Vec::new();
    let engine = |shape: &Shape| Some(format!("ENGINE={}", shape.engine.as_deref().unwrap_or("?")));
    if engine(found) != engine(expected) {
        remarks.push(lines_differ("engine", engine(expected), engine(found)));
    }
    let lines = |shape: &Shape| -> BTreeMap<String, String> {
        let columns =
            shape.columns.iter().map(|column| (format!("column {}", column.name.to_lowercase()), column.to_string()));
        let keys = shape.indexes.iter().filter(|index| index.is_primary());
        columns.chain(keys.map(|index| ("primary key".to_owned(), index_line(index)))).collect()
    };
    let (expected, found) = (lines(expected), lines(found));
    for (item, line) in &expected {
        if found.get(item) != Some(line) {
            remarks.push(lines_differ(item, Some(line.clone()), found.get(item).cloned()));
        }
    }
    let extra = found.iter().filter(|(item, _)| !expected.contains_key(*item));
    remarks.extend(extra.map(|(_, line)| Remark::note(format!("it has a column of its own: {line}"))));
    remarks
}

/// Compares the history with what this program knows.
fn records(seen: &Seen) -> Vec<Remark> {
    let mut remarks = Vec::new();
    for HistoryRow { version, name, checksum, state } in &seen.history {
        let Some(migration) = all().iter().find(|migration| migration.version == *version) else {
            remarks.push(Remark::note(format!("it has migration {version} {name}, of a later csqlstore")));
            continue;
        };
        let item = format!("record {version}");
        let line = |state: &str, checksum: &str| Some(format!("{version} {} {state} {checksum}", migration.name));
        let known = State::read(state);
        // Somebody is at it, and says so in the lease.
        let running = known.is_some_and(|known| !known.is_final()) && seen.holder.is_some();
        if running {
            remarks.push(Remark::note(format!("migration {version} {name} is {state} at this moment")));
        }
        let wanted = if running || known.is_some_and(State::is_final) { state } else { State::Applied.as_str() };
        let (wanted, found) = (line(wanted, &migration.checksum()), line(state, checksum));
        if wanted != found {
            remarks.push(lines_differ(&item, wanted, found));
        }
    }
    remarks
}

/// Compares the nodes with each other, in all that was not said of them already.
fn between(table: &Table, seen: &[(&str, &Seen)], verdict: &mut Verdict) {
    let facts: Vec<(&str, BTreeMap<Key, Option<String>>)> =
        seen.iter().map(|(node, there)| (*node, facts(table, there))).collect();
    let mut keys: Vec<&Key> = facts.iter().flat_map(|(_, facts)| facts.keys()).collect();
    keys.sort();
    keys.dedup();
    for key in keys {
        let mut groups: Vec<(Option<String>, Vec<&str>)> = Vec::new();
        for (node, facts) in &facts {
            let Some(said) = facts
                .get(key)
                .cloned()
                .or_else(|| facts.get(&key.whole()).is_some_and(Option::is_some).then_some(None))
            else {
                continue;
            };
            match groups.iter_mut().find(|(known, _)| *known == said) {
                Some((_, nodes)) => nodes.push(node),
                None => groups.push((said, vec![node])),
            }
        }
        // Most of them, and of as many the first in the order of the configuration.
        let Some(most) = groups.iter().map(|(_, nodes)| nodes.len()).max() else { continue };
        let Some(at) = groups.iter().position(|(_, nodes)| nodes.len() == most) else { continue };
        let (expected, reference) = groups.remove(at);
        for (found, nodes) in groups {
            let said = |node: &&&str| {
                let of = |known: &Difference| {
                    known.table == key.table && known.item == key.item && known.nodes.iter().any(|of| of == **node)
                };
                verdict.differences.iter().any(of)
            };
            let nodes: Vec<String> = nodes.iter().filter(|node| !said(node)).map(|node| (*node).to_owned()).collect();
            if nodes.is_empty() {
                continue;
            }
            verdict.differences.push(Difference {
                nodes,
                against: Against::Nodes(reference.iter().map(|node| (*node).to_owned()).collect()),
                table: key.table.clone(),
                item: key.item.clone(),
                expected: expected.clone(),
                found,
            });
        }
    }
}

/// What is compared between nodes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    table: String,
    item: String,
}

impl Key {
    fn new(table: &str, item: impl Into<String>) -> Self {
        Self { table: table.to_owned(), item: item.into() }
    }

    /// The table itself: where it is not there or not to be seen, nothing is said of what it has.
    fn whole(&self) -> Self {
        Self::new(&self.table, "table")
    }
}

/// All that a node says, in lines that are the same if the nodes are. What the account may not see says nothing; of a
/// table that is missing only that is said.
fn facts(table: &Table, seen: &Seen) -> BTreeMap<Key, Option<String>> {
    let mut facts = BTreeMap::new();
    for (name, view) in
        [(table.name(), &seen.session), (MIGRATIONS_TABLE, &seen.history_table), (LEASE_TABLE, &seen.leases)]
    {
        match view {
            View::Denied { .. } => {}
            View::Missing => {
                facts.insert(Key::new(name, "table"), None);
            }
            View::There(shape) => {
                facts.insert(Key::new(name, "table"), Some("the table".to_owned()));
                facts.extend(shape_facts(name, shape));
            }
        }
    }
    for row in &seen.history {
        let line = format!("{} {} {} {}", row.version, row.name, row.state, row.checksum);
        facts.insert(Key::new(MIGRATIONS_TABLE, format!("record {}", row.version)), Some(line));
    }
    facts
}

fn shape_facts(table: &str, shape: &Shape) -> Vec<(Key, Option<String>)> {
    let mut facts = vec![
        (Key::new(table, "kind"), Some(shape.kind.clone())),
        (Key::new(table, "engine"), Some(format!("ENGINE={}", shape.engine.as_deref().unwrap_or("?")))),
    ];
    // A row is replicated by the places of its columns.
    let order: Vec<&str> = shape.columns.iter().map(|column| column.name.as_str()).collect();
    facts.push((Key::new(table, "order of columns"), Some(order.join(", "))));
    for column in &shape.columns {
        facts.push((Key::new(table, format!("column {}", column.name.to_lowercase())), Some(column.to_string())));
    }
    for index in &shape.indexes {
        let item =
            if index.is_primary() { "primary key".into() } else { format!("index {}", index.name.to_lowercase()) };
        facts.push((Key::new(table, item), Some(index_line(index))));
    }
    facts
}
