//! Gathering: everything is asked at once, each question with a deadline, and nothing is written.

mod rows;
mod server;

use std::time::Duration;

use crate::Place;
use crate::cluster::{self, Class, Clocks, Cluster, Refusal};
use crate::event;
use crate::health;
use crate::migrate::verify;
use crate::schema::Table;

use super::Keys;

pub(super) use rows::{Backlog, Data, Rows, Sampled, Statistics, Unread};
pub(super) use server::{Schema, Sight};

/// Everything that was seen.
pub(super) struct Seen {
    /// What each node says of its state.
    pub(super) health: Vec<health::Reading>,
    /// What each node says of the event; an error if none answers.
    pub(super) events: Result<Vec<event::Sight>, cluster::Error>,
    /// What the event's runs have left in the lease's row, and what this account may do.
    pub(super) standing: event::Standing,
    /// What each node that let us in says of itself.
    pub(super) servers: Vec<Sight>,
    /// The tables as each node has them; none if no node answers.
    pub(super) schemas: Vec<verify::Sight>,
    /// What a usable node says of the rows.
    pub(super) rows: Result<Rows, cluster::Error>,
}

impl Seen {
    /// Returns the clocks of the nodes that told the time.
    pub(super) fn clocks(&self) -> Clocks {
        let clock = |reading: &health::Reading| match &reading.outcome {
            health::Outcome::Answered(taken) => Some((reading.node.clone(), taken.clock?)),
            health::Outcome::Refused(_) | health::Outcome::Silent(_) => None,
        };
        Clocks { known: self.health.iter().filter_map(clock).collect(), ..Clocks::default() }
    }

    /// Returns whether every node refused the account or the address itself, so that waiting would not help.
    pub(super) fn refused(&self) -> bool {
        matches!(&self.rows, Err(error @ cluster::Error::NoUsableNode { .. }) if error.class() == Class::Config)
    }
}

/// Looks at everything.
pub(super) async fn look(cluster: &Cluster, table: &Table, keys: Option<&Keys>) -> Seen {
    let name = event::Name::of(table);
    let (health, events, standing, servers, schemas, rows) = tokio::join!(
        health::probe(cluster),
        event::inspect(cluster, &name, table),
        standing(cluster, table),
        server::look(cluster, table),
        verify::look(cluster, table),
        rows::look(cluster, table, keys),
    );
    // Why a node does not answer is told by those who look at it.
    let schemas = schemas.unwrap_or_default();
    Seen { health, events, standing, servers, schemas, rows }
}

/// Reads what the event's runs have left; where somebody holds the table, nobody answers, and nothing is known.
async fn standing(cluster: &Cluster, table: &Table) -> event::Standing {
    let after = limit(cluster.deadline());
    let asked = tokio::time::timeout(after, event::standing(cluster, table)).await;
    asked.unwrap_or_else(|_| {
        let (node, place) = (String::new(), Place::here());
        let reason = format!("no answer within {}", humantime::format_duration(after));
        let record =
            event::Record::Unknown(Refusal { node, reason, code: None, obstacle: None, class: Class::Node, place });
        event::Standing { record, now: None, account: String::new(), lacking: Vec::new() }
    })
}

/// How long a look at a whole node may take: its connect, and answers that each take no longer than the deadline, of
/// which one may have to wait for another node.
fn limit(deadline: Duration) -> Duration {
    deadline.saturating_mul(3)
}
