//! The statements that would give an account the rights it lacks.

pub(crate) mod needs;

use crate::cluster::{self, Connection, Row, number, quoted_account};
use crate::schema::{Table, quote};

use needs::Right;

/// What rights are asked on.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Object<'a> {
    /// One table of the connection's database.
    Table(&'a str),
    /// Everything in the connection's database.
    Database,
    /// The server itself.
    Server,
}

/// Returns whether a server's error says that the account lacks a right.
pub(crate) fn is_lacking(error: &cluster::Error) -> bool {
    // 1044 no access to the database, 1142 to the table, 1143 to the column, 1227 a global right.
    matches!(error.code(), Some(1044 | 1142 | 1143 | 1227))
}

/// Writes the GRANT for the account at the other end, as the server itself names account and database.
///
/// A server that does not even tell who we are leaves a placeholder in the statement.
pub(crate) async fn statement(connection: &mut Connection, rights: &str, object: Object<'_>) -> String {
    let (account, database) = names(connection).await;
    render(rights, object, database.as_deref(), account.as_deref())
}

/// Writes the GRANTs for all of these rights, as [`statement`] does for one, with a semicolon between them.
pub(crate) async fn statements(connection: &mut Connection, rights: &[Right], table: &Table) -> String {
    let (account, database) = names(connection).await;
    let each =
        |(on, rights): &Right| render(&rights.join(", "), on.object(table), database.as_deref(), account.as_deref());
    rights.iter().map(each).collect::<Vec<_>>().join("; ")
}

/// Asks for the account and the database.
async fn names(connection: &mut Connection) -> (Option<String>, Option<String>) {
    let told: Result<Option<(Option<String>, Option<String>)>, _> =
        connection.first("asking for the account's name", "SELECT CURRENT_USER(), DATABASE()", ()).await;
    // The error that led here is the one to show; this one would only say that the server is gone as well.
    told.ok().flatten().unwrap_or_default()
}

/// A right that an account lacks.
#[derive(Debug)]
pub(crate) struct Lacking {
    /// The statement that gives it.
    pub(crate) grant: String,
    /// What the server said.
    pub(crate) source: cluster::Error,
}

/// Finds out whether the account may delete sessions, without deleting any; `None` if it may.
pub(crate) async fn lacks_delete(
    connection: &mut Connection,
    table: &Table,
) -> Result<Option<Lacking>, cluster::Error> {
    lacks(connection, table, (&format!("DELETE FROM {}", table.quoted()), needs::DELETE)).await
}

/// Finds out whether the account may change sessions by a statement, which is not run; `None` if it may.
///
/// The statement has no WHERE of its own.
pub(crate) async fn lacks(
    connection: &mut Connection,
    table: &Table,
    (change, rights): (&str, &[Right]),
) -> Result<Option<Lacking>, cluster::Error> {
    // EXPLAIN asks for the same rights as the statement, and changes nothing.
    let sql = format!("EXPLAIN {change} WHERE expire_on < TIMESTAMP'1000-01-01 00:00:00'");
    match connection.rows::<Row>("looking at the session table", &sql, ()).await {
        Ok(_) => Ok(None),
        Err(source) if is_lacking(&source) => {
            let grant = statements(connection, rights, table).await;
            Ok(Some(Lacking { grant, source }))
        }
        // 1345: of a view, EXPLAIN asks for more than the statement; nothing is known then. A table without a key is
        // refused after the account's rights were found to do.
        Err(error) if matches!(error.code(), Some(1345 | number::TABLE_WITHOUT_KEY)) => Ok(None),
        Err(error) => Err(error),
    }
}

pub(crate) fn render(rights: &str, object: Object<'_>, database: Option<&str>, account: Option<&str>) -> String {
    let database = database.map_or_else(|| "DATABASE".to_owned(), quote);
    let object = match object {
        Object::Table(name) => format!("{database}.{}", quote(name)),
        Object::Database => format!("{database}.*"),
        Object::Server => "*.*".to_owned(),
    };
    let account = account.and_then(quoted_account).unwrap_or_else(|| "ACCOUNT".to_owned());
    format!("GRANT {rights} ON {object} TO {account}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_account_and_object_quoted() {
        assert_eq!(
            render("ALTER", Object::Database, Some("sessions"), Some("o'app@%")),
            "GRANT ALTER ON `sessions`.* TO 'o''app'@'%'"
        );
        assert_eq!(
            render("SELECT", Object::Table("t`x"), Some("d"), Some("a@b@10.0.0.%")),
            "GRANT SELECT ON `d`.`t``x` TO 'a@b'@'10.0.0.%'"
        );
    }

    #[test]
    fn a_right_on_the_server_names_no_database() {
        let grant = render("BINLOG ADMIN", Object::Server, Some("d"), Some("a@%"));
        assert_eq!(grant, "GRANT BINLOG ADMIN ON *.* TO 'a'@'%'");
    }

    #[test]
    fn what_the_server_does_not_tell_is_left_to_fill_in() {
        assert_eq!(render("EVENT", Object::Database, None, None), "GRANT EVENT ON DATABASE.* TO ACCOUNT");
    }
}
