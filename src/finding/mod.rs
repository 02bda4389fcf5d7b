//! Something that was noticed about a node, the table or its cleanup, and what to do about it.
//!
//! What can be noticed is a catalogue, [`Code`]: each code has a page that says what it means and how to mend it.

mod code;

pub use code::{Code, Subject};

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Worth knowing; nothing has to be done.
    Note,
    /// Works now, and will not for long or not for everyone.
    Warning,
    /// Does not work.
    Error,
}

impl Level {
    /// Returns the word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl std::fmt::Display for Level {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Something that was noticed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How much it matters.
    pub level: Level,
    /// Its stable name.
    pub code: Code,
    /// The node it was noticed on; `None` if it is about the cluster.
    pub node: Option<String>,
    /// What is the matter, as a fragment of a sentence.
    pub message: String,
    /// What mends it, where something does: a command of `csqlstore` or of the host, a line of somebody's configuration, or
    /// SQL for an account that may run it, on the node that is named.
    ///
    /// Where a server forgets at its restart what the SQL sets, a comment behind it has the line of the server's `my.cnf`
    /// that keeps it. Words in capitals (`FILE`, `PASSWORD`) are to be filled in.
    pub fix: Option<String>,
}

impl Finding {
    /// Notes something about the whole cluster, with nothing to do about it yet.
    #[must_use]
    pub fn new(level: Level, code: Code, message: impl Into<String>) -> Self {
        Self { level, code, node: None, message: message.into(), fix: None }
    }

    /// Says which node it is about.
    #[must_use]
    pub fn on(self, node: impl Into<String>) -> Self {
        Self { node: Some(node.into()), ..self }
    }

    /// Says what to do about it.
    #[must_use]
    pub fn fix(self, fix: impl Into<String>) -> Self {
        Self { fix: Some(fix.into()), ..self }
    }
}
