//! Where it is served, and to whom.

use std::io::ErrorKind;
use std::net::SocketAddr;

use tokio::net::TcpListener;

use crate::failure::{Failure, Status};

/// From where it may be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// From this machine.
    Loopback,
    /// From wherever the address is.
    Anyone,
}

/// Reads an address as it is typed.
pub(super) fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| {
        "it is no IP address with a port, such as 127.0.0.1:9200, [::1]:9200 or 0.0.0.0:9200 (all of this machine's)"
            .to_owned()
    })
}

/// Listens on an address.
///
/// # Errors
///
/// Exit 2 if the address is one that other machines may reach and that was not allowed, or if it cannot be had; exit 3 if it
/// may be had later: somebody else has the port, or the address is not this machine's yet.
pub(super) async fn listen(flag: &str, address: SocketAddr, reach: Reach) -> Result<TcpListener, Failure> {
    if reach == Reach::Loopback && !address.ip().to_canonical().is_loopback() {
        let message = format!("`{flag} {address}` can be reached from other machines");
        return Err(Failure::request(message).hint(
            "`--public` allows that; a `--token-file` keeps addresses and troubles from those who do not have it",
        ));
    }
    TcpListener::bind(address).await.map_err(|error| {
        let port = address.port();
        let status = match error.kind() {
            ErrorKind::AddrInUse | ErrorKind::AddrNotAvailable => Status::NotNow,
            _ => Status::Request,
        };
        let failure = Failure::new(status, format!("listening on `{flag} {address}` failed"));
        let failure = Failure { causes: vec![error.to_string()], ..failure };
        failure.hinted(match error.kind() {
            ErrorKind::AddrInUse => Some(format!(
                "`ss -ltnp 'sport = :{port}'` shows who has the port; {flag} takes another, or port 0 any that is free"
            )),
            ErrorKind::AddrNotAvailable => {
                Some(format!("{} is no address of this machine (`ip address`)", address.ip()))
            }
            ErrorKind::PermissionDenied => Some("ports below 1024 are root's; 9200 is clustercheck's".to_owned()),
            _ => None,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn others_reach_it_only_if_that_was_said() {
        for (text, inside) in [
            ("127.0.0.1:0", true),
            ("127.8.9.10:0", true),
            ("[::1]:0", true),
            ("[::ffff:127.0.0.1]:0", true),
            ("0.0.0.0:0", false),
            ("[::]:0", false),
            ("192.0.2.1:0", false),
            ("[::ffff:0.0.0.0]:0", false),
        ] {
            let refused = listen("--listen", address(text).unwrap(), Reach::Loopback).await.err();
            let refused = refused.is_some_and(|failure| failure.message.contains("from other machines"));
            assert_eq!(refused, !inside, "{text}");
        }
        assert!(listen("--listen", address("0.0.0.0:0").unwrap(), Reach::Anyone).await.is_ok());
    }

    #[tokio::test]
    async fn what_may_be_had_later_is_not_a_wrong_request() {
        let taken = listen("--listen", address("127.0.0.1:0").unwrap(), Reach::Loopback).await.unwrap();
        for (name, address, status) in [
            ("taken", taken.local_addr().unwrap(), Status::NotNow),
            // An address of documentation (RFC 5737), which no machine has.
            ("not here", address("192.0.2.1:0").unwrap(), Status::NotNow),
            // Nobody is ever there, whatever becomes of this machine.
            ("to many", address("[ff02::1]:0").unwrap(), Status::Request),
        ] {
            let failure = listen("--listen", address, Reach::Anyone).await.err().unwrap();
            assert_eq!(failure.status, status, "{name}: {failure:?}");
        }
    }

    #[test]
    fn an_address_is_one_of_ip() {
        for text in ["", "9200", ":9200", "localhost:9200", "127.0.0.1", "127.0.0.1:65536", "::1:9200 "] {
            assert!(address(text).is_err(), "{text}");
        }
    }
}
