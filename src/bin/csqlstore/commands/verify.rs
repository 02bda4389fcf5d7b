//! What the commands that verify have in common: their options, and the keys and names that follow from them.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use jiff::Timestamp;

use csqlstore::fleet::Opener;
use csqlstore::securecookie::Codec;
use csqlstore::session::{self, Cookie, Data, Diagnosis};

use super::shown::ShownArgs;
use crate::context::Context;
use crate::failure::{Failure, Unopened};
use crate::ui::Ui;

/// gorilla's default for the longest value, in bytes.
const GO_MAX_LENGTH: usize = 4096;

/// Where keys are.
#[derive(Args, Debug)]
#[command(next_help_heading = "Verifying")]
pub(crate) struct KeyArgs {
    /// Read keys from this file (repeatable) [default: $CSQLSTORE_KEYS, the configuration's key_file, or asked for]
    ///
    /// A keyring has a pair `HASH[,BLOCK]` a line, each key written `hex:…`, `base64:…` or `raw:…`; a line that begins
    /// with `#` is a comment. A pair with a block key decrypts. Each pair is tried, in the order of the files, so that
    /// keys that were replaced still verify what they signed. There is no option that takes a key itself: the command
    /// line can be read by everyone on the machine.
    #[arg(long = "key-file", value_name = "FILE")]
    pub(crate) key_files: Vec<PathBuf>,
}

/// How values are verified.
#[derive(Args, Debug)]
#[command(next_help_heading = "Verifying")]
pub(crate) struct VerifyArgs {
    #[command(flatten)]
    pub(crate) keys: KeyArgs,
    /// Verify under this session name, which is the cookie's name (repeatable) [default: $CSQLSTORE_NAMES or the configuration's names]
    ///
    /// The name is a part of what is signed.
    #[arg(long = "name", value_name = "NAME")]
    pub(crate) names: Vec<String>,
    /// Refuse values signed longer ago than this; 0 for no limit
    #[arg(long, value_name = "DURATION", default_value = "30d", value_parser = max_age)]
    max_age: Duration,
    /// Refuse longer values, as gorilla does above 4096 bytes [default: no limit]
    #[arg(long, value_name = "BYTES")]
    max_length: Option<usize>,
}

fn max_age(text: &str) -> Result<Duration, String> {
    let age: Duration = text.parse::<humantime::Duration>().map_err(|error| error.to_string())?.into();
    // Signatures carry whole seconds, and none of them is gorilla's word for no limit.
    if !age.is_zero() && age.as_secs() == 0 {
        return Err("a second is the least (0 is no limit)".into());
    }
    Ok(age)
}

/// Keys, names and limits, ready to verify with.
pub(crate) struct Verifier {
    codec: Codec,
    names: Vec<String>,
    /// Whether nobody asked for a limit of length.
    lifted: bool,
    now: Timestamp,
}

impl VerifyArgs {
    /// Returns what to verify with, by this machine's clock.
    ///
    /// # Errors
    ///
    /// Exit 2 if there is no key, or a keyring does not parse.
    pub(crate) fn verifier(&self, cx: &Context, ui: &Ui) -> Result<Verifier, Failure> {
        let Self { keys: _, names: _, max_age, max_length } = self;
        let codec = Codec::new(cx.keyring(ui)?).max_age(Some(*max_age)).max_length(*max_length);
        Ok(Verifier { codec, names: cx.names().to_vec(), lifted: max_length.is_none(), now: Timestamp::now() })
    }

    /// Returns what to verify with, or `None` where nothing but claims is wanted and nobody said where keys are.
    ///
    /// # Errors
    ///
    /// As [`verifier`](Self::verifier).
    pub(crate) fn verifier_for(&self, shown: ShownArgs, cx: &Context, ui: &Ui) -> Result<Option<Verifier>, Failure> {
        if shown.unverified && !cx.has_keys() {
            return Ok(None);
        }
        self.verifier(cx, ui).map(Some)
    }
}

impl Verifier {
    /// Returns the moment by which ages are told.
    pub(crate) fn now(&self) -> Timestamp {
        self.now
    }

    /// Opens the session cookie in a text.
    pub(crate) fn cookie(&self, text: &str, ui: &Ui) -> Result<Cookie, Unopened> {
        let opened = session::open_cookie(&self.codec, &self.names, text, self.now);
        let cookie = opened.map_err(|error| {
            self.unopened(error, || session::diagnose_cookie(&self.codec, &self.names, text, self.now))
        })?;
        let same = |name: &Option<String>| name.as_ref().is_none_or(|name| *name == cookie.name);
        let candidates = session::candidates(text).into_iter().filter(|candidate| same(&candidate.name));
        self.warn_of_length(candidates.map(|candidate| candidate.value.len()).max().unwrap_or(0), ui);
        Ok(cookie)
    }

    /// Opens a row's data that somebody gives.
    pub(crate) fn data(&self, text: &str, ui: &Ui) -> Result<Data, Unopened> {
        self.stored(text.trim().as_bytes(), &self.names, ui)
    }

    /// Opens a stored row's data under the names given.
    pub(crate) fn stored(&self, data: &[u8], names: &[String], ui: &Ui) -> Result<Data, Unopened> {
        let text = String::from_utf8_lossy(data);
        let opened = session::open_data(&self.codec, names, &text, self.now);
        let opened = opened
            .map_err(|error| self.unopened(error, || session::diagnose_data(&self.codec, names, &text, self.now)))?;
        self.warn_of_length(data.len(), ui);
        Ok(opened)
    }

    /// Says why a value was not opened. There is nothing to find out about one that nobody could try.
    fn unopened(&self, error: session::Error, diagnose: impl FnOnce() -> Diagnosis) -> Unopened {
        let diagnosis = match &error {
            session::Error::NoCookie { .. } => Diagnosis::default(),
            session::Error::Refused(source) if source.is_configuration() => Diagnosis::default(),
            _ => diagnose(),
        };
        Unopened::Refused { error, diagnosis: Box::new(diagnosis) }
    }

    /// Returns the names asked for, of which a value without a name of its own needs one.
    ///
    /// # Errors
    ///
    /// Exit 2 if there are none.
    #[track_caller]
    pub(crate) fn names(&self) -> Result<&[String], Failure> {
        if self.names.is_empty() {
            let place = csqlstore::Place::here();
            return Err(session::Error::Refused(csqlstore::securecookie::Error::NoName { place }).into());
        }
        Ok(&self.names)
    }

    /// Returns what opens many rows.
    ///
    /// # Errors
    ///
    /// Exit 2 if there are no names.
    #[track_caller]
    pub(crate) fn opener(&self) -> Result<Opener, Failure> {
        Ok(Opener::new(self.codec.clone(), self.names()?.to_vec(), self.now))
    }

    fn warn_of_length(&self, length: usize, ui: &Ui) {
        if self.lifted && length > GO_MAX_LENGTH {
            ui.warning(format_args!(
                "the value has {length} bytes; gorilla takes no more than {GO_MAX_LENGTH} unless it is told to"
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_below_a_second_does_not_lift_the_limit() {
        assert_eq!(max_age("0"), Ok(Duration::ZERO));
        assert_eq!(max_age("0s"), Ok(Duration::ZERO));
        assert_eq!(max_age("30d"), Ok(Duration::from_secs(2_592_000)));
        assert!(max_age("500ms").is_err());
        assert!(max_age("soon").is_err());
    }
}
