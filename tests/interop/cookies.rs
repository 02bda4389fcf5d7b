//! Cookies: what net/http makes of them is what we make of them, to the byte.

use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use csqlstore::session::Error;
use csqlstore::session::cookie::{MaxAge, Options, SameSite, find, set_cookie};
use jiff::Timestamp;
use serde::Deserialize;

use crate::go::program;

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Case {
    Read { headers: Vec<Option<String>>, asked: String, found: Option<String> },
    Written(Written),
}

#[derive(Debug, Deserialize)]
struct Written {
    name: String,
    value: Option<String>,
    path: Option<String>,
    domain: Option<String>,
    max_age: i64,
    secure: bool,
    http_only: bool,
    same_site: String,
    now: i64,
    header: String,
}

/// Bytes, which Go writes as base64, and as null where there are none.
fn bytes(text: Option<&String>) -> Vec<u8> {
    text.map(|text| STANDARD.decode(text).unwrap()).unwrap_or_default()
}

/// Text for a field that takes UTF-8 only: a byte that is none cannot be given to us, and would be left out.
fn text(field: Option<&String>) -> String {
    String::from_utf8_lossy(&bytes(field)).into_owned()
}

#[test]
fn are_written_and_found_as_net_http_does() {
    let output = Command::new(program()).arg("cookies").stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let (mut written, mut read, mut found_some) = (0, 0, 0);
    for line in output.stdout.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        match serde_json::from_slice(line).unwrap() {
            Case::Written(case) => {
                written += 1;
                compare(&case);
            }
            Case::Read { headers, asked, found } => {
                read += 1;
                found_some += u32::from(found.is_some());
                let headers: Vec<Vec<u8>> = headers.iter().map(|header| bytes(header.as_ref())).collect();
                let ours = find(headers.iter().map(Vec::as_slice), &asked);
                assert_eq!(ours, found.as_deref(), "{:?}", String::from_utf8_lossy(&headers.join(&b'\n')));
            }
        }
    }
    assert!(written > 4000 && read == 4000 && found_some > 500, "{written} {read} {found_some}");
}

fn compare(case: &Written) {
    let options = Options {
        path: text(case.path.as_ref()),
        domain: text(case.domain.as_ref()),
        max_age: MaxAge::from_seconds(case.max_age),
        secure: case.secure,
        http_only: case.http_only,
        same_site: match case.same_site.as_str() {
            "unsaid" => SameSite::Unsaid,
            "lax" => SameSite::Lax,
            "strict" => SameSite::Strict,
            "none" => SameSite::None,
            other => panic!("{other}"),
        },
        partitioned: false,
    };
    let now = Timestamp::from_second(case.now).unwrap();
    match set_cookie(&case.name, &text(case.value.as_ref()), &options, now) {
        Ok(header) => assert_eq!(header, case.header, "{case:?}"),
        // Go says nothing, and writes nothing.
        Err(Error::CookieName { .. }) => assert_eq!(case.header, "", "{case:?}"),
        Err(error) => panic!("{error}: {case:?}"),
    }
}
