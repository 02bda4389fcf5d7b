//! The form of Go's `go-sql-driver/mysql`: `[user[:password]@][net[(address)]]/database[?parameters]`.

use std::net::Ipv6Addr;
use std::path::PathBuf;

use super::error::{DsnError, Form};
use super::{Address, DEFAULT_HOST, DEFAULT_PORT, Dsn, Parsed, Secret, parameters};
use crate::Place;

/// Reads Go's form.
///
/// As in Go, nothing in front of the last `/` is percent-encoded: the password ends at the last `@` before that
/// slash, so it may hold `@`, `/` and `:`.
///
/// # Source
///
/// `go-sql-driver/mysql`, `dsn.go`, `ParseDSN`.
pub(super) fn parse(text: &str, place: Place) -> Result<Parsed, DsnError> {
    let malformed = |reason| DsnError::Malformed { form: Form::Go, reason, place };
    let wrong = |reason| if looks_like_a_url(text) { DsnError::Scheme { place } } else { malformed(reason) };

    let (front, tail) =
        text.rsplit_once('/').ok_or_else(|| wrong("there is no `/` before the name of the database"))?;
    let (account, place_of_server) = match front.rsplit_once('@') {
        Some((account, server)) => (Some(account), server),
        // The slash belongs to the password then, and what follows it must not be taken for a name to show.
        None if tail.contains('@') => return Err(wrong("there is no `/` between the address and the database")),
        None => (None, front),
    };
    let address = address(place_of_server).map_err(wrong)?;
    let (database, query) = tail.split_once('?').unwrap_or((tail, ""));
    let (user, password) = match account.map(|account| account.split_once(':').ok_or(account)) {
        None => ("", None),
        Some(Err(user)) => (user, None),
        Some(Ok((user, password))) => (user, Some(password)),
    };

    let mut dsn = Dsn::new(address, user);
    dsn.password = password.map(Secret::new);
    let database = parameters::decoded(database).ok_or_else(|| malformed("the database's name is no UTF-8 text"))?;
    dsn.database = Some(database).filter(|name| !name.is_empty());
    Ok(parameters::finish(dsn, parameters::parse(query, Form::Go, place)?))
}

fn address(text: &str) -> Result<Address, &'static str> {
    let (net, address) = match text.split_once('(') {
        None => (text, ""),
        Some((net, rest)) => match rest.strip_suffix(')') {
            Some(address) => (net, address),
            None if rest.contains(')') => {
                return Err(
                    "something stands between the `)` of the address and the last `/` (a `/` further on, in a \
                            parameter, is written %2F)",
                );
            }
            None => return Err("the address has no `)` right before the `/` of the database"),
        },
    };
    match net {
        "" | "tcp" => host_and_port(address),
        "unix" if address.is_empty() => Err("`unix(…)` needs the path of a socket in it"),
        "unix" => Ok(Address::Unix(PathBuf::from(address))),
        net if net.contains('/') => Err("a second `/` stands before the last one (in a parameter, write it %2F)"),
        _ => Err("the address is neither `tcp(host:port)` nor `unix(/path)`"),
    }
}

/// Reads `host:port`, where both may be missing, and an IPv6 address may have brackets or, without a port, none.
fn host_and_port(text: &str) -> Result<Address, &'static str> {
    let bracketed = text.strip_prefix('[').map(|rest| rest.split_once(']').ok_or("an IPv6 address has no `]`"));
    let (host, port) = match bracketed.transpose()? {
        Some((host, rest)) if ipv6(host).is_some() => match rest.strip_prefix(':') {
            Some(port) => (host, Some(port)),
            None if rest.is_empty() => (host, None),
            None => return Err("only `:port` may follow the `]` of an IPv6 address"),
        },
        Some(_) => return Err("what stands in `[…]` is no IPv6 address"),
        None if ipv6(text).is_some() => (text, None),
        None => match text.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (text, None),
        },
    };
    let port = port.map_or(Ok(DEFAULT_PORT), self::port)?;
    let host = if host.is_empty() { DEFAULT_HOST } else { host };
    if !is_host(host) {
        return Err("the host is neither a name nor an IP address");
    }
    Ok(Address::Tcp { host: ipv6(host).unwrap_or_else(|| host.to_owned()), port })
}

pub(super) fn port(text: &str) -> Result<u16, &'static str> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let port = if digits { text.parse().unwrap_or(0) } else { 0 };
    if port == 0 { Err("the port is no number of 1 to 65535") } else { Ok(port) }
}

/// Tells whether a text can be a host; `253` is the longest name in DNS.
pub(super) fn is_host(text: &str) -> bool {
    let right = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    ipv6(text).is_some() || (!text.is_empty() && text.len() <= 253 && text.chars().all(right))
}

/// Reads an IPv6 address, perhaps with a zone (`fe80::1%eth0`), and returns it in the one form that is as short as can
/// be: two texts of one address are one address.
pub(super) fn ipv6(text: &str) -> Option<String> {
    let (address, zone) = match text.split_once('%') {
        Some((address, zone)) => (address, Some(zone)),
        None => (text, None),
    };
    let address = address.parse::<Ipv6Addr>().ok()?;
    match zone {
        Some(zone) => parameters::is_name(zone).then(|| format!("{address}%{zone}")),
        None => Some(address.to_string()),
    }
}

fn looks_like_a_url(text: &str) -> bool {
    text.split_once("://").is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    })
}
