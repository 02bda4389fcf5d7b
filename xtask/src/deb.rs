//! `cargo xtask deb`: a Debian package, and with `--check` its life from installing it to purging it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::{packages, say, shell};

/// The version of cargo-deb that the package was made with.
const CARGO_DEB: &str = "3.8.0";

/// The largest that the program is to be, in bytes: 9 MB.
const LARGEST_PROGRAM: u64 = 9_000_000;

/// How the package's program is linked: its relocations packed, which saves a third of a megabyte and takes glibc 2.36, that of
/// Debian 12. What `cargo install` builds runs on older systems too, and is that much larger.
const LINKED: &str = "link-arg=-Wl,-z,pack-relative-relocs";

/// What packed relocations take.
const LIBC: &str = "libc6 (>= 2.36)";

/// How often the program is started to see how long that takes.
const STARTS: usize = 200;

/// Files that have to be in the package, besides a page for each page in `man/`.
const FILES: [&str; 10] = [
    "usr/bin/csqlstore",
    "usr/share/bash-completion/completions/csqlstore",
    "usr/share/zsh/vendor-completions/_csqlstore",
    "usr/share/fish/vendor_completions.d/csqlstore.fish",
    "usr/lib/systemd/system/csqlstore-purge.service",
    "usr/lib/systemd/system/csqlstore-purge.timer",
    "usr/share/doc/csqlstore/examples/csqlstore.toml",
    "usr/share/doc/csqlstore/examples/csqlstore-serve.service",
    "usr/share/doc/csqlstore/copyright",
    "usr/share/doc/csqlstore/README.md",
];

/// The timer that somebody may enable.
const TIMER: &str = "csqlstore-purge.timer";

/// What is done with the package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum After {
    Build,
    Check,
}

/// Builds the package, and checks it if that is asked for.
pub(crate) fn run(after: After) -> Result<()> {
    if after == After::Check {
        packages::ensure(packages::DEBIAN)?;
        ensure!(
            shell::is_root()?,
            "dpkg installs packages as root alone, in a folder of its own too: run this as root"
        );
    }
    let package = build()?;
    say::line(format_args!("{} ({} kB)", package.display(), fs::metadata(&package)?.len() / 1000));
    match after {
        After::Build => Ok(()),
        After::Check => {
            check(&package)?;
            // Last, since a package that is too large can be used all the same.
            let size = fs::metadata(shell::target().join("release/csqlstore"))?.len();
            ensure!(size <= LARGEST_PROGRAM, "the program has {size} bytes, and {LARGEST_PROGRAM} are the limit");
            Ok(())
        }
    }
}

fn build() -> Result<PathBuf> {
    let program = cargo_deb()?;
    let target = shell::target();
    let folder = target.join("debian");
    if folder.exists() {
        fs::remove_dir_all(&folder).context("emptying target/debian failed")?;
    }
    say::heading("the package");
    let built = ["rustc", "--quiet", "--release", "--package", "csqlstore", "--bin", "csqlstore", "--", "-C", LINKED];
    shell::cargo(built)?;
    shell::run(Command::new(program).args(["--quiet", "--no-build", "--package", "csqlstore"]))?;
    let size = fs::metadata(target.join("release/csqlstore")).context("the program was not built")?.len();
    say::line(format_args!("the program has {size} bytes; it is to have {LARGEST_PROGRAM} at most"));
    let entries = fs::read_dir(&folder).context("no package was built")?;
    let made = entries.filter_map(|entry| Some(entry.ok()?.path()));
    made.into_iter()
        .find(|path| path.extension().is_some_and(|extension| extension == "deb"))
        .context("no package was built")
}

/// Returns cargo-deb: the one in PATH, else our own in target/tools, which is made if it is not there.
fn cargo_deb() -> Result<PathBuf> {
    if let Some(program) = shell::which("cargo-deb") {
        return Ok(program);
    }
    let tools = shell::target().join("tools");
    let program = tools.join("bin/cargo-deb");
    if !program.exists() {
        say::line(format_args!("installing cargo-deb {CARGO_DEB} into {}, which takes a minute", tools.display()));
        let root = tools.to_string_lossy().into_owned();
        shell::cargo(["install", "--quiet", "--locked", "--root", &root, "--version", CARGO_DEB, "cargo-deb"])?;
    }
    Ok(program)
}

/// Installs the package in a folder of its own, looks at it, removes and purges it, and looks that nothing is left.
fn check(package: &Path) -> Result<()> {
    let root = shell::target().join("debian/root");
    let system = System::new(root, package)?;
    say::heading("installed");
    system.dpkg(&["--install", &package.to_string_lossy()])?;
    let installed = system.files()?;
    for file in FILES {
        ensure!(installed.contains(Path::new(file)), "the package has no {file}");
    }
    let pages = fs::read_dir(shell::root().join("man")).context("reading man/ failed")?;
    for page in pages {
        let page = format!("usr/share/man/man1/{}.gz", page?.file_name().to_string_lossy());
        ensure!(installed.contains(Path::new(&page)), "the package has no {page}");
    }
    say::line(format_args!("{} files", installed.len()));
    let version = output(Command::new(system.root.join("usr/bin/csqlstore")).arg("--version").env_clear())?;
    say::line(version.trim_end());
    let packaged = output(Command::new("dpkg-deb").arg("--field").arg(package).arg("Version"))?;
    let (packaged, _revision) = packaged.trim_end().rsplit_once('-').context("the package has no version")?;
    ensure!(version.trim_end() == format!("csqlstore {packaged}"), "the package says {packaged}");
    let depends = output(Command::new("dpkg-deb").arg("--field").arg(package).arg("Depends"))?;
    ensure!(depends.contains(LIBC), "the package depends on {}, and its program on {LIBC}", depends.trim_end());
    let median = start(&system.root.join("usr/bin/csqlstore"))?;
    say::line(format_args!("it says so after {:.1} ms, the median of {STARTS} runs", median.as_secs_f64() * 1000.0));
    system.looks_right()?;
    system.timer_is("disabled")?;

    say::heading("the timer enabled, and the package removed");
    system.systemctl(&["enable", TIMER])?;
    system.timer_is("enabled")?;
    system.dpkg(&["--remove", "csqlstore"])?;
    let left: Vec<PathBuf> = system.files()?.into_iter().filter(|file| !is_state(file)).collect();
    ensure!(left.is_empty(), "after it was removed there is {left:?}");

    say::heading("purged");
    system.dpkg(&["--purge", "csqlstore"])?;
    let left = system.files()?;
    ensure!(left.is_empty(), "after it was purged there is {left:?}");
    let known = Command::new("dpkg-query")
        .args(["--admindir", &system.admin(), "--status", "csqlstore"])
        .stderr(Stdio::null())
        .output()?;
    ensure!(!known.status.success(), "after it was purged dpkg still knows it");
    say::line("nothing is left");
    system.gone()
}

/// Returns how long the program takes to start, say its version and end: the median of many runs.
fn start(program: &Path) -> Result<Duration> {
    let mut times = Vec::new();
    for _ in 0..STARTS {
        let begin = Instant::now();
        output(Command::new(program).arg("--version").env_clear())?;
        times.push(begin.elapsed());
    }
    times.sort();
    Ok(times[STARTS / 2])
}

/// What the system remembers of a unit between removing a package and purging it.
fn is_state(file: &Path) -> bool {
    file.starts_with("etc/systemd/system") || file.starts_with("var/lib/systemd")
}

/// A folder that packages are installed in.
struct System {
    root: PathBuf,
}

impl System {
    /// Makes the folder, with what dpkg knows of the packages that ours depends on: that they are installed.
    fn new(root: PathBuf, package: &Path) -> Result<Self> {
        if root.exists() {
            fs::remove_dir_all(&root).with_context(|| format!("emptying {} failed", root.display()))?;
        }
        let admin = root.join("var/lib/dpkg");
        for folder in ["info", "updates", "triggers"] {
            fs::create_dir_all(admin.join(folder))?;
        }
        let depends = output(Command::new("dpkg-deb").arg("--field").arg(package).arg("Depends"))?;
        let mut status = String::new();
        for name in depends.split(',').filter_map(|one| one.split_whitespace().next()) {
            status.push_str(&output(Command::new("dpkg-query").args(["--status", name]))?);
            status.push('\n');
            // It is there, and no file of it is looked for.
            fs::write(admin.join(format!("info/{name}.list")), "")?;
            fs::write(admin.join(format!("info/{name}:amd64.list")), "")?;
        }
        fs::write(admin.join("status"), status)?;
        fs::write(admin.join("available"), "")?;
        Ok(Self { root })
    }

    fn admin(&self) -> String {
        self.root.join("var/lib/dpkg").to_string_lossy().into_owned()
    }

    /// Runs dpkg on the folder. The package's scripts run outside of it, and are told where it is (DPKG_ROOT).
    fn dpkg(&self, args: &[&str]) -> Result<()> {
        let root = format!("--root={}", self.root.display());
        let mut dpkg = Command::new("dpkg");
        dpkg.args([&root, "--force-script-chrootless", "--log=/dev/null"]).args(args).stdin(Stdio::null());
        let said = output(&mut dpkg)?;
        let loud: Vec<&str> = said.lines().filter(|line| line.contains("warning")).collect();
        ensure!(loud.is_empty(), "dpkg says {loud:?}");
        Ok(())
    }

    fn systemctl(&self, args: &[&str]) -> Result<()> {
        let root = format!("--root={}", self.root.display());
        output(Command::new("systemctl").arg(root).args(args)).map(drop)
    }

    fn timer_is(&self, expected: &str) -> Result<()> {
        let root = format!("--root={}", self.root.display());
        // It exits with 1 for one that is disabled, and says so all the same.
        let said = Command::new("systemctl")
            .arg(root)
            .args(["is-enabled", TIMER])
            .output()
            .context("starting systemctl failed")?;
        let said = String::from_utf8_lossy(&said.stdout).trim().to_owned();
        ensure!(said == expected, "{TIMER} is {said}, and should be {expected}");
        say::line(format_args!("{TIMER} is {said}"));
        Ok(())
    }

    /// Looks at the owners and modes, at the pages, and at where the example is.
    fn looks_right(&self) -> Result<()> {
        let page = self.root.join("usr/share/man/man1/csqlstore-purge.1.gz");
        let text = output(Command::new("gzip").arg("--decompress").arg("--stdout").arg(page))?;
        let written = fs::read_to_string(shell::root().join("man/csqlstore-purge.1"))?;
        ensure!(text == written, "the page in the package is another than man/csqlstore-purge.1");
        // The example is one, and nothing that the program would find.
        ensure!(!self.root.join("etc/csqlstore").exists(), "the package brings a configuration of its own");
        Ok(())
    }

    /// Returns all files but dpkg's own, from the folder on.
    fn files(&self) -> Result<BTreeSet<PathBuf>> {
        let mut files = BTreeSet::new();
        let mut folders = vec![self.root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).with_context(|| format!("reading {} failed", folder.display()))? {
                let entry = entry?;
                let path = entry.path();
                let inside = path.strip_prefix(&self.root)?.to_owned();
                if entry.file_type()?.is_dir() {
                    if inside != Path::new("var/lib/dpkg") {
                        folders.push(path);
                    }
                } else {
                    files.insert(inside);
                }
            }
        }
        Ok(files)
    }

    fn gone(self) -> Result<()> {
        fs::remove_dir_all(&self.root).with_context(|| format!("removing {} failed", self.root.display()))
    }
}

/// Runs a program without a word, and returns what it wrote to both of its outputs.
fn output(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("starting {command:?} failed"))?;
    crate::interrupt::check()?;
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    if !output.status.success() {
        bail!("{command:?} failed ({}): {said}", output.status);
    }
    Ok(said)
}
