//! `csqlstore migrate status`.

use clap::Args;
use serde::Serialize;

use csqlstore::lease::{self, Holder, Name};
use csqlstore::migrate::{self, Depth, Standing, State};

use super::holder::HolderJson;
use super::running::word;
use super::{OnArgs, listed, usable, warn_if_stale};
use crate::context::Context;
use crate::failure::{Failure, Status};
use crate::ui::{Report, Style, Table, Ui, plain, seconds};

/// Show which migrations are applied and which are pending
///
/// Says as well whose run was interrupted, and who migrates at this moment. Writes nothing, not even csqlstore's own
/// tables. It looks at one node; `csqlstore migrate verify` compares all of them.
#[derive(Args, Debug)]
pub(crate) struct StatusArgs {
    /// Exit with status 1 if anything is pending, 4 if the table cannot be migrated
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    on: OnArgs,
}

pub(crate) async fn run(args: &StatusArgs, cx: &Context, ui: &Ui) -> Result<Status, Failure> {
    let StatusArgs { check, on } = args;
    let mut usable = usable(on, cx).await?;
    warn_if_stale(&usable, ui);
    let inspected = migrate::inspect(&mut usable.connection, usable.vitals.kind(), cx.table(), Depth::Schema).await?;
    let holder = match inspected.leases {
        true => lease::holder(&mut usable.connection, cx.table(), Name::Migrate).await?,
        false => None,
    };
    usable.connection.close().await;
    let status = migrate::status(&inspected);
    ui.answer(&StatusReport { table: cx.table().name(), status: &status, holder: holder.as_ref(), check: *check })
}

struct StatusReport<'a> {
    table: &'a str,
    status: &'a migrate::Status,
    holder: Option<&'a Holder>,
    check: bool,
}

#[derive(Serialize)]
struct StatusJson<'a> {
    pending: usize,
    /// Why the pending ones cannot be applied.
    misfit: Option<String>,
    migrations: Vec<StandingJson>,
    /// Who migrates at this moment.
    holder: Option<HolderJson<'a>>,
}

#[derive(Serialize)]
struct StandingJson {
    version: u32,
    name: &'static str,
    state: &'static str,
    applied_at: Option<String>,
    elapsed_s: Option<f64>,
    /// Whether the table has what the migration brings; null for a table of another shape altogether.
    present: Option<bool>,
    /// Whether it is recorded with the text that this program has.
    same_text: bool,
}

/// To the second, for people.
fn moment(standing: &Standing) -> String {
    standing.applied_at.map(|at| format!("{:.0}", at.0)).unwrap_or_default()
}

impl Report for StatusReport<'_> {
    fn json(&self) -> impl Serialize {
        let each = |standing: &Standing| StandingJson {
            version: standing.migration.version,
            name: standing.migration.name,
            state: word(standing.state),
            applied_at: standing.applied_at.map(|at| at.0.to_string()),
            elapsed_s: standing.elapsed.map(seconds),
            present: standing.present,
            same_text: standing.same_text,
        };
        StatusJson {
            pending: self.status.pending,
            misfit: self.status.misfit.as_ref().map(ToString::to_string),
            migrations: self.status.migrations.iter().map(each).collect(),
            holder: self.holder.map(HolderJson::from),
        }
    }

    fn human(&self, style: &Style) -> String {
        let mut table = Table::new(&["VERSION", "MIGRATION", "STATE", "RECORDED AT", "IN THE TABLE"], style);
        for standing in &self.status.migrations {
            let state = word(standing.state);
            table.row([
                standing.migration.version.to_string(),
                standing.migration.name.to_owned(),
                if standing.is_pending() { style.warn(state) } else { style.good(state) },
                moment(standing),
                match standing.present {
                    Some(true) => "yes",
                    Some(false) => "no",
                    None => "not comparable",
                }
                .to_owned(),
            ]);
        }
        let mut text = table.text();
        for standing in self.status.migrations.iter().filter(|standing| !standing.same_text) {
            let Standing { migration, .. } = standing;
            let told = format!(
                "{} {} is recorded with another text than this program has.\n",
                migration.version, migration.name
            );
            text.push_str(&style.bad(told));
        }
        let broken_off = |state| matches!(state, State::Running | State::Failed);
        let left = self.status.migrations.iter().filter(|standing| standing.state.is_some_and(broken_off));
        let left: Vec<_> = left.map(|standing| standing.migration).collect();
        if let Some(holder) = self.holder {
            text.push_str(&format!(
                "Somebody migrates at this moment: {holder}. `csqlstore migrate unlock --dry-run` shows whether he is still there.\n"
            ));
        } else if !left.is_empty() {
            text.push_str(&style.warn(format!("A run of {} was interrupted: ", listed(&left))));
            text.push_str("`csqlstore migrate up` goes on, `csqlstore migrate repair` only\nrecords what was done.\n");
        }
        text.push_str(&match (self.status.pending, &self.status.misfit) {
            (_, Some(misfit)) => style.bad(format!("`{}` cannot be migrated: {misfit}.\n", plain(self.table))),
            (0, None) => format!("`{}` is up to date.\n", plain(self.table)),
            (pending, None) => {
                format!("{pending} pending: `csqlstore migrate plan` shows what `csqlstore migrate up` would do.\n")
            }
        });
        text
    }

    fn status(&self) -> Status {
        match (self.check, &self.status.misfit) {
            (true, Some(_)) => Status::Unexpected,
            (true, None) if self.status.pending > 0 => Status::No,
            _ => Status::Done,
        }
    }
}
