//! Waiting for a statement that may rightly take long, with an eye on its node.

use std::future::Future;
use std::time::Duration;

use crate::Place;
use crate::cluster::{Cluster, DriverError, Error, Vitals};

/// How long a statement may be without an answer before its node is looked at on a second connection.
const LOOK_AFTER: Duration = Duration::from_secs(10);

/// Waits for a statement for as long as its node is fit for work.
///
/// A statement may rightly wait long, for flow control or a busy disk. But the connection of a machine that hangs or is
/// cut off stays silent too, for as long as the system's TCP allows.
pub(crate) async fn watched<T, E: From<Error>>(
    cluster: &Cluster,
    node: &str,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    let mut work = std::pin::pin!(work);
    loop {
        match tokio::time::timeout(LOOK_AFTER, &mut work).await {
            Ok(outcome) => return outcome,
            Err(_) => look(cluster, node).await?,
        }
    }
}

async fn look(cluster: &Cluster, node: &str) -> Result<(), Error> {
    let mut connection = cluster.node(node)?.connect(cluster.deadline()).await?;
    let vitals = Vitals::read(&mut connection).await?;
    connection.close().await;
    let Some(objection) = vitals.objection() else { return Ok(()) };
    let message = format!("the node went out of service meanwhile: {objection}");
    Err(Error::Statement {
        node: node.to_owned(),
        doing: "waiting for a statement",
        source: DriverError::Broken { message },
        place: Place::here(),
    })
}
