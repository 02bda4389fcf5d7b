//! Commands that are printed to be copied: they are about what this one was told to work on, and where that is kept.

use std::borrow::Cow;
use std::path::Path;
use std::sync::OnceLock;

use csqlstore::sandbox::{self, Sandbox};

use crate::cli::GlobalArgs;
use crate::shell;

/// The options that a copied command needs, each with a space before it. A node is none of them: its DSN may hold a
/// password.
static GIVEN: OnceLock<String> = OnceLock::new();

/// The nouns whose commands ask the servers, and so go by these options.
const ASKING: [&str; 7] = ["cookie", "doctor", "event", "migrate", "node", "purge", "session"];

/// Keeps what the command line says of configuration, cluster and table.
pub(super) fn remember(global: &GlobalArgs) {
    let given = [
        ("config", global.config.as_deref()),
        ("cluster", global.cluster.as_deref().map(Path::new)),
        ("table", global.table.as_deref().map(Path::new)),
    ];
    let given = given.into_iter().filter_map(|(name, value)| Some(format!(" --{name} {}", shell::word(value?))));
    // There is one command line.
    let _ = GIVEN.set(given.collect());
}

/// The sandbox whose nodes are asked, if they are one's.
static KEPT: OnceLock<Kept> = OnceLock::new();

/// A sandbox: its nodes are no services of their hosts.
struct Kept {
    nodes: Vec<String>,
    /// The option that names its directory, with a space before it; empty if that is the default.
    dir: String,
}

/// Keeps whose nodes a configuration names, if it is a sandbox's own.
pub(crate) fn kept_by(config: &Path) {
    let dir = std::path::absolute(config).ok();
    let Some(Ok(sandbox)) = dir.as_deref().and_then(Path::parent).map(Sandbox::open) else { return };
    let dir = if sandbox.dir() == sandbox::default_dir() {
        String::new()
    } else {
        format!(" --dir {}", shell::word(sandbox.dir()))
    };
    let nodes = sandbox.nodes().into_iter().map(|node| node.name).collect();
    // There is one configuration.
    let _ = KEPT.set(Kept { nodes, dir });
}

/// Returns what does for a sandbox's node what `systemctl` does for a service, of a text such as
/// ``systemctl start mariadb # on the host of node `n1`, ADDRESS``; `None` of any other.
fn in_sandbox(kept: &Kept, text: &str) -> Option<String> {
    let (verb, rest) = text.strip_prefix("systemctl ")?.split_once(' ')?;
    let name = rest.split_once(" # on the host of node `")?.1.split('`').next()?;
    let Kept { nodes, dir } = kept;
    if !nodes.iter().any(|node| node == name) {
        return None;
    }
    match verb {
        "start" => Some(format!("csqlstore sandbox start {name}{dir}")),
        // What is restarted is cut off.
        "restart" => Some(format!("csqlstore sandbox isolate {name} --heal{dir}")),
        "status" => Some(format!("csqlstore sandbox status{dir}")),
        _ => None,
    }
}

/// Puts the options into the commands that a text names, and a sandbox's command in place of a host's.
pub(crate) fn again(text: &str) -> Cow<'_, str> {
    if let Some(command) = KEPT.get().and_then(|kept| in_sandbox(kept, text)) {
        return Cow::Owned(command);
    }
    with(GIVEN.get().map_or("", String::as_str), text)
}

fn with<'a>(given: &str, text: &'a str) -> Cow<'a, str> {
    const PROGRAM: &str = "csqlstore ";
    if given.is_empty() || !text.contains(PROGRAM) {
        return Cow::Borrowed(text);
    }
    let mut pieces = text.split(PROGRAM);
    let mut whole = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let noun = piece.split(|c: char| !c.is_ascii_lowercase()).next().unwrap_or_default();
        // Behind a slash or a letter it is a part of another word.
        let begins = !whole.ends_with(|c: char| c.is_alphanumeric() || "/-_.".contains(c));
        let options = if begins && ASKING.contains(&noun) { given } else { "" };
        whole.push_str(&format!("csqlstore{options} {piece}"));
    }
    Cow::Owned(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sandbox_has_commands_of_its_own() {
        let kept = Kept { nodes: vec!["n1".into(), "n2".into()], dir: " --dir /tmp/s".into() };
        for (text, expected) in [
            (
                "systemctl start mariadb # on the host of node `n2`, h:1",
                Some("csqlstore sandbox start n2 --dir /tmp/s"),
            ),
            (
                "systemctl restart mariadb # on the host of node `n1`, h:1",
                Some("csqlstore sandbox isolate n1 --heal --dir /tmp/s"),
            ),
            ("systemctl status mysql # on the host of node `n1`, h:1", Some("csqlstore sandbox status --dir /tmp/s")),
            ("systemctl start mariadb # on the host of node `db9`, h:1", None),
            ("systemctl start mariadb", None),
            ("SET GLOBAL read_only = OFF", None),
        ] {
            assert_eq!(in_sandbox(&kept, text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_copied_is_about_the_same_table() {
        for (text, expected) in [
            ("csqlstore purge", "csqlstore --table old purge"),
            (
                "csqlstore migrate up && csqlstore event install",
                "csqlstore --table old migrate up && csqlstore --table old event install",
            ),
            ("`csqlstore migrate up` adds both", "`csqlstore --table old migrate up` adds both"),
            ("csqlstore key generate --block --append keys", "csqlstore key generate --block --append keys"),
            ("csqlstore --node 'n1=mysql://x' doctor", "csqlstore --node 'n1=mysql://x' doctor"),
            ("systemctl start mariadb", "systemctl start mariadb"),
            ("a bug in csqlstore 0.1.0", "a bug in csqlstore 0.1.0"),
            ("/usr/bin/csqlstore purge", "/usr/bin/csqlstore purge"),
        ] {
            assert_eq!(with(" --table old", text), expected);
            assert_eq!(with("", text), text);
        }
    }
}
