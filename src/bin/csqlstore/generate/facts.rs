//! What no argument tells of a command: how it ends, what of the environment it reads, and which files.

/// What stands in the last sections of a page: a word, and what it means.
pub(super) struct Facts {
    pub(super) exits: Vec<(String, String)>,
    pub(super) environment: Vec<(String, String)>,
    pub(super) files: Vec<(String, String)>,
}

/// How far a command goes for what it knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// It reads no settings.
    Nothing,
    /// It makes the configuration, and reads none.
    Making,
    /// It runs servers of its own.
    Sandbox,
    /// It reads the settings, and asks no server.
    Settings,
    /// It asks servers.
    Servers,
}

/// Returns the facts of a command by the name of its page; a noun has those of all its verbs.
pub(super) fn of(command: &clap::Command, name: &str) -> Facts {
    let own = |long: &str| command.get_arguments().any(|arg| arg.get_long() == Some(long));
    let noun = command.has_subcommands();
    let reach = reach(name);
    let opens = noun && matches!(name, "csqlstore" | "csqlstore-session" | "csqlstore-cookie" | "csqlstore-key");
    Facts {
        exits: exits(name, reach, noun),
        environment: environment(reach, opens || own("key-file"), opens || own("name"), own("token-file")),
        files: files(reach, opens || own("key-file")),
    }
}

fn reach(name: &str) -> Reach {
    match name {
        "csqlstore-completions" | "csqlstore-key-generate" => Reach::Nothing,
        "csqlstore-config-init" => Reach::Making,
        "csqlstore-config"
        | "csqlstore-config-show"
        | "csqlstore-key"
        | "csqlstore-key-check"
        | "csqlstore-session-decode" => Reach::Settings,
        _ if name.starts_with("csqlstore-sandbox") => Reach::Sandbox,
        _ => Reach::Servers,
    }
}

/// What a command's own statuses mean; the others mean the same everywhere.
const OWN: &[(&str, &[(&str, &str)])] = &[
    ("csqlstore-config-init", &[("1", "A question was answered with no; nothing was written.")]),
    (
        "csqlstore-cookie-decode",
        &[
            ("1", "The cookie verifies under no key and name, or has no session in the table."),
            ("4", "The cookie or the row verifies, and holds no session."),
        ],
    ),
    (
        "csqlstore-doctor",
        &[
            ("1", "A node or the cleanup does not work; with --strict also: there is a warning."),
            ("4", "The schema or the rows are not what they should be."),
        ],
    ),
    (
        "csqlstore-event-install",
        &[
            ("1", "The question was answered with no; nothing was done."),
            ("4", "The table is not what the event needs."),
        ],
    ),
    ("csqlstore-event-remove", &[("1", "The question was answered with no; nothing was done.")]),
    ("csqlstore-event-show", &[("1", "No node has such an event.")]),
    ("csqlstore-event-status", &[("1", "The cleanup does not work, or there is no event.")]),
    ("csqlstore-key-check", &[("1", "There is a warning about a key.")]),
    (
        "csqlstore-migrate-adopt",
        &[
            ("1", "Something is still pending, which csqlstore migrate up brings."),
            ("4", "The table cannot be migrated."),
        ],
    ),
    (
        "csqlstore-migrate-down",
        &[
            ("1", "A question was answered with no; nothing was done."),
            ("4", "The table or its history is not as expected."),
        ],
    ),
    (
        "csqlstore-migrate-plan",
        &[
            ("1", "With --check: something is pending."),
            ("4", "The table cannot be migrated: duplicate ids, another kind of table."),
        ],
    ),
    ("csqlstore-migrate-repair", &[("4", "A record is left that this program cannot explain.")]),
    (
        "csqlstore-migrate-status",
        &[("1", "With --check: something is pending."), ("4", "With --check: the table cannot be migrated.")],
    ),
    ("csqlstore-migrate-unlock", &[("1", "The question was answered with no; nothing was done.")]),
    (
        "csqlstore-migrate-up",
        &[
            ("1", "The question was answered with no; with --dry-run --check: something is pending."),
            ("4", "The table cannot be migrated: duplicate ids, another kind of table, a step that half succeeded."),
        ],
    ),
    (
        "csqlstore-migrate-verify",
        &[
            ("1", "All is as recorded, and something is pending."),
            ("4", "A node differs from what is expected, or from the others."),
        ],
    ),
    (
        "csqlstore-node-check",
        &[
            ("1", "The answer is no. With --format nagios: warning."),
            ("2", "Wrong request or configuration. With --format nagios: critical."),
            ("3", "With --format nagios: unknown, which a wrong request is too."),
        ],
    ),
    (
        "csqlstore-node-serve",
        &[
            ("0", "Stopped by SIGINT or SIGTERM; what was asked before was answered."),
            ("3", "Not now, try again: the port is in use, or the address is not this machine's yet."),
        ],
    ),
    ("csqlstore-node-status", &[("1", "A node is not ok. The report is written all the same.")]),
    ("csqlstore-node-wait", &[("3", "The time is over, and it does not hold.")]),
    (
        "csqlstore-purge",
        &[
            ("1", "The question was answered with no; nothing was deleted."),
            ("4", "The table is not what a purge needs: no key, no index, an expiry of another type."),
            ("5", "A limit of time or rows was reached, and work is left."),
        ],
    ),
    ("csqlstore-sandbox-down", &[("1", "The question was answered with no; nothing was done.")]),
    ("csqlstore-sandbox-status", &[("1", "A node is not running, or not a working member of its cluster.")]),
    (
        "csqlstore-session-decode",
        &[("1", "The value verifies under no key and name."), ("4", "The value verifies, and holds no session.")],
    ),
    (
        "csqlstore-session-delete",
        &[
            ("1", "There is no session of one of the ids, or the question was answered with no."),
            ("5", "Sessions that were to go changed meanwhile, and are left."),
        ],
    ),
    (
        "csqlstore-session-rekey",
        &[
            ("1", "The question was answered with no; nothing was done."),
            ("4", "Rows are left that no key opens, or that would be longer than Go reads."),
            ("5", "Sessions are saved under an old key all the time, or were changed meanwhile."),
        ],
    ),
    (
        "csqlstore-session-show",
        &[
            ("1", "There is no such session, or its data verifies under no key."),
            ("4", "The data verifies, and holds no session."),
        ],
    ),
];

fn exits(name: &str, reach: Reach, noun: bool) -> Vec<(String, String)> {
    let own: &[(&str, &str)] = OWN.iter().find(|(page, _)| *page == name).map_or(&[], |(_, own)| own);
    let servers = matches!(reach, Reach::Servers);
    let common = [
        ("0", "Done; the answer is yes.", true),
        ("1", "Done; the answer is no. Each command's page says what its question is.", noun),
        ("2", "Wrong request or configuration.", true),
        ("3", "Not now, try again: no usable node, someone else holds the lease, a lock wait.", servers),
        ("3", "Not now, try again: a server did not start, or is not there.", reach == Reach::Sandbox),
        ("3", "Not now, try again: the system gave no random bytes.", name == "csqlstore-key-generate"),
        ("4", "The table or its rows are not what is expected.", servers && !name.starts_with("csqlstore-node")),
        ("4", "The sandbox's own files are not what is expected.", reach == Reach::Sandbox),
        ("5", "Stopped early, work is left: a limit of time or rows was reached.", name == "csqlstore"),
        ("70", "A bug in csqlstore.", true),
        ("130, 143", signalled(name), true),
    ];
    let mut all: Vec<(String, String)> =
        own.iter().map(|(code, text)| ((*code).to_owned(), (*text).to_owned())).collect();
    for (code, text, holds) in common {
        if holds && all.iter().all(|(known, _)| known != code) {
            all.push((code.to_owned(), text.to_owned()));
        }
    }
    all.sort_by_key(|(code, _)| code.split(',').next().and_then(|code| code.parse::<u8>().ok()));
    all
}

/// What SIGINT and SIGTERM do.
fn signalled(name: &str) -> &'static str {
    match name {
        "csqlstore" => {
            "Stopped by SIGINT or SIGTERM; what works in batches finishes one, and still says what was done."
        }
        "csqlstore-node-serve" => "Stopped at once, by a second signal.",
        "csqlstore-purge" | "csqlstore-session-delete" | "csqlstore-session-rekey" => {
            "Stopped by SIGINT or SIGTERM, after the current batch; the report of what was done is still printed."
        }
        "csqlstore-migrate-up" | "csqlstore-migrate-adopt" | "csqlstore-migrate-down" | "csqlstore-migrate-repair" => {
            "Stopped by SIGINT or SIGTERM, after the current statement, which is recorded."
        }
        _ => "Stopped by SIGINT or SIGTERM.",
    }
}

fn environment(reach: Reach, keys: bool, names: bool, token: bool) -> Vec<(String, String)> {
    let settings = matches!(reach, Reach::Settings | Reach::Servers);
    let servers = matches!(reach, Reach::Servers);
    let all = [
        ("CSQLSTORE_CONFIG", "The configuration file.", settings || reach == Reach::Making),
        (
            "CSQLSTORE_NODES",
            "The nodes: DSNs, each with an optional NAME= before it, with white space between.",
            settings,
        ),
        (
            "CSQLSTORE_PASSWORD, CSQLSTORE_PASSWORD_FILE",
            "The password of every DSN that has none, or a file that holds it.",
            servers,
        ),
        ("CSQLSTORE_KEYS", "The keyring: pairs HASH[,BLOCK], separated by semicolons or line ends.", settings && keys),
        ("CSQLSTORE_NAMES", "Session names, which are cookie names, with white space between.", settings && names),
        ("CSQLSTORE_SERVE_TOKEN", "The token that callers have to show, where no --token-file names it.", token),
        ("XDG_CONFIG_HOME, HOME", "Where the configuration of this user is.", settings || reach == Reach::Making),
        ("XDG_CACHE_HOME, HOME", "Where the template of a sandbox's data is kept.", reach == Reach::Sandbox),
        ("NO_COLOR", "No colours, if it is set and not empty.", true),
    ];
    listed(&all)
}

fn files(reach: Reach, keys: bool) -> Vec<(String, String)> {
    let settings = matches!(reach, Reach::Settings | Reach::Servers | Reach::Making);
    let all = [
        ("./csqlstore.toml", "The configuration, if the working folder has one.", settings),
        (
            "$XDG_CONFIG_HOME/csqlstore/config.toml",
            "The configuration of this user; ~/.config if it is not set.",
            settings,
        ),
        ("/etc/csqlstore/csqlstore.toml", "The configuration of this machine.", settings),
        (
            "/usr/share/doc/csqlstore/examples/csqlstore.toml",
            "An example, every setting explained, where Debian's package is.",
            settings,
        ),
        (
            "the key_file of the configuration",
            "The keyring: a pair HASH[,BLOCK] a line, the one that signs first.",
            settings && keys,
        ),
        ("/tmp/csqlstore-sandbox-UID", "The sandbox, unless --dir says otherwise.", reach == Reach::Sandbox),
        ("~/.cache/csqlstore-sandbox-UID", "The template that its data is copied from.", reach == Reach::Sandbox),
        ("none", "No file is read but those that the command line names.", reach == Reach::Nothing),
    ];
    listed(&all)
}

fn listed(all: &[(&str, &str, bool)]) -> Vec<(String, String)> {
    let holds = all.iter().filter(|(.., holds)| *holds);
    holds.map(|(what, meaning, _)| ((*what).to_owned(), (*meaning).to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::cli::Cli;

    #[test]
    fn what_is_known_of_a_command_is_of_one_that_there_is() {
        let mut root = Cli::command();
        root.build();
        for (name, own) in OWN {
            let mut command = &root;
            for word in name.split('-').skip(1) {
                command = command.find_subcommand(word).unwrap_or_else(|| panic!("there is no {name}"));
            }
            assert!(!command.has_subcommands() && !own.is_empty(), "{name}");
        }
    }
}
