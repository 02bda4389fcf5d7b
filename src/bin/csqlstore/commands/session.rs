//! `csqlstore session`.

mod delete;
mod export;
mod find;
mod line;
mod list;
mod rekey;
mod scanned;
mod stats;

use clap::{Args, Subcommand};
use jiff::Timestamp;
use serde::Serialize;

use csqlstore::session::{self, Data, Id};

use super::shown::{ShownArgs, answer_unverified};
use super::stored::{OpenedJson, RowArgs, Stored, StoredJson, missing, signed};
use super::verify::{KeyArgs, VerifyArgs};
use crate::context::Context;
use crate::failure::{Failure, Status, Unopened};
use crate::input;
use crate::ui::{Report, Style, Ui, View, facts, plain, values};

/// List, read, find, count, export, delete and re-sign sessions
#[derive(Args, Debug)]
pub(crate) struct SessionArgs {
    #[command(subcommand)]
    command: SessionCommand,
}

#[derive(Subcommand, Debug)]
enum SessionCommand {
    List(list::ListArgs),
    Show(ShowArgs),
    Find(find::FindArgs),
    Stats(stats::StatsArgs),
    Export(export::ExportArgs),
    Delete(delete::DeleteArgs),
    Rekey(rekey::RekeyArgs),
    Decode(DecodeArgs),
}

/// Show one session by its id: its state, and what it holds
///
/// The id is what `csqlstore cookie decode` shows for a user's cookie. Whether the session is active, expired or
/// purgeable (expired for longer than `--grace`) goes by the server's clock.
///
/// Exit status 1: there is no such session, or its data verifies under no key; 4: it verifies, and holds no session.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  csqlstore session show --key-file keys --name session-key 2026-11-22T09:30:00.5Z12345
  csqlstore session show --format json … | jq .session.values.user_id")]
struct ShowArgs {
    /// The session's id
    #[arg(value_name = "ID")]
    id: String,
    #[command(flatten)]
    shown: ShownArgs,
    #[command(flatten)]
    row: RowArgs,
    #[command(flatten)]
    verify: VerifyArgs,
}

/// Decode what a row holds in `data`, without a server
///
/// The data comes from the argument or, without one or with `-`, from standard input; white space around it is passed
/// over. It is verified, decrypted where it is encrypted, and shown with the Go types of its values.
///
/// Exit status 1: it does not verify; standard error says why: what became of it under each key and each name, and what
/// can be seen of it. 4: it verifies, and holds no session.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  csqlstore session decode --key-file keys --name session-key MTc5NTM5…
  mysql -N -e \"SELECT data FROM session_cluster WHERE id = '…'\" sess |
    csqlstore session decode --key-file keys --name session-key
  csqlstore session decode --max-age 0 …        one that was signed more than 30 days ago
  csqlstore session decode --unverified …       what it claims, with no key to prove it")]
struct DecodeArgs {
    /// The row's data; `-` or nothing for standard input
    #[arg(value_name = "DATA")]
    data: Option<String>,
    #[command(flatten)]
    shown: ShownArgs,
    #[command(flatten)]
    verify: VerifyArgs,
}

impl SessionArgs {
    /// Where keys are and under which names they verify, where any are wanted.
    pub(crate) fn verifying(&self) -> Option<(&KeyArgs, &[String])> {
        let verify = match &self.command {
            SessionCommand::List(_) => return None,
            SessionCommand::Rekey(args) => return Some((&args.keys, &args.names)),
            SessionCommand::Show(args) => &args.verify,
            SessionCommand::Find(args) => &args.verify,
            SessionCommand::Stats(args) => &args.verify,
            SessionCommand::Export(args) => &args.verify,
            SessionCommand::Delete(args) => &args.verify,
            SessionCommand::Decode(args) => &args.verify,
        };
        Some((&verify.keys, &verify.names))
    }

    /// Whether the command hears a signal itself and reports.
    pub(crate) fn finishes_its_batch(&self) -> bool {
        match &self.command {
            SessionCommand::Find(_)
            | SessionCommand::Stats(_)
            | SessionCommand::Export(_)
            | SessionCommand::Delete(_) => true,
            SessionCommand::Rekey(_) => true,
            SessionCommand::List(_) | SessionCommand::Show(_) | SessionCommand::Decode(_) => false,
        }
    }
}

pub(crate) async fn run(args: &SessionArgs, cx: &Context, ui: &Ui) -> Result<Status, Failure> {
    let SessionArgs { command } = args;
    match command {
        SessionCommand::List(args) => list::run(args, cx, ui).await,
        SessionCommand::Find(args) => find::run(args, cx, ui).await,
        SessionCommand::Stats(args) => stats::run(args, cx, ui).await,
        SessionCommand::Export(args) => export::run(args, cx, ui).await,
        SessionCommand::Delete(args) => delete::run(args, cx, ui).await,
        SessionCommand::Rekey(args) => rekey::run(args, cx, ui).await,
        SessionCommand::Show(args) => show(args, cx, ui).await,
        SessionCommand::Decode(args) => decode(args, cx, ui).await,
    }
}

async fn show(args: &ShowArgs, cx: &Context, ui: &Ui) -> Result<Status, Failure> {
    let ShowArgs { id, shown, row, verify } = args;
    // A request that lacks something is refused before anybody is asked for a key.
    cx.cluster()?;
    let verifier = verify.verifier_for(*shown, cx, ui)?;
    let names = match &verifier {
        Some(verifier) if !shown.unverified => verifier.names()?,
        _ => cx.names(),
    };
    let id = Id::new(id.trim());
    let Some(found) = row.load(&id, cx, ui).await? else {
        let missing = missing(&id, cx);
        let is_cookie = id.created_at().is_none() && id.as_str().len() > 40;
        return Err(if is_cookie { missing.hint("`csqlstore cookie decode` takes a cookie") } else { missing });
    };
    let stored = found.open(names, verifier.as_ref(), *shown, ui);
    let status = ui.answer(&ShowReport { session: &stored })?;
    stored.failure().map_or(Ok(status), Err)
}

async fn decode(args: &DecodeArgs, cx: &Context, ui: &Ui) -> Result<Status, Failure> {
    let DecodeArgs { data, shown, verify } = args;
    let verifier = verify.verifier_for(*shown, cx, ui)?;
    if let Some(verifier) = verifier.as_ref().filter(|_| !shown.unverified) {
        verifier.names()?;
    }
    let text = input::text(data.as_deref(), "the row's data", ui).await?;
    if text.trim().is_empty() {
        return Err(Failure::new(Status::No, "the value is empty"));
    }
    match verifier.as_ref().ok_or(Unopened::NoKey).and_then(|it| Ok((it, it.data(&text, ui)?))) {
        Ok((verifier, data)) => ui.answer(&DecodeReport { data: &data, view: shown.view(verifier.now()) }),
        Err(unopened) if shown.unverified && unopened.is_unverified() => {
            // What has not even the form of signed data claims nothing, and why says so.
            let claims = session::claims(&text).map_err(|error| unopened.claims_nothing(error))?;
            answer_unverified(&claims, &unopened, shown.view(Timestamp::now()), ui)
        }
        Err(unopened) => Err(unopened.into()),
    }
}

/// A session's row.
struct ShowReport<'a> {
    session: &'a Stored,
}

#[derive(Serialize)]
struct ShowJson<'a> {
    session: StoredJson<'a>,
}

impl Report for ShowReport<'_> {
    fn json(&self) -> impl Serialize {
        ShowJson { session: self.session.json() }
    }

    fn human(&self, style: &Style) -> String {
        self.session.human(style)
    }
}

/// A row's data alone.
struct DecodeReport<'a> {
    data: &'a Data,
    view: View,
}

#[derive(Serialize)]
struct DecodeJson<'a> {
    session: DataJson<'a>,
}

#[derive(Serialize)]
struct DataJson<'a> {
    name: String,
    #[serde(flatten)]
    opened: OpenedJson<'a>,
}

impl Report for DecodeReport<'_> {
    fn json(&self) -> impl Serialize {
        let Self { data, view: _ } = self;
        DecodeJson { session: DataJson { name: data.name.clone(), opened: OpenedJson::of(data) } }
    }

    fn human(&self, style: &Style) -> String {
        let Self { data, view } = self;
        let signed = signed(data.signed_at, view.now, data.key, data.encrypted);
        let about = [("name", plain(&data.name)), ("signed", signed)];
        format!("{}\n{}\n{}", style.bold("Session data"), facts(&about, style), values(&data.values, view, style))
    }
}
