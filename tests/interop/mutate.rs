//! Damage to gobs, the same in every run.

/// A generator of numbers (xorshift64*).
pub(crate) struct Numbers(u64);

impl Numbers {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn bits(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// Returns a number from 0 up to the bound, which is not reached.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.bits() >> 33).unwrap() % bound.max(1)
    }

    fn byte(&mut self) -> u8 {
        u8::try_from(self.below(256)).unwrap()
    }
}

/// Numbers as a gob has them, that lie at the edges of something.
const EDGES: [&[u8]; 12] = [
    b"\x00",
    b"\x01",
    b"\x7f",
    b"\xff\x80",
    b"\xff\x81",
    b"\xff\x82",
    b"\xfe\x01\x00",
    b"\xfc\x7f\xff\xff\xff",
    b"\xfc\x80\x00\x00\x00",
    b"\xf8\xff\xff\xff\xff\xff\xff\xff\xff",
    b"\xf8\x80\x00\x00\x00\x00\x00\x00\x00",
    b"\xf7",
];

/// Damages a gob, most often in one place; pieces of the other are what may be put into it.
pub(crate) fn damage(gob: &[u8], other: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = gob.to_vec();
    let places = [1, 1, 1, 1, 2, 3][numbers.below(6)];
    for _ in 0..places {
        // The long ones are long because of one string, in which nothing happens.
        let at = numbers.below(bytes.len().min(2048));
        match numbers.below(24) {
            0..=7 => bytes[at] ^= 1 << numbers.below(8),
            8..=12 => bytes[at] = numbers.byte(),
            13..=15 => bytes[at] = bytes[at].wrapping_add(if numbers.below(2) == 0 { 1 } else { 255 }),
            16..=17 => bytes.insert(at, numbers.byte()),
            18..=19 => {
                let end = bytes.len().min(at + 1 + numbers.below(4));
                bytes.drain(at..end);
            }
            20 => {
                let edge = EDGES[numbers.below(EDGES.len())];
                bytes.splice(at..=at, edge.iter().copied());
            }
            21..=22 => {
                let from = numbers.below(other.len().min(2048));
                let piece = &other[from..other.len().min(from + 1 + numbers.below(40))];
                let over = bytes.len().min(at + numbers.below(40));
                bytes.splice(at..over, piece.iter().copied());
            }
            _ => bytes.truncate(at),
        }
        if bytes.is_empty() {
            bytes.push(numbers.byte());
        }
    }
    bytes
}
