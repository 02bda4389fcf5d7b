//! `csqlstore migrate verify`.

use clap::Args;
use serde::Serialize;

use csqlstore::cluster::Class;
use csqlstore::migrate::verify::{self, Against, Difference, Seen, Sight, Verdict};

use super::holder::HolderJson;
use super::listed;
use crate::context::Context;
use crate::failure::{Failure, Status};
use crate::ui::{Report, Style, Table, Ui, plain};

/// Compare every node's schema with what is expected, and with the other nodes
///
/// Asks all nodes at once for the session table, csqlstore's own tables and the history. Nodes of one cluster can
/// differ: a statement with `wsrep_on=OFF`, or under RSU, changes one of them alone. Drift is shown as a diff and ends
/// with exit status 4. A wider `id`, indexes and columns of your own are told and are no drift. A node that is down is
/// named (3, if nothing is worse), and so is a table that the account may not see (2, with the GRANT). Exit status 1: all is as
/// recorded, and something is pending. Writes nothing.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  csqlstore migrate verify                  from cron, or after work on a single node
  csqlstore --format json migrate verify    each difference with its nodes, expected and found

A diff reads like this: the index is missing on n2, and n1 and n3 have it.
  --- expected
  +++ n2: session_cluster
  -KEY `expire_on` (`expire_on`)")]
pub(crate) struct VerifyArgs {}

pub(crate) async fn run(args: &VerifyArgs, cx: &Context, ui: &Ui) -> Result<Status, Failure> {
    let VerifyArgs {} = args;
    let sights = verify::look(cx.cluster()?, cx.table()).await?;
    let verdict = verify::judge(cx.table(), &sights);
    ui.answer(&VerifyReport { table: cx.table().name(), sights: &sights, verdict: &verdict })
}

struct VerifyReport<'a> {
    table: &'a str,
    sights: &'a [Sight],
    verdict: &'a Verdict,
}

#[derive(Serialize)]
struct VerifyJson<'a> {
    /// `ok`, `pending`, `drift`, or `unseen` if not all could be looked at.
    verdict: &'static str,
    table: &'a str,
    pending: usize,
    nodes: Vec<NodeJson<'a>>,
    differences: Vec<DifferenceJson<'a>>,
    notes: Vec<NoteJson<'a>>,
    denied: Vec<DeniedJson<'a>>,
    /// Who migrates at this moment.
    holder: Option<HolderJson<'a>>,
}

#[derive(Serialize)]
struct NodeJson<'a> {
    node: &'a str,
    /// `ok`, `differs`, `denied` or `unseen`.
    verdict: &'static str,
    database: Option<&'a str>,
    /// Why it could not be looked at.
    reason: Option<&'a str>,
    /// Why what it says may be a moment old.
    stale: Option<&'a str>,
}

#[derive(Serialize)]
struct DifferenceJson<'a> {
    nodes: &'a [String],
    table: &'a str,
    item: &'a str,
    expected: Option<&'a str>,
    found: Option<&'a str>,
    /// The nodes that have what is expected; null if it is what the migrations make.
    compared_with: Option<&'a [String]>,
}

impl<'a> From<&'a Difference> for DifferenceJson<'a> {
    fn from(difference: &'a Difference) -> Self {
        let Difference { nodes, against, table, item, expected, found } = difference;
        Self {
            nodes,
            table,
            item,
            expected: expected.as_deref(),
            found: found.as_deref(),
            compared_with: match against {
                Against::Expected => None,
                Against::Nodes(nodes) => Some(nodes),
            },
        }
    }
}

#[derive(Serialize)]
struct NoteJson<'a> {
    nodes: &'a [String],
    table: &'a str,
    text: &'a str,
}

#[derive(Serialize)]
struct DeniedJson<'a> {
    nodes: &'a [String],
    table: &'a str,
    grant: &'a str,
}

impl<'a> VerifyReport<'a> {
    fn node_json(&self, sight: &'a Sight) -> NodeJson<'a> {
        let Sight { node, seen } = sight;
        let there: Option<&Seen> = seen.as_ref().ok();
        NodeJson {
            node,
            verdict: self.of_node(sight),
            database: there.map(|seen| seen.database.as_str()),
            reason: seen.as_ref().err().map(|refusal| refusal.reason.as_str()),
            stale: there.and_then(|seen| seen.stale.as_deref()),
        }
    }

    fn of_node(&self, sight: &Sight) -> &'static str {
        let of = |nodes: &[String]| nodes.contains(&sight.node);
        if sight.seen.is_err() {
            "unseen"
        } else if self.verdict.differences.iter().any(|difference| of(&difference.nodes)) {
            "differs"
        } else if self.verdict.denied.iter().any(|denied| of(&denied.nodes)) {
            "denied"
        } else {
            "ok"
        }
    }
}

impl Report for VerifyReport<'_> {
    fn json(&self) -> impl Serialize {
        let Verdict { seen: _, differences, notes, pending, unseen: _, denied, holder } = self.verdict;
        VerifyJson {
            verdict: match self.status() {
                Status::Done => "ok",
                Status::No => "pending",
                Status::Unexpected => "drift",
                _ => "unseen",
            },
            table: self.table,
            pending: pending.len(),
            nodes: self.sights.iter().map(|sight| self.node_json(sight)).collect(),
            differences: differences.iter().map(DifferenceJson::from).collect(),
            notes: notes.iter().map(|of| NoteJson { nodes: &of.nodes, table: &of.table, text: &of.text }).collect(),
            denied: denied
                .iter()
                .map(|of| DeniedJson { nodes: &of.nodes, table: &of.table, grant: &of.grant })
                .collect(),
            holder: holder.as_ref().map(HolderJson::from),
        }
    }

    fn human(&self, style: &Style) -> String {
        let verdict = self.verdict;
        let mut table = Table::new(&["NODE", "SCHEMA"], style);
        for sight in self.sights {
            let word = match (self.of_node(sight), &sight.seen) {
                (_, Err(refusal)) => style.bad(format!("not seen: {}", plain(&refusal.reason))),
                ("differs", _) => style.bad("differs"),
                ("denied", _) => style.warn("not to be seen by this account"),
                (_, Ok(seen)) => as_expected(verdict, seen, style),
            };
            table.row([plain(&sight.node), word]);
        }
        let mut text = table.text();
        text.push_str(&diff(verdict, style));
        for note in &verdict.notes {
            let line = format!("note: {} on {}: {}", plain(&note.table), note.nodes.join(", "), plain(&note.text));
            text.push_str(&format!("\n{}\n", style.dim(line)));
        }
        for denied in &verdict.denied {
            let which = format!("`{}` cannot be seen on {}.", plain(&denied.table), denied.nodes.join(", "));
            text.push_str(&format!(
                "\n{} Somebody with the right to may run: {}\n",
                style.warn(which),
                plain(&denied.grant)
            ));
        }
        if let Some(holder) = &verdict.holder {
            text.push_str(&format!("\nSomebody migrates at this moment, and what differs may pass: {holder}\n"));
        }
        text.push_str(&advice(verdict));
        if !verdict.pending.is_empty() {
            let left = style.warn(format!("Pending: {}.", listed(&verdict.pending)));
            text.push_str(&format!("\n{left} `csqlstore migrate plan` shows what `csqlstore migrate up` would do.\n"));
        }
        text
    }

    fn status(&self) -> Status {
        let Verdict { differences, pending, unseen, denied, .. } = self.verdict;
        if !differences.is_empty() {
            Status::Unexpected
        } else if !denied.is_empty() || unseen.iter().any(|of| of.refusal.class == Class::Config) {
            Status::Request
        } else if !unseen.is_empty() {
            Status::NotNow
        } else if !pending.is_empty() {
            Status::No
        } else {
            Status::Done
        }
    }
}

/// Says of a node that it is as it should be, as far as was seen.
fn as_expected(verdict: &Verdict, seen: &Seen, style: &Style) -> String {
    let pending = if verdict.pending.is_empty() { "" } else { ", up to what is pending" };
    match &seen.stale {
        Some(reason) => style.warn(format!("as expected{pending}, a moment ago: {}", plain(reason))),
        None if verdict.pending.is_empty() => style.good("as expected"),
        None => format!("as expected{pending}"),
    }
}

/// The differences, those of the same nodes in the same table under one heading.
fn diff(verdict: &Verdict, style: &Style) -> String {
    let mut text = String::new();
    let mut before: Option<(&Against, &[String], &str)> = None;
    for Difference { nodes, against, table, item, expected, found } in &verdict.differences {
        if before != Some((against, nodes, table)) {
            before = Some((against, nodes, table));
            let with = match against {
                Against::Expected => "expected".to_owned(),
                Against::Nodes(nodes) => nodes.join(", "),
            };
            let heading = format!("--- {with}\n+++ {}: {}", nodes.join(", "), plain(table));
            text.push_str(&format!("\n{}\n", style.bold(heading)));
        }
        let named = |line: &str| if item == "order of columns" { format!("({})", plain(line)) } else { plain(line) };
        if let Some(line) = expected {
            text.push_str(&format!("{}\n", style.good(format!("-{}", named(line)))));
        }
        if let Some(line) = found {
            text.push_str(&format!("{}\n", style.bad(format!("+{}", named(line)))));
        }
    }
    text
}

/// What mends the differences.
fn advice(verdict: &Verdict) -> String {
    let by_hand = |difference: &Difference| difference.item.starts_with("column") || difference.item == "engine";
    let (mut local, mut columns, mut others) = (false, false, false);
    for difference in &verdict.differences {
        local |= verdict.is_local(difference);
        columns |= !verdict.is_local(difference) && by_hand(difference);
        others |= !verdict.is_local(difference) && !by_hand(difference);
    }
    let mut text = String::new();
    if local {
        text.push_str(
            "\nSome nodes differ from the others: a statement was run on one of them alone. No statement for the whole\n\
             cluster mends that, and it might fail where it was run already. Run what is missing on that node alone,\n\
             after `SET SESSION wsrep_on=OFF`, or have the node take a full copy (SST) of another.\n",
        );
    }
    if others {
        text.push_str(
            "\n`csqlstore migrate repair` makes the history say what the table shows; then `csqlstore migrate up` brings\n\
             what is missing.\n",
        );
    }
    if columns {
        text.push_str("\nA column is mended by an ALTER of your own: the line with `-` says what it should be.\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use csqlstore::migrate::verify::View;

    use super::*;

    #[test]
    fn a_node_is_as_expected_up_to_what_is_pending_and_as_of_when() {
        let pending = verify::judge(&csqlstore::schema::Table::default(), &[sight(None)]).pending;
        assert_eq!(pending.len(), 3);
        let stale = Some("no answer within 3s");
        for (pending, stale, expected) in [
            (vec![], None, "as expected"),
            (vec![], stale, "as expected, a moment ago: no answer within 3s"),
            (pending.clone(), None, "as expected, up to what is pending"),
            (pending, stale, "as expected, up to what is pending, a moment ago: no answer within 3s"),
        ] {
            let sights = [sight(stale)];
            let verdict = Verdict { seen: vec!["n1".into()], pending, ..Verdict::default() };
            let report = VerifyReport { table: "session_cluster", sights: &sights, verdict: &verdict };
            let text = report.human(&Style { colors: false });
            let line = text.lines().nth(1).expect("a line for the node");
            assert_eq!(line.strip_prefix("n1").map(str::trim), Some(expected), "{text}");
        }
    }

    /// A node on which nothing was migrated.
    fn sight(stale: Option<&str>) -> Sight {
        let seen = Seen {
            database: "sessions".into(),
            session: View::Missing,
            history_table: View::Missing,
            leases: View::Missing,
            history: Vec::new(),
            holder: None,
            stale: stale.map(str::to_owned),
        };
        Sight { node: "n1".into(), seen: Ok(seen) }
    }
}
