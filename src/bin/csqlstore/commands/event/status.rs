//! `csqlstore event status`.

use clap::Args;
use serde::Serialize;

use csqlstore::cluster::Cluster;
use csqlstore::event::{self, Definition, Instead, NodeReport, Question, Report as Judgement, Run};
use csqlstore::lease::Holder;
use csqlstore::schema::Table as SessionTable;
use csqlstore::{Code, Level, span};

use super::{duration, name};
use crate::failure::{Failure, Status};
use crate::ui::{FindingJson, Report, Style, Table, Ui, findings_as_text, plain};

/// Show whether expired sessions are being deleted
///
/// Every node is asked at once, the lease's row for the last run, and the table for its oldest expired row: that one is
/// the proof. Exit status 1 says that the cleanup does not work.
///
/// MISSING is a node that has no such event; UNSEEN one that does not answer, or does not let this account see events.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  csqlstore event status
  csqlstore event status --check --quiet || mail -s 'sessions pile up' ops
  csqlstore event status --event AutoDeleteOldSession")]
pub(super) struct StatusArgs {
    /// Exit with status 1 if the cleanup does not work (which it does without this option, too)
    #[arg(long)]
    check: bool,
    /// The event's name [default: csqlstore_purge_TABLE, or whatever else cleans the table up]
    #[arg(long, value_name = "NAME")]
    event: Option<String>,
}

pub(super) async fn run(
    args: &StatusArgs,
    cluster: &Cluster,
    table: &SessionTable,
    ui: &Ui,
) -> Result<Status, Failure> {
    // Both ways the exit status tells; the option is there for those who expect it.
    let StatusArgs { check: _, event } = args;
    // Which event does it is the question, even where a purge does.
    let instead = if event.is_none() { Instead::Event } else { Instead::Nothing };
    let question = Question { instead, event: name(event.as_deref(), table)?, table: table.clone() };
    ui.answer(&StatusReport(event::examine(cluster, &question).await?))
}

/// Whether expired sessions go.
struct StatusReport(Judgement);

#[derive(Serialize)]
struct StatusJson<'a> {
    event: &'a str,
    installed: bool,
    working: bool,
    definer: Option<&'a str>,
    definition: Option<DefinitionJson>,
    nodes: Vec<NodeJson<'a>>,
    last_run: Option<RunJson<'a>>,
    holder: Option<HolderJson<'a>>,
    oldest_expired_age_s: Option<u64>,
    findings: Vec<FindingJson<'a>>,
}

#[derive(Serialize)]
struct DefinitionJson {
    every_s: u64,
    grace_s: u64,
    batch: u32,
    max_time_s: u64,
    margin_s: u64,
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

#[derive(Serialize)]
struct RunJson<'a> {
    at: String,
    rows: u64,
    /// Its name here; `None` if it is none of the nodes that answer.
    node: Option<&'a str>,
    /// As it names itself: host name and port.
    server: &'a str,
}

#[derive(Serialize)]
struct HolderJson<'a> {
    owner: &'a str,
    server: &'a str,
    since: Option<String>,
    until: Option<String>,
}

impl From<&Definition> for DefinitionJson {
    fn from(definition: &Definition) -> Self {
        Self {
            every_s: definition.every().as_secs(),
            grace_s: definition.grace().as_secs(),
            batch: definition.batch(),
            max_time_s: definition.max_time().as_secs(),
            margin_s: definition.margin().as_secs(),
        }
    }
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

impl<'a> From<&'a (Run, Option<String>)> for RunJson<'a> {
    fn from((Run { at, rows, server }, node): &'a (Run, Option<String>)) -> Self {
        Self { at: at.to_string(), rows: *rows, node: node.as_deref(), server }
    }
}

impl<'a> From<&'a Holder> for HolderJson<'a> {
    fn from(holder: &'a Holder) -> Self {
        let at = |at: Option<csqlstore::cluster::Instant>| at.map(|at| at.0.to_string());
        Self { owner: &holder.owner, server: &holder.node, since: at(holder.since), until: at(holder.until) }
    }
}

impl Report for StatusReport {
    fn json(&self) -> impl Serialize {
        let Judgement {
            event,
            definition,
            definer,
            last_run,
            holder,
            installed,
            working,
            nodes,
            oldest_expired_age,
            findings,
        } = &self.0;
        StatusJson {
            event,
            installed: *installed,
            working: *working,
            definer: definer.as_deref(),
            definition: definition.as_ref().map(Into::into),
            nodes: nodes.iter().map(NodeJson::from).collect(),
            last_run: last_run.as_ref().map(Into::into),
            holder: holder.as_deref().map(Into::into),
            oldest_expired_age_s: oldest_expired_age.map(|age| age.as_secs()),
            findings: findings.iter().map(FindingJson::from).collect(),
        }
    }

    fn human(&self, style: &Style) -> String {
        let Judgement { event, definition, definer, last_run, holder, working, nodes, findings, .. } = &self.0;
        let in_the_way = findings.iter().any(|finding| finding.level == Level::Error);
        let verdict = match (*working, self.has(Code::EventUnjudged)) {
            (true, _) => style.good("working"),
            (false, true) if !in_the_way => style.warn("cannot be judged"),
            (false, _) => style.bad("not working"),
        };
        let mut text = format!("event `{}`: {verdict}\n", plain(event));
        if let Some(definition) = definition {
            text.push_str(&format!(
                "every {} it deletes what expired more than {} ago, {} rows at a time\n",
                duration(definition.every()),
                duration(definition.grace()),
                definition.batch(),
            ));
        }
        if let Some(definer) = definer {
            text.push_str(&format!("it runs as {}\n", plain(definer)));
        }
        if let Some((Run { at, rows, server }, node)) = last_run {
            let on = node.as_ref().map_or_else(|| plain(server), |node| format!("`{}`", plain(node)));
            let noun = if *rows == 1 { "row" } else { "rows" };
            text.push_str(&format!("the last run deleted {rows} {noun} on node {on}, at {at:.0}\n"));
        }
        if let Some(holder) = holder {
            text.push_str(&format!("the lease is held by {}\n", plain(&holder.to_string())));
        }
        text.push_str(&self.proof());
        let mut table = Table::new(&["NODE", "STATUS", "SCHEDULER", "LAST EXECUTED", "ZONE"], style);
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

impl StatusReport {
    fn has(&self, code: Code) -> bool {
        self.0.findings.iter().any(|finding| finding.code == code)
    }

    /// The only line that proves anything.
    fn proof(&self) -> String {
        match self.0.oldest_expired_age {
            Some(age) => format!("the oldest expired session expired {} ago\n", span(age)),
            None if self.has(Code::ExpiredRowsUnread) => String::new(),
            None => "no session in the table has expired\n".to_owned(),
        }
    }
}
