//! What a message must not show: a secret that somebody typed in the wrong place, and what would move the cursor.
//!
//! Settings and keys are read into types that never show themselves. An argument that was mistaken for something else
//! (a DSN as a cluster's name, a key as a file's) is a plain text that messages repeat; it is masked here, on its way
//! out.

/// The account in what messages and hints show as an example of a DSN.
const EXAMPLE: &str = "user:password";

/// Masks passwords of DSNs and key material, and escapes control characters but the line feed.
pub(crate) fn redacted(text: &str) -> String {
    let masked = masked_keys(&masked_go(&masked_urls(text)));
    masked
        .chars()
        .flat_map(|c| if c.is_control() && c != '\n' { c.escape_default().collect() } else { vec![c] })
        .collect()
}

/// Whether a character ends an argument that a message quotes.
fn ends(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\'' | '"' | '`')
}

/// `mysql://user:password@host` becomes `mysql://***@host`; one without a password stays.
fn masked_urls(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (head, tail) = rest.split_at(at + 3);
        out.push_str(head);
        let argument = tail.find(ends).unwrap_or(tail.len());
        let account = tail[..argument].rfind('@').unwrap_or(0);
        if tail[..account].contains(':') && &tail[..account] != EXAMPLE {
            out.push_str("***");
            rest = &tail[account..];
        } else {
            rest = tail;
        }
    }
    out.push_str(rest);
    out
}

/// `user:password@tcp(host)` becomes `***@tcp(host)`.
fn masked_go(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = ["@tcp", "@unix", "@("].iter().filter_map(|mark| rest.find(mark)).min() {
        let (head, tail) = rest.split_at(at);
        let start = head.rfind(ends).map_or(0, |i| i + head[i..].chars().next().map_or(1, char::len_utf8));
        if head[start..].contains(':') && &head[start..] != EXAMPLE {
            out.push_str(&head[..start]);
            out.push_str("***");
        } else {
            out.push_str(head);
        }
        out.push('@');
        rest = &tail[1..];
    }
    out.push_str(rest);
    out
}

/// `raw:secret` becomes `raw:***`; `raw:…`, which explains the form, stays.
fn masked_keys(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let schemes = ["raw:", "hex:", "base64:"];
    while let Some((at, scheme)) = schemes.iter().filter_map(|scheme| Some((rest.find(scheme)?, scheme))).min() {
        let (head, tail) = rest.split_at(at + scheme.len());
        out.push_str(head);
        let key = tail.find(|c| ends(c) || matches!(c, ',' | ';' | ')' | '…')).unwrap_or(tail.len());
        if key > 0 {
            out.push_str("***");
        }
        rest = &tail[key..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_in_the_wrong_place_are_masked() {
        for (text, expected) in [
            ("unexpected argument 'mysql://u:S3CRET@h/db' found", "unexpected argument 'mysql://***@h/db' found"),
            ("no cluster `u:S3@CRET@tcp(h:1)/db`", "no cluster `***@tcp(h:1)/db`"),
            ("no node n1=u:S3CRET@unix(/s)/db", "no node ***@unix(/s)/db"),
            ("reading `raw:S3CRET` failed", "reading `raw:***` failed"),
            ("`base64:S3CR/ET+==,hex:00ff` and", "`base64:***,hex:***` and"),
            ("mysql://a:S3CRET@h and mysql://b:S3CRET@i", "mysql://***@h and mysql://***@i"),
        ] {
            assert_eq!(redacted(text), expected);
        }
    }

    #[test]
    fn what_holds_no_secret_stays() {
        for text in [
            "each `hex:…`, `base64:…` or `raw:…`",
            "`mysql://user@host:3306/database`",
            "`mysql://user:password@host:3306/database` or `user:password@tcp(host:3306)/database`",
            "https://example.org/a@b",
            "connecting to node `n1` at 127.0.0.1:3306 failed",
            "two\nlines",
        ] {
            assert_eq!(redacted(text), text);
        }
    }

    #[test]
    fn a_control_character_never_reaches_the_terminal() {
        assert_eq!(redacted("a\u{1b}[2Jb"), "a\\u{1b}[2Jb");
    }
}
