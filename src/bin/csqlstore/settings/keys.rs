//! Where the keys are, and their text. What the text means is the business of `securecookie`.

use std::fmt;
use std::path::PathBuf;

use csqlstore::cluster::dsn::Secret;
use zeroize::Zeroizing;

use super::error::{Error, What};
use super::origin::{Origin, Setting};
use super::trust::{Exposure, Trust, exposed_on_disk};

/// Where the keys are, for whoever needs them: the files are read only then.
#[derive(Clone, Debug)]
pub(crate) enum Keys {
    /// In these files, in this order.
    Files(Vec<Setting<PathBuf>>),
    /// In `$CSQLSTORE_KEYS`.
    Environment(Secret),
    /// Nowhere; on a terminal they can be asked for.
    Nowhere,
}

/// The text of keyrings, each with where it stands; none if nobody named any. `Debug` shows no text.
pub(crate) struct KeySource {
    pub(crate) texts: Vec<(Origin, Zeroizing<String>)>,
}

impl Keys {
    /// Says of each file whether others may read or change it.
    pub(crate) fn warnings(&self) -> Vec<Exposure> {
        match self {
            Self::Files(files) => files.iter().filter_map(|file| exposed_on_disk(What::Keys, &file.value)).collect(),
            Self::Environment(_) | Self::Nowhere => Vec::new(),
        }
    }

    pub(super) fn read(&self, trust: &Trust) -> Result<KeySource, Error> {
        let texts = match self {
            Self::Files(files) => {
                let read = |file: &Setting<PathBuf>| {
                    let text = trust.read(What::Keys, &file.value)?.text;
                    Ok((Origin::File { path: file.value.clone(), line: None }, text))
                };
                files.iter().map(read).collect::<Result<_, Error>>()?
            }
            Self::Environment(text) => {
                vec![(Origin::Environment("CSQLSTORE_KEYS"), Zeroizing::new(text.expose().to_owned()))]
            }
            Self::Nowhere => Vec::new(),
        };
        Ok(KeySource { texts })
    }
}

impl fmt::Debug for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.texts.iter().map(|(origin, _)| origin)).finish()
    }
}
