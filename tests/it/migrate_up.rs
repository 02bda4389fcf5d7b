//! What `csqlstore migrate up` and `plan` can be asked for: how far to go, to wait for a node, a key that the server made
//! by itself, and the rights that it takes.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use csqlstore::sandbox::{self, Options};

use crate::cases;
use crate::migrate::{ADOPTED, FREE, HISTORY, KEYS, applied};
use crate::support::Database;
use crate::support::command::{self, Running};
use crate::support::rights::UP;

cases! {
    Beside: [
        goes_no_further_than_it_is_asked_to,
        a_version_that_is_none_is_a_wrong_request,
        check_tells_by_the_exit_status_whether_anything_is_pending,
        waits_for_a_node_that_is_only_just_starting,
        waiting_ends_with_the_reason,
        an_invisible_key_that_the_server_made_is_replaced_in_one_alter,
        the_grants_that_are_named_are_enough,
    ],
}

async fn goes_no_further_than_it_is_asked_to() {
    let db = Database::documented().await;
    db.row("live", "x", 60).await;
    let plan = db.csqlstore(&["migrate", "plan", "--to", "2", "--format", "json"]).success().json();
    assert_eq!(plan["steps"][1]["sql"], "ALTER TABLE `session_cluster` ADD PRIMARY KEY (id)");
    let first = db.csqlstore(&["migrate", "up", "--to", "1", "--format", "json"]).success().json();
    assert_eq!(applied(&first), ["1 adopted"]);
    assert_eq!(db.column("n2", KEYS).await, Vec::<String>::new());
    let second = db.csqlstore(&["migrate", "up", "--to", "2", "--format", "json"]).success().json();
    assert_eq!(applied(&second), ["2 applied"]);
    assert_eq!(db.column("n2", KEYS).await, ["PRIMARY:id"]);
    let again = db.csqlstore(&["migrate", "up", "--to", "1"]).success();
    assert_eq!(again.stdout, "Nothing to do: `session_cluster` is up to date.\n", "it never goes back");
    let rest = db.csqlstore(&["migrate", "up", "--format", "json"]).success().json();
    assert_eq!(applied(&rest), ["3 applied"]);
    assert_eq!(db.column("n3", HISTORY).await, ADOPTED);
}

async fn a_version_that_is_none_is_a_wrong_request() {
    let db = Database::documented().await;
    for verb in ["plan", "up"] {
        let run = db.csqlstore(&["migrate", verb, "--to", "4"]).exits(2);
        assert!(run.stderr.contains("there is no migration 4; there are 1, 2 and 3"), "{}", run.stderr);
    }
    assert_eq!(db.tables().await, ["session_cluster"]);
}

async fn check_tells_by_the_exit_status_whether_anything_is_pending() {
    let db = Database::documented().await;
    for args in [&["migrate", "plan", "--check"][..], &["migrate", "up", "--dry-run", "--check"]] {
        let run = db.csqlstore(args).exits(1);
        assert!(run.stdout.contains("ADD PRIMARY KEY (id)"), "{}", run.stdout);
        db.csqlstore(&[args, &["--format", "json"]].concat()).exits(1);
    }
    assert_eq!(db.tables().await, ["session_cluster"]);
    db.csqlstore(&["migrate", "up", "--check"]).exits(2);
    db.csqlstore(&["migrate", "up"]).success();
    db.csqlstore(&["migrate", "plan", "--check"]).success();
    db.csqlstore(&["migrate", "up", "--dry-run", "--check"]).success();
}

async fn waits_for_a_node_that_is_only_just_starting() {
    let open = fs::Permissions::from_mode(0o755);
    let folder =
        tempfile::Builder::new().prefix("csqlstore-wait-").permissions(open).tempdir_in("/tmp").expect("a folder");
    let options = Options { nodes: 1, dir: folder.path().join("box"), ..Options::default() };
    let mut sandbox = sandbox::up(&options, |_| ()).await.expect("a server").guard();
    sandbox.stop("n1", |_| ()).await.expect("n1 stops");
    let config = sandbox.config();
    let args = ["--config", config.to_str().expect("a path in UTF-8"), "migrate", "up", "--wait", "100s"];
    let mut running = Running::start(command::command(folder.path(), &args));
    running.until_it_says("waiting: no node of");
    assert!(!running.has_ended());
    sandbox.start_all(|_| ()).await.expect("n1 starts");
    let run = running.end().success();
    assert!(run.stderr.contains("n1: Connection refused"), "{}", run.stderr);
    assert!(run.stdout.starts_with("applied  1 session_cluster"), "{}", run.stdout);
}

async fn waiting_ends_with_the_reason() {
    let db = Database::documented().await;
    // Nobody listens there.
    let nodes = "gone=mysql://a@127.0.0.1:1/b";
    let (line, mut command) = db.command(&["migrate", "up", "--wait", "1s"]);
    command.env("CSQLSTORE_NODES", nodes);
    let run = command::run((line, command)).exits(3);
    let said = "no node of `default` is usable: gone: Connection refused";
    assert_eq!(run.stderr.matches(said).count(), 2, "said once while it waits, and once at the end: {}", run.stderr);
    // A node that is usable is not waited for, and a name that is none is not either.
    db.csqlstore(&["migrate", "up", "--wait", "1h"]).success();
    db.csqlstore(&["migrate", "up", "--wait", "1h", "--on", "n9"]).exits(2);
}

async fn an_invisible_key_that_the_server_made_is_replaced_in_one_alter() {
    let db = Database::documented().await;
    // As MySQL makes it under sql_generate_invisible_primary_key.
    let sql = "ALTER TABLE session_cluster ADD COLUMN my_row_id bigint unsigned NOT NULL AUTO_INCREMENT INVISIBLE \
               PRIMARY KEY FIRST";
    db.execute("n1", sql).await;
    db.rows("live", 500, 3600).await;
    assert_eq!(db.column("n2", KEYS).await, ["PRIMARY:my_row_id"]);
    let before = db.column("n1", crate::migrate::ROWS).await;
    let answer = db.csqlstore(&["migrate", "plan", "--format", "json"]).success().json();
    assert_eq!(
        answer["steps"][1]["sql"],
        "ALTER TABLE `session_cluster` DROP COLUMN `my_row_id`, ADD PRIMARY KEY (id), ADD INDEX expire_on (expire_on)"
    );
    assert_eq!(answer["drops_generated_key"], true);
    let plan = db.csqlstore(&["migrate", "plan"]).success();
    assert!(plan.stdout.contains("The invisible key `my_row_id`"), "{}", plan.stdout);
    // Its duplicates are in the way like any.
    db.row("live-00001", "older", 3600).await;
    db.csqlstore(&["migrate", "up"]).exits(4);
    db.execute("n1", "DELETE FROM session_cluster WHERE data='older'").await;
    let answer = db.csqlstore(&["migrate", "up", "--format", "json"]).success().json();
    assert_eq!(applied(&answer), ["1 adopted", "2 applied", "3 applied"]);
    let columns = "SELECT COLUMN_NAME FROM information_schema.COLUMNS \
                   WHERE TABLE_SCHEMA=DATABASE() AND TABLE_NAME='session_cluster' ORDER BY ORDINAL_POSITION";
    for node in db.nodes() {
        assert_eq!(db.column(&node, KEYS).await, ["expire_on:expire_on", "PRIMARY:id"]);
        assert_eq!(db.column(&node, columns).await, ["id", "data", "expire_on", "modify_at"]);
        assert!(db.column(&node, crate::migrate::ROWS).await == before, "rows differ on {node}");
    }
}

async fn the_grants_that_are_named_are_enough() {
    let db = Database::documented().await;
    db.row("live", "x", 60).await;
    for few in [&[("SELECT", "*")][..], &[("SELECT", "*"), ("INSERT, UPDATE, CREATE", "*")]] {
        db.limit_to(few).await;
        let run = db.csqlstore(&["migrate", "up", "--on", "n1"]).exits(2);
        assert!(run.stderr.contains(&db.grants(UP)), "{few:?}: {}", run.stderr);
        assert_eq!(db.column("n1", KEYS).await, Vec::<String>::new(), "{few:?}");
    }
    db.limit_to(UP).await;
    db.csqlstore(&["migrate", "up", "--on", "n1"]).success();
    assert_eq!(db.column("n1", HISTORY).await, ADOPTED);
    assert_eq!(db.column("n1", FREE).await, ["|"]);
}
