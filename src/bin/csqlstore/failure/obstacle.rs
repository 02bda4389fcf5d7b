//! What to do about a connection that something stood in the way of.

use csqlstore::cluster::{CertificateFault, Obstacle};

/// Says what to do about it, where that is known.
pub(super) fn obstacle_hint(obstacle: Obstacle) -> Option<&'static str> {
    match obstacle {
        Obstacle::NobodyListens => Some(
            "nobody listens there: start the server, or mend host and port (or the socket's path) in the node's DSN",
        ),
        Obstacle::NoTls => Some(
            "give the server a certificate (`ssl_cert` and `ssl_key` in its my.cnf); on a network that you trust \
             `ssl-mode=DISABLED` does without",
        ),
        Obstacle::Certificate(fault) => certificate_hint(fault),
        _ => None,
    }
}

fn certificate_hint(fault: CertificateFault) -> Option<&'static str> {
    use CertificateFault as Fault;
    Some(match fault {
        Fault::AuthorityAsServer => {
            "let the authority sign a certificate for the server (`openssl req -x509` makes an authority unless told \
             `-addext basicConstraints=CA:FALSE`); `ssl-mode=REQUIRED` encrypts meanwhile, and verifies nothing"
        }
        Fault::UnknownIssuer => {
            "name in `ssl-ca` the certificate of the authority that has signed the server's, which need not be the \
             server's own; without `ssl-ca` the public authorities are taken"
        }
        Fault::OtherName => {
            "write into the DSN a host that the certificate names, or have one made that names this host \
             (`subjectAltName`; MySQL's own names none); `ssl-mode=REQUIRED` encrypts, and verifies nothing"
        }
        Fault::Expired => {
            "put a new certificate in the file that `ssl_cert` names in the server's my.cnf, and have it read: \
             `FLUSH SSL` on MariaDB, `ALTER INSTANCE RELOAD TLS` on MySQL"
        }
        Fault::NotYetValid => "is the clock of this machine right? else the certificate is good later",
        Fault::Revoked => "give the server a new certificate: its authority has taken this one back",
        Fault::OtherPurpose => {
            "have a certificate made for the server: with `extendedKeyUsage=serverAuth`, or with none"
        }
        Fault::Signature => "have a certificate made for the server that is signed with SHA-256 or better",
        Fault::Malformed => {
            "look at the file that `ssl_cert` names in the server's my.cnf: `openssl x509 -text` reads it"
        }
        Fault::Ours => {
            "name in `ssl-cert` and `ssl-key` a certificate that the authority in `ssl_ca` of the server's my.cnf has signed"
        }
        _ => return None,
    })
}
