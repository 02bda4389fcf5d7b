//! The keyring: of files, of the environment, or of somebody who types it.

use std::path::PathBuf;

use csqlstore::securecookie::{self, Keyring, pair_lines};
use zeroize::Zeroizing;

use crate::failure::{Failure, Status};
use crate::settings::{Origin, Settings};
use crate::ui::Ui;

/// Keys, and where each pair stands.
pub(crate) struct LocatedKeys {
    pub(crate) keyring: Keyring,
    /// One for each pair.
    pub(crate) places: Vec<KeyPlace>,
}

/// Where a pair stands.
#[derive(Clone, Debug)]
pub(crate) struct KeyPlace {
    /// What it was read from, as people are told.
    pub(crate) source: String,
    /// The file that it was read from, if it was one.
    pub(crate) file: Option<PathBuf>,
    /// The line in that, counted from 1.
    pub(crate) line: usize,
    /// Whether it has the line to itself.
    pub(crate) alone: bool,
}

impl KeyPlace {
    /// Returns where each pair of a text stands, which came from there.
    fn of(origin: &Origin, text: &str) -> Vec<Self> {
        let lines = pair_lines(text);
        let place = |line: &usize| Self {
            source: origin.to_string().trim_matches('`').to_owned(),
            file: match origin {
                Origin::File { path, line: _ } => Some(path.clone()),
                Origin::Flag(_) | Origin::Environment(_) | Origin::Default => None,
            },
            line: *line,
            alone: lines.iter().filter(|other| *other == line).count() == 1,
        };
        lines.iter().map(place).collect()
    }
}

/// Returns the keys of the files in their order, else those of the environment, else those that are typed.
///
/// # Errors
///
/// Exit 2 if there is no key, a file cannot be read, or a keyring does not parse.
#[track_caller]
pub(crate) fn keyring(settings: &Settings, ui: &Ui) -> Result<Keyring, Failure> {
    Ok(located(settings, ui)?.keyring)
}

/// Returns the same keys, with where each pair stands.
///
/// # Errors
///
/// As [`keyring`].
#[track_caller]
pub(crate) fn located(settings: &Settings, ui: &Ui) -> Result<LocatedKeys, Failure> {
    let source = settings.read_keys()?;
    if source.texts.is_empty() {
        let keyring = typed(ui)?;
        let typed = || KeyPlace { source: "what was typed".to_owned(), file: None, line: 1, alone: false };
        let places = keyring.pairs().iter().map(|_| typed()).collect();
        return Ok(LocatedKeys { keyring, places });
    }
    let mut places = Vec::new();
    let mut all = Zeroizing::new(String::new());
    for (origin, text) in &source.texts {
        // Each alone first: an error names the file, and a line in it.
        parse(text, &origin.to_string())?;
        places.extend(KeyPlace::of(origin, text));
        // In one piece: a buffer that moved would leave the keys behind.
        let mut longer = Zeroizing::new(String::with_capacity(all.len() + text.len() + 1));
        longer.push_str(&all);
        longer.push_str(text);
        longer.push('\n');
        all = longer;
    }
    Ok(LocatedKeys { keyring: parse(&all, "all files together")?, places })
}

#[track_caller]
fn typed(ui: &Ui) -> Result<Keyring, Failure> {
    match ui.ask_secret("Key, as HASH[,BLOCK], each hex:…, base64:… or raw:…")? {
        Some(text) if !text.trim().is_empty() => parse(&text, "what was typed"),
        _ => Err(Failure::request("no key is given to verify with").hint(
            "name a file of keys with `--key-file FILE`, set CSQLSTORE_KEYS, or set `key_file` in the configuration",
        )),
    }
}

#[track_caller]
fn parse(text: &str, origin: &str) -> Result<Keyring, Failure> {
    let unusable = format!("the keyring of {origin} cannot be used");
    Keyring::parse(text).map_err(|error| match error {
        securecookie::Error::NoKey { .. } => {
            let failure =
                Failure { causes: vec!["there is no key in it".into()], ..Failure::new(Status::Request, unusable) };
            failure.hint("`csqlstore key generate` makes a pair; that of a Go program stands where it makes its store")
        }
        error => Failure::from(error).within(unusable),
    })
}
