//! What to do about a schema that could not be read, planned for or migrated.

use csqlstore::lease;
use csqlstore::migrate;

use super::{Failure, cluster_hint, lease_hint, runs_out, status_of};

impl From<migrate::Error> for Failure {
    #[track_caller]
    fn from(error: migrate::Error) -> Self {
        let failure = Self::of(status_of(error.class()), &error, error.place()).refused_by(match &error {
            migrate::Error::Cluster(inner) | migrate::Error::Lease(lease::Error::Cluster(inner)) => Some(inner),
            _ => None,
        });
        match migrate_hint(&error) {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}

fn migrate_hint(error: &migrate::Error) -> Option<String> {
    use migrate::Error::{
        Checksum, Cluster, Denied, Drift, Duplicates, Exceeds, Irremovable, KeyRequired, Lease, Misfit, Moved,
        NeedsForce, NoDatabase, NoEffect, NotOurs, State, Statement, StillThere, Version,
    };
    Some(match error {
        NoDatabase { .. } => "name it at the DSN's end: `mysql://user@host/DATABASE`".into(),
        Misfit { misfit, .. } => {
            let out = behind(misfit).unwrap_or("`--table` names another table");
            format!("nothing was changed; {out}")
        }
        Duplicates { .. } => {
            "nothing was changed; `--dedupe newest` leaves the newest row of each, and shows them with `--dry-run`"
                .into()
        }
        Irremovable { .. } => {
            "run it again if programs write these sessions just now; ids that the connection's character set cannot show \
             have to be deleted by hand, by `HEX(id)`"
                .into()
        }
        Version { .. } => "`csqlstore migrate status` lists them".into(),
        Moved { .. } => {
            "something between us and the servers hands statements to more than one: name the servers themselves as \
             nodes, then run it again; it goes on where it was"
                .into()
        }
        Drift { .. } => {
            "somebody has changed the table since: `csqlstore migrate verify` shows what; `csqlstore migrate repair` \
             strikes it from the history, and `csqlstore migrate up` brings it again"
                .into()
        }
        Checksum { .. } => "another version of csqlstore has recorded it; run that one".into(),
        State { version, .. } => format!(
            "somebody has written into `csqlstore_migrations`; with the row of version {version} deleted, `csqlstore \
             migrate adopt` records what the table shows"
        ),
        NoEffect { .. } | StillThere { .. } => "`csqlstore migrate status` shows what the table has".into(),
        Statement { source, .. } if source.code() == Some(1205) => {
            "transactions keep the table open; run it again when it is quieter".into()
        }
        Statement { source, .. } => cluster_hint(source)
            .unwrap_or_else(|| "run it again: it looks at the table first, and goes on".into()),
        Denied { grant, .. } => format!("somebody with the right to may run: {grant}"),
        Lease(lease::Error::Held { holder, .. }) => {
            format!("wait longer with `--lock-timeout`, or try again later; {}", runs_out(holder))
        }
        NotOurs { .. } => {
            "nothing was changed; who made it may drop it, and `--force` does it all the same (`--dry-run` shows the SQL)"
                .into()
        }
        NeedsForce { version: 1, .. } => {
            "nothing was changed; all sessions would be lost on every node, which `--force` with `--confirm NAME` allows"
                .into()
        }
        NeedsForce { .. } => {
            "nothing was changed; without its key one DELETE can block the whole cluster for minutes; `--force` drops it \
             all the same"
                .into()
        }
        Exceeds { .. } => {
            "nothing of it was dropped: look again with `--dry-run`, and agree to what that shows".into()
        }
        KeyRequired { variable, .. } => format!(
            "nothing was changed; while `{variable}` is so, the key has to stay: `--to 2` keeps it, `--to 0` drops the table"
        ),
        Lease(error) => return lease_hint(error),
        Cluster(error) => return cluster_hint(error),
        _ => return None,
    })
}

/// Says how to come from what only shows sessions to the table that has them, if it is that.
pub(crate) fn behind(misfit: &migrate::Misfit) -> Option<&'static str> {
    match misfit {
        migrate::Misfit::Kind { kind } if kind == "VIEW" => {
            Some("name the table that the view shows with `--table` (`SHOW CREATE VIEW` tells it)")
        }
        _ => None,
    }
}

/// What to do about a table that lacks keys: `migrate up`, where that is of any use.
pub(crate) fn keys_hint(misfit: Option<&migrate::Misfit>, what: &str) -> String {
    match misfit {
        None => format!("`csqlstore migrate up` adds {what}"),
        Some(misfit) => format!("`csqlstore migrate up` cannot add {what}: {misfit}"),
    }
}
