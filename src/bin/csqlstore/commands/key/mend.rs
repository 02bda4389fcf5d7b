//! What mends a questionable key: a command for the file that it stands in, wherever one can do it.

use std::path::Path;

use csqlstore::securecookie::{Concern, Fault, Which};

use crate::keys::KeyPlace;
use crate::shell;

/// Returns the command; a line of words where the pair stands in no file, or beside another one in its line.
pub(super) fn fix(concern: &Concern, places: &[KeyPlace]) -> String {
    let Concern { key, which, fault } = concern;
    match fault {
        Fault::Short { .. }
        | Fault::Published
        | Fault::Pattern
        | Fault::Words
        | Fault::RepeatedHash { .. }
        | Fault::SameAsHash { .. } => another(*key, places),
        Fault::HexText => decoded(*key, *which, places),
        Fault::RepeatedPair { .. } => match line(*key, places) {
            Some((file, line)) => format!("sed -i {line}d {}", shell::word(file)),
            None => format!("remove pair {key}, {}", at(*key, places)),
        },
        Fault::NoLongerEncrypts => first(*key, places),
    }
}

/// Begins to replace a pair: whoever lacks the pair that signed a session signs its user out, so that this takes three
/// steps, and only the first of them is a command.
fn another(key: usize, places: &[KeyPlace]) -> String {
    let place = places.get(key - 1);
    match place.and_then(|place| place.file.as_deref()) {
        Some(file) => format!(
            "csqlstore key generate --block >> {} # deploy it; put that line first, deploy; remove pair {key} once what it signed has ended",
            shell::word(file)
        ),
        None => format!(
            "csqlstore key generate --block # append it, deploy; put it first, deploy; remove pair {key} once what it signed has ended"
        ),
    }
}

/// Reads the digits of a key as what they stand for.
fn decoded(key: usize, which: Which, places: &[KeyPlace]) -> String {
    let (from, to) = match which {
        Which::Hash => ("^ *raw:", "hex:"),
        Which::Block => (", *raw:", ",hex:"),
    };
    match line(key, places) {
        Some((file, line)) => {
            format!("sed -i '{line}s/{from}/{to}/' {} # if the Go program decodes it", shell::word(file))
        }
        None => {
            format!("`hex:` in place of `raw:` before the {which}, {}, if the Go program decodes it", at(key, places))
        }
    }
}

/// Puts a pair in front of all others. To give the first one a block key instead would lose each session that it signed.
fn first(key: usize, places: &[KeyPlace]) -> String {
    let front = line(1, places).zip(line(key, places));
    let Some(((file, first), (_, line))) = front.filter(|((one, _), (other, _))| one == other) else {
        return format!("put pair {key} first, {}, in every program that writes sessions", at(key, places));
    };
    // Holds what stands before it, and lets go of that behind it.
    let rest = if line - first > 1 { format!(";{},{}{{H;d}}", first + 1, line - 1) } else { String::new() };
    format!(
        "sed -i '{first}{{h;d}}{rest};{line}G' {} # and so in every program that writes sessions",
        shell::word(file)
    )
}

/// Returns the file in which a pair has a line to itself, and the line.
fn line(key: usize, places: &[KeyPlace]) -> Option<(&Path, usize)> {
    let place = places.get(key - 1).filter(|place| place.alone)?;
    Some((place.file.as_deref()?, place.line))
}

/// Returns where a pair stands, for whoever edits it.
fn at(key: usize, places: &[KeyPlace]) -> String {
    match places.get(key - 1) {
        Some(KeyPlace { source, line, .. }) => format!("line {line} of {source}"),
        None => "wherever it stands".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(file: Option<&str>, line: usize, alone: bool) -> KeyPlace {
        let source = file.unwrap_or("$CSQLSTORE_KEYS").to_owned();
        KeyPlace { source, file: file.map(Into::into), line, alone }
    }

    #[test]
    fn a_pair_in_a_line_of_a_file_is_mended_by_a_command() {
        let keys: Vec<KeyPlace> = [2, 3, 5].map(|line| place(Some("k"), line, true)).into();
        let spread = [place(Some("a"), 1, true), place(Some("b"), 1, true)];
        let shared = [place(Some("k"), 1, false), place(Some("k"), 1, false)];
        let environment = [place(None, 1, true), place(None, 2, true)];
        use Fault::{HexText, NoLongerEncrypts, RepeatedPair, Short};
        use Which::{Block, Hash};
        for (places, key, which, fault, expected) in [
            (&keys[..], 1, Hash, Short { bytes: 3 }, "csqlstore key generate --block >> k # deploy it; "),
            (&shared, 1, Hash, Short { bytes: 3 }, "csqlstore key generate --block >> k # deploy it; "),
            (&environment, 1, Hash, Short { bytes: 3 }, "csqlstore key generate --block # append it"),
            (&keys, 3, Hash, RepeatedPair { of: 1 }, "sed -i 5d k"),
            (&shared, 2, Hash, RepeatedPair { of: 1 }, "remove pair 2, line 1 of k"),
            (&environment, 2, Hash, RepeatedPair { of: 1 }, "remove pair 2, line 2 of $CSQLSTORE_KEYS"),
            (&keys, 2, Hash, HexText, "sed -i '3s/^ *raw:/hex:/' k # if"),
            (&keys, 2, Block, HexText, "sed -i '3s/, *raw:/,hex:/' k # if"),
            (&shared, 2, Block, HexText, "`hex:` in place of `raw:` before the block key, line 1 of k, if"),
            (&keys, 2, Block, NoLongerEncrypts, "sed -i '2{h;d};3G' k # and"),
            (&keys, 3, Block, NoLongerEncrypts, "sed -i '2{h;d};3,4{H;d};5G' k # and"),
            (&spread, 2, Block, NoLongerEncrypts, "put pair 2 first, line 1 of b, in every"),
            (&environment, 2, Block, NoLongerEncrypts, "put pair 2 first, line 2 of $CSQLSTORE_KEYS, in every"),
        ] {
            let fix = fix(&Concern { key, which, fault }, places);
            assert!(fix.starts_with(expected), "{fix}\n{expected}");
        }
    }
}
