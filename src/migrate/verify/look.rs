//! Asking every node at once for the three tables and the history.

use std::time::Duration;

use futures_util::future::join_all;

use super::normal::{self, Raw};
use super::shape::Shape;
use crate::Place;
use crate::cluster::{Class, Cluster, Connection, Current, Error, Node, Refusal, Row};
use crate::grant::{self, needs};
use crate::lease::{self, Holder, Name};
use crate::schema::{self, LEASE_TABLE, MIGRATIONS_TABLE, Table};

/// One node, and what was seen there or why nothing was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sight {
    /// The node's name.
    pub node: String,
    /// What is there.
    pub seen: Result<Seen, Refusal>,
}

/// What a node that answered has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The database that its DSN names.
    pub database: String,
    /// The session table.
    pub session: View,
    /// The table of the history.
    pub history_table: View,
    /// The table of leases.
    pub leases: View,
    /// The history of the session table, by version; none if its table is missing or of another form.
    pub history: Vec<HistoryRow>,
    /// Who migrates at this moment.
    pub holder: Option<Holder>,
    /// Why all this may be a moment old, if the node could not catch up with the others first.
    pub stale: Option<String>,
}

/// A table, as far as the account can see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum View {
    /// It is there.
    There(Shape),
    /// There is none.
    Missing,
    /// The account may not look.
    Denied {
        /// The statement that gives it the right.
        grant: String,
    },
}

/// A row of the history, with whatever stands in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryRow {
    /// The migration's version.
    pub version: u32,
    /// Its name.
    pub name: String,
    /// The checksum of the text that was applied.
    pub checksum: String,
    /// How far it got, in the row's own word.
    pub state: String,
}

/// Asks every node for the session table, our own tables and the history. Writes nothing.
///
/// A node that is down or hangs is a [`Refusal`] in its place, and costs the cluster's deadline once.
///
/// # Errors
///
/// [`Error::NoUsableNode`] with every node's reason if none answers.
pub async fn look(cluster: &Cluster, table: &Table) -> Result<Vec<Sight>, Error> {
    let deadline = cluster.deadline();
    let sights = join_all(cluster.nodes().iter().map(|node| async move {
        let seen = look_at(node, table, deadline).await;
        Sight { node: node.name().to_owned(), seen }
    }))
    .await;
    if sights.iter().any(|sight| sight.seen.is_ok()) {
        return Ok(sights);
    }
    let refusals = sights.into_iter().filter_map(|sight| sight.seen.err()).collect();
    Err(Error::NoUsableNode { cluster: cluster.name().to_owned(), refusals, place: Place::here() })
}

async fn look_at(node: &Node, table: &Table, deadline: Duration) -> Result<Seen, Refusal> {
    let refusal = |error: &Error| Refusal::new(node.name(), error);
    let Current { mut connection, vitals, stale } = node.connect_current(deadline).await.map_err(|e| refusal(&e))?;
    let seen = read(&mut connection, table, deadline).await;
    connection.close().await;
    match seen {
        Ok(Some(seen)) => Ok(Seen { stale, ..seen }),
        Ok(None) => Err(Refusal {
            node: node.name().to_owned(),
            reason: "its DSN names no database".into(),
            code: None,
            obstacle: None,
            class: Class::Config,
            place: Place::here(),
        }),
        // A node that is cut off answers 1047 to all of this; its own word for why says more.
        Err(error) => Err(match vitals.objection() {
            Some(reason) => Refusal { reason, ..refusal(&error) },
            None => refusal(&error),
        }),
    }
}

async fn read(connection: &mut Connection, table: &Table, deadline: Duration) -> Result<Option<Seen>, Error> {
    let database: Option<Option<String>> = connection.first("asking for the database", "SELECT DATABASE()", ()).await?;
    let Some(database) = database.flatten() else { return Ok(None) };
    // The history before the table: seen the other way round, a migration that ends in between would look as if it were
    // recorded and not done.
    let history_table = view(connection, &Table::known(MIGRATIONS_TABLE), deadline).await?;
    let history = match history_table {
        View::There(_) => history(connection, table).await?,
        View::Missing | View::Denied { .. } => Vec::new(),
    };
    let leases = view(connection, &Table::known(LEASE_TABLE), deadline).await?;
    let holder = match leases {
        // Whoever it may be: a table of another form tells nobody.
        View::There(_) => lease::holder(connection, table, Name::Migrate).await.ok().flatten(),
        View::Missing | View::Denied { .. } => None,
    };
    let session = view(connection, table, deadline).await?;
    Ok(Some(Seen { database, session, history_table, leases, history, holder, stale: None }))
}

/// Looks at a table. What `information_schema` does not list may be missing or not to be seen, and of a table on which
/// the account has a right to some columns it lists those alone; a SELECT of all columns tells.
async fn view(connection: &mut Connection, table: &Table, deadline: Duration) -> Result<View, Error> {
    let sql = format!("SELECT * FROM {} LIMIT 0", table.quoted());
    match connection.rows::<Row>("looking for a table", &sql, ()).await {
        Ok(_) => {}
        Err(error) if error.code() == Some(1146) => return Ok(View::Missing),
        Err(error) if grant::is_lacking(&error) => {
            let grant = grant::statements(connection, needs::LOOK, table).await;
            return Ok(View::Denied { grant });
        }
        Err(error) => return Err(error),
    }
    type About = (String, Option<String>, Option<String>);
    let about: Option<About> = connection
        .first(
            "looking at a table",
            "SELECT TABLE_TYPE, ENGINE, CREATE_OPTIONS FROM information_schema.TABLES \
             WHERE TABLE_SCHEMA=DATABASE() AND TABLE_NAME=?",
            (table.name(),),
        )
        .await?;
    let Some((kind, engine, options)) = about else { return Ok(View::Missing) };
    let partitioned = options.is_some_and(|options| options.contains("partitioned"));
    let columns = columns(connection, table).await?;
    let doing = "reading the table's indexes";
    let indexes = match tokio::time::timeout(deadline, schema::indexes(connection, table)).await {
        Ok(indexes) => indexes?,
        Err(_) => {
            let (node, place) = (connection.node().to_owned(), Place::here());
            return Err(Error::Deadline { node, doing, after: deadline, place });
        }
    };
    Ok(View::There(Shape { kind, engine, partitioned, columns, indexes }))
}

async fn columns(connection: &mut Connection, table: &Table) -> Result<Vec<super::shape::Column>, Error> {
    type Columns = (String, String, String, Option<String>, Option<String>, Option<String>, Option<String>);
    let rows: Vec<Columns> = connection
        .rows(
            "reading the table's columns",
            "SELECT COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLUMN_DEFAULT, EXTRA, CHARACTER_SET_NAME, COLLATION_NAME \
             FROM information_schema.COLUMNS WHERE TABLE_SCHEMA=DATABASE() AND TABLE_NAME=? ORDER BY ORDINAL_POSITION",
            (table.name(),),
        )
        .await?;
    let each = |(name, column_type, nullable, default, extra, charset, collation): Columns| {
        let extra = extra.unwrap_or_default();
        normal::column(Raw { name, column_type, nullable, default, extra, charset, collation })
    };
    Ok(rows.into_iter().map(each).collect())
}

async fn history(connection: &mut Connection, table: &Table) -> Result<Vec<HistoryRow>, Error> {
    let sql = format!(
        "SELECT version, name, checksum, state FROM `{MIGRATIONS_TABLE}` WHERE session_table=? ORDER BY version LIMIT 1000"
    );
    match connection.rows("reading the history", &sql, (table.name(),)).await {
        Ok(rows) => Ok(rows
            .into_iter()
            .map(|(version, name, checksum, state)| HistoryRow { version, name, checksum, state })
            .collect()),
        // 1054: it lacks a column, which the comparison of the table says.
        Err(error) if error.code() == Some(1054) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}
