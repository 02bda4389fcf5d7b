//! The cookie of a session on the wire: how `Set-Cookie` is written, and how `Cookie` is read, both as Go's net/http does.

mod options;
mod request;
mod response;

pub use options::{MaxAge, Options, SameSite};
pub use request::find;
pub use response::set_cookie;

/// Returns whether a text may be the name of a cookie: a token of HTTP, and not empty.
///
/// # Source
///
/// `isCookieNameValid` in Go's net/http, `cookie.go`.
#[must_use]
pub fn is_name(text: &str) -> bool {
    const MARKS: &[u8] = b"!#$%&'*+-.^_`|~";
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || MARKS.contains(&byte))
}

/// A byte that may stand in a cookie's value.
fn is_value_byte(byte: u8) -> bool {
    (0x20..0x7f).contains(&byte) && !matches!(byte, b'"' | b';' | b'\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_token() {
        for (text, expected) in [
            ("session-key", true),
            ("__Host-sid", true),
            ("a.b~c|d", true),
            ("", false),
            ("a b", false),
            ("a=b", false),
            ("a;b", false),
            ("a,b", false),
            ("a\"", false),
            ("naïve", false),
            ("a\n", false),
        ] {
            assert_eq!(is_name(text), expected, "{text:?}");
        }
    }
}
