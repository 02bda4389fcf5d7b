//! Files and folders: made with their rights from the first moment on, locked, and copied.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::error::Error;
use crate::Place;

/// How often a lock that somebody else holds is tried again.
const LOCK_POLL: Duration = Duration::from_millis(50);

/// How much of the end of a log is shown.
const TAIL_BYTES: u64 = 16 * 1024;
const TAIL_LINES: usize = 20;

/// An owner of files; none leaves them with whoever makes them.
pub(super) type Owner = Option<(u32, u32)>;

/// Makes the folder and those above it; one that exists is left as it is.
pub(super) fn make_folder(path: &Path, mode: u32) -> Result<(), Error> {
    DirBuilder::new().recursive(true).mode(mode).create(path).map_err(Error::io("making the folder", path))
}

/// Makes a folder that must not exist yet, and gives it to `owner`.
pub(super) fn make_owned(path: &Path, mode: u32, owner: Owner) -> Result<(), Error> {
    DirBuilder::new().mode(mode).create(path).map_err(Error::io("making the folder", path))?;
    // The mode above went through the umask, which may have taken away what the server needs.
    set_mode(path, mode)?;
    give(path, owner)
}

pub(super) fn set_mode(path: &Path, mode: u32) -> Result<(), Error> {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).map_err(Error::io("setting the rights of", path))
}

fn give(path: &Path, owner: Owner) -> Result<(), Error> {
    let Some((user, group)) = owner else { return Ok(()) };
    std::os::unix::fs::lchown(path, Some(user), Some(group)).map_err(Error::io("changing the owner of", path))
}

/// Writes a file so that whoever reads it sees the old contents or the new, and nobody but its reader sees either.
pub(super) fn write(path: &Path, contents: &[u8], mode: u32) -> Result<(), Error> {
    let fresh = path.with_extension("new");
    let failed = || Error::io("writing", path);
    match fs::remove_file(&fresh) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed()(error)),
        _ => {}
    }
    let mut file =
        OpenOptions::new().write(true).create_new(true).mode(mode).open(&fresh).map_err(Error::io("making", &fresh))?;
    file.write_all(contents).map_err(failed())?;
    file.set_permissions(fs::Permissions::from_mode(mode)).map_err(failed())?;
    drop(file);
    fs::rename(&fresh, path).map_err(failed())
}

/// Writes a file that belongs to `owner`.
pub(super) fn write_owned(path: &Path, contents: &[u8], owner: Owner) -> Result<(), Error> {
    write(path, contents, 0o600)?;
    give(path, owner)
}

/// Removes a file that may be there.
pub(super) fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::io("removing", path)(error)),
        _ => Ok(()),
    }
}

/// Removes a folder that may be there, with all that is in it.
///
/// A process that was just killed may end what the system does for it, and so make a last file meanwhile.
pub(super) fn remove_folder(path: &Path) -> Result<(), Error> {
    let mut tries = 50;
    loop {
        match fs::remove_dir_all(path) {
            Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty && tries > 0 => {
                tries -= 1;
                std::thread::sleep(Duration::from_millis(20));
            }
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(Error::io("removing", path)(error)),
            _ => return Ok(()),
        }
    }
}

/// Copies a folder of folders and plain files, all owned by `owner`, into the new folder `to`.
///
/// Anything else in it (a socket, a link) is left out.
pub(super) fn copy_folder(from: &Path, to: &Path, owner: Owner) -> Result<(), Error> {
    make_owned(to, 0o700, owner)?;
    for entry in fs::read_dir(from).map_err(Error::io("reading", from))? {
        let entry = entry.map_err(Error::io("reading", from))?;
        let target = to.join(entry.file_name());
        let kind = entry.file_type().map_err(Error::io("reading", from))?;
        if kind.is_dir() {
            copy_folder(&entry.path(), &target, owner)?;
        } else if kind.is_file() {
            fs::copy(entry.path(), &target).map_err(Error::io("copying", &entry.path()))?;
            set_mode(&target, 0o600)?;
            give(&target, owner)?;
        }
    }
    Ok(())
}

/// Takes the lock `path`, waiting `patience` for somebody else who holds it; it is given back when dropped, or when
/// this process ends however it ends.
///
/// # Errors
///
/// [`Error::Busy`] when `patience` is over.
pub(super) async fn lock(path: &Path, patience: Duration) -> Result<File, Error> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).mode(0o600);
    let file = options.open(path).map_err(Error::io("opening", path))?;
    let began = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(source)) => return Err(Error::io("locking", path)(source)),
            Err(TryLockError::WouldBlock) if began.elapsed() >= patience => {
                return Err(Error::Busy { path: path.to_owned(), place: Place::here() });
            }
            Err(TryLockError::WouldBlock) => tokio::time::sleep(LOCK_POLL).await,
        }
    }
}

/// Returns the last lines of a file, as far as they can be read.
pub(super) fn tail(path: &Path) -> String {
    let read = || -> io::Result<Vec<u8>> {
        let mut file = File::open(path)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(TAIL_BYTES)))?;
        let mut bytes = Vec::new();
        file.take(TAIL_BYTES).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    match read() {
        Ok(bytes) if bytes.is_empty() => "(nothing)".to_owned(),
        Ok(bytes) => last_lines(&bytes),
        Err(error) => format!("(unreadable: {error})"),
    }
}

/// Returns the last lines of a text that may not be quite UTF-8.
pub(super) fn last_lines(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let lines: Vec<_> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(TAIL_LINES)..].join("\n")
}

/// Returns random bytes.
pub(super) fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|source| Error::Random { source, place: Place::here() })?;
    Ok(bytes)
}

/// Returns a random password of letters and digits, of about 190 bits.
pub(super) fn password() -> Result<String, Error> {
    const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut password = String::new();
    while password.len() < 32 {
        let drawn: [u8; 64] = random()?;
        // 248 = 4 * 62: bytes above would make the first letters likelier than the others.
        let letters = drawn.iter().filter(|byte| **byte < 248).map(|byte| char::from(LETTERS[usize::from(byte % 62)]));
        password.extend(letters.take(32 - password.len()));
    }
    Ok(password)
}

/// Returns the folder in which templates and reservations of ports are kept.
///
/// Its name has our user's number in it, for `sudo` may leave us with another user's home.
pub(super) fn cache_folder() -> PathBuf {
    let absolute = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let base = absolute("XDG_CACHE_HOME")
        .or_else(|| absolute("HOME").map(|home| home.join(".cache")))
        .unwrap_or_else(|| PathBuf::from("/var/tmp"));
    base.join(format!("csqlstore-sandbox-{}", rustix::process::geteuid().as_raw()))
}

/// Makes the cache folder, or makes sure that the one there is ours: servers are started on what lies in it.
///
/// # Errors
///
/// [`Error::NotOurs`], [`Error::Io`].
pub(super) fn make_cache(path: &Path) -> Result<(), Error> {
    make_folder(path, 0o700)?;
    let found = fs::symlink_metadata(path).map_err(Error::io("looking at", path))?;
    let owner = found.uid();
    if !found.is_dir() || owner != rustix::process::geteuid().as_raw() || found.mode() & 0o022 != 0 {
        return Err(Error::NotOurs { dir: path.to_owned(), owner, place: Place::here() });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_file_has_its_rights_and_no_traces() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("csqlstore.toml");
        write(&path, b"one", 0o600).unwrap();
        write(&path, b"two", 0o600).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn passwords_are_letters_and_digits_and_never_the_same() {
        let [one, two] = [password().unwrap(), password().unwrap()];
        assert_eq!(one.len(), 32);
        assert!(one.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{one}");
        assert_ne!(one, two);
    }

    #[test]
    fn a_tail_is_the_last_lines() {
        let text: String = (0..100).map(|line| format!("line {line}\n\n")).collect();
        let tail = last_lines(text.as_bytes());
        assert_eq!(tail.lines().count(), TAIL_LINES);
        assert!(tail.starts_with("line 80\n") && tail.ends_with("line 99"), "{tail}");
        assert_eq!(last_lines(b"\xff\n"), "\u{fffd}");
        assert_eq!(last_lines(b""), "");
    }

    #[tokio::test]
    async fn a_lock_keeps_others_out_until_it_is_dropped() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lock");
        let held = lock(&path, Duration::ZERO).await.unwrap();
        assert!(matches!(lock(&path, Duration::from_millis(60)).await, Err(Error::Busy { .. })));
        drop(held);
        lock(&path, Duration::ZERO).await.unwrap();
    }

    #[test]
    fn a_cache_that_others_may_write_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let cache = dir.path().join("deep/cache");
        make_cache(&cache).unwrap();
        make_cache(&cache).unwrap();
        set_mode(&cache, 0o777).unwrap();
        assert!(matches!(make_cache(&cache), Err(Error::NotOurs { .. })));
        let link = dir.path().join("link");
        std::os::unix::fs::symlink(dir.path(), &link).unwrap();
        assert!(matches!(make_cache(&link), Err(Error::NotOurs { .. })));
    }

    #[test]
    fn a_copy_has_folders_and_files_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let from = dir.path().join("from");
        fs::create_dir_all(from.join("mysql")).unwrap();
        fs::write(from.join("mysql/db.frm"), "x").unwrap();
        std::os::unix::fs::symlink("/etc/passwd", from.join("link")).unwrap();
        let to = dir.path().join("to");
        copy_folder(&from, &to, None).unwrap();
        assert_eq!(fs::read_to_string(to.join("mysql/db.frm")).unwrap(), "x");
        assert!(fs::symlink_metadata(to.join("link")).is_err());
    }
}
