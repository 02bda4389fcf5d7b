//! `csqlstore session find`.

use clap::Args;

use csqlstore::fleet::{Opener, Query, Stored};

use super::line;
use super::scanned::{Count, FilterArgs, Line, written};
use crate::commands::verify::VerifyArgs;
use crate::context::Context;
use crate::failure::{Failure, Status};
use crate::ui::{Format, Piece, Ui, plain};

/// Find sessions by what they hold
///
/// Every session is read and opened, on all cores; ids are written as they are found, with `--format json` one object a
/// line. All conditions have to hold. A condition is a path, an operator (= != < > <= >= and ~ for a regular expression)
/// and a value, or a path and `exists`:
///
/// A path goes through structs, maps and lists by dots or brackets: `user.id`, `_flash[0]`, `seen["a key.with dots"]`.
///
/// A bare value is whatever it reads as: `42` finds the number and the text, `"42"` the text alone; `true`, `null` and
/// times in RFC 3339, under any offset, likewise. `!=` asks for a value that is there and another.
///
/// Rows that do not open are counted by reason on standard error, and do not stop it. Exit status 0 says that all was
/// read, whether or not anything was found.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  csqlstore session find user.id=42
  csqlstore session find --active user.role=admin 'login_at<2026-01-01T00:00:00Z'
  csqlstore session find '_flash[0]~^Welcome' 'mail exists'
  csqlstore session find 'user.id=\"42\"'                    the text, and not the number
  csqlstore --format json session find user.id=42 | jq .values")]
pub(super) struct FindArgs {
    /// What has to hold: `KEY=VALUE`, `KEY<VALUE`, `KEY~REGEX`, `KEY exists`, …
    #[arg(value_name = "CONDITION", required = true)]
    conditions: Vec<String>,
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    pub(super) verify: VerifyArgs,
}

pub(super) async fn run(args: &FindArgs, cx: &Context, ui: &Ui) -> Result<Status, Failure> {
    let FindArgs { conditions, filter, verify } = args;
    let query = Query::parse(conditions)?;
    // A request that lacks something is refused before anybody is asked for a key.
    cx.cluster()?;
    let opener = verify.verifier(cx, ui)?.opener()?;
    let form = (!ui.leaves_out()).then(|| ui.format());
    let work = move |rows: Vec<Stored>| look(&rows, &query, &opener, form);
    let (ended, Count { rows: _, found, unreadable }) = written(filter, (cx, ui), work).await?;
    ended.tell(&format!("{found} of"), &unreadable, ui);
    Ok(ended.status())
}

/// Writes what was found in some rows; nothing without a form.
fn look(rows: &[Stored], query: &Query, opener: &Opener, form: Option<Format>) -> Piece<Line> {
    let mut piece = Piece::new();
    for stored in rows {
        let line = match opener.open(stored) {
            Ok(data) if query.holds(&data.values) => {
                match form {
                    Some(Format::Json) => line::found(&stored.row, &data, &mut piece.text),
                    Some(_) => {
                        piece.text.extend(plain(stored.row.id.as_str()).as_bytes());
                        piece.text.push(b'\n');
                    }
                    None => {}
                }
                Line::Found
            }
            Ok(_) => Line::Other,
            Err(reason) => Line::Unreadable(reason),
        };
        piece.end_line(line);
    }
    piece
}
