//! Until when a server's certificate is valid.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

use super::grade::NodeReport;
use super::thresholds::Thresholds;
use crate::cluster::Family;
use crate::{Code, Finding, Level};

/// Reads what a server says in `Ssl_server_not_after`: `Nov  5 03:04:05 2027 GMT`; `None` if that is no time.
pub(super) fn until(text: &str) -> Option<Timestamp> {
    // A day of one digit has a blank in front.
    let words: Vec<&str> = text.split_whitespace().collect();
    let time = words.join(" ");
    let time = DateTime::strptime("%b %d %H:%M:%S %Y", time.strip_suffix(" GMT")?).ok()?;
    Offset::UTC.to_timestamp(time).ok()
}

/// Notices certificates that end soon, or have ended, at the time `at` that each node was asked.
pub(super) fn certificates<'a>(
    nodes: impl Iterator<Item = (&'a NodeReport, Timestamp)>,
    thresholds: &Thresholds,
) -> Vec<Finding> {
    nodes.filter_map(|(node, at)| ends(node, at, thresholds.certificate)).collect()
}

fn ends(node: &NodeReport, at: Timestamp, least: Duration) -> Option<Finding> {
    let until = node.certificate_until?;
    let left = until.as_second() - at.as_second();
    let (level, how) = match u64::try_from(left) {
        Ok(left) if Duration::from_secs(left) >= least => return None,
        Ok(left) => (Level::Warning, format!("ends in {} days", left / 86_400)),
        Err(_) => (Level::Error, "has ended".to_owned()),
    };
    let message = format!(
        "the certificate of node `{}` {how}, at {until}: clients that verify it then connect no more",
        node.name
    );
    let family = Family::of(&node.vitals);
    let reload = match family {
        Family::MariaDb => "FLUSH SSL",
        Family::MySql => "ALTER INSTANCE RELOAD TLS",
    };
    let fix = format!("{reload}; -- once a new certificate is in the file that ssl_cert names in my.cnf");
    Some(Finding::new(level, Code::CertificateExpires, message).on(&node.name).fix(fix))
}

#[cfg(test)]
mod tests {
    use super::super::grade::NodeVerdict;
    use super::*;

    #[test]
    fn the_end_is_read_as_openssl_writes_it() {
        for (text, expected) in [
            ("Nov 25 03:04:05 2027 GMT", Some("2027-11-25T03:04:05Z")),
            ("Jan  5 00:00:00 2036 GMT", Some("2036-01-05T00:00:00Z")),
            ("", None),
            ("Jan  5 00:00:00 2036", None),
            ("Foo 25 03:04:05 2027 GMT", None),
            ("Feb 30 03:04:05 2027 GMT", None),
        ] {
            assert_eq!(until(text).map(|at| at.to_string()).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_certificate_is_noticed_before_it_ends_and_is_an_error_after() {
        let at: Timestamp = "2026-11-25T00:00:00Z".parse().unwrap();
        for (until, expected) in [
            (None, None),
            (Some("2027-11-25T00:00:00Z"), None),
            (Some("2026-12-25T00:00:00Z"), None),
            (Some("2026-12-24T23:59:59Z"), Some((Level::Warning, "ends in 29 days"))),
            (Some("2026-11-25T00:00:01Z"), Some((Level::Warning, "ends in 0 days"))),
            (Some("2026-11-24T23:59:59Z"), Some((Level::Error, "has ended"))),
        ] {
            let certificate_until = until.map(|text| text.parse().unwrap());
            let node = NodeReport { certificate_until, ..NodeReport::bare("n1", "", NodeVerdict::Ok, None) };
            let found = certificates([(&node, at)].into_iter(), &Thresholds::default());
            let told = found.first().map(|finding| finding.level).zip(expected.map(|(_, how)| how));
            assert_eq!(told, expected, "{until:?}");
            assert!(expected.is_none_or(|(_, how)| found[0].message.contains(how)), "{found:?}");
            assert_eq!(found.len(), usize::from(expected.is_some()), "{until:?}");
        }
    }
}
