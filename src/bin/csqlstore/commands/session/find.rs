//! `csqlstore session find`.

use clap::Args;

use csqlstore::fleet::{Opener, Query, Stored, Unreadable};

use super::line;
use super::scanned::{FilterArgs, scan};
use crate::commands::verify::VerifyArgs;
use crate::context::Context;
use crate::failure::{Failure, Status};
use crate::ui::{Format, Ui, plain};

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

/// What was found in some rows.
struct Found {
    text: Vec<u8>,
    count: u64,
    unreadable: Unreadable,
}

pub(super) async fn run(args: &FindArgs, cx: &Context, ui: &Ui) -> Result<Status, Failure> {
    let FindArgs { conditions, filter, verify } = args;
    let query = Query::parse(conditions)?;
    // A request that lacks something is refused before anybody is asked for a key.
    cx.cluster()?;
    let opener = verify.verifier(cx, ui)?.opener()?;
    let form = ui.format();
    let work = move |rows: Vec<Stored>| look(&rows, &query, &opener, form);
    let (mut count, mut unreadable) = (0, Unreadable::default());
    let ended = scan(filter, (cx, ui), work, |found: Found| {
        count += found.count;
        unreadable.merge(&found.unreadable);
        if ui.leaves_out() { Vec::new() } else { found.text }
    });
    let ended = ended.await?;
    ended.tell(&format!("{count} of"), &unreadable, ui);
    Ok(ended.status())
}

fn look(rows: &[Stored], query: &Query, opener: &Opener, form: Format) -> Found {
    let (mut text, mut count, mut unreadable) = (Vec::new(), 0, Unreadable::default());
    for stored in rows {
        match opener.open(stored) {
            Ok(data) if query.holds(&data.values) => {
                count += 1;
                match form {
                    Format::Json => line::found(&stored.row, &data, &mut text),
                    _ => {
                        text.extend(plain(stored.row.id.as_str()).as_bytes());
                        text.push(b'\n');
                    }
                }
            }
            Ok(_) => {}
            Err(reason) => unreadable.add(&reason),
        }
    }
    Found { text, count, unreadable }
}
