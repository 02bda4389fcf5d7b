//! Where the keys come from: files, the environment, or somebody who types them.

use std::io::Read;
use std::path::{Path, PathBuf};

use csqlstore::securecookie::{self, Keyring};
use zeroize::Zeroizing;

use crate::failure::{Failure, Status};
use crate::ui::Ui;

/// The environment's keyring.
const VARIABLE: &str = "CSQLSTORE_KEYS";

/// The longest key file that is read, in bytes: hundreds of keys.
const LONGEST: u64 = 64 << 10;

/// Returns the keys of the files in their order, else those of the environment, else those that are typed.
///
/// # Errors
///
/// Exit 2 if there is no key, a file cannot be read, or a keyring does not parse.
#[track_caller]
pub(crate) fn keyring(files: &[PathBuf], ui: &Ui) -> Result<Keyring, Failure> {
    if !files.is_empty() {
        return of_files(files);
    }
    if let Some(text) = std::env::var_os(VARIABLE).filter(|text| !text.is_empty()) {
        let text = text.into_string().map(Zeroizing::new).map_err(|_| unusable(VARIABLE, "it is not UTF-8"))?;
        return parse(&text, VARIABLE);
    }
    match ui.ask_secret("Key, as HASH[,BLOCK], each hex:…, base64:… or raw:…")? {
        Some(text) if !text.trim().is_empty() => parse(&text, "what was typed"),
        _ => Err(Failure::request("no key is given to verify with").hint(
            "name a file of keys with `--key-file FILE`, set CSQLSTORE_KEYS, or set `key_file` in the configuration",
        )),
    }
}

/// Returns the session names given, else those of the environment.
pub(crate) fn names(given: &[String]) -> Vec<String> {
    if !given.is_empty() {
        return given.to_vec();
    }
    let names = std::env::var("CSQLSTORE_NAMES").unwrap_or_default();
    names.split_whitespace().map(str::to_owned).collect()
}

fn of_files(files: &[PathBuf]) -> Result<Keyring, Failure> {
    let mut all = Zeroizing::new(String::new());
    for path in files {
        let text = read(path)?;
        // Each alone first: an error names the file, and a line in it.
        parse(&text, &named(path))?;
        // In one piece: a buffer that moved would leave the keys behind.
        let mut longer = Zeroizing::new(String::with_capacity(all.len() + text.len() + 1));
        longer.push_str(&all);
        longer.push_str(&text);
        longer.push('\n');
        all = longer;
    }
    parse(&all, "the key files")
}

fn read(path: &Path) -> Result<Zeroizing<String>, Failure> {
    let name = named(path);
    let file = std::fs::File::open(path).map_err(|error| unusable(&name, &error.to_string()))?;
    let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(LONGEST + 1).unwrap_or(0)));
    file.take(LONGEST + 1).read_to_end(&mut bytes).map_err(|error| unusable(&name, &error.to_string()))?;
    if bytes.len() as u64 > LONGEST {
        return Err(unusable(&name, "it has more than 64 KiB"));
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| unusable(&name, "it is not UTF-8"))?;
    Ok(Zeroizing::new(text.to_owned()))
}

#[track_caller]
fn parse(text: &str, origin: &str) -> Result<Keyring, Failure> {
    Keyring::parse(text).map_err(|error| match error {
        securecookie::Error::NoKey { .. } => unusable(origin, "there is no key in it"),
        error => Failure::from(error).within(cannot_be_used(origin)),
    })
}

#[track_caller]
fn unusable(origin: &str, reason: &str) -> Failure {
    Failure { causes: vec![reason.to_owned()], ..Failure::new(Status::Request, cannot_be_used(origin)) }
}

fn cannot_be_used(origin: &str) -> String {
    format!("the keyring of {origin} cannot be used")
}

fn named(path: &Path) -> String {
    format!("`{}`", path.display().to_string().escape_debug())
}
