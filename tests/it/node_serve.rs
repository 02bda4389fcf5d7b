//! `csqlstore node serve`: what it answers, to whom, and what that costs.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::support::doctor::Globals;
use crate::support::serve::{Response, Serve};
use crate::support::units;
use crate::support::{Database, cluster, prometheus};

crate::cases! {
    Beside: [
        checks_are_answered_in_clusterchecks_words,
        what_is_not_understood_is_told_so,
        one_node_alone_is_what_the_root_is_about,
        other_machines_are_served_only_where_that_was_said,
        only_who_shows_the_token_is_told_details,
        a_token_that_is_no_secret_is_refused,
        whoever_only_holds_on_keeps_nobody_out,
        it_finishes_what_was_asked_and_ends_well,
        systemd_accepts_the_service,
    ],
    Alone if Galera because "they bring nodes into states that only Galera has": [
        the_page_shows_every_state,
    ],
    Alone: [
        a_thousand_checks_cost_the_database_nothing,
    ],
    Alone if Writers because "they are about a node beside the one at work that may take sessions too": [
        what_is_too_old_is_no_answer,
    ],
}

const SYNCED: &str = "Percona XtraDB Cluster Node is synced.\r\n";

async fn checks_are_answered_in_clusterchecks_words() {
    let db = Database::empty().await;
    db.until_well().await;
    let serve = Serve::start(&db, &["--agent-listen", "127.0.0.1:0"]);
    for method in ["GET", "OPTIONS"] {
        for path in ["/", "/nodes/n1", "/nodes/n1?from=haproxy"] {
            let answer = serve.asks(method, path, "");
            assert_eq!((answer.status, answer.body.as_str()), (200, SYNCED), "{method} {path}");
        }
    }
    // What HAProxy sends unless it is told otherwise, and a request on the same connection after another.
    assert!(serve.sends(b"OPTIONS / HTTP/1.0\r\n\r\n").starts_with("HTTP/1.0 200 OK\r\n"));
    let twice = serve
        .sends(b"GET / HTTP/1.1\r\nHost: x\r\n\r\nHEAD /nodes/n1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assert_eq!((twice.matches("HTTP/1.1 200 OK").count(), twice.matches(SYNCED).count()), (2, 1), "{twice}");

    let answer = serve.get("/api/status");
    let json: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON");
    assert_eq!((&json["schema_version"], &json["verdict"]), (&1.into(), &"ok".into()), "{json}");
    assert_eq!(json["nodes"][0]["name"], "n1");
    assert_eq!((&json["looks"][0]["node"], &json["stale"]), (&"n1".into(), &false.into()), "{json}");
    assert!(json["age_s"].as_f64().is_some_and(|age| age < 10.0), "{json}");

    let answer = serve.get("/metrics");
    assert!(answer.head.contains("content-type: text/plain; version=0.0.4"), "{answer:?}");
    prometheus::promtool(&answer.body);
    for line in
        ["csqlstore_node_up{cluster=\"default\",node=\"n1\"} 1", "csqlstore_serve_answers_total{cluster=\"default\"} "]
    {
        assert!(answer.body.contains(line), "{line}: {}", answer.body);
    }

    let answer = serve.get("/ui");
    assert!(answer.head.contains("content-security-policy: default-src 'none'; style-src 'sha256-"), "{answer:?}");
    assert!(answer.body.contains("<strong>n1</strong>"), "{answer:?}");

    assert_eq!(serve.agent_says("n1\n"), "up ready 100%\n");
    assert_eq!(serve.agent_says("n9\r\n"), "down #csqlstore has no node n9\n");
    if db.nodes().len() > 1 {
        assert!(serve.agent_says("").starts_with("down #which node?"));
        assert!(serve.agent_says(&"n".repeat(300)).starts_with("down #which node?"));
    }
    for path in ["/", "/nodes/n1", "/api/status", "/metrics", "/ui"] {
        let answer = serve.get(path);
        assert!(!answer.body.contains(&db.password) && !answer.head.contains("server:"), "{answer:?}");
    }
}

async fn what_is_not_understood_is_told_so() {
    let db = Database::empty().await;
    let serve = Serve::start(&db, &[]);
    for (method, path, status) in [
        ("GET", "/nope", 404),
        ("GET", "/nodes/n9", 404),
        ("GET", "/nodes/", 404),
        ("GET", "/nodes/../metrics", 404),
        ("POST", "/nodes/n1", 405),
        ("DELETE", "/", 405),
        ("OPTIONS", "/metrics", 405),
        ("POST", "/ui", 405),
        ("BREW", "/", 405),
    ] {
        let answer = serve.asks(method, path, "");
        assert_eq!(answer.status, status, "{method} {path}: {answer:?}");
        assert_eq!(answer.head.contains("\r\nallow: get, head"), status == 405, "{answer:?}");
    }
    let long = "a".repeat(20_000);
    for (name, sent, status) in [
        ("no HTTP", "hello there\r\n\r\n".to_owned(), "400"),
        ("bytes", "GET / HTTP/1.1\r\nA\0: b\r\n\r\n".to_owned(), "400"),
        ("a long header", format!("GET / HTTP/1.1\r\nA: {long}\r\n\r\n"), "431"),
        ("a long path", format!("GET /{long} HTTP/1.1\r\n\r\n"), "4"),
        ("another protocol", "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\r\n\r\n".to_owned(), "400"),
        ("HTTP 2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(), "400"),
        ("two lengths", "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab".to_owned(), "400"),
        ("a length that is none", "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n".to_owned(), "400"),
        ("many headers", format!("GET / HTTP/1.1\r\n{}\r\n", "A: b\r\n".repeat(500)), "431"),
    ] {
        let answer = serve.sends(sent.as_bytes());
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{name}: {answer:?}");
    }
    assert_eq!(serve.get("/nodes/n1").status, 200, "it goes on");
}

async fn one_node_alone_is_what_the_root_is_about() {
    let db = Database::empty().await;
    db.until_well().await;
    let nobody = TcpListener::bind("127.0.0.1:0").expect("a free port").local_addr().expect("it listens");
    let (line, mut command) =
        db.command(&["node", "serve", "--listen", "127.0.0.1:0", "--on", "gone", "--agent-listen", "127.0.0.1:0"]);
    command.env("CSQLSTORE_NODES", format!("{} gone=mysql://u:hidden@{nobody}/d", db.dsns()));
    let serve = Serve::run((line, command));
    let (root, node) = (serve.get("/"), serve.get("/nodes/gone"));
    assert_eq!((root.status, &root.body), (503, &node.body));
    let (words, reason) = root.body.split_once("\r\n").expect("two lines");
    assert_eq!(words, "Percona XtraDB Cluster Node is not synced.");
    assert!(reason.starts_with("gone is down: Connection refused"), "{reason}");
    // There is but one, so nothing need be sent.
    assert!(serve.agent_says("").starts_with("down #Connection refused"));
    assert!(serve.agent_says("gone\n").starts_with("down #Connection refused"));
    assert_eq!(serve.agent_says("n1\n"), "down #csqlstore has no node n1\n");
    assert_eq!(serve.get("/nodes/n1").status, 404, "it was not asked to look at that");
}

async fn other_machines_are_served_only_where_that_was_said() {
    let db = Database::empty().await;
    for flag in ["--listen", "--agent-listen"] {
        let run = db.csqlstore(&["node", "serve", "--listen", "127.0.0.1:0", flag, "0.0.0.0:0"]);
        // The last one of a flag counts nowhere: clap refuses two.
        let run = if flag == "--listen" { db.csqlstore(&["node", "serve", flag, "0.0.0.0:0"]) } else { run };
        let run = run.exits(2);
        assert!(run.stderr.contains(&format!("`{flag} 0.0.0.0:0` can be reached from other machines")), "{run:?}");
        assert!(run.stderr.contains("hint: `--public` allows that"), "{run:?}");
    }
    let public = Serve::run(db.command(&["node", "serve", "--listen", "0.0.0.0:0", "--public"]));
    let port = public.http.rsplit_once(':').expect("a port").1;
    TcpStream::connect(format!("127.0.0.1:{port}")).expect("it listens");
    // The port is taken now.
    let taken = format!("127.0.0.1:{port}");
    let run = db.csqlstore(&["node", "serve", "--listen", &taken]).exits(3);
    assert!(run.stderr.contains(&format!("listening on `--listen {taken}` failed")), "{run:?}");
    assert!(run.stderr.contains(&format!("hint: `ss -ltnp 'sport = :{port}'` shows who has the port")), "{run:?}");
    let run = db.csqlstore(&["node", "serve", "--listen", "localhost:80"]).exits(2);
    assert!(run.stderr.contains("it is no IP address with a port"), "{run:?}");
    let run = db.csqlstore(&["node", "serve", "--every", "10s"]).exits(2);
    assert!(run.stderr.contains("is always older than `--max-age 10s` at times"), "{run:?}");
    let run = db.csqlstore(&["node", "serve", "--every", "0s"]).exits(2);
    assert!(run.stderr.contains("it is shorter than 100ms"), "{run:?}");
}

/// Writes a token to a file that only we may read.
fn token_file(db: &Database, text: &str) -> String {
    let file = db.folder.path().join("token");
    std::fs::write(&file, text).expect("a writable folder");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).expect("it is ours");
    file.to_str().expect("a path of the test").to_owned()
}

async fn only_who_shows_the_token_is_told_details() {
    const TOKEN: &str = "PlantedToken0123456789";
    let db = Database::empty().await;
    db.until_well().await;
    let nobody = TcpListener::bind("127.0.0.1:0").expect("a free port").local_addr().expect("it listens");
    let nodes = format!("{} gone=mysql://u:hidden@{nobody}/d", db.dsns());
    let file = token_file(&db, &format!("{TOKEN}\n"));
    let command = |args: &[&str], variable: Option<&str>| {
        let listen = ["node", "serve", "--listen", "127.0.0.1:0", "--agent-listen", "127.0.0.1:0"];
        let (line, mut command) = db.command(&[&listen[..], args].concat());
        command.env("CSQLSTORE_NODES", &nodes).envs(variable.map(|token| ("CSQLSTORE_SERVE_TOKEN", token)));
        Serve::run((line, command))
    };
    // The file that is named counts, whatever the variable says.
    for serve in [
        command(&["--token-file", &file], None),
        command(&[], Some(TOKEN)),
        command(&["--token-file", &file], Some("AnotherToken0123456789")),
    ] {
        let shown = [format!("Authorization: Bearer {TOKEN}\r\n"), "Authorization: Basic ".to_owned() + &basic(TOKEN)];
        for path in ["/metrics", "/api/status", "/ui"] {
            for shown in ["", "Authorization: Bearer PlantedToken012345678\r\n", "Authorization: Bearer \r\n"] {
                let answer = serve.asks("GET", path, shown);
                assert_eq!(answer.status, 401, "{path} {shown}");
                assert!(
                    answer.head.contains("www-authenticate: bearer") && answer.head.contains("basic"),
                    "{answer:?}"
                );
                assert!(!answer.body.contains("n1") && !answer.body.contains(TOKEN), "{answer:?}");
            }
            for shown in &shown {
                let answer = serve.asks("GET", path, shown);
                assert_eq!(answer.status, 200, "{path} {shown}");
                assert!(answer.body.contains("gone") && !answer.body.contains(TOKEN), "{answer:?}");
            }
        }
        assert_eq!(serve.asks("POST", "/metrics", "").status, 405);
        // A check is for everyone, and its reason is not.
        assert_eq!(serve.get("/nodes/n1").status, 200);
        let answer = serve.get("/nodes/gone");
        assert_eq!((answer.status, &*answer.body), (503, "Percona XtraDB Cluster Node is not synced.\r\n"));
        assert!(serve.asks("GET", "/nodes/gone", &shown[0]).body.contains("Connection refused"));
        // An agent cannot show it.
        assert_eq!(serve.agent_says("n1\n"), "up ready 100%\n");
        assert_eq!(serve.agent_says("gone\n"), "down #see csqlstore node status\n");
    }
}

/// The value of a header by which a browser shows the token, with its line end.
fn basic(token: &str) -> String {
    use base64::Engine as _;
    format!("{}\r\n", base64::engine::general_purpose::STANDARD.encode(format!("me:{token}")))
}

async fn a_token_that_is_no_secret_is_refused() {
    let db = Database::empty().await;
    for (text, why) in [
        ("Planted0Token", "fewer than 16 characters"),
        ("", "is empty"),
        ("PlantedToken 0123456789", "holds what no header can"),
        ("PlantedToken0123456789\nPlantedToken0123456789\n", "has more than one line"),
    ] {
        let file = token_file(&db, text);
        let run = db.csqlstore(&["node", "serve", "--token-file", &file]).exits(2);
        assert!(run.stderr.contains(why) && !run.stderr.contains("Planted"), "{run:?}");
    }
    let run = db.csqlstore(&["node", "serve", "--token-file", "no-such-file"]).exits(2);
    assert!(run.stderr.contains("no-such-file"), "{run:?}");
    let file = token_file(&db, "PlantedToken0123456789\n");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).expect("it is ours");
    let serve = Serve::start(&db, &["--token-file", &file]);
    serve.signal(Signal::TERM);
    let run = serve.end().exits(0);
    assert!(run.stderr.contains("can be read by every user of this machine"), "{run:?}");
}

async fn whoever_only_holds_on_keeps_nobody_out() {
    let db = Database::empty().await;
    db.until_well().await;
    let serve = Serve::start(&db, &[]);
    // More than are talked to at once: some say nothing, some begin a request and never end it, some end theirs and stay.
    let sent = ["", "GET / HT", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"];
    let hold: Vec<TcpStream> = (0..400)
        .map(|n| {
            let mut stream = serve.connect();
            stream.write_all(sent[n % sent.len()].as_bytes()).expect("it reads");
            stream
        })
        .collect();
    assert_eq!(serve.get("/nodes/n1").status, 200);
    // Each of them is let go, even with nobody else waiting.
    for (n, mut stream) in hold.into_iter().enumerate() {
        let mut text = String::new();
        let read = stream.read_to_string(&mut text);
        assert!(!matches!(&read, Err(error) if error.kind() == ErrorKind::WouldBlock), "{n} was held on to: {text:?}");
    }
}

async fn it_finishes_what_was_asked_and_ends_well() {
    let db = Database::empty().await;
    for (signal, name) in [(Signal::TERM, "SIGTERM"), (Signal::INT, "SIGINT")] {
        let serve = Serve::start(&db, &["--format", "human", "--agent-listen", "127.0.0.1:0"]);
        // One keeps its connection, one has half a request on the way.
        let (mut kept, mut begun) = (serve.connect(), serve.connect());
        kept.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").expect("it reads");
        let mut first = [0; 12];
        kept.read_exact(&mut first).expect("an answer");
        begun.write_all(b"GET /metrics HTTP/1.1\r\nHost: x\r\n").expect("it reads");
        // It has read that once it answers one that came later.
        assert_eq!(serve.get("/").status, 200);
        serve.signal(signal);
        // Nobody new is let in before what was begun is answered.
        let mut rest = String::new();
        kept.read_to_string(&mut rest).expect("the kept one ends");
        begun.write_all(b"\r\n").expect("it still reads");
        let mut text = String::new();
        begun.read_to_string(&mut text).expect("it ends");
        assert!(text.starts_with("HTTP/1.1 200 OK") && text.contains("csqlstore_node_up"), "{text:?}");
        let address = serve.http.clone();
        let run = serve.end().exits(0);
        assert_eq!(run.stdout, format!("3 answers on {address} until {name}\n"));
    }
    let mut running = db.start(&["node", "serve", "--listen", "127.0.0.1:0", "--format", "json", "-v"]);
    running.until_it_says("looking at");
    kill_process(Pid::from_raw(running.pid().cast_signed()).expect("a process"), Signal::TERM).expect("it is ours");
    let answer = running.end().exits(0).json();
    assert_eq!((&answer["stopped"], &answer["agent_listen"]), (&"SIGTERM".into(), &serde_json::Value::Null));
}

async fn systemd_accepts_the_service() {
    units::accepted(&["csqlstore-serve.service"]);
}

/// What a node counts.
async fn counted(root: &mut csqlstore::cluster::Connection, name: &str) -> u64 {
    let sql = format!("SHOW GLOBAL STATUS LIKE '{name}'");
    let row: Option<(String, String)> = root.first("reading a counter", &sql, ()).await.expect("told");
    row.expect("the counter is there").1.parse().expect("a number")
}

async fn a_thousand_checks_cost_the_database_nothing() {
    let db = Database::empty().await;
    db.until_well().await;
    // The next look is not due while the test lasts.
    let serve = Serve::start(&db, &["--every", "1h", "--max-age", "2h", "--agent-listen", "127.0.0.1:0"]);
    let mut root = db.root("n1").await;
    let (connections, sent) = (counted(&mut root, "Connections").await, counted(&mut root, "Bytes_sent").await);
    // Reading a counter counts too.
    let (first, asked) = (counted(&mut root, "Questions").await, counted(&mut root, "Questions").await);
    let own = asked - first;
    let mut kept = serve.connect();
    for n in 0..1000 {
        // Half of them as HAProxy asks, each on a connection of its own.
        if n % 2 == 0 {
            let answer = serve.get(if n % 4 == 0 { "/nodes/n1" } else { "/" });
            assert_eq!(answer.status, 200);
        } else {
            kept.write_all(b"HEAD /nodes/n1 HTTP/1.1\r\nHost: x\r\n\r\n").expect("it reads");
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                kept.read_exact(&mut byte).expect("an answer");
                head.extend(byte);
            }
            assert!(head.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&head));
        }
    }
    for path in ["/metrics", "/api/status", "/ui"] {
        assert_eq!(serve.get(path).status, 200);
    }
    assert_eq!(serve.agent_says("n1\n"), "up ready 100%\n");
    // Nobody came, and nothing was asked but for the counters.
    assert_eq!(counted(&mut root, "Connections").await, connections);
    assert_eq!(counted(&mut root, "Questions").await, asked + 2 * own);
    let sent = counted(&mut root, "Bytes_sent").await - sent;
    assert!(sent < 5_000, "{sent} bytes");
    // It would have seen it: a look is statements, and a connection.
    assert_eq!(db.csqlstore(&["node", "check", "--on", "n1", "--interval", "0s"]).code, Some(0));
    assert!(counted(&mut root, "Connections").await > connections);
    assert!(counted(&mut root, "Questions").await > asked + 6 * own);
    root.close().await;
}

async fn what_is_too_old_is_no_answer() {
    let db = Database::empty().await;
    db.until_well().await;
    let args = ["--every", "200ms", "--max-age", "2s", "--timeout", "60s", "--agent-listen", "127.0.0.1:0"];
    let serve = Serve::start(&db, &args);
    assert_eq!(serve.get("/nodes/n3").status, 200);
    let pid = cluster::common().pid("n3");
    kill_process(pid, Signal::STOP).expect("n3 is ours");
    // The look at it goes on for a minute, and what it said before counts for two seconds.
    let old = serve.until("/nodes/n3", |answer| answer.status == 503).await;
    // Nobody waits for the one that hangs, whose look goes on.
    let begin = Instant::now();
    for path in ["/", "/nodes/n1", "/nodes/n3", "/metrics", "/api/status", "/ui"].repeat(50) {
        serve.get(path);
    }
    let took = begin.elapsed();
    let (agent, page, status) = (serve.agent_says("n3\n"), serve.get("/ui"), serve.get("/api/status"));
    let other = serve.get("/nodes/n1");
    kill_process(pid, Signal::CONT).expect("n3 is ours");
    assert!(
        old.body.contains("n3 is down: it was last looked at ") && old.body.contains("an answer counts for 2s"),
        "{old:?}"
    );
    assert!(agent.starts_with("down #it was last looked at"), "{agent}");
    assert!(page.body.contains("<strong>The data of n3 is too old</strong>"), "{page:?}");
    let status: serde_json::Value = serde_json::from_str(&status.body).expect("JSON");
    assert_eq!((&status["stale"], &status["looks"][2]["stale"]), (&true.into(), &true.into()), "{status}");
    assert!(status["age_s"].as_f64().is_some_and(|age| age > 2.0), "{status}");
    assert_eq!(other.status, 200, "one that hangs delays no other");
    assert!(took < Duration::from_secs(30), "300 answers while one hangs for a minute: {took:?}");
    serve.until("/nodes/n3", |answer| answer.status == 200).await;
    db.until_well().await;
}

async fn the_page_shows_every_state() {
    let db = Database::empty().await;
    db.until_well().await;
    let serve = Serve::start(&db, &["--every", "200ms", "--max-age", "3s", "--timeout", "60s"]);
    let shows = |node: &'static str, word: &'static str, reason: &'static str| {
        move |answer: &Response| {
            let card = format!("<strong>{node}</strong><span class=\"badge\">");
            let card = answer.body.split_once(&card).map_or("", |(_, rest)| rest);
            let card = card.split("</li>").next().unwrap_or_default();
            card.contains(&format!(" {word}</span>")) && card.contains(reason)
        }
    };
    let page = serve.until("/ui", |answer| answer.body.contains("<b>✓ ok</b>: 3 of 3 nodes may take sessions")).await;
    assert!(!page.body.contains("Out: ") && !page.body.contains("class=\"why\""), "{page:?}");
    serve.picture("1-ok");

    let globals = Globals::set(&db, &["n2"], "max_connections", "10").await;
    let mut many = Vec::new();
    for _ in 0..9 {
        many.push(db.root("n2").await);
    }
    serve.until("/ui", shows("n2", "degraded", "Threads_connected is ")).await;
    assert_eq!(serve.get("/nodes/n2").status, 200, "it may be used");
    serve.picture("2-degraded");
    for root in many {
        root.close().await;
    }
    drop(globals);

    let desync = Globals::set(&db, &["n2"], "wsrep_desync", "ON").await;
    serve.until("/ui", shows("n2", "draining", "wsrep_local_state is 2 (Donor/Desynced)")).await;
    serve.picture("3-draining");

    let reject = Globals::set(&db, &["n3"], "wsrep_reject_queries", "ALL").await;
    let page = serve.until("/ui", shows("n3", "unusable", "wsrep_reject_queries is ALL")).await;
    assert!(page.body.contains("Out: <strong>n3</strong> (unusable), <strong>n2</strong> (draining)"), "{page:?}");
    assert!(page.body.contains("<b>✗ critical</b>: 1 of 3 nodes may take sessions"), "{page:?}");
    assert_eq!((serve.get("/").status, serve.get("/nodes/n1").status), (503, 200));
    serve.picture("4-unusable");
    drop(reject);
    drop(desync);
    serve.until("/ui", |answer| answer.body.contains("<b>✓ ok</b>")).await;

    let mut sandbox = cluster::common().sandbox();
    sandbox.kill("n3", |_| ()).await.expect("n3 can be killed");
    let page = serve.until("/ui", shows("n3", "down", "Connection refused")).await;
    assert!(page.body.contains("Out: <strong>n3</strong> (down)</p>"), "{page:?}");
    serve.picture("5-down");
    sandbox.start("n3", |_| ()).await.expect("n3 comes back");
    db.until_well().await;
    serve.until("/ui", |answer| answer.body.contains("<b>✓ ok</b>")).await;

    let pid = cluster::common().pid("n2");
    kill_process(pid, Signal::STOP).expect("n2 is ours");
    let page = serve.until("/ui", |answer| answer.body.contains("<strong>The data of n2 is too old</strong>")).await;
    serve.picture("6-too-old");
    kill_process(pid, Signal::CONT).expect("n2 is ours");
    assert!(shows("n2", "down", "it was last looked at")(&page), "{page:?}");
    db.until_well().await;
}
