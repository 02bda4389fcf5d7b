//! What a terminal sends when keys are pressed. Pure.

/// A key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    Char(char),
    Escape,
    Up,
    Down,
    Interrupt,
    Suspend,
    Redraw,
}

/// Reads keys out of bytes; what a key sends may come in several pieces.
#[derive(Default)]
pub(super) struct Keys {
    state: State,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum State {
    #[default]
    Between,
    /// Behind an ESC.
    Escaped,
    /// Behind an ESC that was taken for the key of that name.
    EscapedAlone,
    /// Inside of a sequence of a key that has no letter.
    Sequence,
}

impl Keys {
    /// Returns the keys that are in these bytes; those that mean nothing here are left out.
    pub(super) fn of(&mut self, bytes: &[u8]) -> Vec<Key> {
        let mut keys: Vec<Key> = bytes.iter().filter_map(|byte| self.next(*byte)).collect();
        // A terminal sends what a key sends in one piece, nearly always: an ESC at the end is the key of that name.
        if self.state == State::Escaped {
            self.state = State::EscapedAlone;
            keys.push(Key::Escape);
        }
        keys
    }

    fn next(&mut self, byte: u8) -> Option<Key> {
        let state = self.state;
        self.state = match (state, byte) {
            (_, 0x1b) => State::Escaped,
            (State::Escaped | State::EscapedAlone, b'[' | b'O') => State::Sequence,
            (State::Sequence, 0x20..=0x3f) => State::Sequence,
            _ => State::Between,
        };
        match (state, byte) {
            (_, 0x03) => Some(Key::Interrupt),
            (_, 0x1a) => Some(Key::Suspend),
            (State::Sequence, b'A') => Some(Key::Up),
            (State::Sequence, b'B') => Some(Key::Down),
            // The letter that begins a sequence is no key of ours.
            (State::EscapedAlone, b'[' | b'O') => None,
            (State::Between | State::EscapedAlone, 0x0c) => Some(Key::Redraw),
            (State::Between | State::EscapedAlone, b' '..=b'~') => Some(Key::Char(char::from(byte))),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_whole_and_in_pieces() {
        use Key::{Char, Down, Escape, Interrupt, Redraw, Suspend, Up};
        for (name, pieces, expected) in [
            ("letters", &[&b"q?"[..]][..], &[Char('q'), Char('?')][..]),
            ("arrows", &[b"\x1b[A\x1b[B"], &[Up, Down]),
            ("arrows of the other mode", &[b"\x1bOA\x1bOB"], &[Up, Down]),
            ("an arrow with Shift", &[b"\x1b[1;2A"], &[Up]),
            ("escape alone", &[b"\x1b"], &[Escape]),
            // What was taken for the key was the beginning of another one, and does not become letters.
            ("escape and then a letter", &[b"\x1b", b"q"], &[Escape, Char('q')]),
            ("a letter with Alt", &[b"\x1bq"], &[]),
            ("an arrow in pieces", &[b"\x1b", b"[", b"A"], &[Escape, Up]),
            ("Ctrl-C, Ctrl-Z, Ctrl-L", &[b"\x03\x1a\x0c"], &[Interrupt, Suspend, Redraw]),
            ("Ctrl-C within a sequence", &[b"\x1b[\x03q"], &[Interrupt, Char('q')]),
            ("delete, F5", &[b"\x1b[3~\x1b[15~n"], &[Char('n')]),
            ("what is no key here", &[b"\r\n\t\x7f\xc3\xa4\x00"], &[]),
            ("nothing", &[b""], &[]),
        ] {
            let mut keys = Keys::default();
            let read: Vec<Key> = pieces.iter().flat_map(|piece| keys.of(piece)).collect();
            assert_eq!(read, expected, "{name}");
        }
    }
}
