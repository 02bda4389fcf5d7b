//! How a node is reached, parsed from the text that people keep in their configuration.
#![expect(missing_docs, reason = "the parser and its documentation come with the next commit")]
use std::{fmt, path::PathBuf, time::Duration};
#[derive(Clone, Debug)]
pub struct Dsn {
    pub address: Address,
    pub user: String,
    pub password: Option<Secret>,
    pub database: Option<String>,
    pub tls: Tls,
    pub timeout: Option<Duration>,
}
#[derive(Clone, Debug)]
pub enum Address {
    Tcp { host: String, port: u16 },
    Unix(PathBuf),
}
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp { host, port } => write!(f, "{host}:{port}"),
            Self::Unix(p) => write!(f, "{}", p.display()),
        }
    }
}
#[derive(Clone, Debug)]
pub enum Tls {
    Off,
    Preferred,
    Required(TlsOptions),
    Named(String),
}
#[derive(Clone, Debug)]
pub struct TlsOptions {
    pub verify: Verify,
    pub ca: Option<PathBuf>,
    pub cert: Option<PathBuf>,
    pub key: Option<PathBuf>,
}
#[derive(Clone, Debug, Copy)]
pub enum Verify {
    None,
    Ca,
    Identity,
}
#[derive(Clone)]
pub struct Secret(pub String);
impl Secret {
    pub fn expose(&self) -> &str {
        &self.0
    }
}
impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "***")
    }
}
