//! `csqlstore node serve`: the nodes' health over HTTP, and to HAProxy's agent-check.
//!
//! A background look at the nodes goes on all the time ([`health::Watch`]); whoever asks is answered from what it saw last.

mod agent;
mod answer;
mod http;
mod listen;
mod page;
mod token;
mod view;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use clap::Args;
use serde::Serialize;

use csqlstore::cluster::On;
use csqlstore::health::{Pace, Watch};

use self::listen::{Reach, listen};
use self::token::Token;
use self::view::Served;
use super::look::{ThresholdArgs, narrowed};
use crate::context::Context;
use crate::failure::{Failure, Status};
use crate::stop::Signal;
use crate::ui::{Report, Style, Ui};

/// Answer over HTTP how the nodes are, from a look that goes on in the background
///
/// All nodes are looked at every `--every`, whoever asks and however often: a thousand checks cost the databases nothing.
/// What was seen longer ago than `--max-age` counts no more; the answer is 503 then, with that as the reason.
///
/// `/nodes/NAME` is 200 if sessions may be written to the node, else 503 and why, in the words of Percona's clustercheck.
/// `/` is the same of the only node, or the one of `--on`; of several it is 503 if the cluster is critical. `/metrics` is for
/// Prometheus, `/api/status` the JSON of `csqlstore node status`, and `/ui` a page for people, which loads itself anew.
///
/// With a token (`--token-file` or $CSQLSTORE_SERVE_TOKEN) the last three want `Authorization: Bearer TOKEN`, or the token as the
/// password that a browser asks for, and the first two give reasons to nobody else; HAProxy's agent, which cannot show one,
/// is told what to do and no reason. SIGTERM and SIGINT stop it: what was asked before is answered, and the exit status is 0.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  csqlstore node serve                         then open http://127.0.0.1:9200/ui
  csqlstore node serve --on n1 --listen 192.0.2.1:9200 --public
                                               in place of clustercheck, on the host of n1
  csqlstore node serve --agent-listen 127.0.0.1:9201
                                               HAProxy: agent-check agent-port 9201 agent-send \"n1\\n\"
  openssl rand -hex 32 > token; chmod 600 token; csqlstore node serve --token-file token
  curl -H \"Authorization: Bearer $(cat token)\" http://127.0.0.1:9200/api/status")]
pub(super) struct ServeArgs {
    /// Serve HTTP on this address
    #[arg(long, value_name = "IP:PORT", default_value = "127.0.0.1:9200", value_parser = listen::address)]
    listen: SocketAddr,
    /// Serve HAProxy's agent-check on this address: a client sends a node's name and a line feed, and is sent a line
    #[arg(long, value_name = "IP:PORT", value_parser = listen::address)]
    agent_listen: Option<SocketAddr>,
    /// Allow an address that other machines reach
    #[arg(long)]
    public: bool,
    /// Look at every node this often
    #[arg(long, value_name = "DURATION", default_value = "2s", value_parser = every)]
    every: humantime::Duration,
    /// Take what was seen longer ago for nothing
    #[arg(long, value_name = "DURATION", default_value = "10s")]
    max_age: humantime::Duration,
    /// Tell details to those alone who show the token that stands in this file (16 characters or more)
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Look at this node alone
    #[arg(long, value_name = "NAME|auto", default_value = "auto", hide_default_value = true)]
    on: On,
    #[command(flatten)]
    thresholds: ThresholdArgs,
}

/// A look is some ten statements and a connection.
const LEAST: Duration = Duration::from_millis(100);

fn every(text: &str) -> Result<humantime::Duration, String> {
    let every: humantime::Duration = text.parse().map_err(|error: humantime::DurationError| error.to_string())?;
    if *every < LEAST { Err("it is shorter than 100ms".to_owned()) } else { Ok(every) }
}

pub(super) async fn run(args: &ServeArgs, cx: &Context, ui: &Ui) -> Result<Status, Failure> {
    let ServeArgs { listen: address, agent_listen, public, every, max_age, token_file, on, thresholds } = args;
    let pace = Pace { every: (*every).into(), max_age: (*max_age).into() };
    if pace.max_age <= pace.every {
        let message = format!("what is seen every {every} is always older than `--max-age {max_age}` at times");
        return Err(Failure::request(message).hint("a `--max-age` of some times `--every` bears a look that fails"));
    }
    let reach = if *public { Reach::Anyone } else { Reach::Loopback };
    let cluster = narrowed(cx.cluster()?, on)?;
    let (secret, exposure) = cx.settings().serve_token(token_file.as_deref())?;
    let token = secret.map(|secret| Token::new(&secret)).transpose()?;
    if let Some(exposure) = exposure {
        ui.warning(exposure);
    }
    let http = listen("--listen", *address, reach).await?;
    let agent = match agent_listen {
        Some(address) => Some(listen("--agent-listen", *address, reach).await?),
        None => None,
    };
    let heard = |listener: &tokio::net::TcpListener| {
        listener.local_addr().map_err(|error| Failure::bug("asking for the address that is served failed", &error))
    };
    let (address, agent_address) = (heard(&http)?, agent.as_ref().map(heard).transpose()?);
    if *public && token.is_none() {
        ui.warning("everyone who reaches it may read the nodes' addresses, releases and troubles: see `--token-file`");
    }

    let count = cluster.nodes().len();
    ui.detail(format_args!("looking at {count} nodes every {every}, for answers on http://{address}"));
    let watch = Watch::start(&cluster, pace);
    // Whoever asks meanwhile waits, for `--timeout` at most: one that restarts is not to take all nodes out for a moment.
    tokio::select! {
        () = watch.first() => {}
        signal = cx.stop().requested() => return stopped(ui, address, agent_address, 0, signal),
    }
    let served = Arc::new(Served::new(&cluster, watch, thresholds.thresholds(), token));
    let agent_said = agent_address.map_or_else(String::new, |address| format!(", agent-check on {address}"));
    ui.note(format_args!("serving on http://{address}/ui{agent_said}"));
    let agents = async {
        if let Some(agent) = agent {
            agent::serve(agent, Arc::clone(&served), cx.stop().clone()).await;
        }
    };
    tokio::join!(http::serve(http, Arc::clone(&served), cx.stop().clone()), agents);
    let signal = cx.stop().requested().await;
    stopped(ui, address, agent_address, served.answers.load(Ordering::Relaxed), signal)
}

fn stopped(
    ui: &Ui,
    address: SocketAddr,
    agent: Option<SocketAddr>,
    answers: u64,
    signal: Signal,
) -> Result<Status, Failure> {
    ui.answer(&ServeReport {
        listen: address.to_string(),
        agent_listen: agent.map(|address| address.to_string()),
        answers,
        stopped: signal.name(),
    })
}

/// What was done.
#[derive(Serialize)]
struct ServeReport {
    listen: String,
    agent_listen: Option<String>,
    answers: u64,
    stopped: &'static str,
}

impl Report for ServeReport {
    fn json(&self) -> impl Serialize {
        self
    }

    fn human(&self, _style: &Style) -> String {
        format!("{} answers on {} until {}\n", self.answers, self.listen, self.stopped)
    }
}
