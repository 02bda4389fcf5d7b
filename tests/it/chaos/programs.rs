//! The programs that are at work: processes of their own, on the library's public parts.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread::JoinHandle;

use crate::load::{Event, Plan, Report};

/// The argument with which this very binary is the program.
pub const LOAD: &str = "--load";

/// Programs at work, which are killed if the test fails before their end.
pub struct Programs {
    each: Vec<(Child, JoinHandle<Vec<Event>>)>,
}

impl Programs {
    /// Starts them, and returns once all of them are at work.
    pub fn start(plans: impl IntoIterator<Item = Plan>) -> Self {
        let mut each = Vec::new();
        for plan in plans {
            let mut command = Command::new(std::env::current_exe().expect("this is a program"));
            let mut child = command.arg(LOAD).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it starts");
            let plan = serde_json::to_string(&plan).expect("a plan is JSON");
            writeln!(child.stdin.as_ref().expect("a pipe"), "{plan}").expect("it reads its plan");
            let (told, working) = mpsc::channel();
            let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
            let reader = std::thread::spawn(move || {
                let mut events = Vec::new();
                for line in lines {
                    let event: Event = serde_json::from_str(&line.expect("text")).expect("an event");
                    if matches!(event, Event::Working) {
                        // Nobody listens if the test has failed.
                        let _ = told.send(());
                    }
                    events.push(event);
                }
                events
            });
            working.recv().expect("it gets to work");
            each.push((child, reader));
        }
        Self { each }
    }

    /// Ends them, and returns what happened and what each says at its end.
    pub fn end(mut self) -> (Vec<Event>, Vec<Report>) {
        let (mut events, mut reports) = (Vec::new(), Vec::new());
        for (child, _) in &mut self.each {
            drop(child.stdin.take());
        }
        for (mut child, reader) in std::mem::take(&mut self.each) {
            for event in reader.join().expect("it said events") {
                match event {
                    Event::End(report) => reports.push(report),
                    other => events.push(other),
                }
            }
            let status = child.wait().expect("it is ours");
            assert!(status.success(), "{status}");
        }
        (events, reports)
    }
}

impl Drop for Programs {
    fn drop(&mut self) {
        for (child, _) in &mut self.each {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
