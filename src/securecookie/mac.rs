//! HMAC-SHA256, from the point where the key's own blocks are hashed.

use sha2::block_api::compress256;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// The length of an HMAC-SHA256.
pub(super) const MAC: usize = 32;

/// The length of what SHA-256 takes at a time.
const BLOCK: usize = 64;

/// The state of SHA-256 before its first block (FIPS 180-4, 5.3.3).
const START: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// What HMAC makes of a hash key before it sees a message: as good as the key itself, and overwritten like it.
///
/// The crate `hmac` keeps the same two states. It copies them, buffers the message and overwrites the copy for each value,
/// which takes 70 ns of the 190 that the MAC of a cookie takes; here the message lies in one piece, and the states are all
/// that is copied. Its results are what the tests hold this against.
///
/// # Source
///
/// RFC 2104, section 2 for the construction and section 4 for the states; FIPS 180-4, 5.1.1 for the padding.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(super) struct MacKey {
    inner: [u32; 8],
    outer: [u32; 8],
}

impl MacKey {
    /// Takes a key of any length. It is boxed, so that it leaves nothing behind where it is moved.
    pub(super) fn new(key: &[u8]) -> Box<Self> {
        let mut this = Box::new(Self { inner: START, outer: START });
        let mut block = Zeroizing::new([0; BLOCK]);
        if key.len() <= BLOCK {
            block[..key.len()].copy_from_slice(key);
        } else {
            let mut digest = Sha256::digest(key);
            block[..MAC].copy_from_slice(&digest);
            digest.as_mut_slice().zeroize();
        }
        for byte in block.iter_mut() {
            *byte ^= 0x36;
        }
        compress256(&mut this.inner, std::slice::from_ref(&*block));
        for byte in block.iter_mut() {
            *byte ^= 0x36 ^ 0x5c;
        }
        compress256(&mut this.outer, std::slice::from_ref(&*block));
        this
    }

    /// Returns the MAC of a message.
    pub(super) fn of(&self, message: &[u8]) -> [u8; MAC] {
        let mut state = self.inner;
        let (blocks, rest) = message.as_chunks::<BLOCK>();
        compress256(&mut state, blocks);
        // A one, zeros, and the length in bits, which has to be at the end of a block.
        let mut tail = [[0; BLOCK]; 2];
        tail[0][..rest.len()].copy_from_slice(rest);
        tail[0][rest.len()] = 0x80;
        let tail = if rest.len() < BLOCK - 8 { &mut tail[..1] } else { &mut tail[..] };
        if let Some(last) = tail.last_mut() {
            last[BLOCK - 8..].copy_from_slice(&bits(message.len()));
        }
        compress256(&mut state, tail);

        let mut last = [0; BLOCK];
        last[..MAC].copy_from_slice(&bytes(&state));
        last[MAC] = 0x80;
        last[BLOCK - 8..].copy_from_slice(&bits(MAC));
        let mut state = self.outer;
        compress256(&mut state, &[last]);
        bytes(&state)
    }

    /// Returns whether this is the MAC of a message. How long that takes tells nothing of where they differ.
    pub(super) fn verifies(&self, message: &[u8], mac: &[u8]) -> bool {
        let Ok(mac) = <&[u8; MAC]>::try_from(mac) else { return false };
        let (ours, theirs) = (words(&self.of(message)), words(mac));
        let differ = ours.iter().zip(theirs).fold(0, |differ, (ours, theirs)| differ | (ours ^ theirs));
        bool::from(differ.ct_eq(&0))
    }
}

/// The length in bits of the key's block and so many bytes.
fn bits(message: usize) -> [u8; 8] {
    // No message has 2^61 bytes.
    ((BLOCK as u64 + message as u64) << 3).to_be_bytes()
}

fn bytes(state: &[u32; 8]) -> [u8; MAC] {
    let mut bytes = [0; MAC];
    for (bytes, word) in bytes.as_chunks_mut::<4>().0.iter_mut().zip(state) {
        *bytes = word.to_be_bytes();
    }
    bytes
}

fn words(mac: &[u8; MAC]) -> [u64; 4] {
    let mut words = [0; 4];
    for (word, bytes) in words.iter_mut().zip(mac.as_chunks::<8>().0) {
        *word = u64::from_ne_bytes(*bytes);
    }
    words
}

#[cfg(test)]
mod tests {
    use hmac::{Hmac, KeyInit as _, Mac as _};

    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// RFC 4231, test cases 1 to 4, 6 and 7 (5 is of a MAC that is cut).
    #[test]
    fn is_as_the_rfc_has_it() {
        let counted: Vec<u8> = (1..=25).collect();
        let long = [0xaa; 131];
        let cases: [(&[u8], &[u8], &str); 6] = [
            (&[0x0b; 20], b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
            (
                b"Jefe",
                b"what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (&[0xaa; 20], &[0xdd; 50], "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
            (&counted, &[0xcd; 50], "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
            (
                &long,
                b"Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            ),
            (
                &long,
                b"This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.",
                "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
            ),
        ];
        for (key, message, expected) in cases {
            assert_eq!(hex(&MacKey::new(key).of(message)), expected);
        }
    }

    /// Every length around the edges of SHA-256's blocks, for keys and for messages.
    #[test]
    fn is_as_the_crate_hmac_has_it() {
        let bytes: Vec<u8> = (0..400_u32).map(|at| u8::try_from(at * 7 % 251).unwrap()).collect();
        for key in [1, 20, 32, 63, 64, 65, 100, 128, 200] {
            let key = &bytes[..key];
            let ours = MacKey::new(key);
            for length in (0..200).chain([255, 256, 311, 312, 319, 320, 400]) {
                let mut theirs = Hmac::<Sha256>::new_from_slice(key).unwrap();
                theirs.update(&bytes[..length]);
                assert_eq!(ours.of(&bytes[..length])[..], theirs.finalize().into_bytes()[..], "{} {length}", key.len());
            }
        }
    }

    #[test]
    fn no_other_mac_verifies() {
        let key = MacKey::new(b"k");
        let mac = key.of(b"message");
        assert!(key.verifies(b"message", &mac));
        assert!(!key.verifies(b"massage", &mac) && !MacKey::new(b"l").verifies(b"message", &mac));
        for bit in 0..8 * MAC {
            let mut other = mac;
            other[bit / 8] ^= 1 << (bit % 8);
            assert!(!key.verifies(b"message", &other), "{bit}");
        }
        assert!(!key.verifies(b"message", &mac[..31]) && !key.verifies(b"message", &[&mac[..], b"x"].concat()));
    }
}
