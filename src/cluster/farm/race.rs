//! The race: connections to several nodes, one begun after another, of which the first one counts.

use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{FuturesUnordered, StreamExt};

use super::member::Member;
use super::pool::{Late, Taken};
use crate::cluster::Refusal;

/// Opens a connection to the first node, and to the next one each time that so long has passed or one has said no; the
/// first that is there is taken.
///
/// The others come to their end by themselves and are closed: broken off in the middle, each would be an aborted one to
/// its server.
pub(super) async fn race(contestants: Vec<Arc<Member>>, apart: Duration) -> Result<Taken, Vec<Refusal>> {
    let (mut waiting, mut running) = (contestants.into_iter().peekable(), FuturesUnordered::new());
    let mut refusals = Vec::new();
    loop {
        match waiting.next() {
            Some(member) => running.push(async move { member.open_another(Late::Close).await }),
            None if running.is_empty() => return Err(refusals),
            None => {}
        }
        let turn = async {
            match waiting.peek() {
                // A timer would let a node that is quick win before the next one was begun.
                Some(_) if apart.is_zero() => {}
                Some(_) => tokio::time::sleep(apart).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            Some(outcome) = running.next() => match outcome {
                Ok(taken) => return Ok(taken),
                Err(refusal) => refusals.push(refusal),
            },
            () = turn => {}
        }
    }
}
