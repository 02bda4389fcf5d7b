//! `csqlstore event` with accounts that lack something: each right is named by the statement that gives it.

use crate::support::Database;
use crate::support::events::{
    Account, DAY, NAME, codes, enabled_on_the_first, everywhere, fix, install, of_lease, said, statuses, until,
    until_given_back, until_ids,
};

crate::cases! {
    Beside: [
        an_account_without_the_privilege_is_told_so_and_not_that_there_is_none,
        each_right_that_is_lacking_is_named_and_all_of_them_are_enough,
        a_run_that_fails_gives_the_lease_back,
        without_a_table_of_leases_it_is_refused,
    ],
    Beside if Galera because "they are about what only Galera does, where every node looks for each row by itself": [
        a_table_without_keys_is_refused,
    ],
    Beside if AnyMySql because "MariaDB lets whoever may make events change all of them": [
        an_event_of_roots_is_somebody_elses_to_drop,
    ],
}

const INSTALL: &[&str] = &["event", "install", "--yes", "--format", "json"];
const STATUS: &[&str] = &["event", "status", "--format", "json"];

async fn an_account_without_the_privilege_is_told_so_and_not_that_there_is_none() {
    let db = Database::migrated().await;
    install(&db, &[]).success();
    let account = Account::new(&db, &[("SELECT, DELETE", "*")]).await;
    let answer = account.csqlstore(STATUS).exits(1).json();
    assert_eq!(statuses(&answer), vec!["UNSEEN"; db.nodes().len()]);
    assert_eq!(codes(&answer), ["event-unseen"]);
    let grant = fix(&answer, "event-unseen");
    assert_eq!(grant, format!("GRANT EVENT ON `{0}`.* TO '{0}_r'@'%'", db.name));
    for args in [INSTALL, &["event", "remove", "--yes", "--format", "json"], &["event", "show", "--format", "json"]] {
        let error = account.csqlstore(args).exits(2).json_error();
        assert!(error["hint"].as_str().is_some_and(|hint| hint.contains(&grant)), "{args:?}: {error}");
    }
    assert_eq!(said(&db, NAME).await.len(), db.nodes().len());

    // The fix is the fix.
    db.execute("n1", &grant).await;
    everywhere(&db).await;
    let answer = account.csqlstore(STATUS).exits(0).json();
    assert_eq!(statuses(&answer), enabled_on_the_first(&db));
}

async fn each_right_that_is_lacking_is_named_and_all_of_them_are_enough() {
    let db = Database::migrated().await;
    db.row("old", "x", -DAY).await;
    let account = Account::new(&db, &[("SELECT", "csqlstore_migrations")]).await;
    let mut named = Vec::new();
    loop {
        let run = account.csqlstore(INSTALL);
        if run.code == Some(0) {
            assert_eq!(run.json()["first_run"], "cleaned", "{run:?}");
            break;
        }
        assert!(named.len() < 5, "{named:?}");
        let hint = run.exits(2).json_error()["hint"].as_str().expect("a hint").to_owned();
        let grant = hint.split_once("run this: ").expect("a statement").1.to_owned();
        assert!(said(&db, NAME).await.is_empty(), "nothing was made");
        db.execute("n1", &grant).await;
        everywhere(&db).await;
        named.push(grant);
    }
    let to = format!("TO '{}'@'%'", account.user);
    let on = |object: &str| format!("ON `{}`.{object} {to}", db.name);
    assert_eq!(
        named,
        [
            format!("GRANT EVENT {}", on("*")),
            format!("GRANT SELECT, DELETE {}", on("`session_cluster`")),
            format!("GRANT SELECT, INSERT, UPDATE {}", on("`csqlstore_lease`")),
        ]
    );
    until_ids(&db, "n2", &[]).await;
    let answer = account.csqlstore(STATUS).exits(0).json();
    assert_eq!((codes(&answer), &answer["last_run"]["rows"]), (vec![], &serde_json::json!(1)), "{answer}");
}

async fn a_run_that_fails_gives_the_lease_back() {
    let db = Database::migrated().await;
    let rights = [("EVENT", "*"), ("SELECT, DELETE", "session_cluster"), ("SELECT, INSERT, UPDATE", "csqlstore_lease")];
    let account = Account::new(&db, &rights).await;
    account.csqlstore(&[INSTALL, &["--every", "1s", "--grace", "0s"]].concat()).success();
    db.execute("n1", &format!("REVOKE DELETE ON session_cluster FROM '{}'@'%'", account.user)).await;
    everywhere(&db).await;
    db.row("old", "x", -DAY).await;
    // Each run takes the lease, and fails; held by the one before, it could not.
    for _ in 0..2 {
        let epoch = of_lease(&db, "epoch").await;
        until(&db, "n1", &format!("SELECT epoch > {epoch} + 1 FROM csqlstore_lease WHERE name = 'purge'"), &["1"])
            .await;
    }
    until_given_back(&db).await;
    assert_eq!(db.ids("n1").await, ["old"]);
    let answer = account.csqlstore(STATUS).exits(1).json();
    assert_eq!(codes(&answer), ["event-definer-denied", "expired-rows-left"], "{answer}");
    let grant = fix(&answer, "event-definer-denied");
    assert_eq!(grant, format!("GRANT SELECT, DELETE ON `{0}`.`session_cluster` TO '{0}_r'@'%'", db.name));
    db.execute("n1", &grant).await;
    until_ids(&db, "n1", &[]).await;
    assert_eq!(codes(&account.csqlstore(STATUS).exits(0).json()), [] as [&str; 0]);
}

async fn a_table_without_keys_is_refused() {
    let db = Database::documented().await;
    let error = install(&db, &[]).exits(4).json_error();
    assert_eq!(error["class"], "data", "{error}");
    assert!(
        error["message"].as_str().is_some_and(|m| m.contains("no primary key and no index on expire_on")),
        "{error}"
    );
    assert!(error["hint"].as_str().is_some_and(|hint| hint.contains("csqlstore migrate up")), "{error}");
    db.execute("n1", "ALTER TABLE session_cluster ADD PRIMARY KEY (id)").await;
    let error = install(&db, &[]).exits(4).json_error();
    assert!(error["message"].as_str().is_some_and(|m| m.contains("no index on expire_on")), "{error}");
    assert!(said(&db, NAME).await.is_empty());
}

async fn without_a_table_of_leases_it_is_refused() {
    let db = Database::documented().await;
    db.execute("n1", "ALTER TABLE session_cluster ADD PRIMARY KEY (id), ADD INDEX expire_on (expire_on)").await;
    let error = install(&db, &[]).exits(4).json_error();
    assert!(error["message"].as_str().is_some_and(|m| m.contains("no table `csqlstore_lease`")), "{error}");
    assert!(error["hint"].as_str().is_some_and(|hint| hint.contains("csqlstore migrate up")), "{error}");
    assert!(said(&db, NAME).await.is_empty());
    assert_eq!(db.tables().await, ["session_cluster"], "only `migrate` makes tables");
    db.csqlstore(&["migrate", "up", "--yes"]).success();
    install(&db, &[]).success();
}

async fn an_event_of_roots_is_somebody_elses_to_drop() {
    let db = Database::migrated().await;
    let mut root = db.connect("n1").await;
    let create = format!("CREATE EVENT {NAME} ON SCHEDULE EVERY 1 DAY DO DELETE FROM session_cluster WHERE 1 = 0");
    root.execute_unhurried("making an event", &create, ()).await.expect("root may do that");
    let drop = format!("DROP EVENT IF EXISTS `{NAME}`");
    for verb in ["install", "remove"] {
        let error = db.csqlstore(&["event", verb, "--yes", "--format", "json"]).exits(2).json_error();
        assert!(error["message"].as_str().is_some_and(|m| m.contains("right SYSTEM_USER")), "{error}");
        assert!(error["hint"].as_str().is_some_and(|hint| hint.ends_with(&drop)), "{error}");
    }
    root.execute_unhurried("dropping it", &drop, ()).await.expect("root may do that");
    install(&db, &[]).success();
}
