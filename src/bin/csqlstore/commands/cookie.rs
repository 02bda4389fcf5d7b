//! `csqlstore cookie`.

use clap::{Args, Subcommand};
use jiff::Timestamp;
use serde::Serialize;

use csqlstore::session::{self, Cookie};

use super::shown::{ShownArgs, answer_unverified};
use super::stored::{RowArgs, Stored, StoredJson, missing, signed};
use super::verify::VerifyArgs;
use crate::context::Context;
use crate::failure::{Failure, Status, Unopened};
use crate::input;
use crate::ui::{Report, Style, Ui, View, facts, moment, plain};

/// Read session cookies
#[derive(Args, Debug)]
pub(crate) struct CookieArgs {
    #[command(subcommand)]
    command: CookieCommand,
}

#[derive(Subcommand, Debug)]
enum CookieCommand {
    Decode(DecodeArgs),
}

/// Decode a session cookie, and show the session that it belongs to
///
/// The cookie comes from the argument or, without one or with `-`, from standard input (which, unlike a command line,
/// is not seen by others on the machine: a cookie is a login). It may be the value alone, `name=value`, or a whole
/// `Cookie:` or `Set-Cookie:` header. Of several cookies, the first that verifies under a name asked for is taken; one
/// that brings its own name needs no `--name`.
///
/// Exit status 1: it does not verify (standard error says why: what became of it under each key and each name, and what
/// can be seen of it), there is no such session any more (the cookie is still
/// shown), or the session's data verifies under no key; 4: cookie or data verifies, and is not what it should be.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  csqlstore cookie decode --key-file keys 'session-key=MTc5NTM5…'
  csqlstore cookie decode --key-file keys --offline < headers.txt
  csqlstore cookie decode --key-file keys --name session-key --format json MTc5NTM5…
  csqlstore cookie decode --unverified MTc5NTM5…     what it claims, with no key to prove it")]
struct DecodeArgs {
    /// The cookie; `-` or nothing for standard input
    #[arg(value_name = "COOKIE")]
    cookie: Option<String>,
    /// Decode the cookie alone, and ask no server for its session
    #[arg(long, conflicts_with_all = ["on", "grace"])]
    offline: bool,
    #[command(flatten)]
    shown: ShownArgs,
    #[command(flatten)]
    row: RowArgs,
    #[command(flatten)]
    verify: VerifyArgs,
}

impl CookieArgs {
    /// How values are verified.
    pub(crate) fn verify(&self) -> &VerifyArgs {
        let CookieCommand::Decode(args) = &self.command;
        &args.verify
    }
}

pub(crate) async fn run(args: &CookieArgs, cx: &Context, ui: &Ui) -> Result<Status, Failure> {
    let CookieArgs { command } = args;
    match command {
        CookieCommand::Decode(args) => decode(args, cx, ui).await,
    }
}

async fn decode(args: &DecodeArgs, cx: &Context, ui: &Ui) -> Result<Status, Failure> {
    let DecodeArgs { cookie, offline, shown, row, verify } = args;
    if !offline && !shown.unverified {
        // A request that lacks something is refused before anybody is asked for a key.
        cx.cluster().map_err(or_offline)?;
    }
    let verifier = verify.verifier_for(*shown, cx, ui)?;
    let text = input::text(cookie.as_deref(), "the cookie", ui).await?;
    let opened = verifier.as_ref().ok_or(Unopened::NoKey).and_then(|it| Ok((it, it.cookie(&text, ui)?)));
    let (verifier, cookie) = match opened {
        Ok(opened) => opened,
        Err(unopened) if shown.unverified && unopened.is_unverified() => {
            // One that has not even the form of a cookie claims nothing, and why says so.
            let claims = session::cookie_claims(cx.names(), &text).map_err(|error| unopened.claims_nothing(error))?;
            return answer_unverified(&claims, &unopened, shown.view(Timestamp::now()), ui);
        }
        Err(unopened) => return Err(unopened.into()),
    };
    let view = shown.view(verifier.now());
    let answer = |session| ui.answer(&DecodeReport { cookie: &cookie, session, view });
    if *offline {
        return answer(Session::NotAsked);
    }
    let Some(found) = row.load(&cookie.id, cx, ui).await.map_err(or_offline)? else {
        answer(Session::Gone)?;
        return Err(missing(&cookie.id, cx).hint("it was deleted or purged; Go gives such a cookie a new session"));
    };
    let stored = found.open(std::slice::from_ref(&cookie.name), Some(verifier), *shown, ui);
    let status = answer(Session::Stored(&stored))?;
    stored.failure().map_or(Ok(status), Err)
}

/// Adds that the cookie alone can be had without a server.
fn or_offline(failure: Failure) -> Failure {
    let alone = "`--offline` decodes the cookie alone";
    let hint = failure.hint.as_ref().map_or_else(|| alone.to_owned(), |hint| format!("{hint}; {alone}"));
    failure.hint(hint)
}

/// What became of the cookie's session.
enum Session<'a> {
    NotAsked,
    Gone,
    Stored(&'a Stored),
}

struct DecodeReport<'a> {
    cookie: &'a Cookie,
    session: Session<'a>,
    view: View,
}

#[derive(Serialize)]
struct DecodeJson<'a> {
    cookie: CookieJson,
    session: Option<StoredJson<'a>>,
}

#[derive(Serialize)]
struct CookieJson {
    name: String,
    id: String,
    /// Null if the id tells no time.
    created_at: Option<String>,
    signed_at: String,
    age_s: i64,
    key: usize,
    encrypted: bool,
}

impl Report for DecodeReport<'_> {
    fn json(&self) -> impl Serialize {
        let Self { cookie, session, view: _ } = self;
        DecodeJson {
            cookie: CookieJson {
                name: cookie.name.clone(),
                id: cookie.id.as_str().to_owned(),
                created_at: cookie.id.created_at().map(|at| at.to_string()),
                signed_at: cookie.signed_at.to_string(),
                age_s: cookie.age_s,
                key: cookie.key,
                encrypted: cookie.encrypted,
            },
            session: match session {
                Session::NotAsked | Session::Gone => None,
                Session::Stored(stored) => Some(stored.json()),
            },
        }
    }

    fn human(&self, style: &Style) -> String {
        let Self { cookie, session, view: View { now, .. } } = self;
        let mut about = vec![("id", plain(cookie.id.as_str()))];
        if let Some(at) = cookie.id.created_at() {
            about.push(("created", moment(at, *now)));
        }
        about.push(("signed", signed(cookie.signed_at, *now, cookie.key, cookie.encrypted)));
        let text = format!("Cookie {}\n{}", style.bold(plain(&cookie.name)), facts(&about, style));
        match session {
            Session::NotAsked => text,
            Session::Gone => format!("{text}\nIts session is gone.\n"),
            Session::Stored(stored) => format!("{text}\n{}", stored.human(style)),
        }
    }
}
