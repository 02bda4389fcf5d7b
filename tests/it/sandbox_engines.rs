//! `csqlstore sandbox` with other engines than Galera. MySQL's servers are what the tests run on with `cargo xtask test
//! --engine`; here is what can be had of this machine's own MariaDB, and what is refused.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use csqlstore::sandbox::Sandbox;
use tempfile::TempDir;

use crate::support::command::{self, Run};
use crate::support::engine::engine;

crate::cases! {
    Beside if Galera because "they are about this machine's MariaDB": [
        one_mariadb_without_a_cluster_can_be_killed_and_started,
        what_an_engine_cannot_have_is_refused_and_nothing_is_made,
    ],
    Beside if MySql because "they are about one MySQL": [
        a_mysql_lets_its_superuser_in_by_the_socket_alone,
    ],
}

/// A place for a sandbox that goes away with all that runs in it.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        let open = fs::Permissions::from_mode(0o755);
        Self(tempfile::Builder::new().prefix("csqlstore-box-").permissions(open).tempdir_in("/tmp").unwrap())
    }

    fn dir(&self) -> PathBuf {
        self.0.path().join("box")
    }

    fn run(&self, args: &[&str]) -> Run {
        let (line, mut command) = command::command(self.0.path(), args);
        if let Some(home) = std::env::var_os("HOME") {
            command.env("HOME", home);
        }
        command::run((line, command))
    }

    fn sandbox(&self, args: &[&str]) -> Run {
        self.run(&[&["sandbox"], args, &["--dir", self.dir().to_str().unwrap()]].concat())
    }

    fn csqlstore(&self, args: &[&str]) -> Run {
        let config = self.dir().join("csqlstore.toml");
        self.run(&[&["--config", config.to_str().unwrap()], args].concat())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Ok(sandbox) = Sandbox::open(&self.dir()) {
            let _left = sandbox.down_now();
        }
    }
}

async fn one_mariadb_without_a_cluster_can_be_killed_and_started() {
    let place = Place::new();
    let answer = place.sandbox(&["up", "--engine", "standalone", "--format", "json"]).success().json();
    assert_eq!((&answer["engine"], answer["nodes"].as_array().unwrap().len()), (&"standalone".into(), 1), "{answer}");
    let answer = place.sandbox(&["status", "--format", "json"]).success().json();
    let node = &answer["nodes"][0];
    assert_eq!((&node["state"], &node["component"], &node["role"]), (&"running".into(), &().into(), &().into()));
    let answer = place.csqlstore(&["node", "status", "--format", "json"]).success().json();
    assert_eq!((&answer["kind"], &answer["verdict"]), (&"standalone".into(), &"ok".into()), "{answer}");
    place.csqlstore(&["migrate", "up"]).success();

    let table = place.sandbox(&["kill", "n1"]).success().stdout;
    assert!(table.contains("dead") && !table.contains("COMPONENT"), "{table}");
    place.sandbox(&["status"]).exits(1);
    place.sandbox(&["start", "n1"]).success();
    place.csqlstore(&["migrate", "status", "--check"]).success();
    place.sandbox(&["stop", "n1"]).success();
    place.sandbox(&["start"]).success();
    let run = place.sandbox(&["isolate", "n1"]).exits(2);
    assert!(run.stderr.contains("`isolate` is not to be had with engine `standalone`"), "{}", run.stderr);
    place.sandbox(&["down", "--yes"]).success();
    assert!(!place.dir().exists());
}

async fn what_an_engine_cannot_have_is_refused_and_nothing_is_made() {
    let place = Place::new();
    let empty = place.0.path().to_str().unwrap().to_owned();
    for (args, said) in [
        (&["--engine", "group-replication"][..], "where that is was not said"),
        (&["--engine", "galera", "--server-root", &empty], "runs on this machine's MariaDB"),
        (&["--engine", "standalone", "--nodes", "2"], "has 1 node, not 2"),
        (&["--engine", "standalone", "--server-root", &empty], "it has no usr/sbin/mysqld and no bin/mysqld"),
        (&["--engine", "standalone", "--server-root", "/nowhere"], "`/nowhere` is no tree of a MySQL server"),
        (&["--multi-primary"], "goes with `--engine group-replication` alone"),
    ] {
        let run = place.sandbox(&[&["up"], args].concat()).exits(2);
        assert!(run.stderr.contains(said), "{args:?}: {}", run.stderr);
        assert!(!place.dir().exists(), "{args:?}");
    }
}

async fn a_mysql_lets_its_superuser_in_by_the_socket_alone() {
    let sandbox = crate::support::cluster::common().sandbox();
    let node = sandbox.nodes().remove(0);
    let dsn = format!("mysql://root@127.0.0.1:{}/", node.port);
    let dsn = csqlstore::cluster::Dsn::parse(&dsn).expect("a DSN").dsn;
    let refused = csqlstore::cluster::Node::new("n1", dsn).connect(crate::support::database::PATIENCE).await;
    // 1045, or 1698 where the account is known and its way in is another.
    let error = refused.expect_err("nobody gets in so");
    // Where the name is no account's, MySQL makes up by which plugin it lets it in.
    let made_up = error.reason().ends_with("; MySQL may ask so where there is no such account");
    assert!(made_up || matches!(error.code(), Some(1045 | 1130 | 1698)), "{error:?}");
    sandbox.root("n1").expect("a node").connect(crate::support::database::PATIENCE).await.expect("root by the socket");
    let pid = node.pid.expect("it runs");
    if rustix::process::geteuid().is_root() {
        use std::os::unix::fs::MetadataExt;
        assert_ne!(fs::metadata(Path::new("/proc").join(pid.to_string())).unwrap().uid(), 0, "it runs as root");
    }
    assert_eq!(sandbox.engine(), engine().options().engine);
}
