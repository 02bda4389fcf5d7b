//! What follows when work has failed.

use super::work::Repeat;
use crate::cluster::Class;
use crate::cluster::number::{CONNECTION_KILLED, STATEMENT_KILLED, is_late, is_undone};

/// What is known of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The kind of trouble.
    pub class: Class,
    /// The server's error number, if it answered.
    pub code: Option<u16>,
    /// Whether the work had an answer to any statement before.
    pub begun: bool,
    /// Whether what was asked had to wait until the node has what the others have.
    pub waits: bool,
}

/// What follows when work has failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// The error goes back to the caller.
    Return,
    /// The same again a little later, wherever the policy says.
    Again,
    /// The same again on another node.
    Elsewhere,
}

impl Failure {
    /// Returns whether the node gave up waiting until it has what the others have: another one may have it.
    fn is_behind(&self) -> bool {
        self.waits && self.code.is_some_and(is_late)
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
        _ if failure.is_behind() => Next::Elsewhere,
        (Class::Conflict, _) => Next::Again,
        (Class::Config | Class::Data, _) => Next::Return,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::number::class;

    /// What follows an error with this number, when the work may be done twice and when it may not.
    fn next(code: u16, begun: bool) -> (Next, Next) {
        let failure = Failure { class: class(code), code: Some(code), begun, waits: false };
        (after_failure(failure, Repeat::Safe), after_failure(failure, Repeat::IfNotSent))
    }

    #[test]
    fn what_follows_an_error_that_a_server_answered_with() {
        use Next::{Again, Elsewhere, Return};
        for (name, code, begun, expected) in [
            ("a node outside the primary component", 1047, false, (Elsewhere, Elsewhere)),
            ("the same after a statement that was answered", 1047, true, (Elsewhere, Return)),
            ("a node that was made read-only", 1290, false, (Elsewhere, Elsewhere)),
            ("a node with too many connections", 1040, false, (Elsewhere, Elsewhere)),
            ("a node without room", 1114, false, (Elsewhere, Elsewhere)),
            ("a node that shuts down: it may be done", 1053, false, (Elsewhere, Return)),
            ("a node that is being cut off: it may be done", 1180, false, (Elsewhere, Return)),
            ("a connection that was killed: it may be done", 1927, false, (Elsewhere, Return)),
            ("a deadlock", 1213, false, (Again, Again)),
            ("a deadlock in the middle", 1213, true, (Again, Return)),
            ("a lock wait", 1205, false, (Again, Again)),
            ("a conflict in a group", 3101, false, (Again, Again)),
            ("a statement that somebody killed", 1317, false, (Return, Return)),
            ("a duplicate key", 1062, false, (Return, Return)),
            ("no such table", 1146, false, (Return, Return)),
            ("no right", 1142, false, (Return, Return)),
            ("a number that nobody knows", 65_000, false, (Return, Return)),
        ] {
            assert_eq!(next(code, begun), expected, "{name}");
        }
    }

    #[test]
    fn without_an_answer_the_work_may_be_done() {
        let silent = Failure { class: Class::Node, code: None, begun: false, waits: false };
        assert_eq!(after_failure(silent, Repeat::Safe), Next::Elsewhere);
        assert_eq!(after_failure(silent, Repeat::IfNotSent), Next::Return);
    }

    #[test]
    fn a_node_that_does_not_catch_up_in_time_is_left_for_another_one() {
        for (code, expected) in [
            (1205, Next::Elsewhere),
            (3797, Next::Elsewhere),
            (3798, Next::Elsewhere),
            (1213, Next::Again),
            (3101, Next::Again),
            (1146, Next::Return),
        ] {
            let waits = Failure { class: class(code), code: Some(code), begun: true, waits: true };
            assert_eq!(after_failure(waits, Repeat::Safe), expected, "{code}");
            assert!(!waits.is_of_the_node(), "{code}: it is not its fault");
            let other = after_failure(Failure { waits: false, ..waits }, Repeat::Safe);
            assert_ne!(other, Next::Elsewhere, "{code}: nobody waits");
        }
    }

    #[test]
    fn only_the_nodes_own_trouble_is_held_against_it() {
        for (code, expected) in [
            (1047, true),
            (1290, true),
            (1927, true),
            (1040, true),
            (1213, false),
            (1317, false),
            (1062, false),
            (1142, false),
        ] {
            let failure = Failure { class: class(code), code: Some(code), begun: false, waits: false };
            assert_eq!(failure.is_of_the_node(), expected, "{code}");
        }
    }
}
