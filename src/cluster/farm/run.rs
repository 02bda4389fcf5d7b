//! Running work on a node that is well, and on another one when that fails.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::member::{Lent, Member, Taken};
use super::next::{Failure, Next, after_failure};
use super::pick::{Candidate, pick};
use super::standing::Standing;
use super::work::{RunError, Work};
use super::{Farm, Nodes};
use crate::cluster::Error;
use crate::{Place, backoff};

/// The first and the longest pause after a conflict.
const AFTER_CONFLICT: (Duration, Duration) = (Duration::from_millis(10), Duration::from_millis(500));
/// The first and the longest pause after all nodes were tried.
const AFTER_ALL: (Duration, Duration) = (Duration::from_millis(100), Duration::from_millis(500));

impl Farm {
    /// Runs work on a connection to the node that the policy picks, and again, there or elsewhere, when it failed in a way
    /// that this can mend and `work` says that it may be repeated.
    ///
    /// The connection is in UTC and in autocommit, its reads do not wait for other nodes, and each of its statements has a
    /// deadline. It is used again by others after this: what is changed in its session has to be changed back, or
    /// [`retire`](crate::cluster::Connection::retire)d. One that is in the middle of a transaction or of an answer is thrown away.
    ///
    /// Whoever drops the future loses that connection and nothing else.
    ///
    /// # Errors
    ///
    /// What the work returned. [`Error::NoUsableNode`] if no node let us in, [`Error::Deadline`] if the operation's time
    /// was over, [`Error::Closed`] after [`close`](Farm::close).
    #[track_caller]
    pub fn run<T, E, F, W>(&self, work: Work<'_>, op: F) -> impl Future<Output = Result<T, E>> + Send
    where
        T: Send,
        E: RunError + Send,
        F: FnMut(Lent) -> W + Send,
        W: Future<Output = Result<T, E>> + Send,
    {
        let place = Place::here();
        self.run_at(work, op, place)
    }

    async fn run_at<T, E, F, W>(&self, work: Work<'_>, mut op: F, place: Place) -> Result<T, E>
    where
        E: RunError,
        F: FnMut(Lent) -> W,
        W: Future<Output = Result<T, E>>,
    {
        let (began, operation) = (Instant::now(), self.options().deadlines.operation);
        let left = || operation.saturating_sub(began.elapsed());
        let (mut tried, mut turn): (Vec<String>, u32) = (Vec::new(), 0);
        let mut last: Option<E> = None;
        self.first_verdict(left()).await;
        loop {
            let mut taken = match self.take(work, &mut tried, left(), place).await {
                Ok(taken) => taken,
                Err(Untaken::Final(error)) => return Err(error.into()),
                Err(Untaken::Node(error)) => {
                    last.get_or_insert(error.into());
                    continue;
                }
                Err(Untaken::All { worth_waiting }) => {
                    let pause = backoff::jittered(backoff::doubled(AFTER_ALL.0, turn, AFTER_ALL.1));
                    if !worth_waiting || pause >= left() {
                        return Err(last.unwrap_or_else(|| self.no_usable_node(place).into()));
                    }
                    tokio::time::sleep(pause).await;
                    tried.clear();
                    turn += 1;
                    continue;
                }
            };
            match self.work_on(&mut taken, work, &mut op, (began, place)).await {
                Ok(value) => {
                    taken.succeeded();
                    taken.give_back();
                    return Ok(value);
                }
                Err((error, next)) => {
                    let member = Arc::clone(taken.member());
                    taken.give_back();
                    if next == Next::Return {
                        return Err(error);
                    }
                    tried.push(member.node.name().to_owned());
                    last = Some(error);
                }
            }
        }
    }

    /// Runs work on one connection, again and again while it only collides with others.
    async fn work_on<T, E, F, W>(
        &self,
        taken: &mut Taken,
        work: Work<'_>,
        op: &mut F,
        (began, place): (Instant, Place),
    ) -> Result<T, (E, Next)>
    where
        E: RunError,
        F: FnMut(Lent) -> W,
        W: Future<Output = Result<T, E>>,
    {
        let deadlines = self.options().deadlines;
        let member = Arc::clone(taken.member());
        let node = member.node.name();
        let over =
            || Error::Deadline { node: node.to_owned(), doing: "the operation", after: deadlines.operation, place };
        for turn in 0_u32.. {
            let left = deadlines.operation.saturating_sub(began.elapsed());
            let Some(mut lent) = taken.lend() else { break };
            lent.set_deadline(deadlines.statement.min(left));
            let answered = lent.answered();
            let outcome = tokio::time::timeout(left, op(lent)).await;
            let error = match outcome {
                Ok(Ok(value)) => return Ok(value),
                Ok(Err(error)) => error,
                Err(_) => {
                    taken.retire();
                    return Err((over().into(), Next::Return));
                }
            };
            let Some(cause) = error.as_cluster() else { return Err((error, Next::Return)) };
            // Whoever keeps the connection has done with it what we cannot know.
            let begun = taken.connection().is_none_or(|connection| connection.answered() != answered);
            let failure = Failure::of(cause, begun);
            if failure.is_of_the_node() {
                taken.retire();
                member.failed(cause);
            } else if begun {
                // What a transaction left behind is not known after an error.
                taken.retire();
            }
            let next = after_failure(failure, work.repeat);
            let pause = backoff::jittered(backoff::doubled(AFTER_CONFLICT.0, turn, AFTER_CONFLICT.1));
            if next != Next::Again || begun || began.elapsed() + pause >= deadlines.operation {
                return Err((error, if next == Next::Again && !begun { Next::Return } else { next }));
            }
            tokio::time::sleep(pause).await;
        }
        Err((over().into(), Next::Return))
    }

    /// Takes a connection to the first node that was not tried; a node that does not let us in was tried by that.
    async fn take(
        &self,
        work: Work<'_>,
        tried: &mut Vec<String>,
        left: Duration,
        place: Place,
    ) -> Result<Taken, Untaken> {
        let (members, outage) = self.order(work.affinity, place).map_err(Untaken::Final)?;
        if members.is_empty() {
            return Err(Untaken::Final(self.no_usable_node(place)));
        }
        let Some(member) = members.iter().find(|member| !tried.iter().any(|name| name == member.node.name())) else {
            let worth_waiting = outage < self.options().deadlines.operation;
            return Err(Untaken::All { worth_waiting });
        };
        match member.take(left).await {
            Ok(taken) => Ok(taken),
            Err(error) => {
                tried.push(member.node.name().to_owned());
                Err(Untaken::Node(error))
            }
        }
    }

    /// Returns the nodes in the order in which they are to be tried, and for how long none of them has been well.
    fn order(&self, affinity: Option<&str>, place: Place) -> Result<(Vec<Arc<Member>>, Duration), Error> {
        let now = Instant::now();
        let mut nodes = self.nodes_locked();
        if nodes.closed {
            return Err(Error::Closed { cluster: self.name().to_owned(), place });
        }
        let Nodes { members, current, outage, .. } = &mut *nodes;
        let candidates: Vec<Candidate> = members
            .iter()
            .map(|member| Candidate {
                name: member.node.name(),
                standing: member.standing(),
                latency: member.latency(),
            })
            .collect();
        let order = pick(self.options().policy, &candidates, current.as_deref(), affinity, now);
        match order.first().filter(|&&at| candidates[at].standing.is_well()) {
            Some(&first) => {
                if affinity.is_none() || self.options().policy != super::Policy::Affinity {
                    *current = Some(candidates[first].name.to_owned());
                }
                *outage = None;
            }
            None => *outage = outage.or(Some(now)),
        }
        let lasting = outage.map_or(Duration::ZERO, |since| now.saturating_duration_since(since));
        Ok((order.into_iter().map(|at| Arc::clone(&members[at])).collect(), lasting))
    }

    /// Waits until a node is known to be well or all are known, where nothing is known yet; at most as long as one
    /// connect may take.
    async fn first_verdict(&self, left: Duration) {
        let limit = self.options().deadlines.connect.min(left);
        let known = async {
            loop {
                let mut heard = std::pin::pin!(self.inner.heard.notified());
                // From here on nothing is missed.
                heard.as_mut().enable();
                let standings: Vec<Standing> = {
                    let nodes = self.nodes_locked();
                    nodes
                        .members
                        .iter()
                        .map(|member| {
                            member.watch();
                            member.standing()
                        })
                        .collect()
                };
                if standings.iter().any(Standing::is_well) || !standings.contains(&Standing::Unknown) {
                    return;
                }
                heard.await;
            }
        };
        // Without a verdict each node is looked at as it is connected to.
        let _ = tokio::time::timeout(limit, known).await;
    }

    fn no_usable_node(&self, place: Place) -> Error {
        let refusals = self.nodes_locked().members.iter().map(|member| member.refusal()).collect();
        Error::NoUsableNode { cluster: self.name().to_owned(), refusals, place }
    }
}

/// Why no connection was taken.
enum Untaken {
    /// There will be none.
    Final(Error),
    /// One node did not let us in.
    Node(Error),
    /// All were tried.
    All {
        /// Whether the trouble is so young that it may pass within an operation.
        worth_waiting: bool,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::farm::Options;

    fn is_send<T: Send>(_: T) {}

    #[test]
    fn work_that_borrows_what_is_around_it_can_be_run_from_a_task() {
        let farm = Farm::new("f", Options::default());
        is_send(async move {
            let id = String::from("x");
            let borrowed: Result<Option<i64>, Error> =
                farm.run(Work::safe(&id), async |mut c| c.first("asking", "SELECT ?", (&id,)).await).await;
            borrowed
        });
    }
}
