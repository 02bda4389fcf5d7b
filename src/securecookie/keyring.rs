//! Keys, and how they are kept from view.

use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::cipher::Cipher;
use super::mac::MacKey;
use super::{Error, KeyFault, text};
use crate::Place;

/// A hash key, which signs, and perhaps a block key, which encrypts.
///
/// Both are overwritten when they go out of use, and neither is shown by `Debug`.
pub struct KeyPair {
    hash: Zeroizing<Vec<u8>>,
    block: Option<Zeroizing<Vec<u8>>>,
    /// What HMAC makes of the hash key, which every MAC begins with.
    mac: Box<MacKey>,
    /// What AES makes of the block key.
    cipher: Option<Cipher>,
}

impl KeyPair {
    /// Makes a pair of a hash key of any length but 0, and a block key of 16, 24 or 32 bytes (AES-128, -192, -256).
    ///
    /// # Errors
    ///
    /// [`Error::Key`] if a key has another length.
    pub fn new(hash: Vec<u8>, block: Option<Vec<u8>>) -> Result<Self, Error> {
        Self::checked(Zeroizing::new(hash), block.map(Zeroizing::new))
            .map_err(|fault| Error::Key { fault, place: Place::here() })
    }

    pub(super) fn checked(hash: Zeroizing<Vec<u8>>, block: Option<Zeroizing<Vec<u8>>>) -> Result<Self, KeyFault> {
        if hash.is_empty() {
            return Err(KeyFault::Empty);
        }
        let cipher = match block.as_ref() {
            None => None,
            Some(key) if key.is_empty() => return Err(KeyFault::Empty),
            Some(key) => Some(Cipher::new(key).ok_or(KeyFault::BlockLength { length: key.len() })?),
        };
        let mac = MacKey::new(&hash);
        Ok(Self { hash, block, mac, cipher })
    }

    /// Returns whether the pair encrypts.
    #[must_use]
    pub fn encrypts(&self) -> bool {
        self.block.is_some()
    }

    /// Returns how many bytes the hash key has.
    #[must_use]
    pub fn hash_length(&self) -> usize {
        self.hash.len()
    }

    /// Returns how many bytes the block key has, if there is one.
    #[must_use]
    pub fn block_length(&self) -> Option<usize> {
        self.block.as_ref().map(|key| key.len())
    }

    pub(super) fn mac(&self) -> &MacKey {
        &self.mac
    }

    pub(super) fn cipher(&self) -> Option<&Cipher> {
        self.cipher.as_ref()
    }

    pub(super) fn hash(&self) -> &[u8] {
        &self.hash
    }

    pub(super) fn block(&self) -> Option<&[u8]> {
        self.block.as_ref().map(|key| key.as_slice())
    }
}

impl fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.encrypts() { "KeyPair(signs, encrypts)" } else { "KeyPair(signs)" })
    }
}

/// Pairs of keys: the first signs, every one verifies.
///
/// Cheap to clone; the clones share the keys.
#[derive(Clone, Debug)]
pub struct Keyring(Arc<[KeyPair]>);

impl Keyring {
    /// Makes a keyring of pairs.
    ///
    /// # Errors
    ///
    /// [`Error::NoKey`] if there are none.
    pub fn new(pairs: Vec<KeyPair>) -> Result<Self, Error> {
        if pairs.is_empty() {
            return Err(Error::NoKey { place: Place::here() });
        }
        Ok(Self(pairs.into()))
    }

    /// Parses the text of a keyring: pairs `HASH[,BLOCK]`, one a line or with `;` between them.
    ///
    /// Each key is written `hex:…`, `base64:…` (either alphabet, padded or not) or `raw:…`, which runs to the next `,`,
    /// `;` or line end, blanks included. A line that begins with `#` is a comment; empty lines are passed over.
    ///
    /// # Errors
    ///
    /// [`Error::Keyring`] names the line, the pair and what is wrong, never the text of a key; [`Error::NoKey`] if there
    /// is no pair in it.
    pub fn parse(text: &str) -> Result<Self, Error> {
        Self::new(text::pairs(text)?)
    }

    /// The pair that signs.
    pub(super) fn first(&self) -> &KeyPair {
        // `new` takes no empty list, and nothing else makes a keyring.
        &self.0[0]
    }

    /// Returns the pairs in their order.
    #[must_use]
    pub fn pairs(&self) -> &[KeyPair] {
        &self.0
    }
}
