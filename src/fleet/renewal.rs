//! What signing a row anew makes of it. Pure.

use jiff::Timestamp;

use super::open::{Reason, text_of};
use super::row::Stored;
use super::target::Target;
use crate::securecookie::{self, Codec, Keyring};
use crate::session::{self, Values};

/// The longest data that Go reads unless it is told otherwise.
const GO_MOST: usize = 4096;

/// What signs rows anew: keys of which the first signs, and the session names to verify under.
#[derive(Clone, Debug)]
pub struct Resealer {
    codec: Codec,
    names: Vec<String>,
    /// What no row is to grow beyond, in bytes.
    most: Option<usize>,
    now: Timestamp,
}

/// What becomes of a row.
#[derive(Debug)]
pub(super) enum Judged {
    /// It is signed by the first pair, which encrypts it if it encrypts at all.
    Current,
    /// It was signed by the pair of this place, and this is it under the first.
    Old { key: usize, renewal: Box<Renewal> },
    /// It was signed by the pair of this place, and would grow beyond what Go reads.
    TooLong { key: usize },
    /// Nothing opens it, or it holds no session; it stays as it is.
    Unreadable(Reason),
}

/// A row as it was seen, and its data signed anew.
#[derive(Clone, Debug)]
pub(super) struct Renewal {
    pub(super) target: Target,
    pub(super) data: String,
}

impl Resealer {
    /// Makes one that leaves a row as it is which would grow beyond 4096 bytes, more than Go reads unless it is told to.
    #[must_use]
    pub fn new(keyring: Keyring, names: Vec<String>, now: Timestamp) -> Self {
        // Whatever the age: the date stays, and with it what every reader thinks of it.
        Self { codec: Codec::new(keyring).max_age(None), names, most: Some(GO_MOST), now }
    }

    /// Sets what no row is to grow beyond; `None` for no limit.
    #[must_use]
    pub fn most(self, most: Option<usize>) -> Self {
        Self { most, ..self }
    }

    /// Returns the keys.
    #[must_use]
    pub fn keyring(&self) -> &Keyring {
        self.codec.keyring()
    }

    /// Finds out what becomes of a row.
    pub(super) fn judge(&self, stored: &Stored) -> Judged {
        self.judged(stored).unwrap_or_else(Judged::Unreadable)
    }

    fn judged(&self, stored: &Stored) -> Result<Judged, Reason> {
        let refused = |error: securecookie::Error| Reason::Refused(session::Error::Refused(error));
        let data = stored.data.as_deref().ok_or(Reason::NotFetched)?;
        let text = text_of(data);
        // Of two pairs with one hash key only what they hold tells which one it was.
        let read = |opened: &securecookie::Opened| Values::decode(&opened.plaintext).map(drop);
        let (opened, held) = self.codec.decode_then(&self.names, text.trim(), self.now, read).map_err(refused)?;
        held.map_err(Reason::Refused)?;
        if opened.key == 1 {
            return Ok(Judged::Current);
        }
        let key = opened.key;
        let signed_at = Timestamp::from_second(opened.signed_at).map_err(|_| Reason::Dateless)?;
        // The values stay to the byte, and so does the date: nobody's session grows older or younger.
        let sealed = self.codec.encode(&opened.name, &opened.plaintext, signed_at).map_err(refused)?;
        if self.most.is_some_and(|most| sealed.len() > most.max(data.len())) {
            return Ok(Judged::TooLong { key });
        }
        let target = Target::of(stored).ok_or(Reason::NotFetched)?;
        Ok(Judged::Old { key, renewal: Box::new(Renewal { target, data: sealed }) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fleet::Row;
    use crate::session::{Id, State};

    const NOW: i64 = 1_795_000_000;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn stored(data: &str) -> Stored {
        let row = Row {
            id: Id::new("id"),
            state: State::Active,
            expires_at: None,
            modified_at: None,
            bytes: data.len() as u64,
            seen_at: at(NOW),
        };
        Stored { row, data: Some(data.as_bytes().to_vec()) }
    }

    fn sealed(keys: &str, text: &str, age_s: i64) -> String {
        let mut values = Values::new();
        values.insert("user", text);
        let codec = Codec::new(Keyring::parse(keys).unwrap());
        session::seal_data(&codec, "sid", &values, at(NOW - age_s)).unwrap()
    }

    fn resealer(keys: &str) -> Resealer {
        Resealer::new(Keyring::parse(keys).unwrap(), vec!["sid".into()], at(NOW))
    }

    /// What becomes of a value, in a word.
    fn judged(keys: &str, data: &str) -> String {
        match resealer(keys).judge(&stored(data)) {
            Judged::Current => "current".into(),
            Judged::Old { key, .. } => format!("old {key}"),
            Judged::TooLong { key } => format!("too long {key}"),
            Judged::Unreadable(reason) => reason.word().into(),
        }
    }

    const BLOCK: &str = "raw:0123456789abcdef";

    #[test]
    fn each_row_is_what_its_key_makes_it() {
        let encrypted = format!("raw:a,{BLOCK}");
        let table = [
            ("raw:new;raw:old", "raw:new", "current"),
            ("raw:new;raw:old", "raw:old", "old 2"),
            ("raw:new;raw:mid;raw:old", "raw:old", "old 3"),
            ("raw:new;raw:old", "raw:third", "no-key"),
            // Encryption that comes or goes, the hash key staying.
            (&format!("{encrypted};raw:a"), "raw:a", "old 2"),
            (&format!("{encrypted};raw:a"), &encrypted, "current"),
            (&format!("raw:a;{encrypted}"), &encrypted, "old 2"),
            (&format!("raw:a,raw:fedcba9876543210;{encrypted}"), &encrypted, "old 2"),
        ];
        for (keys, signer, expected) in table {
            assert_eq!(judged(keys, &sealed(signer, "ada", 60)), expected, "{keys} {signer}");
        }
        assert_eq!(judged("raw:new;raw:old", "no base64!"), "not-base64");
    }

    #[test]
    fn values_and_date_stay_whatever_the_age() {
        for (old, new) in
            [("raw:old", "raw:new"), ("raw:old", &format!("raw:new,{BLOCK}")), (&format!("raw:old,{BLOCK}"), "raw:new")]
        {
            let age_s = 90 * 86_400;
            let data = sealed(old, "ada", age_s);
            let Judged::Old { renewal, .. } = resealer(&format!("{new};{old}")).judge(&stored(&data)) else {
                panic!("{old} {new}")
            };
            let open = |keys: &str, data: &str| {
                let codec = Codec::new(Keyring::parse(keys).unwrap()).max_age(None);
                codec.decode("sid", data, at(NOW)).unwrap()
            };
            let (before, after) = (open(old, &data), open(new, &renewal.data));
            assert_eq!(before.plaintext, after.plaintext);
            assert_eq!((after.signed_at, after.key), (NOW - age_s, 1));
        }
    }

    #[test]
    fn no_row_grows_beyond_what_go_reads() {
        let (old, new) = ("raw:old", format!("raw:new,{BLOCK}"));
        let grows = (0..4096).map(|n| sealed(old, &"x".repeat(n), 0)).find(|data| data.len() > GO_MOST - 20).unwrap();
        assert!(grows.len() <= GO_MOST);
        assert_eq!(judged(&format!("{new};{old}"), &grows), "too long 2");
        assert_eq!(judged("raw:new;raw:old", &grows), "old 2");
        let lifted = resealer(&format!("{new};{old}")).most(None);
        assert!(matches!(lifted.judge(&stored(&grows)), Judged::Old { .. }));
        // Whoever writes longer ones reads them.
        let long = sealed(old, &"x".repeat(9000), 0);
        assert_eq!(judged("raw:new;raw:old", &long), "old 2");
    }
}
