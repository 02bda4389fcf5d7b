//! Reading `Cookie`.

use super::{is_name, is_value_byte};

/// Finds the value of the first cookie of a name in a request's `Cookie` headers, each given as its bytes.
///
/// As in Go, a pair whose name is no token or whose value has a byte that may not stand in one counts as not there, and
/// quotes around a value are taken off. Names are compared with their case.
///
/// ```
/// use csqlstore::session::cookie::find;
///
/// let headers: [&[u8]; 2] = [b"theme=dark", b"lang=en; sid=\"MTc5\""];
/// assert_eq!(find(headers, "sid"), Some("MTc5"));
/// assert_eq!(find(headers, "SID"), None);
/// ```
///
/// # Source
///
/// `Request.Cookie` and `readCookies` in Go's net/http, `cookie.go`.
pub fn find<'h>(headers: impl IntoIterator<Item = &'h [u8]>, name: &str) -> Option<&'h str> {
    if !is_name(name) {
        return None;
    }
    headers.into_iter().flat_map(|header| header.split(|byte| *byte == b';')).find_map(|part| {
        let part = trim(part);
        let (found, value) = match part.iter().position(|byte| *byte == b'=') {
            Some(at) => (&part[..at], &part[at + 1..]),
            None => (part, &part[part.len()..]),
        };
        if found == name.as_bytes() { value_of(value) } else { None }
    })
}

/// Takes blanks and tabs off both ends, and nothing else that is white space.
fn trim(mut bytes: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = bytes {
        bytes = rest;
    }
    bytes
}

fn value_of(raw: &[u8]) -> Option<&str> {
    let value = match raw {
        [b'"', inner @ .., b'"'] => inner,
        _ => raw,
    };
    let ascii = value.iter().all(|byte| is_value_byte(*byte));
    if ascii { std::str::from_utf8(value).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_go_finds() {
        for (headers, expected) in [
            (&["sid=a"][..], Some("a")),
            (&["x=1; sid=a==; sid=b"], Some("a==")),
            (&["x=1", "sid=b"], Some("b")),
            (&[" \tsid=a\t "], Some("a")),
            (&["sid=\"a b,c\""], Some("a b,c")),
            (&["sid=\""], None),
            (&["sid=\"\""], Some("")),
            (&["sid="], Some("")),
            (&["sid"], Some("")),
            (&["sid=a\\b; sid=c"], Some("c")),
            (&["sid=é; sid=c"], Some("c")),
            (&["sid =a"], None),
            (&["sid= a"], Some(" a")),
            (&["SID=a"], None),
            (&["xsid=a;sidx=b"], None),
            (&["", ";;", ";sid=a"], Some("a")),
            (&[], None),
        ] {
            assert_eq!(find(headers.iter().map(|header| header.as_bytes()), "sid"), expected, "{headers:?}");
        }
        assert_eq!(find([&b"a b=c"[..]], "a b"), None, "no such name is ever sent");
        assert_eq!(find([&b"sid=\xff; sid=a"[..]], "sid"), Some("a"));
    }
}
