//! What follows when work has failed.

use super::work::Repeat;
use crate::cluster::number::{CONNECTION_KILLED, STATEMENT_KILLED, is_undone};
use crate::cluster::{Class, Error};

/// What is known of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The kind of trouble.
    pub class: Class,
    /// The server's error number, if it answered.
    pub code: Option<u16>,
    /// Whether the work had an answer to any statement before.
    pub begun: bool,
}

/// What follows when work has failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// The error goes back to the caller.
    Return,
    /// The same again on the same connection, a little later.
    Again,
    /// The same again on another node.
    Elsewhere,
}

impl Failure {
    /// Notes what an error says; `begun` if the work had an answer to any statement before it.
    #[must_use]
    pub fn of(error: &Error, begun: bool) -> Self {
        Self { class: error.class(), code: error.code(), begun }
    }

    /// Returns whether it is the node's own trouble, so that others do better to stay away from it for a while.
    #[must_use]
    pub fn is_of_the_node(&self) -> bool {
        self.class == Class::Node || self.code == Some(CONNECTION_KILLED)
    }

    /// Returns whether nothing of the work can have been done.
    fn is_undone(&self) -> bool {
        !self.begun && self.code.is_some_and(is_undone)
    }
}

/// Returns what follows when work has failed on a connection.
#[must_use]
pub fn after_failure(failure: Failure, repeat: Repeat) -> Next {
    if repeat == Repeat::IfNotSent && !failure.is_undone() {
        return Next::Return;
    }
    match (failure.class, failure.code) {
        (_, Some(STATEMENT_KILLED)) => Next::Return,
        (_, Some(CONNECTION_KILLED)) | (Class::Node, _) => Next::Elsewhere,
        (Class::Conflict, _) => Next::Again,
        (Class::Config | Class::Data, _) => Next::Return,
    }
}
