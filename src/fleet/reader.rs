//! The task that reads: page after page over one connection, and on the next node when one is lost.

use tokio::sync::mpsc;

use super::page::{From, Way, statement};
use super::row::{Stored, stored};
use super::scan::Options;
use crate::backoff::jittered;
use crate::cluster::{self, Causality, Cluster, Connection, On, Usable, Wait};
use crate::pacing::{Failures, Move, NODE_WAIT, Stop, watched};
use crate::schema::Table;

/// Rows that are handed on together, and bytes of data after which they are sooner.
const CHUNK: (usize, usize) = (512, 256 << 10);

/// What the task tells.
pub(super) enum Event {
    Rows(Vec<Stored>),
    OnNode { node: String, stale: Option<String> },
    OnePass,
    Trouble(cluster::Error),
    Failed(cluster::Error),
}

/// Where the reading stands.
pub(super) struct Reader {
    cluster: Cluster,
    table: Table,
    options: Options,
    stop: Stop,
    tell: mpsc::Sender<Event>,
    connection: Option<Connection>,
    /// What ends the connection's waiting for what other nodes have committed.
    unwait: Option<&'static str>,
    /// The server's clock when it was first asked, and how the table is read.
    begun: Option<(jiff::Timestamp, Way)>,
    /// Rows that are not handed on yet, and the bytes of their data.
    chunk: (Vec<Stored>, usize),
    /// The id of the last row, as the server has it.
    last: Option<Vec<u8>>,
    /// Rows of the next page.
    rows: usize,
    failures: Failures,
}

/// How a page ended.
enum Page {
    Full,
    Last,
    /// Nobody listens any more.
    Unheard,
}

impl Reader {
    pub(super) fn new(
        (cluster, table): (&Cluster, &Table),
        options: &Options,
        stop: &Stop,
        tell: mpsc::Sender<Event>,
    ) -> Self {
        Self {
            cluster: cluster.clone(),
            table: table.clone(),
            options: options.clone(),
            stop: stop.clone(),
            tell,
            connection: None,
            unwait: None,
            begun: None,
            chunk: (Vec::new(), 0),
            last: None,
            rows: options.page.max(1),
            failures: Failures::new(options.patience),
        }
    }

    /// Reads to the end, until a stop is asked for, or until nobody listens.
    pub(super) async fn run(mut self) {
        while !self.stop.asked() {
            match self.page().await {
                Ok(Page::Full) => {}
                Ok(Page::Last | Page::Unheard) => break,
                Err(error) => {
                    if let Err(error) = self.recover(error).await {
                        self.flush().await;
                        self.tell(Event::Failed(error)).await;
                        break;
                    }
                }
            }
        }
        self.flush().await;
        if let Some(connection) = self.connection.take() {
            connection.close().await;
        }
    }

    async fn tell(&self, event: Event) {
        // Whoever does not listen any more has what it wanted.
        let _ = self.tell.send(event).await;
    }

    /// Hands on what is left of the rows.
    async fn flush(&mut self) {
        let (rows, _) = std::mem::take(&mut self.chunk);
        if !rows.is_empty() {
            self.tell(Event::Rows(rows)).await;
        }
    }

    /// Connects, if there is no connection.
    async fn connect(&mut self) -> Result<(), cluster::Error> {
        if self.connection.is_some() {
            return Ok(());
        }
        // The node asked for is where it starts; after a loss any will do.
        let on = if self.begun.is_none() { self.options.on.clone() } else { On::Auto };
        let Usable { mut connection, vitals, causality } = self.cluster.usable(&on).await?;
        let node = connection.node().to_owned();
        let stale = if let Causality::Refused(reason) = causality { Some(reason) } else { None };
        self.tell(Event::OnNode { node, stale }).await;
        if self.begun.is_none() {
            let now = connection.now().await?;
            let way = Way::of(&mut connection, &self.table).await?;
            if way == Way::OnePass {
                // A table that is not there has no key either, and that is not what is the matter with it.
                let sql = format!("SELECT 1 FROM {} LIMIT 1", self.table.quoted());
                let _: Option<(u8,)> = connection.first("reading sessions", &sql, ()).await?;
                self.tell(Event::OnePass).await;
            }
            self.begun = Some((now, way));
        }
        self.connection = Some(connection);
        self.unwait = vitals.kind().wait(Wait::Nothing);
        Ok(())
    }

    /// Reads one page.
    ///
    /// The first on a connection waits until the node has what the cluster had committed; what the node shows then it shows
    /// to the pages behind it too, which wait no more: on Galera that takes half a second now and then.
    async fn page(&mut self) -> Result<Page, cluster::Error> {
        self.connect().await?;
        let Self { cluster, table, options, tell, connection, begun, chunk: (chunk, bytes), last, rows, .. } = self;
        let (Some(connection), Some((now, way))) = (connection, begun) else { return Ok(Page::Unheard) };
        let condition = options.filter.condition(*now);
        let (from, params) = match last {
            Some(last) => (From::After, cluster::Params::Positional(vec![last.clone().into()])),
            None => (From::First, cluster::Params::Empty),
        };
        let sql = statement(table, (*way, from), options.fetch, (&condition, *rows));
        let mut read = 0;
        let gather = |row: cluster::Row| {
            let row = stored(row, (&options.filter, *now), last.get_or_insert_default());
            read += 1;
            *bytes += row.data.as_ref().map_or(0, Vec::len);
            chunk.push(row);
            let full = chunk.len() >= CHUNK.0 || *bytes >= CHUNK.1;
            full.then(|| {
                *bytes = 0;
                Event::Rows(std::mem::replace(chunk, Vec::with_capacity(CHUNK.0)))
            })
        };
        let node = connection.node().to_owned();
        let heard = watched(cluster, &node, connection.pour(("reading sessions", &sql), params, gather, tell)).await?;
        self.failures.over();
        match way {
            _ if !heard => return Ok(Page::Unheard),
            Way::Pages if read == self.rows => {}
            Way::Pages | Way::OnePass => return Ok(Page::Last),
        }
        if let Some(unwait) = self.unwait.take() {
            connection.execute("setting up the session", unwait, ()).await?;
        }
        Ok(Page::Full)
    }

    /// Does what a failure calls for, or hands it back.
    async fn recover(&mut self, error: cluster::Error) -> Result<(), cluster::Error> {
        let one_pass = matches!(self.begun, Some((_, Way::OnePass)));
        let next = self.failures.after(&error, self.rows as u64, self.begun.is_some());
        // Of one pass nobody knows where it would have to go on.
        if next == Move::GiveUp || one_pass && self.last.is_some() {
            return Err(error);
        }
        self.tell(Event::Trouble(error)).await;
        match next {
            // A read waits for no lock, but for what the cluster has committed: where that takes too long (1205), the node may
            // be cut off, and is looked at again.
            Move::Again { wait, .. } => {
                self.connection = None;
                self.stop.sleep(jittered(wait)).await;
            }
            // The statement took too long for the server's limit.
            Move::Smaller { rows } => self.rows = usize::try_from(rows).unwrap_or(1),
            Move::OtherNode | Move::GiveUp => {
                // Its node is gone, or its answers are out of step.
                self.connection = None;
                if self.failures.count() > 1 {
                    self.stop.sleep(NODE_WAIT).await;
                }
            }
        }
        Ok(())
    }
}
