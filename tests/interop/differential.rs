//! Thousands of damaged sessions, given to us and to Go: where the two do not say the same, it has to be for one of the
//! reasons in tests/testdata/differential.md.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use csqlstore::gob;
use csqlstore::session::Values;
use serde_json::{Value as Json, json};

use crate::compare::{Differences, compare};
use crate::go;
use crate::mutate::{Numbers, damage};
use crate::vectors::Vector;

/// How many times each of the 82 vectors is damaged.
const ROUNDS: usize = 240;

/// A reason for a difference: who says what, as far as it does not change from case to case.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Reason {
    side: String,
    sign: String,
}

/// The reasons that are written down, from the tables: `| sign | why |` below a heading for each side.
fn reasons() -> Vec<Reason> {
    let text = include_str!("../testdata/differential.md");
    let mut reasons = Vec::new();
    let mut side = "";
    for line in text.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            side = heading;
        }
        let Some((sign, why)) = line.strip_prefix("| `").and_then(|line| line.split_once("` | ")) else { continue };
        assert!(why.len() > 20, "{sign} has no reason");
        reasons.push(Reason { side: side.to_owned(), sign: sign.to_owned() });
    }
    assert!(!reasons.is_empty());
    reasons
}

/// What differs, as pairs of a side and what it says; nothing where both say the same.
fn differences(bytes: &[u8], go: &Json) -> Vec<(&'static str, String)> {
    let word = go["error"].as_str().unwrap_or_default();
    let word = word.strip_prefix("gob: ").unwrap_or(word).to_owned();
    if go["panics"] == true {
        return vec![("Go panics", word)];
    }
    if let Some(word) = go["dies"].as_str() {
        return vec![("Go panics", word.to_owned())];
    }
    match (Values::decode(bytes), go["accepts"] == true) {
        (Err(_), false) => Vec::new(),
        (Ok(_), false) => vec![("Go refuses, we do not", word)],
        (Err(error), true) => vec![("We refuse, Go does not", format!("{error:?}"))],
        (Ok(_), true) => {
            let mut found = Differences::new();
            compare(&gob::decode(bytes).unwrap(), &go["values"], &mut found);
            found.into_iter().map(|difference| ("Both read it, and differ", difference.to_owned())).collect()
        }
    }
}

/// A session whose count of values is -1, if it is taken for a signed number.
fn emptied() -> Vec<u8> {
    let gob = Vector::of("bools").gob();
    let count = gob.windows(4).position(|bytes| bytes == b"\xff\x82\x00\x02").unwrap() + 3;
    let mut damaged = gob.clone();
    damaged.splice(count..=count, *b"\xf8\xff\xff\xff\xff\xff\xff\xff\xff");
    // The message is longer by the eight bytes.
    damaged[count - 4] += 8;
    damaged
}

#[test]
fn we_and_go_differ_for_reasons_that_are_written_down() {
    let gobs: Vec<Vec<u8>> = Vector::all().iter().map(Vector::gob).collect();
    let mut numbers = Numbers::new(0x5e55_1011);
    let damaged: Vec<Vec<u8>> = (0..ROUNDS)
        .flat_map(|_| &gobs)
        .map(|gob| damage(gob, &gobs[numbers.below(gobs.len())].clone(), &mut numbers))
        .chain([emptied()])
        .collect();
    assert!(damaged.len() >= 5000);
    let requests: Vec<String> = damaged.iter().map(|gob| json!({"gob": STANDARD.encode(gob)}).to_string()).collect();

    let reasons = reasons();
    let mut counts: BTreeMap<&Reason, usize> = reasons.iter().map(|reason| (reason, 0)).collect();
    let mut unknown: BTreeMap<(&str, String), String> = BTreeMap::new();
    let (mut read, mut refused) = (0, 0);
    for (gob, go) in damaged.iter().zip(go::ask("accepts", &requests)) {
        let differences = differences(gob, &go);
        if differences.is_empty() {
            *(if go["accepts"] == true { &mut read } else { &mut refused }) += 1;
        }
        for (side, what) in differences {
            match reasons.iter().find(|reason| reason.side == side && what.starts_with(&reason.sign)) {
                Some(reason) => *counts.get_mut(reason).unwrap() += 1,
                None => drop(unknown.entry((side, what)).or_insert_with(|| STANDARD.encode(gob))),
            }
        }
    }
    println!("{} gobs: read as the same by both {read}, refused by both {refused}", damaged.len());
    for (reason, count) in &counts {
        println!("{count:6}  {}: {}", reason.side, reason.sign);
    }
    assert!(unknown.is_empty(), "differences without a reason in differential.md: {unknown:#?}");
    let unused: Vec<_> = counts.iter().filter(|(_, count)| **count == 0).collect();
    assert!(unused.is_empty(), "reasons in differential.md that no gob needs: {unused:#?}");
    assert!(read > 1000 && refused > 1000, "gobs that are all refused, or all read, compare nothing");
}
