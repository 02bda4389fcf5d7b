//! HAProxy's agent-check: a client sends a node's name, and is sent what HAProxy is to do with it.
//!
//! One port serves all nodes, since HAProxy can say which it means: `agent-send "n1\n"`. Where there is but one node,
//! nothing need be sent.
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

/// Answers until it is asked to stop.
pub(super) async fn serve(listener: TcpListener, served: Arc<Served>, stop: Stop) {
    accept(listener, &Arc::new(Semaphore::new(CONNECTIONS)), stop, |stream, _| talk(stream, Arc::clone(&served))).await;
}

async fn talk(mut stream: TcpStream, served: Arc<Served>) {
    let one = served.view().report.nodes.len() == 1;
    let name = if one { None } else { timeout(PATIENCE, name(&mut stream)).await.unwrap_or(None) };
    served.answers.fetch_add(1, Ordering::Relaxed);
    let line = line(&served.view(), name.as_deref());
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

/// Reads a line; `None` if none came, or one that is too long.
async fn name(stream: &mut TcpStream) -> Option<String> {
    let mut line = Vec::with_capacity(NAME_BYTES);
    while line.len() < NAME_BYTES {
        let mut more = [0; NAME_BYTES];
        let read = stream.read(&mut more).await.ok()?;
        line.extend_from_slice(&more[..read]);
        if let Some(end) = line.iter().position(|byte| *byte == b'\n') {
            line.truncate(end);
            return Some(String::from_utf8_lossy(&line).trim().to_owned());
        }
        if read == 0 {
            break;
        }
    }
    None
}

/// Says what is to be done with a node.
fn line(view: &View, name: Option<&str>) -> String {
    match (view.report.nodes.as_slice(), name) {
        ([node], _) => agent_line(node),
        (_, None) => "down #which node? agent-send \"NAME\\n\" says so\n".to_owned(),
        (_, Some(name)) => match view.node(name) {
            Some(node) => agent_line(node),
            None => format!("down #csqlstore has no node {}\n", plain(name)),
        },
    }
}
