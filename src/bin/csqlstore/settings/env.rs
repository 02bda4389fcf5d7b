//! What surrounds the program: its environment, its folder, its user.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use csqlstore::Place;
use zeroize::Zeroizing;

use super::error::Error;
use super::trust::Trust;

/// The configuration of the whole machine.
const SYSTEM_FILE: &str = "/etc/csqlstore/csqlstore.toml";

/// What surrounds the program, in one value, so that the rules can be tried with another.
pub(crate) struct Surroundings<'a> {
    variable: &'a dyn Fn(&str) -> Option<OsString>,
    trust: Trust,
    system_file: PathBuf,
}

impl<'a> Surroundings<'a> {
    /// Returns the process's own folder and user, with these environment variables.
    pub(crate) fn of_process(variable: &'a dyn Fn(&str) -> Option<OsString>) -> Self {
        // A folder that is gone has no files in it.
        let folder = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("/"));
        let trust = Trust { folder, uid: rustix::process::geteuid().as_raw() };
        Self { variable, trust, system_file: PathBuf::from(SYSTEM_FILE) }
    }

    #[cfg(test)]
    pub(super) fn of_test(variable: &'a dyn Fn(&str) -> Option<OsString>, folder: &Path, system_file: &Path) -> Self {
        let trust = Trust { folder: folder.to_owned(), uid: rustix::process::geteuid().as_raw() };
        Self { variable, trust, system_file: system_file.to_owned() }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.trust.folder
    }

    pub(super) fn trust(&self) -> &Trust {
        &self.trust
    }

    pub(super) fn system_file(&self) -> &Path {
        &self.system_file
    }

    /// Returns a variable's text; an empty one counts as not set.
    #[track_caller]
    pub(super) fn text(&self, name: &'static str) -> Result<Option<Zeroizing<String>>, Error> {
        let place = Place::here();
        let value = (self.variable)(name).filter(|value| !value.is_empty()).map(OsString::into_string).transpose();
        // The value that comes back in the error is dropped here, unseen.
        value.map(|text| text.map(Zeroizing::new)).map_err(|_| Error::NotUtf8 { name, place })
    }

    /// Returns a variable's path; an empty one counts as not set.
    pub(crate) fn path(&self, name: &'static str) -> Option<PathBuf> {
        (self.variable)(name).filter(|value| !value.is_empty()).map(PathBuf::from)
    }

    /// Returns the folder of the user's configurations, by the XDG base directory specification.
    pub(super) fn config_home(&self) -> Option<PathBuf> {
        // The specification has relative paths ignored.
        let set = self.path("XDG_CONFIG_HOME").filter(|path| path.is_absolute());
        set.or_else(|| Some(self.path("HOME")?.join(".config")))
    }

    /// Returns the places where a configuration file is found without being named, the strongest first.
    pub(crate) fn usual_files(&self) -> [Option<PathBuf>; 3] {
        let own = self.config_home().map(|home| home.join("csqlstore/config.toml"));
        [Some(self.folder().join("csqlstore.toml")), own, Some(self.system_file.clone())]
    }

    /// Returns where a new configuration file belongs: root's is the machine's, anybody else's his own.
    pub(crate) fn new_file(&self) -> PathBuf {
        let [here, own, system] = self.usual_files();
        let place = if self.trust.uid == 0 { system } else { own };
        place.or(here).unwrap_or_else(|| self.system_file.clone())
    }

    /// Returns a path of the command line or the environment, from the working folder on.
    pub(crate) fn absolute(&self, path: &Path) -> PathBuf {
        self.folder().join(path)
    }

    /// Returns a path of a file in `folder`, from that folder on; `~/` is the home directory, if there is one.
    pub(super) fn expanded(&self, path: &Path, folder: &Path) -> PathBuf {
        match (path.strip_prefix("~"), self.path("HOME")) {
            (Ok(rest), Some(home)) => home.join(rest),
            _ => folder.join(path),
        }
    }
}
