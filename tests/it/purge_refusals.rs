//! What `csqlstore purge` refuses, and what it says of rights and tables.

use crate::cases;
use crate::support::Database;
use crate::support::engine::{Engine, engine};
use crate::support::expiry::{DAY, count, under_way};

cases! {
    Beside: [
        a_table_without_an_index_is_refused_on_a_cluster,
        a_missing_table_is_named_with_the_way_out,
        without_a_terminal_it_needs_yes,
        limits_that_make_no_sense_are_refused,
        a_missing_right_is_named_before_the_question,
        a_right_that_is_taken_away_meanwhile_is_named,
        says_when_row_images_stay_full_and_only_then,
    ],
    Beside if Galera because "they are about what only Galera does, where every node looks for each row by itself": [
        a_table_that_migrate_refuses_is_not_sent_there,
        a_table_without_key_and_index_is_refused,
    ],
}

/// Leaves the test's account these rights on the session table, those that a lease needs, and none beyond.
async fn rights(db: &Database, rights: &str) -> String {
    let user = format!("'{}'@'%'", db.name);
    db.execute("n1", &format!("REVOKE ALL PRIVILEGES, GRANT OPTION FROM {user}")).await;
    db.execute("n1", &format!("GRANT {rights} ON `{}`.session_cluster TO {user}", db.name)).await;
    let lease = format!("GRANT SELECT, INSERT, UPDATE ON `{}`.csqlstore_lease TO {user}", db.name);
    db.execute("n1", &lease).await;
    format!("GRANT SELECT, DELETE ON `{}`.`session_cluster` TO {user}", db.name)
}

async fn a_table_without_key_and_index_is_refused() {
    let db = Database::documented().await;
    db.row("expired", "x", -DAY).await;
    let run = db.csqlstore(&["purge", "--yes"]).exits(4);
    assert!(run.stderr.contains("has no key and no index"), "{}", run.stderr);
    assert!(run.stderr.contains("hint: `csqlstore migrate up`"), "{}", run.stderr);
    assert_eq!(run.stderr.matches("has no key").count(), 1, "once is enough: {}", run.stderr);
    assert_eq!(run.stdout, "");
    let error = db.csqlstore(&["purge", "--yes", "--format", "json"]).exits(4).json_error();
    assert_eq!(error["class"], "data");
    let answer = db.csqlstore(&["purge", "--dry-run", "--format", "json"]).success().json();
    assert_eq!((answer["expired"].as_u64(), answer["estimated_s"].is_null()), (Some(1), true), "{answer}");
    let run = db.csqlstore(&["purge", "--dry-run"]).success();
    assert!(!run.stdout.contains("That makes"), "what is refused takes no time: {}", run.stdout);
    let run = db.csqlstore(&["purge", "--dry-run", "--without-key"]).success();
    assert!(run.stdout.contains("That makes about 1 batch,"), "{}", run.stdout);
    assert_eq!(db.ids("n1").await, ["expired"]);
}

async fn a_table_without_an_index_is_refused_on_a_cluster() {
    let db = Database::documented().await;
    db.execute("n1", "ALTER TABLE session_cluster ADD PRIMARY KEY (id)").await;
    db.rows("expired", 50, -DAY).await;
    db.row("live", "x", 60).await;
    let mut more = vec!["--yes", "--no-lease"];
    if engine() != Engine::MySql {
        // Whether or not there is a table of leases: the table itself comes first.
        for args in [&["purge", "--yes"][..], &["purge", "--yes", "--no-lease"]] {
            let run = db.csqlstore(args).exits(4);
            assert!(run.stderr.contains("has no usable index on `expire_on`"), "{}", run.stderr);
            assert!(run.stderr.contains("hint: `csqlstore migrate up` adds it"), "{}", run.stderr);
        }
        let run = db.csqlstore(&["purge", "--dry-run"]).success();
        assert!(run.stderr.contains("begins with `expire_on`; a purge would be refused"), "{}", run.stderr);
        assert!(!run.stdout.contains("index"), "{}", run.stdout);
        assert_eq!(count(&db, "n2").await, 51);
        more.push("--without-key");
    }
    // Nobody has migrated it, so there is no table of leases either.
    let leased: Vec<&str> = more.iter().copied().filter(|arg| *arg != "--no-lease").collect();
    let run = db.csqlstore(&[&["purge"], &leased[..]].concat()).exits(4);
    assert!(run.stderr.contains("there is no table `csqlstore_lease`"), "{}", run.stderr);
    assert!(run.stderr.contains("`csqlstore migrate up`") && run.stderr.contains("`--no-lease`"), "{}", run.stderr);
    assert_eq!(count(&db, "n2").await, 51);
    let run = db.csqlstore(&[&["purge"], &more[..]].concat()).success();
    assert!(run.stderr.contains("each batch reads the whole table"), "{}", run.stderr);
    assert_eq!(db.ids("n2").await, ["live"]);
}

async fn a_missing_table_is_named_with_the_way_out() {
    let db = Database::empty().await;
    for args in [&["purge", "--yes"][..], &["purge", "--dry-run"]] {
        let run = db.csqlstore(args).exits(4);
        assert!(run.stderr.contains("session_cluster"), "{}", run.stderr);
        assert!(run.stderr.contains("hint: `csqlstore migrate up` creates the table"), "{}", run.stderr);
        assert!(!run.stderr.contains(&db.password), "{}", run.stderr);
    }
}

async fn without_a_terminal_it_needs_yes() {
    let db = Database::migrated().await;
    db.row("expired", "x", -DAY).await;
    let run = db.csqlstore(&["purge"]).exits(2);
    assert!(run.stderr.contains("Delete 1 expired session?"), "{}", run.stderr);
    assert!(run.stderr.contains("`--yes`"), "{}", run.stderr);
    assert_eq!((run.stdout.as_str(), db.ids("n1").await), ("", vec!["expired".to_owned()]));
}

async fn limits_that_make_no_sense_are_refused() {
    let db = Database::migrated().await;
    db.row("expired", "x", -3 * DAY).await;
    for args in [
        ["purge", "--yes", "--batch", "0"],
        ["purge", "--yes", "--batch", "10001"],
        ["purge", "--yes", "--max-rows", "0"],
        ["purge", "--yes", "--grace", "-1h"],
        ["purge", "--yes", "--grace", "3000years"],
        ["purge", "--yes", "--on", "n9"],
    ] {
        db.csqlstore(&args).exits(2);
    }
    assert_eq!(db.ids("n1").await, ["expired"]);
}

async fn a_missing_right_is_named_before_the_question() {
    let db = Database::migrated().await;
    db.row("expired", "x", -DAY).await;
    let grant = rights(&db, "SELECT").await;
    for args in [&["purge", "--on", "n1"][..], &["purge", "--on", "n1", "--yes"]] {
        let run = db.csqlstore(args).exits(2);
        assert!(run.stderr.contains("this account may not delete expired sessions"), "{}", run.stderr);
        assert!(run.stderr.contains(&grant) && !run.stderr.contains("Delete 1"), "{}", run.stderr);
        assert_eq!(run.stdout, "");
    }
    // Counting needs no more than it has.
    let run = db.csqlstore(&["purge", "--on", "n1", "--dry-run", "--format", "json"]).success();
    assert_eq!(run.json()["expired"], 1);
    assert!(run.stderr.contains("may not delete") && run.stderr.contains(&grant), "{}", run.stderr);
    rights(&db, "DELETE").await;
    let error = db.csqlstore(&["purge", "--on", "n1", "--dry-run", "--format", "json"]).exits(2).json_error();
    assert!(error["hint"].as_str().is_some_and(|hint| hint.contains(&grant)), "{error}");
    assert_eq!(db.ids("n1").await, ["expired"]);
    // What it says is enough.
    db.execute("n1", &grant).await;
    db.csqlstore(&["purge", "--on", "n1", "--yes"]).success();
    assert_eq!(db.ids("n1").await, Vec::<String>::new());
}

async fn a_right_that_is_taken_away_meanwhile_is_named() {
    let db = Database::migrated().await;
    db.rows("expired", 30_000, -DAY).await;
    // Rights on a table are looked up for each statement, those on a database are the connection's for good.
    let grant = rights(&db, "SELECT, DELETE").await;
    let mut running = db.start(&["purge", "--yes", "--on", "n1", "--batch", "5", "--format", "json"]);
    under_way(&db, "n1", 30_000, &mut running).await;
    db.execute("n1", &format!("REVOKE DELETE ON session_cluster FROM '{}'@'%'", db.name)).await;
    let run = running.end().exits(2);
    let answer = run.json();
    let deleted = answer["deleted"].as_u64().unwrap();
    assert!(deleted > 0 && answer["stopped"].is_null(), "{answer}");
    assert_eq!(count(&db, "n1").await, 30_000 - deleted);
    assert!(run.json_error()["hint"].as_str().is_some_and(|hint| hint.contains(&grant)), "{}", run.stderr);
}

async fn a_table_that_migrate_refuses_is_not_sent_there() {
    let columns = "id char(40) NOT NULL, data longblob NOT NULL, expire_on datetime NOT NULL, \
                   modify_at timestamp NOT NULL";
    for (misfit, sql) in [
        ("it is a view", format!("CREATE TABLE base ({columns}); CREATE VIEW session_cluster AS SELECT * FROM base")),
        ("its engine is MyISAM, not InnoDB", format!("CREATE TABLE session_cluster ({columns}) ENGINE=MyISAM")),
        ("it is a sequence", "CREATE SEQUENCE session_cluster CACHE 1 INCREMENT BY 0".to_owned()),
    ] {
        let db = Database::empty().await;
        for statement in sql.split("; ") {
            db.execute("n1", statement).await;
        }
        for args in [&["purge", "--yes", "--on", "n1"][..], &["event", "install", "--yes", "--on", "n1"]] {
            let run = db.csqlstore(args).exits(4);
            assert!(run.stderr.contains(misfit), "{args:?}: {}", run.stderr);
            assert!(!run.stderr.contains("`csqlstore migrate up` adds"), "{args:?}: {}", run.stderr);
        }
        let run = db.csqlstore(&["migrate", "status", "--on", "n1"]).success();
        assert!(run.stdout.ends_with(&format!("`session_cluster` cannot be migrated: {misfit}.\n")), "{}", run.stdout);
        let run = db.csqlstore(&["migrate", "status", "--on", "n1", "--check", "--format", "json"]).exits(4);
        assert_eq!(run.json()["misfit"], misfit);
    }
}

async fn says_when_row_images_stay_full_and_only_then() {
    let db = Database::migrated().await;
    db.row("expired", "x", -DAY).await;
    let (user, right) = (format!("'{}'@'%'", db.name), engine().right_to_set_row_image());
    let run = db.csqlstore(&["purge", "--yes"]).success();
    let said =
        format!("deleted rows are replicated whole, data included; smaller with GRANT {right} ON *.* TO {user}\n");
    assert_eq!(run.stderr, said);
    let run = db.csqlstore(&["purge", "--yes", "-v"]).success();
    assert!(run.stderr.contains("(1227)"), "{}", run.stderr);
    db.execute("n1", &format!("GRANT {right} ON *.* TO {user}")).await;
    db.row("expired", "x", -DAY).await;
    let run = db.csqlstore(&["purge", "--yes"]).success();
    assert_eq!(run.stderr, "");
    assert_eq!(count(&db, "n2").await, 0);
}
