//! The gob of a short string, as every session cookie holds one, past the general codec.
//!
//! Its form is one of many that Go would read, and the one that Go writes. Whatever differs is for [`gob`](crate::gob).

/// The longest string whose gob has no length above 127, which would take more than a byte.
const LONGEST: usize = 124;

/// The type of a string, 6, as gob writes a signed number.
const STRING: u8 = 6 << 1;

/// Room for the gob of the longest string that is written here.
type Room = [u8; LONGEST + 4];

pub(super) fn room() -> Room {
    [0; LONGEST + 4]
}

/// Returns the string, if these are the bytes that Go writes for a short one.
pub(super) fn read(gob: &[u8]) -> Option<&str> {
    // The message's length, the type, a zero before what is no struct, the string's length.
    let [message, STRING, 0, length, text @ ..] = gob else { return None };
    let fits = text.len() <= LONGEST && usize::from(*length) == text.len() && usize::from(*message) == text.len() + 3;
    if fits { std::str::from_utf8(text).ok() } else { None }
}

/// Writes the gob of a string, if it is short.
pub(super) fn write<'r>(text: &str, room: &'r mut Room) -> Option<&'r [u8]> {
    if text.len() > LONGEST {
        return None;
    }
    let length = u8::try_from(text.len()).ok()?;
    room[..4].copy_from_slice(&[length + 3, STRING, 0, length]);
    room[4..4 + text.len()].copy_from_slice(text.as_bytes());
    Some(&room[..4 + text.len()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gob::{self, Value};

    #[test]
    fn is_what_the_general_codec_writes_and_reads() {
        for length in 0..300 {
            let text = "é".repeat(length / 2) + &"x".repeat(length % 2);
            let general = gob::encode(&Value::string(text.as_str())).unwrap();
            let mut room = room();
            assert_eq!(write(&text, &mut room).is_some(), length <= LONGEST, "{length}");
            if let Some(gob) = write(&text, &mut room) {
                assert_eq!(gob, general);
                assert_eq!(read(gob), Some(text.as_str()));
            } else {
                assert_eq!(read(&general), None);
            }
        }
    }

    #[test]
    fn what_differs_in_any_byte_is_left_to_the_general_codec_or_read_as_it_does() {
        let gob = gob::encode(&Value::string("2026-11-22T09:30:00.5Z12345")).unwrap();
        for at in 0..gob.len() {
            for byte in 0..=255 {
                let mut other = gob.clone();
                other[at] = byte;
                if let Some(text) = read(&other) {
                    assert_eq!(gob::decode(&other).unwrap().as_str(), Some(text), "{at} {byte}");
                    assert!(at >= 4 || byte == gob[at], "{at} {byte}");
                }
            }
        }
        for end in 0..gob.len() {
            assert_eq!(read(&gob[..end]), None, "{end}");
        }
        assert_eq!(read(&[&gob[..], b"x"].concat()), None, "bytes after the value");
    }
}
