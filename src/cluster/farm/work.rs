//! What is asked of a farm, and what its failing means.

use crate::cluster::Error;

/// What [`Farm::run`](super::Farm::run) has to know of the work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work<'a> {
    /// What it is about, such as a session's id: [`Policy::Affinity`](super::Policy::Affinity) gives all work about one
    /// thing to one node.
    pub affinity: Option<&'a str>,
    /// When it may be done again after it failed.
    pub repeat: Repeat,
}

/// When work may be done again after it failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Repeat {
    /// Only if nothing of it can have been done: no connection was to be had, or the server refused its very first
    /// statement.
    #[default]
    IfNotSent,
    /// Whenever that can help: doing it twice is as good as doing it once.
    Safe,
}

impl<'a> Work<'a> {
    /// Work that may be done twice, about something.
    #[must_use]
    pub fn safe(affinity: &'a str) -> Self {
        Self { affinity: Some(affinity), repeat: Repeat::Safe }
    }

    /// Work that must not be done twice, about something.
    #[must_use]
    pub fn once(affinity: &'a str) -> Self {
        Self { affinity: Some(affinity), repeat: Repeat::IfNotSent }
    }
}

/// An error of what is run on a farm, which may be one of the cluster's.
///
/// The farm looks into it to decide whether to repeat the work; what is none of the cluster's errors goes back to the
/// caller at once.
pub trait RunError: From<Error> {
    /// Returns the cluster's error that this is, or comes from.
    fn as_cluster(&self) -> Option<&Error>;
}

impl RunError for Error {
    fn as_cluster(&self) -> Option<&Error> {
        Some(self)
    }
}
