//! Two programs at work on the store, while one node after another is killed, restarted, isolated, hung and made read-only:
//! no save that was acknowledged is lost, no session turns into another one's, and the work goes on.
//!
//! Each fault once, unless `CSQLSTORE_CHAOS_S` says for how many seconds (`cargo xtask chaos`), which prints a table, too.
//! `CSQLSTORE_CHAOS_SUSPECT` sets `evs.suspect_timeout` on all nodes (`--suspect`), `CSQLSTORE_CHAOS_FAULT` picks a fault.

mod fault;
mod programs;
mod seen;
mod witness;

use std::time::{Duration, Instant};

use csqlstore::store::{Causal, Settings};

use crate::cases;
use crate::load::{Plan, now_ms};
use crate::support::Database;
use crate::support::browser::{KEYS, store};

use fault::{FAULTS, Fault};
pub use programs::LOAD;
use programs::Programs;
use seen::{Phase, Seen};
use witness::Witnesses;

cases! {
    Alone if Galera because "nodes are taken away that all take writes, and one is cut off": [
        no_save_is_lost_and_no_session_turns_into_another_ones,
    ],
}

/// Longer than this nobody goes without service, however busy the machine is: an operation's time, three times.
const LONGEST_GAP_MS: u64 = 30_000;

fn plan(db: &Database, label: &str) -> Plan {
    Plan {
        nodes: db.dsns(),
        keys: KEYS.to_owned(),
        label: label.to_owned(),
        workers: 4,
        sessions: 10,
        pause_ms: 10,
        statement_ms: 3000,
        detect: false,
        seconds: None,
        one_thread: false,
    }
}

/// Sets for how long nodes wait for one that is silent, until it is set otherwise.
async fn wait_for_the_silent(db: &Database, timeout: Option<&str>) {
    for node in db.nodes() {
        let Some(timeout) = timeout else { return };
        let mut root = db.root(&node).await;
        let sql = format!("SET GLOBAL wsrep_provider_options='evs.suspect_timeout={timeout}'");
        root.execute("setting a timeout", &sql, ()).await.expect("it can be set while the node runs");
        root.close().await;
    }
}

async fn no_save_is_lost_and_no_session_turns_into_another_ones() {
    let seconds: Option<u64> = std::env::var("CSQLSTORE_CHAOS_S").ok().map(|text| text.parse().expect("seconds"));
    let db = Database::migrated().await;
    let suspect = std::env::var("CSQLSTORE_CHAOS_SUSPECT").ok();
    wait_for_the_silent(&db, suspect.as_deref()).await;
    let programs = Programs::start([plan(&db, "one"), plan(&db, "other")]);
    let witnesses = Witnesses::begin(&db).await;
    let begin = Instant::now();
    let mut phases = vec![Phase::begin("all is well", "")];
    tokio::time::sleep(Duration::from_secs(3)).await;
    let faults: Vec<Fault> = match std::env::var("CSQLSTORE_CHAOS_FAULT") {
        Ok(name) => FAULTS.into_iter().filter(|fault| fault.name() == name).collect(),
        Err(_) => FAULTS.to_vec(),
    };
    let known = FAULTS.map(Fault::name);
    assert!(!faults.is_empty(), "CSQLSTORE_CHAOS_FAULT names none of {known:?}");
    for (turn, fault) in faults.iter().cycle().enumerate() {
        let is_over = seconds.map_or(turn >= faults.len(), |seconds| begin.elapsed() >= Duration::from_secs(seconds));
        if is_over {
            break;
        }
        let victim = fault::busiest(&db).await;
        phases.push(Phase::begin(fault.name(), &victim));
        fault.strike(&db, &victim).await;
        tokio::time::sleep(fault.lasts()).await;
        phases.push(Phase::begin(&format!("back that was {}", fault.name()), &victim));
        fault.mend(&db, &victim).await;
        db.until_caught_up(&victim).await;
        db.until_well().await;
        // A node that was started again has its configuration's.
        wait_for_the_silent(&db, suspect.as_deref()).await;
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    let end_ms = now_ms();
    wait_for_the_silent(&db, suspect.is_some().then_some("PT5S")).await;
    let (events, reports) = programs.end();
    let seen = Seen::of((&events, &witnesses.end()), &phases, end_ms);
    if seconds.is_some() {
        eprintln!("\n{seen}");
    }
    assert!(seen.broken.is_empty(), "{:#?}\n{seen}", seen.broken);
    assert!(seen.longest_gap_ms() < LONGEST_GAP_MS, "{seen}");
    // What one visitor is refused, when a busy machine takes all of an operation's time, and no more.
    assert!(seen.errors.len() <= phases.len(), "{seen}");
    for report in &reports {
        // Somebody worked, or nothing is proven.
        assert!(report.cycles > 100, "{report:?}");
    }
    for node in db.nodes() {
        let store = store(&db, &[&node], Settings { causal: Causal::Always, ..Settings::default() });
        for visitor in reports.iter().flat_map(|report| &report.visitors) {
            let found = visitor.judge(&visitor.get(&store).await.unwrap());
            assert!(matches!(found, crate::load::visitor::Found::Good(_)), "{found:?} on {node}: {visitor:?}");
        }
        store.close().await;
    }
}
