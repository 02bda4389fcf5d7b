//! One connection to one node, with a deadline on every answer that somebody waits for.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use mysql_async::consts::StatusFlags;
use mysql_async::prelude::{FromRow, Queryable};
use mysql_async::{Conn, Params, Row};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::dialect::Family;
use super::error::{DriverError, Error};
use super::instant::Instant;
use super::node::Node;
use super::unwind::{Fault, guarded};
use super::vitals::{Kind, Vitals};
use crate::Place;

/// A connection to one node.
///
/// Its session is in UTC and in autocommit. Statements without parameters go as text, those with parameters are
/// prepared. [`first`](Self::first), [`rows`](Self::rows) and [`execute`](Self::execute) are bounded by the
/// connection's deadline; [`rows_unhurried`](Self::rows_unhurried), [`execute_unhurried`](Self::execute_unhurried)
/// and [`pour`](Self::pour) are for DDL, scans and batches, which may rightly take long.
///
/// After a deadline the connection is spent: the answer may still arrive, and would be taken for the next one's.
pub struct Connection {
    conn: Conn,
    node: Node,
    deadline: Duration,
    /// Set while an answer is awaited, and left set if it did not come.
    spent: bool,
    /// The closing of the connections to other nodes that lost against this one.
    behind: Option<JoinHandle<()>>,
    /// How many statements were answered without an error.
    answered: u64,
    /// Whether it is not to be used for anything else after this.
    retired: bool,
    /// Whether what is asked on it waits for other nodes, as nobody expects who has it next.
    waiting: Waiting,
    /// Whether it was in a transaction, or not in autocommit, when the server last said so.
    unsettled: bool,
    /// What kind of server it is, where somebody has looked.
    server: Option<Server>,
}

/// Whether what is asked on a connection waits until its node has what the others have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Waiting {
    No,
    /// It was asked for, and not yet answered.
    Asked,
    Yes,
}

/// What kind of server is at the other end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Server {
    /// What kind of cluster it belongs to.
    pub kind: Kind,
    /// Whose server it is.
    pub family: Family,
}

impl Server {
    /// Tells it by what the server says of itself.
    #[must_use]
    pub fn of(vitals: &Vitals) -> Self {
        Self { kind: vitals.kind(), family: vitals.family() }
    }
}

/// How long [`Connection::close`] waits for the connections that lost against this one: several times what a healthy
/// node needs to let us in and go, and nothing that a person notices where one hangs.
const FAREWELL: Duration = Duration::from_millis(50);

/// How long a statement that may rightly take long is without an answer before its node is looked at.
const LOOK_AFTER: Duration = Duration::from_secs(10);

/// What a statement that returns no rows did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done {
    /// Rows matched and changed (for an UPDATE: matched, changed or not).
    pub rows: u64,
    /// What `LAST_INSERT_ID(…)` was set to, 0 if it was not.
    pub last_insert_id: u64,
}

impl Connection {
    pub(super) fn new(conn: Conn, node: Node, deadline: Duration) -> Self {
        Self {
            conn,
            node,
            deadline,
            spent: false,
            behind: None,
            answered: 0,
            retired: false,
            waiting: Waiting::No,
            unsettled: false,
            server: None,
        }
    }

    /// Returns what kind of server is at the other end; `None` where nobody has looked. On a connection of a
    /// [`Farm`](super::Farm) somebody always has.
    #[must_use]
    pub fn server(&self) -> Option<Server> {
        self.server
    }

    /// Keeps the connection from being used for anything else after this: its session was changed in a way that whoever
    /// has it next would not expect. One in the middle of a transaction needs no such word.
    pub fn retire(&mut self) {
        self.retired = true;
    }

    /// Notes whether what is asked on it from now on waits for other nodes. As long as it does, nobody else gets it.
    pub(crate) fn set_waiting(&mut self, waiting: Waiting) {
        self.waiting = waiting;
    }

    /// Returns whether what is asked on it waits for other nodes, as its server has said.
    pub(super) fn is_waiting(&self) -> bool {
        self.waiting == Waiting::Yes
    }

    /// Notes what kind of server it is.
    pub(super) fn set_server(&mut self, server: Server) {
        self.server = Some(server);
    }

    /// Changes the deadline of each answer.
    pub(super) fn set_deadline(&mut self, deadline: Duration) {
        self.deadline = deadline;
    }

    /// Returns how many statements were answered without an error so far.
    pub(super) fn answered(&self) -> u64 {
        self.answered
    }

    /// Returns whether somebody else may use the connection: it is in step, its session is as it was, and it is in no
    /// transaction.
    pub(super) fn is_reusable(&self) -> bool {
        !self.spent && !self.retired && self.waiting == Waiting::No && !self.unsettled
    }

    /// Measures one round trip that the server has nothing to do in.
    pub(super) async fn round_trip(&mut self) -> Result<Duration, Error> {
        let place = Place::here();
        let begin = std::time::Instant::now();
        self.within(("measuring the round trip", Some(self.deadline), place), async |conn| conn.ping().await).await?;
        Ok(begin.elapsed())
    }

    /// Gives the connection up without waiting for anything. It is closed beside what the caller does, if its server
    /// still listens; what it is `holding` is dropped after that.
    pub(super) fn abandon(self, holding: impl Send + 'static) {
        let Self { conn, deadline, .. } = self;
        // Without a runtime there is nobody who could close it; the system does.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                let _ = tokio::time::timeout(deadline, guarded(conn.disconnect())).await;
                drop(holding);
            });
        }
    }

    /// Returns the name of the node at the other end.
    #[must_use]
    pub fn node(&self) -> &str {
        self.node.name()
    }

    /// Returns the server's version as it gave it in the greeting: major, minor, patch.
    #[must_use]
    pub fn version(&self) -> (u16, u16, u16) {
        self.conn.server_version()
    }

    /// Returns the server's number for this connection, as `KILL` and the process list know it.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.conn.id()
    }

    /// Reads the server's clock in UTC; whole seconds, as `expire_on` has them.
    ///
    /// # Errors
    ///
    /// As [`first`](Self::first).
    #[track_caller]
    pub fn now(&mut self) -> impl Future<Output = Result<jiff::Timestamp, Error>> + Send {
        let (doing, node, place) = ("reading the server's clock", self.node().to_owned(), Place::here());
        let asked = self.first(doing, "SELECT UTC_TIMESTAMP()", ());
        async move {
            let told: Option<(Instant,)> = asked.await?;
            let message = "the answer is empty".to_owned();
            told.map(|(now,)| now.0).ok_or(Error::Statement {
                node,
                doing,
                source: DriverError::Unexpected { message },
                place,
            })
        }
    }

    /// Returns the first row of an answer, or `None` if it is empty.
    ///
    /// `doing` says what is being done, as a participle: it begins the error's message.
    ///
    /// # Errors
    ///
    /// [`Error::Statement`] if the statement failed or a column has another type than `T` asks for,
    /// [`Error::Deadline`] if no answer came in time.
    #[track_caller]
    pub fn first<T: FromRow + Send + 'static>(
        &mut self,
        doing: &'static str,
        sql: &str,
        params: impl Into<Params>,
    ) -> impl Future<Output = Result<Option<T>, Error>> + Send {
        let statement = Statement::new(doing, sql, params.into(), Some(self.deadline));
        async move { Ok(self.fetch(statement).await?.into_iter().next()) }
    }

    /// Returns all rows of a short answer.
    ///
    /// # Errors
    ///
    /// As [`first`](Self::first).
    #[track_caller]
    pub fn rows<T: FromRow + Send + 'static>(
        &mut self,
        doing: &'static str,
        sql: &str,
        params: impl Into<Params>,
    ) -> impl Future<Output = Result<Vec<T>, Error>> + Send {
        let statement = Statement::new(doing, sql, params.into(), Some(self.deadline));
        async move { self.fetch(statement).await }
    }

    /// Returns all rows of an answer that may rightly be long in coming, such as a count over the whole table.
    ///
    /// It is waited for as long as it can come: see [`execute_unhurried`](Self::execute_unhurried).
    ///
    /// # Errors
    ///
    /// [`Error::Statement`], as [`first`](Self::first).
    #[track_caller]
    pub fn rows_unhurried<T: FromRow + Send + 'static>(
        &mut self,
        doing: &'static str,
        sql: &str,
        params: impl Into<Params>,
    ) -> impl Future<Output = Result<Vec<T>, Error>> + Send {
        let statement = Statement::new(doing, sql, params.into(), None);
        async move { self.fetch(statement).await }
    }

    /// Runs a short statement that returns no rows.
    ///
    /// # Errors
    ///
    /// As [`first`](Self::first).
    #[track_caller]
    pub fn execute(
        &mut self,
        doing: &'static str,
        sql: &str,
        params: impl Into<Params>,
    ) -> impl Future<Output = Result<Done, Error>> + Send {
        let statement = Statement::new(doing, sql, params.into(), Some(self.deadline));
        async move { self.run(statement).await }
    }

    /// Runs a statement that may rightly take long: DDL, or a batch on a busy cluster.
    ///
    /// It is waited for as long as it can come. A member of a group that has lost its majority answers nothing that
    /// writes; that is found out within some seconds, and is an [`Error::Statement`].
    ///
    /// # Errors
    ///
    /// [`Error::Statement`], as [`first`](Self::first).
    #[track_caller]
    pub fn execute_unhurried(
        &mut self,
        doing: &'static str,
        sql: &str,
        params: impl Into<Params>,
    ) -> impl Future<Output = Result<Done, Error>> + Send {
        let statement = Statement::new(doing, sql, params.into(), None);
        async move { self.run(statement).await }
    }

    /// Hands the rows of a long answer on while they come: each goes to `gather`, and what that returns goes `into` a
    /// channel, which holds the server back when nobody reads from it.
    ///
    /// True if the answer came to its end; false if the channel was closed before, and the connection is spent then.
    /// Whoever drops the future of this loses nothing of what was gathered: it never waits with something in its hands.
    ///
    /// # Errors
    ///
    /// [`Error::Statement`], as [`first`](Self::first).
    #[track_caller]
    pub fn pour<T: Send>(
        &mut self,
        (doing, sql): (&'static str, &str),
        params: impl Into<Params>,
        mut gather: impl FnMut(Row) -> Option<T> + Send,
        into: &mpsc::Sender<T>,
    ) -> impl Future<Output = Result<bool, Error>> + Send {
        let Statement { doing, sql, params, limit: _, place } = Statement::new(doing, sql, params.into(), None);
        async move {
            self.begin(doing, place)?;
            // Our own code stays outside of the guard: a panic of ours must stay one.
            let poured = async {
                let mut answer = guarded(self.conn.exec_iter(sql, params)).await?;
                let Ok(mut place) = into.reserve().await else { return Ok(None) };
                while let Some(row) = guarded(answer.next()).await? {
                    if let Some(full) = gather(row) {
                        place.send(full);
                        match into.reserve().await {
                            Ok(next) => place = next,
                            Err(_) => return Ok(None),
                        }
                    }
                }
                Ok(Some(()))
            };
            match poured.await {
                Ok(None) => Ok(false),
                outcome => self.settle(outcome.map(|_| true), (doing, place)),
            }
        }
    }

    /// Keeps the task that closes the connections to other nodes.
    pub(super) fn leave_behind(&mut self, closing: JoinHandle<()>) {
        self.behind = Some(closing);
    }

    /// Says good-bye to the server, and gives connections to other nodes that were asked for beside this one 50 ms to
    /// be closed too; after that they go on by themselves, as long as the runtime lives.
    ///
    /// Dropping the connection is as safe, but counts as an aborted client on that server if the runtime ends soon.
    pub async fn close(self) {
        let Self { conn, deadline, spent, behind, .. } = self;
        let this = async {
            if !spent {
                // A server that is gone cannot be told; nothing is lost by that.
                let _ = tokio::time::timeout(deadline, guarded(conn.disconnect())).await;
            }
        };
        let others = async {
            if let Some(closing) = behind {
                // Whoever is later than this is aborted with the program, or closed if it goes on.
                let _ = tokio::time::timeout(FAREWELL, closing).await;
            }
        };
        tokio::join!(this, others);
    }

    async fn fetch<T: FromRow + Send + 'static>(&mut self, statement: Statement) -> Result<Vec<T>, Error> {
        let Statement { doing, sql, params, limit, place } = statement;
        let rows: Vec<Row> = self
            .within((doing, limit, place), async |conn| match params {
                Params::Empty => conn.query(sql).await,
                params => conn.exec(sql, params).await,
            })
            .await?;
        // The driver's own conversion panics on a column of another type; what a server sends is input.
        rows.into_iter().map(T::from_row_opt).collect::<Result<_, _>>().map_err(|_| Error::Statement {
            node: self.node.name().to_owned(),
            doing,
            source: DriverError::Unexpected { message: "a column of the answer has another type than expected".into() },
            place,
        })
    }

    async fn run(&mut self, statement: Statement) -> Result<Done, Error> {
        let Statement { doing, sql, params, limit, place } = statement;
        self.within((doing, limit, place), async |conn| {
            match params {
                Params::Empty => conn.query_drop(sql).await?,
                params => conn.exec_drop(sql, params).await?,
            }
            Ok(Done { rows: conn.affected_rows(), last_insert_id: conn.last_insert_id().unwrap_or(0) })
        })
        .await
    }

    async fn within<T>(
        &mut self,
        (doing, limit, place): (&'static str, Option<Duration>, Place),
        work: impl AsyncFnOnce(&mut Conn) -> Result<T, mysql_async::Error>,
    ) -> Result<T, Error> {
        self.begin(doing, place)?;
        let outcome = {
            let mut work = pin!(guarded(work(&mut self.conn)));
            loop {
                let patience = limit.unwrap_or(LOOK_AFTER);
                match (tokio::time::timeout(patience, &mut work).await, limit) {
                    (Ok(outcome), _) => break outcome,
                    (Err(_), Some(after)) => {
                        return Err(Error::Deadline { node: self.node.name().to_owned(), doing, after, place });
                    }
                    (Err(_), None) => {
                        if let Some(reason) = stranded(&self.node, self.deadline).await {
                            let message = format!("it gets no answer as things are: {reason}");
                            let (node, source) = (self.node.name().to_owned(), DriverError::Broken { message });
                            return Err(Error::Statement { node, doing, source, place });
                        }
                    }
                }
            }
        };
        self.settle(outcome, (doing, place))
    }

    /// Notes that an answer is awaited.
    fn begin(&mut self, doing: &'static str, place: Place) -> Result<(), Error> {
        if self.spent {
            let message = "the connection was given up after an earlier statement got no answer".into();
            return Err(Error::Statement {
                node: self.node.name().to_owned(),
                doing,
                source: DriverError::Broken { message },
                place,
            });
        }
        self.spent = true;
        Ok(())
    }

    /// Notes that the answer came, or why it did not.
    fn settle<T>(&mut self, outcome: Result<T, Fault>, (doing, place): (&'static str, Place)) -> Result<T, Error> {
        match outcome {
            Ok(value) => {
                self.spent = false;
                self.answered += 1;
                // With an error a server says nothing of it; what it said before holds then, or is over.
                if let Some(ok) = self.conn.last_ok_packet() {
                    let flags = ok.status_flags();
                    self.unsettled = flags.contains(StatusFlags::SERVER_STATUS_IN_TRANS)
                        || !flags.contains(StatusFlags::SERVER_STATUS_AUTOCOMMIT);
                }
                Ok(value)
            }
            Err(fault) => {
                let source = DriverError::from(fault);
                // A server's answer leaves the connection in step; anything else does not.
                self.spent = !matches!(source, DriverError::Server { .. });
                Err(Error::Statement { node: self.node.name().to_owned(), doing, source, place })
            }
        }
    }
}

/// Looks on a second connection whether a statement that is waited for can be answered at all, and says why not.
///
/// A member of a group that lost its majority lets what is written wait, with no error, until it is in one again. Other
/// servers in such a state say so themselves, and one that cannot be asked breaks its connections.
async fn stranded(node: &Node, deadline: Duration) -> Option<String> {
    let mut connection = Box::pin(node.connect(deadline)).await.ok()?;
    let vitals = Box::pin(Vitals::read(&mut connection)).await;
    Box::pin(connection.close()).await;
    let vitals = vitals.ok()?;
    if vitals.kind() == Kind::GroupReplication { vitals.apart() } else { None }
}

/// A statement on its way: what it is for, its text and parameters, how long it may take, and who sent it.
struct Statement {
    doing: &'static str,
    sql: String,
    params: Params,
    limit: Option<Duration>,
    place: Place,
}

impl Statement {
    #[track_caller]
    fn new(doing: &'static str, sql: &str, params: Params, limit: Option<Duration>) -> Self {
        Self { doing, sql: sql.to_owned(), params, limit, place: Place::here() }
    }
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection")
            .field("node", &self.node.name())
            .field("spent", &self.spent)
            .finish_non_exhaustive()
    }
}
