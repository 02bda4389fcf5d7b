//! A TOML file whose every value knows its line, and whose unknown keys are errors.

use std::path::Path;

use csqlstore::Place;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::{Error, Key};
use super::origin::{Origin, Setting};

/// A file, for the errors and origins of what is read from it.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) path: &'a Path,
    pub(super) text: &'a str,
}

/// A value of a table, under its key.
#[derive(Clone, Copy)]
pub(super) struct Item<'a> {
    pub(super) source: Source<'a>,
    /// The table's full name, empty at the top.
    pub(super) table: &'a str,
    pub(super) key: &'a str,
    pub(super) at: usize,
    pub(super) value: &'a Spanned<DeValue<'a>>,
}

impl<'a> Source<'a> {
    #[track_caller]
    pub(super) fn parse(self) -> Result<DeTable<'a>, Error> {
        let place = Place::here();
        // The parser's own message would quote the line, and with it a password.
        DeTable::parse(self.text).map(Spanned::into_inner).map_err(|error| Error::Syntax {
            path: self.path.to_owned(),
            line: self.line(error.span().map_or(0, |span| span.start)),
            message: error.message().to_owned(),
            place,
        })
    }

    /// Returns the table's values in the order of the file.
    pub(super) fn items(self, table: &'a str, content: &'a DeTable<'a>) -> Vec<Item<'a>> {
        let item = |(key, value): (&'a Spanned<_>, &'a Spanned<DeValue<'a>>)| {
            let name: &'a std::borrow::Cow<'a, str> = key.get_ref();
            Item { source: self, table, key: name, at: key.span().start, value }
        };
        content.iter().map(item).collect()
    }

    /// Returns the 1-based line of a byte of the text.
    pub(super) fn line(self, at: usize) -> usize {
        let before = &self.text.as_bytes()[..at.min(self.text.len())];
        1 + before.iter().filter(|byte| **byte == b'\n').count()
    }
}

impl<'a> Item<'a> {
    pub(super) fn line(&self) -> usize {
        self.source.line(self.at)
    }

    pub(super) fn origin(&self) -> Origin {
        Origin::File { path: self.source.path.to_owned(), line: Some(self.line()) }
    }

    /// Returns the error of a key that means nothing, with the known key that it may be a slip of.
    #[track_caller]
    pub(super) fn unknown(&self, known: &[&'static str]) -> Error {
        Error::UnknownKey {
            path: self.source.path.to_owned(),
            line: self.line(),
            key: Key::new(self.table, self.key),
            near: near(self.key, known),
            known: known.to_vec(),
            place: Place::here(),
        }
    }

    #[track_caller]
    pub(super) fn wrong(&self, expected: &'static str) -> Error {
        Error::WrongType {
            path: self.source.path.to_owned(),
            line: self.line(),
            key: Key::new(self.table, self.key),
            expected,
            place: Place::here(),
        }
    }

    #[track_caller]
    pub(super) fn string(&self) -> Result<Setting<&'a str>, Error> {
        match self.value.get_ref() {
            DeValue::String(text) => Ok(Setting::new(text.as_ref(), self.origin())),
            _ => Err(self.wrong("a text in quotes")),
        }
    }

    /// Returns a list of strings; where `one` says so, a single string is a list of one.
    #[track_caller]
    pub(super) fn strings(&self, one: One) -> Result<Setting<Vec<Setting<&'a str>>>, Error> {
        let expected = match one {
            One::Allowed => "a text in quotes, or a list of them",
            One::Refused => "a list of texts in quotes",
        };
        let list = match self.value.get_ref() {
            DeValue::String(text) if one == One::Allowed => vec![Setting::new(text.as_ref(), self.origin())],
            DeValue::Array(list) => {
                let text = |entry: &'a Spanned<DeValue<'a>>| match entry.get_ref() {
                    DeValue::String(text) => {
                        let line = self.source.line(entry.span().start);
                        let origin = Origin::File { path: self.source.path.to_owned(), line: Some(line) };
                        Some(Setting::new(text.as_ref(), origin))
                    }
                    _ => None,
                };
                list.iter().map(text).collect::<Option<_>>().ok_or_else(|| self.wrong(expected))?
            }
            _ => return Err(self.wrong(expected)),
        };
        Ok(Setting::new(list, self.origin()))
    }

    #[track_caller]
    pub(super) fn table(&self) -> Result<&'a DeTable<'a>, Error> {
        match self.value.get_ref() {
            DeValue::Table(table) => Ok(table),
            _ => Err(self.wrong("a table")),
        }
    }

    /// Returns the tables of an array that holds nothing else, and at least one.
    pub(super) fn tables(&self) -> Option<Vec<&'a DeTable<'a>>> {
        match self.value.get_ref() {
            DeValue::Array(list) if !list.is_empty() => list
                .iter()
                .map(|entry| match entry.get_ref() {
                    DeValue::Table(table) => Some(table),
                    _ => None,
                })
                .collect(),
            _ => None,
        }
    }
}

/// Whether one string may stand for a list of one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum One {
    Allowed,
    Refused,
}

/// Returns the known key that is at most two slips away: a wrong, missing, extra or swapped letter.
fn near(key: &str, known: &[&'static str]) -> Option<&'static str> {
    if key.len() > 64 {
        return None;
    }
    let plain = |text: &str| text.to_ascii_lowercase().replace('-', "_");
    let key = plain(key);
    let scored = known.iter().map(|candidate| (slips(&key, &plain(candidate)), *candidate));
    // A third of a short word is another word.
    scored
        .filter(|(slips, word)| *slips <= 2 && slips * 3 <= word.len())
        .min_by_key(|(slips, _)| *slips)
        .map(|(_, word)| word)
}

fn slips(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let (mut before, mut last): (Vec<usize>, Vec<usize>) = (Vec::new(), (0..=other.len()).collect());
    for (i, a) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let mut least = (last[j] + usize::from(a != b)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == other[j - 1] && one[i - 1] == *b {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_the_key_that_was_meant() {
        let known = ["nodes", "table", "timeout", "key_file", "names", "ca"];
        for (key, expected) in [
            ("node", Some("nodes")),
            ("nodse", Some("nodes")),
            ("Nodes", Some("nodes")),
            ("key-file", Some("key_file")),
            ("keyfiles", Some("key_file")),
            ("timout", Some("timeout")),
            ("tabel", Some("table")),
            ("name", Some("names")),
            ("password", None),
            ("cb", None),
            ("", None),
        ] {
            assert_eq!(near(key, &known), expected, "{key}");
        }
    }
}
