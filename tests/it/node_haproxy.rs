//! A real HAProxy in front of the nodes, with csqlstore's word on each: as agents, as the command of a check, and over
//! HTTP.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::command;
use crate::support::database::PATIENCE;
use crate::support::doctor::Globals;
use crate::support::serve::Serve;
use crate::support::{Database, cluster};

crate::cases! {
    Beside: [
        haproxy_accepts_the_example,
    ],
    Alone if Galera because "they cut a node off and desync it, which only Galera has a switch for": [
        haproxy_takes_nodes_out_and_back,
    ],
}

const CONTRIB: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/contrib");

async fn haproxy_accepts_the_example() {
    let check = |file: &Path| {
        let output = Command::new("haproxy").args(["-c", "-f"]).arg(file).output().expect("haproxy, of Debian");
        (output.status.success(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
    };
    let example = Path::new(CONTRIB).join("haproxy.cfg");
    let (success, said) = check(&example);
    assert!(success && !said.contains("WARNING"), "{said}");
    // It would have seen a mistake.
    let folder = tempfile::TempDir::new().expect("a folder for the test");
    let wrong = folder.path().join("haproxy.cfg");
    let text = fs::read_to_string(&example).expect("the example").replace("agent-check", "agent-chek");
    fs::write(&wrong, text).expect("a writable folder");
    assert!(!check(&wrong).0);
}

/// Answers each connection with what the command says of a node, as inetd or a socket unit would; returns the port.
fn agent(db: &Database, node: &str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("it listens").port();
    let (folder, nodes, node) = (db.folder.path().to_owned(), db.dsns(), node.to_owned());
    std::thread::spawn(move || {
        for client in listener.incoming() {
            let Ok(mut client) = client else { return };
            let args = ["node", "check", "--format", "haproxy", "--interval", "0s", "--timeout", "1s", "--on", &node];
            let (_, mut command) = command::command(&folder, &args);
            let Ok(output) = command.env("CSQLSTORE_NODES", &nodes).output() else { return };
            // HAProxy may have given up on it.
            let _gone = client.write_all(&output.stdout);
        }
    });
    port
}

/// Puts the script of contrib/ where it finds the program and a configuration of these nodes.
fn script(db: &Database) -> PathBuf {
    let config = db.folder.path().join("farm.toml");
    let nodes: Vec<String> = db.dsns().split(' ').map(|node| format!("\"{node}\"")).collect();
    fs::write(&config, format!("nodes = [{}]\n", nodes.join(", "))).expect("a writable folder");
    fs::set_permissions(&config, fs::Permissions::from_mode(0o600)).expect("it is ours");
    let text = fs::read_to_string(Path::new(CONTRIB).join("haproxy-check")).expect("the script");
    let text = text
        .replace("/usr/bin/csqlstore", env!("CARGO_BIN_EXE_csqlstore"))
        .replace("/etc/csqlstore/csqlstore.toml", config.to_str().expect("a path of the test"));
    let script = db.folder.path().join("haproxy-check");
    fs::write(&script, text).expect("a writable folder");
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).expect("it is ours");
    script
}

/// A HAProxy that ends with the test.
struct Haproxy {
    child: Child,
    socket: PathBuf,
}

impl Haproxy {
    fn start(db: &Database, serve: &Serve) -> Self {
        let socket = db.folder.path().join("haproxy.sock");
        let server = |node: &csqlstore::sandbox::Node, more: &str| {
            format!("    server {} 127.0.0.1:{} check inter 300ms fall 1 rise 1 {more}\n", node.name, node.port)
        };
        let nodes = &cluster::common().nodes;
        let agents = nodes.iter().map(|node| {
            let port = agent(db, &node.name);
            server(node, &format!("agent-check agent-addr 127.0.0.1 agent-port {port} agent-inter 300ms"))
        });
        let external = nodes.iter().map(|node| server(node, ""));
        let http = nodes.iter().map(|node| server(node, &format!("addr 127.0.0.1 port {}", port_of(&serve.http))));
        let port = port_of(serve.agent.as_ref().expect("it serves agents"));
        let served = nodes.iter().map(|node| {
            let send = format!("agent-send \"{}\\n\"", node.name);
            server(node, &format!("agent-check agent-addr 127.0.0.1 agent-port {port} agent-inter 300ms {send}"))
        });
        let text = format!(
            "global\n    stats socket {}\n    external-check\n    insecure-fork-wanted\ndefaults\n    mode tcp\n    \
             timeout connect 3s\n    timeout client 9s\n    timeout server 9s\n    timeout check 3s\nbackend agents\n{}\
             backend external\n    option external-check\n    external-check path /usr/bin:/bin\n    \
             external-check command {}\n{}\
             backend http\n    option httpchk\n    http-check send meth GET uri-lf /nodes/%[srv_name]\n{}\
             backend served\n{}",
            socket.display(),
            agents.collect::<String>(),
            script(db).display(),
            external.collect::<String>(),
            http.collect::<String>(),
            served.collect::<String>(),
        );
        let config = db.folder.path().join("haproxy.cfg");
        fs::write(&config, text).expect("a writable folder");
        let mut haproxy = Command::new("haproxy");
        haproxy.arg("-db").arg("-f").arg(&config).stdout(Stdio::null()).stderr(Stdio::null());
        Self { child: haproxy.spawn().expect("haproxy, of Debian"), socket }
    }

    /// The status of each server, as `BACKEND/SERVER STATUS`.
    fn statuses(&self) -> Option<Vec<String>> {
        let mut socket = UnixStream::connect(&self.socket).ok()?;
        socket.write_all(b"show stat\n").ok()?;
        let mut text = String::new();
        socket.read_to_string(&mut text).ok()?;
        let mut lines = text.lines();
        let headings: Vec<&str> = lines.next()?.trim_start_matches("# ").split(',').collect();
        let status = headings.iter().position(|heading| *heading == "status")?;
        let row = |line: &str| {
            let cells: Vec<&str> = line.split(',').collect();
            let (backend, server, status) = (*cells.first()?, *cells.get(1)?, *cells.get(status)?);
            (!["FRONTEND", "BACKEND"].contains(&server)).then(|| format!("{backend}/{server} {status}"))
        };
        Some(lines.filter_map(row).collect())
    }

    /// Waits until a node has one of these statuses by both agents, and the other by the command and over HTTP, and both
    /// other nodes are up.
    async fn until(&self, node: &str, by_agent: &str, by_check: &str) {
        let begin = Instant::now();
        loop {
            let statuses = self.statuses().unwrap_or_default();
            let of = |backend: &str, name: &str, wanted: &str| {
                let begins = format!("{backend}/{name} {wanted}");
                // `UP` is not `UP 1/2`, which is about to go down.
                statuses.iter().any(|status| *status == begins || status.starts_with(&format!("{begins} (")))
            };
            let others = ["n1", "n2", "n3"].into_iter().filter(|name| *name != node);
            let (agents, checks) = (["agents", "served"], ["external", "http"]);
            let well = others.into_iter().all(|name| agents.iter().chain(&checks).all(|way| of(way, name, "UP")));
            let by = |ways: [&str; 2], wanted| ways.iter().all(|way| of(way, node, wanted));
            if well && by(agents, by_agent) && by(checks, by_check) {
                return;
            }
            assert!(begin.elapsed() < 2 * PATIENCE, "{node} is not {by_agent} and {by_check}: {statuses:?}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

fn port_of(address: &str) -> &str {
    address.rsplit_once(':').expect("a port").1
}

impl Drop for Haproxy {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _gone = self.child.wait();
    }
}

async fn haproxy_takes_nodes_out_and_back() {
    let db = Database::empty().await;
    db.until_well().await;
    let args = ["--agent-listen", "127.0.0.1:0", "--every", "300ms", "--max-age", "5s", "--timeout", "1s"];
    let serve = Serve::start(&db, &args);
    let haproxy = Haproxy::start(&db, &serve);
    haproxy.until("n3", "UP", "UP").await;

    let globals = Globals::set(&db, &["n2"], "wsrep_desync", "ON").await;
    haproxy.until("n2", "DRAIN", "DOWN").await;
    drop(globals);
    haproxy.until("n2", "UP", "UP").await;

    let globals = Globals::set(&db, &["n3"], "wsrep_reject_queries", "ALL").await;
    haproxy.until("n3", "DOWN", "DOWN").await;
    drop(globals);
    haproxy.until("n3", "UP", "UP").await;

    let mut sandbox = cluster::common().sandbox();
    sandbox.isolate("n2", |_| ()).await.expect("n2 can be cut off");
    haproxy.until("n2", "DOWN", "DOWN").await;
    sandbox.heal("n2", |_| ()).await.expect("n2 is let in again");
    haproxy.until("n2", "UP", "UP").await;

    sandbox.kill("n3", |_| ()).await.expect("n3 can be killed");
    haproxy.until("n3", "DOWN", "DOWN").await;
    sandbox.start("n3", |_| ()).await.expect("n3 comes back");
    haproxy.until("n3", "UP", "UP").await;
    db.until_well().await;
}
