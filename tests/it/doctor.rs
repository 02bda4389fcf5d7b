//! `doctor`: one look at everything.

use crate::support::Database;

crate::cases! {
    Beside: [
        a_table_as_the_go_package_documents_it_is_a_fault_with_its_mend,
        what_the_fixes_say_makes_it_well,
        looks_only,
    ],
}

fn codes(answer: &serde_json::Value) -> Vec<String> {
    let findings = answer["findings"].as_array().expect("a list of findings");
    findings.iter().map(|finding| finding["code"].as_str().expect("a code").to_owned()).collect()
}

async fn a_table_as_the_go_package_documents_it_is_a_fault_with_its_mend() {
    let db = Database::documented().await;
    db.row("2026-01-01T00:00:00Z12345", "x", -7 * 24 * 3600).await;
    let run = db.csqlstore(&["doctor", "--format", "json"]).exits(4);
    let answer = run.json();
    let pending: Vec<_> = answer["findings"]
        .as_array()
        .expect("a list of findings")
        .iter()
        .filter(|finding| finding["code"] == "migration-pending")
        .collect();
    assert_eq!(pending.len(), 2, "{answer:#}");
    assert!(pending.iter().all(|finding| finding["fix"] == "csqlstore migrate up"), "{answer:#}");
    let human = db.csqlstore(&["doctor"]).exits(4);
    assert!(human.stdout.contains("csqlstore migrate up") && human.stdout.contains("errors: "), "{human:?}");
}

async fn what_the_fixes_say_makes_it_well() {
    let db = Database::documented().await;
    db.row("2026-01-01T00:00:00Z12345", "x", -7 * 24 * 3600).await;
    db.csqlstore(&["migrate", "up", "--yes"]).success();
    let answer = db.csqlstore(&["doctor", "--format", "json"]).exits(1).json();
    assert!(!codes(&answer).iter().any(|code| code.starts_with("migration")), "{answer:#}");
    db.csqlstore(&["purge", "--yes"]).success();
    db.csqlstore(&["event", "install", "--yes"]).success();
    let answer = db.csqlstore(&["doctor", "--format", "json"]).success().json();
    assert_eq!(answer["schema_version"], 1);
}

async fn looks_only() {
    let db = Database::documented().await;
    let schema = async || {
        let columns = "SELECT CONCAT(table_name, '.', column_name, ' ', column_key) FROM information_schema.columns WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position";
        let events = "SELECT event_name FROM information_schema.events WHERE event_schema = DATABASE()";
        [db.column("n1", columns).await, db.column("n1", events).await]
    };
    let before = schema().await;
    assert_eq!(before[0].len(), 4, "{before:?}");
    db.csqlstore(&["doctor"]).exits(4);
    assert_eq!(schema().await, before);
}
