//! How to look at nodes: twice, and by which thresholds. For every verb that judges.

use std::time::Duration;

use clap::Args;

use csqlstore::cluster::{Cluster, On};
use csqlstore::health::{self, Report, Thresholds};
use csqlstore::migrate::verify;
use csqlstore::schema::Table;

use crate::failure::Failure;

/// How to look, and what is worth a word.
#[derive(Args, Debug)]
pub(super) struct LookArgs {
    /// Look twice, this long apart, and say what counters grew by in between; `0s` looks once
    ///
    /// A server's counters run since its start: only what they grow by says what happens now. Half a second is long enough
    /// to see flow control, and short enough for a check that runs every minute.
    #[arg(long, value_name = "DURATION", default_value = "500ms")]
    interval: humantime::Duration,
    #[command(flatten)]
    thresholds: ThresholdArgs,
}

/// What is worth a word.
#[derive(Args, Debug)]
pub(super) struct ThresholdArgs {
    /// Degraded: flow control pauses a node's writes for a larger share of the interval, in percent
    ///
    /// Above 5 sessions begin to be saved late; `csqlstore purge` slows down there too. Some pauses are how Galera works.
    #[arg(long, value_name = "PERCENT", default_value_t = 5.0, value_parser = percent, help_heading = "Thresholds")]
    max_paused: f64,
    /// Degraded: as many write sets or more wait in a node's receive queue [default: its own gcs.fc_limit]
    ///
    /// From `gcs.fc_limit` on, which is read from the running node, it stops the writes of the whole cluster.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..), help_heading = "Thresholds")]
    max_queue: Option<u64>,
    /// Degraded: a replica is further behind its source; one that is stopped is unusable
    ///
    /// For as long a session that was just saved is an old one there, or none.
    #[arg(long, value_name = "DURATION", default_value = "10s", help_heading = "Thresholds")]
    max_lag: humantime::Duration,
    /// Degraded: the shortest of five answers takes longer
    ///
    /// A page loads its session before anything else, and is later by as much.
    #[arg(long, value_name = "DURATION", default_value = "500ms", help_heading = "Thresholds")]
    max_latency: humantime::Duration,
    /// Degraded: this share of max_connections or more is taken, in percent
    ///
    /// At 100 nobody is let in any more; a tenth is left to do something about it.
    #[arg(long, value_name = "PERCENT", default_value_t = 90, value_parser = clap::value_parser!(u64).range(1..=100), help_heading = "Thresholds")]
    max_connections: u64,
    /// Notice clocks that are further apart, from each other and from this machine's, beyond the error of measurement
    ///
    /// Whose clock is ahead takes sessions for expired that the others still serve. Times of expiry have whole seconds.
    #[arg(long, value_name = "DURATION", default_value = "1s", help_heading = "Thresholds")]
    max_clock_offset: humantime::Duration,
    /// Notice certificates that are valid for less time than this
    ///
    /// 30 days are what it takes to get a new one without haste. MariaDB tells it over encrypted connections alone.
    #[arg(long, value_name = "DURATION", default_value = "30d", help_heading = "Thresholds")]
    min_certificate: humantime::Duration,
}

fn percent(text: &str) -> Result<f64, String> {
    let percent: f64 = text.parse().map_err(|_| "it is no number".to_owned())?;
    if (0.0..=100.0).contains(&percent) { Ok(percent) } else { Err("it is not between 0 and 100".to_owned()) }
}

impl ThresholdArgs {
    pub(super) fn thresholds(&self) -> Thresholds {
        let Self { max_paused, max_queue, max_lag, max_latency, max_connections, max_clock_offset, min_certificate } =
            self;
        Thresholds {
            paused_percent: *max_paused,
            queue: *max_queue,
            lag: (*max_lag).into(),
            latency: (*max_latency).into(),
            connections_percent: *max_connections,
            clock: (*max_clock_offset).into(),
            certificate: (*min_certificate).into(),
        }
    }
}

impl LookArgs {
    pub(super) fn thresholds(&self) -> Thresholds {
        self.thresholds.thresholds()
    }

    /// Looks at all nodes and judges them; with a table, also whether that is the same on all.
    pub(super) async fn look(&self, cluster: &Cluster, table: Option<&Table>) -> Report {
        let interval: Duration = self.interval.into();
        let schemas = async {
            match table {
                Some(table) => verify::look(cluster, table).await.unwrap_or_default(),
                None => Vec::new(),
            }
        };
        let (readings, mut schemas) = tokio::join!(health::probe_over(cluster, interval), schemas);
        // A node that does not tell has its own finding; what is a moment old may lack what the others just got.
        schemas.retain(|sight| sight.seen.as_ref().is_ok_and(|seen| seen.stale.is_none()));
        let mut report = health::judge_by(&readings, &self.thresholds());
        if let Some(table) = table {
            report.add(health::differences(&schemas, &readings, table));
        }
        report
    }
}

/// Returns the cluster of the one node that is named, or of all.
pub(super) fn narrowed(cluster: &Cluster, on: &On) -> Result<Cluster, Failure> {
    Ok(match on {
        On::Auto => cluster.clone(),
        On::Named(name) => Cluster::new(cluster.name(), vec![cluster.node(name)?.clone()], cluster.deadline()),
    })
}

/// Says how many nodes may take sessions, and what they are.
pub(super) fn summary(report: &Report) -> String {
    let usable = report.nodes.iter().filter(|node| node.usable).count();
    let kind = report.kind.map_or_else(String::new, |kind| format!(" ({})", kind.as_str()));
    format!("{usable} of {} nodes may take sessions{kind}", report.nodes.len())
}
