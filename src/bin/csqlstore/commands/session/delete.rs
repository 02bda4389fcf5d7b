//! `csqlstore session delete`.

use std::collections::BTreeMap;
use std::time::Duration;

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use csqlstore::fleet::{self, Deleted, Deleting, Fetch, Opener, Paced, Query, Row, Stored, Target, Unreadable};
use csqlstore::pacing::{self, Limits};
use csqlstore::session::Id;

use super::scanned::{Ended, FilterArgs, scan};
use crate::commands::beats::Beats;
use crate::commands::verify::VerifyArgs;
use crate::context::Context;
use crate::failure::{Failure, Status};
use crate::stop::Signal;
use crate::ui::{Format, Report, Style, Table, Ui, plain, seconds, shortly};

/// Delete sessions: by their ids, or by what they hold
///
/// With `--where` every session is read and opened, and those go of which all conditions hold; `csqlstore session find` says
/// how conditions are written, and takes the same ones first. What would go is shown, and asked about; `--dry-run` only
/// shows it.
///
/// A session goes only if it is still as it was seen: one that its application has saved meanwhile stays, is counted, and the
/// exit status is 5. Rows go in batches that others do not feel, as those of `csqlstore purge` do. A deleted session signs its user
/// out: his cookie names a session that is no more.
///
/// What is to go is kept until it went: about 110 bytes of memory for each session.
///
/// Exit status 1: there is no session of one of the ids; the others are deleted all the same.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  csqlstore session delete 2026-11-22T09:30:00.5Z12345
  csqlstore session delete --where user.id=42              signs a user out everywhere
  csqlstore session delete --dry-run --where user.role=admin --active
  csqlstore session delete --yes --where 'login_at<2026-01-01T00:00:00Z'")]
pub(super) struct DeleteArgs {
    /// The ids of the sessions
    #[arg(value_name = "ID", required_unless_present = "conditions", conflicts_with = "conditions")]
    ids: Vec<String>,
    /// Delete sessions of which this holds: `KEY=VALUE`, `KEY<VALUE`, `KEY~REGEX`, `KEY exists`, … (several: all hold)
    #[arg(long = "where", value_name = "CONDITION", num_args = 1..)]
    conditions: Vec<String>,
    /// Show what would go, and delete nothing
    #[arg(long)]
    dry_run: bool,
    /// Delete this many rows at a time [default: 50 to 1000, as fast as the server is]
    #[arg(long, value_name = "ROWS", value_parser = clap::value_parser!(u64).range(1..=10_000))]
    batch: Option<u64>,
    /// Aim at batches that take this long
    #[arg(long, value_name = "DURATION", default_value = "100ms")]
    target: humantime::Duration,
    /// Delete from a table without any key too, a few rows at a time; every other node of a cluster then reads the whole
    /// table for each row
    #[arg(long)]
    without_key: bool,
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    pub(super) verify: VerifyArgs,
}

/// So many of the sessions that would go are shown to people, and in JSON.
const SHOWN: (usize, usize) = (20, 100);

/// What is to go.
struct Seen {
    targets: Vec<Target>,
    /// The first of them.
    shown: Vec<Row>,
    missing: Vec<Id>,
    unreadable: Unreadable,
}

pub(super) async fn run(args: &DeleteArgs, cx: &Context, ui: &Ui) -> Result<Status, Failure> {
    let DeleteArgs { ids, conditions, dry_run, batch, target, without_key, filter, verify } = args;
    let table = (cx.cluster()?, cx.table());
    let seen = if conditions.is_empty() {
        let ids: Vec<Id> = ids.iter().map(|id| Id::new(id.trim())).collect();
        // Until something is deleted there is no batch to finish.
        tokio::select! {
            seen = look_up(&ids, (filter, table)) => seen?,
            signal = cx.stop().requested() => return Ok(signal.status()),
        }
    } else {
        let query = Query::parse(conditions)?;
        let opener = verify.verifier(cx, ui)?.opener()?;
        match find((query, opener), filter, (cx, ui)).await? {
            Ok(seen) => seen,
            Err(ended) => return Ok(ended.status()),
        }
    };
    if !dry_run && !seen.targets.is_empty() {
        match fleet::deletable(table, &filter.on).await {
            // A server that refuses it refuses it whatever is asked for.
            Err(fleet::Error::NoKey { kind, .. }) if *without_key && !kind.refuses_keyless_rows() => {
                ui.warning("the table has no key: for each deleted row every other node reads all of it");
            }
            Err(error @ fleet::Error::NoKey { kind, .. }) if !kind.refuses_keyless_rows() => {
                let hint = "`csqlstore migrate up` adds the key; `--without-key` goes on";
                return Err(Failure::from(error).hint(hint));
            }
            outcome => outcome?,
        }
        if ui.format() != Format::Json {
            ui.note(preview(&seen.shown, seen.targets.len()));
        }
        let count = seen.targets.len();
        ui.confirm(&format!("Delete {count} {}?", if count == 1 { "session" } else { "sessions" }))?;
    }
    let Seen { targets, shown, missing, unreadable } = seen;
    let found = targets.len();
    let (done, failure) = if *dry_run || targets.is_empty() {
        (None, None)
    } else {
        let limits = match batch {
            Some(rows) => Limits::fixed((*target).into(), *rows),
            None if *without_key => Limits::tiny((*target).into()),
            None => Limits::adaptive((*target).into()),
        };
        let paced = Paced { on: filter.on.clone(), limits, ..Paced::default() };
        let (done, failure) = work(targets, &paced, (cx, ui)).await?;
        (Some(done), failure)
    };
    let signal = cx.stop().signal().filter(|_| done.as_ref().is_some_and(|done| done.interrupted));
    let report = DeleteReport { dry_run: *dry_run, found, shown, missing: &missing, unreadable, done, signal };
    let status = ui.answer(&report)?;
    match (failure, missing.as_slice()) {
        (Some(error), _) => Err(error.into()),
        // What else there is to say is worse than a session that is not there.
        (None, [first, ..]) if status == Status::Done => {
            let (first, table) = (plain(first.as_str()), plain(cx.table().name()));
            let more = if missing.len() > 1 { format!(", nor {} others", missing.len() - 1) } else { String::new() };
            Err(Failure::new(Status::No, format!("there is no session `{first}` in `{table}`{more}")))
        }
        _ => Ok(status),
    }
}

async fn look_up(
    ids: &[Id],
    (filter, table): (&FilterArgs, (&csqlstore::cluster::Cluster, &csqlstore::schema::Table)),
) -> Result<Seen, Failure> {
    if filter.picks() {
        return Err(Failure::request("`--active`, `--expired` and `--since` go with `--where`, and not with ids"));
    }
    let fleet::Looked { found, missing } = fleet::looked(table, &filter.on, &filter.filter(), ids).await?;
    let shown = found.iter().take(SHOWN.1).map(|(row, _)| row.clone()).collect();
    let targets = found.into_iter().map(|(_, target)| target).collect();
    Ok(Seen { targets, shown, missing, unreadable: Unreadable::default() })
}

/// Finds what is to go; a scan that was ended before its time has found too little.
async fn find(
    (query, opener): (Query, Opener),
    filter: &FilterArgs,
    (cx, ui): (&Context, &Ui),
) -> Result<Result<Seen, Ended>, Failure> {
    let work = move |rows: Vec<Stored>| {
        let (mut found, mut unreadable) = (Vec::new(), Unreadable::default());
        for stored in rows {
            match opener.open(&stored) {
                Ok(data) if query.holds(&data.values) => {
                    found.extend(Target::of(&stored).map(|target| (stored.row, target)));
                }
                Ok(_) => {}
                Err(reason) => unreadable.add(&reason),
            }
        }
        (found, unreadable)
    };
    let mut seen =
        Seen { targets: Vec::new(), shown: Vec::new(), missing: Vec::new(), unreadable: Unreadable::default() };
    let ended = scan(Fetch::Data, filter, (cx, ui), work, |(found, unreadable): (Vec<(Row, Target)>, Unreadable)| {
        seen.unreadable.merge(&unreadable);
        for (row, target) in found {
            if seen.shown.len() < SHOWN.1 {
                seen.shown.push(row);
            }
            seen.targets.push(target);
        }
    });
    let ended = ended.await?;
    ended.tell(&format!("{} of", seen.targets.len()), &seen.unreadable, ui);
    Ok(if ended.signal.is_some() { Err(ended) } else { Ok(seen) })
}

/// Deletes, shows its progress, and lets a signal end it after the current batch.
async fn work(
    targets: Vec<Target>,
    paced: &Paced,
    (cx, ui): (&Context, &Ui),
) -> Result<(Deleted, Option<fleet::Error>), Failure> {
    let bar = ui.progress("deleting", Some(targets.len() as u64));
    let stop = pacing::Stop::new();
    let mut beats = Beats::new(&bar, ui, ("deletes", "deleted"));
    let on_step = |step: Deleting<'_>| match step {
        Deleting::Batch { rows, took, deleted } => beats.batch(rows, took, deleted),
        Deleting::Beat(beat) => beats.beat(&beat),
        // A step that a later version of the library adds.
        _ => {}
    };
    let work = fleet::delete((cx.cluster()?, cx.table()), targets, paced, &stop, on_step);
    let mut work = std::pin::pin!(work);
    Ok(tokio::select! {
        ended = &mut work => ended,
        signal = cx.stop().requested() => {
            bar.aside(|| ui.note(format_args!("{}: finishing the batch", signal.name())));
            stop.ask();
            work.await
        }
    })
}

/// The first sessions that would go, as lines.
fn preview(rows: &[Row], count: usize) -> String {
    let mut table = Table::new(&["ID", "STATE", "EXPIRES", "WRITTEN", "BYTES"], &Style { colors: false }).right(4);
    for row in rows.iter().take(SHOWN.0) {
        let moment = |at: Option<Timestamp>| at.map_or_else(|| "-".into(), |at| shortly(at, row.seen_at));
        let (id, state) = (plain(row.id.as_str()), row.state.to_string());
        table.row([id, state, moment(row.expires_at), moment(row.modified_at), row.bytes.to_string()]);
    }
    let more = count.saturating_sub(SHOWN.0);
    let more = if more > 0 { format!("… and {more} more") } else { String::new() };
    format!("{}{more}", table.text()).trim_end().to_owned()
}

struct DeleteReport<'a> {
    dry_run: bool,
    found: usize,
    shown: Vec<Row>,
    missing: &'a [Id],
    unreadable: Unreadable,
    /// Nothing on a dry run, or where nothing was found.
    done: Option<Deleted>,
    signal: Option<Signal>,
}

#[derive(Serialize)]
struct DeleteJson<'a> {
    dry_run: bool,
    /// Sessions that were seen and were to go.
    matched: usize,
    deleted: u64,
    /// Saved by somebody after they were seen; they stay.
    changed: u64,
    /// Deleted by somebody else before.
    gone: u64,
    /// Ids of which there is no session.
    missing: Vec<&'a str>,
    /// Rows that did not open, by reason.
    unreadable: BTreeMap<&'static str, u64>,
    batches: u64,
    retries: u64,
    throttled_s: f64,
    elapsed_s: f64,
    node: Option<&'a str>,
    stopped: Option<&'static str>,
    /// The first hundred of those that matched.
    sessions: Vec<SeenJson<'a>>,
}

#[derive(Serialize)]
struct SeenJson<'a> {
    id: &'a str,
    state: &'static str,
    expires_at: Option<Timestamp>,
    modified_at: Option<Timestamp>,
    bytes: u64,
}

impl Report for DeleteReport<'_> {
    fn json(&self) -> impl Serialize {
        let Self { dry_run, found, shown, missing, unreadable, done, signal: _ } = self;
        let count = |count: fn(&Deleted) -> u64| done.as_ref().map_or(0, count);
        let time = |time: fn(&Deleted) -> Duration| seconds(done.as_ref().map_or(Duration::ZERO, time));
        DeleteJson {
            dry_run: *dry_run,
            matched: *found,
            deleted: count(|it| it.deleted),
            changed: count(|it| it.changed),
            gone: count(|it| it.gone),
            missing: missing.iter().map(Id::as_str).collect(),
            unreadable: unreadable.by_reason().clone(),
            batches: count(|it| it.batches),
            retries: count(|it| it.retries),
            throttled_s: time(|it| it.throttled),
            elapsed_s: time(|it| it.elapsed),
            node: done.as_ref().and_then(|it| it.node.as_deref()),
            stopped: done.as_ref().filter(|it| it.interrupted).map(|_| "interrupted"),
            sessions: shown
                .iter()
                .map(|row| SeenJson {
                    id: row.id.as_str(),
                    state: row.state.as_str(),
                    expires_at: row.expires_at,
                    modified_at: row.modified_at,
                    bytes: row.bytes,
                })
                .collect(),
        }
    }

    fn human(&self, style: &Style) -> String {
        let Self { dry_run, found, shown, missing: _, unreadable: _, done, signal: _ } = self;
        let sessions = |count: u64| format!("{count} {}", if count == 1 { "session" } else { "sessions" });
        let Some(done) = done else {
            if *found == 0 {
                return "There is no such session; nothing was deleted.\n".into();
            }
            let preview = preview(shown, *found);
            let would = style.bold(sessions(*found as u64));
            let end = if *dry_run { "\nThis was a dry run: nothing was deleted." } else { "" };
            return format!("{preview}\n{would} would go.{end}\n");
        };
        let Deleted { targets, deleted, changed, gone, batches, elapsed, throttled, .. } = done;
        let share = style.bold(format!("{deleted} of {}", sessions(*targets)));
        let batch = if *batches == 1 { "batch" } else { "batches" };
        let mut text = format!("Deleted {share}: {batches} {batch} in {} s", seconds(*elapsed));
        if !throttled.is_zero() {
            text.push_str(&format!(", {} s of it waiting for the cluster", seconds(*throttled)));
        }
        text.push('\n');
        if *changed > 0 {
            let were = if *changed == 1 { "was" } else { "were" };
            text.push_str(&style.warn(format!("{} {were} saved meanwhile, and stay.", sessions(*changed))));
            text.push('\n');
        }
        if *gone > 0 {
            text.push_str(&format!("{} had gone already.\n", sessions(*gone)));
        }
        if done.interrupted {
            text.push_str("It was interrupted; run it again to go on.\n");
        }
        text
    }

    fn status(&self) -> Status {
        match (&self.done, self.signal) {
            (_, Some(signal)) => signal.status(),
            (Some(done), None) if done.changed > 0 => Status::Stopped,
            _ => Status::Done,
        }
    }
}
