//! Reading `SHOW GRANTS`. Pure.

/// What an account may do, as far as the server's own list tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Grants {
    given: Vec<Given>,
    /// MySQL's partial revokes: taken from what is given on the whole server.
    taken: Vec<Given>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Given {
    /// In upper case; `ALL PRIVILEGES` for all.
    rights: Vec<String>,
    /// `None` for the whole server. A pattern: `%` and `_` stand for others, unless a backslash is before them.
    database: Option<String>,
    /// `None` for the whole database.
    table: Option<String>,
}

impl Grants {
    /// Reads the lines of `SHOW GRANTS`. What gives no right on tables (a role, a procedure, PROXY) is passed over, and so
    /// is a right on single columns.
    pub(super) fn parse(lines: &[String]) -> Self {
        let mut grants = Self::default();
        for line in lines {
            if let Some(given) = line.strip_prefix("GRANT ").and_then(|rest| given(rest, " TO ")) {
                grants.given.push(given);
            } else if let Some(taken) = line.strip_prefix("REVOKE ").and_then(|rest| given(rest, " FROM ")) {
                grants.taken.push(taken);
            }
        }
        grants
    }

    /// Returns whether a right is given on a table, or with `None` on a whole database.
    pub(super) fn cover(&self, right: &str, database: &str, table: Option<&str>) -> bool {
        self.given.iter().any(|given| {
            given.has(right)
                && given.reaches(database, table)
                && !(given.database.is_none()
                    && self.taken.iter().any(|taken| taken.has(right) && taken.reaches(database, table)))
        })
    }
}

impl Given {
    fn has(&self, right: &str) -> bool {
        self.rights.iter().any(|given| given == right || given == "ALL PRIVILEGES")
    }

    fn reaches(&self, database: &str, table: Option<&str>) -> bool {
        let named = |pattern: &str| matches(pattern.as_bytes(), database.as_bytes());
        self.database.as_deref().is_none_or(named)
            && self.table.as_deref().is_none_or(|own| table.is_some_and(|table| table == own))
    }
}

/// Reads `SELECT, INSERT ON `db`.`table` TO …`.
fn given(rest: &str, end: &str) -> Option<Given> {
    let (rights, rest) = split_outside(rest, " ON ")?;
    let (object, _) = split_outside(rest, end)?;
    let (database, table) = split_outside(object, ".")?;
    let name = |text: &str| (text != "*").then(|| unquoted(text));
    let mut list = Vec::new();
    let mut rest = rights;
    loop {
        let (right, more) = split_outside(rest, ",").map_or((rest, None), |(right, more)| (right, Some(more)));
        // With columns behind it, it is not on the whole table.
        if !right.contains('(') {
            list.push(right.trim().to_ascii_uppercase());
        }
        match more {
            Some(more) => rest = more,
            None => break,
        }
    }
    Some(Given { rights: list, database: name(database), table: name(table) })
}

/// Splits at the first `mark` that stands in no quotes and no parentheses.
fn split_outside<'a>(text: &'a str, mark: &str) -> Option<(&'a str, &'a str)> {
    let mut quote = None;
    let mut depth = 0_u32;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '`' | '"' | '\'') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.saturating_sub(1),
            (None, _) if depth == 0 && text[at..].starts_with(mark) => {
                return Some((&text[..at], &text[at + mark.len()..]));
            }
            (None, _) => {}
        }
    }
    None
}

fn unquoted(text: &str) -> String {
    for quote in ['`', '"'] {
        if let Some(inner) = text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            return inner.replace(&format!("{quote}{quote}"), &quote.to_string());
        }
    }
    text.to_owned()
}

/// Matches a database's name against the pattern of a grant.
fn matches(pattern: &[u8], name: &[u8]) -> bool {
    match pattern {
        [] => name.is_empty(),
        [b'%', rest @ ..] => (0..=name.len()).any(|from| matches(rest, &name[from..])),
        [b'\\', escaped @ (b'%' | b'_' | b'\\'), rest @ ..] => {
            name.split_first().is_some_and(|(first, name)| first == escaped && matches(rest, name))
        }
        [b'_', rest @ ..] => name.split_first().is_some_and(|(_, name)| matches(rest, name)),
        [wanted, rest @ ..] => name.split_first().is_some_and(|(first, name)| first == wanted && matches(rest, name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(lines: &[&str]) -> Grants {
        Grants::parse(&lines.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn a_right_reaches_as_far_as_it_was_given() {
        let table = Some("session_cluster");
        for (line, right, database, expected) in [
            (
                "GRANT ALL PRIVILEGES ON *.* TO `root`@`localhost` IDENTIFIED VIA mysql_native_password USING '*81F5'",
                "DELETE",
                "app",
                true,
            ),
            ("GRANT ALL PRIVILEGES ON `app`.* TO `u`@`%`", "DELETE", "app", true),
            ("GRANT ALL PRIVILEGES ON `app`.* TO `u`@`%`", "DELETE", "apple", false),
            ("GRANT SELECT, INSERT ON `app`.* TO `u`@`%`", "DELETE", "app", false),
            ("GRANT SELECT, DELETE ON `app`.`session_cluster` TO `u`@`%`", "DELETE", "app", true),
            ("GRANT SELECT, DELETE ON `app`.`other` TO `u`@`%`", "DELETE", "app", false),
            ("GRANT SELECT (`id`, `data`), DELETE ON `app`.`session_cluster` TO `u`@`%`", "SELECT", "app", false),
            ("GRANT SELECT (`id`, `data`), DELETE ON `app`.`session_cluster` TO `u`@`%`", "DELETE", "app", true),
            (r"GRANT SELECT ON `it\_1`.* TO `u`@`%`", "SELECT", "it_1", true),
            (r"GRANT SELECT ON `it\_1`.* TO `u`@`%`", "SELECT", "itx1", false),
            ("GRANT SELECT ON `it_1`.* TO `u`@`%`", "SELECT", "itx1", true),
            ("GRANT SELECT ON `it%`.* TO `u`@`%`", "SELECT", "it_99", true),
            ("GRANT SELECT ON `a``b`.* TO `u`@`%`", "SELECT", "a`b", true),
            ("GRANT SELECT ON \"app\".* TO \"u\"@\"%\"", "SELECT", "app", true),
            ("GRANT USAGE ON *.* TO `u`@`%`", "SELECT", "app", false),
            ("GRANT `reader` TO `u`@`%`", "SELECT", "app", false),
            ("GRANT EXECUTE ON PROCEDURE `app`.`p` TO `u`@`%`", "SELECT", "app", false),
            ("", "SELECT", "app", false),
        ] {
            assert_eq!(parse(&[line]).cover(right, database, table), expected, "{right} on {database}: {line}");
        }
    }

    #[test]
    fn a_right_on_one_table_is_none_on_the_database() {
        let grants = parse(&["GRANT SELECT ON `app`.`session_cluster` TO `u`@`%`"]);
        assert!(grants.cover("SELECT", "app", Some("session_cluster")));
        assert!(!grants.cover("SELECT", "app", None));
    }

    #[test]
    fn a_partial_revoke_takes_from_what_was_given_on_the_server() {
        let grants = parse(&["GRANT SELECT, DELETE ON *.* TO `u`@`%`", "REVOKE DELETE ON `app`.* FROM `u`@`%`"]);
        assert!(grants.cover("SELECT", "app", None));
        assert!(!grants.cover("DELETE", "app", None));
        assert!(grants.cover("DELETE", "other", None));
    }
}
