//! `csqlstore node check`: one word for monitoring, in its own language.

use clap::{Args, ValueEnum};
use serde::Serialize;

use csqlstore::cluster::On;
use csqlstore::health::{
    self, Check, ClusterKind, ClusterVerdict, Expected, NodeReport, NodeVerdict, Report as Judgement, Scope, Thresholds,
};

use super::json::ReportJson;
use super::look::{LookArgs, narrowed, summary};
use super::{nagios, prometheus, status};
use crate::context::Context;
use crate::failure::{Failure, PluginStatus, Status};
use crate::ui::{Format, Report, Style, Ui, plain};

/// Say in one word how the nodes are, for Nagios, HAProxy or Prometheus
///
/// ok: every node is, and nothing between them is worth a warning; warning: a node is not, or something was noticed;
/// critical: no node may take sessions, fewer are well than a majority, there are two clusters, or the kind is not the
/// one expected. With `--on` it is about that node alone: a node that is degraded or drains is a warning, one that is
/// unusable or down is critical.
///
/// Exit status: 0 for ok, else 1. With `--format nagios`: 0, 1 and 2 for ok, warning and critical, and 3 whatever else
/// happens, a mistake on the command line too. With `--format haproxy`: 0 if the node may take sessions, else 1.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  csqlstore node check --format nagios --expect 3 --expect-kind galera
  csqlstore node check --format nagios --on n1 --interval 0s
  csqlstore node check --format haproxy --on n1          the line of an agent: up ready 100%, up drain, down #why
  csqlstore node check --format prometheus > node.prom.new; mv node.prom.new csqlstore-node.prom")]
pub(super) struct CheckArgs {
    /// Check this node alone
    #[arg(long, value_name = "NAME|auto", default_value = "auto", hide_default_value = true)]
    on: On,
    /// Warn unless the cluster has this many members by its own count; half of them or fewer are critical
    ///
    /// [default: as many as are configured, of which a lack is a warning]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    expect: Option<u64>,
    /// Be critical unless it is this: a node that came up without its cluster takes sessions that the others never see
    #[arg(long, value_name = "KIND", value_enum)]
    expect_kind: Option<KindName>,
    #[command(flatten)]
    look: LookArgs,
}

/// A kind of cluster, as it is typed.
#[derive(ValueEnum, Clone, Copy, Debug)]
enum KindName {
    Galera,
    GroupReplication,
    Replica,
    Standalone,
}

impl From<KindName> for ClusterKind {
    fn from(name: KindName) -> Self {
        match name {
            KindName::Galera => Self::Galera,
            KindName::GroupReplication => Self::GroupReplication,
            KindName::Replica => Self::Replica,
            KindName::Standalone => Self::Standalone,
        }
    }
}

pub(super) async fn run(args: &CheckArgs, cx: &Context, ui: &Ui) -> Result<Status, Failure> {
    let CheckArgs { on, expect, expect_kind, look } = args;
    let cluster = narrowed(cx.cluster()?, on)?;
    let scope = if *on == On::Auto && cluster.nodes().len() > 1 { Scope::Cluster } else { Scope::Node };
    if ui.format() == Format::Haproxy && scope == Scope::Cluster {
        let names: Vec<&str> = cluster.nodes().iter().map(csqlstore::cluster::Node::name).collect();
        let message = "`--format haproxy` is about one node, and there are several";
        return Err(Failure::request(message).hint(format!("name it with `--on`: {}", names.join(", "))));
    }
    let table = (scope == Scope::Cluster).then(|| cx.table());
    let report = look.look(&cluster, table).await;
    let expected = Expected { size: *expect, kind: expect_kind.map(Into::into) };
    let check = health::check(&report, scope, &expected);
    ui.answer(&CheckReport {
        cluster: cluster.name(),
        report: &report,
        scope,
        check,
        thresholds: look.thresholds(),
        expected,
        format: ui.format(),
    })
}

/// How it is.
pub(super) struct CheckReport<'a> {
    pub(super) cluster: &'a str,
    pub(super) report: &'a Judgement,
    pub(super) scope: Scope,
    pub(super) check: Check,
    pub(super) thresholds: Thresholds,
    pub(super) expected: Expected,
    format: Format,
}

#[derive(Serialize)]
struct CheckJson<'a> {
    check: &'static str,
    problems: &'a [String],
    #[serde(flatten)]
    report: ReportJson<'a>,
}

impl CheckReport<'_> {
    /// The state in a few words, and then what is the matter.
    pub(super) fn text(&self) -> String {
        let state = match (self.scope, self.report.nodes.as_slice()) {
            (Scope::Node, [node]) => {
                let state = node.state.as_deref().map_or_else(String::new, |state| format!(" ({state})"));
                format!("{} is {}{state}", node.name, node.verdict.as_str())
            }
            _ => summary(self.report),
        };
        // That a node is what it is was said in its reason.
        let problems = match (self.scope, self.check.problems.as_slice()) {
            (Scope::Node, [only])
                if only.starts_with(&format!("{}: ", state.split(" (").next().unwrap_or_default())) =>
            {
                return plain(only);
            }
            (_, problems) => problems,
        };
        let each = std::iter::once(&state).chain(problems).map(|text| plain(text));
        each.collect::<Vec<_>>().join("; ")
    }

    /// The line that HAProxy's agent-check reads.
    fn haproxy(&self) -> String {
        match self.report.nodes.as_slice() {
            [node] => agent_line(node),
            // Whoever asks for several was refused.
            _ => "down #which node?\n".to_owned(),
        }
    }
}

/// Writes what HAProxy is to do with a node, with a line feed. "ready" takes an earlier "drain" back, "up" an earlier "down".
///
/// # Source
///
/// HAProxy 2.6, Configuration Manual, `agent-check`.
pub(super) fn agent_line(node: &NodeReport) -> String {
    // The description ends with the line; what stands in it is for people.
    let why = || plain(node.reason.as_deref().unwrap_or_default());
    match (node.verdict, node.usable) {
        (NodeVerdict::Ok, true) => "up ready 100%\n".to_owned(),
        (NodeVerdict::Degraded, true) => "up ready 50%\n".to_owned(),
        (NodeVerdict::Draining, _) => "up drain\n".to_owned(),
        // It is well, and somebody else takes the sessions.
        (NodeVerdict::Ok | NodeVerdict::Degraded, false) => {
            format!("down #{} takes no sessions\n", plain(node.state.as_deref().unwrap_or("it")))
        }
        (NodeVerdict::Unusable | NodeVerdict::Down, _) => format!("down #{}\n", why()),
    }
}

impl Report for CheckReport<'_> {
    fn json(&self) -> impl Serialize {
        let Check { verdict, problems } = &self.check;
        CheckJson { check: verdict.as_str(), problems, report: ReportJson::from(self.report) }
    }

    fn human(&self, style: &Style) -> String {
        let word = status::word(self.check.verdict, style);
        let problems = self.check.problems.iter().map(|problem| format!("  {}\n", plain(problem)));
        let nodes = status::nodes(self.report, style);
        let (_, table) = nodes.split_once("\n\n").unwrap_or_default();
        format!("{word}: {}\n{}\n{table}", summary(self.report), problems.collect::<String>())
    }

    fn dialect(&self, format: Format) -> Option<String> {
        match format {
            Format::Nagios => Some(nagios::line(self)),
            Format::Haproxy => Some(self.haproxy()),
            Format::Prometheus => {
                let at = jiff::Timestamp::now();
                let Self { cluster, report, check, .. } = self;
                let measured = prometheus::Measured { cluster, report, verdict: check.verdict, at };
                Some(prometheus::exposition(&measured).into_text())
            }
            Format::Human | Format::Json => None,
        }
    }

    fn status(&self) -> Status {
        let yes = match self.format {
            Format::Nagios => return Status::Plugin(PluginStatus::from(self.check.verdict)),
            Format::Haproxy => {
                self.report.nodes.iter().all(|node| node.usable && node.verdict != NodeVerdict::Draining)
            }
            Format::Human | Format::Json | Format::Prometheus => self.check.verdict == ClusterVerdict::Ok,
        };
        if yes { Status::Done } else { Status::No }
    }
}
