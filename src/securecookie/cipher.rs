//! AES in counter mode.

use aes::{Aes128, Aes192, Aes256};
use ctr::cipher::{
    Block, BlockCipherEncrypt, BlockSizeUser, InnerIvInit as _, KeyInit as _, StreamCipher as _,
    StreamCipherCoreWrapper,
};
use ctr::{CtrCore, flavors};

/// The block size of AES, and the length of the vector in front of a ciphertext.
pub(super) const IV: usize = 16;

/// A block key, expanded: overwritten when it goes out of use.
pub(super) enum Cipher {
    Aes128(Box<Aes128>),
    Aes192(Box<Aes192>),
    Aes256(Box<Aes256>),
}

impl Cipher {
    /// Takes a key of 16, 24 or 32 bytes.
    pub(super) fn new(key: &[u8]) -> Option<Self> {
        Some(match key.len() {
            16 => Self::Aes128(Box::new(Aes128::new_from_slice(key).ok()?)),
            24 => Self::Aes192(Box::new(Aes192::new_from_slice(key).ok()?)),
            32 => Self::Aes256(Box::new(Aes256::new_from_slice(key).ok()?)),
            _ => return None,
        })
    }

    /// Encrypts or decrypts in place, which is the same; the vector is a big-endian counter of 128 bits.
    pub(super) fn apply(&self, iv: &[u8; IV], text: &mut [u8]) {
        match self {
            Self::Aes128(aes) => apply(&**aes, iv, text),
            Self::Aes192(aes) => apply(&**aes, iv, text),
            Self::Aes256(aes) => apply(&**aes, iv, text),
        }
    }
}

fn apply<C>(aes: &C, iv: &[u8; IV], text: &mut [u8])
where
    C: BlockCipherEncrypt + BlockSizeUser<BlockSize = <Aes128 as BlockSizeUser>::BlockSize>,
{
    let iv: &Block<Aes128> = iv.into();
    let core = CtrCore::<&C, flavors::Ctr128BE>::inner_iv_init(aes, iv);
    StreamCipherCoreWrapper::from_core(core).apply_keystream(text);
}
