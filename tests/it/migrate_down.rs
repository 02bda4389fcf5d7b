//! `csqlstore migrate down`: what it takes back, what it refuses, and what it leaves behind when it is killed.

use rustix::process::Signal;

use crate::cases;
use crate::migrate::{ADOPTED, FREE, HISTORY, KEYS, ROWS};
use crate::migrate_race::{hold_up, signal, until_it_alters};
use crate::support::Database;
use crate::support::database::DOCUMENTED;
use crate::support::engine::{Engine, Needs, engine};
use crate::support::pty::Terminal;

cases! {
    Beside: [
        one_step_back_drops_the_index_on_every_node_and_up_brings_it_again,
        the_table_goes_only_when_it_is_named,
        the_table_goes_when_its_name_is_typed,
        a_large_table_is_not_made_anew_without_being_asked,
        a_table_that_comes_while_the_lease_is_waited_for_stays,
        what_csqlstore_did_not_make_stays,
        an_index_of_the_dba_stays_and_its_record_goes,
        a_way_back_is_shown_with_what_it_costs,
        a_way_back_that_is_none_is_said,
        a_way_back_killed_in_its_alter_is_finished_by_either,
        a_way_back_without_the_right_names_the_grant,
    ],
    Beside if Nodes because "a server of its own needs no force": [
        back_to_the_documented_table_takes_one_alter_and_force_on_a_cluster,
    ],
    Alone: [
        a_server_that_requires_keys_is_not_asked_to_drop_one,
    ],
}

async fn added() -> Database {
    let db = Database::documented().await;
    db.rows("live", 200, 3600).await;
    db.csqlstore(&["migrate", "up"]).success();
    db
}

async fn one_step_back_drops_the_index_on_every_node_and_up_brings_it_again() {
    let db = added().await;
    let rows = db.column("n1", ROWS).await;
    let refused = db.csqlstore(&["migrate", "down"]).exits(2);
    assert!(
        refused.stderr.contains("there is no terminal to ask: Take 3 expire_on_index of `session_cluster` back?"),
        "{}",
        refused.stderr
    );
    // What is asked about is shown before.
    assert!(refused.stderr.contains("    ALTER TABLE `session_cluster` DROP INDEX expire_on;\n"), "{}", refused.stderr);
    assert_eq!(db.column("n1", HISTORY).await, ADOPTED);
    let answer = db.csqlstore(&["migrate", "down", "--yes", "--format", "json"]).success().json();
    assert_eq!(answer["reverted"][0]["version"], 3);
    assert_eq!(answer["reverted"][0]["state"], "pending");
    assert_eq!(
        (&answer["loses"], &answer["dry_run"], &answer["writes_wait"]),
        (&"index".into(), &false.into(), &(engine() == Engine::Galera).into())
    );
    for node in db.nodes() {
        assert_eq!(db.column(&node, KEYS).await, ["PRIMARY:id"]);
        assert_eq!(db.column(&node, HISTORY).await, ADOPTED[..2]);
        assert!(db.column(&node, ROWS).await == rows, "rows differ on {node}");
    }
    assert_eq!(db.column("n3", FREE).await, ["|"]);
    db.csqlstore(&["migrate", "up"]).success();
    assert_eq!(db.column("n2", KEYS).await, ["expire_on:expire_on", "PRIMARY:id"]);
}

async fn back_to_the_documented_table_takes_one_alter_and_force_on_a_cluster() {
    let db = added().await;
    let rows = db.column("n1", ROWS).await;
    for args in [
        &["migrate", "down", "--to", "1"][..],
        &["migrate", "down", "--to", "1", "--yes"],
        &["migrate", "down", "--to", "1", "--dry-run"],
    ] {
        let run = db.csqlstore(args).exits(2);
        assert!(
            run.stderr.contains("taking migration 2 (primary_key) of `session_cluster` back on a cluster needs force"),
            "{}",
            run.stderr
        );
        assert!(run.stderr.contains("`--force` drops it all the same"), "{}", run.stderr);
        // What it would come to can be looked at.
        assert_eq!(run.stdout.contains("DROP PRIMARY KEY"), args.contains(&"--dry-run"), "{}", run.stdout);
    }
    assert_eq!(db.column("n1", KEYS).await, ["expire_on:expire_on", "PRIMARY:id"]);
    let run = db.csqlstore(&["migrate", "down", "--to", "1", "--force", "--yes"]).success();
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert!(lines.len() == 2 && lines[0].starts_with("taken back  3 expire_on_index  ("), "{}", run.stdout);
    assert_eq!(lines[0].rsplit('(').next(), lines[1].rsplit('(').next(), "one ALTER for both");
    for node in db.nodes() {
        assert_eq!(db.column(&node, KEYS).await, Vec::<String>::new());
        assert!(db.column(&node, ROWS).await == rows, "rows differ on {node}");
    }
    assert_eq!(db.column("n1", HISTORY).await, ADOPTED[..1]);
}

async fn the_table_goes_only_when_it_is_named() {
    let db = Database::migrated().await;
    db.rows("live", 10, 3600).await;
    let base = ["migrate", "down", "--to", "0"];
    if engine().has(Needs::Nodes) {
        let refused = db.csqlstore(&base).exits(2);
        assert!(refused.stderr.contains("`--force` with `--confirm NAME` allows"), "{}", refused.stderr);
    }
    for more in [&["--force"][..], &["--force", "--yes"]] {
        let run = db.csqlstore(&[&base[..], more].concat()).exits(2);
        assert!(
            run.stderr.contains("there is no terminal to ask: Drop `session_cluster` and all its sessions?"),
            "{}",
            run.stderr
        );
        assert!(run.stderr.contains("`--confirm session_cluster` agrees to it; `--yes` does not"), "{}", run.stderr);
    }
    let run = db.csqlstore(&[&base[..], &["--force", "--yes", "--confirm", "session"]].concat()).exits(2);
    assert!(run.stderr.contains("`--confirm session` names another table"), "{}", run.stderr);
    if engine().has(Needs::Nodes) {
        // Nor does the name stand for the force.
        db.csqlstore(&[&base[..], &["--confirm", "session_cluster"]].concat()).exits(2);
    }
    assert_eq!(db.ids("n3").await.len(), 10);
    let run = db.csqlstore(&[&base[..], &["--force", "--confirm", "session_cluster"]].concat()).success();
    assert_eq!(run.stdout.matches("taken back").count(), 3, "{}", run.stdout);
    for node in db.nodes() {
        assert_eq!(db.column(&node, "SHOW TABLES").await, ["csqlstore_lease", "csqlstore_migrations"]);
        assert_eq!(db.column(&node, HISTORY).await, Vec::<String>::new());
    }
    db.csqlstore(&["migrate", "up"]).success();
    assert_eq!(db.ids("n3").await.len(), 0);
}

async fn the_table_goes_when_its_name_is_typed() {
    let db = Database::migrated().await;
    db.rows("live", 10, 3600).await;
    // `--yes` types nothing.
    let asked = || {
        let (line, mut command) = db.command(&["migrate", "down", "--to", "0", "--force", "--yes"]);
        command.env("NO_COLOR", "1");
        let mut terminal = Terminal::start((line, command));
        terminal.until_it_shows("Drop `session_cluster` and all its sessions? Type the table's name to agree");
        assert!(terminal.shown.contains("    DROP TABLE `session_cluster`;"), "{}", terminal.shown);
        assert!(terminal.shown.contains("All sessions are lost"), "{}", terminal.shown);
        terminal
    };
    for (typed, code, said) in [
        ("session_cluste\r", 1, "nothing was done"),
        ("y\r", 1, "nothing was done"),
        ("\r", 1, "nothing was done"),
        ("\u{3}", 130, "interrupted"),
    ] {
        let mut terminal = asked();
        terminal.press(typed);
        let (status, shown) = terminal.end();
        assert_eq!(status, Some(code), "{typed:?}: {shown}");
        assert!(shown.contains(said), "{typed:?}: {shown}");
    }
    assert_eq!(db.ids("n3").await.len(), 10);
    assert_eq!(db.column("n3", HISTORY).await.len(), 3);
    let mut terminal = asked();
    terminal.press("session_cluster\r");
    let (status, shown) = terminal.end();
    assert_eq!(status, Some(0), "{shown}");
    assert_eq!(shown.matches("taken back").count(), 3, "{shown}");
    assert_eq!(db.column("n3", "SHOW TABLES").await, ["csqlstore_lease", "csqlstore_migrations"]);
}

async fn a_large_table_is_not_made_anew_without_being_asked() {
    let db = added().await;
    let base = ["migrate", "down", "--to", "1", "--force", "--yes"];
    let run = db.csqlstore(&[&base[..], &["--confirm-above", "1kB"]].concat()).exits(2);
    let said = "there is no terminal to ask: Take 3 expire_on_index and 2 primary_key back, of `session_cluster` of ";
    assert!(run.stderr.contains(said) && run.stderr.contains("(more than 1 kB)"), "{}", run.stderr);
    assert!(run.stderr.contains("a larger `--confirm-above`"), "{}", run.stderr);
    assert_eq!(db.column("n1", HISTORY).await, ADOPTED);
    // An index alone is dropped at once.
    db.csqlstore(&["migrate", "down", "--yes", "--confirm-above", "1kB"]).success();
    for (key, code) in [("n", 1), ("y", 0)] {
        let mut terminal = Terminal::start(db.command(&[&base[..], &["--confirm-above", "1kB"]].concat()));
        terminal.until_it_shows("Take 2 primary_key back, of `session_cluster` of");
        terminal.press(key);
        let (status, shown) = terminal.end();
        assert_eq!(status, Some(code), "{shown}");
        // In colours, and not in their escapes spelled out.
        assert!(shown.contains("\u{1b}[1mALTER TABLE") && !shown.contains("u{1b}"), "{shown}");
        assert_eq!(db.column("n1", KEYS).await.len(), usize::try_from(code).expect("0 or 1"), "{shown}");
    }
    db.csqlstore(&["migrate", "up"]).success();
    db.csqlstore(&[&base[..], &["--confirm-above", "1GB"]].concat()).success();
}

async fn a_table_that_comes_while_the_lease_is_waited_for_stays() {
    let db = Database::migrated().await;
    db.execute("n1", "DROP TABLE session_cluster").await;
    let held = "UPDATE csqlstore_lease SET owner='ci-7:42:cafe', node='db1:3306', acquired_at=UTC_TIMESTAMP(6), \
                expires_at=UTC_TIMESTAMP(6) + INTERVAL 1 HOUR";
    db.execute("n1", held).await;
    db.settled().await;
    let mut waiting =
        db.start(&["migrate", "down", "--to", "0", "--force", "--yes", "--on", "n1", "--lock-timeout", "60s"]);
    waiting.until_it_says("waiting for ci-7:42:cafe");
    db.execute("n1", DOCUMENTED).await;
    db.row("live", "x", 3600).await;
    db.execute("n1", "UPDATE csqlstore_lease SET owner=''").await;
    let run = waiting.end().exits(3);
    let said = "`session_cluster` has changed since it was looked at: taking back migrations 1, 2 and 3 drops more than \
                was agreed to";
    assert!(run.stderr.contains(said), "{}", run.stderr);
    assert!(run.stderr.contains("look again with `--dry-run`"), "{}", run.stderr);
    assert_eq!(run.stdout, "");
    assert_eq!(db.ids("n3").await, ["live"]);
    assert_eq!(db.column("n2", HISTORY).await.len(), 3, "nothing is struck from the history");
    assert_eq!(db.column("n2", FREE).await, ["|"]);
}

async fn what_csqlstore_did_not_make_stays() {
    let db = Database::documented().await;
    db.execute("n1", "ALTER TABLE session_cluster ADD PRIMARY KEY (id), ADD INDEX expire_on (expire_on)").await;
    db.csqlstore(&["migrate", "adopt"]).success();
    let run = db.csqlstore(&["migrate", "down", "--yes"]).exits(2);
    let said =
        "migration 3 (expire_on_index) is adopted: what it brings was on `session_cluster` before csqlstore came";
    assert!(run.stderr.contains(said), "{}", run.stderr);
    assert!(run.stderr.contains("`--force` does it all the same"), "{}", run.stderr);
    assert_eq!(db.column("n2", KEYS).await, ["expire_on:expire_on", "PRIMARY:id"]);
    db.csqlstore(&["migrate", "down", "--yes", "--force"]).success();
    assert_eq!(db.column("n2", KEYS).await, ["PRIMARY:id"]);
}

async fn an_index_of_the_dba_stays_and_its_record_goes() {
    let db = Database::documented().await;
    db.execute("n1", "ALTER TABLE session_cluster ADD INDEX by_the_dba (expire_on)").await;
    db.csqlstore(&["migrate", "up"]).success();
    let run = db.csqlstore(&["migrate", "down", "--force", "--yes"]).success();
    assert_eq!(run.stdout, "taken back  3 expire_on_index  (nothing was dropped)\n");
    assert_eq!(db.column("n2", KEYS).await, ["by_the_dba:expire_on", "PRIMARY:id"]);
    assert_eq!(db.column("n2", HISTORY).await, ["1 session_cluster adopted", "2 primary_key applied"]);
}

async fn a_way_back_is_shown_with_what_it_costs() {
    let db = added().await;
    let run = db.csqlstore(&["migrate", "down", "--dry-run"]).success();
    for said in [
        "take 3 expire_on_index back:\n    ALTER TABLE `session_cluster` DROP INDEX expire_on;\n",
        match engine() {
            Engine::Galera => "every write in the whole cluster waits",
            Engine::MySql => "Writes to the table wait at its beginning and at its end",
            Engine::Group | Engine::Primaries => "each other member, which falls behind",
        },
        "read the whole table for each batch",
    ] {
        assert!(run.stdout.contains(said), "{said}: {}", run.stdout);
    }
    let run = db.csqlstore(&["migrate", "down", "--to", "1", "--force", "--dry-run"]).success();
    let dearly = match engine() {
        Engine::Galera => "one DELETE of 200 rows can block the whole cluster",
        _ => "searched for in the whole table",
    };
    for said in ["DROP INDEX expire_on, DROP PRIMARY KEY;", dearly] {
        assert!(run.stdout.contains(said), "{said}: {}", run.stdout);
    }
    // The documented table was there before.
    let run = db.csqlstore(&["migrate", "down", "--to", "0", "--force", "--dry-run"]).success();
    assert!(
        run.stdout.contains("DROP TABLE `session_cluster`;") && run.stdout.contains("All sessions are lost"),
        "{}",
        run.stdout
    );
    let answer = db.csqlstore(&["migrate", "down", "--dry-run", "--format", "json"]).success().json();
    assert_eq!(answer["steps"][0]["action"], "revert");
    assert_eq!(answer["steps"][0]["sql"], "ALTER TABLE `session_cluster` DROP INDEX expire_on");
    assert_eq!((&answer["dry_run"], answer["reverted"].as_array().map(Vec::len)), (&true.into(), Some(0)));
    assert_eq!(db.column("n1", HISTORY).await, ADOPTED);
}

async fn a_way_back_that_is_none_is_said() {
    let db = Database::documented().await;
    let run = db.csqlstore(&["migrate", "down", "--yes"]).success();
    assert!(run.stdout.starts_with("Nothing to take back: no such migration of `session_cluster`"), "{}", run.stdout);
    assert_eq!(db.tables().await, ["session_cluster"]);
    let run = db.csqlstore(&["migrate", "down", "--to", "4"]).exits(2);
    assert!(run.stderr.contains("there is no migration 4; there are 1, 2 and 3"), "{}", run.stderr);
}

async fn a_way_back_killed_in_its_alter_is_finished_by_either() {
    for (again, keys, history) in [
        (&["migrate", "down", "--to", "2", "--yes"][..], &["PRIMARY:id"][..], &ADOPTED[..2]),
        (&["migrate", "up"], &["expire_on:expire_on", "PRIMARY:id"], &ADOPTED),
    ] {
        let db = added().await;
        let holder = hold_up(&db, "n1").await;
        let running = db.start(&["migrate", "down", "--yes", "--on", "n1"]);
        until_it_alters(&db, "n1").await;
        signal(&running, Signal::KILL);
        assert_eq!(running.end().code, None, "it was killed");
        holder.close().await;
        assert_eq!(db.column("n2", HISTORY).await[2], "3 expire_on_index running");
        // MySQL looks meanwhile whether its client is still there, and may have given it up.
        if engine() == Engine::Galera {
            assert_eq!(db.column("n2", KEYS).await, ["PRIMARY:id"], "the server finishes it");
        }
        // It would run out in two minutes.
        db.execute("n3", "UPDATE csqlstore_lease SET expires_at=UTC_TIMESTAMP(6) - INTERVAL 6 SECOND").await;
        db.csqlstore(again).success();
        assert_eq!(db.column("n2", HISTORY).await, history);
        assert_eq!(db.column("n3", KEYS).await, keys);
        assert_eq!(db.ids("n3").await.len(), 200);
    }
}

async fn a_way_back_without_the_right_names_the_grant() {
    let db = added().await;
    let rights = |table| {
        let ours = [("SELECT, INSERT, UPDATE, DELETE", "csqlstore_migrations"), ("SELECT, UPDATE", "csqlstore_lease")];
        [(table, "session_cluster"), ours[0], ours[1]]
    };
    for few in [&[("SELECT", "*")][..], &[("SELECT, INSERT, UPDATE, DELETE", "*")]] {
        db.limit_to(few).await;
        let run = db.csqlstore(&["migrate", "down", "--to", "1", "--force", "--yes"]).exits(2);
        assert!(run.stderr.contains(&db.grants(&rights("SELECT, ALTER"))), "{few:?}: {}", run.stderr);
        assert_eq!(db.column("n1", KEYS).await, ["expire_on:expire_on", "PRIMARY:id"], "{few:?}");
    }
    assert_eq!(db.column("n1", FREE).await, ["|"], "given back after an error");
    // What the hint says is enough, as long as the table stays.
    db.limit_to(&rights("SELECT, ALTER")).await;
    db.csqlstore(&["migrate", "down", "--to", "2", "--yes"]).success();
    db.csqlstore(&["migrate", "down", "--to", "1", "--force", "--yes"]).success();
    let last = ["migrate", "down", "--force", "--confirm", "session_cluster"];
    let run = db.csqlstore(&last).exits(2);
    assert!(run.stderr.contains(&db.grants(&rights("SELECT, DROP"))), "{}", run.stderr);
    db.limit_to(&rights("SELECT, DROP")).await;
    db.csqlstore(&last).success();
    assert_eq!(db.tables().await, ["csqlstore_lease", "csqlstore_migrations"]);
}

async fn a_server_that_requires_keys_is_not_asked_to_drop_one() {
    let db = added().await;
    let variable = engine().key_required();
    db.execute("n1", &format!("SET GLOBAL {variable}=ON")).await;
    let run = db.csqlstore(&["migrate", "down", "--to", "1", "--force", "--yes", "--on", "n1"]);
    db.execute("n1", &format!("SET GLOBAL {variable}=OFF")).await;
    let run = run.exits(2);
    let said = format!("the server refuses a table without a primary key: {variable} is ON");
    assert!(run.stderr.contains(&said), "{}", run.stderr);
    assert!(run.stderr.contains("`--to 2` keeps it"), "{}", run.stderr);
    assert_eq!(db.column("n1", HISTORY).await, ADOPTED, "no statement was sent");
}
