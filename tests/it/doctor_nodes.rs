//! Findings about nodes, clocks, zones, limits and connections, each provoked and mended. The nodes are left as they were.

use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use csqlstore::sandbox::{self, Options};
use rustix::process::{Pid, Signal, kill_process};

use crate::support::command;
use crate::support::database::PATIENCE;
use crate::support::doctor::{Globals, findings, look, mends, run_fix, until_found, until_gone};
use crate::support::engine::{Engine, engine};
use crate::support::replica::Pair;
use crate::support::{Database, cluster, proof, single};

crate::cases! {
    Beside: [
        connection_plain,
    ],
    Beside if Nodes because "they are about a cluster of several nodes": [
        another_cluster_is_a_split_too,
    ],
    Beside if MariaDb because "they are about this machine's MariaDB": [
        replica_writable,
        certificate_expires,
    ],
    Alone if Group because "it is about a limit of Group Replication": [
        transaction_size_limit,
    ],
    Alone: [
        no_usable_node,
        clock_off,
        time_zone_not_utc,
        packet_limit,
    ],
    Alone if Nodes because "they are about a node beside the one at work": [
        node_down,
        server_id_repeated,
        schedulers_differ,
        size_differs,
        clocks_differ,
        time_zones_differ,
    ],
    Alone if Writers because "they change one of several nodes that take writes": [
        node_unusable,
        no_majority,
    ],
    Alone if Galera because "they cut a node off or desync it, which only Galera has a switch for": [
        a_node_that_is_cut_off_comes_back_by_a_restart,
        node_draining,
        kinds_differ,
        split_brain,
    ],
    Alone if Galera because "they are about the variables and the flow control of Galera": [
        a_node_that_rejects_queries,
        node_behind,
        ws_rows_limit,
        ws_size_limit,
        autocommit_retry_off,
        osu_method_rsu,
        a_node_that_hangs_costs_its_deadline_once_and_hides_nothing_else,
    ],
}

/// A database with the table as it should be, once the whole cluster is well: the last test may have left a node joining.
pub(crate) async fn well() -> Database {
    let db = Database::migrated().await;
    let begin = std::time::Instant::now();
    loop {
        let run = db.csqlstore(&["node", "status", "--format", "json", "--timeout", "10s"]);
        if run.code == Some(0) && run.json()["size"] == db.nodes().len() {
            return db;
        }
        assert!(begin.elapsed() < PATIENCE, "{run:?}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

async fn node_down() {
    let db = well().await;
    let mut sandbox = cluster::common().sandbox();
    sandbox.kill("n3", |_| ()).await.expect("n3 can be killed");
    let found = mends(&db, "node-down").await;
    let fix = format!("systemctl start {} # on the host of node `n3`, ", engine().service());
    assert!(found["node"] == "n3" && found["fix"].as_str().is_some_and(|found| found.starts_with(&fix)), "{found}");
}

async fn size_differs() {
    let db = well().await;
    let mut sandbox = cluster::common().sandbox();
    sandbox.kill("n3", |_| ()).await.expect("n3 can be killed");
    mends(&db, "size-differs").await;
    // One that is not configured is a note, with how to find it.
    let (line, mut command) = db.command(&["doctor", "--format", "json", "--only", "size-differs"]);
    command.env("CSQLSTORE_NODES", db.dsns().rsplit_once(' ').expect("three nodes").0);
    let found = findings(&command::run((line, command)).success().json()).remove(0);
    assert_eq!(found["level"], "note");
    run_fix(&db, &found, &[]).await;
}

async fn node_unusable() {
    let db = well().await;
    let _globals = Globals::set(&db, &["n3"], "read_only", "ON").await;
    let found = mends(&db, "node-unusable").await;
    assert_eq!(found["node"], "n3");
}

async fn a_node_that_rejects_queries() {
    let db = well().await;
    let _globals = Globals::set(&db, &["n2"], "wsrep_reject_queries", "ALL").await;
    mends(&db, "node-unusable").await;
}

async fn a_node_that_is_cut_off_comes_back_by_a_restart() {
    let db = well().await;
    let mut sandbox = cluster::common().sandbox();
    sandbox.isolate("n2", |_| ()).await.expect("n2 can be cut off");
    let found = mends(&db, "node-unusable").await;
    assert_eq!(found["node"], "n2");
    let fix = found["fix"].as_str().unwrap_or_default();
    assert!(fix.starts_with("systemctl restart mariadb # on the host of node `n2`, 127.0.0.1:"), "{fix}");
    until_gone(&db, "size-differs", &[]).await;
}

async fn node_draining() {
    let db = well().await;
    let _globals = Globals::set(&db, &["n2"], "wsrep_desync", "ON").await;
    let found = mends(&db, "node-draining").await;
    assert_eq!((&found["node"], &found["fix"]), (&"n2".into(), &"SET GLOBAL wsrep_desync = OFF".into()));
}

/// Stops a node's process, and lets it go on when dropped.
struct Still(Pid);

impl Still {
    fn of(node: usize) -> Self {
        let pid = cluster::common().sandbox().nodes()[node].pid.and_then(|pid| Pid::from_raw(pid.cast_signed()));
        let pid = pid.expect("the node runs");
        kill_process(pid, Signal::STOP).expect("it is ours");
        Self(pid)
    }
}

impl Drop for Still {
    fn drop(&mut self) {
        let _gone = kill_process(self.0, Signal::CONT);
    }
}

async fn node_behind() {
    let db = well().await;
    // The others wait for it only once they miss it: a first look, which takes its time over the one that hangs, is too
    // early to find them waiting.
    let mut found = None;
    for _ in 0..10 {
        let still = Still::of(0);
        db.csqlstore(&["node", "status", "--timeout", "1s"]);
        let run = db.csqlstore(&["doctor", "--format", "json", "--only", "node-behind", "--timeout", "1s"]);
        drop(still);
        found = findings(&run.json()).into_iter().next();
        if found.is_some() {
            break;
        }
        well().await;
    }
    let found = &found.expect("a node that is behind");
    assert_eq!(found["level"], "warning");
    // It passes; the fix is a look at which node it was that the others waited for.
    run_fix(&db, found, &[]).await;
    until_gone(&db, "node-behind", &[]).await;
    until_gone(&db, "node-down", &[]).await;
}

async fn a_node_that_hangs_costs_its_deadline_once_and_hides_nothing_else() {
    let db = well().await;
    db.execute("n1", "ALTER TABLE session_cluster DROP PRIMARY KEY, DROP INDEX expire_on").await;
    db.execute("n1", "DELETE FROM csqlstore_migrations").await;
    db.settled().await;
    let still = Still::of(0);
    let begin = std::time::Instant::now();
    let run = db.csqlstore(&["doctor", "--format", "json", "--timeout", "1s"]);
    let took = begin.elapsed();
    drop(still);
    until_gone(&db, "node-down", &[]).await;
    let found: Vec<String> = crate::support::doctor::codes(&run.exits(4).json());
    for code in ["node-down", "primary-key-missing", "event-missing"] {
        assert!(found.contains(&code.to_owned()), "{code}: {found:?}");
    }
    // Its own second, and the others' wait for it in a causal read.
    assert!(took < Duration::from_secs(6), "{took:?}");
}

/// Asks and mends with some of the nodes.
async fn mends_among(db: &Database, dsns: &str, code: &str) {
    let ask = || {
        let (line, mut command) = db.command(&["doctor", "--format", "json", "--only", code]);
        command.env("CSQLSTORE_NODES", dsns);
        findings(&command::run((line, command)).json())
    };
    let found = ask().first().cloned().unwrap_or_else(|| panic!("{code} is not found"));
    run_fix(db, &found, &[]).await;
    // Where it may not see whether the server is a replica, the first fix is the right to see that.
    if let [next] = &ask()[..]
        && next["fix"] != found["fix"]
    {
        run_fix(db, next, &[]).await;
    }
    assert!(ask().is_empty(), "{:?}", ask());
}

async fn no_usable_node() {
    let db = well().await;
    let _globals = Globals::set(&db, &["n1"], "read_only", "ON").await;
    let dsns = db.dsns();
    mends_among(&db, dsns.split(' ').next().expect("a node"), "no-usable-node").await;
}

async fn no_majority() {
    let db = well().await;
    let _globals = Globals::set(&db, &["n2"], "read_only", "ON").await;
    let dsns = db.dsns();
    mends_among(&db, dsns.rsplit_once(' ').expect("three nodes").0, "no-majority").await;
}

async fn kinds_differ() {
    let db = well().await;
    let _globals = Globals::set(&db, &["n3"], "wsrep_on", "OFF").await;
    let found = mends(&db, "kinds-differ").await;
    assert_eq!(found["node"], "n3");
}

async fn server_id_repeated() {
    let db = well().await;
    let id = db.column("n1", "SELECT @@GLOBAL.server_id").await.remove(0);
    let _globals = Globals::set(&db, &["n3"], "server_id", &id).await;
    let found = mends(&db, "server-id-repeated").await;
    // No node of Galera looks at it.
    let level = if engine() == Engine::Galera { "note" } else { "warning" };
    assert_eq!((&found["level"], &found["node"]), (&level.into(), &"n3".into()));
}

async fn schedulers_differ() {
    let db = well().await;
    let _globals = Globals::set(&db, &["n2"], "event_scheduler", "OFF").await;
    let found = mends(&db, "schedulers-differ").await;
    assert_eq!((&found["level"], &found["node"]), (&"note".into(), &"n2".into()));
}

async fn split_brain() {
    let db = well().await;
    let mut sandbox = cluster::common().sandbox();
    sandbox.isolate("n3", |_| ()).await.expect("n3 can be cut off");
    until_found(&db, "size-differs", &[]).await;
    // What somebody does to a node that says it is not primary.
    db.root("n3")
        .await
        .execute("bootstrapping", "SET GLOBAL wsrep_provider_options = 'pc.bootstrap=1'", ())
        .await
        .expect("root may do that");
    let found = mends(&db, "split-brain").await;
    assert_eq!(found["node"], "n3", "the smaller side");
    until_gone(&db, "size-differs", &[]).await;
}

async fn another_cluster_is_a_split_too() {
    let db = Database::migrated().await;
    // Another cluster, of one node: another history.
    let dir = tempfile::TempDir::new_in("/tmp").expect("a folder for the test");
    let options = Options { nodes: 1, dir: dir.path().join("other"), ..engine().options() };
    let other = sandbox::up(&options, |_| ()).await.expect("a second cluster starts").guard();
    let stranger = other.nodes()[0].dsn.clone();
    let ask = |nodes: &str| {
        let (line, mut command) = db.command(&["doctor", "--format", "json", "--only", "split-brain"]);
        command.env("CSQLSTORE_NODES", nodes);
        command::run((line, command))
    };
    let run = ask(&format!("{} stranger={stranger}", db.dsns())).exits(1);
    let found = findings(&run.json()).remove(0);
    assert_eq!(found["node"], "stranger", "the smaller one");
    let leaves = if engine().is_group() { "STOP GROUP_REPLICATION" } else { "grastate.dat" };
    assert!(found["fix"].as_str().is_some_and(|fix| fix.contains(leaves)), "{found}");
    // It is not to join the tests' own cluster: what else mends it is not to name it.
    assert!(findings(&ask(&db.dsns()).json()).is_empty());
}

async fn replica_writable() {
    let pair = Pair::new().await;
    // An account that may see whom it follows.
    pair.on_replica("GRANT SLAVE MONITOR ON *.* TO 'sandbox'@'127.0.0.1'").await;
    pair.on_replica("SET GLOBAL read_only = OFF").await;
    let ask = || findings(&pair.run(&["doctor", "--format", "json", "--only", "replica-writable"]).json());
    let begin = std::time::Instant::now();
    let found = loop {
        if let Some(found) = ask().into_iter().next() {
            break found;
        }
        assert!(begin.elapsed() < PATIENCE, "it does not follow");
        tokio::time::sleep(Duration::from_millis(200)).await;
    };
    assert_eq!((&found["node"], &found["level"]), (&"replica".into(), &"warning".into()));
    let fix = found["fix"].as_str().and_then(|fix| fix.split("; --").next()).expect("a statement");
    pair.on_replica(fix).await;
    proof::mended(&found);
    assert!(ask().is_empty());
}

async fn certificate_expires() {
    let dir = tempfile::TempDir::new_in("/tmp").expect("a folder for the test");
    let pem = dir.path().join("own.pem");
    single::certify(&pem, 10);
    let server = single::server(&dir.path().join("tls"), &format!("ssl_cert={0}\nssl_key={0}\n", pem.display())).await;
    let dsn = server.nodes().remove(0).dsn;
    let ask = || {
        let only = ["--timeout", "10s", "doctor", "--format", "json", "--only", "certificate-expires"];
        let (line, mut command) = command::command(dir.path(), &only);
        command.env("CSQLSTORE_NODES", format!("tls={dsn}?ssl-mode=REQUIRED"));
        findings(&command::run((line, command)).json())
    };
    let found = ask().remove(0);
    assert_eq!((&found["node"], &found["level"]), (&"tls".into(), &"warning".into()));
    assert!(found["message"].as_str().is_some_and(|message| message.contains("days, at 2")), "{found}");
    // A new one is in its place, and the server reads it.
    single::certify(&pem, 400);
    let mut root = server.root("n1").expect("a server").connect(PATIENCE).await.expect("it runs");
    let fix = found["fix"].as_str().and_then(|fix| fix.split("; --").next()).expect("a statement");
    root.execute_unhurried("a fix", fix, ()).await.expect("root may do that");
    root.close().await;
    proof::mended(&found);
    assert!(ask().is_empty());
}

async fn transaction_size_limit() {
    let db = well().await;
    let name = "group_replication_transaction_size_limit";
    let nodes = db.nodes();
    let nodes: Vec<&str> = nodes.iter().map(String::as_str).collect();
    let _globals = Globals::set(&db, &nodes, name, "1000000").await;
    let found = mends(&db, "transaction-size-limit").await;
    assert_eq!((&found["node"], &found["level"]), (&"n1".into(), &"warning".into()), "{found}");
    let now = db.column("n1", &format!("SELECT CAST(@@GLOBAL.{name} AS CHAR)")).await;
    assert_eq!(now, ["150000000"]);
}

/// Lets the account set its session's time, which MySQL lets not everybody do: it does so as it connects.
async fn may_set_its_time(db: &Database) {
    if engine() != Engine::Galera {
        db.execute("n1", &format!("GRANT SESSION_VARIABLES_ADMIN ON *.* TO '{}'@'%'", db.name)).await;
        db.settled().await;
    }
}

/// What a wrong clock looks like to whoever asks a node for the time.
const AHEAD: &str = "'SET timestamp = UNIX_TIMESTAMP() + 20'";

/// What `timedatectl set-ntp true` does to a clock that was set so.
async fn set_the_clock(db: &Database, found: &serde_json::Value) {
    assert_eq!(found["fix"], "timedatectl set-ntp true");
    let node = found["node"].as_str().expect("a node");
    db.execute(node, "SET GLOBAL init_connect = ''").await;
    proof::mended(found);
}

async fn clocks_differ() {
    let db = well().await;
    may_set_its_time(&db).await;
    let _globals = Globals::set(&db, &["n2"], "init_connect", AHEAD).await;
    let found = until_found(&db, "clocks-differ", &[]).await;
    assert_eq!(found["node"], "n2");
    set_the_clock(&db, &found).await;
    until_gone(&db, "clocks-differ", &[]).await;
}

async fn clock_off() {
    let db = well().await;
    may_set_its_time(&db).await;
    let nodes = db.nodes();
    let nodes: Vec<&str> = nodes.iter().map(String::as_str).collect();
    let _globals = Globals::set(&db, &nodes, "init_connect", AHEAD).await;
    // All alike: it is not between the nodes.
    assert!(findings(&look(&db, "clocks-differ", &[]).json()).is_empty());
    let found = findings(&look(&db, "clock-off", &[]).json());
    assert_eq!(found.len(), nodes.len(), "{found:?}");
    for finding in &found {
        assert!(finding["message"].as_str().is_some_and(|message| message.contains("ahead of")), "{finding}");
        set_the_clock(&db, finding).await;
    }
    until_gone(&db, "clock-off", &[]).await;
}

async fn time_zones_differ() {
    let db = well().await;
    let _globals = Globals::set(&db, &["n2"], "time_zone", "'+02:00'").await;
    let found = mends(&db, "time-zones-differ").await;
    assert_eq!(found["node"], "n2");
}

async fn time_zone_not_utc() {
    let db = well().await;
    let nodes = db.nodes();
    let nodes: Vec<&str> = nodes.iter().map(String::as_str).collect();
    let _globals = Globals::set(&db, &nodes, "time_zone", "'-03:30'").await;
    let found = mends(&db, "time-zone-not-utc").await;
    assert_eq!(found["level"], "note");
}

/// Sets a variable on a node to what is in the way, and mends it.
async fn limit(code: &str, name: &str, value: &str) {
    let db = well().await;
    let _globals = Globals::set(&db, &["n2"], name, value).await;
    let found = mends(&db, code).await;
    assert_eq!(found["node"], engine().existing("n2"));
    assert!(found["fix"].as_str().is_some_and(|fix| fix.contains("-- in my.cnf, under [mysqld]: ")), "{found}");
}

async fn ws_rows_limit() {
    limit("ws-rows-limit", "wsrep_max_ws_rows", "100").await;
}

async fn ws_size_limit() {
    limit("ws-size-limit", "wsrep_max_ws_size", "65536").await;
}

async fn packet_limit() {
    limit("packet-limit", "max_allowed_packet", "65536").await;
}

async fn autocommit_retry_off() {
    limit("autocommit-retry-off", "wsrep_retry_autocommit", "0").await;
}

async fn osu_method_rsu() {
    limit("osu-method-rsu", "wsrep_OSU_method", "'RSU'").await;
}

/// Hands every connection to an address of this machine that is no loopback on to a port of 127.0.0.1, until the tests
/// end: what another host's connection looks like from here.
fn forwarded(port: u16) -> Option<std::net::SocketAddr> {
    // Nothing is sent: the system only says by which address it would.
    let probe = std::net::UdpSocket::bind("0.0.0.0:0").ok()?;
    probe.connect("192.0.2.1:9").ok()?;
    let own = probe.local_addr().ok()?.ip();
    let listener = TcpListener::bind((own, 0)).ok()?;
    let address = listener.local_addr().ok()?;
    std::thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let Ok(server) = TcpStream::connect(("127.0.0.1", port)) else { continue };
            for (mut from, mut to) in
                [(client.try_clone(), server.try_clone()), (server.try_clone(), client.try_clone())]
                    .into_iter()
                    .filter_map(|(from, to)| from.ok().zip(to.ok()))
            {
                std::thread::spawn(move || {
                    let _ = std::io::copy(&mut from, &mut to);
                    let _ = to.shutdown(std::net::Shutdown::Both);
                });
            }
        }
    });
    (!own.is_loopback()).then_some(address)
}

async fn connection_plain() {
    let db = Database::migrated().await;
    // On loopback nobody can listen.
    assert!(findings(&look(&db, "connection-plain", &[]).success().json()).is_empty());
    // A server of its own, with a certificate.
    let dir = tempfile::TempDir::new_in("/tmp").expect("a folder for the test");
    let folder = dir.path().join("tls");
    let options = Options { nodes: 1, dir: folder.clone(), ..Options::default() };
    let mut server = sandbox::up(&options, |_| ()).await.expect("a server starts").guard();
    let pem = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/testdata/server.pem");
    let own = folder.join("server.pem");
    std::fs::copy(pem, &own).expect("the certificate is there");
    let config = folder.join("n1/my.cnf");
    let text = std::fs::read_to_string(&config).expect("the server's options");
    let tls = format!("[mysqld]\nssl_cert={0}\nssl_key={0}\n", own.display());
    std::fs::write(&config, text.replacen("[mysqld]\n", &tls, 1)).expect("its options can be written");
    server.stop("n1", |_| ()).await.expect("it stops");
    server.start("n1", |_| ()).await.expect("it starts again");
    let node = server.nodes().remove(0);
    let address = forwarded(node.port).expect("an address of this machine that is no loopback");
    let far = node.dsn.replace(&format!("127.0.0.1:{}", node.port), &address.to_string());
    let password = far.split([':', '@']).nth(2).expect("a password").to_owned();
    let ask = |node: &str| {
        let only = ["--timeout", "10s", "doctor", "--format", "json", "--only", "connection-plain"];
        let (line, mut command) = command::command(db.folder.path(), &[&["--node", node], &only[..]].concat());
        command.env("CSQLSTORE_PASSWORD", &password);
        command::run((line, command))
    };
    let begin = std::time::Instant::now();
    let found = loop {
        let run = ask(&format!("far={far}"));
        if let Some(found) = findings(&run.json()).into_iter().next() {
            break found;
        }
        assert!(begin.elapsed() < PATIENCE, "{run:?}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    };
    assert_eq!((&found["level"], &found["node"]), (&"warning".into(), &"far".into()));
    let fix = found["fix"].as_str().expect("a fix");
    assert!(!fix.contains(&password), "{fix}");
    proof::mended(&found);
    let run = ask(fix.split('\'').nth(1).expect("a DSN in quotes"));
    assert!(findings(&run.success().json()).is_empty());
}
