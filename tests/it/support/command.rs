//! The command, as a script would run it: no environment but what is given, no terminal.

use std::io::{BufRead as _, BufReader, Read as _, Write};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Output, Stdio};

use super::proof;

/// A run of the command that ended.
#[derive(Debug)]
pub struct Run {
    pub line: String,
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    pub fn of(line: String, output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the command writes UTF-8");
        Self { line, code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// Returns itself if it ended with this status.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(
            self.code,
            Some(code),
            "`{}` should have ended with {code}\n--- stdout\n{}\n--- stderr\n{}",
            self.line,
            self.stdout,
            self.stderr
        );
        self
    }

    /// Returns itself if it succeeded.
    #[track_caller]
    pub fn success(self) -> Self {
        self.exits(0)
    }

    /// Returns standard output as one JSON value.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("`{}` wrote no JSON ({error}): {:?}", self.line, self.stdout))
    }

    /// Returns the error object that `--format json` writes on standard error, where nothing else may stand.
    #[track_caller]
    pub fn json_error(&self) -> serde_json::Value {
        let answer: serde_json::Value = serde_json::from_str(&self.stderr)
            .unwrap_or_else(|error| panic!("`{}` wrote no JSON error ({error}): {:?}", self.line, self.stderr));
        answer["error"].clone()
    }
}

/// Builds the command with a clean environment, in a folder.
pub fn command(folder: &Path, args: &[&str]) -> (String, Command) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_csqlstore"));
    command.env_clear().current_dir(folder).args(args).stdin(Stdio::null());
    (format!("csqlstore {}", args.join(" ")), command)
}

/// Runs a command to its end.
pub fn run((line, mut command): (String, Command)) -> Run {
    let output = command.output().expect("the command starts");
    let run = Run::of(line, output);
    proof::heard(&run);
    run
}

/// Runs a command to its end, with this on its standard input.
pub fn run_with_input((line, mut command): (String, Command), input: &[u8]) -> Run {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    let mut stdin = child.stdin.take().expect("its standard input is a pipe");
    // One that refuses its input without reading it is a case too.
    let _ = stdin.write_all(input);
    drop(stdin);
    Run::of(line, child.wait_with_output().expect("the command ends"))
}

/// A command that runs beside the test.
pub struct Running {
    line: String,
    child: Child,
    /// Its standard error, and what was read of it so far.
    stderr: BufReader<ChildStderr>,
    heard: String,
}

impl Running {
    pub fn start((line, mut command): (String, Command)) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the command starts");
        let stderr = BufReader::new(child.stderr.take().expect("its standard error is a pipe"));
        Self { line, child, stderr, heard: String::new() }
    }

    /// Waits until a line of its standard error holds this.
    #[track_caller]
    pub fn until_it_says(&mut self, text: &str) {
        loop {
            let begin = self.heard.len();
            let read = self.stderr.read_line(&mut self.heard).expect("the command writes UTF-8");
            assert!(read > 0, "`{}` ended and did not say {text:?}: {}", self.line, self.heard);
            if self.heard[begin..].contains(text) {
                return;
            }
        }
    }

    /// What was read of its standard error so far.
    pub fn heard(&self) -> &str {
        &self.heard
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Whether it has ended.
    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().expect("the child is ours").is_some()
    }

    /// Waits for its end, and reads both of its outputs until then: a full pipe would keep it from ending.
    pub fn end(mut self) -> Run {
        let (mut stderr, mut heard) = (self.stderr, self.heard);
        let rest = std::thread::spawn(move || {
            stderr.read_to_string(&mut heard).expect("the command writes UTF-8");
            heard
        });
        let mut written = Vec::new();
        let mut stdout = self.child.stdout.take().expect("its standard output is a pipe");
        stdout.read_to_end(&mut written).expect("its standard output can be read");
        let status = self.child.wait().expect("the command ends");
        let stderr = rest.join().expect("its standard error was read");
        Run { stderr, ..Run::of(self.line, Output { status, stdout: written, stderr: Vec::new() }) }
    }
}
