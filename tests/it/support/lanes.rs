//! Tests that take nodes away wait most of their time: two processes with a cluster each have them done in half of it.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use libtest_mimic::Arguments;
use rustix::process::{Signal, set_parent_process_death_signal};

use super::case::Case;

/// How many processes share the tests that run alone, each of them one after another.
const LANES: usize = 2;
/// Tells a process which of them it is.
const LANE: &str = "CSQLSTORE_TEST_LANE";

/// The lane that this process is, if it is one. It ends with the process that started it.
pub fn own() -> Option<usize> {
    let lane = std::env::var(LANE).ok()?.parse().expect("a lane is a number");
    set_parent_process_death_signal(Some(Signal::TERM)).expect("a process may ask for that");
    Some(lane)
}

/// The tests of a lane. Neighbours go to different ones, since those of a file take about the same time.
pub fn of(lane: usize, cases: Vec<Case>) -> Vec<Case> {
    cases.into_iter().skip(lane).step_by(LANES).collect()
}

/// Whether lanes are worth their clusters.
pub fn worthwhile(args: &Arguments, cases: &[Case]) -> bool {
    let chosen =
        args.list || args.filter.is_some() || !args.skip.is_empty() || args.ignored || args.test_threads == Some(1);
    !chosen && cases.len() > LANES
}

/// Runs the lanes, each a process of this program, and returns whether all went well.
pub fn run() -> bool {
    let program = std::env::current_exe().expect("a program knows its file");
    std::thread::scope(|scope| {
        let lane = |lane: usize| {
            let mut child = Command::new(&program)
                .args(std::env::args_os().skip(1))
                .env(LANE, lane.to_string())
                .stdout(Stdio::piped())
                .spawn()
                .expect("the tests' own program starts");
            let lines = BufReader::new(child.stdout.take().expect("it was piped"));
            // Whole lines, so that those of two lanes do not get into each other.
            lines.lines().map_while(Result::ok).for_each(|line| println!("{line}"));
            child.wait().is_ok_and(|status| status.success())
        };
        let lanes: Vec<_> = (0..LANES).map(|n| scope.spawn(move || lane(n))).collect();
        // The scope waits for all of them, whatever the first one says.
        lanes.into_iter().all(|lane| lane.join().unwrap_or(false))
    })
}
