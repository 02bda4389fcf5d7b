//! The sessions in tests/testdata, read by Go itself: this proves that the types of interop/ are those they were written
//! with, and that the Go program notices what it is there to notice.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use csqlstore::session::Values;
use serde_json::Value as Json;

use crate::go;

/// A session that Go wrote: its line, and what it holds.
pub(crate) struct Vector {
    pub(crate) line: String,
    pub(crate) json: Json,
}

impl Vector {
    pub(crate) fn all() -> Vec<Self> {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/testdata/sessions.jsonl");
        let text = std::fs::read_to_string(file).unwrap();
        let all: Vec<Self> = text
            .lines()
            .map(|line| Self { line: as_go_reads(line), json: serde_json::from_str(line).unwrap() })
            .collect();
        assert_eq!(all.len(), 82);
        all
    }

    pub(crate) fn of(case: &str) -> Self {
        Self::all().into_iter().find(|it| it.case() == case).unwrap()
    }

    pub(crate) fn case(&self) -> &str {
        self.json["case"].as_str().unwrap()
    }

    pub(crate) fn gob(&self) -> Vec<u8> {
        STANDARD.decode(self.json["gob"].as_str().unwrap()).unwrap()
    }

    /// The line with the types beside the values. Floats would not survive being read and written again.
    fn with_types(&self) -> String {
        let types = Values::decode(&self.gob()).unwrap().types();
        format!("{},\"types\":{types}}}", self.line.strip_suffix('}').unwrap())
    }
}

/// Go 1.19 writes the seconds of an offset as a signed byte and reads them as an unsigned one: -05:52:58 comes back to it
/// as -05:48:42. The moment is the same.
fn as_go_reads(line: &str) -> String {
    line.replace("1850-06-01T00:00:00-05:52:58", "1850-06-01T00:04:16-05:48:42")
}

fn problems(lines: &[String]) -> Vec<String> {
    let answers = go::ask("check", lines);
    answers.iter().map(|answer| answer["problem"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn go_reads_every_vector_as_it_is_written_down() {
    let vectors = Vector::all();
    let lines: Vec<String> = vectors.iter().map(Vector::with_types).collect();
    for (vector, problem) in vectors.iter().zip(problems(&lines)) {
        assert_eq!(problem, "", "{}", vector.case());
    }
}

#[test]
fn go_notices_every_kind_of_difference() {
    let altered = |case: &str, from: &str, to: &str| {
        let line = Vector::of(case).with_types();
        assert_eq!(line.matches(from).count(), 1, "{from} in {line}");
        line.replace(from, to)
    };
    let cases = [
        ("a value", altered("ints", "\"i8\":-128", "\"i8\":-127"), "expected"),
        ("an integer for a float", altered("floats", "\"c\":3.25", "\"c\":3"), "expected"),
        ("the last place", altered("floats", "\"b\":-0.1,", "\"b\":-0.10000000000000002,"), "expected"),
        ("a key", altered("bools", "{\"f\":false", "{\"g\":false"), "expected"),
        ("a time", altered("times", "T23:59:59.999999999+08:00", "T23:59:59.999999998+08:00"), "expected"),
        ("an integer's width", altered("ints", "\"i64\":\"int64\"", "\"i64\":\"int\""), "not of the type int"),
        ("a named type", altered("named", "\"role\":\"main.Role\"", "\"role\":\"string\""), "not of the type string"),
        ("a type of a pair", altered("nonstring-keys", "[\"string\",", "[\"int\","), "is of the type int"),
        ("the id", altered("string", "83834\"", "83835\""), "holds the id"),
        (
            "the cookie",
            altered("uints", "\"cookie\":\"MTc5NTM5", "\"cookie\":\"MTc5NTM4"),
            "the cookie does not decode",
        ),
        ("the row", altered("uints", "\"data\":\"MTc5NTM5", "\"data\":\"MTc5NTM4"), "the row does not decode"),
        ("the name", altered("uints", "\"session-key\"", "\"session-kez\""), "the row does not decode"),
        ("the gob", altered("bools", "\"gob\":\"Dv+BBAEC", "\"gob\":\"Dv+BBAED"), "the gob does not decode"),
    ];
    let lines: Vec<String> = cases.iter().map(|(_, line, _)| line.clone()).collect();
    for ((what, _, expected), problem) in cases.iter().zip(problems(&lines)) {
        assert!(problem.contains(expected), "{what}: {problem:?}");
    }
}
