//! What mends a questionable key: a command for the file that it stands in, wherever one can do it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use csqlstore::securecookie::{Concern, Fault, Which};

use crate::keys::KeyPlace;
use crate::shell;

/// What mends a concern.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Mend {
    /// This command, or a line of words where the pair stands in no file, or beside another one in its line.
    Fix(String),
    /// What mends this other pair.
    With(usize),
}

/// What is done to the lines of a file, after which they have other numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Shift {
    Remove,
    Replace,
    PutFirst,
}

/// Returns for each concern what mends it. The fixes may be run one after the other: each file gets one command at most
/// that gives its lines other numbers, and whatever else goes by numbers waits for the next look.
pub(super) fn fixes(concerns: &[Concern], places: &[KeyPlace]) -> Vec<Mend> {
    let shifts: Vec<Option<(PathBuf, Shift)>> = concerns.iter().map(|concern| shift(concern, places)).collect();
    let mend = |(concern, own): (&Concern, &Option<(PathBuf, Shift)>)| {
        let key = concern.key;
        let file = line(key, places).map(|(file, _)| canonical(file));
        let of_file =
            || shifts.iter().flatten().filter(|(path, _)| Some(path) == file.as_ref()).map(|(_, shift)| *shift);
        let Some(first) = of_file().min() else { return Mend::Fix(fix(concern, places)) };
        match own {
            Some((_, shift)) if *shift == first => {
                let together = concerns.iter().zip(&shifts).filter(|(_, other)| *other == own);
                let keys: Vec<usize> = together.map(|(other, _)| other.key).collect();
                // Of a pair of which two things are to be said, both are mended by one fix.
                let leads = concerns.iter().zip(&shifts).find(|(_, other)| *other == own);
                match leads {
                    Some((lead, _)) if !std::ptr::eq(lead, concern) => Mend::With(lead.key),
                    _ => Mend::Fix(shifted(first, &keys, places).unwrap_or_else(|| fix(concern, places))),
                }
            }
            None if concern.fault != Fault::HexText => Mend::Fix(fix(concern, places)),
            _ => Mend::Fix(later(key, places)),
        }
    };
    concerns.iter().zip(&shifts).map(mend).collect()
}

/// Returns which command of a file a concern takes, if it takes one that gives the lines other numbers.
fn shift(concern: &Concern, places: &[KeyPlace]) -> Option<(PathBuf, Shift)> {
    let (file, _) = line(concern.key, places)?;
    let file = canonical(file);
    // What goes to the front has to find the front in its own file.
    let fronted = || places.first()?.file.as_deref().map(canonical).filter(|front| *front == file);
    match concern.fault {
        Fault::RepeatedPair { .. } if again(concern.key, places).is_some() => None,
        Fault::RepeatedPair { .. } => Some((file, Shift::Remove)),
        Fault::HexText => None,
        Fault::NoLongerEncrypts => {
            line(1, places)?;
            Some((fronted()?, Shift::PutFirst))
        }
        Fault::Short { .. }
        | Fault::Published
        | Fault::Pattern
        | Fault::Words
        | Fault::RepeatedHash { .. }
        | Fault::SameAsHash { .. } => Some((fronted()?, Shift::Replace)),
    }
}

/// Returns the command that does this for all those pairs of a file.
fn shifted(shift: Shift, keys: &[usize], places: &[KeyPlace]) -> Option<String> {
    let (file, _) = line(*keys.first()?, places)?;
    let file = shell::word(file);
    let lines: BTreeSet<usize> = keys.iter().filter_map(|key| Some(line(*key, places)?.1)).collect();
    match shift {
        Shift::Remove => Some(format!("sed -i{} {file}", deleted(lines))),
        // Whoever lacks the pair that signed a session signs its user out, so that this takes three steps, a line each.
        // Pasted as a whole it is the first of them: the others are comments.
        Shift::Replace => {
            let front = places.first()?.line;
            let pairs: BTreeSet<String> = keys.iter().map(usize::to_string).collect();
            let pairs: Vec<String> = pairs.into_iter().collect();
            let (noun, it) = if pairs.len() == 1 { ("pair", "it") } else { ("pairs", "them") };
            Some(format!(
                "csqlstore key generate --block --append {file} # and deploy the file\n\
                 # then put the new pair first, and deploy:\n\
                 # sed -i '{front},${{{front}{{h;d}};$!{{H;d}};G}}' {file}\n\
                 # once what {noun} {} signed has ended, take {it} out, and deploy:\n\
                 # sed -i{} {file}",
                pairs.join(", "),
                // The new pair has come before them.
                deleted(lines.into_iter().map(|line| line + 1))
            ))
        }
        Shift::PutFirst => None,
    }
}

/// Writes what deletes lines: all at once, by the numbers that they have before.
fn deleted(lines: impl IntoIterator<Item = usize>) -> String {
    let lines: Vec<usize> = lines.into_iter().collect();
    let option = if lines.len() == 1 { " " } else { " -e " };
    lines.iter().map(|line| format!("{option}{line}d")).collect()
}

/// Looks again, by the numbers that the lines have then.
fn later(key: usize, places: &[KeyPlace]) -> String {
    let file = line(key, places).map(|(file, _)| shell::word(file)).unwrap_or_default();
    format!(
        "csqlstore key check --key-file {file} # after the other fixes of this file, which give its lines other numbers"
    )
}

/// Returns an earlier pair that is read from the very same line, because its file is named twice.
fn again(key: usize, places: &[KeyPlace]) -> Option<&KeyPlace> {
    let place = places.get(key - 1)?;
    let file = canonical(place.file.as_deref()?);
    let same = |other: &&KeyPlace| {
        // Of two pairs of one line both are there once.
        let twice = place.alone || other.source != place.source;
        twice && other.line == place.line && other.file.as_deref().map(canonical).as_ref() == Some(&file)
    };
    places[..key - 1].iter().find(same)
}

/// Returns what a file is called whichever way it is named.
fn canonical(file: &Path) -> PathBuf {
    file.canonicalize().unwrap_or_else(|_| file.to_owned())
}

fn fix(concern: &Concern, places: &[KeyPlace]) -> String {
    let Concern { key, which, fault } = concern;
    match fault {
        Fault::Short { .. }
        | Fault::Published
        | Fault::Pattern
        | Fault::Words
        | Fault::RepeatedHash { .. }
        | Fault::SameAsHash { .. } => another(*key, places),
        Fault::HexText => decoded(*key, *which, places),
        Fault::RepeatedPair { .. } => match (again(*key, places), places.get(key - 1)) {
            (Some(one), Some(other)) => {
                format!("the file is named twice, as {} and as {}: name it once", one.source, other.source)
            }
            _ => format!("remove pair {key}, {}", at(*key, places)),
        },
        Fault::NoLongerEncrypts => first(*key, places),
    }
}

/// Begins to replace a pair that does not stand in a line of the file that the first one is in.
fn another(key: usize, places: &[KeyPlace]) -> String {
    match places.get(key - 1).and_then(named) {
        Some(file) => format!(
            "csqlstore key generate --block --append {} # and deploy the file\n{}",
            shell::word(file),
            steps("that line", key)
        ),
        None => format!("csqlstore key generate --block # append what it prints, and deploy\n{}", steps("it", key)),
    }
}

/// What is left to do by hand, as comments.
fn steps(new: &str, old: usize) -> String {
    format!("# then put {new} first, and deploy\n# once what pair {old} signed has ended, take it out, and deploy")
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
    Some((named(place)?, place.line))
}

/// Returns the file of a place, if its name may stand in a line that is to be pasted: a line end in it would end a comment.
fn named(place: &KeyPlace) -> Option<&Path> {
    place.file.as_deref().filter(|file| !file.display().to_string().contains(char::is_control))
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
            (
                &keys[..],
                2,
                Hash,
                Short { bytes: 3 },
                "csqlstore key generate --block --append k # and deploy the file\n# then put the new pair first, and deploy:\n# \
                 sed -i '2,${2{h;d};$!{H;d};G}' k\n# once what pair 2 signed has ended, take it out, and deploy:\n# sed -i 4d k",
            ),
            (
                &spread,
                2,
                Hash,
                Short { bytes: 3 },
                "csqlstore key generate --block --append b # and deploy the file\n# then put that",
            ),
            (
                &shared,
                1,
                Hash,
                Short { bytes: 3 },
                "csqlstore key generate --block --append k # and deploy the file\n# then put that",
            ),
            (
                &environment,
                1,
                Hash,
                Short { bytes: 3 },
                "csqlstore key generate --block # append what it prints, and deploy\n# then",
            ),
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
            let mends = fixes(&[Concern { key, which, fault }], places);
            let [Mend::Fix(fix)] = &mends[..] else { panic!("{mends:?}") };
            assert!(fix.starts_with(expected), "{fix}\n{expected}");
        }
    }

    #[test]
    fn fixes_of_one_file_do_not_move_each_others_lines() {
        let keys: Vec<KeyPlace> = (1..=4).map(|line| place(Some("k"), line, true)).collect();
        let concern = |key, fault| Concern { key, which: Which::Hash, fault };
        let repeated = |key| concern(key, Fault::RepeatedPair { of: 1 });
        let short = |key| concern(key, Fault::Short { bytes: 3 });
        let told = |concerns: &[Concern]| -> Vec<String> {
            let text = |mend| match mend {
                Mend::Fix(fix) => fix,
                Mend::With(key) => format!("with {key}"),
            };
            fixes(concerns, &keys).into_iter().map(text).collect()
        };
        assert_eq!(told(&[repeated(2), repeated(3)]), ["sed -i -e 2d -e 3d k", "with 2"]);
        let replaced = told(&[short(1), concern(1, Fault::Words), short(3)]);
        assert!(
            replaced[0]
                .ends_with("what pairs 1, 3 signed has ended, take them out, and deploy:\n# sed -i -e 2d -e 4d k"),
            "{replaced:?}"
        );
        assert_eq!(replaced[1..], ["with 1", "with 1"]);
        let mixed = [short(1), repeated(2), concern(4, Fault::NoLongerEncrypts), concern(3, Fault::HexText)];
        let mixed = told(&mixed);
        assert_eq!(mixed[1], "sed -i 2d k");
        for fix in [&mixed[0], &mixed[2], &mixed[3]] {
            assert!(fix.starts_with("csqlstore key check --key-file k # after"), "{mixed:?}");
        }
    }

    #[test]
    fn a_file_that_is_named_twice_keeps_its_keys() {
        let places: Vec<KeyPlace> = ["Cargo.toml", "./Cargo.toml"]
            .map(|file| place(Some(&format!("{}/{file}", env!("CARGO_MANIFEST_DIR"))), 1, true))
            .into();
        let mends = fixes(&[Concern { key: 2, which: Which::Hash, fault: Fault::RepeatedPair { of: 1 } }], &places);
        let [Mend::Fix(fix)] = &mends[..] else { panic!("{mends:?}") };
        assert!(fix.starts_with("the file is named twice") && !fix.contains("sed"), "{fix}");
    }
}
