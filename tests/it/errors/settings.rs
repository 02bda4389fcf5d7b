//! Settings that cannot be used.

use super::{BARE, Case, File, OURS};

pub(super) const CASES: &[Case] = &[
    Case {
        name: "no node anywhere",
        args: &["node", "status"],
        says: concat!(
            "error: no node is configured\n",
            "hint: name one with `--node mysql://user@host:3306/database`, list them in a configuration file, `csqlstore.toml` (`nodes = [\"mysql://…\"]`), which `csqlstore config init` does step by step, or start some on this machine with `csqlstore sandbox up`"
        ),
        ..BARE
    },
    Case {
        name: "a configuration that is not there",
        args: &["--config", "nowhere.toml", "node", "status"],
        says: concat!(
            "error: the configuration file `{folder}/nowhere.toml`, named by `--config`, does not exist\n",
            "hint: a relative path begins in the working folder; is it that of another one?"
        ),
        ..BARE
    },
    Case {
        name: "a configuration that the environment names and is not there",
        env: &[("CSQLSTORE_CONFIG", "nowhere.toml")],
        args: &["node", "status"],
        says: concat!(
            "error: the configuration file `{folder}/nowhere.toml`, named by `$CSQLSTORE_CONFIG`, does not exist\n",
            "hint: a relative path begins in the working folder; is it that of another one?"
        ),
        ..BARE
    },
    Case {
        name: "a configuration that is a folder",
        args: &["--config", ".", "node", "status"],
        says: concat!(
            "error: reading the configuration file `{folder}/.` failed\n",
            "  caused by: Is a directory (os error 21)"
        ),
        ..BARE
    },
    Case {
        name: "a typing error in a key of the configuration",
        files: &[File { name: "csqlstore.toml", content: "nodse = [\"mysql://u:{password}@h/db\"]\n", ..OURS }],
        args: &["node", "status"],
        says: concat!(
            "error: `{folder}/csqlstore.toml` has an unknown key `nodse` in line 1\n",
            "hint: did you mean `nodes`?"
        ),
        ..BARE
    },
    Case {
        name: "a configuration that is no TOML",
        files: &[File { name: "csqlstore.toml", content: "nodes = [mysql://u:{password}@h/db]\n", ..OURS }],
        args: &["node", "status"],
        says: concat!(
            "error: `{folder}/csqlstore.toml` is not valid TOML, at line 1: string values must be quoted, expected literal string\n",
            "hint: texts stand in quotes, and a list in `[` and `]`: `table = \"session_cluster\"`, `nodes = [\"n1=mysql://…\"]`"
        ),
        ..BARE
    },
    Case {
        name: "a key of the configuration with a value of the wrong kind",
        files: &[File { name: "csqlstore.toml", content: "table = 5\n", ..OURS }],
        args: &["node", "status"],
        says: "error: `table` in `{folder}/csqlstore.toml` line 1 is to be a text in quotes",
        ..BARE
    },
    Case {
        name: "a table of TLS with a typing error",
        files: &[File {
            name: "csqlstore.toml",
            content: "nodes = [\"mysql://u@h/db?tls=own\"]\n[tls.own]\nca_file = \"ca.pem\"\n",
            ..OURS
        }],
        args: &["node", "status"],
        says: concat!(
            "error: `{folder}/csqlstore.toml` has an unknown key `ca_file` of `tls.own` in line 3\n",
            "hint: the keys there are `ca`, `cert`, `key`, `verify`"
        ),
        ..BARE
    },
    Case {
        name: "a configuration that others may write",
        files: &[File { name: "csqlstore.toml", content: "nodes = [\"mysql://u@h/db\"]\n", mode: 0o666, ..OURS }],
        args: &["node", "status"],
        says: concat!(
            "error: the configuration file `{folder}/csqlstore.toml` is not trusted: it lies in the working folder and others may write it (mode 666)\n",
            "hint: if its content is yours: `chmod go-w {folder}/csqlstore.toml`"
        ),
        ..BARE
    },
    Case {
        name: "a configuration of somebody else",
        files: &[File { name: "csqlstore.toml", content: "nodes = [\"mysql://u@h/db\"]\n", mode: 0o600, owner: 65534 }],
        args: &["node", "status"],
        says: concat!(
            "error: the configuration file `{folder}/csqlstore.toml` is not trusted: it lies in the working folder and belongs to user 65534\n",
            "hint: read it; if it is right, keep a copy of your own and name that with `--config`"
        ),
        ..BARE
    },
    Case {
        name: "a cluster that the configuration does not have",
        files: &[File {
            name: "csqlstore.toml",
            content: "[clusters.production]\nnodes = [\"mysql://u@h/db\"]\n",
            ..OURS
        }],
        args: &["--cluster", "prod", "node", "status"],
        says: concat!(
            "error: there is no cluster `prod`, named by `--cluster`\n",
            "hint: `{folder}/csqlstore.toml` has the clusters `production`"
        ),
        ..BARE
    },
    Case {
        name: "a cluster, and no configuration",
        args: &["--cluster", "prod", "node", "status"],
        says: concat!(
            "error: there is no cluster `prod`, named by `--cluster`\n",
            "hint: no configuration file was found, and only that can name clusters"
        ),
        ..BARE
    },
    Case {
        name: "several clusters and none named",
        files: &[File {
            name: "csqlstore.toml",
            content: "[clusters.a]\nnodes = [\"mysql://u@h/db\"]\n[clusters.b]\nnodes = [\"mysql://u@h/db\"]\n",
            ..OURS
        }],
        args: &["node", "status"],
        says: concat!(
            "error: no node is configured\n",
            "hint: choose one with `--cluster NAME`: `{folder}/csqlstore.toml` has the clusters `a`, `b`"
        ),
        ..BARE
    },
    Case {
        name: "a password and a file of it",
        env: &[
            ("CSQLSTORE_NODES", "mysql://u@127.0.0.1:{closed}/db"),
            ("CSQLSTORE_PASSWORD", "{password}"),
            ("CSQLSTORE_PASSWORD_FILE", "p"),
        ],
        args: &["node", "status"],
        says: concat!(
            "error: both `CSQLSTORE_PASSWORD` and `CSQLSTORE_PASSWORD_FILE` are set\n",
            "hint: unset one of them"
        ),
        ..BARE
    },
    Case {
        name: "a password file that is not there",
        env: &[("CSQLSTORE_NODES", "mysql://u@127.0.0.1:{closed}/db"), ("CSQLSTORE_PASSWORD_FILE", "nowhere")],
        args: &["node", "status"],
        says: concat!(
            "error: reading the password file `{folder}/nowhere` failed\n",
            "  caused by: No such file or directory (os error 2)\n",
            "hint: a relative path begins in the working folder, one in a file in that file's folder"
        ),
        ..BARE
    },
    Case {
        name: "an option file that is not there",
        files: &[File {
            name: "csqlstore.toml",
            content: "defaults_file = \"nowhere.cnf\"\nnodes = [\"mysql://h/db\"]\n",
            ..OURS
        }],
        args: &["node", "status"],
        says: concat!(
            "error: reading the option file `{folder}/nowhere.cnf` failed\n",
            "  caused by: No such file or directory (os error 2)\n",
            "hint: a relative path begins in the working folder, one in a file in that file's folder"
        ),
        ..BARE
    },
    Case {
        name: "an empty DSN",
        args: &["--node", "", "node", "status"],
        says: concat!(
            "error: node 1 of `--node` cannot be used\n",
            "  caused by: the DSN is empty: write it as `mysql://user:password@host:3306/database` or `user:password@tcp(host:3306)/database`"
        ),
        ..BARE
    },
    Case {
        name: "a host alone for a DSN",
        env: &[("CSQLSTORE_NODES", "db1")],
        args: &["node", "status"],
        says: concat!(
            "error: node 1 of `$CSQLSTORE_NODES` cannot be used\n",
            "  caused by: the DSN is malformed: there is no `/` before the name of the database; write it as `user:password@tcp(host:3306)/database`\n",
            "hint: a password with `@`, `/` or `:` is better kept out of it: CSQLSTORE_PASSWORD, or `%40`, `%2F` and `%3A` in a URL"
        ),
        ..BARE
    },
    Case {
        name: "Go's DSN without a protocol",
        env: &[("CSQLSTORE_NODES", "app:{password}@db1/sess")],
        args: &["node", "status"],
        says: concat!(
            "error: node 1 of `$CSQLSTORE_NODES` cannot be used\n",
            "  caused by: the DSN is malformed: the address is neither `tcp(host:port)` nor `unix(/path)`; write it as `user:password@tcp(host:3306)/database`\n",
            "hint: a password with `@`, `/` or `:` is better kept out of it: CSQLSTORE_PASSWORD, or `%40`, `%2F` and `%3A` in a URL"
        ),
        ..BARE
    },
    Case {
        name: "a port that is no number",
        env: &[("CSQLSTORE_NODES", "mysql://app:{password}@db1:port/sess")],
        args: &["node", "status"],
        says: concat!(
            "error: node 1 of `$CSQLSTORE_NODES` cannot be used\n",
            "  caused by: the DSN is malformed: the port is no number of 1 to 65535; write it as `mysql://user:password@host:3306/database`\n",
            "hint: a password with `@`, `/` or `:` is better kept out of it: CSQLSTORE_PASSWORD, or `%40`, `%2F` and `%3A` in a URL"
        ),
        ..BARE
    },
    Case {
        name: "a port that is too high",
        env: &[("CSQLSTORE_NODES", "mysql://app:{password}@db1:99999/sess")],
        args: &["node", "status"],
        says: concat!(
            "error: node 1 of `$CSQLSTORE_NODES` cannot be used\n",
            "  caused by: the DSN is malformed: the port is no number of 1 to 65535; write it as `mysql://user:password@host:3306/database`\n",
            "hint: a password with `@`, `/` or `:` is better kept out of it: CSQLSTORE_PASSWORD, or `%40`, `%2F` and `%3A` in a URL"
        ),
        ..BARE
    },
    Case {
        name: "a parenthesis that is not closed",
        env: &[("CSQLSTORE_NODES", "app:{password}@tcp(db1:3306/sess")],
        args: &["node", "status"],
        says: concat!(
            "error: node 1 of `$CSQLSTORE_NODES` cannot be used\n",
            "  caused by: the DSN is malformed: the address has no `)` right before the `/` of the database; write it as `user:password@tcp(host:3306)/database`\n",
            "hint: a password with `@`, `/` or `:` is better kept out of it: CSQLSTORE_PASSWORD, or `%40`, `%2F` and `%3A` in a URL"
        ),
        ..BARE
    },
    Case {
        name: "a bracket that is not closed",
        env: &[("CSQLSTORE_NODES", "mysql://app:{password}@[::1/sess")],
        args: &["node", "status"],
        says: concat!(
            "error: node 1 of `$CSQLSTORE_NODES` cannot be used\n",
            "  caused by: the DSN is malformed: what stands in `[…]` is no IPv6 address; write it as `mysql://user:password@host:3306/database`\n",
            "hint: a password with `@`, `/` or `:` is better kept out of it: CSQLSTORE_PASSWORD, or `%40`, `%2F` and `%3A` in a URL"
        ),
        ..BARE
    },
    Case {
        name: "a DSN of another kind of server",
        env: &[("CSQLSTORE_NODES", "postgres://app:{password}@db1/sess")],
        args: &["node", "status"],
        says: concat!(
            "error: node 1 of `$CSQLSTORE_NODES` cannot be used\n",
            "  caused by: the DSN is a URL of something else: write it as `mysql://user:password@host:3306/database`"
        ),
        ..BARE
    },
    Case {
        name: "a mode of TLS that there is not",
        env: &[("CSQLSTORE_NODES", "mysql://app:{password}@db1/sess?ssl-mode=SOMETIMES")],
        args: &["node", "status"],
        says: concat!(
            "error: node 1 of `$CSQLSTORE_NODES` cannot be used\n",
            "  caused by: the DSN's parameter `ssl-mode` is none of DISABLED, PREFERRED, REQUIRED, VERIFY_CA and VERIFY_IDENTITY"
        ),
        ..BARE
    },
    Case {
        name: "a duration of Go's without its unit",
        env: &[("CSQLSTORE_NODES", "app:{password}@tcp(db1)/sess?timeout=5")],
        args: &["node", "status"],
        says: concat!(
            "error: node 1 of `$CSQLSTORE_NODES` cannot be used\n",
            "  caused by: the DSN's parameter `timeout` is no duration of zero or more: write it as `timeout=5s`, `timeout=300ms` or `timeout=1m30s`"
        ),
        ..BARE
    },
    Case {
        name: "a TLS configuration that nobody describes",
        env: &[("CSQLSTORE_NODES", "app:{password}@tcp(db1)/sess?tls=own")],
        args: &["node", "status"],
        says: concat!(
            "error: node `db1:3306` asks for `tls=own`, and no `[tls.own]` says what that is\n",
            "hint: say it in a `csqlstore.toml`: `[tls.own]` with `ca = \"/path/to/ca.pem\"`, or use `tls=true` or `tls=skip-verify`"
        ),
        ..BARE
    },
    Case {
        name: "two names before a DSN",
        env: &[("CSQLSTORE_NODES", "one=two=mysql://app:{password}@db1/sess")],
        args: &["node", "status"],
        says: concat!(
            "error: node 1 of `$CSQLSTORE_NODES` cannot be used\n",
            "  caused by: the DSN is malformed: the address is neither `tcp(host:port)` nor `unix(/path)`; write it as `user:password@tcp(host:3306)/database`\n",
            "hint: a password with `@`, `/` or `:` is better kept out of it: CSQLSTORE_PASSWORD, or `%40`, `%2F` and `%3A` in a URL"
        ),
        ..BARE
    },
    Case {
        name: "two nodes of one name",
        env: &[("CSQLSTORE_NODES", "n1=mysql://u@db1/sess n1=mysql://u@db2/sess")],
        args: &["node", "status"],
        says: concat!(
            "error: two nodes are called `n1`: the second is node 2 of `$CSQLSTORE_NODES`\n",
            "hint: put a name of its own before the DSN: `n2=mysql://…`"
        ),
        ..BARE
    },
    Case {
        name: "a table's name with a dot",
        env: &[("CSQLSTORE_NODES", "mysql://u@127.0.0.1:{closed}/db")],
        args: &["--table", "web.session_cluster", "purge", "--dry-run"],
        says: concat!(
            "error: the session table of `--table` cannot be used\n",
            "  caused by: `web.session_cluster` is not the name of a table: the database is named in the node's DSN, not here"
        ),
        ..BARE
    },
    Case {
        name: "a table's name that is too long",
        env: &[("CSQLSTORE_NODES", "mysql://u@127.0.0.1:{closed}/db")],
        args: &["--table", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "purge", "--dry-run"],
        says: concat!(
            "error: the session table of `--table` cannot be used\n",
            "  caused by: `aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa` is not the name of a table: it is longer than 64 characters"
        ),
        ..BARE
    },
    Case {
        name: "a node that there is not",
        env: &[("CSQLSTORE_NODES", "mysql://u@127.0.0.1:{closed}/db")],
        args: &["purge", "--dry-run", "--on", "db9"],
        says: "error: there is no node `db9` in `default`; there are 127.0.0.1:1",
        ..BARE
    },
];
