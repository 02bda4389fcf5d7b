//! Sessions that real Go wrote, and values that only a test would sign.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value as Json;
use sha2::Sha256;

/// A line of `tests/testdata/sessions.jsonl`.
pub(crate) struct Vector(Json);

impl Vector {
    /// All of them.
    pub(crate) fn all() -> Vec<Self> {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/testdata/sessions.jsonl");
        let text = std::fs::read_to_string(file).expect("the vectors are there");
        let all: Vec<Self> = text.lines().map(|line| Self(serde_json::from_str(line).expect("JSON"))).collect();
        assert_eq!(all.len(), 82);
        all
    }

    /// The one of a name.
    pub(crate) fn of(case: &str) -> Self {
        Self::all().into_iter().find(|it| it.case() == case).expect("a case of that name")
    }

    pub(crate) fn case(&self) -> &str {
        self.text("case")
    }

    pub(crate) fn name(&self) -> &str {
        self.text("name")
    }

    pub(crate) fn id(&self) -> &str {
        self.text("id")
    }

    pub(crate) fn cookie(&self) -> &str {
        self.text("cookie")
    }

    pub(crate) fn data(&self) -> &str {
        self.text("data")
    }

    pub(crate) fn values(&self) -> &Json {
        &self.0["values"]
    }

    pub(crate) fn encrypted(&self) -> bool {
        self.0["block_key"].is_string()
    }

    pub(crate) fn hash_key(&self) -> Vec<u8> {
        STANDARD.decode(self.text("hash_key")).expect("base64")
    }

    /// The keyring, as CSQLSTORE_KEYS or a file has it.
    pub(crate) fn keys(&self) -> String {
        let hash = format!("base64:{}", self.text("hash_key"));
        self.0["block_key"].as_str().map_or(hash.clone(), |block| format!("{hash},base64:{block}"))
    }

    /// What must never be seen.
    pub(crate) fn secrets(&self) -> Vec<&str> {
        ["hash_key", "block_key"].into_iter().filter_map(|field| self.0[field].as_str()).collect()
    }

    fn text(&self, field: &str) -> &str {
        self.0[field].as_str().expect("a text")
    }
}

/// Signs as gorilla does, without encryption: `date|payload|MAC`, dated so many seconds ago.
pub(crate) fn sign(hash_key: &[u8], name: &str, age_s: u64, plaintext: &[u8]) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock past 1970").as_secs();
    sign_parts(hash_key, name, &(now - age_s).to_string(), &URL_SAFE.encode(plaintext))
}

/// Signs a date and a payload, whatever they are.
pub(crate) fn sign_parts(hash_key: &[u8], name: &str, date: &str, payload: &str) -> String {
    let signed = format!("{date}|{payload}");
    let mut mac = Hmac::<Sha256>::new_from_slice(hash_key).expect("a key of any length");
    mac.update(format!("{name}|{signed}").as_bytes());
    let mut value = format!("{signed}|").into_bytes();
    value.extend(mac.finalize().into_bytes());
    URL_SAFE.encode(value)
}

/// The gob of a string shorter than 100 bytes, such as an id.
pub(crate) fn gob_of(text: &str) -> Vec<u8> {
    let length = u8::try_from(text.len()).expect("a short text");
    let mut gob = vec![length + 3, 0x0c, 0, length];
    gob.extend(text.as_bytes());
    gob
}
