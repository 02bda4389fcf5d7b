//! What `csqlstore event` answers.

use std::time::Duration;

use serde::Serialize;

use csqlstore::event::{Action, FirstRun, Installed, NodeReport, Plan, Report as Judgement, Wishes};
use csqlstore::{Code, Level};

use crate::failure::Status;
use crate::ui::{FindingJson, Report, Style, Table, findings_as_text, plain};

/// A duration as people write it, without fractions of a second.
pub(super) fn duration(time: Duration) -> String {
    humantime::format_duration(Duration::from_secs(time.as_secs())).to_string()
}

/// Whether expired sessions go.
pub(super) struct StatusReport(pub(super) Judgement);

#[derive(Serialize)]
struct StatusJson<'a> {
    event: &'a str,
    installed: bool,
    working: bool,
    nodes: Vec<NodeJson<'a>>,
    oldest_expired_age_s: Option<u64>,
    findings: Vec<FindingJson<'a>>,
}

#[derive(Serialize)]
struct NodeJson<'a> {
    node: &'a str,
    status: &'a str,
    enabled: bool,
    scheduler: Option<&'a str>,
    last_executed: Option<String>,
    time_zone: Option<&'a str>,
}

impl<'a> From<&'a NodeReport> for NodeJson<'a> {
    fn from(report: &'a NodeReport) -> Self {
        let NodeReport { node, status, scheduler, last_executed, time_zone } = report;
        Self {
            node,
            status: status.as_str(),
            enabled: status.enabled(),
            scheduler: scheduler.as_deref(),
            last_executed: last_executed.map(|at| at.to_string()),
            time_zone: time_zone.as_deref(),
        }
    }
}

impl Report for StatusReport {
    fn json(&self) -> impl Serialize {
        let Judgement { event, installed, working, nodes, oldest_expired_age, findings } = &self.0;
        StatusJson {
            event,
            installed: *installed,
            working: *working,
            nodes: nodes.iter().map(NodeJson::from).collect(),
            oldest_expired_age_s: oldest_expired_age.map(|age| age.as_secs()),
            findings: findings.iter().map(FindingJson::from).collect(),
        }
    }

    fn human(&self, style: &Style) -> String {
        let Judgement { event, installed: _, working, nodes, oldest_expired_age, findings } = &self.0;
        let in_the_way = findings.iter().any(|finding| finding.level == Level::Error);
        let verdict = match (*working, findings.iter().any(|finding| finding.code == Code::EventUnjudged)) {
            (true, _) => style.good("working"),
            (false, true) if !in_the_way => style.warn("cannot be judged"),
            (false, _) => style.bad("not working"),
        };
        let mut text = format!("event `{}`: {verdict}\n", plain(event));
        if let Some(age) = oldest_expired_age {
            text.push_str(&format!("the oldest expired session expired {} ago\n", duration(*age)));
        } else if !findings.iter().any(|finding| finding.code == Code::ExpiredRowsUnread) {
            text.push_str("no session in the table has expired\n");
        }
        let mut table = Table::new(&["NODE", "STATUS", "SCHEDULER", "LAST RUN", "ZONE"], style);
        let or_none = |text: Option<&str>| text.map_or_else(|| "-".to_owned(), plain);
        for NodeReport { node, status, scheduler, last_executed, time_zone } in nodes {
            table.row([
                plain(node),
                plain(status.as_str()),
                or_none(scheduler.as_deref()),
                last_executed.map_or_else(|| "-".to_owned(), |at| at.to_string()),
                or_none(time_zone.as_deref()),
            ]);
        }
        format!("{text}\n{}{}", table.text(), findings_as_text(findings, style))
    }

    fn status(&self) -> Status {
        if self.0.working { Status::Done } else { Status::No }
    }
}

/// What was installed.
pub(super) struct InstallReport {
    event: String,
    every: Duration,
    grace: Duration,
    batch: u32,
    installed: Installed,
}

impl InstallReport {
    pub(super) fn new(plan: &Plan, installed: Installed) -> Self {
        let Wishes { event, definition, .. } = &plan.wishes;
        Self {
            event: event.as_str().to_owned(),
            every: definition.every(),
            grace: definition.grace(),
            batch: definition.batch(),
            installed,
        }
    }
}

#[derive(Serialize)]
struct InstallJson<'a> {
    event: &'a str,
    node: &'a str,
    action: &'static str,
    moved_from: Option<&'a str>,
    every_s: u64,
    grace_s: u64,
    batch: u32,
    scheduler_turned_on: bool,
    /// What the first run did while it was watched.
    first_run: &'static str,
}

impl Report for InstallReport {
    fn json(&self) -> impl Serialize {
        let Self { event, every, grace, batch, installed } = self;
        let Installed { node, action, scheduler_turned_on, first_run } = installed;
        let (action, moved_from) = match action {
            Action::Create => ("created", None),
            Action::Replace => ("replaced", None),
            Action::Move { from } => ("moved", Some(from.as_str())),
        };
        InstallJson {
            event,
            node,
            action,
            moved_from,
            every_s: every.as_secs(),
            grace_s: grace.as_secs(),
            batch: *batch,
            scheduler_turned_on: *scheduler_turned_on,
            first_run: match first_run {
                FirstRun::NothingDue => "nothing-due",
                FirstRun::Cleaned => "cleaned",
                FirstRun::RowsLeft => "rows-left",
            },
        }
    }

    fn human(&self, style: &Style) -> String {
        let Self { event, every, grace, batch, installed } = self;
        let Installed { node, action, scheduler_turned_on, first_run } = installed;
        let what = match action {
            Action::Create => "created on".to_owned(),
            Action::Replace => "replaced on".to_owned(),
            Action::Move { from } => format!("moved from node `{}` to", plain(from)),
        };
        let mut text = format!(
            "event `{}` {what} node `{}`\nevery {} it deletes what expired more than {} ago, {batch} rows at a time\n",
            plain(event),
            plain(node),
            duration(*every),
            duration(*grace),
        );
        if *scheduler_turned_on {
            text.push_str("the event scheduler there is on until the server restarts (my.cnf: event_scheduler=ON)\n");
        }
        text.push_str(&match first_run {
            FirstRun::NothingDue => "no session is due now\n".to_owned(),
            FirstRun::Cleaned => format!("{}: every session that was due is gone\n", style.good("first run done")),
            FirstRun::RowsLeft => format!(
                "{}: sessions that are due are left; `csqlstore event status` tells later\n",
                style.warn("first run not done")
            ),
        });
        text
    }
}
