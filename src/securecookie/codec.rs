//! Keys, and the limits of what they vouch for.

use std::time::Duration;

use super::{Error, Keyring};
use crate::Place;

/// Keys, and what they are taken to vouch for.
///
/// gorilla's default of 30 days of age is this one's too; its limit of 4096 bytes is not, unless asked for.
#[derive(Clone, Debug)]
pub struct Codec {
    keyring: Keyring,
    max_age: Option<Duration>,
    min_age: Option<Duration>,
    max_length: Option<usize>,
}

impl Codec {
    /// Makes a codec that takes values up to 30 days of age, of any length.
    #[must_use]
    pub fn new(keyring: Keyring) -> Self {
        let max_age = Some(Duration::from_secs(30 * 86_400));
        Self { keyring, max_age, min_age: None, max_length: None }
    }

    /// Makes a codec with gorilla's own limits: values up to 30 days of age and 4096 bytes of length, read and written.
    #[must_use]
    pub fn gorilla(keyring: Keyring) -> Self {
        Self::new(keyring).max_length(Some(4096))
    }

    /// Sets how old a value may be; `None` for no limit. Zero means no limit too, as in gorilla.
    #[must_use]
    pub fn max_age(mut self, max_age: Option<Duration>) -> Self {
        self.max_age = max_age;
        self
    }

    /// Sets how old a value has to be; `None` for no limit.
    #[must_use]
    pub fn min_age(mut self, min_age: Option<Duration>) -> Self {
        self.min_age = min_age;
        self
    }

    /// Sets how many bytes a value may have, read or written; `None` for no limit, and zero too. gorilla's default is 4096.
    #[must_use]
    pub fn max_length(mut self, max_length: Option<usize>) -> Self {
        self.max_length = max_length;
        self
    }

    /// Returns the keys.
    #[must_use]
    pub fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    pub(super) fn check_length(&self, length: usize) -> Result<(), Error> {
        match self.max_length {
            Some(max @ 1..) if length > max => Err(Error::TooLong { length, max, place: Place::here() }),
            _ => Ok(()),
        }
    }

    /// Returns how old a value has to be and may be, in seconds.
    pub(super) fn ages(&self) -> (Option<i64>, Option<i64>) {
        (seconds(self.min_age), seconds(self.max_age))
    }
}

/// Returns a limit in seconds, of which a signature has no parts: one below a second counts as a second, and only zero
/// is gorilla's word for no limit.
fn seconds(limit: Option<Duration>) -> Option<i64> {
    let limit = limit.filter(|limit| !limit.is_zero())?;
    Some(i64::try_from(limit.as_secs().max(1)).unwrap_or(i64::MAX))
}
