//! What lies where in a sandbox's directory, and which directories can hold one.

use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Component, Path, PathBuf};

use super::error::Error;
use super::files;
use super::ports::{MOST_NODES, node_name};
use super::programs::Account;
use crate::Place;

/// The longest name of a socket: 108 bytes, with the one that ends it.
const MOST_SOCKET_BYTES: usize = 107;

/// Whether a directory was there before it became a sandbox's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Claim {
    Made,
    Taken,
}

/// The paths in a sandbox's directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    dir: PathBuf,
}

/// The paths of one server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Home {
    pub(super) name: String,
    /// Belongs to the user whom the server runs as.
    pub(super) folder: PathBuf,
    /// Belongs to us: the server gets it opened.
    pub(super) log: PathBuf,
}

impl Home {
    pub(super) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    pub(super) fn temporary(&self) -> PathBuf {
        self.folder.join("tmp")
    }

    pub(super) fn options(&self) -> PathBuf {
        self.folder.join("my.cnf")
    }

    pub(super) fn socket(&self) -> PathBuf {
        self.folder.join("mysqld.sock")
    }

    /// What MySQL makes beside its socket, with the number of its process.
    pub(super) fn socket_lock(&self) -> PathBuf {
        self.folder.join("mysqld.sock.lock")
    }

    pub(super) fn pid_file(&self) -> PathBuf {
        self.folder.join("pid")
    }
}

impl Layout {
    /// Takes a directory's name as a person gave it, and makes it absolute and free of `..` and links above it.
    ///
    /// # Errors
    ///
    /// [`Error::DirName`] and [`Error::DirTooLong`], [`Error::Io`] when there is no working folder.
    pub(super) fn new(dir: &Path) -> Result<Self, Error> {
        let absolute = std::path::absolute(dir).map_err(Error::io("finding", dir))?;
        let dir = resolve(&absolute);
        let text = dir.to_str().unwrap_or("\0");
        let plain = |c: char| c.is_ascii_alphanumeric() || "/._+@=-".contains(c);
        if dir.parent().is_none() || !text.chars().all(plain) {
            return Err(Error::DirName { dir, place: Place::here() });
        }
        let layout = Self { dir };
        let socket = layout.home(&node_name(usize::from(MOST_NODES) - 1)).socket();
        let bytes = socket.as_os_str().len();
        if bytes > MOST_SOCKET_BYTES {
            let dir = layout.dir;
            return Err(Error::DirTooLong { dir, socket, bytes, most: MOST_SOCKET_BYTES, place: Place::here() });
        }
        Ok(layout)
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    pub(super) fn home(&self, name: &str) -> Home {
        Home { name: name.to_owned(), folder: self.dir.join(name), log: self.dir.join(format!("{name}.log")) }
    }

    /// Where a template is built, when there is none for this server yet.
    pub(super) fn template(&self) -> Home {
        self.home("t")
    }

    pub(super) fn config(&self) -> PathBuf {
        self.dir.join("csqlstore.toml")
    }

    pub(super) fn state(&self) -> PathBuf {
        self.dir.join("state.json")
    }

    pub(super) fn lock(&self) -> PathBuf {
        self.dir.join("lock")
    }

    /// Makes the directory, or takes an empty one of ours.
    ///
    /// # Errors
    ///
    /// [`Error::Foreign`] if it is something else, [`Error::NotOurs`], [`Error::DirClosed`] if user mysql cannot
    /// get there, [`Error::Io`].
    pub(super) fn claim(&self, account: &Account) -> Result<Claim, Error> {
        let dir = self.dir.as_path();
        let claim = match fs::symlink_metadata(dir) {
            Ok(found) => {
                let owner = found.uid();
                if !found.is_dir() {
                    return Err(Error::Foreign { dir: dir.to_owned(), place: Place::here() });
                }
                if owner != rustix::process::geteuid().as_raw() {
                    return Err(Error::NotOurs { dir: dir.to_owned(), owner, place: Place::here() });
                }
                let lock = self.lock();
                let taken = |entry: io::Result<fs::DirEntry>| entry.is_ok_and(|entry| entry.path() != lock);
                if fs::read_dir(dir).map_err(Error::io("reading", dir))?.any(taken) {
                    return Err(Error::Foreign { dir: dir.to_owned(), place: Place::here() });
                }
                Claim::Taken
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if let Some(above) = dir.parent() {
                    files::make_folder(above, 0o755)?;
                }
                self.check_ways(account)?;
                files::make_owned(dir, 0o700, None)?;
                Claim::Made
            }
            Err(error) => return Err(Error::io("looking at", dir)(error)),
        };
        self.check_ways(account)?;
        // User mysql has to pass through to its own folders, and need not see what else there is.
        files::set_mode(dir, if account.service.is_some() { 0o711 } else { 0o700 })?;
        Ok(claim)
    }

    /// Gives the directory back as it was before [`Layout::claim`], when nothing has been put into it but the lock.
    pub(super) fn unclaim(&self, claim: Claim) {
        // What stays is an empty directory, which the next sandbox takes.
        let _left = files::remove(&self.lock());
        if claim == Claim::Made {
            let _left = fs::remove_dir(&self.dir);
        }
    }

    /// Makes sure that the user whom the servers run as can enter every folder above the directory.
    fn check_ways(&self, account: &Account) -> Result<(), Error> {
        match closed(self.dir.ancestors().skip(1), account)? {
            None => Ok(()),
            Some((user, closed)) => Err(Error::DirClosed { dir: self.dir.clone(), closed, user, place: Place::here() }),
        }
    }

    /// Makes sure that the directory is one of ours with a sandbox in it.
    ///
    /// # Errors
    ///
    /// [`Error::NoSandbox`], [`Error::Foreign`], [`Error::NotOurs`].
    pub(super) fn check_ours(&self) -> Result<(), Error> {
        let dir = || self.dir.clone();
        let found = match fs::symlink_metadata(&self.dir) {
            Ok(found) => found,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(Error::NoSandbox { dir: dir(), place: Place::here() });
            }
            Err(error) => return Err(Error::io("looking at", &self.dir)(error)),
        };
        let state = fs::symlink_metadata(self.state());
        let Ok(state) = state.as_ref().map(fs::Metadata::uid) else {
            let empty = found.is_dir() && fs::read_dir(&self.dir).is_ok_and(|mut entries| entries.next().is_none());
            if empty {
                return Err(Error::NoSandbox { dir: dir(), place: Place::here() });
            }
            return Err(Error::Foreign { dir: dir(), place: Place::here() });
        };
        // Its state names processes to kill and folders to remove: it has to be written by us.
        let us = rustix::process::geteuid().as_raw();
        for owner in [found.uid(), state] {
            if owner != us {
                return Err(Error::NotOurs { dir: dir(), owner, place: Place::here() });
            }
        }
        if !found.is_dir() {
            return Err(Error::Foreign { dir: dir(), place: Place::here() });
        }
        Ok(())
    }
}

/// Returns the first of the folders that the user whom the servers run as cannot enter, and who that is.
fn closed<'a>(
    folders: impl Iterator<Item = &'a Path>,
    account: &Account,
) -> Result<Option<(&'static str, PathBuf)>, Error> {
    let Some((user, uid, gid)) = account.service else { return Ok(None) };
    for folder in folders {
        let found = fs::metadata(folder).map_err(Error::io("looking at", folder))?;
        let bit = if found.uid() == uid {
            0o100
        } else if found.gid() == gid {
            0o010
        } else {
            0o001
        };
        if found.permissions().mode() & bit == 0 {
            return Ok(Some((user, folder.to_owned())));
        }
    }
    Ok(None)
}

/// Takes the folder of a server as a person gave it, and makes it absolute.
///
/// # Errors
///
/// [`Error::ServerRoot`] if there is no such folder, or the user whom the servers run as cannot get there.
pub(super) fn server_root(root: &Path, account: &Account) -> Result<PathBuf, Error> {
    let refused = |reason: String| Error::ServerRoot { root: root.to_owned(), reason, place: Place::here() };
    let found = root.canonicalize().map_err(|error| refused(error.to_string()))?;
    if let Some((user, closed)) = closed(found.ancestors(), account)? {
        return Err(refused(format!("user `{user}`, whom the servers run as, may not enter `{}`", closed.display())));
    }
    Ok(found)
}

/// Resolves the part of the path that exists, above its last component, and takes `..` out of the rest.
///
/// The server does the same with its data directory, so that what its command line says can be compared. The last
/// component is left alone: a link there is refused later, not followed.
fn resolve(absolute: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in absolute.components() {
        if component == Component::ParentDir {
            plain.pop();
        } else {
            plain.push(component);
        }
    }
    let (Some(above), Some(name)) = (plain.parent(), plain.file_name()) else { return plain };
    for existing in above.ancestors() {
        if let (Ok(real), Ok(rest)) = (existing.canonicalize(), above.strip_prefix(existing)) {
            return real.join(rest).join(name);
        }
    }
    plain
}

/// Returns the directory that a sandbox has when none is named: `/tmp/csqlstore-sandbox-UID`.
///
/// It is not below a home, for user mysql, whom the servers run as when root starts them, cannot enter root's.
#[must_use]
pub fn default_dir() -> PathBuf {
    PathBuf::from(format!("/tmp/csqlstore-sandbox-{}", rustix::process::geteuid().as_raw()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nobody_else() -> Account {
        Account { service: None, ours: "ann".to_owned() }
    }

    #[test]
    fn refuses_a_directory_whose_sockets_would_have_too_long_names() {
        // `/n9/mysqld.sock` takes 15 bytes.
        let longest = format!("/{}", "a".repeat(91));
        Layout::new(Path::new(&longest)).unwrap();
        let error = Layout::new(Path::new(&format!("{longest}a"))).unwrap_err();
        assert!(matches!(error, Error::DirTooLong { bytes: 108, most: 107, .. }), "{error}");
    }

    #[test]
    fn refuses_names_that_option_files_take_apart() {
        for bad in ["/tmp/a b", "/tmp/a#b", "/tmp/a'b", "/tmp/a\\b", "/tmp/a\nb", "/tmp/ä", "/"] {
            assert!(matches!(Layout::new(Path::new(bad)), Err(Error::DirName { .. })), "{bad}");
        }
    }

    #[test]
    fn resolves_links_and_dots_above_the_directory() {
        let base = tempfile::tempdir().unwrap();
        let real = base.path().canonicalize().unwrap();
        fs::create_dir(real.join("real")).unwrap();
        std::os::unix::fs::symlink(real.join("real"), real.join("link")).unwrap();
        let layout = |name: &str| Layout::new(&real.join(name)).unwrap().dir;
        assert_eq!(layout("link/box"), real.join("real/box"));
        assert_eq!(layout("link/new/box"), real.join("real/new/box"));
        assert_eq!(layout("real/../other/./box"), real.join("other/box"));
        assert_eq!(layout("link"), real.join("link"));
    }

    #[test]
    fn takes_a_new_or_an_empty_directory_and_nothing_else() {
        let base = tempfile::tempdir().unwrap();
        let claim = |name: &str| Layout::new(&base.path().join(name)).unwrap().claim(&nobody_else());
        assert_eq!(claim("deep/new").unwrap(), Claim::Made);
        assert_eq!(claim("deep/new").unwrap(), Claim::Taken);
        fs::write(base.path().join("deep/new/mine"), "").unwrap();
        assert!(matches!(claim("deep/new"), Err(Error::Foreign { .. })));
        assert!(matches!(claim("deep/new/mine"), Err(Error::Foreign { .. })));
        std::os::unix::fs::symlink("/tmp", base.path().join("link")).unwrap();
        assert!(matches!(claim("link"), Err(Error::Foreign { .. })));
    }

    #[test]
    fn tells_which_folder_the_servers_user_cannot_enter() {
        let base = tempfile::tempdir().unwrap();
        fs::set_permissions(base.path(), fs::Permissions::from_mode(0o700)).unwrap();
        let account = Account { service: Some(("mysql", u32::MAX - 1, u32::MAX - 1)), ours: "root".to_owned() };
        let layout = Layout::new(&base.path().join("box")).unwrap();
        let Err(Error::DirClosed { closed, .. }) = layout.claim(&account) else { panic!("not refused") };
        assert_eq!(closed, base.path().canonicalize().unwrap());
        assert!(!layout.dir().exists(), "made all the same");
    }

    #[test]
    fn only_a_directory_with_our_state_is_a_sandbox() {
        let base = tempfile::tempdir().unwrap();
        let layout = |name: &str| Layout::new(&base.path().join(name)).unwrap();
        assert!(matches!(layout("none").check_ours(), Err(Error::NoSandbox { .. })));
        fs::create_dir(base.path().join("box")).unwrap();
        assert!(matches!(layout("box").check_ours(), Err(Error::NoSandbox { .. })));
        fs::write(base.path().join("box/thesis.tex"), "").unwrap();
        assert!(matches!(layout("box").check_ours(), Err(Error::Foreign { .. })));
        fs::write(base.path().join("box/state.json"), "{}").unwrap();
        layout("box").check_ours().unwrap();
        std::os::unix::fs::symlink(base.path().join("box"), base.path().join("link")).unwrap();
        assert!(matches!(layout("link").check_ours(), Err(Error::Foreign { .. })));
    }
}
