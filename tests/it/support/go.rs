//! The Go program of interop/, at work on a test's database.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};

use super::Database;

/// The program with one of its commands, which was given its one line of input.
pub struct Go {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Go {
    pub fn start(what: &str, plan: &Json) -> Self {
        let program = std::env::var_os("CSQLSTORE_INTEROP");
        let program = program
            .expect("CSQLSTORE_INTEROP does not name the Go program: `cargo xtask test` builds it and sets this");
        // Go writes the time of new rows in its own zone; that it is not UTC is another test's business.
        let mut command = Command::new(program);
        command.arg(what).env("TZ", "UTC").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        writeln!(input, "{plan}").unwrap();
        Self { child, input: Some(input), output }
    }

    /// What it says next.
    pub fn says(&mut self) -> Json {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"))
    }

    /// Lets it come to its end.
    pub fn end(&mut self) {
        drop(self.input.take());
    }
}

impl Drop for Go {
    fn drop(&mut self) {
        self.end();
        let ended = self.child.wait();
        if !std::thread::panicking() {
            assert!(ended.unwrap().success());
        }
    }
}

/// A keyring's pairs as the Go program takes them.
pub fn pairs(keyring: &str) -> Json {
    let each = keyring.split(';').map(|pair| {
        let mut keys = pair.split(',').map(|key| STANDARD.encode(key.strip_prefix("raw:").unwrap()));
        json!({"hash_key": keys.next(), "block_key": keys.next()})
    });
    each.collect()
}

/// The DSN of a node as Go's driver takes it.
pub fn dsn(db: &Database, node: &str) -> String {
    let prefix = format!("{node}=mysql://");
    let address = db.dsns().split(' ').find_map(|dsn| dsn.strip_prefix(&prefix).map(str::to_owned)).unwrap();
    let (account, rest) = address.split_once('@').unwrap();
    let (host, name) = rest.split_once('/').unwrap();
    format!("{account}@tcp({host})/{name}")
}
