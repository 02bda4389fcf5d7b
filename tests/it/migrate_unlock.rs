//! `csqlstore migrate unlock`: whose lease it frees, and whose not.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use csqlstore::cluster::On;
use csqlstore::lease::{self, Name, Phase, Terms};
use csqlstore::migrate::{self, Error, Event, Goal};
use csqlstore::schema::Table;
use rustix::process::Signal;

use crate::cases;
use crate::migrate::{ADOPTED, FREE, HISTORY, KEYS, library};
use crate::migrate_race::{hold_up, signal, until_it_alters};
use crate::support::database::PATIENCE;
use crate::support::engine::{Needs, engine};
use crate::support::{Database, cluster, command};

cases! {
    Beside: [
        a_free_lease_is_left_as_it_is,
        a_killed_runner_is_seen_to_be_gone_and_its_lease_is_freed,
        an_alter_that_still_runs_is_shown_and_its_lease_is_kept,
        a_holder_that_is_alive_is_freed_by_its_epoch_alone_and_notices,
        a_holder_of_another_account_is_told_from_one_that_is_gone,
        a_holder_whose_server_is_unknown_is_freed_by_its_epoch_alone,
        a_lease_that_has_run_out_needs_no_freeing,
        a_lease_of_another_name_is_freed_by_itself,
        a_freeing_without_the_right_names_the_grant,
    ],
    Beside if Nodes because "they are about a node beside the one at work": [
        of_two_servers_of_one_name_neither_is_the_holders,
    ],
    Beside if Galera because "only there a second node takes the renewal": [
        a_holder_that_went_over_to_another_node_is_found_there,
    ],
    Alone: [
        a_server_that_was_restarted_has_no_connection_of_the_holder,
    ],
}

const EPOCH: &str = "SELECT CAST(epoch AS CHAR) FROM csqlstore_lease WHERE name='migrate'";

const SINCE: &str = "SELECT CAST(acquired_at AS CHAR) FROM csqlstore_lease WHERE name='migrate'";

fn traced(db: &Database, code: i32) -> serde_json::Value {
    db.csqlstore(&["migrate", "unlock", "--dry-run", "--format", "json"]).exits(code).json()
}

/// Waits until the connection of the holder has come to this.
async fn until_it_is(db: &Database, life: &str) -> serde_json::Value {
    let began = Instant::now();
    loop {
        let answer = traced(db, 0);
        if answer["connection"]["life"] == life {
            return answer;
        }
        assert!(began.elapsed() < PATIENCE, "{life}: {answer}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn a_free_lease_is_left_as_it_is() {
    let db = Database::migrated().await;
    let before = db.column("n1", EPOCH).await;
    let run = db.csqlstore(&["migrate", "unlock", "--yes"]).success();
    assert_eq!(run.stdout, "The lease `migrate` of `session_cluster` is free: there is nothing to do.\n");
    let answer = db.csqlstore(&["migrate", "unlock", "--epoch", "9", "--format", "json"]).success().json();
    assert_eq!(
        (&answer["schema_version"], &answer["freed"], &answer["holder"]),
        (&1.into(), &false.into(), &().into())
    );
    assert_eq!(db.column("n2", EPOCH).await, before);
    let run = Database::documented().await.csqlstore(&["migrate", "unlock", "--yes"]).exits(4);
    assert!(run.stderr.contains("there is no table `csqlstore_lease`"), "{}", run.stderr);
}

/// A table whose runner was killed in its ALTER, which the server then finished.
async fn killed() -> Database {
    let db = Database::documented().await;
    db.row("live", "x", 3600).await;
    let holder = hold_up(&db, "n1").await;
    let running = db.start(&["migrate", "up", "--on", "n1"]);
    until_it_alters(&db, "n1").await;
    signal(&running, Signal::KILL);
    assert_eq!(running.end().code, None, "it was killed");
    holder.close().await;
    db
}

async fn a_killed_runner_is_seen_to_be_gone_and_its_lease_is_freed() {
    let db = killed().await;
    let answer = until_it_is(&db, "gone").await;
    assert_eq!(
        (&answer["dry_run"], &answer["freed"], &answer["connection"]["node"]),
        (&true.into(), &false.into(), &"n1".into())
    );
    assert_eq!(answer["holder"]["phase"], "ddl");
    db.csqlstore(&["migrate", "up", "--lock-timeout", "0s"]).exits(3);
    let asked = db.csqlstore(&["migrate", "unlock"]).exits(2);
    let said = "there is no terminal to ask: Free the lease `migrate` of `session_cluster`?";
    assert!(asked.stderr.contains(said), "{}", asked.stderr);
    // Who it is that one agrees to is shown before.
    assert!(asked.stderr.contains("The lease `migrate` of `session_cluster` is held by"), "{}", asked.stderr);
    let epoch = db.column("n2", EPOCH).await;
    let run = db.csqlstore(&["migrate", "unlock", "--yes", "--on", "n3"]).success();
    assert!(run.stdout.contains("on node `n1` is gone.\nFreed."), "{}", run.stdout);
    assert_eq!(db.column("n2", FREE).await, ["|"]);
    assert_ne!(db.column("n2", EPOCH).await, epoch, "an epoch that nobody holds");
    db.csqlstore(&["migrate", "up", "--lock-timeout", "0s", "--on", "n3"]).success();
    assert_eq!(db.column("n2", HISTORY).await, ADOPTED);
}

async fn an_alter_that_still_runs_is_shown_and_its_lease_is_kept() {
    let db = Database::documented().await;
    db.row("live", "x", 3600).await;
    let holder = hold_up(&db, "n1").await;
    let running = db.start(&["migrate", "up", "--on", "n1"]);
    until_it_alters(&db, "n1").await;
    let run = db.csqlstore(&["migrate", "unlock", "--yes"]).exits(3);
    assert!(run.stderr.contains("on node `n1` is there (Query for"), "{}", run.stderr);
    assert!(run.stderr.contains(": ALTER TABLE `session_cluster` ADD PRIMARY KEY (id)"), "{}", run.stderr);
    assert!(
        run.stderr.contains("hint: `KILL ") && run.stderr.contains("though the server still runs"),
        "{}",
        run.stderr
    );
    // The same when its program is killed: the server goes on.
    signal(&running, Signal::KILL);
    assert_eq!(running.end().code, None, "it was killed");
    let answer = traced(&db, 0);
    assert_eq!(answer["connection"]["life"], "alive", "{answer}");
    let statement = answer["connection"]["statement"].as_str().unwrap_or_default();
    assert!(statement.starts_with("ALTER TABLE `session_cluster`"), "{answer}");
    db.csqlstore(&["migrate", "unlock", "--yes"]).exits(3);
    holder.close().await;
    until_it_is(&db, "gone").await;
    db.csqlstore(&["migrate", "unlock", "--yes"]).success();
    db.csqlstore(&["migrate", "up"]).success();
    assert_eq!(db.column("n3", KEYS).await, ["expire_on:expire_on", "PRIMARY:id"]);
}

async fn a_holder_that_is_alive_is_freed_by_its_epoch_alone_and_notices() {
    let db = Database::documented().await;
    db.row("live", "x", 3600).await;
    let table = Table::default();
    let cluster = library(&db);
    let usable = cluster.usable(&On::Auto).await.expect("a usable node");
    let runner = migrate::begin(usable, &table, Goal::default()).await.expect("a plan");
    let mut freed = false;
    let outcome = runner
        .run(Terms::of(&cluster), |event| {
            if matches!(event, Event::Starting { .. }) && !freed {
                freed = true;
                let answer = traced(&db, 0);
                let epoch = answer["holder"]["epoch"].as_u64().expect("a number");
                assert_eq!(answer["connection"]["life"], "alive", "{answer}");
                db.csqlstore(&["migrate", "unlock", "--yes"]).exits(3);
                let other = (epoch + 1).to_string();
                let run = db.csqlstore(&["migrate", "unlock", "--yes", "--epoch", &other]).exits(3);
                assert!(run.stderr.contains(&format!("is held in epoch {epoch}, not {other}")), "{}", run.stderr);
                let run = db.csqlstore(&["migrate", "unlock", "--epoch", &epoch.to_string()]).success();
                assert!(run.stdout.contains("Freed."), "{}", run.stdout);
            }
            ControlFlow::Continue(())
        })
        .await;
    let error = outcome.expect_err("the lease is gone");
    assert!(matches!(error, Error::Lease(lease::Error::Lost { .. })), "{error}");
    assert_eq!(db.column("n1", HISTORY).await, Vec::<String>::new(), "it recorded nothing");
    assert_eq!(db.column("n1", KEYS).await, Vec::<String>::new(), "and did nothing");
    db.csqlstore(&["migrate", "up", "--lock-timeout", "0s"]).success();
}

/// Takes the lease by hand, over a connection of root, and returns it.
async fn held_by_root(db: &Database) -> csqlstore::cluster::Connection {
    let mut root = db.writer("n2").await;
    let table = Table::default();
    lease::acquire(&mut root, &table, Name::Migrate, Terms::of(&library(db)), |_, _| ControlFlow::Continue(()))
        .await
        .expect("a lease")
        .expect("it is free");
    db.settled().await;
    root
}

async fn a_holder_of_another_account_is_told_from_one_that_is_gone() {
    let db = Database::migrated().await;
    let root = held_by_root(&db).await;
    let answer = traced(&db, 0);
    assert_eq!(
        (&answer["connection"]["life"], &answer["connection"]["node"]),
        (&"unseen".into(), &engine().writable("n2").into()),
        "{answer}"
    );
    let run = db.csqlstore(&["migrate", "unlock", "--yes"]).exits(2);
    let grant = format!("GRANT PROCESS ON *.* TO '{}'@'%'", db.name);
    assert!(run.stderr.contains(&format!("somebody with the right to may run: {grant}; `--epoch ")), "{}", run.stderr);
    db.execute("n1", &grant).await;
    db.settled().await;
    let answer = traced(&db, 0);
    assert_eq!((&answer["connection"]["life"], &answer["connection"]["command"]), (&"alive".into(), &"Sleep".into()));
    assert!(answer["connection"]["statement"].is_null(), "{answer}");
    db.execute("n1", &grant.replace("GRANT", "REVOKE").replace(" TO ", " FROM ")).await;
    db.settled().await;
    root.close().await;
    // That it is gone can be seen without the right.
    until_it_is(&db, "gone").await;
    db.csqlstore(&["migrate", "unlock", "--yes"]).success();
    assert_eq!(db.column("n1", FREE).await, ["|"]);
}

async fn a_holder_that_went_over_to_another_node_is_found_there() {
    let db = Database::migrated().await;
    let farm = library(&db);
    let terms = Terms::of(&farm);
    let connect = |at: usize| farm.nodes()[at].connect(PATIENCE);
    let mut first = connect(0).await.expect("n1 is there");
    let table = Table::default();
    let taken = lease::acquire(&mut first, &table, Name::Migrate, terms, |_, _| ControlFlow::Continue(())).await;
    let mut lease = taken.expect("a lease").expect("it is free");
    let since = db.column("n1", SINCE).await;
    lease.renew(&mut first, Phase::Work, Duration::from_secs(60)).await.expect("it is ours");
    assert_eq!(db.column("n1", SINCE).await, since, "the same connection holds it on");
    let mut second = connect(1).await.expect("n2 is there");
    first.close().await;
    lease.renew(&mut second, Phase::Work, Duration::from_secs(60)).await.expect("it is ours");
    db.settled().await;
    assert_ne!(db.column("n1", SINCE).await, since);
    let answer = traced(&db, 0);
    assert_eq!(
        (&answer["connection"]["life"], &answer["connection"]["node"], &answer["connection"]["id"]),
        (&"alive".into(), &"n2".into(), &second.id().into()),
        "{answer}"
    );
    db.csqlstore(&["migrate", "unlock", "--yes"]).exits(3);
    second.close().await;
    until_it_is(&db, "gone").await;
    db.csqlstore(&["migrate", "unlock", "--yes"]).success();
}

async fn a_holder_whose_server_is_unknown_is_freed_by_its_epoch_alone() {
    let db = Database::migrated().await;
    let held = "UPDATE csqlstore_lease SET owner='ci-7:42:cafe', node='db1:3306', connection_id=42, epoch=7, \
                phase='work', acquired_at=UTC_TIMESTAMP(6), expires_at=UTC_TIMESTAMP(6) + INTERVAL 1 HOUR";
    db.execute("n1", held).await;
    let answer = traced(&db, 0);
    assert_eq!(answer["connection"]["life"], "unreached");
    assert_eq!(answer["connection"]["reason"], "it is none of the nodes");
    let run = db.csqlstore(&["migrate", "unlock", "--yes"]).exits(3);
    assert!(
        run.stderr.contains("its connection 42 on db1:3306 cannot be looked for: it is none of the nodes"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("`--epoch 7` frees the lease all the same"), "{}", run.stderr);
    assert_eq!(db.column("n1", FREE).await, ["ci-7:42:cafe|work"]);
    db.csqlstore(&["migrate", "unlock", "--epoch", "7"]).success();
    assert_eq!(db.column("n1", FREE).await, ["|"]);
    assert_eq!(db.column("n1", EPOCH).await, ["8"]);
}

async fn of_two_servers_of_one_name_neither_is_the_holders() {
    let db = Database::migrated().await;
    held_by_root(&db).await.close().await;
    until_it_is(&db, "gone").await;
    // As if another container of the same image were there: what is asked for its name is one node either way.
    let (dsns, holders) = (db.dsns(), engine().writable("n2"));
    let own =
        dsns.split(' ').find_map(|entry| entry.strip_prefix(&format!("{holders}="))).expect("a node of that name");
    let (line, mut command) = db.command(&["migrate", "unlock", "--yes"]);
    command.env("CSQLSTORE_NODES", format!("{dsns} twin={own}"));
    let run = command::run((line, command)).exits(3);
    let expected = format!("cannot be looked for: {holders}, twin all call themselves so");
    assert!(run.stderr.contains(&expected), "{}", run.stderr);
    assert_ne!(db.column("n1", FREE).await, ["|"], "nothing is freed");
}

async fn a_lease_that_has_run_out_needs_no_freeing() {
    let db = Database::migrated().await;
    let held = "UPDATE csqlstore_lease SET owner='gone:1:0', expires_at=UTC_TIMESTAMP(6) - INTERVAL 6 SECOND";
    db.execute("n1", held).await;
    let run = db.csqlstore(&["migrate", "unlock", "--yes"]).success();
    assert!(run.stdout.contains("is free: there is nothing to do"), "{}", run.stdout);
}

async fn a_lease_of_another_name_is_freed_by_itself() {
    let db = Database::migrated().await;
    let rows = "INSERT INTO csqlstore_lease (session_table, name, owner, epoch, phase, node, connection_id, acquired_at, \
                expires_at, note) SELECT 'session_cluster', name, 'x:1:0', 3, 'work', 'db1:3306', 1, UTC_TIMESTAMP(6), \
                UTC_TIMESTAMP(6) + INTERVAL 1 HOUR, '' FROM (SELECT 'purge' AS name UNION SELECT 'rekey') AS names \
                ON DUPLICATE KEY UPDATE owner='x:1:0'";
    db.execute("n1", rows).await;
    let run = db.csqlstore(&["migrate", "unlock", "--lease", "purge", "--epoch", "3"]).success();
    assert!(run.stdout.contains("The lease `purge` of `session_cluster` is held by x:1:0"), "{}", run.stdout);
    assert!(run.stdout.contains("`csqlstore purge` goes on where it was"), "{}", run.stdout);
    let owners = "SELECT CONCAT(name, ' ', owner) FROM csqlstore_lease WHERE name <> 'migrate' ORDER BY name";
    assert_eq!(db.column("n2", owners).await, ["purge ", "rekey x:1:0"]);
    let run = db.csqlstore(&["migrate", "unlock", "--lease", "other"]).exits(2);
    assert!(run.stderr.contains("a lease is `migrate`, `purge` or `rekey`"), "{}", run.stderr);
}

async fn a_freeing_without_the_right_names_the_grant() {
    let db = Database::migrated().await;
    held_by_root(&db).await.close().await;
    db.limit_to(&[("SELECT", "csqlstore_lease")]).await;
    // Looking needs no more.
    until_it_is(&db, "gone").await;
    let run = db.csqlstore(&["migrate", "unlock", "--yes"]).exits(2);
    let rights = [("SELECT, UPDATE", "csqlstore_lease")];
    assert!(run.stderr.contains(&db.grants(&rights)), "{}", run.stderr);
    db.limit_to(&rights).await;
    db.csqlstore(&["migrate", "unlock", "--yes"]).success();
}

async fn a_server_that_was_restarted_has_no_connection_of_the_holder() {
    let db = Database::migrated().await;
    db.until_well().await;
    // Whoever has that number afterwards is somebody else.
    let held = held_by_root(&db).await;
    let id = held.id();
    held.close().await;
    // A server's word on how long it runs is of whole seconds; and to be back may take a member of a group longer than the
    // lease has.
    let longer = "UPDATE csqlstore_lease SET acquired_at=acquired_at - INTERVAL 1 MINUTE, \
                  expires_at=expires_at + INTERVAL 1 HOUR";
    db.execute("n1", longer).await;
    let mut sandbox = cluster::common().sandbox();
    let node = engine().writable("n2");
    sandbox.kill(node, |_| ()).await.expect("it can be killed");
    if engine().has(Needs::Writers) {
        let answer = traced(&db, 0);
        assert_eq!(answer["connection"]["life"], "unreached", "{answer}");
        let reason = answer["connection"]["reason"].as_str().unwrap_or_default();
        assert!(reason.starts_with(&format!("it is none of the nodes that answer ({node}: ")), "{answer}");
    }
    sandbox.start(node, |_| ()).await.expect("it starts again");
    db.until_well().await;
    // Until there is a connection of that number.
    let mut others = Vec::new();
    while others.last().is_none_or(|other: &csqlstore::cluster::Connection| other.id() < id) && others.len() < 100 {
        others.push(db.root(node).await);
    }
    let answer = traced(&db, 0);
    for other in others {
        other.close().await;
    }
    assert_eq!(
        (&answer["connection"]["life"], &answer["connection"]["node"]),
        (&"gone".into(), &node.into()),
        "{answer}"
    );
    db.csqlstore(&["migrate", "unlock", "--yes"]).success();
}
