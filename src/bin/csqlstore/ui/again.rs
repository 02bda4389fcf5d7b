//! Commands that are printed to be copied: they are about what this one was told to work on.

use std::borrow::Cow;
use std::path::Path;
use std::sync::OnceLock;

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

/// Puts the options into the commands that a text names.
pub(crate) fn again(text: &str) -> Cow<'_, str> {
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
