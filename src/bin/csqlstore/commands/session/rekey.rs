//! `csqlstore session rekey`.

use std::collections::BTreeMap;
use std::time::Duration;

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use csqlstore::cluster::On;
use csqlstore::fleet::{self, Keys, Paced, Rekeyed, Rekeying, Resealer, Resigning, Step};
use csqlstore::pacing::{self, Leasing, Limits};
use csqlstore::securecookie::Keyring;

use super::scanned::tell;
use crate::commands::beats::Beats;
use crate::commands::verify::KeyArgs;
use crate::context::Context;
use crate::failure::{Failure, Status};
use crate::stop::Signal;
use crate::ui::{Report, Style, Table, Ui, seconds};

/// Sign all live sessions anew, under the first key
///
/// Every session that has not expired and that another key than the first verifies is signed by the first, and encrypted if
/// that has a block key, or else not. What a session holds, the date it was signed with, its expiry and `modify_at` stay as
/// they are. A session that its application saves meanwhile is read again. What is interrupted goes on when it is run again.
/// One rekey runs at a time in the whole cluster.
///
/// The cookies in browsers are signed with the same keys, and no command reaches them. The order that signs nobody out:
///
///   1. give every server the keys OLD,NEW, the old one first; wait until the last has them: all verify NEW now
///   2. give every server the keys NEW,OLD, the new one first; wait until the last has them
///   3. run `csqlstore session rekey` with the keys NEW,OLD
///   4. take OLD from the servers when every cookie signed by it was issued anew, or is past its max age
///
/// A key that leaked is disarmed only by step 4: until then whoever has it can make cookies that are believed.
///
/// Sessions that no key verifies, that hold no session, or that encryption would make longer than the 4096 bytes that Go
/// reads, stay as they are, are counted, and the exit status is 4; 5 says that sessions are saved under an old key all the
/// time: some server still signs with one.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  csqlstore session rekey --dry-run --key-file new --key-file old --name session-key    sessions by key, and the order
  csqlstore session rekey --yes --key-file new --key-file old --name session-key")]
pub(super) struct RekeyArgs {
    /// Count the sessions by key, say in which order keys are changed, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Sign this many rows at a time [default: 50 to 1000, as fast as the server is]
    #[arg(long, value_name = "ROWS", value_parser = clap::value_parser!(u64).range(1..=10_000))]
    batch: Option<u64>,
    /// Aim at batches that take this long
    #[arg(long, value_name = "DURATION", default_value = "100ms")]
    target: humantime::Duration,
    /// Start on this node; if it is lost, any usable one takes over
    #[arg(long, value_name = "NAME|auto", default_value = "auto")]
    on: On,
    /// Wait this long while somebody else signs anew
    #[arg(long, value_name = "DURATION", default_value = "0s", hide_default_value = true)]
    wait: humantime::Duration,
    /// Leave sessions as they are that would grow beyond this; 0 for no limit
    #[arg(long, value_name = "BYTES", default_value_t = 4096)]
    max_length: usize,
    #[command(flatten)]
    pub(super) keys: KeyArgs,
    /// Verify under this session name, which is the cookie's name (repeatable) [default: $CSQLSTORE_NAMES or the configuration's names]
    #[arg(long = "name", value_name = "NAME", help_heading = "Verifying")]
    pub(super) names: Vec<String>,
}

pub(super) async fn run(args: &RekeyArgs, cx: &Context, ui: &Ui) -> Result<Status, Failure> {
    let RekeyArgs { dry_run, batch, target, on, wait, max_length, keys: _, names: _ } = args;
    let table = (cx.cluster()?, cx.table());
    let keyring = cx.keyring(ui)?;
    if cx.names().is_empty() {
        let place = csqlstore::Place::here();
        return Err(csqlstore::securecookie::Error::NoName { place }.into());
    }
    let most = Some(*max_length).filter(|most| *most > 0);
    let resealer = Resealer::new(keyring.clone(), cx.names().to_vec(), Timestamp::now()).most(most);
    let limits = match batch {
        Some(rows) => Limits::fixed((*target).into(), *rows),
        None => Limits::adaptive((*target).into()),
    };
    let paced = Paced { on: on.clone(), limits, ..Paced::default() };
    let found = match look((table, &resealer), &paced, (cx, ui)).await? {
        Ok(found) => found,
        Err(signal) => return Ok(signal.status()),
    };
    if *dry_run || found.old() - found.too_long.min(found.old()) == 0 {
        return ui.answer(&RekeyReport {
            keyring: &keyring,
            found: &found,
            done: None,
            signal: None,
            dry_run: *dry_run,
        });
    }
    fleet::changeable(table, on).await?;
    let old = found.old();
    ui.preview(|style| found_text(&keyring, &found, style));
    ui.confirm(&format!("Sign {} anew?", sessions(old)))?;
    let resigning = Resigning { paced, leasing: Leasing::Take { wait: (*wait).into() } };
    let (done, failure) = work((table, &resealer), &resigning, (old, cx, ui)).await;
    // Where nothing was begun there is nothing to report.
    if !matches!(failure, Some(fleet::Error::Lease(_))) {
        let signal = cx.stop().signal().filter(|_| done.interrupted);
        let report = RekeyReport { keyring: &keyring, found: &found, done: Some(&done), signal, dry_run: false };
        let status = ui.answer(&report)?;
        return failure.map_or(Ok(status), |error| Err(error.into()));
    }
    failure.map_or(Ok(Status::Done), |error| Err(error.into()))
}

type Place<'a> = ((&'a csqlstore::cluster::Cluster, &'a csqlstore::schema::Table), &'a Resealer);

/// Counts the sessions by key.
async fn look(
    (table, resealer): Place<'_>,
    paced: &Paced,
    (cx, ui): (&Context, &Ui),
) -> Result<Result<Keys, Signal>, Failure> {
    let bar = ui.progress("counting", None);
    let stop = pacing::Stop::new();
    let mut rows = 0;
    let on_step = |step: &Step<()>| {
        if let Step::Worked { rows: more, .. } = step {
            rows += more;
            bar.say(format!("{rows} rows"));
        }
        bar.aside(|| tell(step, ui));
    };
    tokio::select! {
        found = fleet::keys(table, resealer, paced, &stop, on_step) => Ok(Ok(found?.0)),
        signal = cx.stop().requested() => Ok(Err(signal)),
    }
}

async fn work(
    (table, resealer): Place<'_>,
    resigning: &Resigning,
    (old, cx, ui): (u64, &Context, &Ui),
) -> (Rekeyed, Option<fleet::Error>) {
    let bar = ui.progress("signing anew", Some(old));
    let stop = pacing::Stop::new();
    let mut beats = Beats::new(&bar, ui, ("signs anew", "changed"));
    let on_step = |step: Rekeying<'_>| match step {
        Rekeying::Batch { rows, took, rekeyed } => beats.batch(rows, took, rekeyed),
        Rekeying::Beat(beat) => beats.beat(&beat),
        Rekeying::Scanned(step) => bar.aside(|| tell(step, ui)),
        Rekeying::Again { rows } => {
            bar.aside(|| ui.detail(format_args!("{rows} rows were saved meanwhile, and are read again")));
        }
        // A step that a later version of the library adds.
        _ => {}
    };
    let work = fleet::rekey(table, resealer, resigning, &stop, on_step);
    let mut work = std::pin::pin!(work);
    tokio::select! {
        ended = &mut work => ended,
        signal = cx.stop().requested() => {
            bar.aside(|| ui.note(format_args!("{}: finishing the batch", signal.name())));
            stop.ask();
            work.await
        }
    }
}

struct RekeyReport<'a> {
    keyring: &'a Keyring,
    found: &'a Keys,
    /// Nothing on a dry run, or where nothing was to be done.
    done: Option<&'a Rekeyed>,
    signal: Option<Signal>,
    dry_run: bool,
}

#[derive(Serialize)]
struct RekeyJson<'a> {
    dry_run: bool,
    /// Live sessions.
    rows: u64,
    /// Live sessions by the key that verified them when they were found.
    keys: Vec<KeyJson>,
    rekeyed: u64,
    /// Saved by their application under the first key meanwhile.
    renewed: u64,
    /// Deleted meanwhile.
    gone: u64,
    /// Saved under an old key again and again.
    left: u64,
    too_long: u64,
    unreadable: &'a BTreeMap<&'static str, u64>,
    batches: u64,
    retries: u64,
    throttled_s: f64,
    elapsed_s: f64,
    node: Option<&'a str>,
    stopped: Option<&'static str>,
}

#[derive(Serialize)]
struct KeyJson {
    key: usize,
    encrypts: bool,
    rows: u64,
}

impl RekeyReport<'_> {
    /// The sessions as they were found; those that the work itself saw count where it saw any.
    fn keys(&self) -> &Keys {
        match self.done {
            Some(done) if done.keys.rows > 0 => &done.keys,
            _ => self.found,
        }
    }
}

impl Report for RekeyReport<'_> {
    fn json(&self) -> impl Serialize {
        let Self { keyring, found: _, done, signal: _, dry_run } = self;
        let keys = self.keys();
        let count = |count: fn(&Rekeyed) -> u64| done.map_or(0, count);
        let time = |time: fn(&Rekeyed) -> Duration| seconds(done.map_or(Duration::ZERO, time));
        let each = keyring.pairs().iter().enumerate().map(|(at, pair)| KeyJson {
            key: at + 1,
            encrypts: pair.encrypts(),
            rows: keys.by_key.get(&(at + 1)).copied().unwrap_or(0),
        });
        RekeyJson {
            dry_run: *dry_run,
            rows: keys.rows,
            keys: each.collect(),
            rekeyed: count(|it| it.rekeyed),
            renewed: count(|it| it.renewed),
            gone: count(|it| it.gone),
            left: count(|it| it.left),
            too_long: keys.too_long,
            unreadable: keys.unreadable.by_reason(),
            batches: count(|it| it.batches),
            retries: count(|it| it.retries),
            throttled_s: time(|it| it.throttled),
            elapsed_s: time(|it| it.elapsed),
            node: done.and_then(|it| it.node.as_deref()),
            stopped: done.and_then(|it| match it {
                Rekeyed { interrupted: true, .. } => Some("interrupted"),
                Rekeyed { lease_lost: true, .. } => Some("lease-lost"),
                Rekeyed { outrun: true, .. } => Some("outrun"),
                _ => None,
            }),
        }
    }

    fn human(&self, style: &Style) -> String {
        let Self { keyring, found: _, done, signal: _, dry_run } = self;
        let keys = self.keys();
        let mut text = found_text(keyring, keys, style);
        let mut line = |part: String| {
            text.push_str(&part);
            text.push('\n');
        };
        match done {
            None if *dry_run => line(order(keys, style)),
            None => line("\nNo session has to be signed anew.".into()),
            Some(done) => {
                let Rekeyed { rekeyed, renewed, gone, left, batches, elapsed, throttled, .. } = done;
                let batch = if *batches == 1 { "batch" } else { "batches" };
                let mut ended = format!(
                    "\nSigned {} anew: {batches} {batch} in {} s",
                    style.bold(sessions(*rekeyed)),
                    seconds(*elapsed)
                );
                if !throttled.is_zero() {
                    ended.push_str(&format!(", {} s of it waiting for the cluster", seconds(*throttled)));
                }
                line(ended);
                if *renewed > 0 {
                    line(format!("{} were saved under the first key meanwhile.", sessions(*renewed)));
                }
                if *gone > 0 {
                    line(format!("{} were deleted meanwhile.", sessions(*gone)));
                }
                if *left > 0 {
                    let left = sessions(*left);
                    line(style.warn(format!(
                        "{left} are saved under an old key again and again: which server still signs with it?"
                    )));
                }
                if done.interrupted {
                    line(style.warn("It was interrupted; run it again to go on."));
                } else if done.outrun {
                    line(
                        style.warn(
                            "Sessions are saved under an old key all the time: which server still signs with it?",
                        ),
                    );
                } else if done.lease_lost {
                    line(style.warn("The lease was lost: somebody else signs anew now."));
                } else {
                    line(LAST.into());
                }
            }
        }
        text
    }

    fn status(&self) -> Status {
        let keys = self.keys();
        match (self.done, self.signal) {
            (_, Some(signal)) => signal.status(),
            _ if self.dry_run => Status::Done,
            // Several causes at once: what is not as expected before what is not now, before what is left.
            _ if keys.too_long > 0 || keys.unreadable.total() > 0 => Status::Unexpected,
            (Some(done), None) if done.lease_lost => Status::NotNow,
            (Some(done), None) if done.left > 0 || done.outrun => Status::Stopped,
            _ => Status::Done,
        }
    }
}

fn sessions(count: u64) -> String {
    format!("{count} {}", if count == 1 { "session" } else { "sessions" })
}

/// The sessions by key, and those that stay as they are.
fn found_text(keyring: &Keyring, keys: &Keys, style: &Style) -> String {
    let mut table = Table::new(&["KEY", "ENCRYPTS", "LIVE SESSIONS", ""], style).right(2);
    for (at, pair) in keyring.pairs().iter().enumerate() {
        let rows = keys.by_key.get(&(at + 1)).copied().unwrap_or(0);
        let encrypts = if pair.encrypts() { "yes" } else { "no" };
        let word = if at == 0 { "signs" } else { "" };
        table.row([(at + 1).to_string(), encrypts.into(), rows.to_string(), word.into()]);
    }
    let mut text = table.text();
    if keys.too_long > 0 {
        let grow = format!("{} would grow beyond what Go reads, and stay as they are.", sessions(keys.too_long));
        text.push_str(&style.warn(grow));
        text.push('\n');
    }
    if keys.unreadable.total() > 0 {
        text.push_str(&style.warn(format!("{}; they stay as they are.", keys.unreadable)));
        text.push('\n');
    }
    text
}

/// What is left to do when all rows are signed anew.
const LAST: &str = "\
Take the old keys from the servers when every cookie signed by them was issued
anew, or is past its max age. A key that leaked is disarmed only then.";

/// The order that signs nobody out.
fn order(keys: &Keys, style: &Style) -> String {
    let old = keys.old().saturating_sub(keys.too_long);
    format!(
        "\n{}\n  1. Give every server these keys with the new one last, and wait until the last has\n     \
         them: a server that does not have it takes nothing that it signed.\n  \
         2. Give every server these keys in this order, the new one first, and wait again.\n  \
         3. Run `csqlstore session rekey` with them: it signs {} anew.\n  \
         4. Take the old keys from the servers when every cookie signed by them was\n     \
         issued anew, or is past its max age: browsers hold cookies that no command\n     \
         reaches. A key that leaked is disarmed only then.\n\
         This was a dry run: nothing was changed.",
        style.bold("The order that signs nobody out"),
        sessions(old)
    )
}
