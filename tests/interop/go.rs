//! The Go program, and how it is asked.

use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::{Value as Json, json};

/// What Go may allocate, in KiB. Without a bound one damaged gob has it ask for more than any machine has, and others for
/// as much as there is.
const MEMORY_KIB: u32 = 2 * 1024 * 1024;

/// Where the program is; without it no test here can say anything.
pub(crate) fn program() -> PathBuf {
    let path = std::env::var_os("CSQLSTORE_INTEROP");
    let path =
        path.expect("CSQLSTORE_INTEROP does not name the Go program: `cargo xtask test` builds it and sets this");
    assert!(PathBuf::from(&path).is_file(), "{path:?} is not there: `cargo xtask test` builds it");
    path.into()
}

/// Returns the one thing that the program has to say to a command without input.
pub(crate) fn say(what: &str) -> Json {
    let output = Command::new(program()).arg(what).stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "`interop {what}`: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Asks one thing after another, each a line of JSON, and returns as many answers. A request that Go does not survive
/// has the answer `{"dies": "fatal error: …"}`.
pub(crate) fn ask<S: AsRef<str> + Sync>(what: &str, requests: &[S]) -> Vec<Json> {
    let mut answers: Vec<Json> = Vec::new();
    for _ in 0..100 {
        let Some(reason) = ask_until_it_ends(what, &requests[answers.len()..], &mut answers) else {
            assert_eq!(answers.len(), requests.len());
            return answers;
        };
        let fatal = reason.lines().find(|line| line.starts_with("fatal error: "));
        assert!(fatal.is_some(), "`interop {what}` ended after {} answers: {reason}", answers.len());
        answers.push(json!({"dies": fatal}));
    }
    panic!("`interop {what}` died too often");
}

/// Collects answers, and returns what the program said of its end if that was not its own choice.
fn ask_until_it_ends<S: AsRef<str> + Sync>(what: &str, requests: &[S], answers: &mut Vec<Json>) -> Option<String> {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("ulimit -v {MEMORY_KIB} && exec \"$0\" \"$1\"")]).arg(program()).arg(what);
    // Go gives a time the zone of the machine if it has its offset.
    command.env("TZ", "UTC").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut input = BufWriter::new(child.stdin.take().unwrap());
    let output = BufReader::new(child.stdout.take().unwrap());
    std::thread::scope(|scope| {
        scope.spawn(move || {
            for request in requests {
                // A program that went away says why on its standard error.
                if writeln!(input, "{}", request.as_ref()).is_err() {
                    return;
                }
            }
        });
        answers.extend(output.lines().map(|line| serde_json::from_str::<Json>(&line.unwrap()).unwrap()));
    });
    let end = child.wait_with_output().unwrap();
    (!end.status.success()).then(|| String::from_utf8_lossy(&end.stderr).into_owned())
}
