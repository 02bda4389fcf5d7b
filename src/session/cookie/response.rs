//! Writing `Set-Cookie`.

use std::net::Ipv4Addr;

use jiff::{SignedDuration, Timestamp};

use super::{MaxAge, Options, SameSite, is_name, is_value_byte};
use crate::Place;
use crate::session::Error;

/// Writes the value of a `Set-Cookie` header, byte for byte as Go's net/http writes it for gorilla's `NewCookie`.
///
/// Bytes that may not stand in a value or a path are left out, and so is a domain that is none. `Expires` follows from the
/// max age, for browsers that know no other; an age that ended has `Max-Age=0` and a moment of 1970. Where the age reaches
/// beyond the year 9999 there is no `Expires`.
///
/// ```
/// use csqlstore::session::cookie::{Options, set_cookie};
///
/// let now = "2026-11-22T09:30:00Z".parse()?;
/// let header = set_cookie("sid", "MTc5", &Options::go_compat("/", 3600), now)?;
/// assert_eq!(header, "sid=MTc5; Path=/; Expires=Sun, 22 Nov 2026 10:30:00 GMT; Max-Age=3600");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`Error::CookieName`] if the name is no token of HTTP. Go writes an empty header then.
///
/// # Source
///
/// `NewCookie` in gorilla/sessions, `sessions.go`; `Cookie.String` in Go's net/http, `cookie.go` (`Partitioned` from 1.23 on).
pub fn set_cookie(name: &str, value: &str, options: &Options, now: Timestamp) -> Result<String, Error> {
    if !is_name(name) {
        return Err(Error::CookieName { name: name.to_owned(), place: Place::here() });
    }
    let Options { path, domain, max_age, secure, http_only, same_site, partitioned } = options;
    let mut header = format!("{name}={}", value_of(value));
    if !path.is_empty() {
        header.push_str("; Path=");
        header.extend(path.bytes().filter(|byte| is_path_byte(*byte)).map(char::from));
    }
    if is_domain(domain) {
        header.push_str("; Domain=");
        header.push_str(domain.strip_prefix('.').unwrap_or(domain));
    }
    let seconds = max_age.as_seconds();
    let expires = match max_age {
        MaxAge::Ended => Timestamp::from_second(1).ok(),
        _ if seconds == 0 => None,
        _ => now.checked_add(SignedDuration::from_secs(seconds)).ok(),
    };
    if let Some(expires) = expires {
        header.push_str(&format!("; Expires={}", expires.strftime("%a, %d %b %Y %H:%M:%S GMT")));
    }
    match seconds {
        ..0 => header.push_str("; Max-Age=0"),
        0 => {}
        1.. => header.push_str(&format!("; Max-Age={seconds}")),
    }
    if *http_only {
        header.push_str("; HttpOnly");
    }
    if *secure {
        header.push_str("; Secure");
    }
    header.push_str(match same_site {
        SameSite::Unsaid => "",
        SameSite::None => "; SameSite=None",
        SameSite::Lax => "; SameSite=Lax",
        SameSite::Strict => "; SameSite=Strict",
    });
    if *partitioned {
        header.push_str("; Partitioned");
    }
    Ok(header)
}

/// Returns a value without what may not stand in one, in quotes where it has blanks or commas.
fn value_of(value: &str) -> String {
    let kept: String = value.bytes().filter(|byte| is_value_byte(*byte)).map(char::from).collect();
    if kept.contains([' ', ',']) { format!("\"{kept}\"") } else { kept }
}

fn is_path_byte(byte: u8) -> bool {
    (0x20..0x7f).contains(&byte) && byte != b';'
}

/// Returns whether a text is a domain for a cookie: a name with a letter in it, perhaps after a dot, or an IPv4 address.
fn is_domain(text: &str) -> bool {
    is_domain_name(text) || text.parse::<Ipv4Addr>().is_ok()
}

fn is_domain_name(text: &str) -> bool {
    if text.is_empty() || text.len() > 255 {
        return false;
    }
    let (mut last, mut letter, mut part) = (b'.', false, 0);
    for byte in text.strip_prefix('.').unwrap_or(text).bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {
                letter = true;
                part += 1;
            }
            b'0'..=b'9' => part += 1,
            b'-' if last != b'.' => part += 1,
            b'.' if !matches!(last, b'.' | b'-') && (1..=63).contains(&part) => part = 0,
            _ => return false,
        }
        last = byte;
    }
    last != b'-' && part <= 63 && letter
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn written(value: &str, options: &Options) -> String {
        set_cookie("s", value, options, "2026-11-22T09:30:00.9Z".parse().unwrap()).unwrap()
    }

    fn bare() -> Options {
        Options::go_compat("", 0)
    }

    #[test]
    fn attributes_come_in_gos_order() {
        let options = Options {
            path: "/app".into(),
            domain: ".Example.com".into(),
            max_age: MaxAge::For(Duration::from_secs(86_400)),
            secure: true,
            http_only: true,
            same_site: SameSite::Strict,
            partitioned: true,
        };
        assert_eq!(
            written("v", &options),
            "s=v; Path=/app; Domain=Example.com; Expires=Mon, 23 Nov 2026 09:30:00 GMT; Max-Age=86400; HttpOnly; Secure; \
             SameSite=Strict; Partitioned"
        );
        assert_eq!(written("v", &bare()), "s=v");
    }

    #[test]
    fn an_age_is_written_twice_and_an_ended_one_in_the_past() {
        for (max_age, expected) in [
            (MaxAge::Ended, "s=; Expires=Thu, 01 Jan 1970 00:00:01 GMT; Max-Age=0"),
            (MaxAge::Browser, "s="),
            (MaxAge::For(Duration::from_millis(999)), "s="),
            (MaxAge::For(Duration::from_millis(1999)), "s=; Expires=Sun, 22 Nov 2026 09:30:01 GMT; Max-Age=1"),
            (MaxAge::For(Duration::MAX), "s=; Max-Age=9223372036854775807"),
        ] {
            assert_eq!(written("", &Options { max_age, ..bare() }), expected);
        }
    }

    #[test]
    fn what_would_break_the_header_is_left_out() {
        for (value, path, expected) in [
            ("a\r\nb", "/a\r\nSet-Cookie: x=y", "s=ab; Path=/aSet-Cookie: x=y"),
            ("a;b\"c\\d", "/;secure", "s=abcd; Path=/secure"),
            ("a b", "/a b", "s=\"a b\"; Path=/a b"),
            ("a,b", "\"", "s=\"a,b\"; Path=\""),
            ("é", "/é", "s=; Path=/"),
        ] {
            assert_eq!(written(value, &Options { path: path.into(), ..bare() }), expected);
        }
    }

    #[test]
    fn a_domain_that_is_none_is_left_out() {
        let long = format!("{}.com", "a".repeat(63));
        for (domain, expected) in [
            ("example.com", Some("example.com")),
            (".example.com", Some("example.com")),
            ("127.0.0.1", Some("127.0.0.1")),
            ("a-b.c", Some("a-b.c")),
            ("example.com.", Some("example.com.")),
            (long.as_str(), Some(long.as_str())),
            ("..com", None),
            ("-a.com", None),
            ("a-.com", None),
            ("a_b.com", None),
            ("1.2.3", None),
            ("127.0.0.01", None),
            ("::1", None),
            ("a b", None),
            ("a;b", None),
            (".", None),
            (&"a".repeat(64), None),
            (&"a.".repeat(128), None),
        ] {
            let header = written("v", &Options { domain: domain.into(), ..bare() });
            assert_eq!(header.strip_prefix("s=v; Domain="), expected, "{domain}");
        }
    }

    #[test]
    fn a_name_that_is_none_is_an_error() {
        let error = set_cookie("a b", "", &bare(), Timestamp::UNIX_EPOCH).unwrap_err();
        assert_eq!(error.to_string(), "`a b` cannot be the name of a cookie");
    }
}
