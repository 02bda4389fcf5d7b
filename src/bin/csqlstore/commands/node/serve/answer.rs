//! From a request to its answer. Pure: what is known of the nodes comes as a [`View`].

use csqlstore::health::{ClusterVerdict, NodeReport};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{self, HeaderValue};
use hyper::{HeaderMap, Method, Response, StatusCode};
use percent_encoding::percent_decode_str;

use super::super::look::summary;
use super::page;
use super::token::Token;
use super::view::View;
use crate::ui::plain;

/// clustercheck's own words, to the byte: scripts look for them.
///
/// # Source
///
/// Percona XtraDB Cluster, `scripts/clustercheck`.
pub(super) const SYNCED: &str = "Percona XtraDB Cluster Node is synced.\r\n";
const NOT_SYNCED: &str = "Percona XtraDB Cluster Node is not synced.\r\n";
const READ_ONLY: &str = "Percona XtraDB Cluster Node is read-only.\r\n";

const TEXT: &str = "text/plain; charset=utf-8";

/// What there is to ask for.
#[derive(Debug, PartialEq, Eq)]
enum Route {
    Cluster,
    Node(String),
    Metrics,
    Status,
    Page,
}

impl Route {
    fn of(path: &str) -> Option<Self> {
        match path {
            "/" => Some(Self::Cluster),
            "/metrics" => Some(Self::Metrics),
            "/api/status" => Some(Self::Status),
            "/ui" | "/ui/" => Some(Self::Page),
            _ => {
                let name = percent_decode_str(path.strip_prefix("/nodes/")?).decode_utf8().ok()?;
                (!name.is_empty()).then(|| Self::Node(name.into_owned()))
            }
        }
    }

    /// Whether it answers in one word: to whoever asks, and as clustercheck does, whatever the method; HAProxy's is
    /// OPTIONS where nothing else is configured.
    fn is_check(&self) -> bool {
        matches!(self, Self::Cluster | Self::Node(_))
    }

    fn allows(&self, method: &Method) -> bool {
        *method == Method::GET || *method == Method::HEAD || (self.is_check() && *method == Method::OPTIONS)
    }
}

/// A request, as far as it matters.
pub(super) struct Asked<'a> {
    pub(super) method: &'a Method,
    pub(super) path: &'a str,
    pub(super) headers: &'a HeaderMap,
}

/// Answers a request.
pub(super) fn answer(
    asked: &Asked<'_>,
    token: Option<&Token>,
    view: impl FnOnce() -> View,
    answers: u64,
) -> Response<Full<Bytes>> {
    let Asked { method, path, headers } = asked;
    let Some(route) = Route::of(path) else { return no_such(path) };
    if !route.allows(method) {
        let allowed = if route.is_check() { "GET, HEAD, OPTIONS" } else { "GET, HEAD" };
        let mut answer = text(StatusCode::METHOD_NOT_ALLOWED, format!("{allowed} are understood here\n"));
        answer.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allowed));
        return answer;
    }
    let shown = headers.get(header::AUTHORIZATION).map(HeaderValue::as_bytes);
    let known = token.is_none_or(|token| shown.is_some_and(|shown| token.is_shown(shown)));
    if !known && !route.is_check() {
        return unauthorized();
    }
    let view = view();
    match route {
        Route::Cluster => match view.report.nodes.as_slice() {
            [node] => check_node(node, known),
            _ => check_cluster(&view, known),
        },
        Route::Node(name) => view.node(&name).map_or_else(|| no_such(path), |node| check_node(node, known)),
        Route::Metrics => typed("text/plain; version=0.0.4; charset=utf-8", view.metrics(answers)),
        Route::Status => match view.json() {
            Ok(json) => typed("application/json", json),
            Err(_) => text(StatusCode::INTERNAL_SERVER_ERROR, "this cannot be written as JSON, which is a bug\n"),
        },
        Route::Page => {
            let mut answer = typed("text/html; charset=utf-8", page::page(&view));
            answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, page::policy().clone());
            answer
        }
    }
}

fn check_node(node: &NodeReport, known: bool) -> Response<Full<Bytes>> {
    if node.usable {
        return text(StatusCode::OK, SYNCED);
    }
    let words = if node.verdict.is_well() || node.vitals.read_only().is_some() { READ_ONLY } else { NOT_SYNCED };
    let reason = match (&node.reason, known) {
        (Some(reason), true) => format!("{} is {}: {}\r\n", plain(&node.name), node.verdict.as_str(), plain(reason)),
        _ => String::new(),
    };
    text(StatusCode::SERVICE_UNAVAILABLE, format!("{words}{reason}"))
}

fn check_cluster(view: &View, known: bool) -> Response<Full<Bytes>> {
    if view.report.verdict < ClusterVerdict::Critical {
        return text(StatusCode::OK, SYNCED);
    }
    let reasons = view.report.nodes.iter().filter(|node| known && !node.verdict.is_well()).map(|node| {
        let reason = plain(node.reason.as_deref().unwrap_or_default());
        format!("{} is {}: {reason}\r\n", plain(&node.name), node.verdict.as_str())
    });
    let summary = if known { format!("{}\r\n", summary(&view.report)) } else { String::new() };
    text(StatusCode::SERVICE_UNAVAILABLE, format!("{NOT_SYNCED}{summary}{}", reasons.collect::<String>()))
}

fn no_such(path: &str) -> Response<Full<Bytes>> {
    let what = if path.starts_with("/nodes/") { "no node has this name" } else { "there is nothing here" };
    text(StatusCode::NOT_FOUND, format!("{what}; there are /, /nodes/NAME, /metrics, /api/status and /ui\n"))
}

fn unauthorized() -> Response<Full<Bytes>> {
    let mut answer = text(StatusCode::UNAUTHORIZED, "this wants the token: `Authorization: Bearer TOKEN`\n");
    // A browser asks for a user, who may be anyone, and a password.
    for way in ["Bearer realm=\"csqlstore\"", "Basic realm=\"csqlstore, the token is the password\""] {
        answer.headers_mut().append(header::WWW_AUTHENTICATE, HeaderValue::from_static(way));
    }
    answer
}

fn text(status: StatusCode, body: impl Into<Bytes>) -> Response<Full<Bytes>> {
    let mut answer = typed(TEXT, body);
    *answer.status_mut() = status;
    answer
}

fn typed(kind: &'static str, body: impl Into<Bytes>) -> Response<Full<Bytes>> {
    let mut answer = Response::new(Full::new(body.into()));
    for (name, value) in [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ] {
        answer.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_what_they_say() {
        for (path, route) in [
            ("/", Some(Route::Cluster)),
            ("/nodes/n1", Some(Route::Node("n1".to_owned()))),
            ("/nodes/192.0.2.1:3306", Some(Route::Node("192.0.2.1:3306".to_owned()))),
            ("/nodes/%5B::1%5D:3306", Some(Route::Node("[::1]:3306".to_owned()))),
            ("/nodes/", None),
            ("/nodes/%ff", None),
            ("/nodes", None),
            ("/metrics", Some(Route::Metrics)),
            ("/metrics/", None),
            ("/api/status", Some(Route::Status)),
            ("/ui", Some(Route::Page)),
            ("/ui/", Some(Route::Page)),
            ("//", None),
            ("*", None),
            ("", None),
        ] {
            assert_eq!(Route::of(path), route, "{path}");
        }
    }
}
