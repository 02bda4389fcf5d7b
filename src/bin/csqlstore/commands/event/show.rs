//! `csqlstore event show`.

use clap::Args;
use serde::Serialize;

use csqlstore::cluster::Cluster;
use csqlstore::event::{self, Shown, Stored};
use csqlstore::schema::Table;

use super::{ChoicesArgs, name};
use crate::failure::{Failure, Status};
use crate::ui::{Report, Style, Ui, plain};

/// Show the event in SQL: as the nodes store it, and as `install` would write it
///
/// With the options of `install`, the second part is what they would make of it: for somebody else to run, who has the
/// right to. It goes to the node that is to run the event, as it stands, into the server's own client.
///
/// Exit status 1 says that no node has such an event.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  csqlstore event show
  csqlstore event show --event AutoDeleteOldSession
  csqlstore event show --every 10m --format json | jq -r '.install.statements[]'")]
pub(super) struct ShowArgs {
    #[command(flatten)]
    choices: ChoicesArgs,
    /// The event's name [default: csqlstore_purge_TABLE]
    #[arg(long, value_name = "NAME")]
    event: Option<String>,
}

pub(super) async fn run(args: &ShowArgs, cluster: &Cluster, table: &Table, ui: &Ui) -> Result<Status, Failure> {
    let ShowArgs { choices, event } = args;
    let shown = event::show(cluster, &name(event.as_deref(), table)?, table, &choices.choices()).await?;
    ui.answer(&ShowReport(shown))
}

struct ShowReport(Shown);

#[derive(Serialize)]
struct ShowJson<'a> {
    event: &'a str,
    installed: bool,
    nodes: Vec<NodeJson<'a>>,
    install: InstallJson<'a>,
}

#[derive(Serialize)]
struct NodeJson<'a> {
    node: &'a str,
    /// The server's word, or `MISSING`, or `UNSEEN`.
    status: &'a str,
    definer: Option<&'a str>,
    time_zone: Option<&'a str>,
    statement: Option<&'a str>,
    reason: Option<&'a str>,
}

#[derive(Serialize)]
struct InstallJson<'a> {
    /// Whether some node has the event enabled, and just so.
    same: bool,
    every_s: u64,
    grace_s: u64,
    batch: u32,
    max_time_s: u64,
    statements: &'a [String],
}

impl ShowReport {
    fn installed(&self) -> bool {
        self.0.nodes.iter().any(|stored| stored.event.is_some())
    }
}

fn status(stored: &Stored) -> &str {
    match (&stored.event, &stored.unseen) {
        (Some(found), _) => &found.status,
        (None, Some(_)) => "UNSEEN",
        (None, None) => "MISSING",
    }
}

impl Report for ShowReport {
    fn json(&self) -> impl Serialize {
        let Shown { event, nodes, definition, same, statements } = &self.0;
        ShowJson {
            event: event.as_str(),
            installed: self.installed(),
            nodes: nodes
                .iter()
                .map(|stored| NodeJson {
                    node: &stored.node,
                    status: status(stored),
                    definer: stored.event.as_ref().map(|found| found.definer.as_str()),
                    time_zone: stored.event.as_ref().map(|found| found.time_zone.as_str()),
                    statement: stored.statement.as_deref(),
                    reason: stored.unseen.as_deref(),
                })
                .collect(),
            install: InstallJson {
                same: *same,
                every_s: definition.every().as_secs(),
                grace_s: definition.grace().as_secs(),
                batch: definition.batch(),
                max_time_s: definition.max_time().as_secs(),
                statements,
            },
        }
    }

    fn human(&self, _: &Style) -> String {
        let Shown { event, nodes, same, statements, .. } = &self.0;
        let mut text = format!("-- event {}\n", plain(event.as_str()));
        for stored in nodes {
            let reason = stored.unseen.as_deref().map(|reason| format!(" ({})", plain(reason))).unwrap_or_default();
            text.push_str(&format!("-- node {}: {}{reason}\n", plain(&stored.node), plain(status(stored))));
        }
        for (statement, on) in told_apart(nodes) {
            // A comment of each line, so that the whole can go into a client.
            text.push_str(&format!("\n-- as stored on {}, which says:\n", on.join(", ")));
            for line in statement.lines() {
                text.push_str(&format!("--   {}\n", plain(line)));
            }
        }
        let head = if *same {
            "the same, as `csqlstore event install` writes it"
        } else {
            "as `csqlstore event install` would write it"
        };
        text.push_str(&format!("\n-- {head}:\nDELIMITER //\n"));
        for statement in statements {
            text.push_str(&lines(statement));
            text.push_str("//\n");
        }
        text.push_str("DELIMITER ;\n");
        text
    }

    fn status(&self) -> Status {
        if self.installed() { Status::Done } else { Status::No }
    }
}

/// The statements that nodes store, each once with the names of its nodes; whether it is enabled there has been said.
fn told_apart(nodes: &[Stored]) -> Vec<(&str, Vec<String>)> {
    let without_state = |stored: &Stored| {
        stored.event.clone().map(|found| csqlstore::event::Found {
            status: String::new(),
            last_executed: None,
            ..found
        })
    };
    let mut apart: Vec<(Option<csqlstore::event::Found>, &str, Vec<String>)> = Vec::new();
    for stored in nodes {
        let Some(statement) = stored.statement.as_deref() else { continue };
        let (event, node) = (without_state(stored), plain(&stored.node));
        match apart.iter_mut().find(|(same, ..)| *same == event) {
            Some((.., on)) => on.push(node),
            None => apart.push((event, statement, vec![node])),
        }
    }
    apart.into_iter().map(|(_, statement, on)| (statement, on)).collect()
}

/// A statement with its lines, and nothing else that a terminal would act on.
fn lines(statement: &str) -> String {
    statement.lines().map(plain).collect::<Vec<_>>().join("\n")
}
