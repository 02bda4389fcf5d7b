//! `csqlstore event remove`.

use clap::Args;
use serde::Serialize;

use csqlstore::cluster::{Cluster, Refusal};
use csqlstore::event::{self, Removal};
use csqlstore::schema::Table;

use super::name;
use crate::failure::{Failure, Status};
use crate::ui::{Report, Style, Ui, plain};

/// Remove the event from every node
///
/// A run that has begun ends as it would. That there is no such event is said, and no error. A node that is down loses it
/// when it comes back to its cluster.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  csqlstore event remove
  csqlstore event remove --event AutoDeleteOldSession --yes")]
pub(super) struct RemoveArgs {
    /// The event's name [default: csqlstore_purge_TABLE]
    #[arg(long, value_name = "NAME")]
    event: Option<String>,
}

pub(super) async fn run(args: &RemoveArgs, cluster: &Cluster, table: &Table, ui: &Ui) -> Result<Status, Failure> {
    let RemoveArgs { event } = args;
    let removal = event::removal(cluster, &name(event.as_deref(), table)?, table).await?;
    let Removal { event, table, on, unseen } = &removal;
    for Refusal { node, reason, .. } in unseen {
        ui.warning(format_args!("node `{}` could not be asked for the event: {}", plain(node), plain(reason)));
    }
    if on.is_empty() {
        return ui.answer(&RemoveReport { removal: &removal });
    }
    let nodes: Vec<&str> = on.iter().map(|(node, _)| node.as_str()).collect();
    ui.confirm(&format!("Remove event `{event}`, which cleans `{table}` up, from {}?", plain(&nodes.join(", "))))?;
    event::remove(cluster, &removal).await?;
    ui.answer(&RemoveReport { removal: &removal })
}

/// What was removed from where; nothing if it was nowhere.
struct RemoveReport<'a> {
    removal: &'a Removal,
}

#[derive(Serialize)]
struct RemoveJson<'a> {
    event: &'a str,
    removed: bool,
    nodes: Vec<NodeJson<'a>>,
    unseen: Vec<&'a str>,
}

#[derive(Serialize)]
struct NodeJson<'a> {
    node: &'a str,
    /// The server's word for the state that it was in.
    status: &'a str,
}

impl Report for RemoveReport<'_> {
    fn json(&self) -> impl Serialize {
        let Removal { event, table: _, on, unseen } = self.removal;
        RemoveJson {
            event: event.as_str(),
            removed: !on.is_empty(),
            nodes: on.iter().map(|(node, status)| NodeJson { node, status }).collect(),
            unseen: unseen.iter().map(|refusal| refusal.node.as_str()).collect(),
        }
    }

    fn human(&self, _: &Style) -> String {
        let Removal { event, table: _, on, unseen } = self.removal;
        let event = plain(event.as_str());
        if on.is_empty() {
            let which = if unseen.is_empty() { "no node has an" } else { "no node that answers has an" };
            return format!("{which} event `{event}`: there is nothing to remove\n");
        }
        let nodes: Vec<String> =
            on.iter().map(|(node, status)| format!("{} ({})", plain(node), plain(status))).collect();
        format!("event `{event}` removed from {}\n", nodes.join(", "))
    }
}
