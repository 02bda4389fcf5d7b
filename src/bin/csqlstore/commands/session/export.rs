//! `csqlstore session export`.

use clap::Args;

use csqlstore::fleet::{Opener, Stored};

use super::line;
use super::scanned::{FilterArgs, Line, written};
use crate::commands::verify::VerifyArgs;
use crate::context::Context;
use crate::failure::{Failure, Status};
use crate::ui::{Piece, Ui};

/// Write all sessions, one JSON object a line
///
/// Each line has what `session show --format json` has under `session`. A row that does not open has `error` in place of
/// its values, and is counted by reason on standard error. With `--raw` nothing is opened, and no key is needed: `data` is
/// what the row holds.
///
/// What is exported is what keys protect: the output is as secret as they are.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  csqlstore session export > sessions.ndjson
  csqlstore session export --active | jq -r 'select(.values.user_id == 42) | .id'
  csqlstore session export --raw --expired | gzip > expired.ndjson.gz")]
pub(super) struct ExportArgs {
    /// Write the data as it is stored, without opening it
    #[arg(long)]
    raw: bool,
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    pub(super) verify: VerifyArgs,
}

pub(super) async fn run(args: &ExportArgs, cx: &Context, ui: &Ui) -> Result<Status, Failure> {
    let ExportArgs { raw, filter, verify } = args;
    // A request that lacks something is refused before anybody is asked for a key.
    cx.cluster()?;
    let opener = if *raw { None } else { Some(verify.verifier(cx, ui)?.opener()?) };
    let work = move |rows: Vec<Stored>| write(&rows, opener.as_ref());
    // What is exported is the answer, in every format.
    let (ended, count) = written(filter, (cx, ui), work).await?;
    ended.tell("exported", &count.unreadable, ui);
    Ok(ended.status())
}

fn write(rows: &[Stored], opener: Option<&Opener>) -> Piece<Line> {
    let mut piece = Piece::new();
    for stored in rows {
        let text = &mut piece.text;
        let line = match opener.map(|opener| opener.open(stored)) {
            None => {
                line::raw(&stored.row, stored.data.as_deref(), text);
                Line::Found
            }
            Some(Ok(data)) => {
                line::whole(&stored.row, &data, text);
                Line::Found
            }
            Some(Err(reason)) => {
                line::unreadable(&stored.row, &reason, text);
                Line::Unreadable(reason)
            }
        };
        piece.end_line(line);
    }
    piece
}
