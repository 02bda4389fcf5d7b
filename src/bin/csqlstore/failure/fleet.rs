//! Scans that broke off, and conditions that are none.

use csqlstore::fleet;

use super::{Failure, cluster_hint, lease_hint, status_of};

impl From<fleet::Error> for Failure {
    #[track_caller]
    fn from(error: fleet::Error) -> Self {
        let failure = Self::of(status_of(error.class()), &error, error.place());
        let hint = match &error {
            fleet::Error::Denied { grant, .. } => Some(format!("somebody with the right to may run: {grant}")),
            fleet::Error::Lease(error) => lease_hint(error),
            fleet::Error::NoKey { .. } => Some("`csqlstore migrate up` adds the key".into()),
            error => error.cluster().and_then(cluster_hint),
        };
        failure.hinted(hint).refused_by(error.cluster())
    }
}

impl From<fleet::Fault> for Failure {
    #[track_caller]
    fn from(fault: fleet::Fault) -> Self {
        Self::request(fault.to_string()).hint(
            "a condition is `KEY=VALUE`, with one of = != < > <= >= ~, or `KEY exists`; quote it from the shell: 'a.b<3'",
        )
    }
}
