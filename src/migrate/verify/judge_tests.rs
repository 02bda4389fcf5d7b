//! Tables of what nodes may have, and what is said of it.

use super::super::all;
use super::super::ledger;
use super::*;
use crate::Place;
use crate::cluster::{Class, Refusal};
use crate::lease::{self, Holder};
use crate::schema::{Index, Table, sample as index};

/// What `migrate up` makes, as a node has it that was seen.
fn migrated() -> Seen {
    let shape = |statement: &str| {
        let mut shape = expected::shape(statement);
        for column in &mut shape.columns {
            // A server always has one.
            if column.charset.as_deref() == Some("ascii") {
                column.collation = Some("ascii_general_ci".into());
            }
        }
        View::There(shape)
    };
    let row = |migration: &super::super::Migration| HistoryRow {
        version: migration.version,
        name: migration.name.into(),
        checksum: migration.checksum(),
        state: "applied".into(),
    };
    Seen {
        database: "sessions".into(),
        session: shape(all()[0].template()),
        history_table: shape(&ledger::definition()),
        leases: shape(&lease::definition()),
        history: all().iter().map(row).collect(),
        holder: None,
        stale: None,
    }
}

fn shape(view: &mut View) -> &mut Shape {
    match view {
        View::There(shape) => shape,
        other => panic!("{other:?}"),
    }
}

fn session(seen: &mut Seen) -> &mut Shape {
    shape(&mut seen.session)
}

fn sight(node: &str, seen: Seen) -> Sight {
    Sight { node: node.into(), seen: Ok(seen) }
}

fn judged(change: impl Fn(&mut Seen)) -> Verdict {
    let mut seen = migrated();
    change(&mut seen);
    let sights: Vec<Sight> = ["n1", "n2", "n3"].iter().map(|node| sight(node, seen.clone())).collect();
    judge(&Table::default(), &sights)
}

/// What differs, in short: `n1 n2 n3 session_cluster: - expected + found`.
fn told(verdict: &Verdict) -> Vec<String> {
    let line = |difference: &Difference| {
        let Difference { nodes, against, table, item, expected, found } = difference;
        let against = match against {
            Against::Expected => String::new(),
            Against::Nodes(nodes) => format!(" as {}", nodes.join(" ")),
        };
        let text = |line: &Option<String>| line.clone().unwrap_or_else(|| "nothing".into());
        format!("{}{against} {table} {item}: - {} + {}", nodes.join(" "), text(expected), text(found))
    };
    verdict.differences.iter().map(line).collect()
}

#[test]
fn what_migrate_makes_is_as_expected() {
    let verdict = judged(|_| ());
    let seen = ["n1", "n2", "n3"].map(str::to_owned).to_vec();
    assert_eq!(verdict, Verdict { seen, ..Verdict::default() });
}

#[test]
fn what_breaks_a_program_is_a_difference() {
    type Case = (&'static str, fn(&mut Shape), &'static str);
    let cases: [Case; 14] = [
        ("a column is missing", |t| drop(t.columns.remove(1)), "column data: - `data` longblob NOT NULL + nothing"),
        ("an id that is too short", |t| t.columns[0].column_type = "char(32)".into(), "column id: - `id` char(40)"),
        ("an id that may be NULL", |t| t.columns[0].nullable = true, "column id: - `id` char(40)"),
        ("an odd character set", |t| t.columns[0].charset = Some("utf16".into()), "column id: - `id` char(40)"),
        ("another type", |t| t.columns[2].column_type = "timestamp".into(), "column expire_on: - `expire_on` datetime"),
        ("no default", |t| t.columns[3].default = None, "column modify_at: - `modify_at` timestamp NOT NULL DEFAULT"),
        (
            "no ON UPDATE",
            |t| t.columns[3].on_update = false,
            "column modify_at: - `modify_at` timestamp NOT NULL DEFAULT",
        ),
        (
            "ON UPDATE where none is",
            |t| t.columns[2].on_update = true,
            "column expire_on: - `expire_on` datetime NOT NULL +",
        ),
        ("a generated column", |t| t.columns[1].extra = "stored generated".into(), "column data: - `data` longblob"),
        (
            "a column that cannot be left out",
            |t| t.columns.push(Column { name: "tenant".into(), ..t.columns[2].clone() }),
            "column tenant: - nothing + `tenant` datetime NOT NULL",
        ),
        ("an engine", |t| t.engine = Some("MyISAM".into()), "engine: - ENGINE=InnoDB + ENGINE=MyISAM"),
        ("no key", |t| drop(t.indexes.remove(0)), "primary key: - PRIMARY KEY (`id`) + nothing"),
        ("no index", |t| drop(t.indexes.remove(1)), "index expire_on: - KEY `expire_on` (`expire_on`) + nothing"),
        (
            "a unique index that two sessions may break",
            |t| t.indexes.push(Index { unique: true, ..index("u", &["modify_at"]) }),
            "index u: - nothing + UNIQUE KEY `u` (`modify_at`)",
        ),
    ];
    for (name, change, expected) in cases {
        let told = told(&judged(|seen| change(session(seen))));
        assert_eq!(told.len(), 1, "{name}: {told:?}");
        assert!(told[0].starts_with(&format!("n1 n2 n3 session_cluster {expected}")), "{name}: {told:?}");
    }
    let view = judged(|seen| session(seen).kind = "VIEW".into());
    assert_eq!(told(&view), ["n1 n2 n3 session_cluster kind: - BASE TABLE + VIEW"]);
}

#[test]
fn what_the_dba_may_have_is_a_note() {
    type Case = (&'static str, fn(&mut Shape), &'static str);
    let cases: [Case; 13] = [
        ("a wider id", |t| t.columns[0].column_type = "varchar(64)".into(), "does as well"),
        ("another collation", |t| t.columns[0].collation = Some("ascii_bin".into()), ""),
        ("a wider character set", |t| t.columns[0].charset = Some("utf8mb4".into()), "does as well"),
        ("a smaller blob", |t| t.columns[1].column_type = "mediumblob".into(), "does as well"),
        ("a fraction of a second", |t| t.columns[2].column_type = "datetime(6)".into(), "does as well"),
        ("a stamp that may be NULL", |t| t.columns[3].nullable = true, "does as well"),
        ("a default that nobody needs", |t| t.columns[0].default = Some(String::new()), "does as well"),
        ("names in capitals", |t| t.columns[0].name = "ID".into(), ""),
        ("another order", |t| t.columns.swap(0, 2), "its columns stand in another order: expire_on, data, id"),
        (
            "a column with a default",
            |t| t.columns.insert(1, Column { name: "tenant".into(), nullable: true, ..t.columns[2].clone() }),
            "it has a column of its own: `tenant` datetime NULL",
        ),
        (
            "an index of another name",
            |t| t.indexes[1] = index("by_the_dba", &["expire_on", "id"]),
            "its index KEY `by_the_dba` (`expire_on`, `id`) does what `expire_on` is for",
        ),
        ("one more index", |t| t.indexes.push(index("x", &["modify_at"])), "it has an index of its own: KEY `x`"),
        (
            "a unique index that holds the id",
            |t| t.indexes.push(Index { unique: true, ..index("u", &["modify_at", "id"]) }),
            "it has an index of its own: UNIQUE KEY `u`",
        ),
    ];
    for (name, change, expected) in cases {
        let verdict = judged(|seen| change(session(seen)));
        assert!(verdict.differences.is_empty(), "{name}: {:?}", told(&verdict));
        assert_eq!(verdict.notes.len(), usize::from(!expected.is_empty()), "{name}: {:?}", verdict.notes);
        assert!(verdict.notes.iter().all(|note| note.text.contains(expected) && note.nodes.len() == 3), "{name}");
    }
}

#[test]
fn what_is_not_recorded_is_pending_and_not_missed() {
    let pending = |verdict: &Verdict| verdict.pending.iter().map(|migration| migration.version).collect::<Vec<_>>();
    let documented = judged(|seen| {
        session(seen).indexes.clear();
        (seen.history, seen.history_table, seen.leases) = (Vec::new(), View::Missing, View::Missing);
    });
    assert_eq!((told(&documented).len(), pending(&documented)), (0, vec![1, 2, 3]));
    assert!(documented.notes[0].text.contains("migration 1 session_cluster brings, which is not recorded"));
    let nothing = judged(|seen| {
        (seen.session, seen.history_table, seen.leases) = (View::Missing, View::Missing, View::Missing);
        seen.history.clear();
    });
    assert_eq!((told(&nothing).len(), pending(&nothing), nothing.notes.len()), (0, vec![1, 2, 3], 0));
    let table = judged(|seen| seen.session = View::Missing);
    assert_eq!(told(&table), ["n1 n2 n3 session_cluster table: - the table + nothing"]);
    let leases = judged(|seen| seen.leases = View::Missing);
    assert_eq!(told(&leases), ["n1 n2 n3 csqlstore_lease table: - the table + nothing"]);
}

#[test]
fn the_history_is_compared_word_by_word() {
    let holder = Holder {
        owner: "ci".into(),
        epoch: 1,
        phase: "ddl".into(),
        node: "db1:3306".into(),
        since: None,
        until: None,
        margin: lease::Margin::default(),
    };
    for (name, state, checksum, holder, differs) in [
        ("half-applied", "running", None, None, true),
        ("failed", "failed", None, None, true),
        ("at this moment", "running", None, Some(holder), false),
        ("a word that nobody writes", "done", None, None, true),
        ("another text", "applied", Some("0".repeat(64)), None, true),
        ("adopted", "adopted", None, None, false),
    ] {
        let verdict = judged(|seen| {
            let row = &mut seen.history[1];
            row.state = state.into();
            row.checksum = checksum.clone().unwrap_or(row.checksum.clone());
            seen.holder = holder.clone();
        });
        assert_eq!(verdict.differences.len(), usize::from(differs), "{name}: {:?}", told(&verdict));
        assert!(verdict.differences.iter().all(|of| of.item == "record 2" && of.table == "csqlstore_migrations"));
        assert_eq!(verdict.holder.is_some(), holder.is_some());
    }
    let later = judged(|seen| seen.history.push(HistoryRow { version: 4, ..seen.history[0].clone() }));
    assert!(later.differences.is_empty() && later.notes[0].text.contains("of a later csqlstore"), "{later:?}");
}

#[test]
fn tables_of_our_own_have_to_be_as_they_are_made() {
    let shorter = judged(|seen| shape(&mut seen.history_table).columns[0].column_type = "varchar(32)".into());
    assert_eq!(told(&shorter).len(), 1);
    assert!(told(&shorter)[0].contains("csqlstore_migrations column session_table: - `session_table` varchar(64)"));
    let keyless = judged(|seen| shape(&mut seen.leases).indexes.clear());
    assert!(
        told(&keyless)[0].contains("csqlstore_lease primary key: - PRIMARY KEY (`session_table`, `name`) + nothing")
    );
    let longer = judged(|seen| {
        let table = shape(&mut seen.leases);
        table.columns.push(Column { name: "x".into(), ..table.columns[0].clone() });
    });
    assert!(longer.differences.is_empty() && longer.notes.len() == 1, "{longer:?}");
}

#[test]
fn nodes_that_differ_are_told_from_most_of_them() {
    let mut odd = migrated();
    session(&mut odd).indexes.push(index("by_hand", &["modify_at"]));
    let sights = [sight("n1", odd.clone()), sight("n2", migrated()), sight("n3", migrated())];
    let verdict = judge(&Table::default(), &sights);
    assert_eq!(told(&verdict), ["n1 as n2 n3 session_cluster index by_hand: - nothing + KEY `by_hand` (`modify_at`)"]);
    // Of two, the first in the order of the configuration is the measure.
    let verdict = judge(&Table::default(), &sights[..2]);
    assert_eq!(told(&verdict), ["n2 as n1 session_cluster index by_hand: - KEY `by_hand` (`modify_at`) + nothing"]);
    // What is wrong by itself is said once.
    let mut keyless = migrated();
    session(&mut keyless).indexes.remove(0);
    let verdict = judge(&Table::default(), &[sight("n1", migrated()), sight("n2", keyless), sight("n3", migrated())]);
    assert_eq!(told(&verdict), ["n2 session_cluster primary key: - PRIMARY KEY (`id`) + nothing"]);
    assert!(verdict.is_local(&verdict.differences[0]));
    let everywhere = judged(|seen| drop(session(seen).indexes.remove(0)));
    assert!(!everywhere.is_local(&everywhere.differences[0]));
    // A row is replicated by the places of its columns.
    let mut moved = migrated();
    session(&mut moved).columns.swap(0, 1);
    let verdict = judge(&Table::default(), &[sight("n1", migrated()), sight("n2", moved), sight("n3", migrated())]);
    assert_eq!(
        told(&verdict),
        [
            "n2 as n1 n3 session_cluster order of columns: - id, data, expire_on, modify_at + data, id, expire_on, modify_at"
        ]
    );
    let mut forgotten = migrated();
    forgotten.history.remove(2);
    let verdict = judge(&Table::default(), &[sight("n1", migrated()), sight("n2", forgotten), sight("n3", migrated())]);
    assert_eq!(verdict.differences.len(), 1);
    assert!(told(&verdict)[0].starts_with("n2 as n1 n3 csqlstore_migrations record 3: - 3 expire_on_index applied"));
    let verdict = judge(
        &Table::default(),
        &[sight("n1", migrated()), sight("n2", migrated()), sight("n3", Seen { session: View::Missing, ..migrated() })],
    );
    assert_eq!(told(&verdict), ["n3 session_cluster table: - the table + nothing"]);
}

#[test]
fn what_cannot_be_seen_is_told_and_is_no_difference() {
    let refusal = Refusal {
        node: "n2".into(),
        reason: "gone".into(),
        code: None,
        obstacle: None,
        class: Class::Node,
        place: Place::here(),
    };
    let down = Sight { node: "n2".into(), seen: Err(refusal) };
    let denied = View::Denied { grant: "GRANT".into() };
    let blind = Seen { history_table: denied.clone(), leases: denied.clone(), history: Vec::new(), ..migrated() };
    let verdict = judge(&Table::default(), &[sight("n1", migrated()), down, sight("n3", blind.clone())]);
    assert!(verdict.differences.is_empty() && verdict.pending.is_empty(), "{verdict:?}");
    assert_eq!(verdict.unseen[0].node, "n2");
    let tables: Vec<&str> = verdict.denied.iter().map(|denied| denied.table.as_str()).collect();
    assert_eq!(tables, ["csqlstore_migrations", "csqlstore_lease"]);
    let verdict = judge(&Table::default(), &[sight("n1", Seen { session: denied, ..blind })]);
    assert_eq!((verdict.differences.len(), verdict.denied.len(), verdict.notes.len()), (0, 3, 0));
}
