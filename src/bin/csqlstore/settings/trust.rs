//! Which files are believed, and how they are read.
//!
//! A configuration says to which servers passwords are sent, and a key file which sessions are believed. In a folder
//! that others may write to, such as /tmp, anyone can leave one for whoever runs the command there. So a configuration
//! or key file in the working folder has to be ours or root's, and nobody else may write it.

use std::fmt;
use std::fs::{File, Metadata};
use std::io::Read as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use csqlstore::Place;
use zeroize::Zeroizing;

use super::error::{Distrust, Error, What};
use crate::shell;

/// The longest file that is read, in bytes.
const LONGEST: u64 = 1024 * 1024;

/// Whom we trust: the user that we run as, and where we stand.
#[derive(Clone, Debug)]
pub(super) struct Trust {
    pub(super) folder: PathBuf,
    pub(super) uid: u32,
}

/// Where a file lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Where {
    WorkingFolder,
    Elsewhere,
}

/// A file that was read.
pub(super) struct Text {
    pub(super) text: Zeroizing<String>,
    /// The mode of a regular file; of anything else, a pipe say, others' rights tell nothing.
    pub(super) mode: Option<u32>,
}

impl Trust {
    /// Reads a text file, if it is trusted.
    ///
    /// Its owner and mode are looked at once it is open, so that what was judged is what is read.
    #[track_caller]
    pub(super) fn read(&self, what: What, path: &Path) -> Result<Text, Error> {
        let place = Place::here();
        let failed = |source| Error::Read { what, path: path.to_owned(), source, place };
        let content = |reason| Error::Content { what, path: path.to_owned(), reason, place };
        let file = File::open(path).map_err(failed)?;
        let found = file.metadata().map_err(failed)?;
        if matches!(what, What::Config | What::Keys) {
            judge(found.uid(), found.mode(), self.uid, self.lies(path)).map_err(|distrust| Error::Untrusted {
                what,
                path: path.to_owned(),
                distrust,
                place,
            })?;
        }
        // Room for all at once: a list that moved while it grew would leave secrets behind. Of a pipe the length is not known.
        let most = if found.is_file() { found.len().min(LONGEST) } else { LONGEST };
        let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(most).unwrap_or(0) + 64));
        file.take(LONGEST + 1).read_to_end(&mut bytes).map_err(failed)?;
        if bytes.len() as u64 > LONGEST {
            return Err(content("is longer than 1 MiB"));
        }
        let text = std::str::from_utf8(&bytes).map_err(|_| content("is not UTF-8 text"))?;
        Ok(Text { text: Zeroizing::new(text.to_owned()), mode: mode(&found) })
    }

    fn lies(&self, path: &Path) -> Where {
        let parent = path.parent().and_then(|parent| parent.canonicalize().ok());
        // A folder that cannot be resolved is taken for ours: that is the stricter way.
        let inside = parent.is_none() || parent == self.folder.canonicalize().ok();
        if inside { Where::WorkingFolder } else { Where::Elsewhere }
    }
}

fn mode(found: &Metadata) -> Option<u32> {
    found.is_file().then(|| found.mode())
}

/// Decides whether a file is believed.
fn judge(owner: u32, mode: u32, me: u32, place: Where) -> Result<(), Distrust> {
    const GROUP_OR_WORLD_WRITES: u32 = 0o022;
    match place {
        Where::Elsewhere => Ok(()),
        Where::WorkingFolder if owner != me && owner != 0 => Err(Distrust::Owner { uid: owner }),
        Where::WorkingFolder if mode & GROUP_OR_WORLD_WRITES != 0 => Err(Distrust::Writable { mode }),
        Where::WorkingFolder => Ok(()),
    }
}

/// A file with secrets that everyone may read or write, and what closes it.
#[derive(Clone, Debug)]
pub(crate) struct Exposure {
    pub(crate) message: String,
    pub(crate) fix: String,
}

impl fmt::Display for Exposure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { message, fix } = self;
        write!(f, "{message}: `{fix}`")
    }
}

/// Returns what to say of a file with secrets that everyone may read or write, if everyone may.
///
/// A group that may read is not spoken of: `root:csqlstore` with mode 640 is how a service is given its secrets.
pub(super) fn exposed(what: What, path: &Path, mode: Option<u32>) -> Option<Exposure> {
    let mode = mode?;
    let deed = match (mode & 0o004 != 0, mode & 0o002 != 0) {
        (false, false) => return None,
        (true, false) => "be read",
        (false, true) => "be changed",
        (true, true) => "be read and changed",
    };
    let message = format!("{what} `{}` holds secrets and can {deed} by every user of this machine", path.display());
    Some(Exposure { message, fix: format!("chmod o-rwx {}", shell::word(path)) })
}

/// As [`exposed`], of a file that is not read yet, or perhaps never. One that is not there is nobody's secret.
pub(super) fn exposed_on_disk(what: What, path: &Path) -> Option<Exposure> {
    exposed(what, path, mode(&path.metadata().ok()?))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    const ME: u32 = 1000;

    #[test]
    fn judges_by_owner_mode_and_folder() {
        let (owner, writable) = (|uid| Err(Distrust::Owner { uid }), |mode| Err(Distrust::Writable { mode }));
        for (name, uid, mode, place, expected) in [
            ("mine", ME, 0o100_600, Where::WorkingFolder, Ok(())),
            ("mine, all may read", ME, 0o100_644, Where::WorkingFolder, Ok(())),
            ("root's", 0, 0o100_644, Where::WorkingFolder, Ok(())),
            ("somebody's", 1001, 0o100_600, Where::WorkingFolder, owner(1001)),
            ("somebody's and open", 1001, 0o100_666, Where::WorkingFolder, owner(1001)),
            ("mine, the group writes", ME, 0o100_664, Where::WorkingFolder, writable(0o100_664)),
            ("mine, all write", ME, 0o100_602, Where::WorkingFolder, writable(0o100_602)),
            ("root's, all write", 0, 0o100_646, Where::WorkingFolder, writable(0o100_646)),
            ("somebody's elsewhere", 1001, 0o100_666, Where::Elsewhere, Ok(())),
        ] {
            assert_eq!(judge(uid, mode, ME, place), expected, "{name}");
        }
        assert_eq!(judge(ME, 0o600, 0, Where::WorkingFolder), owner(ME), "root does not believe a user");
    }

    #[test]
    fn warns_of_secrets_that_everyone_may_read_or_write() {
        for (mode, part) in [
            (Some(0o600), None),
            (Some(0o640), None),
            (Some(0o644), Some("can be read by every user")),
            (Some(0o602), Some("can be changed by every user")),
            (Some(0o666), Some("can be read and changed by every user")),
            (None, None),
        ] {
            let warning = exposed(What::Keys, Path::new("/k"), mode).map(|exposure| exposure.to_string());
            assert_eq!(warning.is_some(), part.is_some(), "{mode:?}");
            assert!(
                warning.iter().all(|text| text.contains(part.unwrap_or("")) && text.contains("`/k`")),
                "{warning:?}"
            );
        }
    }

    fn file(folder: &Path, name: &str, content: &[u8], mode: u32) -> PathBuf {
        let path = folder.join(name);
        std::fs::write(&path, content).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        path
    }

    #[test]
    fn reads_real_files_by_the_same_rule() {
        let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let uid = rustix::process::geteuid().as_raw();
        let trust = Trust { folder: here.path().to_owned(), uid };
        let good = file(here.path(), "good", b"text", 0o600);
        assert_eq!(*trust.read(What::Config, &good).unwrap().text, "text");

        let open = file(here.path(), "open", b"text", 0o664);
        for what in [What::Config, What::Keys] {
            let error = trust.read(what, &open).map(|_| ()).unwrap_err();
            assert!(matches!(error, Error::Untrusted { distrust: Distrust::Writable { .. }, .. }), "{error}");
            assert!(
                error.to_string().contains("(mode 664)") && error.hint().unwrap().contains("chmod go-w"),
                "{error}"
            );
        }
        trust.read(What::Password, &open).unwrap();
        let aside = file(there.path(), "open", b"text", 0o666);
        assert_eq!(trust.read(What::Config, &aside).unwrap().mode.map(|mode| mode & 0o777), Some(0o666));

        // Root may give a file away, and only root: elsewhere the decision itself is what is tested.
        if uid == 0 {
            std::os::unix::fs::chown(&good, Some(1001), None).unwrap();
            let error = trust.read(What::Config, &good).map(|_| ()).unwrap_err();
            assert!(matches!(error, Error::Untrusted { distrust: Distrust::Owner { uid: 1001 }, .. }), "{error}");
        }
    }

    #[test]
    fn refuses_what_is_no_text_too_long_or_not_there() {
        let here = tempfile::tempdir().unwrap();
        let trust = Trust { folder: PathBuf::from("/"), uid: 0 };
        let binary = file(here.path(), "binary", b"\xff\xfe", 0o600);
        let long = file(here.path(), "long", &vec![b'x'; 1024 * 1024 + 1], 0o600);
        for (path, part) in [(&binary, "is not UTF-8 text"), (&long, "is longer than 1 MiB")] {
            let error = trust.read(What::Keys, path).map(|_| ()).unwrap_err();
            assert!(error.to_string().contains(part), "{error}");
        }
        let error = trust.read(What::Keys, &here.path().join("none")).map(|_| ()).unwrap_err();
        assert!(matches!(error, Error::Read { .. }), "{error}");
    }
}
