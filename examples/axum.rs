//! A web service whose sessions a Go service shares: values, flashes, a struct, login and logout.
//!
//! It is the example of the Go package clustersqlstore, and some more, in Rust. Try it on a cluster of your own machine:
//!
//! ```sh
//! csqlstore sandbox up                                # real servers; prints where they are
//! csqlstore migrate up
//! export CSQLSTORE_NODES='n1=mysql://… n2=mysql://…'  # as `sandbox up` printed them
//! export CSQLSTORE_KEYS='raw:the-hash-key,raw:0123456789abcdef'
//! cargo run --example axum --features axum
//! curl -c jar -b jar -d 'bar=baz' http://127.0.0.1:8080/values
//! curl -c jar -b jar http://127.0.0.1:8080/
//! ```

use std::collections::BTreeMap;
use std::error::Error;

use axum::routing::{get, post};
use axum::{Form, Router};
use csqlstore::cluster::dsn::NamedDsn;
use csqlstore::cluster::{Farm, Node, farm};
use csqlstore::go_struct;
use csqlstore::securecookie::Keyring;
use csqlstore::store::{Settings, Store};
use csqlstore::web::{self, Session, SessionLayer};
use serde::Deserialize;
use tokio::net::TcpListener;

/// A struct that both services know. In Go: `type Profile struct { Name string; Age int }`, and `gob.Register(Profile{})`
/// in package main.
#[derive(Deserialize)]
struct Profile {
    #[serde(alias = "Name")]
    name: String,
    #[serde(alias = "Age")]
    age: isize,
}

go_struct!(Profile as "main.Profile" { name => "Name", age => "Age" });

/// What the session holds, as JSON.
async fn show(session: Session) -> String {
    session.lock().values().to_json().to_string()
}

/// What visitors may write: all keys of a session are one map, and who is logged in is one of them.
const THEIRS: [&str; 2] = ["bar", "baz"];

/// Puts what a form sends into the session.
async fn set(session: Session, Form(fields): Form<BTreeMap<String, String>>) {
    for (key, value) in fields.into_iter().filter(|(key, _)| THEIRS.contains(&key.as_str())) {
        session.insert(&key, value);
    }
}

/// Counts, in a Go `int`.
async fn visit(session: Session) -> Result<String, web::Error> {
    let visits = session.get::<Option<isize>>("visits")?.unwrap_or(0) + 1;
    session.insert("visits", visits);
    Ok(visits.to_string())
}

/// Leaves a message that is shown once.
async fn add_flash(session: Session, message: String) -> Result<(), web::Error> {
    Ok(session.add_flash(message)?)
}

/// Shows the messages, one a line.
async fn show_flashes(session: Session) -> Result<String, web::Error> {
    let flashes = session.take_flashes()?;
    Ok(flashes.iter().filter_map(|flash| flash.as_str()).collect::<Vec<_>>().join("\n"))
}

async fn set_profile(session: Session, Form(profile): Form<Profile>) {
    session.insert("profile", profile);
}

async fn birthday(session: Session) -> Result<String, web::Error> {
    let mut profile: Profile = session.get("profile")?;
    profile.age += 1;
    let text = format!("{} is {}", profile.name, profile.age);
    session.insert("profile", profile);
    Ok(text)
}

/// Logs a user in. The id changes, so that one that somebody planted before is worth nothing.
async fn login(session: Session, user: String) {
    session.regenerate();
    session.insert("user", user);
}

async fn logout(session: Session) {
    session.delete();
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::var("ADDR").unwrap_or_else(|_| "127.0.0.1:8080".to_owned());
    let farm = Farm::new("sessions", farm::Options::default());
    for entry in std::env::var("CSQLSTORE_NODES")?.split_whitespace() {
        let NamedDsn { name, dsn, .. } = NamedDsn::parse(entry)?;
        farm.add_node(Node::new(name, dsn))?;
    }
    let keys = Keyring::parse(&std::env::var("CSQLSTORE_KEYS")?)?;
    let store = Store::new(farm, keys, Settings::default());

    let app = Router::new()
        .route("/", get(show))
        .route("/values", post(set))
        .route("/visit", post(visit))
        .route("/flashes", get(show_flashes).post(add_flash))
        .route("/profile", post(set_profile))
        .route("/birthday", post(birthday))
        .route("/login", post(login))
        .route("/logout", post(logout))
        .layer(SessionLayer::new(store.clone(), "session-key"));

    let listener = TcpListener::bind(address).await?;
    #[expect(clippy::print_stdout, reason = "it says where it can be found")]
    {
        println!("http://{}", listener.local_addr()?);
    }
    let stopped = async {
        // Without a way to be told it runs until it is killed.
        let _ = tokio::signal::ctrl_c().await;
    };
    axum::serve(listener, app).with_graceful_shutdown(stopped).await?;
    store.close().await;
    Ok(())
}
