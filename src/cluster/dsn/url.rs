//! The URL form: `mysql://user:password@host:port/database?parameters`.

use ::url::{Host, ParseError, Url};
use zeroize::Zeroizing;

use super::error::{DsnError, Form};
use super::{Address, DEFAULT_HOST, DEFAULT_PORT, Dsn, Parsed, Secret, go, parameters};
use crate::Place;

const SCHEME: &str = "mysql://";

/// Returns what follows `mysql://`, or `None` if the text is not of this form.
pub(super) fn without_scheme(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_at_checked(SCHEME.len())?;
    scheme.eq_ignore_ascii_case(SCHEME).then_some(rest)
}

/// Reads what follows `mysql://`.
pub(super) fn parse(rest: &str, place: Place) -> Result<Parsed, DsnError> {
    let malformed = |reason| DsnError::Malformed { form: Form::Url, reason, place };

    // A password with a bare `/`, `?` or `#` in it moves the rest of the text to where names are shown. Such a text
    // has an `@` after its authority, which is refused before anything else is looked at.
    let (authority, tail) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    if tail.contains('@') {
        return Err(malformed(
            "an `@` stands behind the address (in a password, `/` is written %2F, `?` %3F, `#` %23)",
        ));
    }
    if tail.contains('#') {
        return Err(malformed("it has a `#` (in a password, that is written %23)"));
    }
    let (account, server) = authority.rsplit_once('@').unwrap_or(("", authority));
    if server.contains('(') {
        return Err(malformed("`tcp(…)` and `unix(…)` belong to the form without `mysql://`"));
    }
    let server = match server.strip_prefix(':') {
        Some(port) => Zeroizing::new(format!("{DEFAULT_HOST}:{port}")),
        None if server.is_empty() => Zeroizing::new(DEFAULT_HOST.to_owned()),
        None => Zeroizing::new(server.to_owned()),
    };
    let (server, zone) = without_zone(&server);
    // The account stays out of it: what the crate `url` keeps is not overwritten when it goes.
    let url = Url::parse(&format!("{SCHEME}{}", server.as_str())).map_err(|error| {
        malformed(match error {
            ParseError::InvalidPort => "the port is no number of 1 to 65535",
            ParseError::InvalidIpv6Address => "what stands in `[…]` is no IPv6 address",
            _ => "the host is neither a name nor an IP address",
        })
    })?;

    let mut dsn = Dsn::new(address(&url, zone).map_err(malformed)?, "");
    let not_utf8 = || malformed("the user or the password is no UTF-8 text once it is percent-decoded");
    let (user, secret) = account.split_once(':').map_or((account, None), |(user, secret)| (user, Some(secret)));
    dsn.user = parameters::decoded(user).ok_or_else(not_utf8)?;
    dsn.password = secret.map(|secret| password(secret).ok_or_else(not_utf8)).transpose()?;
    let (path, query) = tail.split_once('?').unwrap_or((tail, ""));
    let path = path.strip_prefix('/').unwrap_or(path);
    if path.contains('/') {
        return Err(malformed("more than the name of the database stands behind the address"));
    }
    let database = parameters::decoded(path).ok_or_else(|| malformed("the database's name is no UTF-8 text"))?;
    dsn.database = Some(database).filter(|name| !name.is_empty());
    Ok(parameters::finish(dsn, parameters::parse(query, Form::Url, place)?))
}

/// Takes the zone out of an IPv6 address in brackets, which the URL's own rules do not know: RFC 6874 writes it
/// `[fe80::1%25eth0]`, people without the `25`.
fn without_zone(server: &str) -> (Zeroizing<String>, Option<&str>) {
    let parts = server.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    match parts.and_then(|(inside, after)| Some((inside.split_once('%')?, after))) {
        Some(((address, zone), after)) => {
            (Zeroizing::new(format!("[{address}]{after}")), Some(zone.strip_prefix("25").unwrap_or(zone)))
        }
        None => (Zeroizing::new(server.to_owned()), None),
    }
}

fn address(url: &Url, zone: Option<&str>) -> Result<Address, &'static str> {
    let wrong = "the host is neither a name nor an IP address";
    let host = match url.host().ok_or(wrong)? {
        Host::Domain(name) => parameters::decoded(name).filter(|name| go::is_host(name)).ok_or(wrong)?,
        Host::Ipv4(address) => address.to_string(),
        Host::Ipv6(address) => match zone {
            Some(zone) => go::ipv6(&format!("{address}%{zone}")).ok_or("what stands in `[…]` is no IPv6 address")?,
            None => address.to_string(),
        },
    };
    match url.port() {
        Some(0) => Err("the port is no number of 1 to 65535"),
        port => Ok(Address::Tcp { host, port: port.unwrap_or(DEFAULT_PORT) }),
    }
}

/// A password may hold any character, a control character included, if it is percent-encoded.
fn password(encoded: &str) -> Option<Secret> {
    // Room for all at once: a list that moved while it grew would leave a part of the password behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(encoded.len()));
    bytes.extend(percent_encoding::percent_decode_str(encoded));
    std::str::from_utf8(&bytes).ok().map(Secret::new)
}
