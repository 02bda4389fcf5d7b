//! What reading and writing sessions costs, on the sessions of `benches/samples.jsonl`.
//!
//! `cargo xtask bench formats` runs these beside the same work in Go and prints the ratios. The floor is HMAC-SHA256
//! alone, over the bytes that the MAC of the same value covers.

#![expect(clippy::unwrap_used, reason = "what does not hold in a benchmark ends it")]

use std::hint::black_box;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use criterion::{Criterion, criterion_group, criterion_main};
use csqlstore::securecookie::{Codec, KeyPair, Keyring};
use csqlstore::session::{Values, open_data, open_id, seal_data, seal_id};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use serde_json::Value as Json;
use sha2::Sha256;

/// A session that Go wrote, or a cookie.
struct Sample {
    case: String,
    name: String,
    hash_key: Vec<u8>,
    codec: Codec,
    data: Option<String>,
    cookie: Option<String>,
}

impl Sample {
    fn all() -> Vec<Self> {
        include_str!("samples.jsonl").lines().map(Self::read).collect()
    }

    fn read(line: &str) -> Self {
        let json: Json = serde_json::from_str(line).unwrap();
        let text = |field: &str| json[field].as_str().map(str::to_owned);
        let key = |field: &str| text(field).map(|key| STANDARD.decode(key).unwrap());
        let pair = KeyPair::new(key("hash_key").unwrap(), key("block_key")).unwrap();
        Self {
            case: text("case").unwrap(),
            name: text("name").unwrap(),
            hash_key: key("hash_key").unwrap(),
            codec: Codec::new(Keyring::new(vec![pair]).unwrap()).max_age(None),
            data: text("data"),
            cookie: text("cookie"),
        }
    }

    /// What the MAC covers: `name|date|payload`.
    fn signed(&self) -> Vec<u8> {
        let value = self.data.as_ref().or(self.cookie.as_ref()).unwrap();
        let mut bytes = URL_SAFE.decode(value).unwrap();
        // The MAC and its `|`.
        bytes.truncate(bytes.len() - 33);
        [self.name.as_bytes(), b"|", &bytes].concat()
    }
}

fn formats(c: &mut Criterion) {
    let now = Timestamp::now();
    for sample in Sample::all() {
        let Sample { case, name, codec, .. } = &sample;
        let mut group = c.benchmark_group(case);
        if let Some(data) = &sample.data {
            group.bench_function("decode", |b| b.iter(|| open_data(codec, &[name], black_box(data), now).unwrap()));
            // What borrows from the opened value does not outlive it: enough to look at a session, as a scan of many does.
            group.bench_function("decode, borrowed", |b| {
                b.iter(|| {
                    let opened = codec.decode(name, black_box(data), now).unwrap();
                    Values::decode(&opened.plaintext).unwrap().len()
                });
            });
            let values = open_data(codec, &[name], data, now).unwrap().values;
            group.bench_function("encode", |b| b.iter(|| seal_data(codec, name, black_box(&values), now).unwrap()));
        }
        if let Some(cookie) = &sample.cookie {
            group.bench_function("decode", |b| b.iter(|| open_id(codec, &[name], black_box(cookie), now).unwrap()));
            let id = open_id(codec, &[name], cookie, now).unwrap().id;
            group.bench_function("encode", |b| b.iter(|| seal_id(codec, name, black_box(&id), now).unwrap()));
        }
        let signed = sample.signed();
        group.bench_function("HMAC alone", |b| {
            b.iter(|| {
                let mut mac = Hmac::<Sha256>::new_from_slice(black_box(&sample.hash_key)).unwrap();
                mac.update(black_box(&signed));
                mac.finalize().into_bytes()
            });
        });
        group.finish();
    }
}

criterion_group!(benches, formats);
criterion_main!(benches);
