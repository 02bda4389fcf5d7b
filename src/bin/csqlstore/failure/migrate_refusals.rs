//! What `migrate down` refuses, and what lifts that.

use csqlstore::migrate::Error;

/// Says what to do about a refusal; nothing for any other error.
pub(super) fn hint(error: &Error) -> Option<String> {
    use Error::{KeyRequired, NeedsForce, NotOurs, StillThere, UnknownVersion};
    Some(match error {
        UnknownVersion { .. } => "`csqlstore migrate status` lists them".into(),
        NotOurs { .. } => {
            "nothing was changed; who made it may drop it, and `--force` does it all the same (`--dry-run` shows the SQL)"
                .into()
        }
        NeedsForce { version: 1, .. } => {
            "nothing was changed; all sessions would be lost on every node, which `--force` with `--confirm NAME` allows"
                .into()
        }
        NeedsForce { .. } => {
            "nothing was changed; without its key one DELETE can block the whole cluster for minutes; `--force` drops it all the same".into()
        }
        KeyRequired { variable, .. } => format!(
            "nothing was changed; while `{variable}` is so, the key has to stay: `--to 2` keeps it, `--to 0` drops the table"
        ),
        StillThere { .. } => "`csqlstore migrate status` shows what the table has".into(),
        _ => return None,
    })
}
