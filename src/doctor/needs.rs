//! Which rights each command needs; docs/grants.md says the same to people, and a test compares the two.

use super::grants::Grants;
use crate::grant::{self, Object};
use crate::schema::{LEASE_TABLE, Table};

/// What a right is needed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum On {
    /// The session table.
    Sessions,
    /// The table of leases.
    Leases,
    /// Everything in the session table's database.
    Database,
}

/// A command, and the rights without which it does not work.
pub(super) struct Need {
    pub(super) command: &'static str,
    pub(super) rights: &'static [(On, &'static [&'static str])],
}

/// Each command that needs any, as docs/grants.md lists them.
pub(super) const NEEDS: &[Need] = &[
    Need { command: "session show", rights: &[(On::Sessions, &["SELECT"])] },
    Need { command: "cookie decode", rights: &[(On::Sessions, &["SELECT"])] },
    Need { command: "migrate status", rights: &[(On::Database, &["SELECT"])] },
    Need { command: "migrate plan", rights: &[(On::Database, &["SELECT"])] },
    Need { command: "migrate up", rights: &[(On::Database, &["SELECT", "INSERT", "UPDATE", "CREATE", "ALTER"])] },
    Need { command: "event status", rights: &[(On::Database, &["EVENT"]), (On::Sessions, &["SELECT"])] },
    Need {
        command: "event install",
        rights: &[
            (On::Database, &["EVENT"]),
            (On::Sessions, &["SELECT", "DELETE"]),
            (On::Leases, &["SELECT", "INSERT", "UPDATE"]),
        ],
    },
    Need { command: "event show", rights: &[(On::Database, &["EVENT"])] },
    Need { command: "event remove", rights: &[(On::Database, &["EVENT"])] },
    Need {
        command: "purge",
        rights: &[(On::Sessions, &["SELECT", "DELETE"]), (On::Leases, &["SELECT", "INSERT", "UPDATE"])],
    },
    Need { command: "doctor", rights: &[(On::Database, &["SELECT", "EVENT"])] },
];

/// A command that an account cannot run, and what is to be done about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lack {
    pub(super) command: &'static str,
    /// The rights, as people say them: `DELETE on `session_cluster``.
    pub(super) rights: String,
    /// The statements that give them.
    pub(super) grant: String,
}

/// Returns what an account lacks, command by command.
pub(super) fn lacks(grants: &Grants, account: &str, database: &str, table: &Table) -> Vec<Lack> {
    NEEDS.iter().filter_map(|need| lack(need, grants, account, database, table)).collect()
}

fn lack(need: &Need, grants: &Grants, account: &str, database: &str, table: &Table) -> Option<Lack> {
    let mut rights = Vec::new();
    let mut statements = Vec::new();
    for (on, needed) in need.rights {
        let name = match on {
            On::Sessions => Some(table.name()),
            On::Leases => Some(LEASE_TABLE),
            On::Database => None,
        };
        let missing: Vec<&str> = needed.iter().copied().filter(|right| !grants.cover(right, database, name)).collect();
        if missing.is_empty() {
            continue;
        }
        let missing = missing.join(", ");
        let object = name.map_or(Object::Database, Object::Table);
        rights
            .push(format!("{missing} on {}", name.map_or_else(|| format!("`{database}`"), |name| format!("`{name}`"))));
        statements.push(grant::render(&missing, object, Some(database), Some(account)));
    }
    let (rights, grant) = (rights.join(" and "), statements.join("; "));
    (!grant.is_empty()).then_some(Lack { command: need.command, rights, grant })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = include_str!("../../docs/grants.md");

    fn page_of(need: &Need) -> Vec<String> {
        let object = |on: &On| match on {
            On::Sessions => "`DATABASE`.`session_cluster`",
            On::Leases => "`DATABASE`.`csqlstore_lease`",
            On::Database => "`DATABASE`.*",
        };
        let each = need.rights.iter();
        each.map(|(on, rights)| format!("GRANT {} ON {} TO ACCOUNT;", rights.join(", "), object(on))).collect()
    }

    #[test]
    fn the_page_says_the_same_of_every_command() {
        let mut told = Vec::new();
        for section in PAGE.split("\n## ").skip(1) {
            let (heading, body) = section.split_once('\n').unwrap();
            let Some(command) = heading.strip_prefix("`csqlstore ").and_then(|rest| rest.strip_suffix('`')) else {
                continue;
            };
            let grants: Vec<String> =
                body.lines().filter(|line| line.starts_with("GRANT ")).map(str::to_owned).collect();
            let need = NEEDS.iter().find(|need| need.command == command);
            let expected = need.map(page_of).unwrap_or_default();
            assert_eq!(grants, expected, "{command}");
            told.push(command);
        }
        for need in NEEDS {
            assert!(told.contains(&need.command), "{} has no section", need.command);
        }
    }

    #[test]
    fn what_is_lacking_is_named_with_the_statement_that_gives_it() {
        let lines = ["GRANT SELECT ON `app`.* TO `u`@`%`".to_owned()];
        let lacks = lacks(&Grants::parse(&lines), "o'u@10.%", "app", &Table::default());
        let of = |command: &str| lacks.iter().find(|lack| lack.command == command);
        assert_eq!(of("session show"), None);
        assert_eq!(
            of("event install"),
            Some(&Lack {
                command: "event install",
                rights: "EVENT on `app` and DELETE on `session_cluster` and INSERT, UPDATE on `csqlstore_lease`".into(),
                grant: "GRANT EVENT ON `app`.* TO 'o''u'@'10.%'; \
                        GRANT DELETE ON `app`.`session_cluster` TO 'o''u'@'10.%'; \
                        GRANT INSERT, UPDATE ON `app`.`csqlstore_lease` TO 'o''u'@'10.%'"
                    .into(),
            })
        );
        let all = ["GRANT ALL PRIVILEGES ON `app`.* TO `u`@`%`".to_owned()];
        assert_eq!(super::lacks(&Grants::parse(&all), "u@%", "app", &Table::default()), []);
    }
}
