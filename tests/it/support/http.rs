//! A browser over real HTTP: one request a connection, and a jar of cookies.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;

use http::HeaderValue;

use super::browser::Browser;
use super::database::PATIENCE;

/// What a server answered.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub set_cookies: Vec<String>,
    pub body: String,
}

impl Browser {
    /// Asks a server (`http://127.0.0.1:PORT`), and takes the cookies that it sets. A host's cookies are those of all its
    /// ports, and one on this machine is as good as TLS to a browser.
    pub fn ask(&mut self, server: &str, method: &str, path: &str, body: &str) -> Answer {
        let authority = server.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(authority).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        // A form has a `=`, and no text of the tests does.
        let kind = if body.contains('=') { "application/x-www-form-urlencoded" } else { "text/plain" };
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let cookies = if cookies.is_empty() { String::new() } else { format!("Cookie: {}\r\n", cookies.join("; ")) };
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n{cookies}\r\n{body}"
        )
        .unwrap();
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let status =
            line.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_else(|| panic!("{line:?}"));
        let mut answer = Answer { status, set_cookies: Vec::new(), body: String::new() };
        let mut length = None;
        loop {
            line.clear();
            reader.read_line(&mut line).unwrap();
            let Some((name, value)) = line.trim_end().split_once(": ") else { break };
            match name.to_ascii_lowercase().as_str() {
                "set-cookie" => answer.set_cookies.push(value.to_owned()),
                "content-length" => length = Some(value.parse::<u64>().unwrap()),
                _ => {}
            }
        }
        reader.take(length.unwrap_or(u64::MAX)).read_to_string(&mut answer.body).unwrap();
        for header in &answer.set_cookies {
            self.takes(&HeaderValue::from_str(header).unwrap());
        }
        answer
    }

    /// Asks, and has the text of an answer that is well.
    #[track_caller]
    pub fn reads(&mut self, server: &str, path: &str) -> String {
        self.ok(server, "GET", path, "")
    }

    /// Sends something, and has the text of an answer that is well.
    #[track_caller]
    pub fn sends(&mut self, server: &str, path: &str, body: &str) -> String {
        self.ok(server, "POST", path, body)
    }

    #[track_caller]
    fn ok(&mut self, server: &str, method: &str, path: &str, body: &str) -> String {
        let answer = self.ask(server, method, path, body);
        assert_eq!(answer.status, 200, "{method} {path} on {server}: {answer:?}");
        answer.body
    }
}
