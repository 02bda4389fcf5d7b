//! What sessions are asked for by what they hold.
//!
//! A condition is a path, an operator and a value: `user.id=42`, `_flash[0]~^Welcome`, `expiry<2026-01-01T00:00:00Z`, or
//! a path and the word `exists`. [`Query`] parses and answers; nothing here knows a server.
//!
//! # Paths
//!
//! Steps with dots between them, or in brackets: `user.id`, `_flash[0]`, `seen["a key.with dots"]`. A step is a field of a
//! struct, a key of a map, or the place in a list, counted from 0. In quotes it is text, as in JSON; a bare number is a
//! place, and a key that is a number or reads as one.
//!
//! # Values
//!
//! A bare value is whatever it reads as: `42` is the number and the text, `true` the boolean and the text, `null` what is
//! nil, and a time in RFC 3339 the moment, under any offset. In quotes, as in JSON, it is that text and nothing else.
//! `<` and its like order numbers, moments and text; text is ordered only by a value that is no number and no time, except
//! that text which is itself a time is compared with one. `~` looks for a regular expression in text, and in numbers and
//! times as they are written. `!=` asks for a value that is there and another.

mod parse;
mod walk;

use std::cmp::Ordering;

use regex::Regex;

pub use parse::Fault;

use crate::gob::Value;
use crate::session::Values;

/// Conditions on what a session holds, all of which have to be true.
#[derive(Clone, Debug)]
pub struct Query(Vec<Condition>);

/// A condition on what a session holds.
#[derive(Clone, Debug)]
pub struct Condition {
    path: Vec<Step>,
    test: Test,
}

/// A step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Step {
    /// A field or a key.
    text: String,
    /// A place, or a key that is a number; not where it is in quotes.
    number: Option<i128>,
}

/// What is asked of a value.
#[derive(Clone, Debug)]
enum Test {
    Exists,
    Is(Literal),
    IsNot(Literal),
    /// One of these is how the value lies to the one that is asked for.
    Lies(&'static [Ordering], Literal),
    Matches(Regex),
}

/// A value as it is asked for.
#[derive(Clone, Debug, PartialEq)]
struct Literal {
    text: String,
    /// What it reads as besides text; nothing where it is in quotes.
    number: Option<Number>,
    moment: Option<jiff::Timestamp>,
    /// `true`, `false`, `null`.
    word: Option<Word>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    Bool(bool),
    Null,
}

/// A number, exact where it is whole.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Number {
    Whole(i128),
    Float(f64),
}

impl Number {
    fn of(text: &str) -> Option<Self> {
        match text.parse() {
            Ok(whole) => Some(Self::Whole(whole)),
            // Rust reads more words as floats than these: `infinity`, `nan`.
            Err(_) if matches!(text, "NaN" | "+Inf" | "-Inf") => text.parse().ok().map(Self::Float),
            Err(_) if text.bytes().any(|byte| byte.is_ascii_digit()) => text.parse().ok().map(Self::Float),
            Err(_) => None,
        }
    }

    fn compare(self, other: Self) -> Option<Ordering> {
        #[expect(clippy::cast_precision_loss, reason = "a float has no more digits to compare with")]
        let float = |it: Self| match it {
            Self::Whole(whole) => whole as f64,
            Self::Float(float) => float,
        };
        match (self, other) {
            (Self::Whole(a), Self::Whole(b)) => Some(a.cmp(&b)),
            (Self::Float(a), Self::Float(b)) if a.is_nan() && b.is_nan() => Some(Ordering::Equal),
            _ => float(self).partial_cmp(&float(other)),
        }
    }
}

impl Query {
    /// Parses conditions.
    ///
    /// # Errors
    ///
    /// [`Fault`] that says which of them is none, where, and what was expected.
    pub fn parse<S: AsRef<str>>(conditions: &[S]) -> Result<Self, Fault> {
        conditions.iter().map(|text| parse::condition(text.as_ref())).collect::<Result<_, _>>().map(Self)
    }

    /// Returns whether a session holds what is asked for.
    #[must_use]
    pub fn holds(&self, values: &Values<'_>) -> bool {
        self.0.iter().all(|condition| condition.holds(values))
    }
}

impl Condition {
    /// Returns whether a session holds what is asked for.
    #[must_use]
    pub fn holds(&self, values: &Values<'_>) -> bool {
        let Self { path, test } = self;
        match test {
            // None of those that the path leads to, of which there is one as a rule.
            Test::IsNot(literal) => {
                let (mut found, mut equal) = (false, false);
                walk::any(values, path, &mut |value| {
                    found = true;
                    equal |= walk::compare(value, literal) == Some(Ordering::Equal);
                    equal
                });
                found && !equal
            }
            test => walk::any(values, path, &mut |value| test.holds(value)),
        }
    }
}

impl Test {
    fn holds(&self, value: &Value<'_>) -> bool {
        match self {
            Self::Exists => true,
            Self::Is(literal) => walk::compare(value, literal) == Some(Ordering::Equal),
            Self::IsNot(literal) => walk::compare(value, literal) != Some(Ordering::Equal),
            Self::Lies(orders, literal) => {
                walk::compare(value, literal).is_some_and(|order| orders.contains(&order)) && literal.orders(value)
            }
            Self::Matches(regex) => walk::text(value).is_some_and(|text| regex.is_match(&text)),
        }
    }
}

impl Literal {
    /// Returns whether more than equality can be asked of a value with this literal: text does not lie below a number.
    fn orders(&self, value: &Value<'_>) -> bool {
        walk::is_number_or_time(value) || (self.number.is_none() && self.word.is_none())
    }
}
