//! What stands between us and a server.

use super::{BARE, Case, File, OURS};

pub(super) const CASES: &[Case] = &[
    Case {
        name: "a port where nobody listens",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{closed}/well")],
        args: &["--timeout", "2s", "migrate", "status"],
        status: 3,
        says: concat!(
            "error: no node of `default` is usable: db1: Connection refused (os error 111)\n",
            "hint: `csqlstore node status` shows every node with its reason"
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
            "hint: `csqlstore node status` shows every node with its reason"
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
            "hint: `csqlstore node status` shows every node with its reason"
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
            "hint: `csqlstore node status` shows every node with its reason"
        ),
        ..BARE
    },
    Case {
        name: "a certificate of another authority",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{port}/well?ssl-ca={ca}")],
        args: &["--timeout", "2s", "migrate", "status"],
        status: 3,
        says: concat!(
            "error: no node of `default` is usable: db1: invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))\n",
            "hint: `csqlstore node status` shows every node with its reason"
        ),
        ..BARE
    },
    Case {
        name: "a certificate that no public authority signed",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{port}/well?tls=true")],
        args: &["--timeout", "2s", "migrate", "status"],
        status: 3,
        says: concat!(
            "error: no node of `default` is usable: db1: invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))\n",
            "hint: `csqlstore node status` shows every node with its reason"
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
        status: 3,
        says: concat!(
            "error: no node of `default` is usable: db1: TLS error: `invalid peer certificate: BadEncoding'\n",
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
