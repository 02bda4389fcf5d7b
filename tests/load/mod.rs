//! A program under load: visitors who come back again and again, each time for a get and a save of their session.
//!
//! It reads a [`Plan`] from its standard input, one line of JSON, and says what happens as [`Event`]s, one a line. Each
//! session holds who it is and how often it was saved; what comes back is held against that at every get. Built as
//! `examples/load.rs` for `cargo xtask bench store`, and started by the test of faults, which is this very module.

pub mod visitor;

use std::collections::HashMap;
use std::io::{Read as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use csqlstore::cluster::dsn::NamedDsn;
use csqlstore::cluster::{Farm, Node, farm};
use csqlstore::securecookie::Keyring;
use csqlstore::store::{Conflicts, Settings, Store};
use serde::{Deserialize, Serialize};

pub use visitor::Visitor;

/// What a load does.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Plan {
    /// The nodes, as in `CSQLSTORE_NODES`.
    pub nodes: String,
    /// The keyring.
    pub keys: String,
    /// Who this process is.
    pub label: String,
    /// How many visitors there are at a time, each with a connection of its own.
    pub workers: usize,
    /// How many sessions each of them has.
    pub sessions: usize,
    /// How long a visitor waits before he comes back.
    pub pause_ms: u64,
    /// The deadline of a statement.
    pub statement_ms: u64,
    /// Whether the store is to notice that somebody else changed a session.
    pub detect: bool,
    /// How long it goes on; without it, until its standard input ends.
    pub seconds: Option<f64>,
    /// Whether one thread does all the work, instead of as many as there are cores.
    #[serde(default)]
    pub one_thread: bool,
}

/// What happens.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// Every session is there; what follows is what is measured.
    Working,
    /// A visitor was not served for longer than [`GAP`]; what he waited for is a `get` or a `save`.
    Gap { worker: usize, doing: String, began_ms: u64, ms: u64 },
    /// A visitor got an error.
    Error { worker: usize, at_ms: u64, doing: String, text: String },
    /// A get had an older state than was saved; the newer one came after so long.
    Stale { who: String, at_ms: u64, saved: i64, found: i64, ms: u64 },
    /// What was saved is not there.
    Lost { who: String, at_ms: u64, saved: i64, found: Option<i64>, why: String },
    /// A session turned into another one's, or holds what nobody saved.
    Mixed { who: String, at_ms: u64, found: String },
    /// It ended.
    End(Report),
}

/// What there is to say at the end.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Report {
    pub cycles: u64,
    pub elapsed_s: f64,
    pub visitors: Vec<Visitor>,
}

/// Who was not served for longer than this is a gap.
pub const GAP: Duration = Duration::from_millis(100);

/// Returns the time in milliseconds since 1970, which several processes on one machine share.
pub fn now_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
}

/// Writes an event, in one piece.
fn say(event: &Event) {
    let mut line = serde_json::to_vec(event).expect("an event is JSON");
    line.push(b'\n');
    // Whoever listened no more has ended; so does this, by its input.
    let _ = std::io::stdout().write_all(&line);
}

/// Makes the store of a plan.
fn store(plan: &Plan) -> Store {
    let statement = Duration::from_millis(plan.statement_ms);
    let deadlines = farm::Deadlines { statement, ..farm::Deadlines::default() };
    let options = farm::Options { connections: plan.workers, deadlines, ..farm::Options::default() };
    let farm = Farm::new(&plan.label, options);
    for entry in plan.nodes.split_whitespace() {
        let NamedDsn { name, dsn, .. } = NamedDsn::parse(entry).expect("a DSN");
        farm.add_node(Node::new(name, dsn)).expect("each node has a name of its own");
    }
    let conflicts = if plan.detect { Conflicts::Detected } else { Conflicts::LastWins };
    Store::new(farm, Keyring::parse(&plan.keys).expect("keys"), Settings { conflicts, ..Settings::default() })
}

/// Runs the program.
pub fn main() {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).expect("a plan");
    let plan: Plan = serde_json::from_str(&line).expect("a plan");
    let ended = Arc::new(AtomicBool::new(false));
    let (theirs, seconds) = (Arc::clone(&ended), plan.seconds);
    let mut runtime = match plan.one_thread {
        true => tokio::runtime::Builder::new_current_thread(),
        false => tokio::runtime::Builder::new_multi_thread(),
    };
    let runtime = runtime.enable_all().build().expect("a runtime");
    let report = runtime.block_on(async {
        let store = store(&plan);
        let mut all: HashMap<usize, Vec<Visitor>> = HashMap::new();
        for worker in 0..plan.workers {
            let who = |nr| format!("{}/{worker}/{nr}", plan.label);
            let mut visitors: Vec<Visitor> = (0..plan.sessions).map(|nr| Visitor::new(who(nr))).collect();
            for visitor in &mut visitors {
                visitor.begin(&store).await.expect("a new session is saved");
            }
            all.insert(worker, visitors);
        }
        say(&Event::Working);
        let begin = Instant::now();
        std::thread::spawn(move || {
            match seconds {
                Some(seconds) => std::thread::sleep(Duration::from_secs_f64(seconds)),
                None => drop(std::io::stdin().read_to_end(&mut Vec::new())),
            }
            theirs.store(true, Ordering::SeqCst);
        });
        let pause = Duration::from_millis(plan.pause_ms);
        let tasks: Vec<_> = all
            .into_iter()
            .map(|(worker, visitors)| tokio::spawn(work(store.clone(), worker, visitors, pause, Arc::clone(&ended))))
            .collect();
        let mut report = Report { cycles: 0, elapsed_s: 0.0, visitors: Vec::new() };
        for task in tasks {
            let (cycles, visitors) = task.await.expect("a worker ends");
            report.cycles += cycles;
            report.visitors.extend(visitors);
        }
        report.elapsed_s = begin.elapsed().as_secs_f64();
        store.close().await;
        report
    });
    say(&Event::End(report));
}

/// Serves one visitor after another, and notes how long nobody was served.
async fn work(
    store: Store,
    worker: usize,
    mut visitors: Vec<Visitor>,
    pause: Duration,
    ended: Arc<AtomicBool>,
) -> (u64, Vec<Visitor>) {
    let (mut cycles, mut turn) = (0, 0);
    let (mut served, mut served_ms) = (Instant::now(), now_ms());
    let mut gap = |doing: &str| {
        let ms = served.elapsed();
        if ms >= GAP {
            say(&Event::Gap { worker, doing: doing.to_owned(), began_ms: served_ms, ms: ms.as_millis() as u64 });
        }
        (served, served_ms) = (Instant::now(), now_ms());
    };
    while !ended.load(Ordering::Relaxed) {
        let at = turn % visitors.len();
        turn += 1;
        match visitors[at].visit(&store, &mut gap).await {
            Ok(()) => cycles += 1,
            Err((doing, error)) => {
                let text = with_causes(&error);
                say(&Event::Error { worker, at_ms: now_ms(), doing: doing.to_owned(), text });
            }
        }
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
    }
    // Who was not served at the end was not served at all.
    gap("nothing");
    (cycles, visitors)
}

fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source()).map(ToString::to_string);
    std::iter::once(error.to_string()).chain(causes).collect::<Vec<_>>().join(": ")
}
