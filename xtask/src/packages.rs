//! What the chores need of Debian's packages, and how it gets there.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::{say, shell};

/// A Debian package and the file that shows it is there.
pub(crate) struct Package {
    name: &'static str,
    shows: Shows,
}

enum Shows {
    Program(&'static str),
    OneOf(&'static [&'static str]),
}

/// The real servers: MariaDB with Galera, and rsync for a node that joins.
pub(crate) const SERVERS: &[Package] = &[
    Package { name: "mariadb-server", shows: Shows::Program("mariadbd") },
    Package {
        name: "galera-4",
        shows: Shows::OneOf(&["/usr/lib/galera/libgalera_smm.so", "/usr/lib/libgalera_smm.so"]),
    },
    Package { name: "rsync", shows: Shows::Program("rsync") },
];

/// What looks at the units of contrib/.
pub(crate) const SYSTEMD: &[Package] = &[Package { name: "systemd", shows: Shows::Program("systemd-analyze") }];

/// What checks metrics: Prometheus' own promtool.
pub(crate) const PROMETHEUS: &[Package] = &[Package { name: "prometheus", shows: Shows::Program("promtool") }];

/// What stands in front of the nodes and asks after them, and what reads their certificates.
pub(crate) const HAPROXY: &[Package] = &[
    Package { name: "haproxy", shows: Shows::OneOf(&["/usr/sbin/haproxy"]) },
    Package { name: "openssl", shows: Shows::Program("openssl") },
];

/// What takes pictures of the page of `node serve`. It is big, and no test needs it.
pub(crate) const BROWSER: &[Package] = &[
    Package { name: "chromium-headless-shell", shows: Shows::Program("chromium-headless-shell") },
    Package { name: "fonts-dejavu-core", shows: Shows::OneOf(&["/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"]) },
];

/// What a Debian package is installed with in a folder of its own.
pub(crate) const DEBIAN: &[Package] = &[
    Package { name: "dpkg", shows: Shows::Program("dpkg") },
    Package { name: "init-system-helpers", shows: Shows::Program("deb-systemd-helper") },
    Package { name: "systemd", shows: Shows::Program("systemctl") },
];

/// What reads man pages, and says what is wrong with them.
pub(crate) const MAN: &[Package] = &[Package { name: "mandoc", shows: Shows::Program("mandoc") }];

/// The shells that completions are loaded in.
pub(crate) const SHELLS: &[Package] = &[
    Package { name: "bash", shows: Shows::Program("bash") },
    Package { name: "zsh", shows: Shows::Program("zsh") },
    Package { name: "fish", shows: Shows::Program("fish") },
];

/// The usual tool for deleting old rows, which csqlstore's purge is measured beside.
pub(crate) const PERCONA_TOOLKIT: &[Package] =
    &[Package { name: "percona-toolkit", shows: Shows::Program("pt-archiver") }];

/// Where Debian puts the sources of Go packages.
pub(crate) const GOPATH: &str = "/usr/share/gocode";

/// Go, and the gorilla packages that csqlstore is held against.
pub(crate) const GO: &[Package] = &[
    Package { name: "golang-go", shows: Shows::Program("go") },
    Package {
        name: "golang-github-gorilla-sessions-dev",
        shows: Shows::OneOf(&["/usr/share/gocode/src/github.com/gorilla/sessions/sessions.go"]),
    },
    Package {
        name: "golang-github-gorilla-securecookie-dev",
        shows: Shows::OneOf(&["/usr/share/gocode/src/github.com/gorilla/securecookie/securecookie.go"]),
    },
    Package {
        name: "golang-github-go-sql-driver-mysql-dev",
        shows: Shows::OneOf(&["/usr/share/gocode/src/github.com/go-sql-driver/mysql/driver.go"]),
    },
];

impl Package {
    fn is_there(&self) -> bool {
        match self.shows {
            Shows::Program(program) => shell::which(program).is_some(),
            Shows::OneOf(files) => files.iter().any(|file| Path::new(file).exists()),
        }
    }
}

/// Installs what is missing, as root; else says the exact command to type.
pub(crate) fn ensure(packages: &[Package]) -> Result<()> {
    HoldServices::clear_stale();
    let missing: Vec<&str> =
        packages.iter().filter(|package| !package.is_there()).map(|package| package.name).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing.join(" ");
    if shell::which("apt-get").is_none() {
        bail!("this needs {names} (names of Debian's packages), and there is no apt-get here: install them by hand");
    }
    if !shell::is_root()? {
        bail!(
            "this needs {names}; install with\n\n  sudo apt-get update && sudo apt-get install --no-install-recommends {names}\n"
        );
    }
    say::line(format_args!(
        "installing {names} with apt-get, which may take a minute (Debian's own service is not started)"
    ));
    let _hold = HoldServices::new()?;
    apt(&["-qq", "update"])?;
    let mut install = vec!["-qq", "-y", "install", "--no-install-recommends"];
    install.extend(&missing);
    apt(&install)?;
    match packages.iter().find(|package| !package.is_there()) {
        Some(package) => bail!("{} was installed, and what it should bring is still not there", package.name),
        None => Ok(()),
    }
}

/// Runs apt-get without a word, unless it fails.
fn apt(args: &[&str]) -> Result<()> {
    let output = Command::new("apt-get")
        .args(args)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdin(Stdio::null())
        .output()
        .context("starting apt-get failed")?;
    crate::interrupt::check()?;
    if !output.status.success() {
        let said = [output.stdout, output.stderr].concat();
        bail!("`apt-get {}` failed ({}):\n{}", args.join(" "), output.status, String::from_utf8_lossy(&said));
    }
    Ok(())
}

const POLICY: &str = "/usr/sbin/policy-rc.d";
const POLICY_TEXT: &str = "#!/bin/sh\n# Temporary, by csqlstore's xtask: keeps services from starting while packages are installed.\nexit 101\n";

/// Keeps Debian from starting services while it lives, unless somebody saw to that already.
struct HoldServices {
    ours: bool,
}

impl HoldServices {
    /// Removes one that a run left behind which was killed: as long as it is there no service starts.
    fn clear_stale() {
        if fs::read_to_string(POLICY).is_ok_and(|text| text == POLICY_TEXT) {
            drop(Self { ours: true });
        }
    }

    fn new() -> Result<Self> {
        let ours = !Path::new(POLICY).exists();
        if ours {
            fs::write(POLICY, POLICY_TEXT).with_context(|| format!("writing {POLICY} failed"))?;
            fs::set_permissions(POLICY, fs::Permissions::from_mode(0o755))?;
        }
        Ok(Self { ours })
    }
}

impl Drop for HoldServices {
    fn drop(&mut self) {
        if self.ours
            && let Err(error) = fs::remove_file(POLICY)
        {
            say::error(&anyhow::Error::new(error).context(format!("removing {POLICY} failed: remove it by hand")));
        }
    }
}
