//! What only looks writes nothing: no table, no row, no lease; and needs no right but SELECT.

use crate::cases;
use crate::support::Database;

cases! {
    Beside: [
        what_only_looks_writes_nothing,
        what_only_looks_needs_no_right_but_select,
        status_tells_who_is_at_it_and_what_was_interrupted,
    ],
}

/// All verbs that only look, in every state that there is.
const LOOKS: [&[&str]; 9] = [
    &["status"],
    &["status", "--check"],
    &["plan"],
    &["verify"],
    &["up", "--dry-run"],
    &["adopt", "--dry-run"],
    &["repair", "--dry-run"],
    &["down", "--dry-run"],
    &["down", "--to", "0", "--force", "--dry-run"],
];

/// What a node has: each table as it was made and altered, and a sum over its rows.
async fn contents(db: &Database, node: &str) -> Vec<String> {
    let tables = "SELECT CONCAT_WS('|', TABLE_NAME, ENGINE, CREATE_TIME, AUTO_INCREMENT, TABLE_COMMENT) \
                  FROM information_schema.TABLES WHERE TABLE_SCHEMA=DATABASE() ORDER BY 1";
    let mut all = db.column(node, tables).await;
    for (table, columns) in [
        ("session_cluster", "id, data, expire_on, modify_at"),
        ("csqlstore_migrations", "version, checksum, state, applied_at, elapsed_us, owner, epoch"),
        ("csqlstore_lease", "name, owner, epoch, phase, node, connection_id, acquired_at, expires_at, note"),
    ] {
        if all.iter().any(|line| line.starts_with(&format!("{table}|"))) {
            let rows = format!("SELECT SHA2(CONCAT_WS('|', {columns}), 256) FROM {table} ORDER BY 1");
            all.extend(db.column(node, &rows).await);
        }
    }
    all
}

/// Databases in every state: nothing, as documented, half-applied, drifted, all applied.
async fn states() -> Vec<(&'static str, Database)> {
    let half = Database::documented().await;
    half.row("live", "x", 3600).await;
    half.csqlstore(&["migrate", "up"]).success();
    half.execute("n1", "UPDATE csqlstore_migrations SET state='running' WHERE version > 1").await;
    half.execute(
        "n1",
        "UPDATE csqlstore_lease SET owner='ci-7:42:cafe', expires_at=UTC_TIMESTAMP(6) + INTERVAL 1 HOUR",
    )
    .await;
    let drifted = Database::migrated().await;
    drifted.execute("n1", "ALTER TABLE session_cluster DROP INDEX expire_on").await;
    vec![
        ("nothing", Database::empty().await),
        ("documented", Database::documented().await),
        ("half-applied", half),
        ("drifted", drifted),
        ("applied", Database::migrated().await),
    ]
}

async fn what_only_looks_writes_nothing() {
    for (name, db) in states().await {
        db.settled().await;
        let before = contents(&db, "n1").await;
        for args in LOOKS.into_iter().chain([&["unlock", "--dry-run"][..]]) {
            for format in ["human", "json"] {
                let run = db.csqlstore(&[&["migrate"], args, &["--format", format]].concat());
                assert!(matches!(run.code, Some(0 | 1 | 4)), "{name}: {run:?}");
            }
        }
        for node in db.nodes() {
            assert_eq!(contents(&db, &node).await.len(), before.len(), "{name} on {node}");
        }
        assert_eq!(contents(&db, "n1").await, before, "{name}");
    }
}

async fn what_only_looks_needs_no_right_but_select() {
    for (name, db) in states().await {
        let (database, user) = (&db.name, format!("'{}'@'%'", db.name));
        // The same answers as with all rights.
        let answers = |db: &Database| -> Vec<(Option<i32>, String)> {
            let look = |args: &&[&str]| {
                let run = db.csqlstore(&[&["migrate"], *args, &["--format", "json"]].concat());
                (run.code, run.stdout)
            };
            LOOKS.iter().map(look).collect()
        };
        let before = answers(&db);
        db.execute("n1", &format!("REVOKE ALL ON `{database}`.* FROM {user}")).await;
        db.execute("n1", &format!("GRANT SELECT ON `{database}`.* TO {user}")).await;
        db.settled().await;
        assert_eq!(answers(&db), before, "{name}");
    }
}

async fn status_tells_who_is_at_it_and_what_was_interrupted() {
    let db = Database::documented().await;
    db.csqlstore(&["migrate", "up"]).success();
    let answer = db.csqlstore(&["migrate", "status", "--format", "json"]).success().json();
    assert!(answer["holder"].is_null(), "{answer}");
    db.execute("n1", "UPDATE csqlstore_migrations SET state='running' WHERE version=3").await;
    let run = db.csqlstore(&["migrate", "status", "--on", "n1"]).success();
    let said = "A run of 3 expire_on_index was interrupted: `csqlstore migrate up` goes on, `csqlstore migrate repair` only\n\
                records what was done.\n";
    assert!(run.stdout.contains(said), "{}", run.stdout);
    db.csqlstore(&["migrate", "status", "--on", "n1", "--check"]).exits(1);
    let held = "UPDATE csqlstore_lease SET owner='ci-7:42:cafe', node='db1:3306', acquired_at='2026-11-22 01:02:03', \
                phase='ddl', expires_at=UTC_TIMESTAMP(6) + INTERVAL 1 HOUR";
    db.execute("n1", held).await;
    let run = db.csqlstore(&["migrate", "status", "--on", "n1"]).success();
    assert!(
        run.stdout.contains("Somebody migrates at this moment: ci-7:42:cafe since 2026-11-22T01:02:03Z"),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("`csqlstore migrate unlock --dry-run`"), "{}", run.stdout);
    assert!(!run.stdout.contains("was interrupted"), "{}", run.stdout);
    let holder = &db.csqlstore(&["migrate", "status", "--on", "n1", "--format", "json"]).success().json()["holder"];
    assert_eq!(
        (&holder["owner"], &holder["phase"], &holder["node"]),
        (&"ci-7:42:cafe".into(), &"ddl".into(), &"db1:3306".into())
    );
    assert_eq!(holder["since"], "2026-11-22T01:02:03Z");
}
