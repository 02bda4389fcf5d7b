//! What `csqlstore purge` can be told.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use csqlstore::cluster::On;
use csqlstore::purge::RowImage;

/// Delete expired sessions
///
/// The server's clock is read once; what had expired before that moment, less the grace, goes: oldest first, in
/// batches that others do not feel. A conflict, a lock or a node that is lost costs a retry. SIGINT and SIGTERM let
/// the current batch finish; what was deleted until then stays deleted, and the purge can be run again.
///
/// One purge runs at a time in the whole cluster, and none beside the cleanup event: a second one says who runs since when
/// and exits with 3.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  csqlstore purge --dry-run                     how many sessions would go, and from when the oldest is
  csqlstore purge --yes --quiet --max-time 10m  from cron; exit status 5 says that there is more to do
  csqlstore purge --yes --max-rows 50000        no more than these
  csqlstore purge --yes --quiet --if-free       from cron on every host: one of them works, the others say nothing")]
pub(crate) struct PurgeArgs {
    /// Keep sessions for this long after they expire
    #[arg(long, value_name = "DURATION", default_value = "1h")]
    pub(super) grace: humantime::Duration,
    /// Delete this many rows at a time [default: 50 to 1000, as fast as the server is]
    #[arg(long, value_name = "ROWS", value_parser = clap::value_parser!(u64).range(1..=10_000))]
    pub(super) batch: Option<u64>,
    /// Aim at batches that take this long
    #[arg(long, value_name = "DURATION", default_value = "100ms")]
    pub(super) target: humantime::Duration,
    /// Delete at most this many rows
    #[arg(long, value_name = "ROWS", value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) max_rows: Option<u64>,
    /// Begin no further batch after this time
    #[arg(long, value_name = "DURATION")]
    pub(super) max_time: Option<humantime::Duration>,
    /// Start on this node; if it is lost, any usable one takes over
    #[arg(long, value_name = "NAME|auto", default_value = "auto")]
    pub(super) on: On,
    /// Wait this long while somebody else purges
    #[arg(long, value_name = "DURATION", default_value = "0s", hide_default_value = true)]
    pub(super) wait: humantime::Duration,
    /// Exit with 0, having done nothing, if somebody else purges
    #[arg(long)]
    pub(super) if_free: bool,
    /// Purge without the lease: for an account that may not write `csqlstore_lease`; nothing then keeps a second purge out
    #[arg(long, conflicts_with_all = ["wait", "if_free"])]
    pub(super) no_lease: bool,
    /// Begin no batch while this file is there
    #[arg(long, value_name = "FILE")]
    pub(super) pause_file: Option<PathBuf>,
    /// Wait while more statements than this run on a node
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) max_threads_running: u64,
    /// Wait while a replica is further behind than this
    #[arg(long, value_name = "DURATION", default_value = "10s")]
    pub(super) max_lag: humantime::Duration,
    /// What of a deleted row travels to the other nodes: its key alone (`minimal`), all of it (`full`), or its key where
    /// the account may ask for that (`auto`)
    #[arg(long, value_name = "IMAGE", default_value = "auto")]
    pub(super) row_image: Image,
    /// Purge a table without any key too, a few rows at a time, where every other node of a cluster reads the whole table
    /// for each row; and one without an index on `expire_on`, where this node reads the whole table for each batch
    #[arg(long)]
    pub(super) without_key: bool,
    /// Write what was done as metrics for node_exporter's textfile collector
    #[arg(long, value_name = "FILE")]
    pub(super) metrics_file: Option<PathBuf>,
    /// Count what would be deleted, and delete nothing
    #[arg(long)]
    pub(super) dry_run: bool,
}

/// The words for a row image.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Image {
    Auto,
    Minimal,
    Full,
}

impl From<Image> for RowImage {
    fn from(image: Image) -> Self {
        match image {
            Image::Auto => Self::Auto,
            Image::Minimal => Self::Minimal,
            Image::Full => Self::Full,
        }
    }
}
