//! The one place where the driver's errors enter, stripped of what must not be shown.

use std::time::Duration;

#[cfg(feature = "tls-ring")]
use super::certificate;
use super::certificate::CertificateFault;
use super::number::{Advice, Class, advice, class};
use crate::Place;

/// Why a connection could not be made, a statement failed, or no node could be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A node did not let us in: it is not there, refused the connection, or refused the account.
    #[error("connecting to node `{node}` at {address} failed")]
    Connect {
        /// The node's name.
        node: String,
        /// Host and port, or the socket's path.
        address: String,
        /// What the driver or the server said.
        #[source]
        source: DriverError,
        /// Where the connection was asked for.
        place: Place,
    },
    /// A node was silent for longer than the deadline.
    #[error("{doing} on node `{node}` got no answer within {}", humantime::format_duration(*.after))]
    Deadline {
        /// The node's name.
        node: String,
        /// What was being done, as a participle: "counting expired sessions".
        doing: &'static str,
        /// The deadline.
        after: Duration,
        /// Where the statement was sent.
        place: Place,
    },
    /// A statement failed.
    #[error("{doing} failed on node `{node}`")]
    Statement {
        /// The node's name.
        node: String,
        /// What was being done, as a participle.
        doing: &'static str,
        /// What the driver or the server said.
        #[source]
        source: DriverError,
        /// Where the statement was sent.
        place: Place,
    },
    /// No node of the cluster may be used now.
    #[error("no node of `{cluster}` is usable: {}", refusals_text(.refusals))]
    NoUsableNode {
        /// The cluster's name.
        cluster: String,
        /// Why not, node by node, in the order of the configuration.
        refusals: Vec<Refusal>,
        /// Where a node was asked for.
        place: Place,
    },
    /// There is no node of that name.
    #[error("there is no node `{name}` in `{cluster}`; there are {}", .known.join(", "))]
    UnknownNode {
        /// The name asked for.
        name: String,
        /// The cluster's name.
        cluster: String,
        /// The names there are.
        known: Vec<String>,
        /// Where it was asked for.
        place: Place,
    },
    /// The farm has a node of that name already.
    #[error("there is a node `{name}` in `{cluster}` already")]
    NodeTaken {
        /// The node's name.
        name: String,
        /// The cluster's name.
        cluster: String,
        /// Where it was added.
        place: Place,
    },
    /// The farm was closed.
    #[error("`{cluster}` was closed")]
    Closed {
        /// The cluster's name.
        cluster: String,
        /// Where it was used all the same.
        place: Place,
    },
    /// The node's DSN names a TLS configuration that was never given.
    #[error("node `{node}` asks for TLS by the name `{name}`, and no TLS configuration has that name")]
    UnknownTls {
        /// The node's name.
        node: String,
        /// The name in `tls=NAME`.
        name: String,
        /// Where it was asked for.
        place: Place,
    },
    /// The node asks for TLS, and this build has none.
    #[error("node `{node}` asks for TLS, and this program was built without it")]
    TlsNotBuilt {
        /// The node's name.
        node: String,
        /// Where it was asked for.
        place: Place,
    },
}

/// What stood in the way of a connection before the server could say anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Obstacle {
    /// Nobody listens at the address.
    NobodyListens,
    /// The server does not offer TLS, and the DSN wants it.
    NoTls,
    /// One side does not take the other's certificate.
    Certificate(CertificateFault),
}

/// Why a node was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The node's name.
    pub node: String,
    /// The reason, as a fragment of a sentence.
    pub reason: String,
    /// The kind of trouble it is.
    pub class: Class,
    /// The server's error number, if it is by that that the server refused.
    pub code: Option<u16>,
    /// What stood in the way of the connection, if it was that.
    pub obstacle: Option<Obstacle>,
    /// Where the node was refused.
    pub place: Place,
}

impl Refusal {
    /// Refuses a node for an error, at the place where the error was made.
    #[must_use]
    pub fn new(node: &str, error: &Error) -> Self {
        let (reason, class, code, place) = (error.reason(), error.class(), error.code(), error.place());
        Self { node: node.to_owned(), reason, class, code, obstacle: error.obstacle(), place }
    }

    /// Returns whether waiting does not help: somebody has to change something.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(self.class, Class::Config | Class::Data)
    }
}

fn refusals_text(refusals: &[Refusal]) -> String {
    if refusals.is_empty() {
        return "it has none".to_owned();
    }
    let each: Vec<String> = refusals.iter().map(|r| format!("{}: {}", r.node, r.reason)).collect();
    each.join("; ")
}

impl Error {
    /// Returns the kind of trouble this is.
    ///
    /// For [`Error::NoUsableNode`] it is [`Class::Config`] if every node refused the account or the address itself
    /// (waiting would not help), else [`Class::Node`].
    #[must_use]
    pub fn class(&self) -> Class {
        match self {
            Self::Connect { source, .. } | Self::Statement { source, .. } => source.class(),
            Self::Deadline { .. } => Class::Node,
            Self::NoUsableNode { refusals, .. } => {
                if !refusals.is_empty() && refusals.iter().all(|r| r.class == Class::Config) {
                    Class::Config
                } else {
                    Class::Node
                }
            }
            Self::UnknownNode { .. }
            | Self::NodeTaken { .. }
            | Self::Closed { .. }
            | Self::UnknownTls { .. }
            | Self::TlsNotBuilt { .. } => Class::Config,
        }
    }

    /// Returns the server's error number, where a server answered.
    #[must_use]
    pub fn code(&self) -> Option<u16> {
        match self {
            Self::Connect { source, .. } | Self::Statement { source, .. } => source.code(),
            _ => None,
        }
    }

    /// Returns what stood in the way of a connection, where that can be told.
    #[must_use]
    pub fn obstacle(&self) -> Option<Obstacle> {
        let (Self::Connect { source, .. } | Self::Statement { source, .. }) = self else { return None };
        match source {
            DriverError::Absent { .. } => Some(Obstacle::NobodyListens),
            DriverError::NoTls => Some(Obstacle::NoTls),
            DriverError::Certificate { fault, .. } => Some(Obstacle::Certificate(*fault)),
            _ => None,
        }
    }

    /// Returns what a batch of work should do next.
    #[must_use]
    pub fn advice(&self) -> Advice {
        match self {
            Self::Statement { source, .. } | Self::Connect { source, .. } => match source {
                DriverError::Server { code, .. } => advice(*code),
                DriverError::Broken { .. } | DriverError::Absent { .. } => Advice::OtherNode,
                DriverError::NoTls
                | DriverError::Certificate { .. }
                | DriverError::Unsupported { .. }
                | DriverError::Unexpected { .. } => Advice::GiveUp,
            },
            Self::Deadline { .. } => Advice::OtherNode,
            Self::NoUsableNode { .. }
            | Self::UnknownNode { .. }
            | Self::NodeTaken { .. }
            | Self::Closed { .. }
            | Self::UnknownTls { .. }
            | Self::TlsNotBuilt { .. } => Advice::GiveUp,
        }
    }

    /// Returns whether the write that failed may be done all the same.
    ///
    /// A node that went away may have committed it before it did, and so may one that is just being cut off, which says that
    /// the write set was refused. Any other error undid it.
    #[must_use]
    pub fn may_have_gone_through(&self) -> bool {
        matches!(self.advice(), Advice::OtherNode | Advice::Halve)
    }

    /// Returns whether a connection could not be made, or broke.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        let (Self::Connect { source, .. } | Self::Statement { source, .. }) = self else { return false };
        source.is_broken()
    }

    /// Returns the name of the node it happened on, if it was one.
    #[must_use]
    pub fn node(&self) -> Option<&str> {
        match self {
            Self::Connect { node, .. }
            | Self::Deadline { node, .. }
            | Self::Statement { node, .. }
            | Self::UnknownTls { node, .. }
            | Self::TlsNotBuilt { node, .. } => Some(node),
            Self::NoUsableNode { .. } | Self::UnknownNode { .. } | Self::NodeTaken { .. } | Self::Closed { .. } => None,
        }
    }

    /// Returns what is to be said beside the node's name: the cause, or the error itself where it has none.
    #[must_use]
    pub fn reason(&self) -> String {
        match self {
            Self::Connect { source, .. } | Self::Statement { source, .. } => source.to_string(),
            Self::Deadline { doing, after, .. } => {
                format!("no answer within {} ({doing})", humantime::format_duration(*after))
            }
            _ => self.to_string(),
        }
    }

    /// Returns why no node was taken, node by node; empty for any other error.
    #[must_use]
    pub fn refusals(&self) -> &[Refusal] {
        match self {
            Self::NoUsableNode { refusals, .. } => refusals,
            _ => &[],
        }
    }

    /// Returns where the error was made; for [`Error::NoUsableNode`] where a node was asked for.
    #[must_use]
    pub fn place(&self) -> Place {
        match self {
            Self::Connect { place, .. }
            | Self::Deadline { place, .. }
            | Self::Statement { place, .. }
            | Self::NoUsableNode { place, .. }
            | Self::UnknownNode { place, .. }
            | Self::NodeTaken { place, .. }
            | Self::Closed { place, .. }
            | Self::UnknownTls { place, .. }
            | Self::TlsNotBuilt { place, .. } => *place,
        }
    }
}

/// What the driver or the server said, in one line and without any value that was sent or read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DriverError {
    /// The server answered with an error.
    #[error("{message} ({code})")]
    Server {
        /// The server's error number.
        code: u16,
        /// The server's text.
        message: String,
    },
    /// The connection could not be made, or broke.
    #[error("{message}")]
    Broken {
        /// What broke, as the system or the TLS library says it.
        message: String,
    },
    /// Nobody listens at the address.
    #[error("{message}")]
    Absent {
        /// How the system says it.
        message: String,
    },
    /// The server does not offer TLS.
    #[error("the server does not offer TLS")]
    NoTls,
    /// One side does not take the other's certificate: waiting does not help.
    #[error("{message}")]
    Certificate {
        /// What is wrong with it.
        fault: CertificateFault,
        /// The same in words, with names and times.
        message: String,
    },
    /// The server is there, and wants of us what this program does not do, or what TLS needs is not there: waiting does
    /// not help.
    #[error("{message}")]
    Unsupported {
        /// What it wants, or what is not there.
        message: String,
    },
    /// The other side speaks in a way that was not expected, or an answer has another form than it should.
    #[error("{message}")]
    Unexpected {
        /// What was not expected.
        message: String,
    },
}

impl DriverError {
    /// What answers is no server that the driver can talk to.
    pub(super) fn foreign() -> Self {
        Self::Unexpected { message: "the other side does not speak the MySQL protocol as expected".into() }
    }

    /// A file that TLS needs cannot be read.
    #[cfg(feature = "tls-ring")]
    pub(super) fn unreadable(file: &std::path::Path, error: &std::io::Error) -> Self {
        Self::Unsupported { message: format!("reading `{}`, which TLS needs, failed: {error}", file.display()) }
    }

    /// What the driver says to a connection that is not made yet.
    pub(super) fn of_connecting(error: mysql_async::Error) -> Self {
        use mysql_async::{Error, IoError};
        match error {
            // What comes from the system is of another kind. This one is that what came makes no packets: the text of another
            // protocol, say, of which the first bytes were taken for a length.
            Error::Io(IoError::Io(io)) if io.kind() == std::io::ErrorKind::Other && io.get_ref().is_some() => {
                Self::foreign()
            }
            other => other.into(),
        }
    }

    fn of_io(io: &std::io::Error) -> Self {
        if let Some(refused) = refused_by_tls(io) {
            return refused;
        }
        let message = io.to_string();
        match io.kind() {
            // The latter is said of sockets that are not there.
            std::io::ErrorKind::ConnectionRefused | std::io::ErrorKind::NotFound => Self::Absent { message },
            _ => Self::Broken { message },
        }
    }

    fn without_plugin(name: &str) -> Self {
        // To keep strangers from learning which accounts there are, MySQL makes up a plugin for one that is not there.
        let perhaps = if name == "sha256_password" { "; MySQL may ask so where there is no such account" } else { "" };
        let message = format!(
            "the server asks for the authentication plugin `{name}`, which this program does not have{perhaps}"
        );
        Self::Unsupported { message }
    }

    fn class(&self) -> Class {
        match self {
            Self::Server { code, .. } => class(*code),
            Self::Broken { .. } | Self::Absent { .. } => Class::Node,
            Self::NoTls | Self::Certificate { .. } | Self::Unsupported { .. } => Class::Config,
            Self::Unexpected { .. } => Class::Data,
        }
    }

    fn code(&self) -> Option<u16> {
        match self {
            Self::Server { code, .. } => Some(*code),
            _ => None,
        }
    }

    /// Returns whether the connection could not be made, or broke.
    pub(crate) fn is_broken(&self) -> bool {
        matches!(self, Self::Broken { .. } | Self::Absent { .. })
    }
}

impl From<mysql_async::Error> for DriverError {
    fn from(error: mysql_async::Error) -> Self {
        use mysql_async::{DriverError as Driver, Error, IoError};
        match error {
            Error::Server(server) => Self::Server { code: server.code, message: server.message },
            Error::Io(IoError::Io(io)) => Self::of_io(&io),
            // Certificates and names that are none: nothing was sent yet. Without TLS there is no other kind.
            #[cfg(feature = "tls-ring")]
            Error::Io(IoError::Tls(error)) => Self::Unsupported { message: unprepared(&error) },
            Error::Driver(Driver::ConnectionClosed) => {
                Self::Broken { message: "the server closed the connection".into() }
            }
            Error::Driver(Driver::NoClientSslFlagFromServer) => Self::NoTls,
            Error::Driver(Driver::UnknownAuthPlugin { name }) => Self::without_plugin(&name),
            // The driver has these two and keeps them off: they would show the password to whoever answers.
            Error::Driver(Driver::MysqlOldPasswordDisabled) => Self::without_plugin("mysql_old_password"),
            Error::Driver(Driver::CleartextPluginDisabled) => Self::without_plugin("mysql_clear_password"),
            Error::Driver(Driver::PoolDisconnected) => Self::Broken { message: "the pool was closed".into() },
            // These carry the row or the value itself, which may be a session's: never shown.
            Error::Driver(Driver::FromValue { .. } | Driver::FromRow { .. }) => {
                Self::Unexpected { message: "a column of the answer has another type than expected".into() }
            }
            Error::Driver(Driver::UnexpectedPacket { .. } | Driver::PacketOutOfOrder) => Self::foreign(),
            Error::Driver(other) => Self::Unexpected { message: flat(&other) },
            // A URL's error can repeat the URL: say only which kind of trouble it is.
            Error::Url(_) => Self::Unexpected { message: "the address is not valid".into() },
            Error::Other(other) => Self::Unexpected { message: flat(other.as_ref()) },
        }
    }
}

/// Tells what the one side has against the other's certificate, or that they know no way to encrypt that both do: it will
/// be the same the next time.
#[cfg(feature = "tls-ring")]
fn refused_by_tls(error: &std::io::Error) -> Option<DriverError> {
    use rustls::{AlertDescription as Alert, Error};
    let error = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>())?;
    match error {
        Error::InvalidCertificate(error) => {
            let (fault, message) = certificate::told(error);
            Some(DriverError::Certificate { fault, message })
        }
        Error::AlertReceived(Alert::CloseNotify | Alert::InternalError | Alert::UserCanceled) => None,
        Error::AlertReceived(alert) => Some(match certificate::told_by_server(*alert) {
            Some(message) => DriverError::Certificate { fault: CertificateFault::Ours, message },
            None => DriverError::Unsupported { message: error.to_string() },
        }),
        Error::NoCertificatesPresented | Error::PeerIncompatible(_) => {
            Some(DriverError::Unsupported { message: error.to_string() })
        }
        _ => None,
    }
}

#[cfg(not(feature = "tls-ring"))]
fn refused_by_tls(_: &std::io::Error) -> Option<DriverError> {
    None
}

/// Says what is wrong with the files that TLS needs; nothing was sent yet.
#[cfg(feature = "tls-ring")]
fn unprepared(error: &mysql_async::TlsError) -> String {
    use mysql_async::TlsError;
    match error {
        // What is taken for an authority's certificate, be it its PEM or its bytes.
        TlsError::Tls(rustls::Error::InvalidCertificate(rustls::CertificateError::BadEncoding)) => {
            "a file that TLS needs (`ssl-ca`, `ssl-cert`) holds no certificate".to_owned()
        }
        TlsError::Tls(error) => format!("the files that TLS needs do not serve: {error}"),
        other => flat(other),
    }
}

/// Joins an error and its sources into one line, leaving out what a level only repeats of the next.
fn flat(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text.push_str(": ");
            text.push_str(&inner_text);
        }
        source = inner.source();
    }
    text.trim().to_owned()
}
