//! What a purge did, for node_exporter's textfile collector.

use std::io::Write as _;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use csqlstore::purge::Outcome;

use super::super::exposition::{Exposition, Metric};
use crate::failure::{Failure, Status};

/// A purge that ended.
pub(super) struct Metrics<'a> {
    pub(super) table: &'a str,
    pub(super) began: SystemTime,
    /// What was done; nothing if it did not come to that.
    pub(super) outcome: Option<&'a Outcome>,
    pub(super) status: Status,
}

impl Metrics<'_> {
    /// Writes the file in one step, so that the collector never reads half of one.
    pub(super) fn write(&self, file: &Path) -> Result<(), Failure> {
        let folder = match file.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let write = || {
            // Else what is said to be missing is the file that is only made here.
            std::fs::metadata(folder)?;
            // Hidden, and without the ending that the collector looks for.
            let mut fresh = tempfile::Builder::new().prefix(".csqlstore-purge-").tempfile_in(folder)?;
            fresh.write_all(self.text().as_bytes())?;
            // Who collects is somebody else.
            fresh.as_file().set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644))?;
            fresh.persist(file).map_err(|error| error.error)?;
            Ok::<_, std::io::Error>(())
        };
        write().map_err(|error| {
            let failure = Failure::request(format!("writing the metrics to `{}` failed", file.display()));
            let failure = Failure { causes: vec![error.to_string()], ..failure };
            failure.hint("its folder has to be there and writable; what the purge did stays done")
        })
    }

    fn text(&self) -> String {
        let Self { table, began, outcome, status } = self;
        let mut all = Exposition::default();
        let mut metric = |name: &str, help: &str, value: f64| {
            let family = (&*format!("csqlstore_purge_{name}"), Metric::Gauge, help);
            all.family(family, [(vec![("table", *table)], value)]);
        };
        let since = |at: SystemTime| at.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
        let now = SystemTime::now();
        let elapsed = now.duration_since(*began).unwrap_or_default();
        let ok = matches!(status, Status::Done);
        metric("last_run_timestamp_seconds", "When the last purge ended.", since(now));
        metric("last_run_success", "Whether it left nothing and met no error.", f64::from(u8::from(ok)));
        metric("last_run_exit_status", "The exit status of the command.", f64::from(status.code()));
        metric("last_run_duration_seconds", "How long it took.", elapsed.as_secs_f64());
        let Some(outcome) = outcome else { return all.into_text() };
        #[expect(clippy::cast_precision_loss, reason = "a metric is a float; rows beyond 2^53 are none")]
        let count = |count: u64| count as f64;
        metric("last_run_expired_rows", "Rows past the cutoff when it began.", count(outcome.expired));
        metric("last_run_deleted_rows", "Rows that it deleted.", count(outcome.deleted));
        if let Some(remaining) = outcome.remaining {
            metric("last_run_remaining_rows", "Rows past the cutoff when it ended.", count(remaining));
        }
        metric("last_run_batches", "Batches that went through.", count(outcome.batches));
        metric("last_run_retries", "Batches that were done again.", count(outcome.retries));
        let throttled = "Time that it waited for the sake of others.";
        metric("last_run_throttled_seconds", throttled, outcome.throttled.as_secs_f64());
        let reasons = outcome.throttles.iter().map(|throttles| {
            let node = throttles.node.as_deref().unwrap_or_default();
            (vec![("table", *table), ("reason", throttles.reason), ("node", node)], throttles.waited.as_secs_f64())
        });
        let name = "csqlstore_purge_last_run_throttled_by_seconds";
        all.family((name, Metric::Gauge, "The same by reason."), reasons);
        all.into_text()
    }
}
