//! The tower layer and the extractors, in a service of the test's own.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode};
use axum::routing::{get, post};
use csqlstore::store::{Conflicts, Settings};
use csqlstore::web::{self, Session, SessionLayer, Sessions};
use http::header::SET_COOKIE;
use tower_service::Service as _;

use crate::cases;
use crate::support::Database;
use crate::support::browser::{Browser, store, through_a_relay};
use crate::support::database::PATIENCE;
use crate::support::expiry::count;

cases! {
    Beside: [
        a_route_without_the_layer_says_what_mends_it,
        several_sessions_are_saved_before_the_response_leaves,
        what_a_handler_did_before_it_failed_is_not_saved,
        a_session_that_another_request_was_faster_with_is_a_409,
        values_that_cannot_be_written_are_a_500,
        what_was_saved_before_an_error_is_told_to_the_browser,
        who_leaves_before_the_response_has_saved_all_of_it,
    ],
}

impl Browser {
    /// Asks a service, and has the status and the text of its answer.
    async fn calls(&mut self, app: &Router, path: &str) -> (StatusCode, String) {
        let mut request = Request::builder().method(Method::POST).uri(path).body(Body::empty()).unwrap();
        *request.headers_mut() = self.headers();
        let response = app.clone().call(request).await.unwrap();
        response.headers().get_all(SET_COOKIE).iter().for_each(|header| self.takes(header));
        let status = response.status();
        let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }
}

async fn visit(session: Session) -> Result<String, web::Error> {
    let visits = session.get::<Option<i64>>("visits")?.unwrap_or(0) + 1;
    session.insert("visits", visits);
    Ok(visits.to_string())
}

async fn a_route_without_the_layer_says_what_mends_it() {
    let app = Router::new().route("/", post(visit));
    let (status, text) = Browser::default().calls(&app, "/").await;
    assert_eq!(status, 500);
    assert!(text.contains("`.layer(SessionLayer::new(store, \"NAME\"))`"), "{text}");
}

async fn several_sessions_are_saved_before_the_response_leaves() {
    async fn both(sessions: Sessions, session: Session) -> Result<(), web::Error> {
        let cart = sessions.get("cart").await?;
        cart.insert("items", vec!["apple"]);
        session.insert("user", "ada");
        assert_eq!(sessions.usual().await?.get::<String>("user")?, "ada", "the same session");
        Ok(())
    }
    let db = Database::migrated().await;
    let layer = SessionLayer::new(store(&db, &["n1"], Settings::default()), "sid");
    let app = Router::new().route("/", post(both)).route("/none", post(async || "no session")).layer(layer);
    let mut browser = Browser::default();
    assert_eq!(browser.calls(&app, "/none").await, (StatusCode::OK, "no session".to_owned()));
    assert_eq!(browser.calls(&app, "/").await.0, 200);
    let mut names: Vec<&str> = browser.cookies.iter().map(|(name, _)| name.as_str()).collect();
    names.sort();
    assert_eq!(names, ["cart", "sid"]);
    assert_eq!(count(&db, "n1").await, 2);
}

async fn what_a_handler_did_before_it_failed_is_not_saved() {
    async fn fails(session: Session) -> (StatusCode, &'static str) {
        session.insert("visits", 99_i64);
        session.delete();
        (StatusCode::INTERNAL_SERVER_ERROR, "it broke")
    }
    async fn refuses(session: Session) -> StatusCode {
        session.insert("tries", 1_i64);
        StatusCode::FORBIDDEN
    }
    let db = Database::migrated().await;
    let layer = SessionLayer::new(store(&db, &["n1"], Settings::default()), "sid");
    let app = Router::new()
        .route("/visit", post(visit))
        .route("/fails", post(fails))
        .route("/refuses", post(refuses))
        .layer(layer);
    let mut browser = Browser::default();
    assert_eq!(browser.calls(&app, "/visit").await.1, "1");
    assert_eq!(browser.calls(&app, "/fails").await, (StatusCode::INTERNAL_SERVER_ERROR, "it broke".to_owned()));
    assert_eq!(browser.calls(&app, "/visit").await.1, "2");
    // An answer of 4xx is what the handler meant to say.
    assert_eq!(browser.calls(&app, "/refuses").await.0, 403);
    let store = store(&db, &["n1"], Settings::default());
    assert_eq!(browser.get(&store, "sid").await.values().get_as::<i64>("tries").unwrap(), 1);
}

async fn a_session_that_another_request_was_faster_with_is_a_409() {
    let db = Database::migrated().await;
    let store = store(&db, &["n1"], Settings { conflicts: Conflicts::Detected, ..Settings::default() });
    let rival = store.clone();
    // Another request saves or deletes the session while this one has it.
    let overtaken = async move |sessions: Sessions, session: Session| -> Result<(), web::Error> {
        session.insert("visits", 10_i64);
        let other = csqlstore::store::Registry::new(rival.clone(), &sessions.cookies().clone());
        let same = other.get("sid").await?;
        if same.get::<i64>("visits")? == 1 {
            same.insert("visits", 5_i64)
        } else {
            same.delete()
        }
        Ok(other.commit(&mut http::HeaderMap::new()).await?)
    };
    let app = Router::new()
        .route("/visit", post(visit))
        .route("/overtaken", post(overtaken))
        .layer(SessionLayer::new(store.clone(), "sid"));
    let mut browser = Browser::default();
    browser.calls(&app, "/visit").await;
    let (status, text) = browser.calls(&app, "/overtaken").await;
    assert_eq!(
        (status, text.as_str()),
        (StatusCode::CONFLICT, "Your session was changed by another request; please try again.")
    );
    assert_eq!(browser.get(&store, "sid").await.values().get_as::<i64>("visits").unwrap(), 5);
    assert_eq!(browser.calls(&app, "/overtaken").await.0, 409);
    assert_eq!(count(&db, "n1").await, 0, "what was deleted is not brought back");
}

async fn values_that_cannot_be_written_are_a_500() {
    async fn too_long(session: Session) -> &'static str {
        session.insert("text", "x".repeat(5000));
        "never seen"
    }
    async fn of_another_type(session: Session) -> Result<(), web::Error> {
        session.insert("n", "text");
        session.get::<i64>("n").map(drop)?;
        Ok(())
    }
    let db = Database::migrated().await;
    let layer = SessionLayer::new(store(&db, &["n1"], Settings::default()), "sid");
    let app = Router::new()
        .route("/", post(too_long))
        .route("/typed", post(of_another_type).merge(get(too_long)))
        .layer(layer);
    let expected = (StatusCode::INTERNAL_SERVER_ERROR, "The session cannot be used.".to_owned());
    assert_eq!(Browser::default().calls(&app, "/").await, expected);
    assert_eq!(Browser::default().calls(&app, "/typed").await, expected);
    assert_eq!(count(&db, "n1").await, 0);
}

async fn what_was_saved_before_an_error_is_told_to_the_browser() {
    async fn half(sessions: Sessions, session: Session) -> Result<(), web::Error> {
        sessions.get("cart").await?.insert("items", vec!["apple"]);
        session.insert("text", "x".repeat(5000));
        Ok(())
    }
    let db = Database::migrated().await;
    let layer = SessionLayer::new(store(&db, &["n1"], Settings::default()), "sid");
    let mut browser = Browser::default();
    assert_eq!(browser.calls(&Router::new().route("/", post(half)).layer(layer), "/").await.0, 500);
    let names: Vec<&str> = browser.cookies.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!((names, count(&db, "n1").await), (vec!["cart"], 1));
}

async fn who_leaves_before_the_response_has_saved_all_of_it() {
    let db = Database::migrated().await;
    let (store, relay) = through_a_relay(&db, PATIENCE);
    let relay = Arc::new(relay);
    let holds = Arc::clone(&relay);
    let both = async move |sessions: Sessions, session: Session| -> Result<(), web::Error> {
        sessions.get("cart").await?.insert("items", vec!["apple"]);
        session.insert("user", "ada");
        // The first of the two gets no answer for now.
        holds.hold();
        Ok(())
    };
    let app = Router::new()
        .route("/visit", post(visit))
        .route("/both", post(both))
        .layer(SessionLayer::new(store.clone(), "sid"));
    let mut browser = Browser::default();
    assert_eq!(browser.calls(&app, "/visit").await.0, 200);
    let leaving = browser.clone();
    assert!(tokio::time::timeout(Duration::from_millis(500), browser.calls(&app, "/both")).await.is_err());
    relay.let_go();
    let begin = Instant::now();
    while leaving.get(&store, "sid").await.values().get("user").is_none() {
        assert!(begin.elapsed() < PATIENCE, "only half of it was saved");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(count(&db, "n1").await, 2);
    store.close().await;
}
