//! The `[client]` section of MySQL's option files, such as `~/.my.cnf`.

use csqlstore::cluster::dsn::Secret;

/// The account in an option file.
#[derive(Clone, Debug, Default)]
pub(super) struct Account {
    pub(super) user: Option<String>,
    pub(super) password: Option<Secret>,
}

/// Reads `user` and `password` of the `[client]` section; of two lines for one option the last counts.
///
/// Everything else is passed over, `!include` too: the file is written for the MySQL clients, and they complain of it.
///
/// # Source
///
/// MySQL manual, "Using Option Files", and `mysys/my_default.c` for quotes, escapes and comments.
pub(super) fn parse(text: &str) -> Account {
    let mut account = Account::default();
    let mut in_client = false;
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with(['#', ';', '!']) {
            continue;
        }
        if let Some(rest) = line.strip_prefix('[') {
            in_client = rest.split_once(']').is_some_and(|(name, _)| name.trim() == "client");
            continue;
        }
        let (name, value) = match without_comment(line).split_once('=') {
            Some((name, value)) if in_client => (name.trim(), value.trim()),
            _ => continue,
        };
        match name {
            "user" => account.user = Some(unescaped(unquoted(value))),
            "password" => account.password = Some(Secret::new(unescaped(unquoted(value)))),
            _ => {}
        }
    }
    account
}

/// Cuts the line at the first `#` outside of quotes.
fn without_comment(line: &str) -> &str {
    let mut quote = None;
    let mut escaped = false;
    for (at, c) in line.char_indices() {
        match (c, quote) {
            ('\'' | '"', None) if !escaped => quote = Some(c),
            (c, Some(open)) if c == open && !escaped => quote = None,
            ('#', None) => return &line[..at],
            _ => {}
        }
        escaped = quote.is_some() && c == '\\' && !escaped;
    }
    line
}

fn unquoted(value: &str) -> &str {
    let inner = |quote: char| value.strip_prefix(quote)?.strip_suffix(quote);
    inner('"').or_else(|| inner('\'')).unwrap_or(value)
}

fn unescaped(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('b') => out.push('\u{8}'),
            Some('s') => out.push(' '),
            Some(c @ ('\\' | '"' | '\'')) => out.push(c),
            Some(other) => out.extend(['\\', other]),
            None => out.push('\\'),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_forms_that_the_clients_read() {
        for (text, user, password) in [
            ("[client]\nuser=app\npassword=pw\n", Some("app"), Some("pw")),
            ("[client]\r\n user = app \r\n password = \"p w\" \r\n", Some("app"), Some("p w")),
            ("[client]\npassword='it''s'\n", None, Some("it''s")),
            ("[client]\npassword=\"p#w\" # the old one\n", None, Some("p#w")),
            ("[client]\npassword=p#w\n", None, Some("p")),
            ("[client]\npassword=\"a\\\"#b\" # x\n", None, Some("a\"#b")),
            ("[client]\npassword=a\\sb\\\\c\\xd\\\n", None, Some("a b\\c\\xd\\")),
            ("[client]\npassword=a=b\n", None, Some("a=b")),
            ("[client]\npassword=\n", None, Some("")),
            ("[client]\npassword\nuser\n", None, None),
            ("# user=x\n; user=y\n!include /etc/x\n[client]\n#user=z\n", None, None),
            ("user=x\n[mysqld]\nuser=mysql\n[client]\nuser=app\n[mysql]\nuser=other\n", Some("app"), None),
            ("[client]\nuser=one\n[x]\n[ client ] # again\nuser=two\n", Some("two"), None),
            ("[client\nuser=x\n", None, None),
            ("[client]\npassword=\"\n", None, Some("\"")),
            ("", None, None),
        ] {
            let account = parse(text);
            let found = (account.user.as_deref(), account.password.as_ref().map(Secret::expose));
            assert_eq!(found, (user, password), "{text:?}");
        }
    }
}
