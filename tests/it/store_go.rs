//! The Rust store and a Go service with clustersqlstore's statements take turns on the same cookies.

use std::time::Duration;

use csqlstore::go_struct;
use csqlstore::gob::Value;
use csqlstore::securecookie::Keyring;
use csqlstore::session::cookie::Options;
use csqlstore::store::{New, Settings, Store};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::cases;
use crate::support::Database;
use crate::support::browser::{Browser, farm};
use crate::support::engine::engine;
use crate::support::expiry::count;
use crate::support::go::{self, Go};

cases! {
    Beside: [
        they_create_update_and_delete_each_others_sessions,
        a_struct_and_flashes_go_both_ways,
        keys_are_rotated_server_by_server,
        a_session_expires_for_both,
    ],
}

const SIGNED: &str = "raw:a-hash-key-that-signs-and-no-more";
const ENCRYPTED: &str = "raw:a-hash-key-and-a-block-key-with-it,raw:0123456789abcdef0123456789abcdef";

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "PascalCase")]
struct Profile {
    name: String,
    age: isize,
}

go_struct!(Profile as "main.Profile" { name => "Name", age => "Age" });

/// A Go service on a node, and its address.
struct Service {
    _go: Go,
    url: String,
}

fn service(db: &Database, keys: &str, max_age: i64) -> Service {
    let dsn = go::dsn(db, engine().writable("n2"));
    let mut go = Go::start("serve", &json!({"dsn": dsn, "name": "sid", "keys": go::pairs(keys), "max_age": max_age}));
    let url = go.says().as_str().unwrap().to_owned();
    Service { _go: go, url }
}

/// The Rust store on the first node, with the attributes that Go gives its cookies.
fn store(db: &Database, keys: &str) -> Store {
    let settings = Settings { cookie: Options::go_compat("/", 3600), ..Settings::default() };
    Store::new(farm(db, &["n1"]), Keyring::parse(keys).unwrap(), settings)
}

fn shown(browser: &mut Browser, service: &Service) -> Json {
    serde_json::from_str(&browser.reads(&service.url, "/")).unwrap()
}

/// Saves a value, and waits until every node has it: Go reads what its node has.
async fn put(db: &Database, store: &Store, browser: &mut Browser, n: isize) {
    let mut session = browser.get(store, "sid").await;
    session.values_mut().insert("visits", n);
    browser.save(store, &mut session).await;
    db.settled().await;
}

async fn they_create_update_and_delete_each_others_sessions() {
    for keys in [SIGNED, ENCRYPTED] {
        let db = Database::migrated().await;
        let (store, go) = (store(&db, keys), service(&db, keys, 3600));
        // Begun in Rust, deleted in Go.
        let mut browser = Browser::default();
        put(&db, &store, &mut browser, 1).await;
        let header = store.save(&mut browser.get(&store, "sid").await).await.unwrap();
        let ours = header.to_str().unwrap().to_owned();
        db.settled().await;
        assert_eq!(shown(&mut browser, &go), json!({"visits": 1}));
        let answer = browser.ask(&go.url, "POST", "/visit", "");
        assert_eq!(answer.body, "2");
        let form = |header: &str| -> Vec<String> {
            header.split("; ").map(|part| part.split('=').next().unwrap().to_owned()).collect()
        };
        assert_eq!(form(&ours), form(&answer.set_cookies[0]), "the same attributes in the same order");
        db.settled().await;
        assert_eq!(browser.get(&store, "sid").await.values().get_as::<i64>("visits").unwrap(), 2);
        let old = browser.clone();
        browser.sends(&go.url, "/logout", "");
        db.settled().await;
        assert!(browser.cookies.is_empty());
        assert!(matches!(old.get(&store, "sid").await.why_new(), Some(New::NoRow)));
        assert_eq!(count(&db, "n1").await, 0);
        // Begun in Go, deleted in Rust.
        assert_eq!(browser.sends(&go.url, "/visit", ""), "1");
        put(&db, &store, &mut browser, 5).await;
        assert_eq!(browser.sends(&go.url, "/visit", ""), "6");
        db.settled().await;
        let old = browser.clone();
        let mut session = browser.get(&store, "sid").await;
        assert!(!session.is_new());
        browser.takes(&store.delete(&mut session).await.unwrap());
        db.settled().await;
        assert_eq!(shown(&mut old.clone(), &go), json!({}));
        assert_eq!(count(&db, "n1").await, 0);
        // What is regenerated in Rust goes on in Go, and under its new id alone.
        browser.sends(&go.url, "/visit", "");
        db.settled().await;
        let planted = browser.clone();
        let mut session = browser.get(&store, "sid").await;
        browser.takes(&store.regenerate(&mut session).await.unwrap());
        db.settled().await;
        assert_eq!(browser.sends(&go.url, "/visit", ""), "2");
        assert_eq!(shown(&mut planted.clone(), &go), json!({}));
    }
}

async fn a_struct_and_flashes_go_both_ways() {
    for keys in [SIGNED, ENCRYPTED] {
        let db = Database::migrated().await;
        let (store, go) = (store(&db, keys), service(&db, keys, 3600));
        let mut browser = Browser::default();
        let mut session = browser.get(&store, "sid").await;
        session.values_mut().insert("profile", Profile { name: "Ada".into(), age: 36 });
        session.values_mut().add_flash("From Rust").unwrap();
        browser.save(&store, &mut session).await;
        db.settled().await;
        assert_eq!(browser.sends(&go.url, "/birthday", ""), "Ada is 37");
        browser.sends(&go.url, "/flashes", "From Go");
        db.settled().await;
        let mut session = browser.get(&store, "sid").await;
        assert_eq!(session.values().get_as::<Profile>("profile").unwrap(), Profile { name: "Ada".into(), age: 37 });
        assert_eq!(session.values_mut().take_flashes().unwrap(), [Value::of("From Rust"), Value::of("From Go")]);
        session.values_mut().add_flash("Again").unwrap();
        // A field of Go's struct is set without declaring the struct.
        let profile = session.values_mut().get_mut("profile").and_then(Value::as_struct_mut).unwrap();
        profile.set("Age", 40).unwrap();
        browser.save(&store, &mut session).await;
        db.settled().await;
        assert_eq!(browser.reads(&go.url, "/flashes"), "Again");
        assert_eq!(browser.sends(&go.url, "/birthday", ""), "Ada is 41");
    }
}

async fn keys_are_rotated_server_by_server() {
    for (old, new) in [(SIGNED, ENCRYPTED), (ENCRYPTED, SIGNED)] {
        let db = Database::migrated().await;
        let store = store(&db, old);
        let mut browser = Browser::default();
        put(&db, &store, &mut browser, 1).await;
        let (verifies, signs) = (format!("{old};{new}"), format!("{new};{old}"));
        // First all verify the new pair, then all sign with it, then the old one goes. Rust does it while it runs.
        let mut n = 1;
        for (ours, theirs) in [
            (&*verifies, old),
            (&verifies, &verifies),
            (&signs, &verifies),
            (&signs, &signs),
            (new, &signs),
            (new, new),
        ] {
            store.set_keyring(Keyring::parse(ours).unwrap());
            let go = service(&db, theirs, 3600);
            n += 1;
            assert_eq!(browser.sends(&go.url, "/visit", ""), n.to_string(), "{ours} {theirs}");
            db.settled().await;
            n += 1;
            put(&db, &store, &mut browser, n).await;
        }
        assert_eq!(count(&db, "n1").await, 1, "the same session all the time");
        let stale = service(&db, old, 3600);
        assert_eq!(browser.clone().ask(&stale.url, "GET", "/", "").status, 500, "gorilla has no key for the cookie");
    }
}

async fn a_session_expires_for_both() {
    let db = Database::migrated().await;
    let (store, go) = (store(&db, ENCRYPTED), service(&db, ENCRYPTED, 7200));
    let mut browser = Browser::default();
    put(&db, &store, &mut browser, 1).await;
    let lifetime = async || -> i64 {
        let sql = "SELECT CAST(TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), expire_on) AS CHAR) FROM session_cluster";
        db.column("n1", sql).await.remove(0).parse().unwrap()
    };
    // MySQL rounds a time to the next second, MariaDB cuts it off.
    let near = |found: i64, expected: i64| (expected - 60..=expected + 1).contains(&found);
    assert!(near(lifetime().await, 3600));
    browser.sends(&go.url, "/visit", "");
    db.settled().await;
    assert!(near(lifetime().await, 7200), "{}", lifetime().await);
    // Go saw when ours expires, and we do not make Go's shorter.
    put(&db, &store, &mut browser, 3).await;
    assert!(near(lifetime().await, 7200), "{}", lifetime().await);
    browser.sends(&go.url, "/wish", "20000");
    db.settled().await;
    put(&db, &store, &mut browser, 4).await;
    assert!(near(lifetime().await, 20_000), "{}", lifetime().await);
    let mut session = browser.get(&store, "sid").await;
    session.expire_at(jiff::Timestamp::now() + Duration::from_secs(30_000));
    browser.save(&store, &mut session).await;
    db.settled().await;
    browser.sends(&go.url, "/visit", "");
    db.settled().await;
    assert!(near(lifetime().await, 30_000), "{}", lifetime().await);
    db.execute("n1", "UPDATE session_cluster SET expire_on = UTC_TIMESTAMP() - INTERVAL 1 SECOND").await;
    db.settled().await;
    assert_eq!(shown(&mut browser.clone(), &go), json!({}));
    let session = browser.get(&store, "sid").await;
    assert!(matches!(session.why_new(), Some(New::Expired { .. })), "{session:?}");
}
