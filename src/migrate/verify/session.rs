//! The session table against what is expected of it, and what may be otherwise without harm. Pure.

use super::super::catalog::{EXPIRE_ON_INDEX, INDEX_NAME, PRIMARY_KEY};
use super::super::guard;
use super::judge::{Remark, lines_differ};
use super::shape::{Column, Shape, index_line};
use crate::schema::Index;

/// Character sets in which what Go writes, which is ASCII, is the same bytes.
const ASCII_AND_MORE: [&str; 5] = ["ascii", "latin1", "utf8mb3", "utf8mb4", "binary"];

/// Compares the table; `recorded` tells which migrations the history has as done.
pub(super) fn compare(found: &Shape, expected: &Shape, recorded: impl Fn(u32) -> bool) -> Vec<Remark> {
    let mut remarks = Vec::new();
    if found.kind != expected.kind {
        remarks.push(lines_differ("kind", Some(expected.kind.clone()), Some(found.kind.clone())));
        return remarks;
    }
    let engine = |shape: &Shape| Some(format!("ENGINE={}", shape.engine.as_deref().unwrap_or("?")));
    if !same_name(found.engine.as_deref(), expected.engine.as_deref()) {
        remarks.push(lines_differ("engine", engine(expected), engine(found)));
    }
    for column in &expected.columns {
        remarks.extend(compare_column(column, found.column(&column.name)));
    }
    for extra in found.columns.iter().filter(|column| expected.column(&column.name).is_none()) {
        remarks.push(if extra.can_be_left_out() {
            Remark::note(format!("it has a column of its own: {extra}"))
        } else {
            // Go's INSERT does not name it, and fails.
            lines_differ(&item("column", &extra.name), None, Some(extra.to_string()))
        });
    }
    let places = expected.columns.iter().map(|column| place(found, &column.name));
    let places: Vec<usize> = places.flatten().collect();
    if !places.is_sorted() {
        let order: Vec<&str> = found.columns.iter().map(|column| column.name.as_str()).collect();
        remarks.push(Remark::note(format!("its columns stand in another order: {}", order.join(", "))));
    }
    remarks.extend(keys(found, expected, recorded));
    remarks
}

fn place(shape: &Shape, name: &str) -> Option<usize> {
    shape.columns.iter().position(|column| column.name.eq_ignore_ascii_case(name))
}

fn same_name(one: Option<&str>, other: Option<&str>) -> bool {
    one.zip(other).is_some_and(|(one, other)| one.eq_ignore_ascii_case(other))
}

fn item(what: &str, name: &str) -> String {
    format!("{what} {}", name.to_lowercase())
}

/// How well a column does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Same,
    /// Otherwise, and of no consequence.
    Harmless,
    Wrong,
}

fn compare_column(expected: &Column, found: Option<&Column>) -> Option<Remark> {
    let name = item("column", &expected.name);
    let Some(found) = found else { return Some(lines_differ(&name, Some(expected.to_string()), None)) };
    let fits = [
        fit_of_type(expected, found),
        fit_of_charset(expected, found),
        fit_of_null(expected, found),
        fit_of_default(expected, found),
        fit_of_extra(found),
    ];
    match fits.into_iter().max().unwrap_or(Fit::Same) {
        Fit::Same => None,
        Fit::Harmless => Some(Remark::note(format!("its column is {found}, which does as well as {expected}"))),
        Fit::Wrong => Some(lines_differ(&name, Some(expected.to_string()), Some(found.to_string()))),
    }
}

fn fit_of_type(expected: &Column, found: &Column) -> Fit {
    if expected.column_type == found.column_type {
        return Fit::Same;
    }
    let does = match (expected.name.as_str(), found.data_type()) {
        // Go writes 40 characters at most.
        ("id", "char" | "varchar") => found.length().is_some_and(|length| length >= 40),
        ("data", "longblob" | "mediumblob" | "blob" | "longtext" | "mediumtext" | "text") => true,
        ("expire_on", "datetime") | ("modify_at", "timestamp" | "datetime") => true,
        _ => false,
    };
    if does { Fit::Harmless } else { Fit::Wrong }
}

fn fit_of_charset(expected: &Column, found: &Column) -> Fit {
    match (&expected.charset, &found.charset) {
        (_, None) => Fit::Same,
        (Some(expected), Some(found)) if expected == found => Fit::Same,
        (_, Some(found)) if ASCII_AND_MORE.contains(&found.as_str()) => Fit::Harmless,
        _ => Fit::Wrong,
    }
}

fn fit_of_null(expected: &Column, found: &Column) -> Fit {
    if expected.nullable == found.nullable {
        return Fit::Same;
    }
    // No program writes NULL; in these two it would be a row that no key finds and no purge deletes.
    if matches!(expected.name.as_str(), "id" | "expire_on") { Fit::Wrong } else { Fit::Harmless }
}

fn fit_of_default(expected: &Column, found: &Column) -> Fit {
    if expected.on_update != found.on_update || (expected.defaults_to_now() && !found.defaults_to_now()) {
        return Fit::Wrong;
    }
    // All programs name the others.
    if expected.default.is_none() && found.default.is_some() { Fit::Harmless } else { Fit::Same }
}

fn fit_of_extra(found: &Column) -> Fit {
    match found.extra.as_str() {
        "" => Fit::Same,
        // Our statements and Go's name their columns.
        "invisible" => Fit::Harmless,
        // A generated column cannot be written.
        _ => Fit::Wrong,
    }
}

fn keys(found: &Shape, expected: &Shape, recorded: impl Fn(u32) -> bool) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let table = found.found();
    let primary = |shape: &Shape| shape.indexes.iter().find(|index| index.is_primary()).map(index_line);
    match guard::is_there(PRIMARY_KEY, Some(&table)) {
        Ok(true) => {}
        Ok(false) if !recorded(PRIMARY_KEY) => {}
        Ok(false) | Err(_) => remarks.push(lines_differ("primary key", primary(expected), primary(found))),
    }
    let ours = |index: &&Index| index.name.eq_ignore_ascii_case(INDEX_NAME);
    let line = |shape: &Shape| shape.indexes.iter().find(ours).map(index_line);
    match guard::is_there(EXPIRE_ON_INDEX, Some(&table)) {
        Ok(true) => {}
        Ok(false) if !recorded(EXPIRE_ON_INDEX) => {}
        Ok(false) | Err(_) => remarks.push(lines_differ(&item("index", INDEX_NAME), line(expected), line(found))),
    }
    // What was said of already is not said of again.
    let wrong = guard::is_there(EXPIRE_ON_INDEX, Some(&table)).is_err();
    for index in found.indexes.iter().filter(|index| !index.is_primary()) {
        let usual = ours(&index) && (wrong || expected.indexes.iter().any(|of| index_line(of) == index_line(index)));
        if usual {
            continue;
        }
        let holds_id = index.parts.iter().any(|part| part.is("id"));
        remarks.push(if index.unique && !holds_id {
            // Two sessions may rightly have the same in it.
            lines_differ(&item("index", &index.name), None, Some(index_line(index)))
        } else if index.finds("expire_on") {
            Remark::note(format!("its index {} does what `{INDEX_NAME}` is for", index_line(index)))
        } else {
            Remark::note(format!("it has an index of its own: {}", index_line(index)))
        });
    }
    remarks
}
