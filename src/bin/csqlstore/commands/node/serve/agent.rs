//! HAProxy's agent-check: a client sends a node's name, and is sent what HAProxy is to do with it.
//!
//! One port serves all nodes, since HAProxy can say which it means: `agent-send "n1\n"`. Where there is but one node,
//! nothing need be sent. No agent can show a token: where there is one, nobody is told reasons here.
//!
//! # Source
//!
//! HAProxy 2.6, Configuration Manual, `agent-check` and `agent-send`.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::super::check::agent_line;
use super::http::accept;
use super::view::{Served, View};
use crate::stop::Stop;
use crate::ui::plain;

/// As many agents are talked to at once; others wait to be accepted.
const CONNECTIONS: usize = 64;
/// A name, and some.
const NAME_BYTES: usize = 256;
/// A client has said which node it means within this time, and has taken the answer within as much again.
const PATIENCE: Duration = Duration::from_secs(2);
/// The same where there is but one node, and most say nothing. HAProxy sends as soon as it is connected.
const PATIENCE_IF_ONE: Duration = Duration::from_millis(500);

/// What a client has said.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    Nothing,
    /// Something that is no line, or one that is too long.
    Unclear,
    Named(String),
}

/// Whether reasons are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reasons {
    Told,
    Kept,
}

/// Answers until it is asked to stop.
pub(super) async fn serve(listener: TcpListener, served: Arc<Served>, stop: Stop) {
    accept(listener, &Arc::new(Semaphore::new(CONNECTIONS)), stop, |stream, _| talk(stream, Arc::clone(&served))).await;
}

async fn talk(mut stream: TcpStream, served: Arc<Served>) {
    let one = served.view().report.nodes.len() == 1;
    let mut sent = Vec::with_capacity(NAME_BYTES);
    // Whatever came until then counts.
    let _ = timeout(if one { PATIENCE_IF_ONE } else { PATIENCE }, read(&mut stream, &mut sent)).await;
    served.answers.fetch_add(1, Ordering::Relaxed);
    let reasons = if served.token.is_some() { Reasons::Kept } else { Reasons::Told };
    let line = line(&served.view(), &asked(&sent), reasons);
    // Whoever does not take its answer has none. What it still sends is read: closing before that would take the answer
    // away again.
    let _ = timeout(PATIENCE, async {
        stream.write_all(line.as_bytes()).await?;
        stream.shutdown().await?;
        let mut rest = [0; NAME_BYTES];
        while stream.read(&mut rest).await? > 0 {}
        Ok::<_, std::io::Error>(())
    })
    .await;
}

/// Reads until there is a line, or more than a name has.
async fn read(stream: &mut TcpStream, sent: &mut Vec<u8>) -> std::io::Result<()> {
    while sent.len() < NAME_BYTES && !sent.contains(&b'\n') {
        if stream.read_buf(sent).await? == 0 {
            break;
        }
    }
    Ok(())
}

fn asked(sent: &[u8]) -> Asked {
    let Some(end) = sent.iter().position(|byte| *byte == b'\n') else {
        return if sent.is_empty() { Asked::Nothing } else { Asked::Unclear };
    };
    match String::from_utf8_lossy(&sent[..end]).trim() {
        "" => Asked::Nothing,
        name => Asked::Named(name.to_owned()),
    }
}

/// Says what is to be done with a node.
fn line(view: &View, asked: &Asked, reasons: Reasons) -> String {
    let node = match (asked, view.report.nodes.as_slice()) {
        (Asked::Named(name), _) => match view.node(name) {
            Some(node) => node,
            None => return format!("down #csqlstore has no node {}\n", plain(name)),
        },
        (Asked::Nothing, [node]) => node,
        (Asked::Nothing | Asked::Unclear, _) => {
            return "down #which node? agent-send \"NAME\\n\" says so\n".to_owned();
        }
    };
    let line = agent_line(node);
    if reasons == Reasons::Kept && line.starts_with("down") {
        return "down #see csqlstore node status\n".to_owned();
    }
    line
}

#[cfg(test)]
mod tests {
    use csqlstore::health::{Outcome, Pace, Reading, Sight, Thresholds};

    use super::*;

    fn view(names: &[&str]) -> View {
        let sight = |name: &&str| {
            let outcome = Outcome::Refused(format!("why {name}"));
            let reading = Reading { node: (*name).to_owned(), address: format!("{name}:1"), outcome };
            Sight { reading, age: Some(Duration::ZERO), stale: false, looks: 1 }
        };
        let pace = Pace { every: Duration::from_secs(2), max_age: Duration::from_secs(10) };
        View::new("c", names.iter().map(sight).collect(), pace, &Thresholds::default())
    }

    #[test]
    fn each_node_is_answered_for_by_its_name() {
        let which = "down #which node? agent-send \"NAME\\n\" says so\n";
        let (one, two) = (view(&["n1"]), view(&["n1", "n2"]));
        // What was sent, and what is said where there is one node, and where there are two.
        for (sent, if_one, if_two) in [
            ("", "down #why n1\n", which),
            ("\r\n", "down #why n1\n", which),
            ("n1\n", "down #why n1\n", "down #why n1\n"),
            ("n1 \r\nn2\n", "down #why n1\n", "down #why n1\n"),
            ("n2\n", "down #csqlstore has no node n2\n", "down #why n2\n"),
            ("n2", which, which),
        ] {
            let asked = asked(sent.as_bytes());
            assert_eq!(line(&one, &asked, Reasons::Told), if_one, "{sent:?} of one");
            assert_eq!(line(&two, &asked, Reasons::Told), if_two, "{sent:?} of two");
            let kept = line(&two, &asked, Reasons::Kept);
            let expected = if if_two == which { which } else { "down #see csqlstore node status\n" };
            assert_eq!(kept, expected, "{sent:?} with a token");
        }
    }
}
