//! Servers of different releases in one farm, provoked and mended.

use std::path::PathBuf;

use csqlstore::sandbox::{self, Options};

use crate::doctor_nodes::well;
use crate::support::doctor::{findings, until_found, until_gone};
use crate::support::{Database, cluster, command, proof};

crate::cases! {
    Beside if AnyMySql because "they are about two servers of different makers": [
        a_server_of_another_release_is_told,
    ],
    Alone if Galera because "MariaDB says the version that it is told to": [
        versions_differ,
    ],
}

/// A node that says an older version than it is, until it is dropped.
struct Older {
    config: PathBuf,
    text: String,
}

impl Older {
    async fn make(node: &str, version: &str) -> Self {
        let sandbox = cluster::common().sandbox();
        let config = sandbox.dir().join(node).join("my.cnf");
        let text = std::fs::read_to_string(&config).expect("the server's options");
        let older = text.replacen("[mysqld]\n", &format!("[mysqld]\nversion={version}\n"), 1);
        std::fs::write(&config, older).expect("its options can be written");
        let older = Self { config, text };
        restart(node).await;
        older
    }
}

impl Drop for Older {
    fn drop(&mut self) {
        let _written = std::fs::write(&self.config, &self.text);
    }
}

async fn restart(node: &str) {
    let mut sandbox = cluster::common().sandbox();
    sandbox.stop(node, |_| ()).await.expect("it stops");
    sandbox.start(node, |_| ()).await.expect("it starts again");
}

async fn versions_differ() {
    let db = well().await;
    let older = Older::make("n3", "10.6.25-MariaDB").await;
    let found = until_found(&db, "versions-differ", &[]).await;
    assert_eq!((&found["node"], &found["level"]), (&"n3".into(), &"warning".into()), "{found}");
    assert!(found["message"].as_str().is_some_and(|message| message.contains("runs 10.6.25")), "{found}");
    // What the fix does to the server, when it is over.
    assert_eq!(found["fix"], "apt-get install --only-upgrade mariadb-server");
    drop(older);
    restart("n3").await;
    proof::mended(&found);
    until_gone(&db, "versions-differ", &[]).await;
}

async fn a_server_of_another_release_is_told() {
    let db = Database::migrated().await;
    let dir = tempfile::TempDir::new_in("/tmp").expect("a folder for the test");
    let (nodes, dir) = (1, dir.path().join("mariadb"));
    let options = Options { engine: sandbox::Engine::Standalone, nodes, dir, ..Options::default() };
    let other = sandbox::up(&options, |_| ()).await.expect("a MariaDB starts").guard();
    let (line, mut command) = db.command(&["doctor", "--format", "json", "--only", "versions-differ"]);
    command.env("CSQLSTORE_NODES", format!("{} other={}", db.dsns(), other.nodes()[0].dsn));
    let found = findings(&command::run((line, command)).json()).remove(0);
    let message = found["message"].as_str().expect("a message");
    assert!(message.contains("runs 9.") && message.contains("of the nodes 10."), "{found}");
}
