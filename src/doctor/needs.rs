//! What an account lacks for the commands there are. Pure.

use super::grants::Grants;
use crate::grant::needs::{NEEDS, Need, On, Right};
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

/// Whose rights are looked at, and on what.
pub(super) struct Subject<'a> {
    /// The account, as the server names it: `user@host`.
    pub(super) account: &'a str,
    pub(super) database: &'a str,
    pub(super) table: &'a Table,
    /// What is known not to be there: no right on a table can be given then, unless together with that to make it.
    pub(super) absent: Vec<On>,
}

/// Returns what an account lacks, command by command. What no command could use yet, because its table is not there, is
/// passed over: `migrate up` comes first.
pub(super) fn lacks(grants: &Grants, subject: &Subject<'_>) -> Vec<Lack> {
    let mut all: Vec<Lack> = Vec::new();
    for Need { commands, rights } in NEEDS {
        let too_early = |(on, rights): &Right| subject.absent.contains(on) && !rights.contains(&"CREATE");
        if rights.iter().any(too_early) {
            continue;
        }
        let Some((rights, grant)) = lacking(rights, grants, subject) else { continue };
        match all.iter_mut().find(|lack| lack.grant == grant) {
            Some(lack) => lack.commands.extend(*commands),
            None => all.push(Lack { commands: commands.to_vec(), rights, grant }),
        }
    }
    all
}

/// Returns those of the rights that are lacking, and the statements that give them; `None` if none is.
fn lacking(rights: &[Right], grants: &Grants, subject: &Subject<'_>) -> Option<(String, String)> {
    let Subject { account, database, table, absent } = subject;
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
        let given = if absent.contains(on) { needed.join(", ") } else { missing };
        statements.push(grant::render(&given, object, Some(database), Some(account)));
    }
    (!lacking.is_empty()).then(|| (lacking.join(" and "), statements.join("; ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lacks_of(line: &str, account: &str, absent: &[On]) -> Vec<Lack> {
        let (table, absent) = (Table::default(), absent.to_vec());
        lacks(&Grants::parse(&[line.to_owned()]), &Subject { account, database: "app", table: &table, absent })
    }

    #[test]
    fn what_is_lacking_is_named_with_the_statement_that_gives_it() {
        let lacks = lacks_of("GRANT SELECT ON `app`.* TO `u`@`%`", "o'u@10.%", &[]);
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
        assert_eq!(lacks_of("GRANT ALL PRIVILEGES ON `app`.* TO `u`@`%`", "u@%", &[]), []);
    }

    #[test]
    fn commands_that_lack_the_same_are_named_together() {
        let lacks = lacks_of("GRANT EVENT ON `app`.* TO `u`@`%`", "u@%", &[]);
        let reading = lacks.iter().find(|lack| lack.commands.contains(&"session show")).unwrap();
        assert!(
            reading.commands.contains(&"cookie decode") && reading.commands.contains(&"event status"),
            "{reading:?}"
        );
        assert_eq!(reading.grant, "GRANT SELECT ON `app`.`session_cluster` TO 'u'@'%'");
        let grants: Vec<&str> = lacks.iter().map(|lack| lack.grant.as_str()).collect();
        assert!(grants.iter().enumerate().all(|(at, grant)| !grants[..at].contains(grant)), "{grants:?}");
    }

    #[test]
    fn no_right_is_asked_for_on_a_table_that_is_not_there_but_with_that_to_make_it() {
        let lacks = lacks_of("GRANT SELECT, CREATE, EVENT ON `app`.* TO `u`@`%`", "u@%", &[On::History, On::Leases]);
        let of = |command: &str| lacks.iter().find(|lack| lack.commands.contains(&command));
        for early in ["purge", "event install", "session rekey", "migrate repair", "migrate unlock"] {
            assert_eq!(of(early), None, "{early}");
        }
        assert!(of("session delete").is_some(), "the session table is there");
        let up = of("migrate up").unwrap();
        assert_eq!(
            up.rights,
            "ALTER on `session_cluster` and INSERT, UPDATE on `csqlstore_migrations` and INSERT, UPDATE on `csqlstore_lease`"
        );
        assert!(up.grant.contains("GRANT ALTER ON `app`.`session_cluster`"), "{}", up.grant);
        assert!(
            up.grant.ends_with("GRANT SELECT, INSERT, UPDATE, CREATE ON `app`.`csqlstore_lease` TO 'u'@'%'"),
            "{}",
            up.grant
        );
    }
}
