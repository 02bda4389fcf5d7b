//! The question where the keys are.

use std::path::{Path, PathBuf};

use csqlstore::securecookie::Keyring;
use zeroize::Zeroizing;

use super::super::super::key;
use super::draft::absolute;
use crate::failure::{Failure, with_causes};
use crate::ui::Ui;

/// A file of keys.
pub(super) enum KeyFile {
    /// It is there.
    There(PathBuf),
    /// It is to be made.
    New {
        path: PathBuf,
        /// The keyring.
        line: Zeroizing<String>,
    },
}

impl KeyFile {
    pub(super) fn path(&self) -> &Path {
        match self {
            Self::There(path) | Self::New { path, .. } => path,
        }
    }

    /// Returns the path, if the file is to be made.
    pub(super) fn made(&self) -> Option<&Path> {
        match self {
            Self::There(_) => None,
            Self::New { path, .. } => Some(path),
        }
    }

    /// Returns the text, if the file is to be made.
    pub(super) fn new_text(&self) -> Option<&str> {
        match self {
            Self::There(_) => None,
            Self::New { line, .. } => Some(line),
        }
    }
}

const CHOICES: [&str; 4] = [
    "none now: cookies and rows are not opened",
    "a file that is there",
    "the Go program's, which I type now, unseen",
    "a new pair, drawn at random: for a service that has no sessions yet",
];

/// Asks where the keys are. Nothing is written yet.
pub(super) fn ask(folder: &Path, ui: &Ui) -> Result<Option<KeyFile>, Failure> {
    match ui.choose("Keys that sign and encrypt the sessions", &CHOICES, 0)? {
        1 => there(folder, ui).map(Some),
        2 => {
            let line = typed(ui)?;
            Ok(Some(KeyFile::New { path: free(folder, ui)?, line }))
        }
        3 => {
            let line = key::new_line(64, Some(32))?;
            Ok(Some(KeyFile::New { path: free(folder, ui)?, line }))
        }
        _ => Ok(None),
    }
}

fn there(folder: &Path, ui: &Ui) -> Result<KeyFile, Failure> {
    loop {
        let path = absolute(&ui.ask_line("File of keys", &folder.join("keys").display().to_string())?, folder);
        let read = std::fs::read_to_string(&path).map(Zeroizing::new);
        let parsed = read.map_err(|error| error.to_string());
        let parsed = parsed.and_then(|text| Keyring::parse(&text).map_err(|error| with_causes(&error)));
        match parsed {
            Ok(keyring) => {
                let count = keyring.pairs().len();
                let pairs = if count == 1 { "pair" } else { "pairs" };
                ui.say(|style| format!("  {} {count} {pairs} in it", style.good("yes:")));
                return Ok(KeyFile::There(path));
            }
            Err(reason) => ui.no(&reason),
        }
    }
}

fn typed(ui: &Ui) -> Result<Zeroizing<String>, Failure> {
    loop {
        let prompt = "Keys, as HASH[,BLOCK], each hex:…, base64:… or raw:… (pairs with `;` between)";
        let line = ui.ask_secret(prompt)?.unwrap_or_default();
        match Keyring::parse(&line) {
            Ok(_) => return Ok(line),
            Err(error) => ui.no(&with_causes(&error)),
        }
    }
}

/// Asks for a file that is not there yet.
fn free(folder: &Path, ui: &Ui) -> Result<PathBuf, Failure> {
    let names = std::iter::once("keys".to_owned()).chain((2..).map(|n| format!("keys-{n}")));
    let mut free = names.map(|name| folder.join(name)).filter(|path| path.symlink_metadata().is_err());
    let suggested = free.next().map_or_else(String::new, |path| path.display().to_string());
    loop {
        let path = absolute(&ui.ask_line("File to write them into", &suggested)?, folder);
        if path.symlink_metadata().is_err() {
            return Ok(path);
        }
        ui.no(&format!("`{}` is there already, and keys are never overwritten", path.display()));
    }
}
