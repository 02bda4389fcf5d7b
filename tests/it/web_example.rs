//! examples/axum.rs over real HTTP, alone and beside a Go service with the same sessions.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::json;

use crate::cases;
use crate::support::Database;
use crate::support::browser::{Browser, KEYS};
use crate::support::engine::engine;
use crate::support::expiry::count;
use crate::support::go::{self, Go};

cases! {
    Beside: [
        the_example_has_values_flashes_login_and_logout,
        a_database_that_is_down_is_a_503,
        one_jar_of_cookies_is_good_for_a_go_service_and_a_rust_service,
    ],
}

/// The example at work, until this is dropped.
struct Example {
    child: Child,
    url: String,
}

impl Example {
    fn start(nodes: &str, keys: &str) -> Self {
        let program = PathBuf::from(env!("CARGO_BIN_EXE_csqlstore")).with_file_name("examples").join("axum");
        assert!(
            program.is_file(),
            "{} is not there: `cargo build --example axum --features axum` builds it, and `cargo xtask test` does",
            program.display()
        );
        let mut command = Command::new(program);
        command.env_clear().env("ADDR", "127.0.0.1:0").env("CSQLSTORE_NODES", nodes).env("CSQLSTORE_KEYS", keys);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut url = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
        Self { child, url: url.trim_end().to_owned() }
    }

    /// On the first node: what was saved on one is found on another at once, and what was changed a moment later.
    fn of(db: &Database) -> Self {
        Self::start(db.dsns().split(' ').next().unwrap(), KEYS)
    }
}

impl Drop for Example {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn the_example_has_values_flashes_login_and_logout() {
    let db = Database::migrated().await;
    let example = Example::of(&db);
    let url = example.url.as_str();
    let mut browser = Browser::default();
    // Who only looks gets no cookie and no row.
    let answer = browser.ask(url, "GET", "/", "");
    assert_eq!((answer.status, answer.body.as_str(), answer.set_cookies.len()), (200, "{}", 0));
    let answer = browser.ask(url, "POST", "/values", "bar=baz&baz=foo");
    assert_eq!((answer.status, answer.set_cookies.len()), (200, 1), "{answer:?}");
    let attributes = answer.set_cookies[0].split_once("; ").unwrap().1;
    assert!(attributes.starts_with("Path=/; Expires="), "{attributes}");
    assert!(attributes.ends_with("; Max-Age=2592000; HttpOnly; Secure; SameSite=Lax"), "{attributes}");
    assert_eq!(browser.reads(url, "/"), r#"{"bar":"baz","baz":"foo"}"#);
    let before = db.ids("n1").await;
    // What is not changed is not saved.
    assert!(browser.ask(url, "GET", "/", "").set_cookies.is_empty());
    assert!(browser.ask(url, "POST", "/values", "bar=baz").set_cookies.is_empty());
    // Nobody makes himself somebody else by a form.
    assert!(browser.ask(url, "POST", "/values", "user=admin").set_cookies.is_empty());
    for visits in ["1", "2", "3"] {
        assert_eq!(browser.sends(url, "/visit", ""), visits);
    }
    browser.sends(url, "/flashes", "Saved");
    browser.sends(url, "/flashes", "And again");
    assert_eq!(browser.reads(url, "/flashes"), "Saved\nAnd again");
    assert_eq!(browser.reads(url, "/flashes"), "");
    browser.sends(url, "/profile", "name=Ada&age=36");
    assert_eq!(browser.sends(url, "/birthday", ""), "Ada is 37");
    assert_eq!(db.ids("n1").await, before, "one row all the time");
    let planted = browser.clone();
    browser.sends(url, "/login", "ada");
    let after = db.ids("n1").await;
    assert!(after.len() == 1 && after != before, "{after:?}");
    assert_eq!(planted.clone().reads(url, "/"), "{}", "the old id is worth nothing");
    assert_eq!(
        browser.reads(url, "/"),
        r#"{"bar":"baz","baz":"foo","profile":{"Age":37,"Name":"Ada"},"user":"ada","visits":3}"#
    );
    let answer = browser.ask(url, "POST", "/logout", "");
    assert!(answer.set_cookies[0].contains("; Max-Age=0; "), "{answer:?}");
    assert_eq!((browser.cookies.len(), count(&db, "n1").await), (0, 0));
    assert_eq!(browser.reads(url, "/"), "{}");
}

async fn a_database_that_is_down_is_a_503() {
    let db = Database::migrated().await;
    let mut browser = Browser::default();
    browser.sends(&Example::of(&db).url, "/values", "bar=baz");
    let down = Example::start("gone=mysql://app:x@127.0.0.1:1/web", KEYS);
    let answer = browser.ask(&down.url, "GET", "/", "");
    assert_eq!((answer.status, answer.set_cookies.len()), (503, 0), "{answer:?}");
    assert_eq!(answer.body, "Sessions cannot be reached at the moment; please try again.");
    // The login is still there when the database is.
    assert_eq!(browser.reads(&Example::of(&db).url, "/"), r#"{"bar":"baz"}"#);
    // A handler may have answered before it was known that its work cannot be kept.
    let answer = Browser::default().ask(&down.url, "POST", "/visit", "");
    assert_eq!((answer.status, answer.set_cookies.len()), (503, 0), "{answer:?}");
}

async fn one_jar_of_cookies_is_good_for_a_go_service_and_a_rust_service() {
    for keys in [KEYS, "raw:a-hash-key-that-signs-and-no-more"] {
        let db = Database::migrated().await;
        let example = Example::start(&db.dsns(), keys);
        let node = engine().writable("n2");
        let service =
            json!({"dsn": go::dsn(&db, node), "name": "session-key", "keys": go::pairs(keys), "max_age": 3600});
        let mut go = Go::start("serve", &service);
        let (rust, go_url) = (example.url.clone(), go.says().as_str().unwrap().to_owned());
        // Each begins a session of its own, and the other goes on with it.
        for (first, second) in [(&rust, &go_url), (&go_url, &rust)] {
            let mut browser = Browser::default();
            let visits = |browser: &mut Browser, server: &str, expected: &str| {
                assert_eq!(browser.sends(server, "/visit", ""), expected, "{server}");
            };
            visits(&mut browser, first, "1");
            db.settled().await;
            for round in 0..3 {
                visits(&mut browser, second, &(2 * round + 2).to_string());
                db.settled().await;
                visits(&mut browser, first, &(2 * round + 3).to_string());
                db.settled().await;
            }
            browser.sends(first, "/flashes", "Saved");
            db.settled().await;
            browser.sends(second, "/flashes", "And again");
            db.settled().await;
            assert_eq!(browser.reads(first, "/flashes"), "Saved\nAnd again");
            db.settled().await;
            assert_eq!(browser.reads(second, "/flashes"), "");
            db.settled().await;
            browser.sends(first, "/profile", "name=Ada&age=36");
            db.settled().await;
            assert_eq!(browser.sends(second, "/birthday", ""), "Ada is 37");
            db.settled().await;
            assert_eq!(browser.sends(first, "/birthday", ""), "Ada is 38");
            db.settled().await;
            browser.sends(first, "/login", "ada");
            db.settled().await;
            let (one, other) = (browser.reads(first, "/"), browser.reads(second, "/"));
            let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
            assert_eq!(json(&one), json(&other));
            let expected = json!({"profile": {"Name": "Ada", "Age": 38}, "user": "ada", "visits": 7});
            assert_eq!(json(&one), expected);
            assert_eq!(count(&db, "n1").await, 1);
            browser.sends(second, "/logout", "");
            db.settled().await;
            assert_eq!(count(&db, "n1").await, 0);
            assert_eq!(browser.reads(first, "/"), "{}");
        }
    }
}
