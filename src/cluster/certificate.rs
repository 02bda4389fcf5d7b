//! What is wrong with a certificate, in words: what the TLS library says is for those who know its types.

/// Why one side does not take the other's certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CertificateFault {
    /// An authority's own certificate is shown by a server. What `openssl req -x509` makes is one.
    AuthorityAsServer,
    /// It is signed by none of the authorities that are taken.
    UnknownIssuer,
    /// It is for another host.
    OtherName,
    /// It is valid no more.
    Expired,
    /// It is not valid yet.
    NotYetValid,
    /// Its authority has taken it back.
    Revoked,
    /// It is meant for something else than a server.
    OtherPurpose,
    /// Its signature is wrong, or of a kind that is not known here.
    Signature,
    /// What is shown is no certificate.
    Malformed,
    /// The server does not take ours, or wants one.
    Ours,
    /// Something else.
    Other,
}

/// Says what is wrong with a server's certificate.
#[cfg(feature = "tls-ring")]
pub(super) fn told(error: &rustls::CertificateError) -> (CertificateFault, String) {
    use CertificateFault as Fault;
    use rustls::CertificateError as E;
    let its = "the server's certificate";
    match error {
        E::UnknownIssuer => {
            (Fault::UnknownIssuer, format!("{its} is signed by no authority that this connection trusts"))
        }
        E::NotValidForName => (Fault::OtherName, format!("{its} is for another host")),
        E::NotValidForNameContext { expected, presented } => {
            let names: Vec<String> = presented.iter().map(|name| bare(name)).collect();
            let names = if names.is_empty() { "no host at all".to_owned() } else { names.join(", ") };
            (Fault::OtherName, format!("{its} is not for `{}`: it names {names}", expected.to_str()))
        }
        E::Expired => (Fault::Expired, format!("{its} has expired")),
        E::ExpiredContext { not_after, .. } => (Fault::Expired, format!("{its} has expired{}", at(*not_after))),
        E::NotValidYet => (Fault::NotYetValid, format!("{its} is not valid yet")),
        E::NotValidYetContext { not_before, .. } => {
            (Fault::NotYetValid, format!("{its} is not valid yet: it begins{}", at(*not_before)))
        }
        E::Revoked => (Fault::Revoked, format!("{its} was revoked")),
        E::InvalidPurpose | E::InvalidPurposeContext { .. } => {
            (Fault::OtherPurpose, format!("{its} is not for servers (extendedKeyUsage)"))
        }
        E::BadSignature => (Fault::Signature, format!("the signature of {its} is wrong")),
        E::UnsupportedSignatureAlgorithmContext { .. } | E::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            (Fault::Signature, format!("{its} is signed in a way that is not taken, as by SHA-1"))
        }
        E::BadEncoding => (Fault::Malformed, format!("{its} is malformed")),
        E::Other(other) if matches!(other.0.downcast_ref(), Some(webpki::Error::CaUsedAsEndEntity)) => {
            (Fault::AuthorityAsServer, format!("{its} is that of an authority (CA:TRUE), and is for no server"))
        }
        other => (Fault::Other, format!("{its} is not taken: {other}")),
    }
}

/// Says what the server has against ours, if it is that which ended the connection.
#[cfg(feature = "tls-ring")]
pub(super) fn told_by_server(alert: rustls::AlertDescription) -> Option<String> {
    use rustls::AlertDescription as Alert;
    Some(match alert {
        Alert::UnknownCA => "the server knows no authority that has signed our certificate".to_owned(),
        Alert::CertificateExpired => "our certificate has expired, says the server".to_owned(),
        Alert::CertificateRevoked => "our certificate was revoked, says the server".to_owned(),
        Alert::CertificateRequired | Alert::NoCertificate => "the server wants a certificate of ours".to_owned(),
        Alert::BadCertificate
        | Alert::UnsupportedCertificate
        | Alert::CertificateUnknown
        | Alert::AccessDenied
        | Alert::DecryptError => format!("the server does not take our certificate ({alert:?})"),
        _ => return None,
    })
}

/// Takes the name out of `DnsName("db1")`.
#[cfg(feature = "tls-ring")]
fn bare(presented: &str) -> String {
    let inner = presented.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')')).unwrap_or(presented);
    inner.trim_matches('"').to_owned()
}

#[cfg(feature = "tls-ring")]
fn at(time: rustls::pki_types::UnixTime) -> String {
    let seconds = i64::try_from(time.as_secs()).ok();
    let moment = seconds.and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
    moment.map_or_else(String::new, |moment| format!(" at {moment}"))
}

#[cfg(all(test, feature = "tls-ring"))]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use rustls::pki_types::{ServerName, UnixTime};
    use rustls::{CertificateError as E, OtherError};

    use super::*;

    #[test]
    fn each_fault_has_words() {
        let time = |seconds| UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        let name = |presented: &[&str]| E::NotValidForNameContext {
            expected: ServerName::try_from("127.0.0.1").unwrap(),
            presented: presented.iter().map(|name| (*name).to_owned()).collect(),
        };
        for (error, fault, words) in [
            (E::UnknownIssuer, CertificateFault::UnknownIssuer, "signed by no authority that this connection trusts"),
            (name(&[]), CertificateFault::OtherName, "is not for `127.0.0.1`: it names no host at all"),
            (
                name(&["DnsName(\"db1\")", "IpAddress(::1)"]),
                CertificateFault::OtherName,
                "is not for `127.0.0.1`: it names db1, ::1",
            ),
            (
                E::ExpiredContext { time: time(2), not_after: time(1) },
                CertificateFault::Expired,
                "has expired at 1970-01-01T00:00:01Z",
            ),
            (
                E::NotValidYetContext { time: time(1), not_before: time(2) },
                CertificateFault::NotYetValid,
                "it begins at 1970-01-01T00:00:02Z",
            ),
            (
                E::Other(OtherError(Arc::new(webpki::Error::CaUsedAsEndEntity))),
                CertificateFault::AuthorityAsServer,
                "is that of an authority (CA:TRUE), and is for no server",
            ),
            (
                E::Other(OtherError(Arc::new(webpki::Error::EndEntityUsedAsCa))),
                CertificateFault::Other,
                "is not taken: ",
            ),
        ] {
            let (found, text) = told(&error);
            assert_eq!(found, fault, "{error:?}");
            assert!(text.contains(words), "{error:?}: {text}");
        }
    }
}
