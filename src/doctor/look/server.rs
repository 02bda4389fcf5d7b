//! What one node says of itself: variables, zone, account, encryption, and the schema as it has it.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::join_all;

use super::limit;
use crate::Place;
use crate::cluster::{Address, Cluster, Dsn, Error, Kind, Node, Vitals};
use crate::migrate::{self, Depth, Inspected};
use crate::schema::Table;

/// One node, and what was seen there, or why nothing was.
pub(in super::super) struct Sight {
    pub(in super::super) node: String,
    /// How it is reached.
    pub(in super::super) dsn: Dsn,
    pub(in super::super) seen: Result<Server, Error>,
}

/// What a node says of itself.
pub(in super::super) struct Server {
    /// Its global variables by lower-case name: those in [`VARIABLES`] that it has.
    pub(in super::super) variables: BTreeMap<String, String>,
    /// How many minutes its own time is ahead of UTC; `None` if it cannot tell.
    pub(in super::super) zone_offset_min: Option<i64>,
    /// The account as the server names it: `user@host`.
    pub(in super::super) account: String,
    /// The database of the DSN, if it names one.
    pub(in super::super) database: Option<String>,
    /// The account's grants, as the server writes them.
    pub(in super::super) grants: Vec<String>,
    /// Whether this connection is encrypted.
    pub(in super::super) encrypted: bool,
    /// The schema.
    pub(in super::super) schema: Schema,
}

/// The schema as one node has it.
pub(in super::super) enum Schema {
    /// As `migrate` reads it.
    Read(Box<Inspected>),
    /// It could not be read.
    Failed(migrate::Error),
    /// The node is not one of a primary component, or takes no work: nothing is asked there.
    NotAsked,
}

/// What decides about limits and zones.
const VARIABLES: &[&str] = &[
    "version",
    "time_zone",
    "system_time_zone",
    "max_allowed_packet",
    "wsrep_on",
    "wsrep_max_ws_rows",
    "wsrep_max_ws_size",
    "wsrep_retry_autocommit",
    "wsrep_osu_method",
    "group_replication_transaction_size_limit",
];

pub(super) async fn look(cluster: &Cluster, table: &Table) -> Vec<Sight> {
    let deadline = cluster.deadline();
    join_all(cluster.nodes().iter().map(|node| async move {
        let asked = tokio::time::timeout(limit(deadline), ask(node, table, deadline)).await;
        let seen = asked.unwrap_or_else(|_| {
            let (node, after) = (node.name().to_owned(), limit(deadline));
            Err(Error::Deadline { node, doing: "looking at the server", after, place: Place::here() })
        });
        Sight { node: node.name().to_owned(), dsn: node.dsn().clone(), seen }
    }))
    .await
}

async fn ask(node: &Node, table: &Table, deadline: Duration) -> Result<Server, Error> {
    let mut connection = node.connect(deadline).await?;
    let vitals = Vitals::read(&mut connection).await?;
    let listed: Vec<String> = VARIABLES.iter().map(|name| format!("'{name}'")).collect();
    let sql = format!("SHOW GLOBAL VARIABLES WHERE LOWER(Variable_name) IN ({})", listed.join(","));
    let variables: Vec<(String, String)> = connection.rows("reading the server's limits", &sql, ()).await?;
    let cipher: Option<(String, String)> =
        connection.first("asking whether this is encrypted", "SHOW SESSION STATUS LIKE 'Ssl_cipher'", ()).await?;
    let mut server = Server {
        variables: variables.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect(),
        zone_offset_min: None,
        account: String::new(),
        database: None,
        grants: Vec::new(),
        encrypted: cipher.is_some_and(|(_, cipher)| !cipher.is_empty()),
        schema: Schema::NotAsked,
    };
    // A node outside the primary component answers nothing but SHOW, and each refusal would look like a fault of its own.
    if vitals.objection().is_some_and(|_| vitals.kind() == Kind::Galera) {
        connection.close().await;
        return Ok(server);
    }
    let told: Option<(Option<String>, Option<String>, Option<i64>)> = connection
        .first(
            "asking for the account and the zone",
            "SELECT CURRENT_USER(), DATABASE(), \
             TIMESTAMPDIFF(MINUTE, UTC_TIMESTAMP(), CONVERT_TZ(UTC_TIMESTAMP(), '+00:00', @@GLOBAL.time_zone))",
            (),
        )
        .await?;
    let (account, database, offset) = told.unwrap_or_default();
    (server.account, server.database, server.zone_offset_min) = (account.unwrap_or_default(), database, offset);
    server.grants = connection.rows("asking what the account may do", "SHOW GRANTS", ()).await?;
    // Where it does not catch up, what it says is a moment old: while the cluster decides about a node that it lost, no
    // causal read is answered.
    let (mut connection, _stale) = node.caught_up(connection, vitals.kind(), deadline).await?;
    server.schema = match migrate::inspect(&mut connection, vitals.kind(), table, Depth::Schema).await {
        Ok(inspected) => Schema::Read(Box::new(inspected)),
        Err(error) => Schema::Failed(error),
    };
    connection.close().await;
    Ok(server)
}

impl Sight {
    /// Returns the host, unless the node is on this machine.
    pub(in super::super) fn remote_host(&self) -> Option<&str> {
        match &self.dsn.address {
            Address::Unix(_) => None,
            Address::Tcp { host, .. } if host.eq_ignore_ascii_case("localhost") => None,
            Address::Tcp { host, .. } => match host.parse::<std::net::IpAddr>() {
                Ok(address) if address.is_loopback() => None,
                _ => Some(host),
            },
        }
    }
}
