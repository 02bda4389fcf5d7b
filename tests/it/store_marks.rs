//! What was asked of a session is done by whatever saves it, and again where it failed; a touch takes nothing back.

use std::time::Duration;

use csqlstore::cluster::Connection;
use csqlstore::cluster::farm::{Lent, Work};
use csqlstore::securecookie::{Codec, Keyring};
use csqlstore::session;
use csqlstore::store::{Causal, Error, New, Pending, Settings};
use jiff::{SignedDuration, Timestamp};

use crate::cases;
use crate::support::Database;
use crate::support::browser::{KEYS, saved, store};
use crate::support::engine::engine;
use crate::support::expiry::count;

cases! {
    Beside: [
        saving_does_what_was_asked_for,
        a_logout_that_failed_can_be_done_again,
        a_touch_takes_nothing_back,
    ],
    Beside if Nodes because "a server on its own has nobody to wait for": [
        a_connection_waits_for_nobody_after_a_row_that_is_none,
    ],
}

async fn saving_does_what_was_asked_for() {
    let db = Database::migrated().await;
    let store = store(&db, &["n1"], Settings::default());
    let mut browser = saved(&store).await;
    let planted = browser.clone();
    let mut session = browser.get(&store, "sid").await;
    session.regenerate();
    browser.save(&store, &mut session).await;
    assert!(matches!(planted.get(&store, "sid").await.why_new(), Some(New::NoRow)), "the old id is still good");
    assert!(!browser.get(&store, "sid").await.is_new());
    // A logout with a good-bye, and one without.
    let mut session = browser.get(&store, "sid").await;
    let before = session.id().unwrap().clone();
    session.delete();
    session.values_mut().insert("bye", 1_i64);
    browser.save(&store, &mut session).await;
    assert!(session.id().is_some_and(|id| *id != before));
    assert_eq!(browser.get(&store, "sid").await.values().to_json().to_string(), r#"{"bye":1}"#);
    let mut session = browser.get(&store, "sid").await;
    session.delete();
    browser.save(&store, &mut session).await;
    assert_eq!((browser.cookies.len(), count(&db, "n1").await), (0, 0));
}

async fn a_logout_that_failed_can_be_done_again() {
    let db = Database::migrated().await;
    let browser = saved(&store(&db, &["n1"], Settings::default())).await;
    let name = &db.name;
    db.execute("n1", &format!("REVOKE ALL ON `{name}`.* FROM '{name}'@'%'")).await;
    db.execute("n1", &format!("GRANT SELECT, INSERT, UPDATE ON `{name}`.session_cluster TO '{name}'@'%'")).await;
    db.settled().await;
    let store = store(&db, &["n1"], Settings::default());
    let mut session = browser.get(&store, "sid").await;
    let before = session.id().unwrap().clone();
    session.delete();
    session.values_mut().insert("bye", 1_i64);
    let error = store.commit(&mut session).await.unwrap_err();
    assert!(matches!(error, Error::Denied { .. }), "{error:?}");
    assert_eq!((session.id(), session.pending()), (Some(&before), Pending::Replace));
    db.execute("n1", &format!("GRANT DELETE ON `{name}`.session_cluster TO '{name}'@'%'")).await;
    db.settled().await;
    store.commit(&mut session).await.unwrap();
    assert!(!store.exists(&before).await.unwrap());
    assert_eq!(count(&db, "n1").await, 1);
}

async fn a_touch_takes_nothing_back() {
    let db = Database::migrated().await;
    let store = store(&db, &["n1"], Settings { touch_after: Some(Duration::ZERO), ..Settings::default() });
    let browser = saved(&store).await;
    let expires = "SELECT CAST(TIMESTAMPDIFF(DAY, UTC_TIMESTAMP(), expire_on) AS CHAR) FROM session_cluster";
    let mut session = browser.get(&store, "sid").await;
    db.execute("n1", "UPDATE session_cluster SET expire_on = UTC_TIMESTAMP() + INTERVAL 1000 DAY").await;
    assert!(store.touch(&mut session).await.unwrap().is_some());
    assert!(db.column("n1", expires).await[0].parse::<i64>().unwrap() >= 999, "it expires sooner than it did");
    // One that was signed long ago, and that somebody saves before the touch signs it anew.
    let codec = Codec::new(Keyring::parse(KEYS).unwrap());
    let old = Timestamp::now() - SignedDuration::from_hours(20 * 24);
    let data = session::seal_data(&codec, "sid", session.values(), old).unwrap();
    db.execute(
        "n1",
        &format!("UPDATE session_cluster SET data = '{data}', expire_on = UTC_TIMESTAMP() + INTERVAL 1 DAY"),
    )
    .await;
    let (mut reads, mut writes) = (browser.get(&store, "sid").await, browser.get(&store, "sid").await);
    writes.values_mut().insert("n", 2_i64);
    store.save(&mut writes).await.unwrap();
    assert!(store.commit(&mut reads).await.unwrap().is_some());
    assert_eq!(browser.get(&store, "sid").await.values().get_as::<i64>("n").unwrap(), 2);
    // One that somebody deletes before the touch is none of the reader's business.
    db.execute("n1", "UPDATE session_cluster SET expire_on = UTC_TIMESTAMP() + INTERVAL 1 DAY").await;
    let (mut reads, mut ends) = (browser.get(&store, "sid").await, browser.get(&store, "sid").await);
    store.delete(&mut ends).await.unwrap();
    assert_eq!(store.commit(&mut reads).await.unwrap(), None);
}

async fn waits(connection: &mut Connection) -> Option<String> {
    let variable = if engine().is_group() { "@@group_replication_consistency" } else { "@@wsrep_sync_wait" };
    let sql = format!("SELECT CAST({variable} AS CHAR)");
    connection.first("asking whether it waits", &sql, ()).await.unwrap()
}

async fn a_connection_waits_for_nobody_after_a_row_that_is_none() {
    let db = Database::migrated().await;
    let store = store(&db, &["n1"], Settings { causal: Causal::Always, ..Settings::default() });
    let browser = saved(&store).await;
    db.execute("n1", "ALTER TABLE session_cluster MODIFY data LONGBLOB NULL").await;
    db.execute("n1", "UPDATE session_cluster SET data = NULL").await;
    let work = async |mut lent: Lent| Ok::<_, csqlstore::cluster::Error>(waits(&mut lent).await);
    let expected = store.farm().run(Work::safe("x"), work).await.unwrap();
    assert!(matches!(browser.get(&store, "sid").await.why_new(), Some(New::Misfit(_))));
    assert_eq!(store.farm().run(Work::safe("x"), work).await.unwrap(), expected);
}
