//! One spelling for what servers write differently. Pure.

use super::shape::Column;

/// A column as `information_schema` has it.
pub(super) struct Raw {
    pub(super) name: String,
    pub(super) column_type: String,
    pub(super) nullable: String,
    pub(super) default: Option<String>,
    pub(super) extra: String,
    pub(super) charset: Option<String>,
    pub(super) collation: Option<String>,
}

const INTEGERS: [&str; 5] = ["tinyint", "smallint", "mediumint", "int", "bigint"];

/// Brings a column to the one spelling.
pub(super) fn column(raw: Raw) -> Column {
    let Raw { name, column_type: written, nullable, default, extra, charset, collation } = raw;
    let nullable = nullable == "YES";
    let (on_update, extra) = extras(&extra);
    Column {
        name,
        column_type: column_type(&written),
        charset: charset.map(|charset| utf8mb3(&charset)),
        collation: collation.map(|collation| utf8mb3(&collation)),
        nullable,
        default: default.and_then(|default| self::default(&default, nullable)),
        on_update,
        extra,
    }
}

/// Lower case, and no display width of integers: MariaDB writes `bigint(20)`, MySQL no longer does.
pub(super) fn column_type(written: &str) -> String {
    let written = written.trim().to_ascii_lowercase();
    let Some((word, rest)) = written.split_once('(') else { return written };
    match rest.split_once(')') {
        Some((_, rest)) if INTEGERS.contains(&word) => format!("{word}{rest}"),
        _ => written,
    }
}

/// MariaDB writes a default as an expression (`'x'`, `NULL`, `current_timestamp()`), MySQL as a value (`x`, no row,
/// `CURRENT_TIMESTAMP`).
fn default(written: &str, nullable: bool) -> Option<String> {
    let lower = written.to_ascii_lowercase();
    for now in ["current_timestamp", "now", "localtimestamp", "localtime"] {
        match lower.strip_prefix(now) {
            Some("" | "()") => return Some("CURRENT_TIMESTAMP".to_owned()),
            Some(digits) if digits.starts_with('(') && digits.ends_with(')') => {
                return Some(format!("CURRENT_TIMESTAMP{digits}"));
            }
            _ => {}
        }
    }
    if nullable && lower == "null" {
        return None;
    }
    let quoted = written.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    Some(quoted.map_or_else(|| written.to_owned(), |value| value.replace("''", "'")))
}

/// Takes `on update current_timestamp()` out of what else is said of a column, and MySQL's word for a default that is
/// no constant.
fn extras(written: &str) -> (bool, String) {
    let mut lower = written.to_ascii_lowercase().replace("default_generated", " ");
    let on_update = lower.find("on update ");
    if let Some(begin) = on_update {
        let what = &lower[begin + "on update ".len()..];
        let end = begin + "on update ".len() + what.find([' ', ',']).unwrap_or(what.len());
        lower.replace_range(begin..end, " ");
    }
    let words: Vec<&str> = lower.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    (on_update.is_some(), words.join(" "))
}

/// One name for what is called `utf8` in older servers.
fn utf8mb3(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    match name.strip_prefix("utf8") {
        Some(rest) if rest.is_empty() || rest.starts_with('_') => format!("utf8mb3{rest}"),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(column_type: &str, nullable: &str, default: Option<&str>, extra: &str) -> Raw {
        Raw {
            name: "c".into(),
            column_type: column_type.into(),
            nullable: nullable.into(),
            default: default.map(Into::into),
            extra: extra.into(),
            charset: None,
            collation: None,
        }
    }

    #[test]
    fn what_mariadb_and_mysql_write_differently_is_the_same() {
        for (name, mariadb, mysql) in [
            ("an integer", raw("bigint(20) unsigned", "NO", None, ""), raw("bigint unsigned", "NO", None, "")),
            ("no default", raw("datetime(6)", "YES", Some("NULL"), ""), raw("datetime(6)", "YES", None, "")),
            ("a text", raw("varchar(9)", "NO", Some("'it''s'"), ""), raw("varchar(9)", "NO", Some("it's"), "")),
            ("an empty text", raw("varchar(9)", "NO", Some("''"), ""), raw("varchar(9)", "NO", Some(""), "")),
            ("a number", raw("int(11)", "NO", Some("0"), ""), raw("int", "NO", Some("0"), "")),
            (
                "a stamp",
                raw("timestamp", "NO", Some("current_timestamp()"), "on update current_timestamp()"),
                raw("timestamp", "NO", Some("CURRENT_TIMESTAMP"), "DEFAULT_GENERATED on update CURRENT_TIMESTAMP"),
            ),
            (
                "a stamp with a fraction",
                raw("timestamp(6)", "NO", Some("current_timestamp(6)"), "on update current_timestamp(6)"),
                raw(
                    "timestamp(6)",
                    "NO",
                    Some("CURRENT_TIMESTAMP(6)"),
                    "DEFAULT_GENERATED on update CURRENT_TIMESTAMP(6)",
                ),
            ),
            (
                "an invisible key",
                raw("bigint(20) unsigned", "NO", None, "auto_increment, INVISIBLE"),
                raw("bigint unsigned", "NO", None, "auto_increment INVISIBLE"),
            ),
        ] {
            assert_eq!(column(mariadb), column(mysql), "{name}");
        }
    }

    #[test]
    fn what_differs_stays_different() {
        let stamp = || raw("timestamp", "NO", Some("current_timestamp()"), "on update current_timestamp()");
        for other in [
            raw("timestamp", "NO", Some("current_timestamp()"), ""),
            raw("timestamp", "NO", Some("'0000-00-00 00:00:00'"), "on update current_timestamp()"),
            raw("timestamp", "YES", Some("current_timestamp()"), "on update current_timestamp()"),
            raw("timestamp(6)", "NO", Some("current_timestamp()"), "on update current_timestamp()"),
        ] {
            assert_ne!(column(stamp()), column(other));
        }
        assert_eq!(column_type("CHAR(40)"), "char(40)", "a length is no display width");
        assert_eq!(column_type("int"), "int");
    }

    #[test]
    fn utf8_has_one_name() {
        for (written, name) in
            [("utf8", "utf8mb3"), ("utf8_bin", "utf8mb3_bin"), ("utf8mb4_bin", "utf8mb4_bin"), ("ASCII", "ascii")]
        {
            assert_eq!(utf8mb3(written), name);
        }
    }
}
