//! What a person pastes: a value, a pair, a header.

/// A value that may be the session cookie's, with its name where the text has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The cookie's name; `None` for a value alone.
    pub name: Option<String>,
    /// The cookie's value.
    pub value: String,
}

/// What a `Set-Cookie` header may say after the cookie itself.
const ATTRIBUTES: [&str; 9] =
    ["path", "domain", "expires", "max-age", "httponly", "secure", "samesite", "partitioned", "priority"];

/// Finds the cookies in a text, in their order.
///
/// The text is a value alone; `name=value`; several of these with `;` between them; a `Cookie:` or `Set-Cookie:` header
/// with its name or without; or a request's or response's headers one a line, of which all cookie headers count. White
/// space and double quotes around values are taken off, the attributes of `Set-Cookie` are left out.
///
/// A value may end in the `=` of base64, so `abc==` is a value alone and `a=bc==` is a pair.
#[must_use]
pub fn candidates(text: &str) -> Vec<Candidate> {
    let text = unquote(text);
    let headers: Vec<(Header, &str)> = text.lines().filter_map(header).collect();
    if headers.is_empty() {
        return pieces(text, Header::Unnamed);
    }
    headers.into_iter().flat_map(|(header, rest)| pieces(rest, header)).collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Header {
    Cookie,
    SetCookie,
    Unnamed,
}

fn header(line: &str) -> Option<(Header, &str)> {
    let (name, rest) = unquote(line).split_once(':')?;
    match name.trim_end() {
        name if name.eq_ignore_ascii_case("cookie") => Some((Header::Cookie, rest)),
        name if name.eq_ignore_ascii_case("set-cookie") => Some((Header::SetCookie, rest)),
        _ => None,
    }
}

fn pieces(text: &str, header: Header) -> Vec<Candidate> {
    let mut pieces = text.split(';').map(str::trim).filter(|piece| !piece.is_empty());
    let first = pieces.next().map(candidate);
    let rest: Vec<&str> = pieces.collect();
    let set_cookie = match header {
        Header::Cookie => false,
        Header::SetCookie => true,
        Header::Unnamed => rest.iter().any(|piece| is_attribute(piece)),
    };
    let rest = if set_cookie { Vec::new() } else { rest };
    first.into_iter().chain(rest.into_iter().map(candidate)).collect()
}

fn is_attribute(piece: &str) -> bool {
    let name = piece.split('=').next().unwrap_or_default().trim();
    ATTRIBUTES.iter().any(|attribute| name.eq_ignore_ascii_case(attribute))
}

fn candidate(piece: &str) -> Candidate {
    match piece.split_once('=') {
        Some((name, value)) if !name.is_empty() && value.bytes().any(|byte| byte != b'=') => {
            Candidate { name: Some(name.trim().to_owned()), value: unquote(value).to_owned() }
        }
        _ => Candidate { name: None, value: unquote(piece).to_owned() },
    }
}

fn unquote(text: &str) -> &str {
    let text = text.trim();
    match text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
        Some(inner) => inner.trim(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(Option<String>, String)> {
        candidates(text).into_iter().map(|cookie| (cookie.name, cookie.value)).collect()
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(Option<String>, String)> {
        pairs.iter().map(|(name, value)| (Some((*name).to_owned()), (*value).to_owned())).collect()
    }

    #[test]
    fn padding_does_not_make_a_pair() {
        for text in ["abc", "abc=", "abc==", " abc== \n", "\"abc==\"", "abc==;"] {
            let expected = text.trim_matches([' ', '\n', '"', ';']).to_owned();
            assert_eq!(found(text), [(None, expected)], "{text:?}");
        }
    }

    #[test]
    fn finds_pairs_and_headers() {
        for text in [
            "sid=ab==",
            " sid = ab== ",
            "\"sid=ab==\"",
            "sid=\"ab==\"",
            "Cookie: sid=ab==",
            "cookie:sid=\"ab==\";",
            "Set-Cookie: sid=ab==; Path=/; Expires=Thu, 01 Jan 1970 00:00:01 GMT; Max-Age=0; HttpOnly",
            "SET-COOKIE : sid=ab==",
            "sid=ab==; Path=/; HttpOnly",
            "sid=ab==;secure",
            "GET / HTTP/1.1\r\nHost: x:80\r\nCookie: sid=ab==\r\n\r\n",
        ] {
            assert_eq!(found(text), pairs(&[("sid", "ab==")]), "{text:?}");
        }
        let two = pairs(&[("_ga", "GA1.2"), ("sid", "ab==")]);
        assert_eq!(found("Cookie: _ga=GA1.2; sid=ab=="), two);
        assert_eq!(found("_ga=GA1.2;sid=ab=="), two);
        assert_eq!(found("Set-Cookie: _ga=GA1.2; Path=/\nSet-Cookie: sid=ab=="), two);
        assert_eq!(found("Cookie: path=x; sid=ab=="), pairs(&[("path", "x"), ("sid", "ab==")]));
    }

    #[test]
    fn finds_nothing_in_nothing() {
        for text in ["", " \n", ";;", "\"\"", "Cookie:", "Cookie: ;"] {
            assert_eq!(found(text).iter().filter(|(_, value)| !value.is_empty()).count(), 0, "{text:?}");
        }
    }
}
