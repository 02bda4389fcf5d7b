//! A MariaDB on its own, with more options than a sandbox gives it.

use std::path::Path;

use csqlstore::sandbox::{self, Guard, Options};

/// Starts a server in a folder that is not there yet. `more` are lines of its option file, after those of the sandbox.
pub async fn server(folder: &Path, more: &str) -> Guard {
    let engine = sandbox::Engine::Standalone;
    let options = Options { engine, nodes: 1, dir: folder.to_owned(), ..Options::default() };
    let mut server = sandbox::up(&options, |_| ()).await.expect("a server starts").guard();
    let config = folder.join("n1/my.cnf");
    let text = std::fs::read_to_string(&config).expect("the server's options");
    std::fs::write(&config, text + more).expect("its options can be written");
    server.stop("n1", |_| ()).await.expect("it stops");
    server.start("n1", |_| ()).await.expect("it starts again");
    server
}

/// The same with the certificate of the tests.
pub async fn with_certificate(folder: &Path) -> Guard {
    // Where the server's own user may read it.
    let own = folder.with_extension("pem");
    std::fs::copy(CERTIFICATE, &own).expect("the certificate is there");
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    std::fs::set_permissions(&own, open).expect("it is ours");
    server(folder, &format!("ssl_cert={0}\nssl_key={0}\n", own.display())).await
}

/// A certificate with its key.
pub const CERTIFICATE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/testdata/server.pem");

/// Makes a certificate with its key, valid for so many days from now on.
pub fn certify(pem: &Path, days: u32) {
    let key = pem.with_extension("key");
    let days = days.to_string();
    let made = std::process::Command::new("openssl")
        .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=test", "-days", &days, "-keyout"])
        .arg(&key)
        .arg("-out")
        .arg(pem)
        .output()
        .expect("openssl, of Debian");
    assert!(made.status.success(), "{made:?}");
    let both = [std::fs::read(pem).expect("it was made"), std::fs::read(key).expect("it was made")].concat();
    std::fs::write(pem, both).expect("a writable folder");
    // The server's own user reads it.
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    std::fs::set_permissions(pem, open).expect("it is ours");
}
