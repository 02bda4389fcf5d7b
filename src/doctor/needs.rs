//! What an account lacks for the commands there are. Pure.

use super::grants::Grants;
use crate::grant::needs::{NEEDS, Need, Right};
use crate::grant::{self, Object};
use crate::schema::Table;

/// Commands that an account cannot run for want of the same rights, and what is to be done about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lack {
    pub(super) commands: Vec<&'static str>,
    /// The rights, as people say them: `DELETE on `session_cluster``.
    pub(super) rights: String,
    /// The statements that give them.
    pub(super) grant: String,
}

/// Returns what an account lacks, command by command.
pub(super) fn lacks(grants: &Grants, account: &str, database: &str, table: &Table) -> Vec<Lack> {
    let mut all: Vec<Lack> = Vec::new();
    for Need { commands, rights } in NEEDS {
        let Some((rights, grant)) = lacking(rights, grants, account, (database, table)) else { continue };
        match all.iter_mut().find(|lack| lack.grant == grant) {
            Some(lack) => lack.commands.extend(*commands),
            None => all.push(Lack { commands: commands.to_vec(), rights, grant }),
        }
    }
    all
}

/// Returns those of the rights that are lacking, and the statements that give them; `None` if none is.
fn lacking(
    rights: &[Right],
    grants: &Grants,
    account: &str,
    (database, table): (&str, &Table),
) -> Option<(String, String)> {
    let mut lacking = Vec::new();
    let mut statements = Vec::new();
    for (on, needed) in rights {
        let object = on.object(table);
        let name = match object {
            Object::Table(name) => Some(name),
            Object::Database | Object::Server => None,
        };
        let missing: Vec<&str> = needed.iter().copied().filter(|right| !grants.cover(right, database, name)).collect();
        if missing.is_empty() {
            continue;
        }
        let missing = missing.join(", ");
        lacking.push(format!("{missing} on `{}`", name.unwrap_or(database)));
        statements.push(grant::render(&missing, object, Some(database), Some(account)));
    }
    (!lacking.is_empty()).then(|| (lacking.join(" and "), statements.join("; ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lacking_is_named_with_the_statement_that_gives_it() {
        let lines = ["GRANT SELECT ON `app`.* TO `u`@`%`".to_owned()];
        let lacks = lacks(&Grants::parse(&lines), "o'u@10.%", "app", &Table::default());
        let of = |command: &str| lacks.iter().find(|lack| lack.commands.contains(&command));
        assert_eq!(of("session show"), None);
        assert_eq!(
            of("event install"),
            Some(&Lack {
                commands: vec!["event install"],
                rights: "EVENT on `app` and DELETE on `session_cluster` and INSERT, UPDATE on `csqlstore_lease`".into(),
                grant: "GRANT EVENT ON `app`.* TO 'o''u'@'10.%'; \
                        GRANT DELETE ON `app`.`session_cluster` TO 'o''u'@'10.%'; \
                        GRANT INSERT, UPDATE ON `app`.`csqlstore_lease` TO 'o''u'@'10.%'"
                    .into(),
            })
        );
        let down = of("migrate down").unwrap();
        assert_eq!(
            down.rights,
            "ALTER on `session_cluster` and INSERT, UPDATE, DELETE on `csqlstore_migrations` and UPDATE on `csqlstore_lease`"
        );
        let all = ["GRANT ALL PRIVILEGES ON `app`.* TO `u`@`%`".to_owned()];
        assert_eq!(super::lacks(&Grants::parse(&all), "u@%", "app", &Table::default()), []);
    }

    #[test]
    fn commands_that_lack_the_same_are_named_together() {
        let lines = ["GRANT EVENT ON `app`.* TO `u`@`%`".to_owned()];
        let lacks = lacks(&Grants::parse(&lines), "u@%", "app", &Table::default());
        let reading = lacks.iter().find(|lack| lack.commands.contains(&"session show")).unwrap();
        assert!(
            reading.commands.contains(&"cookie decode") && reading.commands.contains(&"event status"),
            "{reading:?}"
        );
        assert_eq!(reading.grant, "GRANT SELECT ON `app`.`session_cluster` TO 'u'@'%'");
        let grants: Vec<&str> = lacks.iter().map(|lack| lack.grant.as_str()).collect();
        assert!(grants.iter().enumerate().all(|(at, grant)| !grants[..at].contains(grant)), "{grants:?}");
    }
}
