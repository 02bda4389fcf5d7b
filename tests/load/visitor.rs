//! One visitor: a browser with the cookie of one session, who knows what it is to hold.

use std::time::{Duration, Instant};

use csqlstore::store::{Error, Session, Store};
use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};
use serde::{Deserialize, Serialize};

use super::{Event, now_ms, say};

/// The sessions' name.
const NAME: &str = "session-key";

/// For so long an older state is looked at again before the newer one counts as lost: several times what a node may be
/// behind.
const CATCHING_UP: Duration = Duration::from_secs(20);

/// One visitor.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Visitor {
    pub who: String,
    /// The `Cookie` header.
    pub cookie: String,
    /// The number of the last save that was acknowledged.
    pub saved: i64,
    /// The number of the last save that was tried: one that failed may have been done all the same.
    pub tried: i64,
}

/// What a session is that was got.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// As it was saved.
    Good(i64),
    /// As it was saved before.
    Older(i64),
    /// It is not there.
    Missing(String),
    /// Somebody else's, or of a state that nobody saved.
    Foreign(String),
}

type Failure = (&'static str, Error);

impl Visitor {
    pub fn new(who: String) -> Self {
        Self { who, cookie: String::new(), saved: 0, tried: 0 }
    }

    /// The headers of his next request.
    fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, HeaderValue::from_str(&self.cookie).expect("a cookie is a header"));
        headers
    }

    fn takes(&mut self, set_cookie: &HeaderValue) {
        let header = set_cookie.to_str().expect("a header of ours is text");
        self.cookie.clear();
        self.cookie.push_str(header.split(';').next().unwrap_or_default());
    }

    /// Begins the session, with as much in it as a usual one has.
    pub async fn begin(&mut self, store: &Store) -> Result<(), Error> {
        let mut session = store.begin(NAME);
        let values = session.values_mut();
        values.insert("user", self.who.as_str());
        values.insert("name", "Ada Lovelace");
        values.insert("theme", "dark");
        values.insert("n", self.tried + 1);
        values.insert("admin", true);
        values.insert("csrf", b"0123456789abcdef0123456789abcdef".to_vec());
        values.insert("login", jiff::Timestamp::now());
        values.add_flash("Saved.").expect("flashes are a list");
        values.add_flash("One item is out of stock.").expect("flashes are a list");
        let cookie = store.save(&mut session).await?;
        self.tried += 1;
        self.saved = self.tried;
        self.takes(&cookie);
        Ok(())
    }

    /// Gets the session.
    pub async fn get(&self, store: &Store) -> Result<Session, Error> {
        store.get(&self.headers(), NAME).await
    }

    /// Says what a session is that was got with his cookie.
    pub fn judge(&self, session: &Session) -> Found {
        if let Some(why) = session.why_new() {
            return Found::Missing(why.as_str().to_owned());
        }
        let (user, n) = (session.values().get_as::<String>("user"), session.values().get_as::<i64>("n"));
        match (user, n) {
            (Ok(user), Ok(n)) if user == self.who && n <= self.tried => {
                if n < self.saved {
                    Found::Older(n)
                } else {
                    Found::Good(n)
                }
            }
            (user, n) => Found::Foreign(format!("{user:?}, {n:?} of {}", self.tried)),
        }
    }

    /// Gets the session and saves it; `served` is told after each.
    pub async fn visit(&mut self, store: &Store, served: &mut impl FnMut(&str)) -> Result<(), Failure> {
        let mut session = self.get(store).await.map_err(|error| ("get", error))?;
        served("get");
        let begin = (Instant::now(), now_ms());
        let n = loop {
            let found = self.judge(&session);
            let (who, saved) = (self.who.clone(), self.saved);
            match found {
                Found::Good(n) => break n,
                Found::Older(_) if begin.0.elapsed() < CATCHING_UP => {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    session = self.get(store).await.map_err(|error| ("get", error))?;
                    if let (Found::Older(found), Found::Good(_)) = (&found, self.judge(&session)) {
                        let ms = begin.0.elapsed().as_millis() as u64;
                        say(&Event::Stale { who, at_ms: begin.1, saved, found: *found, ms });
                    }
                    served("get");
                }
                Found::Older(n) => {
                    let why = "the save before is not there".to_owned();
                    say(&Event::Lost { who, at_ms: begin.1, saved, found: Some(n), why });
                    self.saved = n;
                    break n;
                }
                Found::Missing(why) => {
                    say(&Event::Lost { who, at_ms: begin.1, saved, found: None, why });
                    return self.begin(store).await.map_err(|error| ("begin", error));
                }
                Found::Foreign(found) => {
                    say(&Event::Mixed { who, at_ms: begin.1, found });
                    return self.begin(store).await.map_err(|error| ("begin", error));
                }
            }
        };
        self.tried = n.max(self.tried) + 1;
        session.values_mut().insert("n", self.tried);
        let cookie = store.save(&mut session).await.map_err(|error| ("save", error))?;
        self.saved = self.tried;
        self.takes(&cookie);
        served("save");
        Ok(())
    }
}
