//! `csqlstore node wait`.

use std::str::FromStr;
use std::time::{Duration, Instant};

use clap::Args;
use serde::Serialize;

use csqlstore::cluster::On;
use csqlstore::health::{self, Report as Judgement};

use super::json::{ReportJson, milliseconds};
use super::look::narrowed;
use super::status;
use crate::context::Context;
use crate::failure::{Failure, Status};
use crate::ui::{Report, Style, Ui, plain};

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(250);

/// Wait until the nodes are as they should be
///
/// For scripts that start servers, or take one node after another out and back. Whatever keeps a node from it is waited
/// out, a wrong password too, for it may still be set. Exit status: 0 once it holds, 3 if the time is over.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  csqlstore node wait --for usable                     until one node may take sessions
  csqlstore node wait --for synced --on n2             until n2 is back, before the next one is upgraded
  csqlstore node wait --for size=3 --max-time 10m")]
pub(super) struct WaitArgs {
    /// What to wait for: `usable`: a node may take sessions; `synced`: every node is well; `size=N`: the cluster counts N members
    #[arg(long = "for", value_name = "usable|synced|size=N")]
    until: Until,
    /// Look at this node alone
    #[arg(long, value_name = "NAME|auto", default_value = "auto", hide_default_value = true)]
    on: On,
    /// Give up after this time
    #[arg(long, value_name = "DURATION", default_value = "1m")]
    max_time: humantime::Duration,
}

/// What to wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Until {
    Usable,
    Synced,
    Size(u64),
}

impl FromStr for Until {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "usable" => Ok(Self::Usable),
            "synced" => Ok(Self::Synced),
            _ => {
                let size = text.strip_prefix("size=").and_then(|size| size.parse().ok()).filter(|size| *size > 0);
                size.map(Self::Size).ok_or_else(|| "it is none of `usable`, `synced` and `size=N`".to_owned())
            }
        }
    }
}

impl std::fmt::Display for Until {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Usable => f.write_str("usable"),
            Self::Synced => f.write_str("synced"),
            Self::Size(size) => write!(f, "size={size}"),
        }
    }
}

impl Until {
    /// Returns what is still amiss; `None` if it holds.
    fn missing(self, report: &Judgement) -> Option<String> {
        let reason = |node: &health::NodeReport| {
            let reason = node.reason.as_deref().map_or_else(String::new, |reason| format!(": {reason}"));
            format!("{} is {}{reason}", node.name, node.verdict.as_str())
        };
        match self {
            Self::Usable if report.nodes.iter().any(|node| node.usable) => None,
            Self::Usable => Some(report.nodes.iter().map(reason).collect::<Vec<_>>().join("; ")),
            Self::Synced => {
                let amiss: Vec<String> =
                    report.nodes.iter().filter(|node| !node.verdict.is_well()).map(reason).collect();
                (!amiss.is_empty()).then(|| amiss.join("; "))
            }
            Self::Size(size) if report.size == Some(size) => None,
            Self::Size(_) => Some(match report.size {
                Some(size) => format!("the size is {size}"),
                None => "no node says how many there are".to_owned(),
            }),
        }
    }
}

pub(super) async fn run(args: &WaitArgs, cx: &Context, ui: &Ui) -> Result<Status, Failure> {
    let WaitArgs { until, on, max_time } = args;
    let cluster = narrowed(cx.cluster()?, on)?;
    let (begin, most): (Instant, Duration) = (Instant::now(), (*max_time).into());
    let bar = ui.progress(&format!("waiting for {until}"), None);
    let mut last: Option<(Judgement, String)> = None;
    loop {
        let left = most.saturating_sub(begin.elapsed());
        // A node that hangs does not make it longer than was asked for.
        if let Ok(readings) = tokio::time::timeout(left, health::probe(&cluster)).await {
            let report = health::judge(&readings);
            let Some(missing) = until.missing(&report) else {
                drop(bar);
                return ui.answer(&WaitReport { until: *until, waited: begin.elapsed(), report, missing: None });
            };
            if last.as_ref().is_none_or(|(_, said)| *said != missing) {
                bar.say(plain(&missing));
                bar.aside(|| ui.detail(format_args!("waiting: {}", plain(&missing))));
            }
            last = Some((report, missing));
        }
        let left = most.saturating_sub(begin.elapsed());
        if left.is_zero() {
            break;
        }
        tokio::time::sleep(PAUSE.min(left)).await;
    }
    drop(bar);
    let Some((report, missing)) = last else {
        let message = format!("no look at the nodes came to an end within {}", humantime::format_duration(most));
        return Err(
            Failure::new(Status::NotNow, message).hint("`--max-time` waits longer, `--timeout` gives a node up sooner")
        );
    };
    ui.answer(&WaitReport { until: *until, waited: begin.elapsed(), report, missing: Some(missing) })
}

/// What came of it.
struct WaitReport {
    until: Until,
    waited: Duration,
    report: Judgement,
    missing: Option<String>,
}

#[derive(Serialize)]
struct WaitJson<'a> {
    #[serde(rename = "for")]
    until: String,
    holds: bool,
    missing: Option<&'a str>,
    waited_s: f64,
    #[serde(flatten)]
    report: ReportJson<'a>,
}

impl Report for WaitReport {
    fn json(&self) -> impl Serialize {
        WaitJson {
            until: self.until.to_string(),
            holds: self.missing.is_none(),
            missing: self.missing.as_deref(),
            waited_s: milliseconds(self.waited).round() / 1000.0,
            report: ReportJson::from(&self.report),
        }
    }

    fn human(&self, style: &Style) -> String {
        let waited = format!("{:.1} s", self.waited.as_secs_f64());
        let head = match &self.missing {
            None => format!("{} after {waited}", style.good(self.until)),
            Some(missing) => format!("{} {} after {waited}: {}", style.bad("not"), self.until, plain(missing)),
        };
        format!("{head}\n\n{}", status::nodes(&self.report, style))
    }

    fn status(&self) -> Status {
        if self.missing.is_none() { Status::Done } else { Status::NotNow }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_waited_for_is_read_as_it_is_written() {
        for until in [Until::Usable, Until::Synced, Until::Size(3)] {
            assert_eq!(until.to_string().parse(), Ok(until));
        }
        for text in ["", "size", "size=", "size=0", "size=-1", "size=three", "Usable"] {
            assert!(text.parse::<Until>().is_err(), "{text}");
        }
    }
}
