//! How a node is reached, parsed from the text that people keep in their configuration.
//!
//! Two forms are read: a URL, and the DSN of Go's `go-sql-driver/mysql`, so that the strings in people's Go programs
//! work unchanged. This module only reads text: it opens no file, looks no name up, and knows no driver.
//!
//! ```
//! use csqlstore::cluster::dsn::Dsn;
//!
//! let url = Dsn::parse("mysql://app:s3cret@db1.example:3306/sessions?ssl-ca=/etc/ssl/farm.pem")?;
//! let go = Dsn::parse("app:s3cret@tcp(db1.example:3306)/sessions?tls=true&timeout=5s")?;
//! assert_eq!(url.dsn.address, go.dsn.address);
//! // What a person sees has no password in it.
//! assert_eq!(go.dsn.to_string(), "mysql://app:***@db1.example:3306/sessions");
//! # Ok::<(), csqlstore::cluster::dsn::DsnError>(())
//! ```
//!
//! # Parameters
//!
//! Both forms take the same ones; names and modes in any case, `_` counts as `-`.
//!
//! | parameter | values |
//! |---|---|
//! | `ssl-mode` | `DISABLED`, `PREFERRED`, `REQUIRED`, `VERIFY_CA`, `VERIFY_IDENTITY` |
//! | `ssl-ca`, `ssl-cert`, `ssl-key` | paths of PEM files, percent-encoded where needed |
//! | `tls` | Go's: `true` (verify the identity), `false`, `skip-verify`, `preferred`, or the name of a `[tls.NAME]` |
//! | `timeout` | to connect, as Go writes durations: `5s`, `1.5s`, `1m30s`; `0` is the same as none given |
//! | `socket` | URL form only: the path of a Unix socket, used instead of host and port |
//!
//! With neither `ssl-mode` nor `tls`, `ssl-ca` or a client certificate means `VERIFY_IDENTITY`: whoever names a CA
//! wants the server verified, and a weaker check has to be asked for by its name. With none of them there is no TLS.
//! `VERIFY_CA` does what `VERIFY_IDENTITY` does, with a warning: the TLS library always verifies the host's name too.
//! (The certificate that MySQL makes for itself names no host: only `REQUIRED` takes it, and verifies nothing.)
//! Go's `charset`, `collation`, `parseTime`, `loc` and `interpolateParams` are taken silently. Any other
//! parameter is named in a warning.

mod duration;
mod error;
mod go;
mod named;
mod parameters;
mod secret;
#[cfg(test)]
mod tests;
mod url;

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

pub use self::error::{DsnError, Form};
pub use self::named::NamedDsn;
pub use self::secret::Secret;
use crate::Place;

/// The port that both forms take when the text names none.
pub const DEFAULT_PORT: u16 = 3306;
/// The host that both forms take when the text names none, as Go's driver does.
pub const DEFAULT_HOST: &str = "127.0.0.1";

/// The longest text that is looked at, in bytes: far beyond any real one.
const LONGEST: usize = 16 * 1024;

/// What stays as it is in a URL that we write.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
/// What stays as it is in a path.
const PLAIN_PATH: &AsciiSet = &PLAIN.remove(b'/');

/// How one node is reached, and as whom.
///
/// `Debug` and `Display` never show the password.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Dsn {
    /// Where the server listens.
    pub address: Address,
    /// The account's name, empty if the text names none.
    pub user: String,
    /// The password; `None` if the text has none, `Some` of an empty one if it says so (`user:@…`).
    pub password: Option<Secret>,
    /// The database, if the text names one.
    pub database: Option<String>,
    /// Whether and how the connection is encrypted.
    pub tls: Tls,
    /// How long a connect may take, if the text says so; never zero.
    pub timeout: Option<Duration>,
}

/// Where a server listens.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Address {
    /// A host and a port.
    Tcp {
        /// A name or an IP address; IPv6 without its brackets.
        host: String,
        /// `1..=65535`.
        port: u16,
    },
    /// A Unix socket on this machine.
    Unix(PathBuf),
}

/// Whether and how a connection is encrypted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tls {
    /// Plain text.
    Off,
    /// TLS without verification if the server offers it, else plain text.
    Preferred,
    /// TLS, or no connection.
    Required(TlsOptions),
    /// Go's `tls=NAME`: what it means stands in the configuration, and has to be looked up before the first connect.
    Named(String),
}

/// How a server is verified, and how we show who we are.
///
/// The paths are as written; the files are read at the first connect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsOptions {
    /// How much of the server's certificate is looked at.
    pub verify: Verify,
    /// The CA that vouches for the server, in place of the public ones.
    pub ca: Option<PathBuf>,
    /// Our certificate; there if and only if `key` is.
    pub cert: Option<PathBuf>,
    /// The key of our certificate.
    pub key: Option<PathBuf>,
}

/// How much of a server's certificate is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verify {
    /// Nothing: encrypted, but to whoever answers.
    None,
    /// That a trusted CA signed it. The host is verified all the same, as with [`Verify::Identity`]: the TLS library
    /// cannot leave it out.
    Ca,
    /// That a trusted CA signed it for this very host.
    Identity,
}

/// A DSN, and what its reader should be told.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The DSN.
    pub dsn: Dsn,
    /// Parameters that have no effect here, or another one than they say, one sentence each; they name the parameter,
    /// never a value that could be a secret.
    pub warnings: Vec<String>,
}

impl Dsn {
    /// Makes a DSN of an address and an account, without password, database, TLS or time-out.
    #[must_use]
    pub fn new(address: Address, user: impl Into<String>) -> Self {
        Self { address, user: user.into(), password: None, database: None, tls: Tls::Off, timeout: None }
    }

    /// Reads either form. White space around the text is ignored.
    ///
    /// A text that begins with `mysql://` (in any case) is a URL, everything else is Go's form.
    ///
    /// # Errors
    ///
    /// [`DsnError`], with the right form as an example and no part of the text.
    ///
    /// # Source
    ///
    /// `go-sql-driver/mysql`, README, section "DSN (Data Source Name)", and its `ParseDSN`; for the URL's parameters
    /// the MySQL manual, "Connecting to the Server Using URI-Like Strings".
    #[track_caller]
    pub fn parse(text: &str) -> Result<Parsed, DsnError> {
        let place = Place::here();
        let text = text.trim();
        if text.is_empty() {
            return Err(DsnError::Empty { place });
        }
        if text.len() > LONGEST {
            return Err(DsnError::TooLong { bytes: text.len(), longest: LONGEST, place });
        }
        if text.chars().any(char::is_control) {
            return Err(DsnError::ControlCharacter { place });
        }
        match url::without_scheme(text) {
            Some(rest) => url::parse(rest, place),
            None => go::parse(text, place),
        }
    }

    /// Returns the same DSN with this password.
    #[must_use]
    pub fn with_password(mut self, password: Secret) -> Self {
        self.password = Some(password);
        self
    }

    /// Returns the whole DSN as a URL, the password included, that [`parse`](Self::parse) reads back.
    #[must_use]
    pub fn expose_url(&self) -> Secret {
        let parameters = parameters::of(self);
        let rest: usize = parameters.iter().map(|(name, value)| name.len() + value.len() + 2).sum();
        let account = self.user.len() + self.password.as_ref().map_or(0, |secret| secret.expose().len());
        let place = self.address.to_string().len() + self.database.as_ref().map_or(0, String::len);
        // Room for all at once, three characters for each: a text that moved while it grew would leave the password behind.
        let mut url = zeroize::Zeroizing::new(String::with_capacity(64 + 3 * (account + place + rest)));
        let password = self.password.as_ref().map(|secret| utf8_percent_encode(secret.expose(), PLAIN));
        // Writing to a String cannot fail.
        let _ = self.write_url(&mut *url, password.as_ref());
        add_parameters(&mut url, &parameters);
        Secret::new(std::mem::take(&mut *url))
    }

    /// Returns the whole DSN as a URL for people: its parameters, which say how the connection is encrypted, and `***`
    /// for the password.
    #[must_use]
    pub fn masked_url(&self) -> String {
        let mut url = self.to_string();
        add_parameters(&mut url, &parameters::of(self));
        url
    }

    fn write_url(&self, out: &mut dyn fmt::Write, password: Option<&impl fmt::Display>) -> fmt::Result {
        write!(out, "mysql://{}", utf8_percent_encode(&self.user, PLAIN))?;
        if let Some(password) = password {
            write!(out, ":{password}")?;
        }
        if !self.user.is_empty() || password.is_some() {
            write!(out, "@")?;
        }
        match &self.address {
            // The zone of an IPv6 address, which no other host has.
            address @ Address::Tcp { host, .. } if host.contains('%') => {
                write!(out, "{}", address.to_string().replace('%', "%25"))?;
            }
            address @ Address::Tcp { .. } => write!(out, "{address}")?,
            Address::Unix(_) => write!(out, "localhost")?,
        }
        if let Some(database) = &self.database {
            write!(out, "/{}", utf8_percent_encode(database, PLAIN))?;
        }
        if let Address::Unix(path) = &self.address {
            write!(out, "?socket={}", utf8_percent_encode(&path.to_string_lossy(), PLAIN_PATH))?;
        }
        Ok(())
    }
}

fn add_parameters(url: &mut String, parameters: &[(&str, String)]) {
    let mut lead = if url.contains('?') { '&' } else { '?' };
    for (name, value) in parameters {
        url.push(lead);
        lead = '&';
        url.push_str(name);
        url.push('=');
        url.extend(utf8_percent_encode(value, PLAIN_PATH));
    }
}

/// The DSN as a URL for people, its password masked and its parameters left out.
impl fmt::Display for Dsn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_url(f, self.password.as_ref())
    }
}

/// `host:port` (an IPv6 address in brackets), or the socket's path.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp { host, port } if host.contains(':') => write!(f, "[{host}]:{port}"),
            Self::Tcp { host, port } => write!(f, "{host}:{port}"),
            Self::Unix(path) => write!(f, "{}", path.display()),
        }
    }
}
