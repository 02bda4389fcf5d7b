//! Taking rights from a database's account, and giving it some.

use super::Database;

/// What `migrate up` needs.
pub const UP: &[(&str, &str)] = &[
    ("SELECT, CREATE, ALTER", "session_cluster"),
    ("SELECT, INSERT, UPDATE, CREATE", "csqlstore_migrations"),
    ("SELECT, INSERT, UPDATE, CREATE", "csqlstore_lease"),
];
/// What `migrate adopt` needs.
pub const ADOPT: &[(&str, &str)] = &[
    ("SELECT", "session_cluster"),
    ("SELECT, INSERT, UPDATE, CREATE", "csqlstore_migrations"),
    ("SELECT, INSERT, UPDATE, CREATE", "csqlstore_lease"),
];

impl Database {
    /// This database's account, as SQL names it.
    pub fn account(&self) -> String {
        format!("'{}'@'%'", self.name)
    }

    /// The statements that give rights on tables (`*`: on the whole database), as errors name them.
    pub fn grants(&self, rights: &[(&str, &str)]) -> String {
        let object = |on: &str| if on == "*" { on.to_owned() } else { format!("`{on}`") };
        let each = rights
            .iter()
            .map(|(rights, on)| format!("GRANT {rights} ON `{}`.{} TO {}", self.name, object(on), self.account()));
        each.collect::<Vec<_>>().join("; ")
    }

    /// Gives the account these rights.
    pub async fn give(&self, rights: &[(&str, &str)]) {
        for sql in self.grants(rights).split("; ") {
            self.execute("n1", sql).await;
        }
        self.settled().await;
    }

    /// Takes all rights from the account, and gives it these.
    pub async fn limit_to(&self, rights: &[(&str, &str)]) {
        self.execute("n1", &format!("REVOKE ALL PRIVILEGES, GRANT OPTION FROM {}", self.account())).await;
        self.give(rights).await;
    }
}
