//! The health task of one node.

use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use super::member::Member;
use crate::backoff;
use crate::cluster::{Connection, Error, Vitals};

/// Looks at a node over and over, until the node is taken out of its farm or the farm is gone.
pub(super) async fn watch(member: Weak<Member>) {
    let Some(mut gone) = member.upgrade().map(|member| member.gone.subscribe()) else { return };
    let mut own: Option<Connection> = None;
    loop {
        let Some(this) = member.upgrade() else { break };
        let begun = Instant::now();
        let found = probe(&this, &mut own).await;
        this.probed(begun, found);
        this.close_idle(false).await;
        let pause = backoff::jittered(this.options.probe_every * 5 / 4);
        // The task does not keep alive what it watches.
        let looked = {
            let this = Arc::clone(&this);
            async move { this.look.notified().await }
        };
        drop(this);
        tokio::select! {
            _ = gone.changed() => break,
            () = tokio::time::sleep(pause) => {}
            () = looked => {}
        }
    }
    if let Some(own) = own {
        own.close().await;
    }
}

/// Asks the node how it is, on a connection that is kept for that as long as it holds.
async fn probe(member: &Member, own: &mut Option<Connection>) -> Result<(Vitals, Duration), Error> {
    let mut connection = match own.take() {
        Some(connection) => connection,
        None => member.node.connect(member.options.deadlines.connect).await?,
    };
    match ask(&mut connection).await {
        Ok(found) => {
            *own = Some(connection);
            Ok(found)
        }
        Err(error) => {
            connection.abandon(());
            Err(error)
        }
    }
}

async fn ask(connection: &mut Connection) -> Result<(Vitals, Duration), Error> {
    let vitals = Vitals::read(connection).await?;
    let latency = connection.round_trip().await?;
    Ok((vitals, latency))
}
