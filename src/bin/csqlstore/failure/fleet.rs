//! Scans that broke off, and conditions that are none.

use csqlstore::fleet;

use super::{Failure, cluster_hint, status_of};

impl From<fleet::Error> for Failure {
    #[track_caller]
    fn from(error: fleet::Error) -> Self {
        let failure = Self::of(status_of(error.class()), &error, error.place());
        failure.hinted(cluster_hint(error.cluster())).refused_by(Some(error.cluster()))
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
