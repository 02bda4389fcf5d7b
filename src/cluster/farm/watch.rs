//! The health task of one node.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::member::{Look, Member};
use super::standing::{LONGEST_BAN, SHORTEST_BAN, Standing};
use crate::backoff;
use crate::cluster::current::catch_up;
use crate::cluster::{Connection, Error, Refusal, Vitals, Wait};

/// How many round trips are measured at a time, of which the shortest counts: the others tell how busy this machine is.
const ROUND_TRIPS: u32 = 3;

/// Looks at a node over and over, until it belongs to the farm no more.
///
/// A look is never broken off in the middle: its connection would count as aborted on the server.
pub(super) async fn watch(member: Arc<Member>) {
    let (mut going, options) = (member.going(), Arc::clone(&member.options));
    let mut own: Option<Connection> = None;
    while !member.is_gone() {
        let begun = Instant::now();
        let found = look(&member, &mut own).await;
        let is_final = found.as_ref().is_err_and(|error| Refusal::new(member.name(), error).is_final());
        let is_good = member.looked(Look { begun, found });
        member.pool.close_idle(options.idle).await;
        // Where a ban was too young to be ended by this look, the next one can.
        let soon = is_good && !member.standing().is_well();
        let pause = if soon {
            options.probe_every.min(SHORTEST_BAN)
        } else if is_final {
            // It would be refused again and again, and each time its server would say so in its log.
            options.probe_every.max(LONGEST_BAN)
        } else {
            options.probe_every
        };
        tokio::select! {
            _ = going.changed() => {}
            () = tokio::time::sleep(backoff::jittered(pause)) => {}
            () = member.look.notified() => {}
        }
    }
    if let Some(own) = own {
        own.close().await;
    }
}

/// Asks the node how it is, on a connection that is kept for that as long as it holds.
async fn look(member: &Member, own: &mut Option<Connection>) -> Result<(Vitals, Option<Duration>), Error> {
    if let Some(kept) = own.take() {
        match on(kept, own, member.standing()).await {
            // What is broken proves nothing: the node may have been restarted, and be well.
            Err(error) if error.is_broken() => {}
            told => return told,
        }
    }
    on(member.node.connect(member.options.deadlines.connect).await?, own, member.standing()).await
}

async fn on(
    mut connection: Connection,
    own: &mut Option<Connection>,
    standing: Standing,
) -> Result<(Vitals, Option<Duration>), Error> {
    let doubt = if matches!(standing, Standing::Banned { .. }) { Doubt::Proof } else { Doubt::Word };
    match ask(&mut connection, doubt).await {
        Ok((vitals, latency)) => {
            *own = Some(connection);
            Ok((vitals, Some(latency)))
        }
        Err(error) => {
            connection.abandon(());
            Err(error)
        }
    }
}

/// How far a node is believed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Doubt {
    /// Its word is taken.
    Word,
    /// It has to show that it hears the others.
    Proof,
}

async fn ask(connection: &mut Connection, doubt: Doubt) -> Result<(Vitals, Duration), Error> {
    let vitals = Vitals::read(connection).await?;
    // One that hung says for a moment what it believed before, and would hand out what was true then.
    if doubt == Doubt::Proof
        && vitals.objection().is_none()
        && let Some(statements) = vitals.kind().wait(Wait::Reads).zip(vitals.kind().wait(Wait::Nothing))
    {
        catch_up(connection, statements).await?;
    }
    let mut latency = connection.round_trip().await?;
    for _ in 1..ROUND_TRIPS {
        latency = latency.min(connection.round_trip().await?);
    }
    Ok((vitals, latency))
}
