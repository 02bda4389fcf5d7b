//! From text to a condition.

use std::cmp::Ordering;
use std::fmt;

use regex::RegexBuilder;

use super::{Condition, Literal, Number, Step, Test, Word};

/// The most that the states of one regular expression may take: it comes from a command line, and is tried on every row.
const REGEX_SIZE: usize = 1 << 20;

/// Why a text is no condition.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fault {
    /// The text.
    pub condition: String,
    /// Where it is wrong, in characters from 0.
    pub at: usize,
    /// What is wrong there.
    pub reason: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { condition, at, reason } = self;
        write!(f, "`{}` is no condition: {reason} (at character {})", condition.escape_debug(), at + 1)
    }
}

impl std::error::Error for Fault {}

/// The operators; of two that begin alike the longer comes first.
const OPERATORS: [&str; 8] = ["==", "!=", "<=", ">=", "=", "<", ">", "~"];

pub(super) fn condition(text: &str) -> Result<Condition, Fault> {
    let mut parser = Parser { text, at: 0 };
    let path = parser.path()?;
    let spaced = parser.skip_blanks();
    if spaced && parser.rest().trim_end() == "exists" {
        return Ok(Condition { path, test: Test::Exists });
    }
    let Some(operator) = OPERATORS.into_iter().find(|operator| parser.rest().starts_with(operator)) else {
        let reason = if parser.rest().is_empty() {
            "a value has to follow, as in `KEY=VALUE`; `KEY exists` asks whether there is one"
        } else {
            "one of = != < > <= >= ~ or `exists` has to follow"
        };
        return Err(parser.fault(reason));
    };
    if operator == "==" {
        return Err(parser.fault("equality is written `=`"));
    }
    parser.at += operator.len();
    // Blanks around the operator are for the eye.
    if spaced {
        parser.skip_blanks();
    }
    let test = match operator {
        "=" => Test::Is(parser.literal()?),
        "!=" => Test::IsNot(parser.literal()?),
        "<" => Test::Lies(&[Ordering::Less], parser.literal()?),
        ">" => Test::Lies(&[Ordering::Greater], parser.literal()?),
        "<=" => Test::Lies(&[Ordering::Less, Ordering::Equal], parser.literal()?),
        ">=" => Test::Lies(&[Ordering::Greater, Ordering::Equal], parser.literal()?),
        _ => {
            let pattern = match parser.quoted()? {
                Some(text) => text,
                None => parser.rest().to_owned(),
            };
            let regex = RegexBuilder::new(&pattern).size_limit(REGEX_SIZE).build();
            Test::Matches(regex.map_err(|error| parser.fault(regex_reason(&error)))?)
        }
    };
    Ok(Condition { path, test })
}

/// The last line of what a regular expression's error says is the reason; those before draw it.
fn regex_reason(error: &regex::Error) -> String {
    let text = error.to_string();
    let reason = text.lines().last().unwrap_or_default();
    format!("the regular expression is none: {}", reason.strip_prefix("error: ").unwrap_or(reason))
}

struct Parser<'t> {
    text: &'t str,
    /// In bytes.
    at: usize,
}

impl<'t> Parser<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn fault(&self, reason: impl Into<String>) -> Fault {
        let at = self.text[..self.at].chars().count();
        Fault { condition: self.text.to_owned(), at, reason: reason.into() }
    }

    fn skip_blanks(&mut self) -> bool {
        let before = self.at;
        self.at += self.rest().len() - self.rest().trim_start().len();
        self.at > before
    }

    fn take(&mut self, character: char) -> bool {
        let taken = self.rest().starts_with(character);
        if taken {
            self.at += character.len_utf8();
        }
        taken
    }

    fn path(&mut self) -> Result<Vec<Step>, Fault> {
        self.skip_blanks();
        let mut path = vec![self.step()?];
        loop {
            if self.take('.') {
                path.push(self.step()?);
            } else if self.take('[') {
                path.push(self.step()?);
                if !self.take(']') {
                    return Err(self.fault("a `]` has to follow"));
                }
            } else {
                return Ok(path);
            }
        }
    }

    fn step(&mut self) -> Result<Step, Fault> {
        if let Some(text) = self.quoted()? {
            return Ok(Step { text, number: None });
        }
        let ends = |c: char| matches!(c, '.' | '[' | ']' | '=' | '!' | '<' | '>' | '~' | '"') || c.is_whitespace();
        let text = &self.rest()[..self.rest().find(ends).unwrap_or(self.rest().len())];
        if text.is_empty() {
            return Err(self.fault("a key has to stand here, in quotes if it has other characters than letters"));
        }
        self.at += text.len();
        Ok(Step { text: text.to_owned(), number: text.parse().ok() })
    }

    /// Takes a text in quotes, if one begins here.
    fn quoted(&mut self) -> Result<Option<String>, Fault> {
        if !self.rest().starts_with('"') {
            return Ok(None);
        }
        let mut texts = serde_json::Deserializer::from_str(self.rest()).into_iter::<String>();
        match texts.next() {
            Some(Ok(text)) => {
                self.at += texts.byte_offset();
                Ok(Some(text))
            }
            _ => Err(self.fault("the text in quotes does not end, or has an escape that JSON does not know")),
        }
    }

    fn literal(&mut self) -> Result<Literal, Fault> {
        if let Some(text) = self.quoted()? {
            if !self.rest().trim().is_empty() {
                return Err(self.fault("nothing may follow a value in quotes"));
            }
            return Ok(Literal { text, number: None, moment: None, word: None });
        }
        let text = self.rest();
        let word = match text {
            "true" => Some(Word::Bool(true)),
            "false" => Some(Word::Bool(false)),
            "null" => Some(Word::Null),
            _ => None,
        };
        Ok(Literal { text: text.to_owned(), number: Number::of(text), moment: moment(text), word })
    }
}

/// Reads a time in RFC 3339.
pub(super) fn moment(text: &str) -> Option<jiff::Timestamp> {
    // What has not even the form is most of what is asked: the parser takes its time.
    let bytes = text.as_bytes();
    (bytes.len() >= 20 && bytes[4] == b'-' && bytes[7] == b'-').then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str) -> String {
        let Condition { path, test } = condition(text).unwrap();
        let path: Vec<String> = path
            .iter()
            .map(|step| match step.number {
                Some(number) => format!("{}#{number}", step.text),
                None => step.text.clone(),
            })
            .collect();
        let literal = |it: &Literal| {
            let Literal { text, number, moment, word } = it;
            let reads =
                [number.map(|it| format!("{it:?}")), moment.map(|it| it.to_string()), word.map(|it| format!("{it:?}"))];
            format!("{text}{}", reads.into_iter().flatten().map(|it| format!(" {it}")).collect::<String>())
        };
        let test = match &test {
            Test::Exists => "exists".to_owned(),
            Test::Is(it) => format!("= {}", literal(it)),
            Test::IsNot(it) => format!("!= {}", literal(it)),
            Test::Lies(orders, it) => format!("{orders:?} {}", literal(it)),
            Test::Matches(regex) => format!("~ {regex}"),
        };
        format!("{} {test}", path.join("/"))
    }

    #[test]
    fn conditions_are_read() {
        for (text, expected) in [
            ("user=ada", "user = ada"),
            ("user.id=42", "user/id = 42 Whole(42)"),
            ("user.id=\"42\"", "user/id = 42"),
            ("_flash[0]=-1.5e3", "_flash/0#0 = -1.5e3 Float(-1500.0)"),
            ("a[\"b.c\"][x]!=", "a/b.c/x != "),
            ("\"a key\".b exists", "a key/b exists"),
            ("a  exists ", "a exists"),
            ("exists=exists", "exists = exists"),
            ("a = b c ", "a = b c "),
            ("a= b", "a =  b"),
            ("a=b=c", "a = b=c"),
            ("ok=true", "ok = true Bool(true)"),
            ("it!=null", "it != null Null"),
            ("n<=9", "n [Less, Equal] 9 Whole(9)"),
            ("n>=9", "n [Greater, Equal] 9 Whole(9)"),
            ("n<9", "n [Less] 9 Whole(9)"),
            ("n>9", "n [Greater] 9 Whole(9)"),
            ("f=NaN", "f = NaN Float(NaN)"),
            ("f=nan", "f = nan"),
            ("f=infinity", "f = infinity"),
            ("t>2026-01-01T00:00:00+08:00", "t [Greater] 2026-01-01T00:00:00+08:00 2025-12-31T16:00:00Z"),
            ("mail~@example\\.com$", "mail ~ @example\\.com$"),
            ("mail~\"a\\\\d\"", "mail ~ a\\d"),
            ("schlüssel.ß=ü", "schlüssel/ß = ü"),
            ("m[42]=x", "m/42#42 = x"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_none_says_where_and_why() {
        for (text, at, reason) in [
            ("", 0, "a key has to stand here"),
            ("user", 4, "`KEY exists`"),
            ("ü ", 2, "`KEY exists`"),
            ("user == 4", 5, "equality is written `=`"),
            ("user is 4", 5, "one of ="),
            ("user exist", 5, "one of ="),
            ("=4", 0, "a key has to stand here"),
            ("user..id=4", 5, "a key has to stand here"),
            ("user.=4", 5, "a key has to stand here"),
            ("a[0=4", 3, "a `]` has to follow"),
            ("a[]=4", 2, "a key has to stand here"),
            ("\"a=4", 0, "does not end"),
            ("a=\"4", 2, "does not end"),
            ("a=\"4\"5", 5, "nothing may follow"),
            ("a~(", 2, "the regular expression is none: unclosed group"),
            ("a~\\w{5000}{5000}", 2, "the regular expression is none"),
        ] {
            let fault = condition(text).unwrap_err();
            assert!(fault.at == at && fault.reason.contains(reason), "{text}: {fault}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_too_much(text in "\\PC*", tail in r#"[a-z.\[\]="~<>!\\0-9 ]{0,30}"#) {
            let _ = condition(&text);
            let _ = condition(&tail);
        }

        #[test]
        fn any_key_and_any_text_can_be_asked_for(key in ".*", value in ".*") {
            let quoted = |text: &str| serde_json::to_string(text).unwrap();
            let it = condition(&format!("{}={}", quoted(&key), quoted(&value))).unwrap();
            prop_assert_eq!(&it.path, &[Step { text: key, number: None }]);
            let Test::Is(literal) = it.test else { panic!("another operator") };
            prop_assert_eq!(literal, Literal { text: value, number: None, moment: None, word: None });
        }
    }
}
