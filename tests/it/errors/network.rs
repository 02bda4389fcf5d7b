//! What stands between us and a server.

use super::world::Stage;
use super::{BARE, Case, File, OURS};

pub(super) const CASES: &[Case] = &[
    Case {
        name: "a port where nobody listens",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{closed}/well")],
        args: &["--timeout", "2s", "migrate", "status"],
        status: 3,
        says: concat!(
            "error: no node of `default` is usable: db1: Connection refused (os error 111)\n",
            "hint: nobody listens there: start the server, or mend host and port (or the socket's path) in the node's DSN"
        ),
        ..BARE
    },
    Case {
        name: "a port where nobody listens, for a purge",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{closed}/well")],
        args: &["--timeout", "2s", "purge", "--dry-run"],
        status: 3,
        says: concat!(
            "error: no node of `default` is usable: db1: Connection refused (os error 111)\n",
            "hint: nobody listens there: start the server, or mend host and port (or the socket's path) in the node's DSN"
        ),
        ..BARE
    },
    Case {
        name: "a host that there is not",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@no-such-host.invalid/well")],
        args: &["--timeout", "2s", "migrate", "status"],
        status: 3,
        says: concat!(
            "error: no node of `default` is usable: db1: failed to lookup address information: Name or service not known\n",
            "hint: `csqlstore node status` shows every node with its reason"
        ),
        ..BARE
    },
    Case {
        name: "a host that hangs",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{silent}/well")],
        args: &["--timeout", "2s", "migrate", "status"],
        status: 3,
        says: concat!(
            "error: no node of `default` is usable: db1: no answer within 2s (connecting)\n",
            "hint: `csqlstore node status` shows every node with its reason"
        ),
        ..BARE
    },
    Case {
        name: "a proxy that does not speak MySQL",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{http}/well")],
        args: &["--timeout", "2s", "migrate", "status"],
        status: 3,
        says: concat!(
            "error: no node of `default` is usable: db1: the other side does not speak the MySQL protocol as expected\n",
            "hint: `csqlstore node status` shows every node with its reason"
        ),
        ..BARE
    },
    Case {
        name: "a socket that is not there",
        env: &[("CSQLSTORE_NODES", "db1=app:{password}@unix(/nonexistent/mysqld.sock)/well")],
        args: &["--timeout", "2s", "migrate", "status"],
        status: 3,
        says: concat!(
            "error: no node of `default` is usable: db1: No such file or directory (os error 2)\n",
            "hint: nobody listens there: start the server, or mend host and port (or the socket's path) in the node's DSN"
        ),
        ..BARE
    },
    Case {
        name: "several nodes, none of which answers",
        env: &[(
            "CSQLSTORE_NODES",
            "db1=mysql://app:{password}@127.0.0.1:{closed}/well db2=mysql://app:{password}@127.0.0.1:{silent}/well",
        )],
        args: &["--timeout", "2s", "migrate", "status"],
        status: 3,
        says: concat!(
            "error: no node of `default` is usable: db1: Connection refused (os error 111); db2: no answer within 2s (connecting)\n",
            "hint: `csqlstore node status` shows every node with its reason"
        ),
        ..BARE
    },
    Case {
        name: "a server that does not offer TLS",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{plain}/well?ssl-mode=REQUIRED")],
        args: &["--timeout", "2s", "migrate", "status"],
        says: concat!(
            "error: no node of `default` is usable: db1: the server does not offer TLS\n",
            "hint: give the server a certificate (`ssl_cert` and `ssl_key` in its my.cnf); on a network that you trust `ssl-mode=DISABLED` does without"
        ),
        ..BARE
    },
    Case {
        name: "an authority's certificate in the place of a server's",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{port}/well?ssl-ca={ca}")],
        args: &["--timeout", "2s", "migrate", "status"],
        says: concat!(
            "error: no node of `default` is usable: db1: the server's certificate is that of an authority (CA:TRUE), and is for no server\n",
            "hint: let the authority sign a certificate for the server (`openssl req -x509` makes an authority unless told `-addext basicConstraints=CA:FALSE`); `ssl-mode=REQUIRED` encrypts meanwhile, and verifies nothing"
        ),
        ..BARE
    },
    Case {
        name: "a certificate that no public authority signed",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{port}/well?tls=true")],
        args: &["--timeout", "2s", "migrate", "status"],
        says: concat!(
            "error: no node of `default` is usable: db1: the server's certificate is that of an authority (CA:TRUE), and is for no server\n",
            "hint: let the authority sign a certificate for the server (`openssl req -x509` makes an authority unless told `-addext basicConstraints=CA:FALSE`); `ssl-mode=REQUIRED` encrypts meanwhile, and verifies nothing"
        ),
        ..BARE
    },
    Case {
        name: "a certificate of another authority",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{port}/well?ssl-ca={other ca}")],
        args: &["--timeout", "2s", "migrate", "status"],
        stage: Stage::Shows("server.pem"),
        says: concat!(
            "error: no node of `default` is usable: db1: the server's certificate is signed by no authority that this connection trusts\n",
            "hint: name in `ssl-ca` the certificate of the authority that has signed the server's, which need not be the server's own; without `ssl-ca` the public authorities are taken"
        ),
        ..BARE
    },
    Case {
        name: "a certificate for another host",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{port}/well?ssl-ca={ca}")],
        args: &["--timeout", "2s", "migrate", "status"],
        stage: Stage::Shows("elsewhere.pem"),
        says: concat!(
            "error: no node of `default` is usable: db1: the server's certificate is not for `127.0.0.1`: it names db.example\n",
            "hint: write into the DSN a host that the certificate names, or have one made that names this host (`subjectAltName`; MySQL's own names none); `ssl-mode=REQUIRED` encrypts, and verifies nothing"
        ),
        ..BARE
    },
    Case {
        name: "a certificate that has expired",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{port}/well?ssl-ca={expired}")],
        args: &["--timeout", "2s", "migrate", "status"],
        stage: Stage::Shows("expired.pem"),
        says: concat!(
            "error: no node of `default` is usable: db1: the server's certificate has expired at 2021-01-01T00:00:00Z\n",
            "hint: put a new certificate in the file that `ssl_cert` names in the server's my.cnf, and have it read: `FLUSH SSL` on MariaDB, `ALTER INSTANCE RELOAD TLS` on MySQL"
        ),
        ..BARE
    },
    Case {
        name: "an authority's file that is not there",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{port}/well?ssl-ca=nowhere.pem")],
        args: &["--timeout", "2s", "migrate", "status"],
        says: concat!(
            "error: no node of `default` is usable: db1: reading `{folder}/nowhere.pem`, which TLS needs, failed: No such file or directory (os error 2)\n",
            "hint: `csqlstore node status` shows every node with its reason"
        ),
        ..BARE
    },
    Case {
        name: "an authority's file that is none",
        files: &[File { name: "ca.pem", content: "no certificate\n", ..OURS }],
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{port}/well?ssl-ca=ca.pem")],
        args: &["--timeout", "2s", "migrate", "status"],
        says: concat!(
            "error: no node of `default` is usable: db1: a file that TLS needs (`ssl-ca`, `ssl-cert`) holds no certificate\n",
            "hint: `csqlstore node status` shows every node with its reason"
        ),
        ..BARE
    },
    Case {
        name: "a server that asks for the password in plain text",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{plugin}/well")],
        args: &["--timeout", "2s", "migrate", "status"],
        says: concat!(
            "error: no node of `default` is usable: db1: the server asks for the authentication plugin `mysql_clear_password`, which this program does not have\n",
            "hint: `csqlstore node status` shows every node with its reason"
        ),
        ..BARE
    },
    Case {
        name: "waiting for a node that does not come",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{closed}/well")],
        args: &["--timeout", "2s", "node", "wait", "--for", "usable", "--max-time", "1s"],
        status: 3,
        says: "",
        reports: "not usable after",
        ..BARE
    },
];
