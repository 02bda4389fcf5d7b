//! `csqlstore node watch`.

mod columns;
mod layout;
mod line;
mod lines;
mod live;
mod log;
mod order;
mod probing;
mod spark;
mod watched;

use std::time::{Duration, Instant};

use clap::Args;

use csqlstore::cluster::On;
use csqlstore::health::Thresholds;

use self::probing::{Event, Probing};
use self::watched::Watched;
use super::look::{ThresholdArgs, narrowed};
use crate::context::Context;
use crate::failure::{Failure, Status};
use crate::ui::Ui;

/// Faster would be a load of its own.
const SHORTEST: Duration = Duration::from_millis(100);

/// Watch the nodes: a screen on a terminal, else lines
///
/// Each node is looked at by itself, over a connection that stays open; one that hangs holds nothing up, and its last answer
/// stands with its age. Sessions are counted every 10 s on one usable node: as far as 100,000 along the index on
/// `expire_on`, and estimated beyond. Nothing is written.
///
/// On a terminal: rows of bars are the last looks, the newest at the right. A full bar of latency is the slowest of all
/// nodes, one of the receive queue is what stops the cluster's writes; × is a look without an answer. Keys: `q` quits,
/// `s` sorts by the next column, `?` shows all of them.
///
/// Otherwise each look is a line for the cluster and one for each node, and with `--format json` one line of JSON with what
/// `node status` answers.
///
/// Exit status: 0 however it ends by itself, by `q`, or because nobody looks any more; 130 by Ctrl-C, 143 by SIGTERM. How
/// the nodes are does not matter: `csqlstore node check` asks that.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  csqlstore node watch
  csqlstore node watch --interval 5s >> nodes.log            lines for a log
  csqlstore node watch --on n2 --for 10m                     one node, for ten minutes
  csqlstore node watch --format json | jq -r 'select(.verdict != \"ok\") | .at'")]
pub(super) struct WatchArgs {
    /// Look this often
    #[arg(long, value_name = "DURATION", default_value = "1s", value_parser = interval)]
    interval: humantime::Duration,
    /// Watch this node alone
    #[arg(long, value_name = "NAME|auto", default_value = "auto", hide_default_value = true)]
    on: On,
    /// End after so many looks
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    count: Option<u64>,
    /// End after this time
    #[arg(long, value_name = "DURATION", visible_alias = "for")]
    max_time: Option<humantime::Duration>,
    #[command(flatten)]
    thresholds: ThresholdArgs,
}

fn interval(text: &str) -> Result<humantime::Duration, String> {
    let interval: humantime::Duration = text.parse().map_err(|error| format!("it is no duration: {error}"))?;
    if *interval < SHORTEST { Err("the shortest is 100ms".to_owned()) } else { Ok(interval) }
}

/// What is watched.
struct Watch {
    watched: Watched,
    probing: Probing,
    interval: Duration,
    deadline: Duration,
    thresholds: Thresholds,
    ending: Ending,
}

/// When it ends by itself.
struct Ending {
    count: Option<u64>,
    until: Option<Instant>,
}

impl Watch {
    fn take(&mut self, event: Event) {
        match event {
            Event::Seen(seen) => self.watched.take(seen),
            Event::Counted(counted) => self.watched.counted = Some(counted),
        }
    }

    /// Returns whether it was watched for as long as was asked for.
    fn is_over(&self) -> bool {
        let Ending { count, until } = &self.ending;
        let counted = count.is_some_and(|count| {
            // One that hangs is not waited for longer than its deadline.
            let late = || Instant::now() > self.probing.beginning(count) + self.deadline;
            self.watched.is_complete(count) || late()
        });
        counted || until.is_some_and(|until| Instant::now() >= until)
    }
}

pub(super) async fn run(args: &WatchArgs, cx: &Context, ui: &Ui) -> Result<Status, Failure> {
    let WatchArgs { interval, on, count, max_time, thresholds } = args;
    if ui.leaves_out() {
        return Err(Failure::request("`--quiet` leaves nothing of a watch").hint(
            "`csqlstore node wait` waits without a word, `csqlstore node check --quiet` says it by its exit status",
        ));
    }
    let (cluster, interval) = (narrowed(cx.cluster()?, on)?, Duration::from(*interval));
    let thresholds = thresholds.thresholds();
    let begin = Instant::now();
    let mut watch = Watch {
        watched: Watched::new(cluster.nodes().iter().map(csqlstore::cluster::Node::name), thresholds),
        probing: Probing::start(&cluster, cx.table(), interval),
        interval,
        deadline: cluster.deadline(),
        thresholds,
        ending: Ending { count: *count, until: max_time.and_then(|time| begin.checked_add(time.into())) },
    };
    let outcome = if ui.has_a_screen() {
        live::run(&mut watch, cx.stop(), ui).await
    } else {
        log::run(&mut watch, cx.stop(), ui).await
    };
    watch.probing.end().await;
    outcome
}
