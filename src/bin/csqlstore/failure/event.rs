//! What to do about an event that could not be looked at, installed or removed.

use csqlstore::event;

use super::{Failure, SKEW_HINT, cluster_hint, keys_hint, status_of};

impl From<event::Error> for Failure {
    #[track_caller]
    fn from(error: event::Error) -> Self {
        let (status, made) = (status_of(error.class()), error.place());
        let hint = match &error {
            event::Error::Cluster(inner) => cluster_hint(inner),
            event::Error::Name { .. } | event::Error::Definition { .. } => None,
            event::Error::NotPermitted { grant, .. } => Some(format!("let somebody who may run this: {grant}")),
            event::Error::SchedulerOff { statement, privilege, .. } => Some(format!(
                "an account with {privilege} can run `{statement}` there; `event_scheduler=ON` in the server's my.cnf keeps it on, and `--on NAME` takes another node"
            )),
            event::Error::SchedulerDisabled { .. } => Some(
                "set `event_scheduler=ON` in the server's my.cnf and restart it, or take another node with `--on NAME`"
                    .into(),
            ),
            event::Error::Unkeyed { misfit, .. } => Some(keys_hint(misfit.as_ref(), "what is missing")),
            event::Error::NoLease { .. } => Some("`csqlstore migrate up` creates it".into()),
            event::Error::NotRemoved { .. } => {
                Some("somebody else may have made it again; `csqlstore event status` shows every node".into())
            }
            event::Error::Skew { .. } => Some(SKEW_HINT.into()),
            event::Error::Misfit { .. } => Some("`--table` names another table".into()),
            event::Error::NotEnabled { .. } => {
                Some("somebody else may have altered it; `csqlstore event status` shows every node".into())
            }
            _ => None,
        };
        let failure = Self::of(status, &error, made).refused_by(match &error {
            event::Error::Cluster(inner) => Some(inner),
            _ => None,
        });
        match hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}
