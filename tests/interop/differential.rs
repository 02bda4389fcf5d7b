//! Thousands of damaged sessions, given to us and to Go: where the two do not say the same, it has to be for one of the
//! reasons in tests/testdata/differential.md, and the cause has to be there.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use csqlstore::gob;
use csqlstore::session::Values;
use serde_json::{Value as Json, json};

use crate::causes::{self, Cause};
use crate::compare::{Anew, Comparison};
use crate::go;
use crate::mutate::{Numbers, damage};
use crate::types::GoTypes;
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

/// What differs in the readings of a gob, and what Go has yet to be asked before the causes are known.
#[derive(Default)]
struct Found {
    /// A side, and what it says; nothing where both say the same.
    differences: Vec<(&'static str, String)>,
    /// Opaque values that Go has to show as it did when it is given them alone.
    shown: Vec<Anew>,
    /// What Go refused with, and the opaque values of which it has to refuse one so.
    refused: Option<(String, Vec<Anew>)>,
}

impl Found {
    fn one(side: &'static str, what: String, cause: Cause) -> Self {
        let (what, refused) = match cause {
            Cause::Seen => (what, None),
            Cause::Absent => (format!("without its cause: {what}"), None),
            Cause::Within(opaque) => (what.clone(), Some((what, opaque))),
        };
        Self { differences: vec![(side, what)], refused, ..Self::default() }
    }
}

fn find(bytes: &[u8], go: &Json, types: &GoTypes) -> Found {
    let word = go["error"].as_str().or(go["dies"].as_str()).unwrap_or_default();
    let word = word.strip_prefix("gob: ").unwrap_or(word).to_owned();
    let cause = |word: &str| causes::of_go(word, bytes, types);
    match (Values::decode(bytes), go["accepts"] == true) {
        _ if go["panics"] == true || go["dies"].is_string() => Found::one("Go panics", word.clone(), cause(&word)),
        (Err(_), false) => Found::default(),
        (Ok(_), false) => Found::one("Go refuses, we do not", word.clone(), cause(&word)),
        (Err(error), true) => Found::one("We refuse, Go does not", format!("{error:?}"), causes::of_us(&error)),
        (Ok(_), true) => {
            let read = Comparison::of_values(&gob::decode(bytes).unwrap(), &go["values"], types);
            let differences = read.found.into_iter().map(|what| ("Both read it, and differ", what.to_owned()));
            Found { differences: differences.collect(), shown: read.anew, refused: None }
        }
    }
}

/// Asks Go what it makes of opaque values alone, and returns what it says of each: the value as it shows it, or why not.
fn alone<'a>(opaque: impl Iterator<Item = &'a Anew>) -> Vec<Json> {
    let requests: Vec<String> =
        opaque.map(|it| json!({"type": it.ty, "bytes": STANDARD.encode(&it.bytes)}).to_string()).collect();
    go::ask("anew", &requests)
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

/// A session with a struct whose field says that it is zero, where Go would leave it out.
fn with_a_zero_field() -> Vec<u8> {
    let mut gob = Vector::of("flash-struct").gob();
    // Type: 42, Message: "foo"
    let field = gob.windows(7).position(|bytes| bytes == b"\x01\x54\x01\x03foo").unwrap();
    gob[field + 1] = 0;
    gob
}

#[test]
fn we_and_go_differ_for_reasons_that_are_written_down() {
    let gobs: Vec<Vec<u8>> = Vector::all().iter().map(Vector::gob).collect();
    let mut numbers = Numbers::new(0x5e55_1011);
    let damaged: Vec<Vec<u8>> = (0..ROUNDS)
        .flat_map(|_| &gobs)
        .map(|gob| damage(gob, &gobs[numbers.below(gobs.len())].clone(), &mut numbers))
        .chain([emptied(), with_a_zero_field()])
        .collect();
    assert!(damaged.len() >= 5000);
    let requests: Vec<String> = damaged.iter().map(|gob| json!({"gob": STANDARD.encode(gob)}).to_string()).collect();

    let types = GoTypes::ask();
    let reasons = reasons();
    let mut counts: BTreeMap<&Reason, usize> = reasons.iter().map(|reason| (reason, 0)).collect();
    let mut unknown: BTreeMap<(&str, String), String> = BTreeMap::new();
    let (mut shown, mut refused) = (Vec::new(), Vec::new());
    let (mut both_read, mut both_refuse) = (0, 0);
    for (gob, go) in damaged.iter().zip(go::ask("accepts", &requests)) {
        let found = find(gob, &go, &types);
        if found.differences.is_empty() {
            *(if go["accepts"] == true { &mut both_read } else { &mut both_refuse }) += 1;
        }
        for (side, what) in found.differences {
            match reasons.iter().find(|reason| reason.side == side && what.starts_with(&reason.sign)) {
                Some(reason) => *counts.get_mut(reason).unwrap() += 1,
                None => drop(unknown.entry((side, what)).or_insert_with(|| STANDARD.encode(gob))),
            }
        }
        shown.extend(found.shown.into_iter().map(|it| (it, gob)));
        refused.extend(found.refused.map(|(word, opaque)| (word, opaque, gob)));
    }
    println!("{} gobs: read as the same by both {both_read}, refused by both {both_refuse}", damaged.len());
    for (reason, count) in &counts {
        println!("{count:6}  {}: {}", reason.side, reason.sign);
    }

    for ((it, gob), answer) in shown.iter().zip(alone(shown.iter().map(|(it, _)| it))) {
        if answer["value"] != it.shown {
            let what = format!("{} is shown as {}, alone as {answer}", it.ty, it.shown);
            unknown.insert(("Both read it, and differ", what), STANDARD.encode(gob));
        }
    }
    let mut answers = alone(refused.iter().flat_map(|(_, opaque, _)| opaque)).into_iter();
    for (word, opaque, gob) in &refused {
        let says_so = |answer: &Json| answer["error"].as_str().is_some_and(|error| error == word);
        // All of them are taken, so that the next has its own.
        if answers.by_ref().take(opaque.len()).filter(says_so).count() == 0 {
            unknown
                .insert(("Go refuses, we do not", format!("no value alone makes Go say {word}")), STANDARD.encode(gob));
        }
    }
    println!(
        "{} opaque values were shown otherwise, {} refused: Go says the same of them alone",
        shown.len(),
        refused.len()
    );

    assert!(unknown.is_empty(), "differences without a reason in differential.md, or without its cause: {unknown:#?}");
    let unused: Vec<_> = counts.iter().filter(|(_, count)| **count == 0).collect();
    assert!(unused.is_empty(), "reasons in differential.md that no gob needs: {unused:#?}");
    assert!(both_read > 1000 && both_refuse > 1000, "gobs that are all refused, or all read, compare nothing");
    assert!(shown.len() > 10 && refused.len() > 10, "{} {}", shown.len(), refused.len());
}
