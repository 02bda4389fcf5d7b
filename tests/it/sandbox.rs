//! `csqlstore sandbox`, each test with a cluster of its own: how it comes up, what it survives, what it leaves behind.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use csqlstore::cluster::{Connection, Dsn, Node};
use csqlstore::sandbox::{self, Guard, Options, Process, Sandbox};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::support::command::{self, Run, Running};
use crate::support::database::PATIENCE;

crate::cases! {
    Beside if Galera because "they are about a sandbox of Galera, which they start": [
        one_node_comes_up_on_the_ports_asked_for_and_goes_without_a_trace,
        every_server_is_on_its_own_and_on_loopback,
        a_reader_of_our_pipes_is_not_kept_waiting,
        a_directory_in_use_is_refused_and_left_alone,
        a_base_port_in_use_is_named_and_nothing_is_made,
        options_that_cannot_be_are_refused,
        a_crashed_sandbox_is_named_and_started_again_or_removed,
        a_node_that_dies_at_start_shows_the_end_of_its_log,
        an_interrupted_up_leaves_nothing,
        a_killed_first_up_harms_no_later_one,
        two_first_sandboxes_at_once_make_one_template,
        nodes_are_killed_stopped_cut_off_and_brought_back,
        a_node_killed_in_the_middle_of_ddl_comes_back_whole,
        the_node_with_the_latest_data_has_to_be_first,
        nodes_that_lost_their_majority_are_whole_again_when_all_are_back,
    ],
}

/// A place for a sandbox that goes away with all that runs in it.
struct Place {
    folder: TempDir,
    cache: Option<TempDir>,
}

impl Place {
    fn new() -> Self {
        let open = fs::Permissions::from_mode(0o755);
        let folder = tempfile::Builder::new().prefix("csqlstore-box-").permissions(open).tempdir_in("/tmp").unwrap();
        Self { folder, cache: None }
    }

    /// The same, with a cache folder in which there is no template yet.
    fn without_template() -> Self {
        let mut place = Self::new();
        place.cache = Some(TempDir::new().unwrap());
        place
    }

    fn dir(&self) -> PathBuf {
        self.folder.path().join("box")
    }

    fn cache(&self) -> PathBuf {
        let own = self.cache.as_ref().map(|cache| cache.path().to_owned());
        own.unwrap_or_else(|| {
            // The command has no environment but what is given; this process' own templates serve it too.
            let home = || std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache"));
            std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).or_else(home).unwrap()
        })
    }

    fn command(&self, args: &[&str]) -> (String, Command) {
        let dir = self.dir();
        let args = [&["sandbox"], args, &["--dir", dir.to_str().unwrap()]].concat();
        let (line, mut command) = command::command(self.folder.path(), &args);
        command.env("XDG_CACHE_HOME", self.cache());
        (line, command)
    }

    fn sandbox(&self, args: &[&str]) -> Run {
        command::run(self.command(args))
    }

    async fn up(&self, nodes: u16) -> Guard {
        let options = Options { nodes, dir: self.dir(), ..Options::default() };
        sandbox::up(&options, |_| ()).await.unwrap_or_else(|error| panic!("{error}")).guard()
    }

    /// The processes that work in this place.
    fn processes(&self) -> Vec<u32> {
        let ours = self.folder.path().to_str().unwrap().as_bytes().to_vec();
        let pids = fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
        pids.filter(|pid| {
            let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            line.windows(ours.len()).any(|window| window == ours) && state_of(*pid) != Some('Z')
        })
        .collect()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Ok(sandbox) = Sandbox::open(&self.dir()) {
            let _left = sandbox.down_now();
        }
    }
}

fn stat(pid: u32) -> Option<Vec<String>> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    Some(text.rsplit_once(')')?.1.split_whitespace().map(ToOwned::to_owned).collect())
}

fn state_of(pid: u32) -> Option<char> {
    stat(pid)?.first()?.chars().next()
}

fn signal(pid: u32, signal: Signal) {
    kill_process(Pid::from_raw(pid.try_into().unwrap()).unwrap(), signal).unwrap();
}

async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < PATIENCE, "never happened: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// A base port from which some ports are free now.
fn free_base(count: u16) -> u16 {
    let free = |port: u16| TcpListener::bind(("127.0.0.1", port)).is_ok();
    let offset = u16::try_from(std::process::id() % 500).unwrap() * 8;
    (0..).map(|step: u16| 12_000 + offset + step * count).find(|base| (*base..base + count).all(free)).unwrap()
}

async fn connect(dsn: &str) -> Connection {
    Node::new("a node", Dsn::parse(dsn).unwrap().dsn).connect(PATIENCE).await.unwrap_or_else(|error| panic!("{error}"))
}

async fn execute(dsn: &str, sql: &str) {
    let mut connection = connect(dsn).await;
    connection.execute_unhurried("a test's statement", sql, ()).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    connection.close().await;
}

async fn one_node_comes_up_on_the_ports_asked_for_and_goes_without_a_trace() {
    let place = Place::new();
    let (dir, base) = (place.dir(), free_base(4));
    let began = Instant::now();
    let answer = place.sandbox(&["up", "--nodes", "1", "--base-port", &base.to_string(), "--format", "json"]);
    let answer = answer.success().json();
    assert_eq!(answer["schema_version"], 1);
    assert_eq!(answer["dir"].as_str(), dir.to_str());
    let nodes = answer["nodes"].as_array().unwrap();
    assert_eq!((nodes.len(), &nodes[0]["name"], &nodes[0]["port"]), (1, &"n1".into(), &base.into()), "{answer}");
    assert!(began.elapsed() < Duration::from_secs(60), "one node took {:?}", began.elapsed());

    // What it answers is what the file says, which nobody else may read.
    let dsn = nodes[0]["dsn"].as_str().unwrap();
    let config = answer["config"].as_str().unwrap();
    assert!(fs::read_to_string(config).unwrap().contains(&format!("\"n1={dsn}\"")));
    for secret in [config, dir.join("state.json").to_str().unwrap()] {
        assert_eq!(fs::metadata(secret).unwrap().mode() & 0o077, 0, "{secret}");
    }
    execute(dsn, "CREATE TABLE t (id INT PRIMARY KEY)").await;
    let mut user = connect(dsn).await;
    let tables: Vec<(String,)> = user.rows("looking", "SHOW TABLES", ()).await.unwrap();
    assert_eq!(tables, [("t".to_owned(),)], "the database is not empty");

    let pid = u32::try_from(nodes[0]["pid"].as_u64().unwrap()).unwrap();
    let second = place.sandbox(&["up"]).exits(2);
    assert!(second.stderr.contains("runs in") && second.stderr.contains(dir.to_str().unwrap()), "{}", second.stderr);
    let asked = place.sandbox(&["down"]).exits(2);
    assert!(asked.stderr.contains("--yes") && dir.exists(), "{}", asked.stderr);
    place.sandbox(&["down", "--yes"]).success();
    assert!(!dir.exists());
    assert!(matches!(state_of(pid), None | Some('Z')), "the server goes on");
    let gone = place.sandbox(&["status"]).exits(2);
    assert!(gone.stderr.contains("no sandbox") && gone.stderr.contains("sandbox up"), "{}", gone.stderr);
}

async fn every_server_is_on_its_own_and_on_loopback() {
    let place = Place::new();
    let answer = place.sandbox(&["up", "--nodes", "2", "--format", "json"]).success().json();
    for node in answer["nodes"].as_array().unwrap() {
        let pid = u32::try_from(node["pid"].as_u64().unwrap()).unwrap();
        assert_eq!(stat(pid).unwrap()[3], pid.to_string(), "it has no session of its own");
        let link = |fd: &str| fs::read_link(format!("/proc/{pid}/fd/{fd}")).unwrap();
        let log = place.dir().join(format!("{}.log", node["name"].as_str().unwrap()));
        assert_eq!([link("0"), link("1"), link("2")], [PathBuf::from("/dev/null"), log.clone(), log]);
        let environment = fs::read(format!("/proc/{pid}/environ")).unwrap();
        assert!(!environment.windows(14).any(|window| window == b"XDG_CACHE_HOME"), "our environment is the server's");
        if rustix::process::geteuid().is_root() {
            assert_ne!(fs::metadata(format!("/proc/{pid}")).unwrap().uid(), 0, "it runs as root");
        }
        let sockets: Vec<_> = fs::read_dir(format!("/proc/{pid}/fd"))
            .unwrap()
            .filter_map(|fd| {
                fs::read_link(fd.ok()?.path())
                    .ok()?
                    .to_str()?
                    .strip_prefix("socket:[")?
                    .strip_suffix(']')
                    .map(ToOwned::to_owned)
            })
            .collect();
        let mut listening = 0;
        for table in ["tcp", "tcp6"] {
            let table = fs::read_to_string(format!("/proc/{pid}/net/{table}")).unwrap_or_default();
            for line in table.lines().skip(1) {
                let fields: Vec<_> = line.split_whitespace().collect();
                // 0A is a socket that listens; the address is in the machine's byte order.
                if fields[3] == "0A" && sockets.iter().any(|inode| inode == fields[9]) {
                    assert!(fields[1].starts_with("0100007F:"), "it listens on {}", fields[1]);
                    listening += 1;
                }
            }
        }
        assert_eq!(listening, 2, "one port for SQL, one for the group");
    }
}

async fn a_reader_of_our_pipes_is_not_kept_waiting() {
    let place = Place::new();
    let (_, up) = place.command(&["up", "--nodes", "1", "--quiet"]);
    // Descriptor 7 is one that nobody told csqlstore about.
    let mut shell = Command::new("bash");
    shell.args(["-c", "exec 7>&1; exec \"$@\"", "bash"]).arg(up.get_program()).args(up.get_args());
    shell.env_clear().env("XDG_CACHE_HOME", place.cache());
    let reader = std::thread::spawn(move || shell.output().unwrap());
    until("the end of the pipe", || reader.is_finished()).await;
    let output = reader.join().unwrap();
    assert!(output.status.success() && output.stdout.is_empty(), "{output:?}");
    let status = place.sandbox(&["status", "--format", "json"]).success().json();
    assert_eq!(status["nodes"][0]["process"], "running", "{status}");
}

async fn a_directory_in_use_is_refused_and_left_alone() {
    let place = Place::new();
    let thesis = place.dir().join("thesis.tex");
    fs::create_dir(place.dir()).unwrap();
    fs::write(&thesis, "years of work").unwrap();
    for args in [&["up"][..], &["down", "--yes"], &["kill", "n1"], &["status"]] {
        let run = place.sandbox(args).exits(2);
        assert!(run.stderr.contains(place.dir().to_str().unwrap()) && run.stderr.contains("in use"), "{}", run.stderr);
    }
    assert_eq!(fs::read_to_string(&thesis).unwrap(), "years of work");
    assert_eq!(fs::read_dir(place.dir()).unwrap().count(), 1);
}

async fn a_base_port_in_use_is_named_and_nothing_is_made() {
    let place = Place::new();
    let base = free_base(8);
    let _taken = TcpListener::bind(("127.0.0.1", base + 2)).unwrap();
    let run = place.sandbox(&["up", "--nodes", "2", "--base-port", &base.to_string()]).exits(2);
    assert!(run.stderr.contains(&format!("port {}", base + 2)) && run.stderr.contains("`n1`"), "{}", run.stderr);
    assert!(!place.dir().exists());
}

async fn options_that_cannot_be_are_refused() {
    let place = Place::new();
    for (args, part) in [
        (&["up", "--nodes", "0"][..], "1 to 9 nodes"),
        (&["up", "--nodes", "10"], "1 to 9 nodes"),
        (&["up", "--base-port", "80"], "1024 to 65524"),
    ] {
        let run = place.sandbox(args).exits(2);
        assert!(run.stderr.contains(part), "{}", run.stderr);
    }
    let long = format!("/tmp/{}", "a".repeat(120));
    for (dir, part) in [(long.as_str(), "too long"), ("/tmp/a box", "characters")] {
        let run = command::run(command::command(place.folder.path(), &["sandbox", "up", "--dir", dir])).exits(2);
        assert!(run.stderr.contains(part) && run.stderr.contains("--dir"), "{}", run.stderr);
        assert!(!Path::new(dir).exists());
    }
}

async fn a_crashed_sandbox_is_named_and_started_again_or_removed() {
    let place = Place::new();
    let sandbox = place.up(1).await;
    execute(&sandbox.nodes()[0].dsn, "CREATE TABLE kept (id INT PRIMARY KEY)").await;
    signal(sandbox.nodes()[0].pid.unwrap(), Signal::KILL);
    // Its first thread may be gone while others still close what it had open.
    let dead = || place.sandbox(&["status", "--format", "json"]).json()["nodes"][0]["process"] == "dead";
    until("the death", dead).await;
    let run = place.sandbox(&["up"]).exits(2);
    for part in ["none of whose servers runs", "sandbox start --dir", "sandbox down --dir"] {
        assert!(run.stderr.contains(part), "no `{part}` in {}", run.stderr);
    }
    let status = place.sandbox(&["status", "--format", "json"]).exits(1).json();
    assert_eq!((&status["nodes"][0]["process"], &status["nodes"][0]["pid"]), (&"dead".into(), &().into()), "{status}");
    let run = place.sandbox(&["kill", "n1"]).exits(2);
    assert!(run.stderr.contains("`n1` does not run"), "{}", run.stderr);
    place.sandbox(&["start"]).success();
    execute(&sandbox.nodes()[0].dsn, "INSERT INTO kept VALUES (1)").await;
    let run = place.sandbox(&["start", "n1"]).exits(2);
    assert!(run.stderr.contains("`n1` runs already"), "{}", run.stderr);
    assert!(run.stderr.contains("`csqlstore sandbox isolate n1 --heal`"), "{}", run.stderr);
    place.sandbox(&["kill", "n1"]).success();
    place.sandbox(&["down", "--yes"]).success();
    assert!(!place.dir().exists());
}

async fn a_node_that_dies_at_start_shows_the_end_of_its_log() {
    let place = Place::new();
    let mut sandbox = place.up(1).await;
    sandbox.stop("n1", |_| ()).await.unwrap();
    assert_eq!(sandbox.status().await.unwrap()[0].process, Process::Stopped);
    let options = place.dir().join("n1/my.cnf");
    let text = fs::read_to_string(&options).unwrap();
    fs::write(&options, format!("{text}no_such_option=1\n")).unwrap();
    let run = place.sandbox(&["start", "n1"]).exits(3);
    assert!(run.stderr.contains("unknown variable 'no_such_option=1'"), "{}", run.stderr);
    fs::write(&options, text).unwrap();
    place.sandbox(&["start", "n1"]).success();
}

async fn an_interrupted_up_leaves_nothing() {
    let place = Place::new();
    let mut running = Running::start(place.command(&["up"]));
    until("the start of a server", || !place.processes().iter().all(|pid| *pid == running.pid())).await;
    assert!(!running.has_ended());
    signal(running.pid(), Signal::INT);
    running.end().exits(130);
    assert!(!place.dir().exists());
    until("the end of all servers", || place.processes().is_empty()).await;
}

async fn a_killed_first_up_harms_no_later_one() {
    let place = Place::without_template();
    let running = Running::start(place.command(&["up", "--nodes", "1"]));
    until("the work on the template", || place.dir().join("t/data/mysql").exists()).await;
    signal(running.pid(), Signal::KILL);
    assert_eq!(running.end().code, None);
    place.sandbox(&["up"]).exits(2);
    place.sandbox(&["down", "--yes"]).success();
    assert!(!place.dir().exists());
    place.sandbox(&["up", "--nodes", "1"]).success();
    place.sandbox(&["down", "--yes"]).success();
}

async fn two_first_sandboxes_at_once_make_one_template() {
    let (first, second) = (Place::without_template(), Place::new());
    let template = || -> Vec<_> {
        let folder = fs::read_dir(first.cache()).unwrap().next().unwrap().unwrap().path().join("templates");
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).filter(|name| name != "lock").collect()
    };
    let running = [&first, &second].map(|place| {
        let (line, mut command) = place.command(&["up", "--nodes", "1", "-v"]);
        command.env("XDG_CACHE_HOME", first.cache());
        Running::start((line, command))
    });
    let runs = running.map(|running| running.end().success());
    let made = runs.iter().filter(|run| run.stderr.contains("the data directory is made")).count();
    assert_eq!(made, 1, "{} --- {}", runs[0].stderr, runs[1].stderr);
    assert_eq!(template().len(), 1);
    assert!(!second.dir().join("t").exists() && !first.dir().join("t").exists());
}

async fn nodes_are_killed_stopped_cut_off_and_brought_back() {
    let place = Place::new();
    let mut sandbox = place.up(3).await;
    let nodes = sandbox.create_database("a_b").await.unwrap();
    let dsn = |name: &str| nodes.iter().find(|node| node.name == name).unwrap().dsn.clone();
    execute(&dsn("n1"), "CREATE TABLE t (id INT PRIMARY KEY)").await;
    let told = std::cell::Cell::new(0);
    let on = |_| told.set(told.get() + 1);

    sandbox.kill("n3", on).await.unwrap();
    assert_eq!(processes(&sandbox).await, ["running", "running", "dead"]);
    execute(&dsn("n2"), "INSERT INTO t VALUES (1)").await;
    sandbox.start("n3", on).await.unwrap();
    assert_eq!(rows(&dsn("n3")).await, [1], "what was written meanwhile");

    sandbox.isolate("n2", on).await.unwrap();
    let status = sandbox.status().await.unwrap();
    let said = |index: usize| status[index].state.clone().unwrap().unwrap();
    assert_ne!(said(1).component.as_deref(), Some("Primary"));
    assert_eq!([said(0), said(2)].map(|said| said.component.unwrap()), ["Primary", "Primary"]);
    place.sandbox(&["status"]).exits(1);
    execute(&dsn("n1"), "INSERT INTO t VALUES (2)").await;
    place.sandbox(&["isolate", "n2", "--heal"]).success();
    assert_eq!(rows(&dsn("n2")).await, [1, 2]);

    sandbox.stop("n1", on).await.unwrap();
    assert_eq!(processes(&sandbox).await, ["stopped", "running", "running"]);
    execute(&dsn("n2"), "INSERT INTO t VALUES (3)").await;
    sandbox.start("n1", on).await.unwrap();
    assert_eq!(rows(&dsn("n1")).await, [1, 2, 3]);

    let status = sandbox.status().await.unwrap();
    for node in status {
        let state = node.state.unwrap().unwrap();
        assert_eq!((state.state.as_str(), state.size), ("Synced", 3), "{}", node.name);
    }
    assert!(told.get() >= 9, "told of {} steps", told.get());
    // Rights end at the databases of the sandbox.
    let mut user = connect(&dsn("n1")).await;
    let refused = user.execute("trying", "CREATE DATABASE c", ()).await.unwrap_err();
    assert_eq!(refused.code(), Some(1044), "{refused}");
    execute(&sandbox.root_dsn("n1").unwrap(), "SET GLOBAL event_scheduler=ON").await;
    assert!(sandbox.create_database("a`b").await.is_err());
}

async fn a_node_killed_in_the_middle_of_ddl_comes_back_whole() {
    let place = Place::new();
    let mut sandbox = place.up(3).await;
    let nodes = sandbox.nodes();
    let mut writer = connect(&nodes[0].dsn).await;
    // So many that n3 is always killed in the middle of one.
    let ddl = async {
        for index in 0..60 {
            let create = format!("CREATE TABLE t{index:02} (id INT PRIMARY KEY)");
            writer.execute_unhurried("making a table", &create, ()).await.unwrap();
        }
    };
    let killed = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        sandbox.kill("n3", |_| ()).await.unwrap();
    };
    tokio::join!(ddl, killed);
    sandbox.start("n3", |_| ()).await.unwrap();
    for node in &nodes {
        let mut reader = connect(&node.dsn).await;
        let tables: Vec<(String,)> = reader.rows("reading", "SHOW TABLES", ()).await.unwrap();
        assert_eq!(tables.len(), 60, "on {}", node.name);
        for (table,) in tables {
            let count = format!("SELECT COUNT(*) FROM {table}");
            let counted: Option<(i64,)> = reader.first("counting", &count, ()).await.unwrap();
            assert_eq!(counted, Some((0,)), "{table} on {}", node.name);
        }
    }
}

async fn the_node_with_the_latest_data_has_to_be_first() {
    let place = Place::new();
    let mut sandbox = place.up(2).await;
    let nodes = sandbox.nodes();
    execute(&nodes[0].dsn, "CREATE TABLE t (id INT PRIMARY KEY)").await;
    sandbox.stop("n1", |_| ()).await.unwrap();
    execute(&nodes[1].dsn, "INSERT INTO t VALUES (1)").await;
    sandbox.kill("n2", |_| ()).await.unwrap();
    let run = place.sandbox(&["start", "n1"]).exits(2);
    assert!(run.stderr.contains("behind `n2`") && run.stderr.contains("csqlstore sandbox start"), "{}", run.stderr);
    place.sandbox(&["start"]).success();
    for node in &nodes {
        assert_eq!(rows(&node.dsn).await, [1], "{}", node.name);
    }
}

async fn nodes_that_lost_their_majority_are_whole_again_when_all_are_back() {
    let place = Place::new();
    let mut sandbox = place.up(3).await;
    let nodes = sandbox.nodes();
    execute(&nodes[0].dsn, "CREATE TABLE t (id INT PRIMARY KEY)").await;
    execute(&nodes[0].dsn, "INSERT INTO t VALUES (1)").await;
    sandbox.kill("n2", |_| ()).await.unwrap();
    sandbox.kill("n3", |_| ()).await.unwrap();
    let began = Instant::now();
    while sandbox.status().await.unwrap()[0].state.clone().unwrap().unwrap().component.as_deref() == Some("Primary") {
        assert!(began.elapsed() < PATIENCE, "one of three is a majority");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let run = place.sandbox(&["start", "n2"]).exits(3);
    assert!(run.stderr.contains("no running node (n1)") && run.stderr.contains("without a node"), "{}", run.stderr);
    place.sandbox(&["start"]).success();
    for node in sandbox.status().await.unwrap() {
        assert_eq!(node.state.unwrap().unwrap().size, 3, "{}", node.name);
    }
    for node in &nodes {
        assert_eq!(rows(&node.dsn).await, [1], "{}", node.name);
    }
}

async fn processes(sandbox: &Sandbox) -> Vec<&'static str> {
    let word = |process| match process {
        Process::Running { .. } => "running",
        Process::Stopped => "stopped",
        Process::Dead => "dead",
    };
    sandbox.status().await.unwrap().into_iter().map(|node| word(node.process)).collect()
}

async fn rows(dsn: &str) -> Vec<i64> {
    let mut connection = connect(dsn).await;
    connection.execute("waiting for the others", "SET SESSION wsrep_sync_wait=1", ()).await.unwrap();
    let rows: Vec<(i64,)> = connection.rows("reading", "SELECT id FROM t ORDER BY id", ()).await.unwrap();
    connection.close().await;
    rows.into_iter().map(|row| row.0).collect()
}
