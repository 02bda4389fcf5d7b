//! Running work on a node that is well, and on another one when that fails.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::stream::{FuturesUnordered, StreamExt};

use super::member::Member;
use super::next::{Failure, Next, after_failure};
use super::options::Policy;
use super::pick::{Candidate, pick};
use super::pool::{Lent, Permit, Taken};
use super::race::race;
use super::standing::Standing;
use super::work::{RunError, Work};
use super::{Farm, Nodes};
use crate::cluster::{Class, Error, Refusal};
use crate::{Place, backoff};

/// The first and the longest pause after a conflict.
const AFTER_CONFLICT: (Duration, Duration) = (Duration::from_millis(10), Duration::from_millis(500));
/// The first and the longest pause after all nodes were tried.
const AFTER_ALL: (Duration, Duration) = (Duration::from_millis(100), Duration::from_millis(500));
/// So long a connection to the node of the policy's choice is waited for while others are well: a burst of requests that
/// take some milliseconds each is over by then, and nobody notices the wait.
const BURST: Duration = Duration::from_millis(100);

impl Farm {
    /// Runs work on a connection to the node that the policy picks, and again, there or elsewhere, when it failed in a way
    /// that this can mend and `work` says that it may be repeated.
    ///
    /// The connection is in UTC and in autocommit, its reads do not wait for other nodes, and each of its statements has a
    /// deadline. Others use it after this: what is changed in its session has to be changed back, or the connection
    /// [`retire`](crate::cluster::Connection::retire)d. One that is in the middle of a transaction or of an answer is
    /// thrown away.
    ///
    /// While no node is well it goes on trying until the operation's time is over; in an outage that is older than that, each
    /// node is tried once. Whoever drops the future loses that one connection and nothing else.
    ///
    /// # Errors
    ///
    /// What the work returned. [`Error::NoUsableNode`] if no node let us in, [`Error::Deadline`] if the operation's time
    /// was over, [`Error::Closed`] after [`close`](Farm::close).
    #[track_caller]
    pub fn run<'a, T, E, F, W>(&'a self, work: Work<'a>, op: F) -> impl Future<Output = Result<T, E>> + Send + 'a
    where
        T: Send + 'a,
        E: RunError + Send + 'a,
        F: FnMut(Lent) -> W + Send + 'a,
        W: Future<Output = Result<T, E>> + Send + 'a,
    {
        let (began, place) = (Instant::now(), Place::here());
        Run { farm: self, work, began, place, tried: Vec::new(), refusals: Vec::new() }.go(op)
    }

    /// Returns the nodes in the order in which they are to be tried, and for how long none of them has been well.
    fn order(&self, work: Work<'_>, place: Place) -> Result<(Vec<Arc<Member>>, Duration), Error> {
        let (now, policy) = (Instant::now(), self.options().policy);
        let mut nodes = self.nodes_locked();
        if nodes.closed {
            return Err(Error::Closed { cluster: self.name().to_owned(), place });
        }
        let Nodes { members, current, outage, .. } = &mut *nodes;
        let candidates: Vec<Candidate> = members
            .iter()
            .map(|member| Candidate { name: member.name(), standing: member.standing(), latency: member.latency() })
            .collect();
        let order = pick(policy, &candidates, current.as_deref(), work.affinity, now);
        match order.first().map(|&at| &candidates[at]).filter(|first| first.standing.is_well()) {
            Some(first) => {
                let by_affinity = policy == Policy::Affinity && work.affinity.is_some();
                if !by_affinity && current.as_deref() != Some(first.name) {
                    tracing::debug!(farm = self.name(), node = first.name, "the work goes to this node now");
                    *current = Some(first.name.to_owned());
                }
                *outage = None;
            }
            None => *outage = outage.or(Some(now)),
        }
        let lasting = outage.map_or(Duration::ZERO, |since| now.saturating_duration_since(since));
        Ok((order.into_iter().map(|at| Arc::clone(&members[at])).collect(), lasting))
    }

    /// Waits until a node is known to be well or all are known, where nothing is known yet; at most as long as one
    /// connect may take. After that each node is looked at as it is connected to.
    async fn first_verdict(&self) {
        let known = async {
            loop {
                let mut heard = std::pin::pin!(self.inner.heard.notified());
                // From here on nothing is missed.
                heard.as_mut().enable();
                let standings: Vec<Standing> = {
                    let nodes = self.nodes_locked();
                    nodes.members.iter().for_each(Member::watch);
                    nodes.members.iter().map(|member| member.standing()).collect()
                };
                if standings.iter().any(Standing::is_well) || !standings.contains(&Standing::Unknown) {
                    return;
                }
                heard.await;
            }
        };
        let deadlines = self.options().deadlines;
        let _ = tokio::time::timeout(deadlines.connect.min(deadlines.operation), known).await;
    }
}

/// One piece of work on its way.
struct Run<'a> {
    farm: &'a Farm,
    work: Work<'a>,
    began: Instant,
    place: Place,
    /// The nodes that were tried since the last pause.
    tried: Vec<String>,
    /// Why nodes let us not in, the newest of each.
    refusals: Vec<Refusal>,
}

/// Why no connection was taken.
enum Untaken {
    /// There will be none.
    Final(Error),
    /// Some nodes did not let us in.
    Some,
    /// All were tried; for so long none has been well.
    All(Duration),
}

/// Why there is no place for a connection.
enum Full {
    /// A node has gone while it was waited for.
    Refused(Refusal),
    /// The operation's time is over.
    Late(Error),
}

impl Run<'_> {
    fn left(&self) -> Duration {
        self.farm.options().deadlines.operation.saturating_sub(self.began.elapsed())
    }

    async fn go<T, E, F, W>(mut self, mut op: F) -> Result<T, E>
    where
        E: RunError,
        F: FnMut(Lent) -> W,
        W: Future<Output = Result<T, E>>,
    {
        let mut failed: Option<E> = None;
        let (mut turn, mut conflicts) = (0, 0);
        self.farm.first_verdict().await;
        loop {
            let mut taken = match self.take().await {
                Ok(taken) => taken,
                Err(Untaken::Final(error)) => return Err(failed.unwrap_or_else(|| error.into())),
                Err(Untaken::Some) => continue,
                Err(Untaken::All(outage)) => {
                    let pause = backoff::jittered(backoff::doubled(AFTER_ALL.0, turn, AFTER_ALL.1));
                    let old = outage >= self.farm.options().deadlines.operation;
                    // Waiting mends no account and no certificate.
                    let hopeless = failed.is_none() && self.refusals.iter().all(Refusal::is_final);
                    if old || hopeless || pause >= self.left() {
                        return Err(failed.unwrap_or_else(|| self.no_usable_node().into()));
                    }
                    tokio::time::sleep(pause).await;
                    self.tried.clear();
                    turn += 1;
                    continue;
                }
            };
            let outcome = self.work_on(&mut taken, &mut op).await;
            let member = Arc::clone(taken.member());
            taken.give_back();
            match outcome {
                Ok(value) => {
                    member.succeeded();
                    return Ok(value);
                }
                Err((error, Next::Elsewhere)) => {
                    self.tried.push(member.name().to_owned());
                    failed = Some(error);
                }
                Err((error, Next::Again)) => {
                    let pause = backoff::jittered(backoff::doubled(AFTER_CONFLICT.0, conflicts, AFTER_CONFLICT.1));
                    if pause >= self.left() {
                        return Err(error);
                    }
                    tokio::time::sleep(pause).await;
                    conflicts += 1;
                    failed = Some(error);
                }
                Err((error, Next::Return)) => return Err(error),
            }
        }
    }

    /// Runs work on one connection.
    async fn work_on<T, E, F, W>(&self, taken: &mut Taken, op: &mut F) -> Result<T, (E, Next)>
    where
        E: RunError,
        F: FnMut(Lent) -> W,
        W: Future<Output = Result<T, E>>,
    {
        let left = self.left();
        let Some(mut lent) = taken.lend() else { return Err((self.over(taken).into(), Next::Return)) };
        lent.set_deadline(self.farm.options().deadlines.statement.min(left));
        let answered = lent.answered();
        let Ok(outcome) = tokio::time::timeout(left, op(lent)).await else {
            taken.retire();
            return Err((self.over(taken).into(), Next::Return));
        };
        let error = match outcome {
            Ok(value) => return Ok(value),
            Err(error) => error,
        };
        // Whoever keeps the connection has done with it what we cannot know.
        let begun = taken.connection().is_none_or(|connection| connection.answered() != answered);
        let waits = taken.connection().is_some_and(|connection| connection.is_waiting());
        let Some(cause) = error.as_cluster() else { return Err((error, Next::Return)) };
        let failure = Failure { class: cause.class(), code: cause.code(), begun, waits };
        // Work may have other connections than this one, and fail on those.
        if failure.is_of_the_node() && cause.node() == Some(taken.member().name()) {
            taken.retire();
            if is_its_own(cause, waits) {
                taken.member().failed(cause);
            }
        }
        Err((error, after_failure(failure, self.work.repeat)))
    }

    /// Takes a connection to the first node that was not tried, or to another one that is well where that one has none
    /// free; a node that does not let us in was tried by that.
    async fn take(&mut self) -> Result<Taken, Untaken> {
        let (mut members, outage) = self.farm.order(self.work, self.place).map_err(Untaken::Final)?;
        if members.is_empty() || self.left().is_zero() {
            return Err(Untaken::Final(self.no_usable_node()));
        }
        members.retain(|member| !self.tried.iter().any(|name| name == member.name()));
        if members.is_empty() {
            return Err(Untaken::All(outage));
        }
        if let Policy::Race { apart } = self.farm.options().policy {
            return self.race(members, apart).await;
        }
        let (member, permit) = match self.free_place(&members).await {
            Ok(free) => free,
            Err(Full::Refused(refusal)) => {
                self.refused(refusal);
                return Err(Untaken::Some);
            }
            Err(Full::Late(error)) => return Err(Untaken::Final(error)),
        };
        // A connect that nobody waits for any more comes to its end by itself.
        match tokio::time::timeout(self.left(), member.take(permit)).await {
            Ok(Ok(taken)) => Ok(taken),
            Ok(Err(refusal)) => {
                self.refused(refusal);
                Err(Untaken::Some)
            }
            Err(_) => Err(Untaken::Final(self.no_usable_node())),
        }
    }

    /// Waits for a place for a connection: to the first node alone for as long as a burst may last, then to whichever has
    /// one first of those that are well.
    async fn free_place(&self, members: &[Arc<Member>]) -> Result<(Arc<Member>, Permit), Full> {
        let (first, others) = members.split_first().expect("one is left to be tried");
        if let Some(permit) = first.free_place() {
            return Ok((Arc::clone(first), permit));
        }
        let left = self.left();
        let late = || Error::Deadline {
            node: first.name().to_owned(),
            doing: "waiting for a free connection",
            after: left,
            place: self.place,
        };
        let mut able = vec![Arc::clone(first)];
        able.extend(others.iter().filter(|member| member.standing().is_well()).cloned());
        if able.len() > 1
            && let Ok(free) = tokio::time::timeout(BURST.min(left), first.place()).await
        {
            return Ok((Arc::clone(first), free.map_err(Full::Refused)?));
        }
        let mut each: FuturesUnordered<_> =
            able.into_iter().map(|member| async move { (member.place().await, member) }).collect();
        match tokio::time::timeout(self.left(), each.next()).await {
            Ok(Some((free, member))) => Ok((member, free.map_err(Full::Refused)?)),
            Ok(None) | Err(_) => Err(Full::Late(late())),
        }
    }

    async fn race(&mut self, mut members: Vec<Arc<Member>>, apart: Duration) -> Result<Taken, Untaken> {
        if members.iter().any(|member| member.standing().is_well()) {
            members.retain(|member| member.standing().is_well());
        }
        if let Some(taken) = members.iter().find_map(Member::take_idle) {
            return Ok(taken);
        }
        match tokio::time::timeout(self.left(), race(members, apart)).await {
            Ok(Ok(taken)) => Ok(taken),
            Ok(Err(refusals)) => {
                refusals.into_iter().for_each(|refusal| self.refused(refusal));
                Err(Untaken::Some)
            }
            Err(_) => Err(Untaken::Final(self.no_usable_node())),
        }
    }

    fn refused(&mut self, refusal: Refusal) {
        self.tried.push(refusal.node.clone());
        self.refusals.retain(|older| older.node != refusal.node);
        self.refusals.push(refusal);
    }

    fn over(&self, taken: &Taken) -> Error {
        Error::Deadline {
            node: taken.member().name().to_owned(),
            doing: "the operation",
            after: self.farm.options().deadlines.operation,
            place: self.place,
        }
    }

    /// Says of every node that said no why it did, and when the operation's time is over that the others said nothing.
    fn no_usable_node(&self) -> Error {
        let over = self.left().is_zero().then(|| {
            let after = humantime::format_duration(self.farm.options().deadlines.operation);
            format!("no connection within {after}, the operation's time")
        });
        let silent = |node: &str| {
            let reason = over.clone()?;
            Some(Refusal {
                node: node.to_owned(),
                reason,
                class: Class::Node,
                code: None,
                obstacle: None,
                place: self.place,
            })
        };
        let members = self.farm.nodes_locked().members.clone();
        let own = |name: &str| self.refusals.iter().find(|refusal| refusal.node == name).cloned();
        let why =
            |member: &Arc<Member>| own(member.name()).or_else(|| member.refusal()).or_else(|| silent(member.name()));
        let refusals = members.iter().filter_map(why).collect();
        Error::NoUsableNode { cluster: self.farm.name().to_owned(), refusals, place: self.place }
    }
}

/// Returns whether an error of a node is its own. What `waits` for the other nodes is late by any one of them that hangs.
fn is_its_own(error: &Error, waits: bool) -> bool {
    !(waits && matches!(error, Error::Deadline { .. }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::Node;
    use crate::cluster::dsn::Dsn;
    use crate::cluster::farm::{Deadlines, Options};

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn only_what_waits_for_others_may_be_late_by_them() {
        let (node, doing, place) = ("n1".to_owned(), "reading a session", Place::here());
        let late = Error::Deadline { node: node.clone(), doing, after: SECOND, place };
        let source = crate::cluster::DriverError::Broken { message: "reset".to_owned() };
        let broken = Error::Statement { node, doing, source, place };
        for (name, error, waits, expected) in [
            ("a node that hangs", &late, false, true),
            ("a node that waits for one that hangs", &late, true, false),
            ("a node that broke", &broken, false, true),
            ("a node that broke while it waited", &broken, true, true),
        ] {
            assert_eq!(is_its_own(error, waits), expected, "{name}");
        }
    }

    /// The system takes the connections, and nobody ever says a word on them.
    #[tokio::test]
    async fn the_operations_time_is_kept_where_every_node_is_silent() {
        for policy in Policy::NAMES.map(|name| Policy::named(name).unwrap()) {
            let deadlines = Deadlines { connect: 20 * SECOND, operation: SECOND, ..Deadlines::default() };
            let farm = Farm::new("f", Options { policy, deadlines, ..Options::default() });
            let silent: Vec<_> = (0..3).map(|_| std::net::TcpListener::bind("127.0.0.1:0").unwrap()).collect();
            for (n, listener) in silent.iter().enumerate() {
                let dsn = format!("app:x@tcp({})/app", listener.local_addr().unwrap());
                farm.add_node(Node::new(format!("n{n}"), Dsn::parse(&dsn).unwrap().dsn)).unwrap();
            }
            let begin = Instant::now();
            let done: Result<Option<i64>, Error> =
                farm.run(Work::safe("x"), async |mut c| c.first("asking", "SELECT 1", ()).await).await;
            assert!(begin.elapsed() < 10 * SECOND, "{policy:?}: {:?}", begin.elapsed());
            let error = done.unwrap_err().to_string();
            assert_eq!(error.matches("no connection within 1s").count(), 3, "{policy:?}: {error}");
        }
    }

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
