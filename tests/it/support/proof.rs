//! What a test that has the name of a code has to show: the command told it, what its fix says was done, and then the
//! command told it no more.
//!
//! Each test has a thread of its own while it runs, and runs its commands there.

use std::cell::RefCell;

use csqlstore::{Code, Subject};
use serde_json::Value;

use super::command::Run;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Told(Code),
    Mended(Code),
    /// It was looked for, and not told.
    Silent(Code),
}

thread_local! {
    static STEPS: RefCell<Vec<Step>> = const { RefCell::new(Vec::new()) };
}

/// Forgets what the thread's last test has shown.
pub fn begin() {
    STEPS.with_borrow_mut(Vec::clear);
}

/// Notes what a run of the doctor told, and what it looked for and did not tell.
pub fn heard(run: &Run) {
    let words: Vec<&str> = run.line.split(' ').collect();
    if !words.contains(&"doctor") {
        return;
    }
    let Ok(answer) = serde_json::from_str::<Value>(&run.stdout) else { return };
    let Some(findings) = answer["findings"].as_array() else { return };
    STEPS.with_borrow_mut(|steps| {
        for code in Code::ALL {
            if findings.iter().any(|finding| finding["code"] == code.as_str()) {
                steps.push(Step::Told(*code));
            } else if looks_for(&words, *code) {
                steps.push(Step::Silent(*code));
            }
        }
    });
}

/// Whether the doctor would have told a code.
fn looks_for(words: &[&str], code: Code) -> bool {
    let after = |option: &str| words.iter().position(|word| *word == option).and_then(|at| words.get(at + 1));
    let of_keys = code.subject() == Subject::Keys || matches!(code, Code::RowsUnverified | Code::RowsUndecodable);
    let asked = match after("--only") {
        Some(only) => only.split(',').any(|only| only == code.as_str()),
        None => !words.contains(&"--skip"),
    };
    asked && (!of_keys || words.contains(&"--key-file"))
}

/// Notes that what the fix of a finding says was done.
pub fn mended(finding: &Value) {
    let code = finding["code"].as_str().and_then(Code::parse).unwrap_or_else(|| panic!("a known code: {finding}"));
    assert!(finding["fix"].is_string(), "a fix: {finding}");
    STEPS.with_borrow_mut(|steps| steps.push(Step::Mended(code)));
}

/// The code that a test is to provoke and to mend: the one whose name it has.
pub fn of_test(name: &str) -> Option<Code> {
    let (_, name) = name.split_once("::")?;
    Code::parse(&name.replace('_', "-"))
}

/// Looks whether the thread's test has shown all of it for a code.
pub fn shown(code: Code) -> Result<(), String> {
    STEPS.with_borrow(|steps| {
        let mut rest = steps.iter();
        for (step, what) in [
            (Step::Told(code), "was not provoked"),
            (Step::Mended(code), "was provoked, and what its fix says was not done"),
            (Step::Silent(code), "is not gone after what its fix says was done"),
        ] {
            if !rest.any(|of| *of == step) {
                return Err(format!("{code} {what}: the test has its name"));
            }
        }
        Ok(())
    })
}
