//! `csqlstore node serve`, beside a test, and what asks it.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;

use rustix::process::{Pid, Signal, kill_process};

use super::Database;
use super::command::{Run, Running};
use super::database::PATIENCE;

/// A server that runs until it is stopped, or the test ends.
pub struct Serve {
    running: Option<Running>,
    /// Where it serves HTTP.
    pub http: String,
    /// Where it serves agents, if it does.
    pub agent: Option<String>,
}

/// What was answered to a request.
#[derive(Debug)]
pub struct Response {
    pub status: u16,
    /// In small letters.
    pub head: String,
    pub body: String,
}

impl Serve {
    /// Starts it on ports of its own, and waits until it answers.
    pub fn start(db: &Database, args: &[&str]) -> Self {
        Self::run(db.command(&[&["node", "serve", "--listen", "127.0.0.1:0"][..], args].concat()))
    }

    /// The same with a command that was made ready.
    pub fn run(command: (String, Command)) -> Self {
        let mut running = Running::start(command);
        running.until_it_says("serving on http://");
        let said = running.heard().lines().last().unwrap_or_default().trim_end().to_owned();
        let (http, agent) = match said.split_once(", agent-check on ") {
            Some((http, agent)) => (http, Some(agent.to_owned())),
            None => (said.as_str(), None),
        };
        let http = http.trim_start_matches("serving on http://").trim_end_matches("/ui").to_owned();
        Self { running: Some(running), http, agent }
    }

    pub fn connect(&self) -> TcpStream {
        connect(&self.http)
    }

    /// Sends bytes on a connection of their own, and reads to its end.
    pub fn sends(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect();
        stream.write_all(bytes).expect("it reads");
        let mut text = String::new();
        // One that was refused in the middle is reset once it has been told why.
        let _ = stream.read_to_string(&mut text);
        text
    }

    /// Asks, with more header lines.
    pub fn asks(&self, method: &str, path: &str, more: &str) -> Response {
        let host = &self.http;
        let text = self
            .sends(format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{more}\r\n").as_bytes());
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {text:?}"));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        Response { status, head: head.to_ascii_lowercase(), body: body.to_owned() }
    }

    pub fn get(&self, path: &str) -> Response {
        self.asks("GET", path, "")
    }

    /// What an agent says that sends this.
    pub fn agent_says(&self, sent: &str) -> String {
        let mut stream = connect(self.agent.as_ref().expect("it serves agents"));
        stream.write_all(sent.as_bytes()).expect("it reads");
        let mut said = String::new();
        stream.read_to_string(&mut said).expect("it answers");
        said
    }

    pub fn signal(&self, signal: Signal) {
        let pid = self.running.as_ref().expect("it runs").pid();
        kill_process(Pid::from_raw(pid.cast_signed()).expect("a process"), signal).expect("it is ours");
    }

    /// Waits for its end.
    pub fn end(mut self) -> Run {
        self.running.take().expect("it runs").end()
    }

    /// Asks until an answer is as it should be, and returns that.
    pub async fn until(&self, path: &str, wanted: impl Fn(&Response) -> bool) -> Response {
        let begin = std::time::Instant::now();
        loop {
            let answer = self.get(path);
            if wanted(&answer) {
                return answer;
            }
            assert!(begin.elapsed() < 2 * PATIENCE, "{path} stays so: {answer:?}");
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    }

    /// Takes pictures of the page, if somebody wants them: `cargo xtask ui-shots`.
    pub fn picture(&self, state: &str) {
        let Some(folder) = std::env::var_os("CSQLSTORE_UI_SHOTS") else { return };
        for (size, width, height) in [("phone", 390, 1500), ("80", 720, 1300), ("200", 1600, 900)] {
            for (scheme, number) in [("dark", 0), ("light", 1)] {
                let file = Path::new(&folder).join(format!("{state}-{size}-{scheme}.png"));
                let mut browser = Command::new("chromium-headless-shell");
                browser.args(["--no-sandbox", "--hide-scrollbars", "--disable-gpu"]);
                browser.arg(format!("--blink-settings=preferredColorScheme={number}"));
                browser.arg(format!("--window-size={width},{height}")).arg(format!("--screenshot={}", file.display()));
                let output = browser.arg(format!("http://{}/ui", self.http)).output().expect("Chromium, of Debian");
                let said = String::from_utf8_lossy(&output.stderr).into_owned();
                // What the page's own policy forbids would be said here.
                assert!(output.status.success() && !said.contains("Content Security Policy"), "{said}");
            }
        }
    }
}

/// Neither that nor reading takes for ever.
fn connect(address: &str) -> TcpStream {
    let address = address.parse().expect("an address");
    let stream = TcpStream::connect_timeout(&address, PATIENCE).expect("it accepts connections");
    stream.set_read_timeout(Some(PATIENCE)).expect("a stream takes that");
    stream
}

impl Drop for Serve {
    fn drop(&mut self) {
        if self.running.is_some() {
            self.signal(Signal::KILL);
        }
    }
}
