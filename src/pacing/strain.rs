//! Whether the cluster has to breathe: a rule over what its nodes said of themselves a moment ago. Pure.

use std::time::Duration;

use super::pace::{Limits, Throttle};

/// A node as it was a moment ago.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// The node's name.
    pub node: String,
    /// What it has received and not yet applied; `None` where there is no such queue.
    pub queue: Option<Queue>,
    /// For how much of the time since the reading before the cluster's writes were paused by flow control, in percent.
    pub paused_percent: Option<u64>,
    /// Statements that run there at this moment.
    pub threads_running: Option<u64>,
    /// How it follows its source, if it is a replica.
    pub replica: Option<Replica>,
}

/// A node's receive queue, in write sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Queue {
    /// How many wait.
    pub length: u64,
    /// How many may wait before the node stops the cluster's writes, as the running provider says it.
    pub limit: u64,
}

/// How a replica follows its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replica {
    /// So much behind.
    Behind(Duration),
    /// Not at all: its lag is NULL.
    Stopped,
}

/// Between two looks at a cluster that has to breathe.
const PAUSE: Duration = Duration::from_millis(200);

/// Returns why work should wait, the best sign first: writes that flow control already pauses, then a receive queue
/// on its way there, then replicas that fall behind, then busy servers.
#[must_use]
pub fn strain(readings: &[Reading], limits: &Limits) -> Option<Throttle> {
    let each = |sign: &dyn Fn(&Reading) -> Option<Throttle>| readings.iter().find_map(sign);
    each(&|reading| paused(reading, limits))
        .or_else(|| each(&|reading| queue(reading, limits)))
        .or_else(|| each(&|reading| lag(reading, limits)))
        .or_else(|| each(&|reading| threads(reading, limits)))
}

fn paused(Reading { node, paused_percent, .. }: &Reading, limits: &Limits) -> Option<Throttle> {
    let percent = (*paused_percent)?;
    (percent > limits.paused_percent).then(|| Throttle::FlowControl { pause: PAUSE, node: node.clone(), percent })
}

fn queue(Reading { node, queue, .. }: &Reading, limits: &Limits) -> Option<Throttle> {
    let Queue { length, limit } = (*queue)?;
    // A limit of one would otherwise make every write set a reason.
    let most = (limit.saturating_mul(limits.queue_percent) / 100).max(2);
    (length >= most).then(|| Throttle::ReceiveQueue { pause: PAUSE, node: node.clone(), length, limit })
}

fn lag(Reading { node, replica, .. }: &Reading, limits: &Limits) -> Option<Throttle> {
    let lag = match (*replica)? {
        Replica::Behind(lag) if lag <= limits.lag => return None,
        Replica::Behind(lag) => Some(lag),
        Replica::Stopped => None,
    };
    Some(Throttle::ReplicaLag { pause: PAUSE, node: node.clone(), lag, most: limits.lag })
}

fn threads(Reading { node, threads_running, .. }: &Reading, limits: &Limits) -> Option<Throttle> {
    let running = (*threads_running)?;
    let most = limits.threads_running;
    (running > most).then(|| Throttle::ThreadsRunning { pause: PAUSE, node: node.clone(), running, most })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_ease(node: &str) -> Reading {
        Reading {
            node: node.into(),
            queue: Some(Queue { length: 1, limit: 28 }),
            paused_percent: Some(0),
            threads_running: Some(3),
            replica: None,
        }
    }

    #[test]
    fn each_sign_is_a_reason_and_names_its_node() {
        let limits = Limits::adaptive(Duration::from_millis(100));
        let with = |change: &dyn Fn(&mut Reading)| {
            let mut reading = at_ease("n2");
            change(&mut reading);
            [at_ease("n1"), reading]
        };
        let queue = |length, limit| Some(Queue { length, limit });
        let behind = |seconds| Some(Replica::Behind(Duration::from_secs(seconds)));
        let table: [(&str, [Reading; 2], Option<&str>); 13] = [
            ("at ease", with(&|_| ()), None),
            ("nothing is known", with(&|it| *it = Reading { node: "n2".into(), ..Reading::default() }), None),
            ("paused a little, as others' writes may", with(&|it| it.paused_percent = Some(5)), None),
            ("paused", with(&|it| it.paused_percent = Some(6)), Some("flow-control")),
            ("a queue below half its limit", with(&|it| it.queue = queue(13, 28)), None),
            ("a queue at half its limit", with(&|it| it.queue = queue(14, 28)), Some("recv-queue")),
            ("a limit of one and one in the queue", with(&|it| it.queue = queue(1, 1)), None),
            ("a limit of one and two in the queue", with(&|it| it.queue = queue(2, 1)), Some("recv-queue")),
            ("a replica that follows", with(&|it| it.replica = behind(10)), None),
            ("a replica that falls behind", with(&|it| it.replica = behind(11)), Some("replica-lag")),
            ("a replica that stands", with(&|it| it.replica = Some(Replica::Stopped)), Some("replica-lag")),
            ("busy", with(&|it| it.threads_running = Some(50)), None),
            ("too busy", with(&|it| it.threads_running = Some(51)), Some("threads-running")),
        ];
        for (name, readings, expected) in table {
            let found = strain(&readings, &limits);
            assert_eq!(found.as_ref().map(Throttle::reason), expected, "{name}");
            assert_eq!(found.as_ref().and_then(Throttle::node), expected.map(|_| "n2"), "{name}");
        }
        assert_eq!(strain(&[], &limits), None);
    }

    #[test]
    fn the_best_sign_is_the_one_told() {
        let limits = Limits::adaptive(Duration::from_millis(100));
        let busy = Reading { threads_running: Some(99), ..at_ease("n1") };
        let full = Reading { queue: Some(Queue { length: 99, limit: 28 }), ..at_ease("n2") };
        let paused = Reading { paused_percent: Some(80), ..at_ease("n3") };
        assert_eq!(strain(&[busy.clone(), full.clone()], &limits).map(|it| it.reason()), Some("recv-queue"));
        assert_eq!(strain(&[busy, full, paused], &limits).map(|it| it.reason()), Some("flow-control"));
    }
}
