//! The real command on a real cluster.
//!
//! One binary, and one three-node cluster for all of it: the first test that needs the cluster starts it, and it is
//! taken down at the end, whatever happened. Each test has a database and an account of its own. Tests that take
//! nodes away run after the others, one at a time on each of two clusters.
//!
//! `cargo test --test it -- purge::` runs some, `--list` names all.

#![expect(unreachable_pub, reason = "a test binary exports nothing")]
#![expect(clippy::unwrap_used, reason = "what does not hold in a test ends the test")]
#![expect(clippy::print_stderr, reason = "the reason why a cluster was left behind has to be seen")]
#![expect(clippy::print_stdout, reason = "what the processes said that share the tests is passed on")]

mod chaos;
mod completions;
mod config_init;
mod cookie;
mod doctor;
mod doctor_catalogue;
mod doctor_cleanup;
mod doctor_flow;
mod doctor_keys;
mod doctor_nodes;
mod doctor_releases;
mod doctor_rows;
mod doctor_schema;
mod errors;
mod event;
mod event_lease;
mod event_nodes;
mod event_rights;
mod event_sql;
mod event_status;
mod farm;
mod farm_connections;
mod farm_nodes;
mod farm_policies;
mod farm_tls;
mod frame;
mod grants;
mod group;
mod key;
mod lease;
#[path = "../load/mod.rs"]
mod load;
mod migrate;
mod migrate_adopt;
mod migrate_dedupe;
mod migrate_down;
mod migrate_proxy;
mod migrate_race;
mod migrate_reading;
mod migrate_refusals;
mod migrate_repair;
mod migrate_rivals;
mod migrate_unlock;
mod migrate_up;
mod migrate_verify;
mod node;
mod node_check;
mod node_haproxy;
mod node_replica;
mod node_serve;
mod node_wait;
mod node_watch;
mod purge;
mod purge_cron;
mod purge_lease;
mod purge_nodes;
mod purge_pace;
mod purge_refusals;
mod purge_replica;
mod purge_terminal;
mod sandbox;
mod sandbox_engines;
mod secrets;
mod session;
mod session_delete;
mod session_delete_nodes;
mod session_list;
mod session_rekey;
mod session_rekey_go;
mod session_rekey_nodes;
mod session_scan;
mod session_scan_nodes;
mod session_stats;
mod store;
mod store_go;
mod store_late;
mod store_marks;
mod store_nodes;
mod support;
mod undecoded;
#[cfg(feature = "axum")]
mod web;
mod web_example;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Conclusion, Trial};

use support::case::{Case, Runs};

fn main() -> ExitCode {
    // A test starts itself anew for programs that are at work beside it.
    if std::env::args().nth(1).as_deref() == Some(chaos::LOAD) {
        load::main();
        return ExitCode::SUCCESS;
    }
    let args = Arguments::from_args();
    support::cluster::sweep();
    let all: Vec<Case> = [
        chaos::cases(),
        completions::cases(),
        config_init::cases(),
        cookie::cases(),
        doctor::cases(),
        doctor_catalogue::cases(),
        doctor_cleanup::cases(),
        doctor_flow::cases(),
        doctor_keys::cases(),
        doctor_nodes::cases(),
        doctor_releases::cases(),
        doctor_rows::cases(),
        doctor_schema::cases(),
        errors::cases(),
        event::cases(),
        event_lease::cases(),
        event_nodes::cases(),
        event_rights::cases(),
        event_sql::cases(),
        event_status::cases(),
        farm::cases(),
        farm_connections::cases(),
        farm_nodes::cases(),
        farm_policies::cases(),
        farm_tls::cases(),
        frame::cases(),
        grants::cases(),
        group::cases(),
        key::cases(),
        lease::cases(),
        migrate::cases(),
        migrate_adopt::cases(),
        migrate_dedupe::cases(),
        migrate_down::cases(),
        migrate_proxy::cases(),
        migrate_race::cases(),
        migrate_reading::cases(),
        migrate_refusals::cases(),
        migrate_repair::cases(),
        migrate_rivals::cases(),
        migrate_unlock::cases(),
        migrate_up::cases(),
        migrate_verify::cases(),
        node::cases(),
        node_check::cases(),
        node_haproxy::cases(),
        node_replica::cases(),
        node_serve::cases(),
        node_wait::cases(),
        node_watch::cases(),
        purge::cases(),
        purge_cron::cases(),
        purge_lease::cases(),
        purge_nodes::cases(),
        purge_pace::cases(),
        purge_refusals::cases(),
        purge_replica::cases(),
        purge_terminal::cases(),
        sandbox::cases(),
        sandbox_engines::cases(),
        secrets::cases(),
        session::cases(),
        session_delete::cases(),
        session_delete_nodes::cases(),
        session_list::cases(),
        session_rekey::cases(),
        session_rekey_go::cases(),
        session_rekey_nodes::cases(),
        session_scan::cases(),
        session_scan_nodes::cases(),
        session_stats::cases(),
        store::cases(),
        store_go::cases(),
        store_late::cases(),
        store_marks::cases(),
        store_nodes::cases(),
        undecoded::cases(),
        #[cfg(feature = "axum")]
        web::cases(),
        web_example::cases(),
    ]
    .into_iter()
    .flatten()
    .collect();
    let engine = support::engine::engine();
    let (all, left_out) = support::case::fit(all, engine);
    let (beside, alone): (Vec<Case>, Vec<Case>) = all.into_iter().partition(|case| case.runs == Runs::Beside);
    // One after another: they kill what others would work on.
    let one_by_one = Arguments { test_threads: Some(1), ..args.clone() };
    if let Some(lane) = support::lanes::own() {
        let failed = run(&one_by_one, support::lanes::of(lane, alone)).has_failed();
        return if take_down(&args) && !failed { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    let mut well = !run(&args, beside).has_failed();
    if support::lanes::worthwhile(&args, &alone) {
        well &= take_down(&args);
        well &= support::lanes::run();
    } else {
        well &= !run(&one_by_one, alone).has_failed();
        well &= take_down(&args);
    }
    if !args.list && !left_out.is_empty() {
        let count: usize = left_out.values().map(Vec::len).sum();
        eprintln!("left out on {}: {count} tests", engine.name());
        for (why, names) in &left_out {
            eprintln!("  {} because {why}: {}", names.len(), names.join(", "));
        }
    }
    if well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Takes the cluster down, and returns whether it went.
fn take_down(args: &Arguments) -> bool {
    let down = if args.list { Ok(()) } else { support::cluster::take_down() };
    if let Err(reason) = &down {
        eprintln!("taking the cluster down failed: {reason}");
    }
    down.is_ok()
}

fn run(args: &Arguments, cases: Vec<Case>) -> Conclusion {
    let trial = |case: Case| {
        let name = case.name.clone();
        Trial::test(case.name, move || support::case::run(&name, case.runs, case.run))
    };
    let trials = cases.into_iter().map(trial).collect();
    libtest_mimic::run(args, trials)
}
