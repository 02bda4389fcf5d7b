//! TLS to real servers: one with a certificate that a CA of ours signed, and those of the common cluster, with none.

use std::path::{Path, PathBuf};
use std::time::Instant;

use csqlstore::cluster::dsn::{Dsn, NamedDsn};
use csqlstore::cluster::farm::Work;
use csqlstore::cluster::{Class, Connection, Error, Node};
use csqlstore::sandbox::{self, Guard, Options};
use tempfile::TempDir;

use crate::cases;
use crate::support::Database;
use crate::support::database::{PATIENCE, connect};
use crate::support::farm::{ask, of, patient};

cases! {
    Beside if MariaDb because "the server of its own is a MariaDB": [
        each_way_to_ask_for_tls_does_what_it_says,
        without_tls_on_the_server_only_preferred_goes_on,
    ],
}

/// A certificate of the tests.
fn pem(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/testdata/tls").join(name)
}

/// A server that offers TLS, and accounts that insist on it.
struct Server {
    guard: Guard,
    folder: PathBuf,
    port: u16,
    _dir: TempDir,
}

impl Server {
    async fn up() -> Self {
        let dir = TempDir::new_in("/tmp").expect("a folder for the test");
        let folder = dir.path().join("tls");
        let options = Options { nodes: 1, dir: folder.clone(), ..Options::default() };
        let mut guard = sandbox::up(&options, |_| ()).await.expect("a server starts").guard();
        let port = guard.nodes().remove(0).port;
        let own = |name: &str| folder.join(name);
        for name in ["ca.pem", "server.pem"] {
            std::fs::copy(pem(name), own(name)).expect("the certificate is there");
        }
        let config = folder.join("n1/my.cnf");
        let text = std::fs::read_to_string(&config).expect("the server's options");
        let (ca, server) = (own("ca.pem"), own("server.pem"));
        let tls = format!("[mysqld]\nssl_ca={}\nssl_cert={1}\nssl_key={1}\n", ca.display(), server.display());
        std::fs::write(&config, text.replacen("[mysqld]\n", &tls, 1)).expect("its options can be written");
        guard.stop("n1", |_| ()).await.expect("it stops");
        guard.start("n1", |_| ()).await.expect("it starts again");
        let server = Self { guard, folder, port, _dir: dir };
        let mut root = server.root().await;
        for (user, demand) in [("any", "NONE"), ("tls", "SSL"), ("shown", "X509")] {
            let sql = format!("CREATE USER '{user}'@'%' IDENTIFIED BY 'Planted' REQUIRE {demand}");
            root.execute("making an account", &sql, ()).await.expect("root may do that");
        }
        root.close().await;
        server
    }

    async fn root(&self) -> Connection {
        connect("n1", &self.guard.root_dsn("n1").expect("a node of its own")).await
    }

    /// Shows another certificate from now on.
    async fn show(&self, name: &str) {
        std::fs::copy(pem(name), self.folder.join("server.pem")).expect("the certificate is there");
        let mut root = self.root().await;
        root.execute("reading the certificate again", "FLUSH SSL", ()).await.expect("root may do that");
        root.close().await;
    }

    /// Connects as a user with these parameters, in both forms of a DSN.
    async fn ask(&self, user: &str, parameters: &str) -> Result<bool, Error> {
        let (port, parameters) = (self.port, with_paths(parameters));
        let url = encrypted(&format!("mysql://{user}:Planted@127.0.0.1:{port}?{parameters}")).await;
        let go = encrypted(&format!("{user}:Planted@tcp(127.0.0.1:{port})/?{parameters}")).await;
        assert_eq!(url.is_ok(), go.is_ok(), "{parameters}: {url:?} {go:?}");
        url
    }
}

/// Writes whole, encoded paths for names in angle brackets.
fn with_paths(parameters: &str) -> String {
    let mut text = parameters.to_owned();
    for name in ["ca.pem", "other-ca.pem", "client.pem", "client.key"] {
        text = text.replace(&format!("<{name}>"), &pem(name).display().to_string().replace('/', "%2F"));
    }
    text
}

/// Connects, and says whether the connection is encrypted.
async fn encrypted(dsn: &str) -> Result<bool, Error> {
    let dsn = Dsn::parse(dsn).expect("a DSN of the tests").dsn;
    let mut connection = Node::new("n1", dsn).connect(PATIENCE).await?;
    let sql = "SHOW SESSION STATUS LIKE 'Ssl_cipher'";
    let cipher: Option<(String, String)> = connection.first("asking for the cipher", sql, ()).await?;
    connection.close().await;
    Ok(cipher.is_some_and(|(_, cipher)| !cipher.is_empty()))
}

async fn each_way_to_ask_for_tls_does_what_it_says() {
    let server = Server::up().await;
    let (plain, tls, refused) = (Ok(false), Ok(true), Err(()));
    let right = "ssl-ca=<ca.pem>";
    for (name, user, parameters, expected) in [
        ("nothing asked for", "any", "", plain),
        ("nothing asked for, where the account insists", "tls", "", refused),
        ("switched off", "any", "tls=false", plain),
        ("the right CA", "tls", right, tls),
        ("the right CA, by its mode", "tls", "ssl-mode=VERIFY_IDENTITY&ssl-ca=<ca.pem>", tls),
        ("another CA", "tls", "ssl-ca=<other-ca.pem>", refused),
        ("the public CAs", "tls", "tls=true", refused),
        ("unverified", "tls", "tls=skip-verify", tls),
        ("unverified, by its mode", "tls", "ssl-mode=REQUIRED", tls),
        ("unverified, whatever CA is named", "tls", "ssl-mode=REQUIRED&ssl-ca=<other-ca.pem>", tls),
        ("preferred, where it is offered", "tls", "tls=preferred", tls),
        ("preferred, by its mode", "any", "ssl-mode=PREFERRED", tls),
        ("no certificate, where the account wants one", "shown", right, refused),
        ("a certificate of ours", "shown", "ssl-ca=<ca.pem>&ssl-cert=<client.pem>&ssl-key=<client.key>", tls),
        (
            "a certificate of ours, to whoever answers",
            "shown",
            "tls=skip-verify&ssl-cert=<client.pem>&ssl-key=<client.key>",
            tls,
        ),
    ] {
        let asked = server.ask(user, parameters).await;
        assert_eq!(asked.as_ref().map(|encrypted| *encrypted).map_err(|_| ()), expected, "{name}: {asked:?}");
        if let Err(error) = asked {
            assert!(!format!("{error} {error:?}").contains("Planted"), "{name}: {error:?}");
        }
    }
    // A certificate for another host, of the same CA.
    server.show("elsewhere.pem").await;
    for (parameters, expected) in [
        (right, refused),
        ("ssl-mode=VERIFY_CA&ssl-ca=<ca.pem>", refused),
        ("tls=skip-verify", tls),
        ("tls=preferred", tls),
    ] {
        let asked = server.ask("tls", parameters).await;
        assert_eq!(asked.as_ref().map(|encrypted| *encrypted).map_err(|_| ()), expected, "{parameters}: {asked:?}");
    }
    // Files that are not there, or hold no certificate, and a name that means nothing.
    let account = format!("tls:Planted@tcp(127.0.0.1:{})/", server.port);
    for parameters in
        ["ssl-ca=%2Fnowhere%2Fca.pem", "ssl-ca=<client.key>", "ssl-ca=<ca.pem>&ssl-cert=<ca.pem>&ssl-key=<ca.pem>"]
    {
        let error = encrypted(&format!("{account}?{}", with_paths(parameters))).await.unwrap_err();
        assert!(matches!(error, Error::Connect { .. }), "{parameters}: {error:?}");
    }
    let error = encrypted(&format!("{account}?tls=farm")).await.unwrap_err();
    assert!(matches!(&error, Error::UnknownTls { name, .. } if name == "farm"), "{error:?}");
    // What no waiting mends is told at once, by its reason.
    for (parameters, reason) in [
        ("ssl-ca=<other-ca.pem>", "the server's certificate is signed by no authority that this connection trusts"),
        (right, "the server's certificate is not for `127.0.0.1`: it names db.example"),
        (
            "ssl-ca=%2Fnowhere%2Fca.pem",
            "reading `/nowhere/ca.pem`, which TLS needs, failed: No such file or directory (os error 2)",
        ),
    ] {
        let dsn = Dsn::parse(&format!("{account}?{}", with_paths(parameters))).expect("a DSN of the tests").dsn;
        let farm = of(vec![Node::new("n1", dsn)], patient());
        let begin = Instant::now();
        let error = ask(&farm, Work::safe("x")).await.unwrap_err();
        assert!(begin.elapsed() < patient().deadlines.operation / 2, "{parameters}: {:?}", begin.elapsed());
        assert_eq!(error.class(), Class::Config, "{error}");
        assert!(error.to_string().contains(reason), "{error}");
        farm.close().await;
    }
    // A farm tells why.
    let dsn = Dsn::parse(&format!("{account}?tls=farm")).expect("a DSN of the tests").dsn;
    let farm = of(vec![Node::new("n1", dsn)], patient());
    let error = ask(&farm, Work::safe("x")).await.unwrap_err();
    assert_eq!(error.class(), Class::Config, "{error}");
    assert!(error.to_string().contains("no TLS configuration has that name"), "{error}");
    farm.close().await;
    // And a farm works over TLS.
    let dsn = Dsn::parse(&with_paths(&format!("{account}?ssl-ca=<ca.pem>"))).expect("a DSN of the tests").dsn;
    server.show("server.pem").await;
    let farm = of(vec![Node::new("n1", dsn)], patient());
    ask(&farm, Work::safe("x")).await.unwrap();
    farm.close().await;
}

async fn without_tls_on_the_server_only_preferred_goes_on() {
    let db = Database::empty().await;
    let entry = db.dsns();
    let dsn = NamedDsn::parse(entry.split_whitespace().next().unwrap()).unwrap().dsn;
    let url = dsn.expose_url();
    let ask = async |parameters: &str| encrypted(&format!("{}?{parameters}", url.expose())).await;
    assert!(!ask("tls=preferred").await.unwrap());
    assert!(!ask("ssl-mode=PREFERRED").await.unwrap());
    for parameters in ["tls=skip-verify", "tls=true", "ssl-mode=REQUIRED"] {
        let error = ask(parameters).await.unwrap_err();
        assert_eq!(error.class(), Class::Config, "{parameters}: {error:?}");
        assert_eq!(error.reason(), "the server does not offer TLS", "{parameters}: {error}");
    }
}
