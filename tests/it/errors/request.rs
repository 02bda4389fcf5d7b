//! Command lines that cannot be understood, and conditions that are none.

use super::{BARE, Case};

pub(super) const CASES: &[Case] = &[
    Case {
        name: "a typing error in a command",
        args: &["migrat", "status"],
        says: concat!(
            "error: unrecognized subcommand 'migrat'\n",
            "\n",
            "  tip: a similar subcommand exists: 'migrate'\n",
            "\n",
            "Usage: csqlstore [OPTIONS] <COMMAND>\n",
            "\n",
            "For more information, try '--help'."
        ),
        ..BARE
    },
    Case {
        name: "a typing error in a verb",
        args: &["migrate", "statsu"],
        says: concat!(
            "error: unrecognized subcommand 'statsu'\n",
            "\n",
            "  tip: a similar subcommand exists: 'status'\n",
            "\n",
            "Usage: csqlstore migrate [OPTIONS] <COMMAND>\n",
            "\n",
            "For more information, try '--help'."
        ),
        ..BARE
    },
    Case {
        name: "a typing error in an option",
        args: &["purge", "--dryrun"],
        says: concat!(
            "error: unexpected argument '--dryrun' found\n",
            "\n",
            "  tip: a similar argument exists: '--dry-run'\n",
            "\n",
            "Usage: csqlstore purge --dry-run\n",
            "\n",
            "For more information, try '--help'."
        ),
        ..BARE
    },
    Case {
        name: "an argument that is missing",
        args: &["session", "show"],
        says: concat!(
            "error: the following required arguments were not provided:\n",
            "  <ID>\n",
            "\n",
            "Usage: csqlstore session show <ID>\n",
            "\n",
            "For more information, try '--help'."
        ),
        ..BARE
    },
    Case {
        name: "an argument too many",
        args: &["node", "status", "n1"],
        says: concat!(
            "error: unexpected argument 'n1' found\n",
            "\n",
            "Usage: csqlstore node status [OPTIONS]\n",
            "\n",
            "For more information, try '--help'."
        ),
        ..BARE
    },
    Case {
        name: "a format that there is not",
        args: &["--format", "yaml", "node", "status"],
        says: concat!(
            "error: invalid value 'yaml' for '--format <FORMAT>'\n",
            "  [possible values: human, json, nagios, haproxy, prometheus]\n",
            "\n",
            "For more information, try '--help'."
        ),
        ..BARE
    },
    Case {
        name: "a format that the command does not speak",
        args: &["--format", "haproxy", "migrate", "status"],
        says: concat!(
            "error: this command does not speak the format `haproxy`\n",
            "hint: `--format human` and `--format json` work everywhere"
        ),
        ..BARE
    },
    Case {
        name: "a duration without a unit",
        args: &["--timeout", "3", "node", "status"],
        says: concat!(
            "error: invalid value '3' for '--timeout <DURATION>': time unit needed, for example 3sec or 3ms\n",
            "\n",
            "  tip: a duration is a number and its unit, or several: '500ms', '30s', '5m', '1h 30m', '7d'\n",
            "\n",
            "For more information, try '--help'."
        ),
        ..BARE
    },
    Case {
        name: "a duration that is none",
        args: &["--timeout", "soon", "node", "status"],
        says: concat!(
            "error: invalid value 'soon' for '--timeout <DURATION>': expected number at 0\n",
            "\n",
            "  tip: a duration is a number and its unit, or several: '500ms', '30s', '5m', '1h 30m', '7d'\n",
            "\n",
            "For more information, try '--help'."
        ),
        ..BARE
    },
    Case {
        name: "no time at all",
        env: &[("CSQLSTORE_NODES", "mysql://u@127.0.0.1:{closed}/db")],
        args: &["--timeout", "0s", "node", "status"],
        says: concat!(
            "error: the time-out of `--timeout` is zero, and no answer comes in no time\n",
            "hint: without it, it is 3s"
        ),
        ..BARE
    },
    Case {
        name: "a past that is no duration",
        env: &[("CSQLSTORE_NODES", "mysql://u@127.0.0.1:{closed}/db")],
        args: &["session", "list", "--since", "yesterday"],
        says: concat!(
            "error: invalid value 'yesterday' for '--since <DURATION>': expected number at 0\n",
            "\n",
            "  tip: a duration is a number and its unit, or several: '500ms', '30s', '5m', '1h 30m', '7d'\n",
            "\n",
            "For more information, try '--help'."
        ),
        ..BARE
    },
    Case {
        name: "a batch of no rows",
        env: &[("CSQLSTORE_NODES", "mysql://u@127.0.0.1:{closed}/db")],
        args: &["purge", "--batch", "0"],
        says: concat!(
            "error: invalid value '0' for '--batch <ROWS>': 0 is not in 1..=10000\n",
            "\n",
            "For more information, try '--help'."
        ),
        ..BARE
    },
    Case {
        name: "options that exclude each other",
        env: &[("CSQLSTORE_NODES", "mysql://u@127.0.0.1:{closed}/db")],
        args: &["purge", "--no-lease", "--if-free"],
        says: concat!(
            "error: the argument '--no-lease' cannot be used with '--if-free'\n",
            "\n",
            "Usage: csqlstore purge --no-lease\n",
            "\n",
            "For more information, try '--help'."
        ),
        ..BARE
    },
    Case {
        name: "something to wait for that there is not",
        env: &[("CSQLSTORE_NODES", "mysql://u@127.0.0.1:{closed}/db")],
        args: &["node", "wait", "--for", "ready"],
        says: concat!(
            "error: invalid value 'ready' for '--for <usable|synced|size=N>': it is none of `usable`, `synced` and `size=N`\n",
            "\n",
            "For more information, try '--help'."
        ),
        ..BARE
    },
    Case {
        name: "a shell that there is not",
        args: &["completions", "tcsh"],
        says: concat!(
            "error: invalid value 'tcsh' for '<SHELL>'\n",
            "  [possible values: bash, zsh, fish, elvish, powershell]\n",
            "\n",
            "  tip: a similar value exists: 'zsh'\n",
            "\n",
            "For more information, try '--help'."
        ),
        ..BARE
    },
    Case {
        name: "no condition where one is needed",
        env: &[("CSQLSTORE_NODES", "mysql://u@127.0.0.1:{closed}/db")],
        args: &["session", "find"],
        says: concat!(
            "error: the following required arguments were not provided:\n",
            "  <CONDITION>...\n",
            "\n",
            "Usage: csqlstore session find <CONDITION>...\n",
            "\n",
            "For more information, try '--help'."
        ),
        ..BARE
    },
    Case {
        name: "a condition without a value",
        env: &[
            ("CSQLSTORE_NODES", "mysql://u@127.0.0.1:{closed}/db"),
            ("CSQLSTORE_KEYS", "raw:{hash}"),
            ("CSQLSTORE_NAMES", "s"),
        ],
        args: &["session", "find", "user"],
        says: concat!(
            "error: `user` is no condition: a value has to follow, as in `KEY=VALUE`; `KEY exists` asks whether there is one (at character 5)\n",
            "hint: a condition is `KEY=VALUE`, with one of = != < > <= >= ~, or `KEY exists`; quote it from the shell: 'a.b<3'"
        ),
        ..BARE
    },
    Case {
        name: "a condition with two equal signs",
        env: &[
            ("CSQLSTORE_NODES", "mysql://u@127.0.0.1:{closed}/db"),
            ("CSQLSTORE_KEYS", "raw:{hash}"),
            ("CSQLSTORE_NAMES", "s"),
        ],
        args: &["session", "find", "user==5"],
        says: concat!(
            "error: `user==5` is no condition: equality is written `=` (at character 5)\n",
            "hint: a condition is `KEY=VALUE`, with one of = != < > <= >= ~, or `KEY exists`; quote it from the shell: 'a.b<3'"
        ),
        ..BARE
    },
    Case {
        name: "a condition whose path is broken",
        env: &[
            ("CSQLSTORE_NODES", "mysql://u@127.0.0.1:{closed}/db"),
            ("CSQLSTORE_KEYS", "raw:{hash}"),
            ("CSQLSTORE_NAMES", "s"),
        ],
        args: &["session", "delete", "--where", "a[0=1"],
        says: concat!(
            "error: `a[0=1` is no condition: a `]` has to follow (at character 4)\n",
            "hint: a condition is `KEY=VALUE`, with one of = != < > <= >= ~, or `KEY exists`; quote it from the shell: 'a.b<3'"
        ),
        ..BARE
    },
    Case {
        name: "a condition whose quotes do not end",
        env: &[
            ("CSQLSTORE_NODES", "mysql://u@127.0.0.1:{closed}/db"),
            ("CSQLSTORE_KEYS", "raw:{hash}"),
            ("CSQLSTORE_NAMES", "s"),
        ],
        args: &["session", "find", "user=\"ada"],
        says: concat!(
            "error: `user=\\\"ada` is no condition: the text in quotes does not end, or has an escape that JSON does not know (at character 6)\n",
            "hint: a condition is `KEY=VALUE`, with one of = != < > <= >= ~, or `KEY exists`; quote it from the shell: 'a.b<3'"
        ),
        ..BARE
    },
    Case {
        name: "a condition whose regular expression is none",
        env: &[
            ("CSQLSTORE_NODES", "mysql://u@127.0.0.1:{closed}/db"),
            ("CSQLSTORE_KEYS", "raw:{hash}"),
            ("CSQLSTORE_NAMES", "s"),
        ],
        args: &["session", "find", "user~(ada"],
        says: concat!(
            "error: `user~(ada` is no condition: the regular expression is none: unclosed group (at character 6)\n",
            "hint: a condition is `KEY=VALUE`, with one of = != < > <= >= ~, or `KEY exists`; quote it from the shell: 'a.b<3'"
        ),
        ..BARE
    },
];
