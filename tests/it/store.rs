//! The session store for Rust programs: one session, from the first request to the last.

use std::time::Duration;

use csqlstore::cluster::{Class, number};
use csqlstore::gob::Value;
use csqlstore::securecookie::{Codec, Keyring};
use csqlstore::session::cookie::{MaxAge, Options, SameSite};
use csqlstore::session::{self, Id};
use csqlstore::store::{Conflicts, Error, New, Pending, Registry, Settings, Store};
use http::HeaderMap;
use http::header::SET_COOKIE;
use jiff::{SignedDuration, Timestamp};

use crate::cases;
use crate::support::Database;
use crate::support::browser::{Browser, KEYS, store};
use crate::support::expiry::count;

cases! {
    Beside: [
        a_session_goes_round,
        saving_twice_in_a_request_is_one_row,
        a_deleted_session_is_gone_for_good,
        a_regenerated_session_has_another_id_and_the_same_values,
        a_session_expires_when_its_row_does_and_no_sooner,
        a_session_that_is_only_read_lives_on_where_that_was_asked_for,
        a_browser_session_has_a_row_that_lives,
        a_wish_for_an_expiry_is_heard_and_not_stored,
        what_was_deleted_meanwhile_is_not_brought_back,
        a_lost_update_is_noticed_where_that_was_asked_for,
        keys_are_changed_while_it_runs,
        a_session_that_is_new_says_why,
        limits_are_gorillas_and_can_be_set,
        several_sessions_of_a_request_are_read_once_and_saved_together,
        a_right_that_is_missing_is_named,
        an_id_that_is_taken_is_drawn_anew,
    ],
}

const HOUR: Duration = Duration::from_secs(3600);

fn settings() -> Settings {
    Settings { cookie: Options { max_age: MaxAge::For(HOUR), ..Options::default() }, ..Settings::default() }
}

/// A session with `n` that was saved, and the browser that has its cookie.
async fn saved(store: &Store, n: i64) -> Browser {
    let mut browser = Browser::default();
    let mut session = browser.get(store, "sid").await;
    session.values_mut().insert("n", n);
    browser.save(store, &mut session).await;
    browser
}

/// In how many seconds each row expires.
async fn lifetimes(db: &Database) -> Vec<i64> {
    let sql = "SELECT CAST(TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), expire_on) AS CHAR) FROM session_cluster";
    db.column("n1", sql).await.iter().map(|text| text.parse().unwrap()).collect()
}

#[track_caller]
fn about(seconds: &[i64], expected: i64) {
    assert!(matches!(seconds, [one] if (expected - 60..=expected).contains(one)), "{seconds:?}, not one of {expected}");
}

async fn a_session_goes_round() {
    let db = Database::migrated().await;
    let store = store(&db, &["n1"], settings());
    let mut browser = Browser::default();
    let mut session = browser.get(&store, "sid").await;
    assert!(matches!(session.why_new(), Some(New::NoCookie)) && session.id().is_none());
    session.values_mut().insert("user", "ada");
    session.values_mut().insert("n", 300_i64);
    session.values_mut().add_flash("Welcome").unwrap();
    let header = store.save(&mut session).await.unwrap();
    let text = header.to_str().unwrap();
    let (_, attributes) = text.split_once("; ").unwrap();
    assert!(
        attributes.starts_with("Path=/; Expires=")
            && attributes.ends_with(" GMT; Max-Age=3600; HttpOnly; Secure; SameSite=Lax"),
        "{text}"
    );
    browser.takes(&header);
    about(&lifetimes(&db).await, 3600);
    let id = session.id().unwrap().clone();
    assert_eq!(db.ids("n3").await, [id.as_str()]);
    assert!(store.exists(&id).await.unwrap());

    let mut session = browser.get(&store, "sid").await;
    assert!(!session.is_new());
    assert_eq!(session.id(), Some(&id));
    assert_eq!(session.values().get_as::<String>("user").unwrap(), "ada");
    assert_eq!(session.values().get_as::<u16>("n").unwrap(), 300);
    assert_eq!(session.values_mut().take_flashes().unwrap(), [Value::of("Welcome")]);
    assert_eq!(session.pending(), Pending::Save);
    session.values_mut().insert("n", 301_i64);
    browser.save(&store, &mut session).await;

    let session = browser.get(&store, "sid").await;
    assert_eq!(session.values().to_json().to_string(), r#"{"n":301,"user":"ada"}"#);
    assert_eq!(db.ids("n2").await, [id.as_str()]);
    store.close().await;
    let error = store.get(&browser.headers(), "sid").await.unwrap_err();
    assert!(matches!(error, Error::Cluster(csqlstore::cluster::Error::Closed { .. })), "{error:?}");
}

async fn saving_twice_in_a_request_is_one_row() {
    let db = Database::migrated().await;
    let store = store(&db, &["n1"], settings());
    let mut browser = Browser::default();
    let mut session = browser.get(&store, "sid").await;
    for n in 1..=3_i64 {
        session.values_mut().insert("n", n);
        browser.save(&store, &mut session).await;
    }
    assert_eq!(count(&db, "n1").await, 1);
    assert_eq!(browser.get(&store, "sid").await.values().get_as::<i64>("n").unwrap(), 3);
}

async fn a_deleted_session_is_gone_for_good() {
    let db = Database::migrated().await;
    let store = store(&db, &["n1"], settings());
    let mut browser = saved(&store, 1).await;
    let old = browser.clone();
    let mut session = browser.get(&store, "sid").await;
    let id = session.id().unwrap().clone();
    let header = store.delete(&mut session).await.unwrap();
    assert!(header.to_str().unwrap().starts_with("sid=; Path=/; Expires=Thu, 01 Jan 1970 00:00:01 GMT; Max-Age=0; "));
    browser.takes(&header);
    assert!(browser.cookies.is_empty() && session.values().is_empty());
    assert_eq!(count(&db, "n2").await, 0);
    assert!(!store.exists(&id).await.unwrap());
    assert!(matches!(old.get(&store, "sid").await.why_new(), Some(New::NoRow)));

    // By a max age below 0, and by the id alone.
    let mut other = saved(&store, 2).await;
    let mut session = other.get(&store, "sid").await;
    session.options_mut().max_age = MaxAge::from_seconds(-1);
    other.save(&store, &mut session).await;
    assert!(other.cookies.is_empty());
    assert_eq!(count(&db, "n2").await, 0);
    let third = saved(&store, 3).await.get(&store, "sid").await;
    assert!(store.delete_id(third.id().unwrap()).await.unwrap());
    assert!(!store.delete_id(third.id().unwrap()).await.unwrap());
    // What is put in after that is in a new one.
    let mut browser = saved(&store, 4).await;
    let old = browser.clone();
    let mut session = browser.get(&store, "sid").await;
    session.delete();
    session.values_mut().add_flash("Good-bye").unwrap();
    browser.takes(&store.commit(&mut session).await.unwrap().unwrap());
    assert_eq!(count(&db, "n2").await, 1);
    assert!(matches!(old.get(&store, "sid").await.why_new(), Some(New::NoRow)));
    let mut session = browser.get(&store, "sid").await;
    assert_eq!(session.values().to_json().to_string(), r#"{"_flash":["Good-bye"]}"#);
    session.delete();
    store.commit(&mut session).await.unwrap().unwrap();
    // A session that never had a row.
    let mut session = Browser::default().get(&store, "sid").await;
    session.options_mut().max_age = MaxAge::Ended;
    session.values_mut().insert("n", 1);
    store.save(&mut session).await.unwrap();
    assert_eq!(count(&db, "n2").await, 0);
}

async fn a_regenerated_session_has_another_id_and_the_same_values() {
    let db = Database::migrated().await;
    let store = store(&db, &["n1"], settings());
    let mut browser = saved(&store, 7).await;
    let planted = browser.clone();
    let mut session = browser.get(&store, "sid").await;
    let before = session.id().unwrap().clone();
    session.values_mut().insert("user", "ada");
    browser.takes(&store.regenerate(&mut session).await.unwrap());
    let after = session.id().unwrap().clone();
    assert_ne!(before, after);
    assert_eq!(db.ids("n1").await, [after.as_str()]);
    assert_eq!(browser.get(&store, "sid").await.values().to_json().to_string(), r#"{"n":7,"user":"ada"}"#);
    assert!(matches!(planted.get(&store, "sid").await.why_new(), Some(New::NoRow)));
    // One that has no row gets one.
    let mut session = Browser::default().get(&store, "sid").await;
    store.regenerate(&mut session).await.unwrap();
    assert_eq!(count(&db, "n1").await, 2);
}

async fn a_session_expires_when_its_row_does_and_no_sooner() {
    let db = Database::migrated().await;
    let store = store(&db, &["n1"], settings());
    let mut browser = saved(&store, 1).await;
    db.execute("n1", "UPDATE session_cluster SET expire_on = UTC_TIMESTAMP() + INTERVAL 100 SECOND").await;
    let mut session = browser.get(&store, "sid").await;
    browser.takes(&store.touch(&mut session).await.unwrap().unwrap());
    about(&lifetimes(&db).await, 3600);
    // Saving never makes it shorter.
    db.execute("n1", "UPDATE session_cluster SET expire_on = UTC_TIMESTAMP() + INTERVAL 2 DAY").await;
    let mut session = browser.get(&store, "sid").await;
    store.touch(&mut session).await.unwrap().unwrap();
    browser.save(&store, &mut session).await;
    about(&lifetimes(&db).await, 2 * 86_400);
    db.execute("n1", "UPDATE session_cluster SET expire_on = UTC_TIMESTAMP() - INTERVAL 1 SECOND").await;
    let mut session = browser.get(&store, "sid").await;
    assert!(matches!(session.why_new(), Some(New::Expired { at }) if *at < Timestamp::now()), "{session:?}");
    assert!(session.values().is_empty());
    assert_eq!(store.touch(&mut session).await.unwrap(), None);
    let ids: Vec<Id> = db.ids("n1").await.into_iter().map(Id::new).collect();
    assert!(!store.exists(&ids[0]).await.unwrap());
    // It begins anew under an id that its browser did not know.
    session.values_mut().insert("n", 2_i64);
    browser.save(&store, &mut session).await;
    assert!(session.id().is_some_and(|id| *id != ids[0]));
    assert_eq!(count(&db, "n1").await, 2);
    // A signature that is halfway to being too old is made anew by a touch.
    let id = session.id().unwrap().clone();
    let codec = Codec::new(Keyring::parse(KEYS).unwrap());
    let old = Timestamp::now() - SignedDuration::from_hours(20 * 24);
    let data = session::seal_data(&codec, "sid", session.values(), old).unwrap();
    db.execute("n1", &format!("UPDATE session_cluster SET data = '{data}' WHERE id = '{id}'")).await;
    store.touch(&mut browser.get(&store, "sid").await).await.unwrap().unwrap();
    let now = db.column("n1", &format!("SELECT data FROM session_cluster WHERE id = '{id}'")).await.remove(0);
    let opened = session::open_data(&codec, &["sid"], &now, Timestamp::now()).unwrap();
    assert!(opened.age_s < 3600 && opened.values == *session.values(), "{opened:?}");
}

async fn a_session_that_is_only_read_lives_on_where_that_was_asked_for() {
    let db = Database::migrated().await;
    let touching = store(&db, &["n1"], Settings { touch_after: Some(HOUR / 10), ..settings() });
    let plain = store(&db, &["n1"], settings());
    let browser = saved(&plain, 1).await;
    for (expires_in, store, touched) in [(3000, &plain, false), (3400, &touching, false), (3000, &touching, true)] {
        let sql = format!("UPDATE session_cluster SET expire_on = UTC_TIMESTAMP() + INTERVAL {expires_in} SECOND");
        db.execute("n1", &sql).await;
        let mut session = browser.get(store, "sid").await;
        assert_eq!(store.commit(&mut session).await.unwrap().is_some(), touched, "{expires_in}");
        about(&lifetimes(&db).await, if touched { 3600 } else { expires_in });
    }
}

async fn a_browser_session_has_a_row_that_lives() {
    let db = Database::migrated().await;
    let cookie = Options { max_age: MaxAge::Browser, same_site: SameSite::Strict, ..Options::default() };
    let store = store(&db, &["n1"], Settings { cookie, browser_lifetime: 2 * HOUR, ..Settings::default() });
    let mut browser = Browser::default();
    let mut session = browser.get(&store, "sid").await;
    session.values_mut().insert("n", 1);
    let header = store.save(&mut session).await.unwrap();
    let (_, attributes) = header.to_str().unwrap().split_once("; ").unwrap();
    assert_eq!(attributes, "Path=/; HttpOnly; Secure; SameSite=Strict");
    browser.takes(&header);
    about(&lifetimes(&db).await, 7200);
    assert!(!browser.get(&store, "sid").await.is_new());
}

async fn a_wish_for_an_expiry_is_heard_and_not_stored() {
    let db = Database::migrated().await;
    let store = store(&db, &["n1"], settings());
    let mut browser = Browser::default();
    let mut session = browser.get(&store, "sid").await;
    // As a Go program wishes: sooner than usual for a new session, later for one that is there.
    session.values_mut().insert("x", Timestamp::now() + SignedDuration::from_mins(10));
    session.values_mut().insert("n", 1_i64);
    browser.save(&store, &mut session).await;
    about(&lifetimes(&db).await, 600);
    let mut session = browser.get(&store, "sid").await;
    assert_eq!(session.values().to_json().to_string(), r#"{"n":1}"#);
    session.expire_at(Timestamp::now() + SignedDuration::from_hours(5));
    browser.save(&store, &mut session).await;
    about(&lifetimes(&db).await, 5 * 3600);
    session.values_mut().insert("x", 5_i64);
    let error = store.save(&mut session).await.unwrap_err();
    assert!(matches!(error, Error::Unwritable { source: session::Error::Reserved { .. }, .. }), "{error:?}");
}

async fn what_was_deleted_meanwhile_is_not_brought_back() {
    let db = Database::migrated().await;
    let store = store(&db, &["n1"], settings());
    let browser = saved(&store, 1).await;
    let mut here = browser.get(&store, "sid").await;
    let mut there = browser.get(&store, "sid").await;
    store.delete(&mut there).await.unwrap();
    here.values_mut().insert("n", 2_i64);
    for error in [
        store.save(&mut here).await.unwrap_err(),
        store.regenerate(&mut here).await.unwrap_err(),
        store.touch(&mut here).await.unwrap_err(),
    ] {
        assert!(matches!(&error, Error::Gone { .. }) && error.class() == Class::Conflict, "{error:?}");
    }
    assert_eq!(count(&db, "n1").await, 0);
    // To delete it once more is no error.
    store.delete(&mut here).await.unwrap();
}

async fn a_lost_update_is_noticed_where_that_was_asked_for() {
    let db = Database::migrated().await;
    let detecting = store(&db, &["n1"], Settings { conflicts: Conflicts::Detected, ..settings() });
    let lax = store(&db, &["n1"], settings());
    let browser = saved(&detecting, 1).await;
    let mut first = browser.get(&detecting, "sid").await;
    let mut second = browser.get(&detecting, "sid").await;
    let mut third = browser.get(&lax, "sid").await;
    first.values_mut().insert("n", 2_i64);
    detecting.save(&mut first).await.unwrap();
    second.values_mut().insert("n", 3_i64);
    for error in [detecting.save(&mut second).await.unwrap_err(), detecting.regenerate(&mut second).await.unwrap_err()]
    {
        assert!(matches!(&error, Error::Overtaken { .. }) && error.class() == Class::Conflict, "{error:?}");
    }
    assert_eq!(browser.get(&lax, "sid").await.values().get_as::<i64>("n").unwrap(), 2);
    // Who saved it last may save it again, under another id as well.
    first.values_mut().insert("n", 4_i64);
    detecting.save(&mut first).await.unwrap();
    detecting.regenerate(&mut first).await.unwrap();
    detecting.save(&mut first).await.unwrap();
    let error = detecting.save(&mut second).await.unwrap_err();
    assert!(matches!(error, Error::Gone { .. }), "{error:?}");
    // A touch of somebody else's is no change.
    let mut browser = saved(&detecting, 1).await;
    let mut session = browser.get(&detecting, "sid").await;
    detecting.touch(&mut browser.get(&detecting, "sid").await).await.unwrap();
    session.values_mut().insert("n", 5_i64);
    browser.save(&detecting, &mut session).await;
    // Without it the last one wins.
    third.values_mut().insert("n", 6_i64);
    assert!(matches!(lax.save(&mut third).await.unwrap_err(), Error::Gone { .. }));
    let (mut one, mut other) = (browser.get(&lax, "sid").await, browser.get(&lax, "sid").await);
    one.values_mut().insert("n", 7_i64);
    lax.save(&mut one).await.unwrap();
    other.values_mut().insert("n", 8_i64);
    lax.save(&mut other).await.unwrap();
    assert_eq!(browser.get(&lax, "sid").await.values().get_as::<i64>("n").unwrap(), 8);
}

async fn keys_are_changed_while_it_runs() {
    let db = Database::migrated().await;
    let store = store(&db, &["n1"], settings());
    let mut browser = saved(&store, 1).await;
    let old = browser.clone();
    store.set_keyring(Keyring::parse(&format!("raw:another-hash-key-of-thirty-two-b;{KEYS}")).unwrap());
    let mut session = browser.get(&store, "sid").await;
    assert!(!session.is_new());
    browser.save(&store, &mut session).await;
    store.set_keyring(Keyring::parse("raw:another-hash-key-of-thirty-two-b").unwrap());
    assert!(!browser.get(&store, "sid").await.is_new());
    assert!(matches!(old.get(&store, "sid").await.why_new(), Some(New::Refused(_))));
}

async fn a_session_that_is_new_says_why() {
    let db = Database::migrated().await;
    let store = store(&db, &["n1"], settings());
    let browser = saved(&store, 1).await;
    let (name, value) = browser.cookies[0].clone();
    let with = |name: &str, value: &str| Browser { cookies: vec![(name.to_owned(), value.to_owned())] };
    for forged in [with(&name, "MTc5"), with(&name, &value.replace(&value[4..6], "zz")), with("other", &value)] {
        let asked = forged.cookies[0].0.clone();
        let session = forged.get(&store, &asked).await;
        assert!(matches!(session.why_new(), Some(New::Refused(_))), "{session:?}");
        assert_eq!(session.name(), asked);
    }
    assert!(matches!(with("SID", &value).get(&store, "sid").await.why_new(), Some(New::NoCookie)));
    db.execute("n1", "UPDATE session_cluster SET data = REVERSE(data)").await;
    assert!(matches!(browser.get(&store, "sid").await.why_new(), Some(New::Unreadable(_))));
    let mut root = db.connect("n1").await;
    for sql in ["SET SESSION sql_mode=''", "UPDATE session_cluster SET expire_on = 0"] {
        root.execute_unhurried("a test's statement", sql, ()).await.expect("root may do that");
    }
    root.close().await;
    let session = browser.get(&store, "sid").await;
    assert!(
        matches!(session.why_new(), Some(New::Misfit(error)) if matches!(**error, Error::Column { .. })),
        "{session:?}"
    );
    db.execute("n1", "DELETE FROM session_cluster").await;
    assert!(matches!(browser.get(&store, "sid").await.why_new(), Some(New::NoRow)));
    let error = store.get(&browser.headers(), "s i d").await.unwrap_err();
    assert!(matches!(error, Error::Unwritable { .. }), "{error:?}");
    db.execute("n1", "DROP TABLE session_cluster").await;
    let error = store.get(&browser.headers(), "sid").await.unwrap_err();
    assert!(matches!(&error, Error::Cluster(error) if error.code() == Some(number::NO_SUCH_TABLE)), "{error:?}");
}

async fn limits_are_gorillas_and_can_be_set() {
    let db = Database::migrated().await;
    let usual = store(&db, &["n1"], settings());
    let wide = store(&db, &["n1"], Settings { max_length: None, ..settings() });
    let mut browser = Browser::default();
    let mut session = browser.get(&usual, "sid").await;
    session.values_mut().insert("text", "x".repeat(4000));
    let error = usual.save(&mut session).await.unwrap_err();
    assert!(matches!(&error, Error::Unwritable { .. }) && error.class() == Class::Data, "{error:?}");
    assert_eq!(count(&db, "n1").await, 0);
    browser.save(&wide, &mut session).await;
    // What somebody else wrote is no reason to sign the user out.
    assert_eq!(browser.get(&usual, "sid").await.values().get_as::<String>("text").unwrap().len(), 4000);
    let ancient = store(&db, &["n1"], Settings { signature_age: Duration::ZERO, ..settings() });
    assert!(!browser.get(&ancient, "sid").await.is_new());
}

async fn several_sessions_of_a_request_are_read_once_and_saved_together() {
    let db = Database::migrated().await;
    let store = store(&db, &["n1"], settings());
    let mut browser = saved(&store, 1).await;
    let registry = Registry::new(store.clone(), &browser.headers());
    let session = registry.get("sid").await.unwrap();
    let cart = registry.get("cart").await.unwrap();
    registry.get("untouched").await.unwrap();
    session.insert("n", session.get::<i64>("n").unwrap() + 1);
    cart.insert("items", vec!["apple"]);
    cart.add_flash("Put in.").unwrap();
    assert_eq!(registry.get("sid").await.unwrap().get::<i64>("n").unwrap(), 2, "the same session");
    let mut headers = HeaderMap::new();
    registry.commit(&mut headers).await.unwrap();
    let cookies: Vec<_> = headers.get_all(SET_COOKIE).iter().cloned().collect();
    assert_eq!(cookies.len(), 2, "{cookies:?}");
    cookies.iter().for_each(|cookie| browser.takes(cookie));
    registry.commit(&mut headers).await.unwrap();
    assert_eq!(headers.get_all(SET_COOKIE).iter().count(), 2, "nothing is left to do");
    assert_eq!(count(&db, "n1").await, 2);

    let registry = Registry::new(store.clone(), &browser.headers());
    let (session, cart) = (registry.get("sid").await.unwrap(), registry.get("cart").await.unwrap());
    assert!(!session.is_new() && !cart.is_new());
    assert_eq!(cart.get::<Vec<String>>("items").unwrap(), ["apple"]);
    cart.delete();
    let mut headers = HeaderMap::new();
    registry.commit(&mut headers).await.unwrap();
    headers.get_all(SET_COOKIE).iter().for_each(|cookie| browser.takes(cookie));
    assert_eq!(browser.cookies.len(), 1);
    assert_eq!(count(&db, "n1").await, 1);
}

async fn a_right_that_is_missing_is_named() {
    let db = Database::migrated().await;
    let store = store(&db, &["n1"], settings());
    let browser = saved(&store, 1).await;
    let mut session = browser.get(&store, "sid").await;
    let name = &db.name;
    db.execute("n1", &format!("REVOKE ALL ON `{name}`.* FROM '{name}'@'%'")).await;
    db.execute("n1", &format!("GRANT SELECT ON `{name}`.session_cluster TO '{name}'@'%'")).await;
    db.settled().await;
    // A connection keeps the rights on its database that it was opened with.
    let store = crate::support::browser::store(&db, &["n1"], settings());
    let mut fresh = Browser::default().get(&store, "sid").await;
    fresh.values_mut().insert("n", 1);
    for (error, may, rights) in [
        (store.save(&mut fresh).await.unwrap_err(), "add to", "INSERT"),
        (store.save(&mut session).await.unwrap_err(), "change", "SELECT, UPDATE"),
        (store.delete(&mut session).await.unwrap_err(), "delete from", "SELECT, DELETE"),
    ] {
        assert_eq!(error.to_string(), format!("the account may not {may} `session_cluster`"));
        let Error::Denied { grant, .. } = &error else { panic!("{error:?}") };
        assert_eq!(grant, &format!("GRANT {rights} ON `{name}`.`session_cluster` TO '{name}'@'%'"));
        assert_eq!(error.class(), Class::Config);
    }
    // What the README says is enough.
    db.execute("n1", &format!("GRANT SELECT, INSERT, UPDATE, DELETE ON `{name}`.session_cluster TO '{name}'@'%'"))
        .await;
    db.settled().await;
    browser.get(&store, "sid").await;
    store.save(&mut fresh).await.unwrap();
    store.regenerate(&mut fresh).await.unwrap();
    store.delete(&mut fresh).await.unwrap();
}

async fn an_id_that_is_taken_is_drawn_anew() {
    let db = Database::migrated().await;
    let store = store(&db, &["n1"], settings());
    saved(&store, 1).await;
    let taken = db.ids("n1").await.remove(0);
    // The first row of each connection gets the id of the one that is there.
    let trigger = |times: u32| {
        format!(
            "CREATE TRIGGER collide BEFORE INSERT ON session_cluster FOR EACH ROW \
             IF COALESCE(@tries, 0) < {times} THEN SET @tries = COALESCE(@tries, 0) + 1, NEW.id = '{taken}'; END IF"
        )
    };
    db.execute("n1", &trigger(1)).await;
    let browser = saved(&store, 2).await;
    assert_eq!(browser.get(&store, "sid").await.values().get_as::<i64>("n").unwrap(), 2);
    assert_eq!(count(&db, "n1").await, 2);
    db.execute("n1", "DROP TRIGGER collide").await;
    db.execute("n1", &trigger(100)).await;
    let mut session = Browser::default().get(&store, "sid").await;
    session.values_mut().insert("n", 3);
    let error = store.save(&mut session).await.unwrap_err();
    assert!(matches!(error, Error::NoFreeId { tries: 5, .. }), "{error:?}");
    assert_eq!(count(&db, "n1").await, 2);
}
