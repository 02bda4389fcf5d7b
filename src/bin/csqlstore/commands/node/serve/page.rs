//! The page for people: which node is out, and why, in one look.
//!
//! It is HTML and a style, and no script: it loads itself anew by a `meta` element. What servers say (names of states,
//! texts of errors, releases) is text from outside and escaped.

use std::fmt::Write as _;
use std::sync::LazyLock;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use csqlstore::Finding;
use csqlstore::health::{ClusterVerdict, NodeReport, NodeVerdict};
use hyper::header::HeaderValue;
use sha2::{Digest as _, Sha256};

use super::super::look::summary;
use super::view::{Look, View};
use crate::ui::{again, plain};

const STYLE: &str = include_str!("page.css");

/// The page is loaded anew after this many seconds: about as often as there is something new.
const RELOAD_S: u64 = 5;

/// What a browser may do with the page: apply this one style, and nothing else.
///
/// # Source
///
/// W3C, "Content Security Policy Level 3", hash sources.
pub(super) fn policy() -> &'static HeaderValue {
    static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
        let style = STANDARD.encode(Sha256::digest(STYLE));
        let policy = format!(
            "default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        );
        HeaderValue::try_from(policy).expect("base64 and words are a header's value")
    });
    &POLICY
}

/// Writes the page.
pub(super) fn page(view: &View) -> String {
    let report = &view.report;
    let word = report.verdict.as_str();
    let summary = escaped(&summary(report));
    let nodes: String = sorted(view).into_iter().map(|(node, look)| card(view, node, look)).collect();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta http-equiv=\"refresh\" content=\"{RELOAD_S}\">\n\
         <title>{mark} {word}: {summary}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <header class=\"{word}\">\n<h1><b>{mark} {word}</b>: {summary}</h1>\n{out}{stale}\
         <p class=\"quiet\">Cluster {cluster}. {seen}</p>\n</header>\n\
         <main>\n<ul class=\"nodes\">\n{nodes}</ul>\n{findings}</main>\n\
         <footer class=\"quiet\">csqlstore {version}, which looks every {every}. For programs: \
         <a href=\"/api/status\">/api/status</a>, <a href=\"/metrics\">/metrics</a>.</footer>\n</body>\n</html>\n",
        mark = mark(report.verdict),
        out = out(view),
        stale = stale(view),
        cluster = escaped(&view.cluster),
        seen = seen(view),
        findings = findings(view),
        version = env!("CARGO_PKG_VERSION"),
        every = humantime::format_duration(view.pace.every),
    )
}

/// A sign that needs no colour.
fn mark(verdict: ClusterVerdict) -> char {
    match verdict {
        ClusterVerdict::Ok => '✓',
        ClusterVerdict::Warning => '!',
        ClusterVerdict::Critical => '✗',
    }
}

fn node_mark(verdict: NodeVerdict) -> char {
    match verdict {
        NodeVerdict::Ok => '✓',
        NodeVerdict::Degraded | NodeVerdict::Draining => '!',
        NodeVerdict::Unusable | NodeVerdict::Down => '✗',
    }
}

/// The nodes, those that are out first; those that are alike in the order of the configuration.
fn sorted(view: &View) -> Vec<(&NodeReport, &Look)> {
    let mut nodes: Vec<_> = view.nodes().collect();
    nodes.sort_by_key(|(node, _)| std::cmp::Reverse(node.verdict));
    nodes
}

/// Names the nodes that are not well.
fn out(view: &View) -> String {
    let nodes = sorted(view);
    let out = nodes.iter().filter(|(node, _)| !node.verdict.is_well());
    let out: Vec<String> =
        out.map(|(node, _)| format!("<strong>{}</strong> ({})", escaped(&node.name), node.verdict.as_str())).collect();
    if out.is_empty() { String::new() } else { format!("<p>Out: {}</p>\n", out.join(", ")) }
}

/// Says that what is known is too old.
fn stale(view: &View) -> String {
    // What was never looked at is not old.
    let old = view.nodes().filter(|(_, look)| look.stale && look.age.is_some());
    let stale: Vec<String> = old.map(|(node, _)| escaped(&node.name)).collect();
    let most = humantime::format_duration(view.pace.max_age);
    if stale.is_empty() {
        return String::new();
    }
    let whose = if stale.len() == view.looks.len() { String::new() } else { format!(" of {}", stale.join(", ")) };
    format!("<p><strong>The data{whose} is too old</strong>: no look came to an end within the last {most}.</p>\n")
}

/// Says how old what is known is, and as of when.
fn seen(view: &View) -> String {
    let now = view.now.strftime("%Y-%m-%d %H:%M:%S UTC");
    if let Some(age) = view.age() {
        let within = humantime::format_duration(Duration::from_secs(age.as_secs() + 1));
        return format!("As of {now}; every node was looked at within the last {within}.");
    }
    let never = view.nodes().filter(|(_, look)| look.age.is_none());
    let never: Vec<String> = never.map(|(node, _)| escaped(&node.name)).collect();
    format!("As of {now}; not looked at yet: {}.", never.join(", "))
}

fn ago(age: Duration) -> String {
    match age.as_secs() {
        0 => "less than a second ago".to_owned(),
        seconds => format!("{} ago", humantime::format_duration(Duration::from_secs(seconds))),
    }
}

fn card(view: &View, node: &NodeReport, look: &Look) -> String {
    let word = node.verdict.as_str();
    let why = match (&node.reason, node.usable) {
        (Some(reason), _) => format!("<p class=\"why\">{}</p>\n", escaped(reason)),
        (None, false) => "<p class=\"quiet\">It is well, and takes no sessions.</p>\n".to_owned(),
        (None, true) => String::new(),
    };
    let mut facts = String::new();
    for (term, fact) in facts_of(node, look) {
        // Writing to a string cannot fail.
        let _ = writeln!(facts, "<dt>{term}</dt><dd>{}</dd>", escaped(&fact));
    }
    let about = view.report.findings.iter().find(|finding| is_of_card(finding, &node.name));
    format!(
        "<li class=\"{word}\">\n<div class=\"name\"><strong>{name}</strong><span class=\"badge\">{mark} {word}</span></div>\n\
         {why}<dl>\n{facts}</dl>\n{fix}</li>\n",
        name = escaped(&node.name),
        mark = node_mark(node.verdict),
        fix = about.map_or_else(String::new, fix),
    )
}

/// What there is to say of a node, in a few words each.
fn facts_of(node: &NodeReport, look: &Look) -> Vec<(&'static str, String)> {
    let of = |value: Option<u64>, most: Option<u64>| {
        value.map(|value| most.map_or_else(|| value.to_string(), |most| format!("{value} of {most}")))
    };
    let load = &node.load;
    #[expect(clippy::cast_precision_loss, reason = "microseconds, of which no clock is off by 2^53")]
    let clock = node.clock.map(|clock| {
        // Zero has no sign.
        format!("{:+.1} ms", (clock.offset_us as f64 / 100.0).round() / 10.0 + 0.0)
    });
    let facts = [
        ("Address", (node.address != node.name).then(|| node.address.clone())),
        ("State", node.state.clone()),
        ("Latency", node.latency.map(|latency| format!("{:.1} ms", latency.as_secs_f64() * 1e3))),
        ("Queue", of(load.queue, load.queue_limit)),
        ("Paused", load.rates.and_then(|rates| rates.paused_percent).map(|paused| format!("{paused:.1}%"))),
        ("Writes", load.rates.and_then(|rates| rates.writes_per_s).map(|writes| format!("{writes:.1} a second"))),
        ("Connections", of(load.threads_connected, load.max_connections)),
        ("Behind", node.lag.map(|lag| format!("{} s", lag.as_secs()))),
        ("Clock", clock),
        ("Version", node.version.clone()),
        ("Up for", node.uptime.map(|uptime| humantime::format_duration(uptime).to_string())),
        ("Looked at", Some(look.age.map_or_else(|| "not yet".to_owned(), ago))),
    ];
    facts.into_iter().filter_map(|(term, fact)| Some((term, fact?))).collect()
}

/// Whether a finding says of a node what its card does.
fn is_of_card(finding: &Finding, node: &str) -> bool {
    use csqlstore::Code::{NodeDegraded, NodeDown, NodeDraining, NodeUnusable};
    matches!(finding.code, NodeDegraded | NodeDown | NodeDraining | NodeUnusable)
        && finding.node.as_deref() == Some(node)
}

fn findings(view: &View) -> String {
    let on_cards = |finding: &&Finding| view.report.nodes.iter().any(|node| is_of_card(finding, &node.name));
    let others: String = view.report.findings.iter().filter(|finding| !on_cards(finding)).map(finding).collect();
    if others.is_empty() {
        return String::new();
    }
    format!("<h2>What else was noticed</h2>\n<ul class=\"findings\">\n{others}</ul>\n")
}

fn finding(finding: &Finding) -> String {
    format!(
        "<li class=\"{level}\"><p><strong>{level}</strong>: {message} <span class=\"quiet\">[{code}]</span></p>\n{fix}</li>\n",
        level = finding.level.as_str(),
        message = escaped(&finding.message),
        code = finding.code.as_str(),
        fix = fix(finding),
    )
}

fn fix(finding: &Finding) -> String {
    let fix = finding.fix.as_deref().map(|fix| {
        let fix = again(fix);
        let lines: Vec<String> = fix.lines().map(escaped).collect();
        // Open: what is folded would fold again whenever the page loads itself.
        format!("<div class=\"fix\"><p class=\"quiet\">What mends it</p><pre>{}</pre></div>\n", lines.join("\n"))
    });
    fix.unwrap_or_default()
}

/// Escapes text for an element or an attribute in double quotes; what would not be seen is written as an escape.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in plain(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use csqlstore::health::{Outcome, Pace, Reading, Sight, Thresholds};

    use super::*;

    fn view(name: &str, reason: &str, age_s: u64) -> View {
        views(&[(name, Some(age_s))], reason)
    }

    /// Nodes by name, and how many seconds ago each was looked at.
    fn views(nodes: &[(&str, Option<u64>)], reason: &str) -> View {
        let sight = |(name, age_s): &(&str, Option<u64>)| {
            let reading = Reading {
                node: (*name).to_owned(),
                address: format!("{name}:1"),
                outcome: Outcome::Refused(reason.to_owned()),
            };
            let age = age_s.map(Duration::from_secs);
            Sight { reading, age, stale: age_s.is_none_or(|age_s| age_s > 10), looks: age_s.map_or(0, |_| 1) }
        };
        let pace = Pace { every: Duration::from_secs(2), max_age: Duration::from_secs(10) };
        View::new("a \"<cluster>\"", nodes.iter().map(sight).collect(), pace, &Thresholds::default())
    }

    #[test]
    fn when_nodes_were_looked_at_is_said_of_each() {
        for (nodes, said, old) in [
            (&[("n1", Some(1)), ("n2", Some(3))][..], "; every node was looked at within the last 4s.", ""),
            (&[("n1", Some(1)), ("n2", None)], "; not looked at yet: n2.", ""),
            (&[("n1", Some(11)), ("n2", None)], "; not looked at yet: n2.", "The data of n1 is too old"),
            (&[("n1", None), ("n2", None)], "; not looked at yet: n1, n2.", ""),
        ] {
            let view = views(nodes, "why");
            let page = page(&view);
            assert!(page.contains(said) && !page.contains(" seen"), "{said}: {page}");
            assert_eq!(stale(&view).contains(old) && !stale(&view).is_empty(), !old.is_empty(), "{old}: {page}");
            for (name, age) in nodes {
                let fact = age.map_or_else(|| "not yet".to_owned(), |age| format!("{age}s ago"));
                let card = page.split_once(&format!("<strong>{name}</strong><span class=\"badge\">")).unwrap().1;
                let card = card.split("</li>").next().unwrap();
                assert!(card.contains(&format!("<dt>Looked at</dt><dd>{fact}</dd>")), "{name}: {card}");
            }
        }
    }

    #[test]
    fn what_servers_say_stays_text() {
        let page = page(&view("<b>n1", "<script>alert('1')</script> & \"so\"\u{1b}[2J\n", 1));
        assert!(
            page.contains("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &quot;so&quot;\\u{1b}[2J\\n"),
            "{page}"
        );
        assert!(
            page.contains("<strong>&lt;b&gt;n1</strong>") && page.contains("a &quot;&lt;cluster&gt;&quot;"),
            "{page}"
        );
        assert!(!page.contains("<script") && !page.contains("<b>n1") && !page.contains('\u{1b}'), "{page}");
    }

    #[test]
    fn the_page_asks_for_nothing_but_itself() {
        let page = page(&view("n1", "why", 1));
        for outside in ["http:", "https:", "//", "url(", "@import", "src=", "style=", "onload"] {
            assert!(!page.contains(outside), "{outside}: {page}");
        }
        let style =
            page.split_once("<style>").and_then(|(_, rest)| rest.split_once("</style>")).map(|(style, _)| style);
        let hash = format!("'sha256-{}'", STANDARD.encode(Sha256::digest(style.unwrap())));
        assert!(policy().to_str().unwrap().contains(&hash), "a browser would not apply it");
    }

    #[test]
    fn data_that_is_too_old_is_said_to_be() {
        assert!(!page(&view("n1", "why", 10)).contains("too old"));
        assert!(page(&view("n1", "why", 11)).contains("<strong>The data is too old</strong>"));
    }
}
