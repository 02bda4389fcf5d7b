//! Nodes with names, a cluster of them, and how a connection is opened.

use std::time::Duration;

use futures_util::future::join_all;
use futures_util::stream::{FuturesUnordered, StreamExt};
use mysql_async::DriverError::NoClientSslFlagFromServer;
use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Opts, OptsBuilder};

use super::connection::Connection;
use super::dialect::{GREETING, GREETING_WITHOUT_GALERA, Wait};
use super::dsn::{Address, Dsn, Tls};
use super::error::{Error, Refusal};
use super::number::NO_SUCH_VARIABLE;
use super::unwind::{Fault, guarded};
use super::vitals::Vitals;
use crate::Place;

/// A server with a name.
#[derive(Clone, Debug)]
pub struct Node {
    name: String,
    dsn: Dsn,
}

/// Which node a command works on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum On {
    /// The first usable one, in the order of the configuration.
    #[default]
    Auto,
    /// The one of this name, if it is usable.
    Named(String),
}

impl std::str::FromStr for On {
    type Err = std::convert::Infallible;

    /// Reads `auto`, or a node's name.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(if text == "auto" { Self::Auto } else { Self::Named(text.to_owned()) })
    }
}

/// Whether what was committed on another node a moment ago is seen by this connection's reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Causality {
    /// Reads wait until the node has applied what the cluster had committed.
    Waits,
    /// There is one server, and nothing to wait for.
    NotNeeded,
    /// The server would not let us ask for it; the reason is its answer.
    Refused(String),
}

/// A named set of nodes.
#[derive(Clone, Debug)]
pub struct Cluster {
    name: String,
    nodes: Vec<Node>,
    deadline: Duration,
}

impl Node {
    /// Gives a server a name.
    #[must_use]
    pub fn new(name: impl Into<String>, dsn: Dsn) -> Self {
        Self { name: name.into(), dsn }
    }

    /// Returns the node's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns how the node is reached.
    #[must_use]
    pub fn dsn(&self) -> &Dsn {
        &self.dsn
    }

    /// Opens a connection, whatever state the node is in.
    ///
    /// The session is in UTC, and its reads do not wait for the cluster (a node outside the primary component would
    /// refuse them).
    ///
    /// # Errors
    ///
    /// [`Error::Connect`] if the node is not there or does not let us in, [`Error::Deadline`] if it is silent,
    /// [`Error::UnknownTls`] and [`Error::TlsNotBuilt`] if the DSN asks for TLS that cannot be had.
    #[track_caller]
    pub fn connect(&self, deadline: Duration) -> impl Future<Output = Result<Connection, Error>> + Send {
        let place = Place::here();
        async move { self.open(deadline, place).await }
    }

    async fn open(&self, deadline: Duration, place: Place) -> Result<Connection, Error> {
        let after = self.dsn.timeout.map_or(deadline, |own| own.min(deadline));
        let silent = |_| Error::Deadline { node: self.name.clone(), doing: "connecting", after, place };
        let first = guarded(greeted(self.options(TlsUse::AsAsked, place)?));
        let first = tokio::time::timeout(after, first).await.map_err(silent)?;
        let outcome = match (first, &self.dsn.tls) {
            (Err(Fault::Error(mysql_async::Error::Driver(NoClientSslFlagFromServer))), Tls::Preferred) => {
                let plain = guarded(greeted(self.options(TlsUse::None, place)?));
                tokio::time::timeout(after, plain).await.map_err(silent)?
            }
            (other, _) => other,
        };
        match outcome {
            Ok(conn) => Ok(Connection::new(conn, self.clone(), deadline)),
            Err(fault) => Err(Error::Connect {
                node: self.name.clone(),
                address: self.dsn.address.to_string(),
                source: fault.in_connecting(),
                place,
            }),
        }
    }

    fn options(&self, tls: TlsUse, place: Place) -> Result<Opts, Error> {
        let dsn = &self.dsn;
        let mut options = OptsBuilder::default()
            .user(Some(&dsn.user))
            .pass(dsn.password.as_ref().map(|secret| secret.expose()))
            .db_name(dsn.database.as_deref())
            // The driver's default lets it swap to whatever socket the server names: the wrong server on a machine
            // with several.
            .prefer_socket(false)
            // Or an UPDATE of equal bytes counts as a row that is gone.
            .client_found_rows(true)
            .tcp_keepalive(Some(Duration::from_secs(30)))
            // Without these two the driver asks for the server's before anything else, by a SELECT that a node that is
            // cut off and reads causally by default lets wait and refuses. The first is the largest that any server
            // takes: where the limit is lower, the server says so (1153). The second is the pool's, and there is none.
            .max_allowed_packet(Some(1 << 30))
            .wait_timeout(Some(28_800));
        options = match &dsn.address {
            Address::Tcp { host, port } => options.ip_or_hostname(host).tcp_port(*port),
            Address::Unix(path) => options.socket(Some(path.to_string_lossy())).prefer_socket(true),
        };
        if matches!(tls, TlsUse::AsAsked) {
            options = self.with_tls(options, place)?;
        }
        Ok(options.into())
    }

    #[cfg(feature = "tls-ring")]
    fn with_tls(&self, options: OptsBuilder, place: Place) -> Result<OptsBuilder, Error> {
        use super::dsn::Verify;
        use mysql_async::{ClientIdentity, SslOpts};

        let lax = || SslOpts::default().with_danger_accept_invalid_certs(true).with_danger_skip_domain_validation(true);
        let ssl = match &self.dsn.tls {
            Tls::Off => return Ok(options),
            Tls::Preferred => lax(),
            Tls::Named(name) => {
                return Err(Error::UnknownTls { node: self.name.clone(), name: name.clone(), place });
            }
            Tls::Required(tls) => {
                let mut ssl = match tls.verify {
                    Verify::None => lax(),
                    // rustls cannot leave the name out (the driver's switch for it has no effect), and a check that is
                    // stricter than asked is the safe side; the DSN's reader has been told.
                    Verify::Ca | Verify::Identity => SslOpts::default(),
                };
                for file in [&tls.ca, &tls.cert, &tls.key].into_iter().flatten() {
                    // The driver would say that a file is not there, and not which.
                    if let Err(error) = std::fs::File::open(file) {
                        return Err(Error::Connect {
                            node: self.name.clone(),
                            address: self.dsn.address.to_string(),
                            source: super::error::DriverError::unreadable(file, &error),
                            place,
                        });
                    }
                }
                if let Some(ca) = &tls.ca {
                    // With a CA of one's own, the public ones must not vouch for a server too.
                    ssl = ssl.with_root_certs(vec![ca.clone().into()]).with_disable_built_in_roots(true);
                }
                if let (Some(cert), Some(key)) = (&tls.cert, &tls.key) {
                    ssl = ssl.with_client_identity(Some(ClientIdentity::new(cert.clone().into(), key.clone().into())));
                }
                ssl
            }
        };
        Ok(options.ssl_opts(ssl))
    }

    #[cfg(not(feature = "tls-ring"))]
    fn with_tls(&self, options: OptsBuilder, place: Place) -> Result<OptsBuilder, Error> {
        match self.dsn.tls {
            Tls::Off | Tls::Preferred => Ok(options),
            Tls::Required(_) | Tls::Named(_) => Err(Error::TlsNotBuilt { node: self.name.clone(), place }),
        }
    }

    /// Opens a connection and looks whether the node may take work; its reads then wait for the cluster.
    async fn open_usable(&self, deadline: Duration) -> Result<Usable, Refusal> {
        let mut connection = self.connect(deadline).await.map_err(|error| Refusal::new(&self.name, &error))?;
        match self.look(&mut connection).await {
            Ok((vitals, causality)) => Ok(Usable { connection, vitals, causality }),
            Err(refusal) => {
                connection.close().await;
                Err(refusal)
            }
        }
    }

    async fn look(&self, connection: &mut Connection) -> Result<(Vitals, Causality), Refusal> {
        let refusal = |error: &Error| Refusal::new(&self.name, error);
        let vitals = Vitals::read(connection).await.map_err(|error| refusal(&error))?;
        if let Some(reason) = vitals.objection() {
            let class = vitals.objection_class();
            return Err(Refusal {
                node: self.name.clone(),
                reason,
                code: None,
                obstacle: None,
                class,
                place: Place::here(),
            });
        }
        let causality = match vitals.kind().wait(Wait::Reads) {
            None => Causality::NotNeeded,
            Some(sql) => match connection.execute("asking for causal reads", sql, ()).await {
                Ok(_) => Causality::Waits,
                Err(Error::Statement { source, .. }) => Causality::Refused(source.to_string()),
                Err(error) => return Err(refusal(&error)),
            },
        };
        Ok((vitals, causality))
    }
}

/// Connects, and sets the session up.
async fn greeted(options: Opts) -> Result<Conn, mysql_async::Error> {
    let mut conn = Conn::new(options).await?;
    // Reads must not wait on a node that is cut off, whatever its default; it would refuse even SHOW STATUS. A server
    // has the variable if it was built with Galera, which its greeting does not tell: Percona's looks like MySQL's.
    match conn.query_drop(GREETING).await {
        Err(mysql_async::Error::Server(error)) if error.code == NO_SUCH_VARIABLE => {
            conn.query_drop(GREETING_WITHOUT_GALERA).await?;
        }
        outcome => outcome?,
    }
    Ok(conn)
}

/// Whether a connection uses TLS as its DSN asks, or goes without because the server offers none.
enum TlsUse {
    AsAsked,
    None,
}

impl Cluster {
    /// Makes a cluster of nodes; `deadline` bounds each connect and each short answer.
    #[must_use]
    pub fn new(name: impl Into<String>, nodes: Vec<Node>, deadline: Duration) -> Self {
        Self { name: name.into(), nodes, deadline }
    }

    /// Returns the cluster's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the nodes in the order of the configuration.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Returns the deadline of each connect and each short answer.
    #[must_use]
    pub fn deadline(&self) -> Duration {
        self.deadline
    }

    /// Returns the node of a name.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownNode`], naming those there are.
    #[track_caller]
    pub fn node(&self, name: &str) -> Result<&Node, Error> {
        self.nodes.iter().find(|node| node.name == name).ok_or_else(|| Error::UnknownNode {
            name: name.to_owned(),
            cluster: self.name.clone(),
            known: self.nodes.iter().map(|node| node.name.clone()).collect(),
            place: Place::here(),
        })
    }

    /// Opens a connection to a usable node.
    ///
    /// All nodes are asked at once; the first usable one in the order of the configuration is taken as soon as those
    /// before it have said no, so that a node that hangs costs its deadline once.
    ///
    /// The others are not broken off in the middle, which every one of them would count as an aborted client: they
    /// finish beside what the caller does, and are closed. [`Connection::close`] gives those that are late a moment.
    ///
    /// # Errors
    ///
    /// [`Error::NoUsableNode`] with every node's reason, [`Error::UnknownNode`] if `on` names none.
    #[track_caller]
    pub fn usable(&self, on: &On) -> impl Future<Output = Result<Usable, Error>> + Send {
        let place = Place::here();
        let candidates = match on {
            On::Auto => Ok(self.nodes.clone()),
            On::Named(name) => self.node(name).map(|node| vec![node.clone()]),
        };
        async move {
            let (candidates, deadline) = (candidates?, self.deadline);
            let mut answers: Vec<Option<Result<Usable, Refusal>>> = candidates.iter().map(|_| None).collect();
            let each = candidates.into_iter().enumerate();
            let mut asked: FuturesUnordered<_> =
                each.map(|(i, node)| async move { (i, node.open_usable(deadline).await) }).collect();
            while let Some((i, answer)) = asked.next().await {
                answers[i] = Some(answer);
                let Some(winner) = decided(&answers) else { continue };
                let Some(Ok(mut usable)) = answers[winner].take() else { continue };
                let early: Vec<Usable> = answers.into_iter().flatten().filter_map(Result::ok).collect();
                if !(early.is_empty() && asked.is_empty()) {
                    usable.connection.leave_behind(tokio::spawn(async move {
                        let early = join_all(early.into_iter().map(|usable| usable.connection.close()));
                        let late = asked.for_each_concurrent(None, |(_, answer)| async {
                            if let Ok(usable) = answer {
                                usable.connection.close().await;
                            }
                        });
                        tokio::join!(early, late);
                    }));
                }
                return Ok(usable);
            }
            let refusals = answers.into_iter().flatten().filter_map(Result::err).collect();
            Err(Error::NoUsableNode { cluster: self.name.clone(), refusals, place })
        }
    }
}

/// Returns the first usable node, if every one before it has said no.
fn decided<T, R>(answers: &[Option<Result<T, R>>]) -> Option<usize> {
    let first = answers.iter().position(|answer| !matches!(answer, Some(Err(_))))?;
    matches!(answers[first], Some(Ok(_))).then_some(first)
}

/// A connection to a node that may take work.
#[derive(Debug)]
pub struct Usable {
    /// The connection.
    pub connection: Connection,
    /// What the node said of itself a moment ago.
    pub vitals: Vitals,
    /// Whether its reads wait for what other nodes committed.
    pub causality: Causality,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_is_taken_once_all_before_it_have_said_no() {
        let (no, yes, silent) = (Some(Err(())), Some(Ok(())), None);
        for (answers, expected) in [
            (vec![silent, yes, yes], None),
            (vec![no, silent, yes], None),
            (vec![no, yes, silent], Some(1)),
            (vec![yes, silent, silent], Some(0)),
            (vec![no, no, no], None),
            (vec![no, no, yes], Some(2)),
            (vec![], None),
        ] {
            assert_eq!(decided(&answers), expected, "{answers:?}");
        }
    }
}
