//! `csqlstore doctor`.

mod explain;
mod report;

use std::time::Duration;

use clap::Args;

use csqlstore::Code;
use csqlstore::doctor::{self, Keys};
use csqlstore::securecookie::Codec;

use super::key;
use super::verify::KeyArgs;
use crate::context::Context;
use crate::failure::{Failure, Status};
use crate::keys::LocatedKeys;
use crate::ui::Ui;

use report::DoctorReport;

/// Take one look at everything, and say what to do about it
///
/// Nodes, schema, rows, the programs that write sessions, cleanup, clocks, the account, limits and growth; with keys, also
/// what is questionable about them, and how many of the newest sessions they open. Each finding has a level, a code, and what mends it: a command or SQL to
/// copy. `--explain CODE` tells more. Nothing is written anywhere, and no question reads a large table to its end.
///
/// Exit status 0: nothing is wrong; 4: the schema or the rows are not what they should be; 3: no node is usable; 1: a node
/// or the cleanup does not work, and with `--strict` also for warnings. Of several, the first of these. 2: nothing was looked
/// at, for the command line or the settings are wrong, or every node refuses the account.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  csqlstore doctor
  csqlstore doctor --explain event-documented      what a code means, and how to mend it
  csqlstore doctor --strict --skip table-growth    for CI: warnings fail, one of them is known
  csqlstore doctor --key-file keys --name sid      whether these keys open the newest sessions")]
pub(crate) struct DoctorArgs {
    /// Explain a finding by its code, or list all codes; no server is asked
    #[arg(long, value_name = "CODE", num_args = 0..=1, default_missing_value = "")]
    explain: Option<String>,
    /// Exit with status 1 for warnings too
    #[arg(long, conflicts_with = "explain")]
    strict: bool,
    /// Show and judge nothing but these findings (repeatable, or separated by commas)
    #[arg(long, value_name = "CODE", value_delimiter = ',', conflicts_with = "explain")]
    only: Vec<String>,
    /// Leave these findings out (repeatable, or separated by commas)
    #[arg(long, value_name = "CODE", value_delimiter = ',', conflicts_with = "explain")]
    skip: Vec<String>,
    #[command(flatten)]
    pub(crate) keys: KeyArgs,
    /// Verify under this session name, which is the cookie's name (repeatable) [default: $CSQLSTORE_NAMES or the configuration's names]
    #[arg(long = "name", value_name = "NAME", help_heading = "Verifying")]
    pub(crate) names: Vec<String>,
}

/// Runs the command; what it only explains needs no settings, and does not ask for them.
pub(crate) async fn run(
    args: &DoctorArgs,
    context: impl FnOnce() -> Result<Context, Failure>,
    ui: &Ui,
) -> Result<Status, Failure> {
    let DoctorArgs { explain, strict, only, skip, keys: _, names: _ } = args;
    if let Some(code) = explain {
        return explain::run(code, ui);
    }
    let (only, skip) = (codes(only)?, codes(skip)?);
    let cx = context()?;
    let located = if cx.has_keys() { Some(cx.located_keys(ui)?) } else { None };
    let concerns = located.as_ref().map(|keys| key::findings(keys, &cx)).unwrap_or_default();
    let keys = located.and_then(|located| keys(located, &cx, ui));
    let mut examination = doctor::examine(cx.cluster()?, cx.table(), keys.as_ref()).await;
    examination.add(concerns);
    examination.keep(|code| (only.is_empty() || only.contains(&code)) && !skip.contains(&code));
    ui.answer(&DoctorReport { examination, strict: *strict })
}

fn codes(texts: &[String]) -> Result<Vec<Code>, Failure> {
    texts.iter().map(|text| Code::parse(text).ok_or_else(|| explain::unknown(text))).collect()
}

/// Returns the keys to try, if there is a name to try them under. A session's age is no matter here.
fn keys(located: LocatedKeys, cx: &Context, ui: &Ui) -> Option<Keys> {
    if cx.names().is_empty() {
        ui.warning("keys are given and no session name: name one with `--name` to try them on sessions");
        return None;
    }
    let codec = Codec::new(located.keyring).max_age(Some(Duration::ZERO)).max_length(None);
    Some(Keys { codec, names: cx.names().to_vec() })
}
