//! What a server refuses, and why.

use super::{BARE, Case, Stage};

pub(super) const CASES: &[Case] = &[
    Case {
        name: "a wrong password",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{wrong}@127.0.0.1:{port}/well")],
        args: &["session", "list"],
        says: concat!(
            "error: no node of `default` is usable: db1: Access denied for user 'app'@'127.0.0.1' (using password: YES) (1045)\n",
            "hint: look at the user and the password in the node's DSN; the account may also be for other hosts, or insist on TLS (`ssl-mode=REQUIRED`)"
        ),
        ..BARE
    },
    Case {
        name: "a wrong password, for a migration",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{wrong}@127.0.0.1:{port}/well")],
        args: &["migrate", "up"],
        says: concat!(
            "error: no node of `default` is usable: db1: Access denied for user 'app'@'127.0.0.1' (using password: YES) (1045)\n",
            "hint: look at the user and the password in the node's DSN; the account may also be for other hosts, or insist on TLS (`ssl-mode=REQUIRED`)"
        ),
        ..BARE
    },
    Case {
        name: "an account that there is not",
        env: &[("CSQLSTORE_NODES", "db1=mysql://nobody:{password}@127.0.0.1:{port}/well")],
        args: &["session", "list"],
        says: concat!(
            "error: no node of `default` is usable: db1: Access denied for user 'nobody'@'127.0.0.1' (using password: YES) (1045)\n",
            "hint: look at the user and the password in the node's DSN; the account may also be for other hosts, or insist on TLS (`ssl-mode=REQUIRED`)"
        ),
        ..BARE
    },
    Case {
        name: "no password",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app@127.0.0.1:{port}/well")],
        args: &["session", "list"],
        says: concat!(
            "error: no node of `default` is usable: db1: Access denied for user 'app'@'127.0.0.1' (using password: NO) (1045)\n",
            "hint: look at the user and the password in the node's DSN; the account may also be for other hosts, or insist on TLS (`ssl-mode=REQUIRED`)"
        ),
        ..BARE
    },
    Case {
        name: "an account that insists on TLS",
        env: &[("CSQLSTORE_NODES", "db1=mysql://secure:{password}@127.0.0.1:{port}/well")],
        args: &["session", "list"],
        says: concat!(
            "error: no node of `default` is usable: db1: Access denied for user 'secure'@'127.0.0.1' (using password: YES) (1045)\n",
            "hint: look at the user and the password in the node's DSN; the account may also be for other hosts, or insist on TLS (`ssl-mode=REQUIRED`)"
        ),
        ..BARE
    },
    Case {
        name: "an account that is locked",
        env: &[("CSQLSTORE_NODES", "db1=mysql://locked:{password}@127.0.0.1:{port}/well")],
        args: &["session", "list"],
        says: concat!(
            "error: no node of `default` is usable: db1: Access denied, this account is locked (4151)\n",
            "hint: somebody with the right to may run: ALTER USER … ACCOUNT UNLOCK"
        ),
        ..BARE
    },
    Case {
        name: "an account whose password has expired",
        env: &[("CSQLSTORE_NODES", "db1=mysql://once:{password}@127.0.0.1:{port}/well")],
        args: &["session", "list"],
        says: concat!(
            "error: no node of `default` is usable: db1: You must SET PASSWORD before executing this statement (1820)\n",
            "hint: log in with the server's own client, and give the account a new password"
        ),
        ..BARE
    },
    Case {
        name: "an account that has asked enough for this hour",
        env: &[("CSQLSTORE_NODES", "db1=mysql://few:{password}@127.0.0.1:{port}/well")],
        args: &["session", "list"],
        status: 3,
        says: concat!(
            "error: no node of `default` is usable: db1: User 'few' has exceeded the 'max_queries_per_hour' resource (current value: 1) (1226)\n",
            "hint: wait until connections are free, or let the server (or the account) have more"
        ),
        ..BARE
    },
    Case {
        name: "a database that there is not, to an account that may not know",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{port}/nowhere")],
        args: &["session", "list"],
        says: concat!(
            "error: no node of `default` is usable: db1: Access denied for user 'app'@'%' to database 'nowhere' (1044)\n",
            "hint: look at the database at the DSN's end; if it is right, the account has no right on it yet"
        ),
        ..BARE
    },
    Case {
        name: "a database that the account has no rights on",
        env: &[("CSQLSTORE_NODES", "db1=mysql://stranger:{password}@127.0.0.1:{port}/well")],
        args: &["session", "list"],
        says: concat!(
            "error: no node of `default` is usable: db1: Access denied for user 'stranger'@'%' to database 'well' (1044)\n",
            "hint: look at the database at the DSN's end; if it is right, the account has no right on it yet"
        ),
        ..BARE
    },
    Case {
        name: "no database",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{port}")],
        args: &["session", "list"],
        says: concat!(
            "error: listing sessions failed on node `db1`\n",
            "  caused by: No database selected (1046)\n",
            "hint: name the database at the DSN's end: `mysql://user@host/DATABASE`"
        ),
        ..BARE
    },
    Case {
        name: "no right to delete",
        env: &[("CSQLSTORE_NODES", "db1=mysql://reader:{password}@127.0.0.1:{port}/well")],
        args: &["session", "delete", "--yes", "old"],
        says: concat!(
            "error: this account lacks a right that this needs on node `db1`\n",
            "  caused by: looking at the session table failed on node `db1`\n",
            "  caused by: DELETE command denied to user 'reader'@'127.0.0.1' for table `well`.`session_cluster` (1142)\n",
            "hint: somebody with the right to may run: GRANT SELECT, DELETE ON `well`.`session_cluster` TO 'reader'@'%'"
        ),
        ..BARE
    },
    Case {
        name: "no right to purge",
        env: &[("CSQLSTORE_NODES", "db1=mysql://reader:{password}@127.0.0.1:{port}/well")],
        args: &["purge", "--yes"],
        says: concat!(
            "warning: this account may not delete; somebody with the right to may run: GRANT SELECT, DELETE ON `well`.`session_cluster` TO 'reader'@'%'\n",
            "error: this account may not delete expired sessions on node `db1`\n",
            "  caused by: looking at the session table failed on node `db1`\n",
            "  caused by: DELETE command denied to user 'reader'@'127.0.0.1' for table `well`.`session_cluster` (1142)\n",
            "hint: somebody with the right to may run: GRANT SELECT, DELETE ON `well`.`session_cluster` TO 'reader'@'%'"
        ),
        ..BARE
    },
    Case {
        name: "no right on this database",
        env: &[("CSQLSTORE_NODES", "db1=mysql://reader:{password}@127.0.0.1:{port}/documented")],
        args: &["migrate", "status"],
        says: concat!(
            "error: no node of `default` is usable: db1: Access denied for user 'reader'@'%' to database 'documented' (1044)\n",
            "hint: look at the database at the DSN's end; if it is right, the account has no right on it yet"
        ),
        ..BARE
    },
    Case {
        name: "no right to make an event",
        env: &[("CSQLSTORE_NODES", "db1=mysql://reader:{password}@127.0.0.1:{port}/well")],
        args: &["event", "install", "--yes"],
        says: concat!(
            "error: this account may not make events on node `db1`\n",
            "  caused by: listing events failed on node `db1`\n",
            "  caused by: Access denied for user 'reader'@'%' to database 'well' (1044)\n",
            "hint: let somebody who may run this: GRANT EVENT ON `well`.* TO 'reader'@'%'"
        ),
        ..BARE
    },
    Case {
        name: "a delete on a server that is read-only",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{port}/well")],
        args: &["session", "delete", "--yes", "old"],
        stage: Stage::ReadOnly,
        status: 3,
        says: concat!(
            "error: no node of `default` is usable: db1: read_only is ON\n",
            "hint: `csqlstore node status` shows every node with its reason"
        ),
        ..BARE
    },
    Case {
        name: "a purge on a server that is read-only",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{port}/well")],
        args: &["purge", "--yes"],
        stage: Stage::ReadOnly,
        status: 3,
        says: concat!(
            "error: no node of `default` is usable: db1: read_only is ON\n",
            "hint: `csqlstore node status` shows every node with its reason"
        ),
        ..BARE
    },
    Case {
        name: "a migration on a server that is read-only",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{port}/documented")],
        args: &["migrate", "up", "--yes"],
        stage: Stage::ReadOnly,
        status: 3,
        says: concat!(
            "error: no node of `default` is usable: db1: read_only is ON\n",
            "hint: `csqlstore node status` shows every node with its reason"
        ),
        ..BARE
    },
    Case {
        name: "a migration on a server whose disk is full",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{port}/roomy")],
        args: &["migrate", "up", "--yes"],
        stage: Stage::DiskFull,
        status: 3,
        says: concat!(
            "error: reading the table's columns failed on node `db1`\n",
            "  caused by: Disk got full writing 'information_schema.(temporary)' (Errcode: 28 \"No space left on device\") (1021)\n",
            "hint: make room on the disk of that node (`df`), and run the command again"
        ),
        ..BARE
    },
    Case {
        name: "a server with as many connections as it takes",
        env: &[("CSQLSTORE_NODES", "db1=mysql://app:{password}@127.0.0.1:{port}/well")],
        args: &["session", "list"],
        stage: Stage::Crowded,
        status: 3,
        says: concat!(
            "error: no node of `default` is usable: db1: Too many connections (1040)\n",
            "hint: wait until connections are free, or let the server (or the account) have more"
        ),
        ..BARE
    },
];
