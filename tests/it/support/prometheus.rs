//! Prometheus' own checker.

use std::io::Write as _;
use std::process::{Command, Stdio};

/// Lets Prometheus' own checker read metrics. It has to have nothing to say, and to see a mistake.
#[track_caller]
pub fn promtool(metrics: &str) {
    let check = |text: &str| {
        let mut child = Command::new("promtool")
            .args(["check", "metrics"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("promtool, of Debian's prometheus");
        child.stdin.take().expect("a pipe").write_all(text.as_bytes()).expect("it reads");
        let output = child.wait_with_output().expect("it ends");
        (output.status.success(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
    };
    assert_eq!(check(metrics), (true, String::new()), "{metrics}");
    let (success, said) = check(&metrics.replace("csqlstore_node_up", "csqlstore_node_up_ms"));
    assert!(!success && !said.is_empty(), "it has no objection to anything");
}
