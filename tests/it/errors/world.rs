//! What the cases are run against: one real server in several states, and what is no server at all.

use std::io::Write as _;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use csqlstore::cluster::Connection;
use csqlstore::sandbox::Guard;
use tempfile::TempDir;

use super::File;
use crate::support::command;
use crate::support::database::{DOCUMENTED, connect};
use crate::support::vectors::Vector;
use crate::support::{hostile, single};

/// What is done to the server while a case runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Well,
    ReadOnly,
    /// Its disk has no room left.
    DiskFull,
    /// As many are connected as may be.
    Crowded,
    /// It shows another certificate, of the tests.
    Shows(&'static str),
}

impl Stage {
    pub(super) const ALL: [Self; 7] = [
        Self::Well,
        Self::ReadOnly,
        Self::DiskFull,
        Self::Crowded,
        Self::Shows("server.pem"),
        Self::Shows("elsewhere.pem"),
        Self::Shows("expired.pem"),
    ];
}

/// What ends a stage.
pub(super) struct Over {
    sql: Option<&'static str>,
    connections: Vec<Connection>,
    filler: Option<PathBuf>,
}

/// Passwords of accounts and keys, none of which may ever be seen.
const PASSWORD: &str = "Planted0Right0Password";
const WRONG: &str = "Planted0Wrong0Password";
const HASH: &str = "planted-hash-key-of-the-errors-01";

/// Where certificates of the tests are.
const TLS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/testdata/tls");

/// The server and the rest, and what stands for it in braces.
pub(super) struct World {
    values: Vec<(&'static str, String)>,
    secrets: Vec<String>,
    server: Guard,
    mount: Mount,
    /// Listens and never answers.
    _silent: TcpListener,
}

impl World {
    pub(super) async fn up() -> Self {
        let mount = Mount::new();
        let server = single::with_certificate(&mount.path().join("server")).await;
        let port = server.nodes().remove(0).port;
        let silent = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let encrypted = Vector::of("string");
        let signed = Vector::of("random-0004");
        let port_of = |listener: &TcpListener| listener.local_addr().expect("it listens").port().to_string();
        let values = vec![
            ("port", port.to_string()),
            ("silent", port_of(&silent)),
            // A port that was free a moment ago, and that only those below 1024 would get.
            ("closed", "1".to_owned()),
            ("http", web_server().to_string()),
            ("plain", hostile::server(&[]).to_string()),
            ("plugin", hostile::server(&[b"\xfemysql_clear_password\0"]).to_string()),
            ("password", PASSWORD.to_owned()),
            ("wrong", WRONG.to_owned()),
            ("hash", HASH.to_owned()),
            ("keys", encrypted.keys()),
            ("hash key", encrypted.keys().split(',').next().unwrap_or_default().to_owned()),
            ("name", encrypted.name().to_owned()),
            ("cookie", encrypted.cookie().to_owned()),
            ("data", encrypted.data().to_owned()),
            ("id", encrypted.id().to_owned()),
            ("signed keys", signed.keys()),
            ("signed name", signed.name().to_owned()),
            ("signed cookie", signed.cookie().to_owned()),
            ("signed data", signed.data().to_owned()),
            ("half of it", encrypted.cookie()[..100].to_owned()),
            ("long", "A".repeat(5000)),
            ("ca", format!("{TLS}/ca.pem")),
            ("other ca", format!("{TLS}/other-ca.pem")),
            ("expired", format!("{TLS}/expired.pem")),
        ];
        let of_vectors = [&encrypted, &signed].into_iter().flat_map(|it| it.secrets());
        let secrets = [PASSWORD, WRONG, HASH].into_iter().chain(of_vectors).map(str::to_owned).collect();
        let world = Self { values, secrets, server, mount, _silent: silent };
        world.prepare().await;
        world
    }

    /// Fills in what stands in braces.
    pub(super) fn filled(&self, text: &str) -> String {
        self.values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
    }

    /// The other way round, for ports: as a case would have it.
    pub(super) fn emptied(&self, text: &str) -> String {
        let ports = self.values.iter().filter(|(name, _)| ["port", "silent", "http", "plain", "plugin"].contains(name));
        ports.fold(text.to_owned(), |text, (name, port)| text.replace(&format!(":{port}"), &format!(":{{{name}}}")))
    }

    pub(super) fn secrets(&self) -> impl Iterator<Item = &str> {
        self.secrets.iter().map(String::as_str)
    }

    /// What the server shows.
    fn certificate(&self) -> PathBuf {
        self.mount.path().join("server.pem")
    }

    async fn root(&self) -> Connection {
        connect("n1", &self.server.root_dsn("n1").expect("a server of its own")).await
    }

    /// Makes the accounts, and a database for each state that a table can be in.
    async fn prepare(&self) {
        let mut root = self.root().await;
        for (user, more) in [
            ("app", ""),
            ("reader", ""),
            ("stranger", ""),
            ("secure", " REQUIRE SSL"),
            ("locked", " ACCOUNT LOCK"),
            ("once", " PASSWORD EXPIRE"),
            ("few", " WITH MAX_QUERIES_PER_HOUR 1"),
        ] {
            execute(&mut root, &format!("CREATE USER '{user}'@'%' IDENTIFIED BY '{PASSWORD}'{more}")).await;
        }
        for name in DATABASES {
            execute(&mut root, &format!("CREATE DATABASE `{name}`")).await;
            execute(&mut root, &format!("GRANT ALL ON `{name}`.* TO 'app'@'%'")).await;
            execute(&mut root, &format!("USE `{name}`")).await;
            if *name != "bare" {
                execute(&mut root, DOCUMENTED).await;
            }
        }
        for name in MIGRATED {
            self.migrate(name);
        }
        for sql in SPOILT {
            execute(&mut root, sql).await;
        }
        for user in ["secure", "locked", "once", "few", "reader"] {
            execute(&mut root, &format!("GRANT SELECT ON `well`.* TO '{user}'@'%'")).await;
        }
        root.close().await;
    }

    fn migrate(&self, database: &str) {
        let folder = TempDir::new().expect("a folder");
        let (line, mut command) = command::command(folder.path(), &["migrate", "up", "--yes"]);
        let dsn = format!("mysql://app:{{password}}@127.0.0.1:{{port}}/{database}");
        command.env("CSQLSTORE_NODES", self.filled(&dsn));
        command::run((line, command)).success();
    }

    /// Brings the server into a state.
    pub(super) async fn enter(&self, stage: Stage) -> Over {
        let mut over = Over { sql: None, connections: Vec::new(), filler: None };
        let mut root = self.root().await;
        match stage {
            Stage::Well => {}
            Stage::ReadOnly => {
                execute(&mut root, "SET GLOBAL read_only=ON").await;
                over.sql = Some("SET GLOBAL read_only=OFF");
            }
            Stage::DiskFull => over.filler = Some(self.mount.fill()),
            Stage::Shows(certificate) => {
                std::fs::copy(format!("{TLS}/{certificate}"), self.certificate()).expect("a certificate of the tests");
                execute(&mut root, "FLUSH SSL").await;
            }
            Stage::Crowded => {
                // The fewest that the server lets be set.
                execute(&mut root, "SET GLOBAL max_connections=10").await;
                over.sql = Some("SET GLOBAL max_connections=100");
                let dsn = self.filled("mysql://app:{password}@127.0.0.1:{port}/well");
                for _ in 0..9 {
                    over.connections.push(connect("n1", &dsn).await);
                }
                // One more than that is for root alone: this one takes a place of the others.
                over.connections.push(root);
                return over;
            }
        }
        root.close().await;
        over
    }

    /// Ends it.
    pub(super) async fn leave(&self, over: Over) {
        let Over { sql, connections, filler } = over;
        if let Some(filler) = filler {
            std::fs::remove_file(filler).expect("it is ours");
        }
        for connection in connections {
            connection.close().await;
        }
        if let Some(sql) = sql {
            let mut root = self.root().await;
            execute(&mut root, sql).await;
            root.close().await;
        }
    }
}

const DATABASES: &[&str] = &[
    "well",
    "bare",
    "documented",
    "view",
    "misfit",
    "twice",
    "held",
    "failed",
    "changed",
    "drifted",
    "leaseless",
    "roomy",
];

const MIGRATED: &[&str] = &["well", "held", "failed", "changed", "drifted", "leaseless"];

/// What makes the databases what their names say.
const SPOILT: &[&str] = &[
    "RENAME TABLE view.session_cluster TO view.behind",
    "CREATE VIEW view.session_cluster AS SELECT * FROM view.behind",
    "ALTER TABLE misfit.session_cluster DROP COLUMN expire_on",
    "INSERT INTO twice.session_cluster (id, data, expire_on) VALUES ('a', 'x', '2026-01-01'), ('a', 'y', '2026-01-01')",
    "INSERT INTO well.session_cluster (id, data, expire_on) VALUES ('broken', 'not a session', '2036-01-01')",
    "INSERT INTO well.session_cluster (id, data, expire_on) VALUES ('old', 'x', '2026-01-01')",
    "INSERT INTO held.session_cluster (id, data, expire_on) VALUES ('old', 'x', '2026-01-01')",
    "INSERT INTO held.csqlstore_lease (session_table, name, owner, epoch, phase, node, connection_id, acquired_at, expires_at, \
     note) VALUES ('session_cluster', 'purge', 'ops@elsewhere:4711', 7, 'run', 'elsewhere:3306', 4711, '2026-11-01', \
     '2036-01-01', '')",
    "ALTER TABLE failed.session_cluster DROP INDEX expire_on",
    "UPDATE changed.csqlstore_migrations SET checksum=REPEAT('0', 64) WHERE version=2",
    "ALTER TABLE drifted.session_cluster DROP INDEX expire_on, ADD INDEX expire_on (modify_at)",
    "DROP TABLE leaseless.csqlstore_lease",
    "INSERT INTO roomy.session_cluster (id, data, expire_on) SELECT CONCAT('s-', seq), REPEAT('x', 4000), '2036-01-01' \
     FROM seq_1_to_4000",
];

async fn execute(root: &mut Connection, sql: &str) {
    let done = root.execute_unhurried("a test's statement", sql, ()).await;
    done.unwrap_or_else(|error| panic!("{sql}: {error}: {:?}", std::error::Error::source(&error)));
}

impl File {
    /// Writes it into the folder of a case.
    pub(super) fn write(&self, folder: &Path, world: &World) {
        let path = folder.join(self.name);
        std::fs::write(&path, world.filled(self.content)).expect("a writable folder");
        std::fs::set_permissions(&path, PermissionsExt::from_mode(self.mode)).expect("our own file");
        if self.owner != 0 {
            std::os::unix::fs::chown(&path, Some(self.owner), None).expect("the tests run as root");
        }
    }
}

/// A file system of its own, small enough to be filled.
struct Mount(TempDir);

impl Mount {
    fn new() -> Self {
        let folder = TempDir::new_in("/tmp").expect("a folder for the server");
        let mount = Self(folder);
        // The server's own user has to get through.
        system("mount", &["-t", "tmpfs", "-o", "size=400m,mode=755", "tmpfs"], mount.path());
        mount
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file until nothing more fits.
    fn fill(&self) -> PathBuf {
        let path = self.path().join("filler");
        let mut file = std::fs::File::create(&path).expect("room for a name");
        let block = vec![0; 1 << 16];
        while file.write_all(&block).is_ok() {}
        path
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        system("umount", &["-l"], self.path());
    }
}

fn system(program: &str, args: &[&str], path: &Path) {
    let done = Command::new(program).args(args).arg(path).output().expect("a program of the system");
    assert!(done.status.success(), "{program} {}: {done:?}", path.display());
}

/// Answers whatever it hears as a web server answers what it does not understand.
fn web_server() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("it listens").port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            // A client that does not wait for the end is as good.
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        }
    });
    port
}
