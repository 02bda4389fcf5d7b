//! Where a setting comes from.

use std::fmt;
use std::path::PathBuf;

/// Where a setting comes from, the strongest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// An option of the command line.
    Flag(&'static str),
    /// An environment variable.
    Environment(&'static str),
    /// A file, and the line in it (1-based) where that says more.
    File { path: PathBuf, line: Option<usize> },
    /// Nobody said anything.
    Default,
}

/// A value and where it comes from.
#[derive(Clone, Debug)]
pub(crate) struct Setting<T> {
    pub(crate) value: T,
    pub(crate) origin: Origin,
}

impl<T> Setting<T> {
    pub(crate) fn new(value: T, origin: Origin) -> Self {
        Self { value, origin }
    }

    /// Makes another value of this one, from the same origin.
    pub(super) fn try_map<U, E>(self, make: impl FnOnce(T, &Origin) -> Result<U, E>) -> Result<Setting<U>, E> {
        let Self { value, origin } = self;
        Ok(Setting { value: make(value, &origin)?, origin })
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) => write!(f, "`{name}`"),
            Self::Environment(name) => write!(f, "`${name}`"),
            Self::File { path, line: None } => write!(f, "`{}`", path.display()),
            Self::File { path, line: Some(line) } => write!(f, "`{}` line {line}", path.display()),
            Self::Default => f.write_str("the default"),
        }
    }
}
