//! What a browser is told when there is no session.

use axum_core::response::{IntoResponse, Response};
use http::StatusCode;

use crate::cluster::Class;
use crate::{Place, session, store};

/// Why a handler has no session, or could not use it. As a response it says no more than a stranger may know; the reason
/// goes to the log.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No [`SessionLayer`](super::SessionLayer) is around the route.
    #[error(
        "no session layer is around this route: `.layer(SessionLayer::new(store, \"NAME\"))` on the router mends it"
    )]
    NoLayer {
        /// Where the error was made.
        place: Place,
    },
    /// The session could not be had or kept.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A value of the session is not what was asked for.
    #[error(transparent)]
    Session(#[from] session::Error),
}

impl Error {
    /// Returns the status of the response.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NoLayer { .. } | Self::Session(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Store(error) => status(error),
        }
    }

    /// Returns what the response says.
    fn text(&self) -> String {
        match (self, self.status()) {
            // Its author reads it, and nobody else ever should.
            (Self::NoLayer { .. }, _) => self.to_string(),
            (_, StatusCode::SERVICE_UNAVAILABLE) => {
                "Sessions cannot be reached at the moment; please try again.".into()
            }
            (_, StatusCode::CONFLICT) => "Your session was changed by another request; please try again.".into(),
            _ => "The session cannot be used.".into(),
        }
    }

    /// Makes the response, and logs why.
    pub(super) fn respond<B: From<String>>(&self) -> http::Response<B> {
        let (status, reason) = (self.status(), chain(self));
        if status == StatusCode::CONFLICT {
            tracing::info!(reason, "a session was not saved");
        } else {
            tracing::error!(reason, status = status.as_u16(), "a request has no session");
        }
        let mut response = http::Response::new(B::from(self.text()));
        *response.status_mut() = status;
        response
    }
}

/// Returns the status of a response to a request whose session could not be had or kept: 503 where waiting helps, 409 where
/// another request was faster, 500 where somebody has to mend something.
#[must_use]
pub fn status(error: &store::Error) -> StatusCode {
    match (error, error.class()) {
        (store::Error::Gone { .. } | store::Error::Overtaken { .. }, _) => StatusCode::CONFLICT,
        (_, Class::Node | Class::Conflict) => StatusCode::SERVICE_UNAVAILABLE,
        (_, Class::Config | Class::Data) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Joins an error and its sources into a line.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        self.respond()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::{self, DriverError};

    fn server(code: u16) -> store::Error {
        let source = DriverError::Server { code, message: "private".into() };
        cluster::Error::Statement { node: "n1".into(), doing: "saving", source, place: Place::here() }.into()
    }

    #[test]
    fn the_status_says_whether_waiting_helps() {
        let place = Place::here();
        let nobody = cluster::Error::NoUsableNode { cluster: "c".into(), refusals: Vec::new(), place };
        let missing = session::Error::NoCookie { place };
        for (error, expected) in [
            (Error::Store(nobody.into()), 503),
            (Error::Store(server(1047)), 503),
            (Error::Store(server(1213)), 503),
            (Error::Store(server(1146)), 500),
            (Error::Store(store::Error::Gone { id: "i".into(), place }), 409),
            (Error::Store(store::Error::Overtaken { id: "i".into(), place }), 409),
            (Error::Store(store::Error::Unwritable { name: "s".into(), source: missing.clone() }), 500),
            (Error::Session(missing), 500),
            (Error::NoLayer { place }, 500),
        ] {
            assert_eq!(error.status(), expected, "{error:?}");
            assert!(!error.text().contains("private"), "{error:?}");
        }
    }

    #[test]
    fn a_missing_layer_names_the_mend() {
        let response: http::Response<String> = Error::NoLayer { place: Place::here() }.respond();
        assert_eq!(response.status(), 500);
        assert!(response.body().contains(".layer(SessionLayer::new("), "{}", response.body());
    }

    #[test]
    fn the_log_has_every_cause() {
        assert_eq!(chain(&Error::Store(server(1146))), "saving failed on node `n1`: private (1146)");
    }
}
