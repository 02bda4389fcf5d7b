//! A store on a test's database, and a browser that talks to it: it keeps its cookies.

use std::time::Duration;

use csqlstore::cluster::{Farm, farm};
use csqlstore::securecookie::Keyring;
use csqlstore::session::cookie::is_name;
use csqlstore::store::{Session, Settings, Store};
use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};

use super::Database;
use super::relay::Relay;

pub const KEYS: &str = "raw:the-hash-key-that-signs-for-all,raw:0123456789abcdef";

/// A farm of these nodes with the database's account, which leaves time to a busy machine; none for all.
pub fn farm(db: &Database, nodes: &[&str]) -> Farm {
    let all = super::farm::nodes(&db.dsns()).into_iter();
    super::farm::of(
        all.filter(|node| nodes.is_empty() || nodes.contains(&node.name())).collect(),
        super::farm::patient(),
    )
}

/// A store on these nodes; none for all.
pub fn store(db: &Database, nodes: &[&str], settings: Settings) -> Store {
    Store::new(farm(db, nodes), Keyring::parse(KEYS).unwrap(), settings)
}

/// A store on the first node, and the relay that is between them.
pub fn through_a_relay(db: &Database, operation: Duration) -> (Store, Relay) {
    let first = super::farm::nodes(&db.dsns()).remove(0);
    let relay = Relay::before(&first);
    let deadlines = farm::Deadlines { operation, ..super::farm::blind().deadlines };
    let options = farm::Options { deadlines, ..super::farm::blind() };
    let farm = super::farm::of(vec![relay.node("n1", &first)], options);
    (Store::new(farm, Keyring::parse(KEYS).unwrap(), Settings::default()), relay)
}

/// A browser with its cookies.
#[derive(Clone, Debug, Default)]
pub struct Browser {
    pub cookies: Vec<(String, String)>,
}

impl Browser {
    /// The headers of its next request.
    pub fn headers(&self) -> HeaderMap {
        let pairs: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut headers = HeaderMap::new();
        if !pairs.is_empty() {
            headers.insert(COOKIE, HeaderValue::from_str(&pairs.join("; ")).unwrap());
        }
        headers
    }

    /// Takes a `Set-Cookie` header, one that takes a cookie back too.
    pub fn takes(&mut self, header: &HeaderValue) {
        let header = header.to_str().unwrap();
        let mut parts = header.split("; ");
        let (name, value) = parts.next().unwrap().split_once('=').unwrap();
        assert!(is_name(name), "{header}");
        self.cookies.retain(|(other, _)| other != name);
        if !parts.any(|part| part == "Max-Age=0") {
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
    }

    pub async fn get(&self, store: &Store, name: &str) -> Session {
        store.get(&self.headers(), name).await.unwrap()
    }

    /// Saves, and takes the cookie.
    pub async fn save(&mut self, store: &Store, session: &mut Session) {
        self.takes(&store.save(session).await.unwrap());
    }
}

/// A browser whose session holds `n` as 1.
pub async fn saved(store: &Store) -> Browser {
    let mut browser = Browser::default();
    let mut session = browser.get(store, "sid").await;
    session.values_mut().insert("n", 1_i64);
    browser.save(store, &mut session).await;
    browser
}
