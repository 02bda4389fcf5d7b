//! Whether rows may be changed: by this account, and without hurting the cluster.

use super::error::Error;
use crate::Place;
use crate::cluster::{self, Cluster, Connection, Kind, On, Usable, Vitals};
use crate::grant::needs::{self, Right};
use crate::grant::{self, Lacking};
use crate::schema::{self, Table};

/// Looks whether sessions can be deleted: the account may, and the cluster can bear it.
///
/// # Errors
///
/// [`Error::Denied`] with the GRANT that helps; [`Error::NoKey`] if the table has no key and the server is a node of a Galera
/// cluster, where each row costs every other node a scan of the whole table, or a member of a group, which refuses to change
/// rows of such a table; [`Error::Cluster`].
pub async fn deletable(place: (&Cluster, &Table), on: &On) -> Result<(), Error> {
    changed_by("DELETE FROM", needs::DELETE, place, on).await
}

/// Looks whether sessions can be signed anew, as [`deletable`] does for deleting.
///
/// # Errors
///
/// As [`deletable`].
pub async fn changeable(place: (&Cluster, &Table), on: &On) -> Result<(), Error> {
    changed_by("UPDATE", needs::UPDATE, place, on).await
}

/// Turns an error for want of a right into one with the GRANT that helps; any other stays what it is.
///
/// The account is asked for over a connection of its own: that of the statement may be in somebody else's hands.
pub(super) async fn refused((cluster, table): (&Cluster, &Table), rights: &[Right], source: cluster::Error) -> Error {
    if !grant::is_lacking(&source) {
        return source.into();
    }
    let Some(node) = source.node().and_then(|name| cluster.node(name).ok()) else { return source.into() };
    let Ok(mut connection) = node.connect(cluster.deadline()).await else { return source.into() };
    let grant = grant::statements(&mut connection, rights, table).await;
    connection.close().await;
    Error::Denied { node: node.name().to_owned(), grant, source, place: Place::here() }
}

async fn changed_by(verb: &str, rights: &[Right], (cluster, table): (&Cluster, &Table), on: &On) -> Result<(), Error> {
    let Usable { mut connection, vitals, .. } = cluster.usable(on).await?;
    let looked = look(&mut connection, &vitals, table, (verb, rights)).await;
    connection.close().await;
    looked
}

async fn look(
    connection: &mut Connection,
    vitals: &Vitals,
    table: &Table,
    (verb, rights): (&str, &[Right]),
) -> Result<(), Error> {
    let node = connection.node().to_owned();
    let set = if verb == "UPDATE" { " SET data = data, modify_at = modify_at" } else { "" };
    let statement = format!("{verb} {}{set}", table.quoted());
    if let Some(Lacking { grant, source }) = grant::lacks(connection, table, (&statement, rights)).await? {
        return Err(Error::Denied { node, grant, source, place: Place::here() });
    }
    let indexes = schema::indexes(connection, table).await?;
    let kind = vitals.kind();
    let scanned = kind == Kind::Galera && !indexes.iter().any(|index| index.finds("id"));
    if !indexes.iter().any(schema::Index::tells_rows_apart) && (scanned || kind.refuses_keyless_rows()) {
        return Err(Error::NoKey { table: table.clone(), node, kind, place: Place::here() });
    }
    Ok(())
}
