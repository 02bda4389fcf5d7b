//! The tests on other servers than MariaDB with Galera: MySQL from Debian's unstable distribution.
//!
//! Its packages, the C library and all others that it needs are unpacked into `target/`, where `csqlstore sandbox`
//! starts it with its own loader. Nothing is installed, and no root is needed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{go, say, shell};

/// What `--engine` takes beside the usual one.
const ENGINES: [&str; 3] = ["mysql-9", "mysql-9-gr", "mysql-9-gr-multi"];

/// The server, and all that it is linked with.
const PACKAGES: &str = "mysql-server-core libc6 libgcc-s1 libstdc++6 libaio1t64 libgoogle-perftools4t64 libunwind8 \
    liblzma5 libicu78 liblz4-1 libxxhash0 libnuma1 libprotobuf-lite32t64 libssl3t64 libzstd1 zlib1g libtirpc3t64 \
    libgssapi-krb5-2 libkrb5-3 libk5crypto3 libkrb5support0 libcom-err2 libkeyutils1";

/// Where packages come from if this machine does not say.
const MIRROR: &str = "http://deb.debian.org/debian";

/// Runs the tests of the command on another engine; `rest` goes to the test binary.
pub(crate) fn test(engine: &str, rest: &[String]) -> Result<()> {
    if !ENGINES.contains(&engine) {
        bail!("`{engine}` is no engine; there are {}", ENGINES.join(", "));
    }
    let interop = go::build()?;
    let root = fetch()?;
    // The tests start them, and cargo builds examples for its own whole run of tests alone.
    shell::cargo(["build", "--quiet", "--package", "csqlstore", "--all-features", "--examples"])?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut tests = Command::new(cargo);
    tests.args(["test", "--all-features", "--test", "it"]).args(rest);
    tests.env(go::VARIABLE, interop).env("CSQLSTORE_TEST_ENGINE", engine).env("CSQLSTORE_TEST_SERVER_ROOT", root);
    shell::run(&mut tests)
}

/// Returns the folder of the server, fetched if it is not there.
fn fetch() -> Result<PathBuf> {
    let place = shell::target().join("servers/mysql-9");
    let root = place.join("root");
    if root.is_dir() {
        return Ok(root);
    }
    for program in ["apt-get", "dpkg-deb"] {
        if shell::which(program).is_none() {
            bail!("this takes MySQL from Debian's packages, and there is no {program} here");
        }
    }
    let mirror = mirror();
    say::line(format_args!("fetching MySQL 9 from Debian unstable ({mirror}), about 42 MB, into {}", place.display()));
    let apt = place.join("apt");
    // What an interrupted run has left may be half of something.
    if place.exists() {
        fs::remove_dir_all(&place).with_context(|| format!("removing {} failed", place.display()))?;
    }
    for folder in ["lists/partial", "cache/archives/partial"] {
        fs::create_dir_all(apt.join(folder)).context("making a folder for apt failed")?;
    }
    let debs = place.join("debs");
    fs::create_dir_all(&debs).context("making a folder for packages failed")?;
    // Debian's keys are this machine's own, so that what is fetched is what Debian signed.
    fs::write(apt.join("sources.list"), format!("deb {mirror} sid main\n")).context("writing sources.list failed")?;
    fs::write(apt.join("status"), "").context("writing an empty list of packages failed")?;
    apt_get(&apt, &debs, &["update"])?;
    let download: Vec<&str> = ["download"].into_iter().chain(PACKAGES.split_whitespace()).collect();
    apt_get(&apt, &debs, &download)?;
    let fresh = place.join("root.new");
    for deb in fs::read_dir(&debs).context("reading the packages failed")? {
        crate::interrupt::check()?;
        let deb = deb.context("reading the packages failed")?.path();
        shell::run(Command::new("dpkg-deb").arg("--extract").arg(deb).arg(&fresh))?;
    }
    fs::remove_dir_all(&debs).context("removing the packages failed")?;
    fs::remove_dir_all(&apt).context("removing apt's folder failed")?;
    fs::rename(&fresh, &root).context("naming the server's folder failed")?;
    Ok(root)
}

/// Runs apt-get with lists and packages of its own, which this machine's never see.
fn apt_get(apt: &Path, folder: &Path, args: &[&str]) -> Result<()> {
    let path = |name: &str| apt.join(name).display().to_string();
    let settings = [
        format!("Dir::Etc::sourcelist={}", path("sources.list")),
        "Dir::Etc::sourceparts=/dev/null".to_owned(),
        format!("Dir::State={}", path("")),
        format!("Dir::State::lists={}", path("lists")),
        format!("Dir::State::status={}", path("status")),
        format!("Dir::Cache={}", path("cache")),
        // As root it would become a user who may not enter our folder.
        "APT::Sandbox::User=root".to_owned(),
        "Acquire::Languages=none".to_owned(),
    ];
    let mut command = Command::new("apt-get");
    command.arg("-qq").args(settings.iter().flat_map(|setting| ["-o", setting])).args(args).current_dir(folder);
    let output = command.output().context("starting apt-get failed")?;
    crate::interrupt::check()?;
    if !output.status.success() {
        let said = [output.stdout, output.stderr].concat();
        bail!("`apt-get {}` failed ({}):\n{}", args.join(" "), output.status, String::from_utf8_lossy(&said));
    }
    Ok(())
}

/// Returns the mirror that this machine takes its packages from.
fn mirror() -> String {
    let mut files = vec![PathBuf::from("/etc/apt/sources.list")];
    files.extend(fs::read_dir("/etc/apt/sources.list.d").into_iter().flatten().flatten().map(|entry| entry.path()));
    let texts = files.iter().filter_map(|file| fs::read_to_string(file).ok());
    texts.filter_map(|text| mirror_in(&text)).next().unwrap_or_else(|| MIRROR.to_owned())
}

/// Reads the first address of Debian itself (not of its security updates) from a list of sources of either form.
fn mirror_in(text: &str) -> Option<String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    let mut words = lines.flat_map(str::split_whitespace);
    let found = words.find(|word| word.starts_with("http") && word.trim_end_matches('/').ends_with("/debian"))?;
    Some(found.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mirror_is_read_from_both_forms_and_security_is_not_one() {
        for (text, expected) in [
            ("deb http://mirror.example/debian/ bookworm main\n", Some("http://mirror.example/debian")),
            (
                "# deb http://old.example/debian x\nTypes: deb\nURIs: https://m.example/debian\n",
                Some("https://m.example/debian"),
            ),
            (
                "URIs: http://deb.debian.org/debian-security\nURIs: http://deb.debian.org/debian\n",
                Some("http://deb.debian.org/debian"),
            ),
            ("deb cdrom:[x] main\n", None),
            ("", None),
        ] {
            assert_eq!(mirror_in(text).as_deref(), expected, "{text:?}");
        }
    }
}
