//! Integers, lengths and messages, written: the lowest level of a gob.

/// The bytes of an unsigned integer: itself if below 128, else a negated count and big-endian bytes.
pub(super) struct Uint {
    bytes: [u8; 9],
    from: usize,
}

impl Uint {
    pub(super) fn new(value: u64) -> Self {
        let [a, b, c, d, e, f, g, h] = value.to_be_bytes();
        let mut bytes = [0, a, b, c, d, e, f, g, h];
        if value < 128 {
            return Self { bytes, from: 8 };
        }
        let zeros = value.leading_zeros() / 8;
        let from = zeros as usize;
        // 248 stands for 8 bytes, 255 for one.
        bytes[from] = [248, 249, 250, 251, 252, 253, 254, 255][from];
        Self { bytes, from }
    }

    pub(super) fn as_slice(&self) -> &[u8] {
        &self.bytes[self.from..]
    }
}

#[inline]
pub(super) fn uint(out: &mut Vec<u8>, value: u64) {
    match value {
        0..128 => out.push(value as u8),
        // What ids and lengths are.
        128..256 => out.extend_from_slice(&[255, value as u8]),
        256..65536 => {
            let [high, low] = (value as u16).to_be_bytes();
            out.extend_from_slice(&[254, high, low]);
        }
        _ => wide_uint(out, value),
    }
}

#[inline(never)]
fn wide_uint(out: &mut Vec<u8>, value: u64) {
    out.extend_from_slice(Uint::new(value).as_slice());
}

/// Writes a signed integer: bit 0 is the sign (complement), the rest is shifted.
#[inline]
pub(super) fn int(out: &mut Vec<u8>, value: i64) {
    uint(out, bits(value));
}

/// Returns a signed integer as the unsigned one that stands for it.
#[inline]
pub(super) fn bits(value: i64) -> u64 {
    let bits = if value < 0 { !value } else { value };
    bits.cast_unsigned() << 1 | u64::from(value < 0)
}

/// Writes a float: the bits of a float64 with its bytes reversed, as an unsigned integer.
pub(super) fn float(out: &mut Vec<u8>, value: f64) {
    uint(out, value.to_bits().swap_bytes());
}

/// Writes a length and the bytes.
pub(super) fn bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    uint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// Begins a message at the end of `out`: keeps a byte for its length, and returns where.
pub(super) fn begin(out: &mut Vec<u8>) -> usize {
    out.push(0);
    out.len() - 1
}

/// Ends the message that began at `start`, and returns its length: puts it in front, for which most messages need no
/// more than the byte that was kept.
pub(super) fn end(out: &mut Vec<u8>, start: usize) -> usize {
    let length = out.len() - start - 1;
    if let Ok(short @ 0..128) = u8::try_from(length) {
        out[start] = short;
        return length;
    }
    let prefix = Uint::new(length as u64);
    let prefix = prefix.as_slice();
    let body = start + 1..out.len();
    out.resize(out.len() + prefix.len() - 1, 0);
    out.copy_within(body, start + prefix.len());
    out[start..start + prefix.len()].copy_from_slice(prefix);
    length
}

#[cfg(test)]
mod tests {
    use super::super::reader::Reader;
    use super::*;

    /// Reads what `write` writes, as the only thing in a message.
    fn written(write: impl Fn(&mut Vec<u8>)) -> (Vec<u8>, Vec<u8>) {
        let mut out = vec![b'x'];
        let start = begin(&mut out);
        write(&mut out);
        end(&mut out, start);
        let mut body = Vec::new();
        write(&mut body);
        (out[1..].to_vec(), body)
    }

    #[test]
    fn what_is_written_reads_the_same() {
        let edges = [0, 1, 7, 127, 128, 255, 256, 65_535, 65_536, u64::MAX >> 8, (u64::MAX >> 8) + 1, u64::MAX];
        for value in edges.into_iter().chain((0..64).map(|bit| 1 << bit)) {
            let (message, _) = written(|out| uint(out, value));
            let mut reader = Reader::new(&message);
            reader.message().unwrap();
            assert_eq!((reader.uint("it").unwrap(), reader.left()), (value, 0));
            for value in [value.cast_signed(), !value.cast_signed()] {
                let (message, _) = written(|out| int(out, value));
                let mut reader = Reader::new(&message);
                reader.message().unwrap();
                assert_eq!((reader.int("it").unwrap(), reader.left()), (value, 0));
            }
        }
    }

    #[test]
    fn lengths_of_every_width_go_in_front() {
        for length in [0, 1, 127, 128, 255, 256, 65_535, 65_536, 70_000] {
            let (message, body) = written(|out| out.extend((0..length).map(|at| (at % 251) as u8)));
            let mut reader = Reader::new(&message);
            reader.message().unwrap();
            assert_eq!(reader.left(), length);
            assert!(message.ends_with(&body));
        }
    }
}
