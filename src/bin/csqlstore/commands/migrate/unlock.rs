//! `csqlstore migrate unlock`.

use clap::Args;
use serde::Serialize;

use csqlstore::lease::{self, Life, Name, Trace};

use super::holder::HolderJson;
use super::{OnArgs, usable};
use crate::context::Context;
use crate::failure::{Failure, Status};
use crate::ui::{Report, Style, Ui, plain};

/// Free the lease of a runner that is gone
///
/// A runner that was killed leaves its lease behind, which ends by itself: after half a minute, or after an ALTER's
/// time. This shows who holds it, since when and on which connection, looks on that server whether the connection is
/// still there and what it runs, and frees the lease if it is gone. One that is alive, or that cannot be looked for, is
/// freed only with `--epoch N`, the number of the holding that was shown, and never any other holding. A holder that was
/// alive after all stops at its next step and records nothing.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  csqlstore migrate unlock --dry-run          who holds it, and whether he is still there
  csqlstore migrate unlock --yes              free it, if he is gone
  csqlstore migrate unlock --epoch 7          free the holding of epoch 7, whatever became of its holder
  csqlstore migrate unlock --lease purge      the lease of `csqlstore purge` and the cleanup event")]
pub(crate) struct UnlockArgs {
    /// Which lease: migrate, purge or rekey
    #[arg(long = "lease", value_name = "NAME", default_value_t = Name::Migrate)]
    name: Name,
    /// Show who holds it, and free nothing
    #[arg(long)]
    dry_run: bool,
    /// Free the holding of this number, and no other, though its holder may be alive
    #[arg(long, value_name = "N")]
    epoch: Option<u64>,
    #[command(flatten)]
    on: OnArgs,
}

pub(crate) async fn run(args: &UnlockArgs, cx: &Context, ui: &Ui) -> Result<Status, Failure> {
    let UnlockArgs { name, dry_run, epoch, on } = args;
    let mut usable = usable(on, cx).await?;
    let connection = &mut usable.connection;
    let traced = lease::trace(cx.cluster()?, connection, cx.table(), *name).await?;
    let mut report =
        UnlockReport { table: cx.table().name(), name: *name, trace: traced.as_ref(), dry_run: *dry_run, freed: false };
    if let Some(trace) = &traced {
        fits(trace, *epoch)?;
        if !dry_run {
            agreed(&report, trace, epoch.is_some(), ui)?;
            report.freed = lease::free(connection, cx.table(), *name, &trace.holder).await?;
            if !report.freed {
                return Err(Failure::new(Status::NotNow, "the lease has changed hands meanwhile; nothing was freed")
                    .hint("`csqlstore migrate unlock --dry-run` shows who holds it now"));
            }
        }
    }
    usable.connection.close().await;
    ui.answer(&report)
}

/// Refuses an epoch that is not the holder's.
fn fits(trace: &Trace, epoch: Option<u64>) -> Result<(), Failure> {
    match epoch {
        Some(epoch) if epoch != trace.holder.epoch => Err(Failure::new(
            Status::NotNow,
            format!("the lease is held in epoch {}, not {epoch}: by {}", trace.holder.epoch, trace.holder),
        )
        .hint("nothing was freed; look again with `--dry-run`")),
        _ => Ok(()),
    }
}

/// Makes sure that the holder is gone and somebody agrees, or that the holding was named.
fn agreed(report: &UnlockReport<'_>, trace: &Trace, named: bool, ui: &Ui) -> Result<(), Failure> {
    if named {
        return Ok(());
    }
    let epoch = trace.holder.epoch;
    let refuse = |status, message| Err(Failure::new(status, message));
    let all_the_same = format!("`--epoch {epoch}` frees the lease all the same");
    match &trace.connection {
        Life::Gone => {
            if ui.is_for_people() {
                ui.note(held_text(report, trace).trim_end());
            }
            ui.confirm(&format!("Free the lease `{}` of `{}`?", report.name, plain(report.table)))
        }
        Life::Alive { .. } => {
            let kill = trace.node.as_deref().map_or_else(String::new, |node| {
                format!("`KILL {}` on node `{}` ends it; ", trace.connection_id, plain(node))
            });
            let left = if trace.is_at_work() { ", though the server still runs that statement" } else { "" };
            refuse(Status::NotNow, format!("{}; {}", held_line(report, trace), life_text(trace)))
                .map_err(|failure| failure.hint(format!("{kill}{all_the_same}{left}")))
        }
        Life::Unseen { grant } => {
            refuse(Status::Request, format!("{}; {}", held_line(report, trace), life_text(trace)))
                .map_err(|failure| failure.hint(format!("somebody with the right to may run: {grant}; {all_the_same}")))
        }
        Life::Unreached { .. } => refuse(Status::NotNow, format!("{}; {}", held_line(report, trace), life_text(trace)))
            .map_err(|failure| failure.hint(format!("if its holder is known to be gone, {all_the_same}"))),
    }
}

struct UnlockReport<'a> {
    table: &'a str,
    name: Name,
    trace: Option<&'a Trace>,
    dry_run: bool,
    freed: bool,
}

#[derive(Serialize)]
struct UnlockJson<'a> {
    lease: &'static str,
    table: &'a str,
    dry_run: bool,
    freed: bool,
    /// Null if it is free.
    holder: Option<HolderJson<'a>>,
    connection: Option<ConnectionJson<'a>>,
}

#[derive(Serialize)]
struct ConnectionJson<'a> {
    id: u64,
    node: Option<&'a str>,
    /// `alive`, `gone`, `unseen` for want of a right, `unreached` if its server could not be asked.
    life: &'static str,
    command: Option<&'a str>,
    for_s: Option<u64>,
    state: Option<&'a str>,
    statement: Option<&'a str>,
    reason: Option<&'a str>,
    grant: Option<&'a str>,
}

impl<'a> From<&'a Trace> for ConnectionJson<'a> {
    fn from(trace: &'a Trace) -> Self {
        let Trace { holder: _, connection_id, node, connection } = trace;
        let mut json = Self {
            id: *connection_id,
            node: node.as_deref(),
            life: "gone",
            command: None,
            for_s: None,
            state: None,
            statement: None,
            reason: None,
            grant: None,
        };
        match connection {
            Life::Gone => {}
            Life::Alive { command, for_s, state, statement } => {
                json.life = "alive";
                (json.command, json.for_s, json.state) = (Some(command.as_str()), Some(*for_s), Some(state.as_str()));
                json.statement = statement.as_deref();
            }
            Life::Unseen { grant } => (json.life, json.grant) = ("unseen", Some(grant.as_str())),
            Life::Unreached { reason } => (json.life, json.reason) = ("unreached", Some(reason.as_str())),
        }
        json
    }
}

fn held_line(report: &UnlockReport<'_>, trace: &Trace) -> String {
    let (name, table, holder) = (report.name, plain(report.table), &trace.holder);
    format!("the lease `{name}` of `{table}` is held by {holder}, epoch {}", holder.epoch)
}

/// What became of the holder's connection, as a fragment.
fn life_text(trace: &Trace) -> String {
    let Trace { holder, connection_id: id, node, connection } = trace;
    let at = match node {
        Some(node) => format!("its connection {id} on node `{}`", plain(node)),
        None => format!("its connection {id} on {}", plain(&holder.node)),
    };
    match connection {
        Life::Gone => format!("{at} is gone"),
        Life::Alive { command, for_s, state, statement } => {
            let doing = if state.is_empty() { String::new() } else { format!(", {}", plain(state)) };
            let statement = statement.as_deref().map_or_else(String::new, |sql| format!(": {}", start(sql)));
            format!("{at} is there ({} for {for_s} s{doing}){statement}", plain(command))
        }
        Life::Unseen { .. } => format!("{at} may be there: this account may not see it"),
        Life::Unreached { reason } => format!("{at} cannot be looked for: {}", plain(reason)),
    }
}

/// Enough of a statement to know it by.
fn start(sql: &str) -> String {
    const SHOWN: usize = 120;
    let text: String = sql.chars().take(SHOWN).collect();
    format!("{}{}", plain(&text), if text.len() < sql.len() { "…" } else { "" })
}

fn held_text(report: &UnlockReport<'_>, trace: &Trace) -> String {
    let sentence = |text: String| {
        let mut chars = text.chars();
        chars.next().map_or_else(String::new, |first| format!("{}{}.\n", first.to_uppercase(), chars.as_str()))
    };
    format!("{}{}", sentence(held_line(report, trace)), sentence(life_text(trace)))
}

impl Report for UnlockReport<'_> {
    fn json(&self) -> impl Serialize {
        let Self { table, name, trace, dry_run, freed } = self;
        UnlockJson {
            lease: name.as_str(),
            table,
            dry_run: *dry_run,
            freed: *freed,
            holder: trace.map(|trace| HolderJson::from(&trace.holder)),
            connection: trace.map(ConnectionJson::from),
        }
    }

    fn human(&self, style: &Style) -> String {
        let Some(trace) = self.trace else {
            return format!("The lease `{}` of `{}` is free: there is nothing to do.\n", self.name, plain(self.table));
        };
        let mut text = held_text(self, trace);
        if self.freed {
            let goes_on = match self.name {
                Name::Migrate => "`csqlstore migrate up` goes on where it was",
                Name::Purge => "`csqlstore purge` goes on where it was",
                Name::Rekey => "`csqlstore session rekey` goes on where it was",
            };
            text.push_str(&format!(
                "{} If its holder is alive after all, he stops at his next step; {goes_on}.\n",
                style.good("Freed.")
            ));
        } else if self.dry_run {
            text.push_str("This was a dry run: nothing was freed.\n");
        }
        text
    }
}
