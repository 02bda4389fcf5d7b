//! `csqlstore key generate`.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::Args;
use serde::Serialize;
use zeroize::Zeroizing;

use crate::failure::{Failure, Status};
use crate::ui::{Format, Report, Style, Ui};

/// Draw a pair of keys at random, and print it as a line of a keyring
///
/// This is the only command that shows a key. Standard output has the line and nothing else. Into a file it goes by
/// `--out` or `--append`: `>> keys` would make one key of two where the file has no line feed at its end.
///
/// The order in which keys are deployed matters: the first pair of a keyring signs, and whoever lacks the pair that
/// signed a session takes it for a forgery and signs the user out. To replace a key, append the new pair and deploy that
/// to every program that reads the sessions; then move it to the front and deploy again; remove the old pair once nothing
/// that it signed is in use (after the cookies' Max-Age, 30 days by default).
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  csqlstore key generate --block --out keys     a new keyring, readable to you alone
  csqlstore key generate --block --append keys  the next pair, at the end: it verifies, and does not sign yet
  csqlstore key check --key-file keys")]
pub(super) struct GenerateArgs {
    /// Draw a block key too, so that sessions are encrypted: of 32 bytes (AES-256), 24 or 16
    #[arg(long, value_name = "BYTES", num_args = 0..=1, default_missing_value = "32", value_parser = ["16", "24", "32"])]
    block: Option<String>,
    /// The length of the hash key in bytes, 32 to 64
    #[arg(long, value_name = "BYTES", default_value_t = 64, value_parser = clap::value_parser!(u8).range(32..=64))]
    bytes: u8,
    /// Write the line into this new file, which only you can read, and show no key
    ///
    /// A file that is there already is left alone: put a pair into it with `--append FILE`.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Append the line to this file, which keeps its mode, and show no key
    ///
    /// A line feed that the file lacks at its end comes first. The pair verifies, and does not sign yet.
    #[arg(long, value_name = "FILE", conflicts_with = "out")]
    append: Option<PathBuf>,
}

pub(super) fn run(args: &GenerateArgs, ui: &Ui) -> Result<Status, Failure> {
    let GenerateArgs { block, bytes, out, append } = args;
    let hash_bytes = usize::from(*bytes);
    let block_bytes = block.as_deref().map(|bytes| bytes.parse().unwrap_or(32));
    let line = line(hash_bytes, block_bytes)?;
    if let Some(file) = out {
        create(file, &line)?;
        return ui.answer(&GenerateReport { keyring: None, file: Some(file), hash_bytes, block_bytes });
    }
    if let Some(file) = append {
        add(file, &line)?;
        return ui.answer(&GenerateReport { keyring: None, file: Some(file), hash_bytes, block_bytes });
    }
    if ui.format() == Format::Json {
        return ui.answer(&GenerateReport { keyring: Some(&line), file: None, hash_bytes, block_bytes });
    }
    // `--quiet` leaves reports out; this is what was asked for.
    let text = Zeroizing::new([line.as_bytes(), b"\n"].concat());
    ui.raw(&text)?;
    Ok(Status::Done)
}

/// Draws a pair and writes it as a keyring has it.
pub(in crate::commands) fn line(hash_bytes: usize, block_bytes: Option<usize>) -> Result<Zeroizing<String>, Failure> {
    // Room for all at once: a buffer that moved while it grew would leave a part of the key behind.
    let mut line = Zeroizing::new(String::with_capacity(256));
    for (at, bytes) in std::iter::once(hash_bytes).chain(block_bytes).enumerate() {
        let mut key = Zeroizing::new(vec![0; bytes]);
        getrandom::fill(&mut key).map_err(|error| Failure {
            causes: vec![error.to_string()],
            ..Failure::new(Status::NotNow, "the system gave no random bytes")
        })?;
        line.push_str(if at == 0 { "base64:" } else { ",base64:" });
        STANDARD.encode_string(&*key, &mut line);
    }
    Ok(line)
}

/// Makes a file that nobody else can read, and never takes one that is there.
pub(in crate::commands) fn create(file: &Path, line: &str) -> Result<(), Failure> {
    let shown = file.display();
    let opened = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
    let mut opened = opened.map_err(|error| {
        let failure = Failure::request(format!("the file `{shown}` cannot be made"));
        let failure = Failure { causes: vec![error.to_string()], ..failure };
        match error.kind() {
            ErrorKind::AlreadyExists => failure.hint(
                "`csqlstore key generate --append FILE` appends a pair, which then verifies and does not sign; the first pair signs",
            ),
            ErrorKind::NotFound => failure.hint("make its folder first, which nobody else should be able to read"),
            _ => failure,
        }
    })?;
    let text = Zeroizing::new([line.as_bytes(), b"\n"].concat());
    opened.write_all(&text).and_then(|()| opened.sync_all()).map_err(|error| {
        let failure = Failure::request(format!("writing the file `{shown}` failed"));
        Failure { causes: vec![error.to_string()], ..failure }
    })
}

/// Puts a pair at the end of a file, in a line of its own.
fn add(file: &Path, line: &str) -> Result<(), Failure> {
    let shown = file.display();
    let opened = OpenOptions::new().read(true).append(true).open(file);
    let mut opened = opened.map_err(|error| {
        let failure = Failure::request(format!("the file `{shown}` cannot be appended to"));
        let failure = Failure { causes: vec![error.to_string()], ..failure };
        match error.kind() {
            ErrorKind::NotFound => failure.hint("`csqlstore key generate --out FILE` makes a new one"),
            _ => failure,
        }
    })?;
    let mut append = || {
        let mut last = [b'\n'];
        if opened.metadata()?.len() > 0 {
            opened.seek(SeekFrom::End(-1))?;
            opened.read_exact(&mut last)?;
        }
        let ended: &[u8] = if last == [b'\n'] { b"" } else { b"\n" };
        let text = Zeroizing::new([ended, line.as_bytes(), b"\n"].concat());
        opened.write_all(&text)?;
        opened.sync_all()
    };
    append().map_err(|error: std::io::Error| {
        let failure = Failure::request(format!("writing the file `{shown}` failed"));
        Failure { causes: vec![error.to_string()], ..failure }
    })
}

struct GenerateReport<'a> {
    /// The line, unless it went into a file.
    keyring: Option<&'a str>,
    file: Option<&'a Path>,
    hash_bytes: usize,
    block_bytes: Option<usize>,
}

#[derive(Serialize)]
struct GenerateJson<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    keyring: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    hash_bytes: usize,
    block_bytes: Option<usize>,
}

impl Report for GenerateReport<'_> {
    fn json(&self) -> impl Serialize {
        let Self { keyring, file, hash_bytes, block_bytes } = *self;
        GenerateJson { keyring, file: file.map(|file| file.display().to_string()), hash_bytes, block_bytes }
    }

    fn human(&self, style: &Style) -> String {
        let Self { keyring: _, file, hash_bytes, block_bytes } = self;
        let Some(file) = file else { return String::new() };
        let block = block_bytes.map_or_else(
            || "no block key: sessions are signed, not encrypted".to_owned(),
            |bytes| format!("a block key of {bytes} (AES-{})", bytes * 8),
        );
        format!("{} holds a new pair: a hash key of {hash_bytes} bytes and {block}\n", style.bold(file.display()))
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use csqlstore::securecookie::Keyring;

    use super::*;

    #[test]
    fn a_pair_that_is_appended_has_a_line_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keys");
        assert!(add(&file, "raw:new").is_err() && !file.exists(), "none is made");
        for (before, after) in
            [("raw:old", "raw:old\nraw:new\n"), ("raw:old\n", "raw:old\nraw:new\n"), ("", "raw:new\n")]
        {
            std::fs::write(&file, before).unwrap();
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
            add(&file, "raw:new").unwrap();
            assert_eq!(std::fs::read_to_string(&file).unwrap(), after);
            assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o640);
        }
    }

    #[test]
    fn what_is_drawn_is_a_keyring_of_the_lengths_asked_for() {
        for (hash, block) in [(32, None), (64, Some(16)), (64, Some(24)), (64, Some(32))] {
            let (one, other) = (line(hash, block).unwrap(), line(hash, block).unwrap());
            assert_ne!(*one, *other);
            assert!(one.len() < 256, "it moved while it grew");
            let keyring = Keyring::parse(&one).unwrap();
            let pair = &keyring.pairs()[0];
            assert_eq!((keyring.pairs().len(), pair.hash_length(), pair.block_length()), (1, hash, block));
            assert_eq!(keyring.concerns(), []);
        }
    }
}
