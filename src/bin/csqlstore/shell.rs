//! What people are to paste into a shell.

use std::path::Path;

/// Writes a path as one word of a shell's line, as it is where nothing in it means something to a shell.
pub(crate) fn word(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+@%:,".contains(c);
    if !text.is_empty() && !text.starts_with('-') && text.chars().all(plain) {
        return text;
    }
    // An option is none behind a dot and a slash.
    let begin = if text.starts_with('-') { "./" } else { "" };
    format!("'{begin}{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_one_word_whatever_stands_in_it() {
        for (path, expected) in [
            ("keys", "keys"),
            ("/etc/csqlstore/keys.2", "/etc/csqlstore/keys.2"),
            ("my keys", "'my keys'"),
            ("it's", r"'it'\''s'"),
            ("$(reboot)", "'$(reboot)'"),
            ("-rf", "'./-rf'"),
            ("", "''"),
        ] {
            assert_eq!(word(Path::new(path)), expected, "{path}");
        }
    }
}
