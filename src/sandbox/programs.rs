//! The server's programs on this machine, and the user whom they run as.

mod tree;

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::process::Command;

use super::engine::Engine;
use super::error::Error;
use super::files::{self, Owner};
use crate::Place;

/// Looked at besides `PATH`: an ordinary user's has no sbin, where Debian keeps the server.
const PROGRAM_FOLDERS: [&str; 7] =
    ["/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/libexec", "/usr/local/sbin", "/usr/local/bin"];

const PROVIDER_FOLDERS: [&str; 5] =
    ["/usr/lib/galera", "/usr/lib/galera-4", "/usr/lib64/galera-4", "/usr/lib64/galera", "/usr/lib"];

/// The user whom Debian's packages make for the server.
const SERVICE_USER: &str = "mysql";

/// What the sandbox needs of this machine.
#[derive(Clone, Debug)]
pub(super) struct Programs {
    pub(super) server: Launcher,
    pub(super) product: Product,
    pub(super) setsid: PathBuf,
    pub(super) bash: PathBuf,
}

/// A program and the arguments that it needs to run at all.
#[derive(Clone, Debug)]
pub(super) struct Launcher {
    pub(super) program: PathBuf,
    /// Before those of its work.
    pub(super) before: Vec<String>,
    /// Behind those.
    pub(super) behind: Vec<String>,
}

/// Whose server it is, and what else there is of it.
#[derive(Clone, Debug)]
pub(super) enum Product {
    MariaDb {
        installer: Launcher,
        /// Galera's library, for an engine that needs it.
        provider: Option<PathBuf>,
    },
    MySql,
}

impl Product {
    fn name(&self) -> &'static str {
        match self {
            Self::MariaDb { .. } => "MariaDB",
            Self::MySql => "MySQL",
        }
    }
}

impl Launcher {
    fn plain(program: PathBuf) -> Self {
        Self { program, before: Vec::new(), behind: Vec::new() }
    }

    /// Returns all arguments: those of the work, and those that the program needs to run at all.
    pub(super) fn arguments(&self, work: impl Iterator<Item = String>) -> Vec<String> {
        self.before.iter().cloned().chain(work).chain(self.behind.iter().cloned()).collect()
    }
}

impl Programs {
    /// Finds the programs of an engine: this machine's MariaDB, or the MySQL in the folder `root`.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`] names the first that is not there, and its Debian package; [`Error::ServerRoot`] says what the
    /// folder lacks, [`Error::RootWanted`] and [`Error::RootUnwanted`] that the engine has to have one, or takes none.
    pub(super) fn find(engine: Engine, root: Option<&Path>) -> Result<Self, Error> {
        match (engine, root) {
            (Engine::Galera, Some(_)) => Err(Error::RootUnwanted { engine, place: Place::here() }),
            (Engine::GroupReplication | Engine::GroupReplicationMultiPrimary, None) => {
                Err(Error::RootWanted { engine, place: Place::here() })
            }
            (_, root) => Self::find_in(&folders(), &PROVIDER_FOLDERS.map(PathBuf::from), engine, root),
        }
    }

    fn find_in(
        folders: &[PathBuf],
        provider_folders: &[PathBuf],
        engine: Engine,
        root: Option<&Path>,
    ) -> Result<Self, Error> {
        let program = |program, package| look(folders, program, is_program).ok_or_else(|| missing(program, package));
        let (server, product) = match root {
            Some(root) => (tree::find(root)?, Product::MySql),
            None => {
                let server = Launcher::plain(program("mariadbd", "mariadb-server")?);
                let installer = Launcher::plain(program("mariadb-install-db", "mariadb-server")?);
                let provider = match engine {
                    Engine::Galera => Some(
                        look(provider_folders, "libgalera_smm.so", Path::is_file)
                            .ok_or_else(|| missing("libgalera_smm.so", "galera-4"))?,
                    ),
                    _ => None,
                };
                (server, Product::MariaDb { installer, provider })
            }
        };
        let found = Self { server, product, setsid: program("setsid", "util-linux")?, bash: program("bash", "bash")? };
        if engine == Engine::Galera {
            // The server's own script runs it, to bring a node up to date.
            program("rsync", "rsync")?;
        }
        Ok(found)
    }

    /// Returns Galera's library; an engine without it has none.
    pub(super) fn provider(&self) -> Option<&Path> {
        match &self.product {
            Product::MariaDb { provider, .. } => provider.as_deref(),
            Product::MySql => None,
        }
    }

    /// Asks the server for its version, such as `10.11.19-MariaDB-0+deb12u1`, and returns it behind its maker's name.
    ///
    /// # Errors
    ///
    /// [`Error::Program`] when it does not tell, [`Error::Io`] when it cannot be run, [`Error::ServerRoot`] when it is
    /// no MySQL that was found in a folder for one.
    pub(super) async fn version(&self) -> Result<Version, Error> {
        let mut command = Command::new(&self.server.program);
        command.args(self.server.arguments(["--no-defaults".to_owned(), "--version".to_owned()].into_iter()));
        command.stdin(Stdio::null()).env_clear().kill_on_drop(true);
        let output = command.output().await.map_err(Error::io("running", &self.server.program))?;
        let text = String::from_utf8_lossy(&output.stdout);
        let number = parse_version(&text).ok_or_else(|| Error::Program {
            program: self.program_name(),
            status: output.status.to_string(),
            tail: files::last_lines(&[output.stdout.as_slice(), &output.stderr].concat()),
            place: Place::here(),
        })?;
        if matches!(self.product, Product::MySql) && number.contains("MariaDB") {
            let (root, reason) = (self.server.program.clone(), "it is MariaDB's".to_owned());
            return Err(Error::ServerRoot { root, reason, place: Place::here() });
        }
        Ok(Version { product: self.product.name(), number })
    }

    /// Returns what the server's program is called.
    pub(super) fn program_name(&self) -> &'static str {
        match self.product {
            Product::MariaDb { .. } => "mariadbd",
            Product::MySql => "mysqld",
        }
    }
}

/// A server's version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Version {
    pub(super) product: &'static str,
    /// As the server has it; it can name a folder.
    pub(super) number: String,
}

/// Where programs are looked for.
fn folders() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    // A relative folder would mean another program in every working folder.
    let all = std::env::split_paths(&path).chain(PROGRAM_FOLDERS.map(PathBuf::from));
    all.filter(|folder| folder.is_absolute()).collect()
}

#[track_caller]
fn missing(program: &'static str, package: &'static str) -> Error {
    Error::Missing { program, package, place: Place::here() }
}

fn look(folders: &[PathBuf], name: &str, fits: fn(&Path) -> bool) -> Option<PathBuf> {
    folders.iter().map(|folder| folder.join(name)).find(|path| fits(path))
}

fn is_program(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

/// Reads `mariadbd  Ver 10.11.19-MariaDB-0+deb12u1 for debian-linux-gnu on x86_64 (Debian 12)`.
fn parse_version(text: &str) -> Option<String> {
    let version = text.split_whitespace().skip_while(|word| *word != "Ver").nth(1)?;
    // It becomes the name of a folder.
    let plain = |c: char| c.is_ascii_alphanumeric() || "+-._~".contains(c);
    (version.starts_with(|c: char| c.is_ascii_digit()) && version.chars().all(plain)).then(|| version.to_owned())
}

/// The user whom the servers run as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Account {
    /// The name to give to the server, and the owner of its files; none when it runs as we do.
    pub(super) service: Option<(&'static str, u32, u32)>,
    /// Our own name, which is that of the database's superuser.
    pub(super) ours: String,
}

impl Account {
    /// Finds out whom the servers run as: user mysql if we are root, for the server refuses to run as root; else us.
    ///
    /// # Errors
    ///
    /// [`Error::NoServiceUser`], [`Error::Io`] when the system's list of users does not read.
    pub(super) fn find() -> Result<Self, Error> {
        let list = Path::new("/etc/passwd");
        let users = fs::read_to_string(list).map_err(Error::io("reading", list))?;
        Self::of(rustix::process::geteuid().as_raw(), &users)
    }

    fn of(uid: u32, users: &str) -> Result<Self, Error> {
        let found =
            |fits: &dyn Fn(&(&str, u32, u32)) -> bool| users.lines().filter_map(parse_user).find(|user| fits(user));
        if uid != 0 {
            // A user whom only a directory service knows: `USER` is as good a guess as any.
            let named = found(&|user| user.1 == uid).map(|user| user.0.to_owned());
            let ours = named.or_else(|| std::env::var("USER").ok()).unwrap_or_else(|| uid.to_string());
            return Ok(Self { service: None, ours });
        }
        let (_, uid, gid) = found(&|user| user.0 == SERVICE_USER)
            .ok_or_else(|| Error::NoServiceUser { user: SERVICE_USER, place: Place::here() })?;
        Ok(Self { service: Some((SERVICE_USER, uid, gid)), ours: "root".to_owned() })
    }

    /// Returns whom the servers' files have to be given to.
    pub(super) fn owner(&self) -> Owner {
        self.service.map(|(_, uid, gid)| (uid, gid))
    }

    /// Returns the argument that makes the server run as its user.
    pub(super) fn argument(&self) -> Option<String> {
        self.service.map(|(name, ..)| format!("--user={name}"))
    }
}

fn parse_user(line: &str) -> Option<(&str, u32, u32)> {
    let mut fields = line.split(':');
    let name = fields.next()?;
    Some((name, fields.nth(1)?.parse().ok()?, fields.next()?.parse().ok()?))
}

/// Returns the `PATH` that the servers' scripts see: the system's folders, and none of ours.
pub(super) fn system_path() -> &'static OsStr {
    OsStr::new("/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
}

#[cfg(test)]
mod tests {
    use super::*;

    const USERS: &str = "root:x:0:0:root:/root:/bin/bash\nbroken\n+::::::\nmysql:x:102:105:MySQL Server,,,:/nonexistent:/bin/false\n\
                         ann:x:1000:1001::/home/ann:/bin/sh\n";

    /// A folder with the programs named, and a folder with the provider.
    fn machine(programs: &[&str], provider: bool, engine: Engine) -> (tempfile::TempDir, Result<Programs, Error>) {
        let dir = tempfile::tempdir().unwrap();
        for program in programs {
            let path = dir.path().join(program);
            fs::write(&path, "").unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        let galera = dir.path().join("galera");
        fs::create_dir(&galera).unwrap();
        if provider {
            fs::write(galera.join("libgalera_smm.so"), "").unwrap();
        }
        let found = Programs::find_in(&[dir.path().to_owned()], &[galera], engine, None);
        (dir, found)
    }

    #[test]
    fn names_the_package_of_what_is_missing() {
        let all = ["mariadbd", "mariadb-install-db", "setsid", "bash", "rsync"];
        assert!(machine(&all, true, Engine::Galera).1.is_ok());
        let error = machine(&[], true, Engine::Galera).1.unwrap_err().to_string();
        assert_eq!(error, "`mariadbd` is not installed (Debian package `mariadb-server`)");
        let error = machine(&all, false, Engine::Galera).1.unwrap_err().to_string();
        assert_eq!(error, "`libgalera_smm.so` is not installed (Debian package `galera-4`)");
        let error = machine(&all[..4], true, Engine::Galera).1.unwrap_err().to_string();
        assert_eq!(error, "`rsync` is not installed (Debian package `rsync`)");
    }

    #[test]
    fn one_server_on_its_own_needs_neither_galera_nor_rsync() {
        let found =
            machine(&["mariadbd", "mariadb-install-db", "setsid", "bash"], false, Engine::Standalone).1.unwrap();
        assert_eq!(found.provider(), None);
    }

    #[test]
    fn an_engine_has_a_folder_for_its_server_or_has_not() {
        let error = Programs::find(Engine::GroupReplication, None).unwrap_err();
        assert!(matches!(error, Error::RootWanted { .. }), "{error}");
        let error = Programs::find(Engine::Galera, Some(Path::new("/"))).unwrap_err();
        assert!(matches!(error, Error::RootUnwanted { .. }), "{error}");
    }

    #[test]
    fn reads_versions_that_can_name_a_folder() {
        let text = "mariadbd  Ver 10.11.19-MariaDB-0+deb12u1 for debian-linux-gnu on x86_64 (Debian 12)\n";
        assert_eq!(parse_version(text).unwrap(), "10.11.19-MariaDB-0+deb12u1");
        let text = "/opt/x/usr/sbin/mysqld  Ver 9.7.4-2 for Linux on x86_64 ((Debian))\n";
        assert_eq!(parse_version(text).unwrap(), "9.7.4-2");
        for bad in ["", "mariadbd", "mariadbd Ver", "mariadbd Ver ../../x", "x Ver 10/11"] {
            assert_eq!(parse_version(bad), None, "{bad}");
        }
    }

    #[test]
    fn root_runs_the_servers_as_mysql_and_others_as_themselves() {
        let root = Account::of(0, USERS).unwrap();
        assert_eq!(root.owner(), Some((102, 105)));
        assert_eq!(root.argument().unwrap(), "--user=mysql");
        let ann = Account::of(1000, USERS).unwrap();
        assert_eq!(ann, Account { service: None, ours: "ann".to_owned() });
        assert!(matches!(Account::of(0, "root:x:0:0:::"), Err(Error::NoServiceUser { .. })));
    }
}
