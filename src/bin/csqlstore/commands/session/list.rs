//! `csqlstore session list`.

use clap::{Args, ValueEnum};
use jiff::Timestamp;
use serde::Serialize;

use csqlstore::cluster::Causality;
use csqlstore::fleet::{self, List, Order};
use csqlstore::session::State;

use super::scanned::FilterArgs;
use crate::context::Context;
use crate::failure::{Failure, Status};
use crate::ui::{Report, Style, Table, Ui, plain, shortly};

/// List sessions, without looking at what they hold
///
/// No key is needed. The newest come first, by their ids, which begin with the time at their writer.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  csqlstore session list                                 the newest hundred
  csqlstore session list --active --since 5m             who is here now
  csqlstore session list --sort bytes --limit 10         the largest
  csqlstore --format json session list | jq -r '.sessions[].id'")]
pub(super) struct ListArgs {
    /// List at most this many
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    limit: u32,
    /// Which come first; all but `created` have the server look at every row
    #[arg(long, value_name = "ORDER", default_value = "created")]
    sort: Sort,
    #[command(flatten)]
    filter: FilterArgs,
}

/// The words for an order.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Sort {
    /// The newest
    Created,
    /// Those written last
    Modified,
    /// Those that expire, or expired, soonest
    Expires,
    /// The largest
    Bytes,
}

impl From<Sort> for Order {
    fn from(sort: Sort) -> Self {
        match sort {
            Sort::Created => Self::Created,
            Sort::Modified => Self::Modified,
            Sort::Expires => Self::Expires,
            Sort::Bytes => Self::Bytes,
        }
    }
}

pub(super) async fn run(args: &ListArgs, cx: &Context, ui: &Ui) -> Result<Status, Failure> {
    let ListArgs { limit, sort, filter } = args;
    let table = (cx.cluster()?, cx.table());
    let list = fleet::list(table, &filter.on, &filter.filter(), ((*sort).into(), *limit)).await?;
    ui.detail(format_args!("reading from node `{}`", plain(&list.node)));
    if let Causality::Refused(reason) = &list.causality {
        let reason = plain(reason);
        ui.warning(format_args!("the answer may miss what other nodes have just committed: {reason}"));
    }
    ui.answer(&ListReport { list: &list, nothing: filter.nothing(cx.table()) })
}

struct ListReport<'a> {
    list: &'a List,
    /// What is said of no row.
    nothing: String,
}

#[derive(Serialize)]
struct ListJson<'a> {
    sessions: Vec<RowJson<'a>>,
    more: bool,
}

#[derive(Serialize)]
struct RowJson<'a> {
    id: &'a str,
    /// Null if the id tells no time.
    created_at: Option<Timestamp>,
    state: &'static str,
    /// Null for a date that is none; such a row counts as long past, as in SQL.
    expires_at: Option<Timestamp>,
    modified_at: Option<Timestamp>,
    bytes: u64,
}

impl Report for ListReport<'_> {
    fn json(&self) -> impl Serialize {
        let List { rows, more, .. } = self.list;
        let sessions = rows.iter().map(|row| RowJson {
            id: row.id.as_str(),
            created_at: row.id.created_at(),
            state: row.state.as_str(),
            expires_at: row.expires_at,
            modified_at: row.modified_at,
            bytes: row.bytes,
        });
        ListJson { sessions: sessions.collect(), more: *more }
    }

    fn human(&self, style: &Style) -> String {
        let List { rows, more, now, .. } = self.list;
        if rows.is_empty() {
            return self.nothing.clone();
        }
        let moment = |at: Option<Timestamp>| at.map_or_else(|| "-".into(), |at| shortly(at, *now));
        let mut table = Table::new(&["ID", "STATE", "EXPIRES", "WRITTEN", "BYTES"], style).right(4);
        for row in rows {
            let state = match row.state {
                State::Active => style.good(row.state),
                State::Expired | State::Purgeable => style.warn(row.state),
            };
            let bytes = row.bytes.to_string();
            table.row([plain(row.id.as_str()), state, moment(row.expires_at), moment(row.modified_at), bytes]);
        }
        let end = if *more { "There are more (`--limit`).\n" } else { "" };
        format!("{}{end}", table.text())
    }
}
