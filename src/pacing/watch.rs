//! An eye on every node while work goes on: a connection to each, and a look ten times a second.

use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::task::JoinSet;

use super::strain::{Queue, Reading, Replica};
use crate::cluster::{Channel, Cluster, Connection, Error, Node, REPLICA_STATUS, Row, fc_limit, number};

/// Between two looks. A receive queue fills within tens of milliseconds; a look costs a server less than one.
const INTERVAL: Duration = Duration::from_millis(100);
/// Before a node that could not be asked is asked again.
const AGAIN: Duration = Duration::from_secs(1);
/// What was read longer ago says nothing about now.
const STALE: Duration = Duration::from_secs(2);
/// How long the connections are given to be closed at the end.
const FAREWELL: Duration = Duration::from_millis(500);

/// How many looks there are between two at a setting that hardly ever changes.
const SELDOM: u32 = 50;

const STATUS: &str = "SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_local_recv_queue','wsrep_flow_control_paused_ns',\
    'Threads_running')";
/// From MariaDB 11 on each of the provider's options can be a variable of its own.
const PROVIDER: &str =
    "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('wsrep_provider_options','wsrep_provider_gcs_fc_limit')";

/// The tasks that look, one a node.
pub(crate) struct Watch {
    latest: Vec<watch::Receiver<Option<(Instant, Reading)>>>,
    tasks: JoinSet<()>,
    end: watch::Sender<bool>,
}

impl Watch {
    pub(crate) fn start(cluster: &Cluster) -> Self {
        let (end, _) = watch::channel(false);
        let mut tasks = JoinSet::new();
        let latest = cluster.nodes().iter().map(|node| {
            let (tell, latest) = watch::channel(None);
            let (node, deadline, mut ended) = (node.clone(), cluster.deadline(), end.subscribe());
            tasks.spawn(async move { look(&node, deadline, &tell, &mut ended).await });
            latest
        });
        let latest = latest.collect();
        Self { latest, tasks, end }
    }

    /// Returns what the nodes said last. One that could not be asked lately is not among them.
    pub(crate) fn readings(&self) -> Vec<Reading> {
        let fresh = |latest: &watch::Receiver<Option<(Instant, Reading)>>| {
            latest.borrow().as_ref().filter(|(at, _)| at.elapsed() < STALE).map(|(_, reading)| reading.clone())
        };
        self.latest.iter().filter_map(fresh).collect()
    }

    /// Closes the connections; what has not gone in half a second is dropped.
    pub(crate) async fn close(mut self) {
        self.end.send_replace(true);
        let all = async { while self.tasks.join_next().await.is_some() {} };
        // A node that hangs need not be waited for.
        let _ = tokio::time::timeout(FAREWELL, all).await;
    }
}

async fn look(
    node: &Node,
    deadline: Duration,
    tell: &watch::Sender<Option<(Instant, Reading)>>,
    ended: &mut watch::Receiver<bool>,
) {
    while !*ended.borrow() {
        if let Ok(connection) = node.connect(deadline).await {
            // Why a node cannot be asked is the work's own business where it matters: it works on one of them.
            let _gone = ask(connection, tell, ended).await;
        }
        tell.send_replace(None);
        if over(ended, AGAIN).await {
            return;
        }
    }
}

/// Waits for a time; true at once when the work ends, or is dropped.
async fn over(ended: &mut watch::Receiver<bool>, time: Duration) -> bool {
    tokio::time::timeout(time, ended.wait_for(|ended| *ended)).await.is_ok()
}

/// Asks again and again over one connection, until it breaks or the work ends.
async fn ask(
    mut connection: Connection,
    tell: &watch::Sender<Option<(Instant, Reading)>>,
    ended: &mut watch::Receiver<bool>,
) -> Result<(), Error> {
    let mut before: Option<(Instant, u64)> = None;
    let mut replica = Asking::Words(0);
    let mut limit = None;
    for turn in 0_u32.. {
        if turn % SELDOM == 0 {
            let provider = connection.rows("reading the limit of the receive queue", PROVIDER, ()).await?;
            limit = fc_limit(|name| value(&provider, name));
        }
        let status: Vec<(String, String)> = connection.rows("reading the server's load", STATUS, ()).await?;
        let at = Instant::now();
        let number = |name: &str| value(&status, name)?.trim().parse::<u64>().ok();
        let paused_ns = number("wsrep_flow_control_paused_ns");
        let reading = Reading {
            node: connection.node().to_owned(),
            queue: number("wsrep_local_recv_queue").zip(limit).map(|(length, limit)| Queue { length, limit }),
            paused_percent: before.zip(paused_ns).map(|((then, old), new)| percent(new, old, at - then)),
            threads_running: number("Threads_running"),
            // A node of a Galera cluster follows nobody that waits for it.
            replica: if paused_ns.is_some() { None } else { follows(&mut connection, &mut replica).await? },
        };
        before = paused_ns.map(|ns| (at, ns));
        tell.send_replace(Some((at, reading)));
        if over(ended, INTERVAL).await {
            break;
        }
    }
    connection.close().await;
    Ok(())
}

/// Returns a variable of an answer, however the server writes its name.
fn value<'a>(variables: &'a [(String, String)], name: &str) -> Option<&'a str> {
    variables.iter().find(|(of, _)| of.eq_ignore_ascii_case(name)).map(|(_, value)| &**value)
}

/// For how much of a time a counter of nanoseconds ran, in percent.
fn percent(new: u64, old: u64, within: Duration) -> u64 {
    // A server that was restarted counts from zero.
    let grown = u128::from(new.saturating_sub(old));
    u64::try_from(grown * 100 / within.as_nanos().max(1)).unwrap_or(100).min(100)
}

/// How a server is asked: MariaDB for all of its connections, which its other words leave out.
const WORDS: [&str; 3] = ["SHOW ALL SLAVES STATUS", REPLICA_STATUS[0], REPLICA_STATUS[1]];

/// Whether a server is asked how it follows its source, and in which words.
enum Asking {
    /// In these of [`WORDS`].
    Words(usize),
    /// It may not be told to us, or it follows nobody.
    No,
}

async fn follows(connection: &mut Connection, asking: &mut Asking) -> Result<Option<Replica>, Error> {
    let Asking::Words(at) = *asking else { return Ok(None) };
    let Some(sql) = WORDS.get(at) else {
        *asking = Asking::No;
        return Ok(None);
    };
    let rows: Vec<Row> = match connection.rows("reading the replica's lag", sql, ()).await {
        Ok(rows) => rows,
        Err(error) if error.code() == Some(number::NO_SUCH_SYNTAX) => {
            *asking = Asking::Words(at + 1);
            return Ok(None);
        }
        // The account may not see it; others may still be seen.
        Err(error) if error.code().is_some() => {
            *asking = Asking::No;
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    let lags: Vec<Option<Duration>> = rows.iter().filter_map(Channel::of_row).map(|channel| channel.lag).collect();
    if lags.is_empty() {
        *asking = Asking::No;
    }
    Ok(worst(&lags))
}

/// Returns the worst of the lags over all connections, of which NULL is a stop; `None` if there is none.
fn worst(lags: &[Option<Duration>]) -> Option<Replica> {
    let all: Option<Vec<Duration>> = lags.iter().copied().collect();
    match all {
        None => Some(Replica::Stopped),
        Some(all) => all.into_iter().max().map(Replica::Behind),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_of_a_queue_is_read_as_the_provider_writes_it() {
        let options = "gcs.fc_factor = 1.0; gcs.fc_limit = 16; gcs.fc_limit_x = 3; ";
        for (name, value, expected) in [
            ("wsrep_provider_options", options, Some(16)),
            ("WSREP_PROVIDER_OPTIONS", "gcs.fc_limit=200", Some(200)),
            ("wsrep_provider_gcs_fc_limit", "32", Some(32)),
            ("wsrep_provider_options", "gcs.fc_debug = 0", None),
            ("wsrep_provider_options", "gcs.fc_limit = many", None),
            ("wsrep_provider_options", "", None),
        ] {
            let variables = [(name.to_owned(), value.to_owned())];
            assert_eq!(fc_limit(|name| super::value(&variables, name)), expected, "{value}");
        }
        assert_eq!(fc_limit(|_| None), None);
    }

    #[test]
    fn of_several_connections_the_slowest_counts_and_one_that_is_stopped_more() {
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        for (lags, expected) in [
            (&[seconds(0), seconds(40)][..], Some(Replica::Behind(Duration::from_secs(40)))),
            (&[seconds(3), None], Some(Replica::Stopped)),
            (&[], None),
        ] {
            assert_eq!(worst(lags), expected);
        }
    }

    #[test]
    fn a_pause_is_a_share_of_the_time_between_two_looks() {
        let ms = |ms: u64| ms * 1_000_000;
        for (new, old, within_ms, expected) in [
            (ms(130), ms(100), 100, 30),
            (ms(100), ms(100), 100, 0),
            (ms(300), ms(100), 100, 100),
            (ms(5), ms(100), 100, 0),
            (ms(5), 0, 0, 100),
        ] {
            assert_eq!(percent(new, old, Duration::from_millis(within_ms)), expected, "{new} {old} {within_ms}");
        }
    }
}
