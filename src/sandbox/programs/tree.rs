//! A MySQL server that lies in a folder of its own rather than where the system's packages put theirs.
//!
//! Two layouts are known: that of packages unpacked below a folder (`usr/sbin/mysqld`), and that of MySQL's own archives
//! (`bin/mysqld`). If the folder has a dynamic loader, the server runs with it and with the libraries beside it: so one
//! built for a newer system runs beside this machine's own libraries.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Launcher, is_program};
use crate::Place;
use crate::sandbox::error::Error;

const PROGRAM_FOLDERS: [&str; 5] = ["usr/sbin", "usr/bin", "sbin", "bin", "usr/libexec"];
/// Below what the server calls its base directory.
const PLUGIN_FOLDERS: [&str; 4] = ["lib/mysql/plugin", "lib64/mysql/plugin", "lib/plugin", "lib64/plugin"];
const MESSAGE_FOLDERS: [&str; 2] = ["share/mysql", "share"];
/// What a sandbox cannot do without.
const PLUGINS: [&str; 2] = ["auth_socket.so", "group_replication.so"];

/// Finds the server in a folder, and how it has to be started.
///
/// # Errors
///
/// [`Error::ServerRoot`] if it is not there, or a part that a sandbox needs.
pub(super) fn find(root: &Path) -> Result<Launcher, Error> {
    let refused = |reason: String| Error::ServerRoot { root: root.to_owned(), reason, place: Place::here() };
    let server = PROGRAM_FOLDERS.map(|folder| root.join(folder).join("mysqld"));
    let Some(server) = server.into_iter().find(|path| is_program(path)) else {
        return Err(refused("it has no usr/sbin/mysqld and no bin/mysqld".to_owned()));
    };
    let base = server.ancestors().nth(2).unwrap_or(root);
    let plugins = PLUGIN_FOLDERS.map(|folder| base.join(folder));
    let Some(plugins) = plugins.into_iter().find(|folder| folder.is_dir()) else {
        return Err(refused("it has no folder of plugins".to_owned()));
    };
    if let Some(plugin) = PLUGINS.into_iter().find(|plugin| !plugins.join(plugin).is_file()) {
        return Err(refused(format!("its folder of plugins has no {plugin}")));
    }
    let messages = MESSAGE_FOLDERS.map(|folder| base.join(folder));
    let messages = messages.into_iter().find(|folder| folder.join("english/errmsg.sys").is_file());
    // What has a place of its own compiled in looks there, and so would find another server's.
    let mut behind = vec![argument("--basedir", base), argument("--plugin-dir", &plugins)];
    if let Some(messages) = messages {
        behind.push(argument("--lc-messages-dir", &messages));
        behind.push(argument("--character-sets-dir", &messages.join("charsets")));
    }
    Ok(match loader(root) {
        None => Launcher { program: server, before: Vec::new(), behind },
        Some(loader) => {
            let libraries = loader.parent().unwrap_or(root).display().to_string();
            let before = vec!["--library-path".to_owned(), libraries, server.display().to_string()];
            Launcher { program: loader, before, behind }
        }
    })
}

fn argument(name: &str, path: &Path) -> String {
    format!("{name}={}", path.display())
}

/// Finds `usr/lib/ARCHITECTURE/ld-linux-….so.…`.
fn loader(root: &Path) -> Option<PathBuf> {
    let folders = fs::read_dir(root.join("usr/lib")).ok()?;
    let mut folders: Vec<PathBuf> = folders.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders.iter().find_map(|folder| {
        let files = fs::read_dir(folder).ok()?;
        let is_loader = |path: &PathBuf| {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            name.starts_with("ld-linux") && name.contains(".so") && is_program(path)
        };
        files.flatten().map(|entry| entry.path()).find(is_loader)
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn tree(files: &[&str]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for file in files {
            let path = dir.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, "").unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        dir
    }

    const UNPACKED: [&str; 5] = [
        "usr/sbin/mysqld",
        "usr/lib/mysql/plugin/auth_socket.so",
        "usr/lib/mysql/plugin/group_replication.so",
        "usr/share/mysql/english/errmsg.sys",
        "usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2",
    ];

    #[test]
    fn unpacked_packages_run_with_their_own_loader_and_libraries() {
        let dir = tree(&UNPACKED);
        let root = dir.path();
        let path = |path: &str| root.join(path).display().to_string();
        let found = find(root).unwrap();
        assert_eq!(found.program, root.join("usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2"));
        assert_eq!(
            found.before,
            ["--library-path".to_owned(), path("usr/lib/x86_64-linux-gnu"), path("usr/sbin/mysqld")]
        );
        assert_eq!(found.behind[0], format!("--basedir={}", path("usr")));
        assert_eq!(found.behind[3], format!("--character-sets-dir={}", path("usr/share/mysql/charsets")));
    }

    #[test]
    fn an_archive_of_mysqls_own_runs_as_it_is() {
        let dir = tree(&[
            "bin/mysqld",
            "lib/plugin/auth_socket.so",
            "lib/plugin/group_replication.so",
            "share/english/errmsg.sys",
        ]);
        let found = find(dir.path()).unwrap();
        assert_eq!((found.program, found.before), (dir.path().join("bin/mysqld"), Vec::new()));
        assert_eq!(found.behind[1], format!("--plugin-dir={}", dir.path().join("lib/plugin").display()));
    }

    #[test]
    fn says_what_a_folder_lacks() {
        for (files, lacks) in [
            (&UNPACKED[..0], "it has no usr/sbin/mysqld and no bin/mysqld"),
            (&UNPACKED[..1], "it has no folder of plugins"),
            (&UNPACKED[..2], "its folder of plugins has no group_replication.so"),
        ] {
            let dir = tree(files);
            let error = find(dir.path()).unwrap_err().to_string();
            assert!(error.ends_with(lacks), "{error}");
        }
    }
}
