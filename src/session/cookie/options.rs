//! What a session's cookie says of itself.

use std::time::Duration;

/// The attributes of a session's cookie, as gorilla's `sessions.Options` has them.
///
/// ```
/// use csqlstore::session::cookie::{MaxAge, Options};
/// use std::time::Duration;
///
/// let options = Options { max_age: MaxAge::For(Duration::from_secs(3600)), ..Options::default() };
/// assert!(options.secure && options.http_only);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Below which path the browser sends the cookie; left out where it is empty.
    pub path: String,
    /// To which domain and its subdomains the browser sends it; empty for the one host that set it. One that is no domain
    /// is left out, as Go does.
    pub domain: String,
    /// How long the session lives from when it is saved.
    pub max_age: MaxAge,
    /// Whether the browser sends it over TLS only.
    pub secure: bool,
    /// Whether scripts of the page are kept from reading it.
    pub http_only: bool,
    /// With which requests from other sites it is sent.
    pub same_site: SameSite,
    /// Whether, within a page of another site, it is kept apart for that site (CHIPS). It needs `secure`.
    pub partitioned: bool,
}

impl Default for Options {
    /// Path `/`, 30 days, `Secure`, `HttpOnly`, `SameSite=Lax`.
    fn default() -> Self {
        Self {
            path: "/".to_owned(),
            domain: String::new(),
            max_age: MaxAge::For(Duration::from_secs(30 * 86_400)),
            secure: true,
            http_only: true,
            same_site: SameSite::Lax,
            partitioned: false,
        }
    }
}

impl Options {
    /// The attributes that clustersqlstore gives its cookies: a path and a max age in seconds, and nothing else.
    ///
    /// Scripts can read such a cookie, and it goes over plain HTTP. It is for a service that has to look like the Go one to
    /// the byte; two services share a login just as well with cookies of different attributes.
    ///
    /// # Source
    ///
    /// `NewClusterSQLStore` and `New` in clustersqlstore, which copies path and max age only, whatever else was set.
    #[must_use]
    pub fn go_compat(path: impl Into<String>, max_age_s: i64) -> Self {
        Self {
            path: path.into(),
            domain: String::new(),
            max_age: MaxAge::from_seconds(max_age_s),
            secure: false,
            http_only: false,
            same_site: SameSite::Unsaid,
            partitioned: false,
        }
    }
}

/// How long a session lives from when it is saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MaxAge {
    /// So long, in whole seconds, in the browser and in the table. Less than a second is [`MaxAge::Browser`].
    For(Duration),
    /// In the browser until it is closed: the cookie has no `Max-Age`. The row has a lifetime of its own, which the store
    /// sets.
    Browser,
    /// Not at all: saving deletes the row, and the browser drops the cookie.
    Ended,
}

impl MaxAge {
    /// Reads gorilla's `MaxAge`: seconds, 0 for a browser session, and below 0 to delete.
    #[must_use]
    pub fn from_seconds(seconds: i64) -> Self {
        match u64::try_from(seconds) {
            Ok(0) => Self::Browser,
            Ok(seconds) => Self::For(Duration::from_secs(seconds)),
            Err(_) => Self::Ended,
        }
    }

    /// Returns gorilla's `MaxAge`.
    #[must_use]
    pub fn as_seconds(self) -> i64 {
        match self {
            Self::For(age) => i64::try_from(age.as_secs()).unwrap_or(i64::MAX),
            Self::Browser => 0,
            Self::Ended => -1,
        }
    }
}

/// With which requests from other sites the browser sends the cookie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SameSite {
    /// The attribute is left out; browsers differ in what they make of that. Go's `SameSiteDefaultMode`.
    Unsaid,
    /// With links from other sites, and no other of their requests.
    #[default]
    Lax,
    /// With none.
    Strict,
    /// With all. Browsers take this from cookies that are `Secure` only.
    None,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_gorillas() {
        for (seconds, age, back) in [
            (3600, MaxAge::For(Duration::from_secs(3600)), 3600),
            (0, MaxAge::Browser, 0),
            (-1, MaxAge::Ended, -1),
            (-3600, MaxAge::Ended, -1),
        ] {
            assert_eq!(MaxAge::from_seconds(seconds), age);
            assert_eq!(age.as_seconds(), back);
        }
        assert_eq!(MaxAge::For(Duration::from_millis(999)).as_seconds(), 0);
        assert_eq!(MaxAge::For(Duration::MAX).as_seconds(), i64::MAX);
    }

    #[test]
    fn the_default_keeps_scripts_plain_http_and_other_sites_out() {
        let options = Options::default();
        assert_eq!((options.secure, options.http_only, options.same_site), (true, true, SameSite::Lax));
        let compat = Options::go_compat("/app", 3600);
        assert_eq!((compat.secure, compat.http_only, compat.same_site), (false, false, SameSite::Unsaid));
        assert_eq!((compat.path.as_str(), compat.max_age.as_seconds()), ("/app", 3600));
    }
}
