//! Events that others made to clean the table up, the one of the Go package's page among them.

use crate::schema::Table;

/// The event of the Go package's documentation: `CREATE EVENT … DISABLE ON SLAVE DO DELETE LOW_PRIORITY …`.
///
/// That clause stores it as disabled on the very server that creates it, and on every other: it never runs.
pub const DOCUMENTED_NAME: &str = "AutoDeleteOldSession";

/// Returns whether an event's body deletes rows of a table, as far as its words tell.
#[must_use]
pub fn cleans(body: &str, table: &Table) -> bool {
    let mut words = body
        .split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '$' | '`')))
        .map(|word| word.trim_matches('`'))
        .filter(|word| !word.is_empty())
        .skip_while(|word| !word.eq_ignore_ascii_case("DELETE"));
    words.any(|word| word.eq_ignore_ascii_case(table.name())) || {
        let body = body.to_ascii_uppercase();
        body.contains("DELETE") && body.contains(&table.quoted().to_ascii_uppercase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_a_body_that_deletes_from_the_table() {
        let table = Table::default();
        for (body, expected) in [
            (
                "DELETE LOW_PRIORITY FROM dbname.session_cluster WHERE expire_on < DATE_SUB(NOW(), INTERVAL 1 HOUR)",
                true,
            ),
            ("BEGIN delete from `db`.`session_cluster` limit 1; END", true),
            ("DELETE FROM `SESSION_CLUSTER`", true),
            ("DELETE FROM session_cluster_old", false),
            ("INSERT INTO x SELECT COUNT(*) FROM session_cluster", false),
            ("DELETE FROM other", false),
            ("", false),
        ] {
            assert_eq!(cleans(body, &table), expected, "{body}");
        }
        let odd = Table::new("a-b").unwrap();
        assert!(cleans("DELETE FROM `a-b`", &odd));
    }
}
