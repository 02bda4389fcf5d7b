//! Where an error was made.

use std::fmt;
use std::panic::Location;

/// The line of source in which an error was made.
///
/// Every error of this crate that is not merely handing on another one carries a place; `csqlstore -vv` prints it.
/// It names a file of this crate and no path of the machine that runs it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Place(&'static Location<'static>);

impl Place {
    /// Returns the place of the caller (of the outermost caller that is `#[track_caller]` itself).
    #[must_use]
    #[track_caller]
    pub fn here() -> Self {
        Self(Location::caller())
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.0.file(), self.0.line())
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_line_that_asked() {
        let text = Place::here().to_string();
        assert!(text.starts_with("src/place.rs:"), "{text}");
    }
}
