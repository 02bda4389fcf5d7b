//! One purge at a time in the whole cluster.

use serde_json::Value as Json;

use crate::cases;
use crate::support::Database;
use crate::support::command::Running;
use crate::support::expiry::{DAY, count, under_way};

cases! {
    Beside: [
        a_second_purge_says_who_runs_and_deletes_nothing,
        a_purge_from_cron_stands_aside_without_a_word,
        a_purge_that_waits_goes_on_when_the_first_is_done,
        the_lease_is_given_back_whatever_the_end,
        a_purge_that_lost_its_lease_stops,
        a_dry_run_takes_no_lease_and_says_who_has_it,
        rights_on_the_lease_are_named_or_done_without,
    ],
}

/// A purge on n1 that is under way and far from its end.
async fn running(db: &Database) -> Running {
    db.rows("expired", 30_000, -DAY).await;
    let mut running = db.start(&["purge", "--yes", "--on", "n1", "--batch", "1", "--format", "json"]);
    under_way(db, "n1", 30_000, &mut running).await;
    running
}

fn interrupt(running: &Running) {
    let pid = rustix::process::Pid::from_raw(running.pid().try_into().unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
}

async fn owner(db: &Database) -> String {
    let sql = "SELECT owner FROM csqlstore_lease WHERE name='purge'";
    db.column("n1", sql).await.into_iter().next().unwrap_or_default()
}

async fn a_second_purge_says_who_runs_and_deletes_nothing() {
    let db = Database::migrated().await;
    let first = running(&db).await;
    let holder = owner(&db).await;
    assert!(!holder.is_empty(), "the purge under way holds the lease");
    for node in ["n1", "n2", "n3"] {
        let run = db.csqlstore(&["purge", "--yes", "--on", node]).exits(3);
        assert!(run.stderr.contains(&format!("is held by {holder} since 20")), "{}", run.stderr);
        assert!(run.stderr.contains("hint: wait for it with `--wait`"), "{}", run.stderr);
        assert_eq!(run.stdout, "");
    }
    let error = db.csqlstore(&["purge", "--yes", "--on", "n2", "--format", "json"]).exits(3).json_error();
    assert_eq!(error["class"], "unavailable", "{error}");
    interrupt(&first);
    let answer = first.end().exits(143).json();
    assert_eq!(answer["deleted"].as_u64(), Some(30_000 - count(&db, "n2").await), "nobody else deleted: {answer}");
}

async fn a_purge_from_cron_stands_aside_without_a_word() {
    let db = Database::migrated().await;
    let first = running(&db).await;
    let run = db.csqlstore(&["purge", "--yes", "--quiet", "--if-free", "--on", "n2"]).success();
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""));
    let run = db.csqlstore(&["purge", "--yes", "--if-free", "--on", "n2"]).success();
    assert!(run.stdout.starts_with("Somebody else purges"), "{}", run.stdout);
    let answer = db.csqlstore(&["purge", "--yes", "--if-free", "--on", "n2", "--format", "json"]).success().json();
    assert_eq!((&answer["deleted"], &answer["stopped"]), (&Json::from(0), &Json::Null), "{answer}");
    assert_eq!(answer["dry_run"], false);
    interrupt(&first);
    first.end().exits(143);
}

async fn a_purge_that_waits_goes_on_when_the_first_is_done() {
    let db = Database::migrated().await;
    let first = running(&db).await;
    let mut second = db.start(&["purge", "--yes", "--on", "n2", "--wait", "60s", "--format", "json", "-v"]);
    second.until_it_says("waited ");
    interrupt(&first);
    let (first, second) = (first.end().exits(143).json(), second.end().success().json());
    let gone = |answer: &Json| answer["deleted"].as_u64().unwrap();
    assert!(gone(&first) > 0 && gone(&second) > 0);
    assert_eq!((gone(&first) + gone(&second), count(&db, "n3").await), (30_000, 0), "{first} {second}");
}

async fn the_lease_is_given_back_whatever_the_end() {
    let db = Database::migrated().await;
    db.rows("expired", 300, -DAY).await;
    db.csqlstore(&["purge", "--yes", "--max-rows", "10"]).exits(5);
    assert_eq!(owner(&db).await, "");
    db.csqlstore(&["purge", "--yes"]).success();
    assert_eq!(owner(&db).await, "");
    let epoch = db.column("n2", "SELECT CAST(epoch AS CHAR) FROM csqlstore_lease WHERE name='purge'").await;
    assert_eq!(epoch, ["2"], "each run held it");
}

async fn a_purge_that_lost_its_lease_stops() {
    let db = Database::migrated().await;
    let first = running(&db).await;
    let stolen = "UPDATE csqlstore_lease SET owner='another', epoch=epoch+1, \
                  expires_at=UTC_TIMESTAMP(6) + INTERVAL 1 HOUR WHERE name='purge'";
    db.execute("n3", stolen).await;
    let run = first.end().exits(3);
    let answer = run.json();
    assert_eq!(answer["stopped"], "lease-lost", "{answer}");
    let (deleted, remaining) = (answer["deleted"].as_u64().unwrap(), answer["remaining"].as_u64().unwrap());
    assert!(remaining > 0 && deleted + remaining == 30_000, "{answer}");
    assert_eq!(owner(&db).await, "another", "what is not ours is not given back");
}

async fn a_dry_run_takes_no_lease_and_says_who_has_it() {
    let db = Database::migrated().await;
    db.row("expired", "x", -DAY).await;
    db.csqlstore(&["purge", "--dry-run"]).success();
    assert_eq!(owner(&db).await, "");
    let first = running(&db).await;
    let holder = owner(&db).await;
    let run = db.csqlstore(&["purge", "--dry-run", "--on", "n2", "--format", "human"]).success();
    assert!(run.stderr.contains(&format!("somebody else purges: {holder}")), "{}", run.stderr);
    interrupt(&first);
    first.end().exits(143);
}

async fn rights_on_the_lease_are_named_or_done_without() {
    let db = Database::migrated().await;
    db.row("expired", "x", -DAY).await;
    let user = format!("'{}'@'%'", db.name);
    db.execute("n1", &format!("REVOKE ALL PRIVILEGES, GRANT OPTION FROM {user}")).await;
    db.execute("n1", &format!("GRANT SELECT, DELETE ON `{}`.session_cluster TO {user}", db.name)).await;
    let grant = format!("GRANT SELECT, INSERT, UPDATE ON `{}`.`csqlstore_lease` TO {user}", db.name);
    let run = db.csqlstore(&["purge", "--yes", "--on", "n1"]).exits(2);
    assert!(run.stderr.contains(&grant) && run.stderr.contains("`--no-lease`"), "{}", run.stderr);
    assert_eq!(count(&db, "n1").await, 1);
    db.csqlstore(&["purge", "--yes", "--on", "n1", "--no-lease"]).success();
    assert_eq!(count(&db, "n1").await, 0);
    // What it says is enough.
    db.execute("n1", &grant).await;
    db.row("expired", "x", -DAY).await;
    db.csqlstore(&["purge", "--yes", "--on", "n1", "--wait", "10s"]).success();
    assert_eq!(count(&db, "n1").await, 0);
}
