//! The units of contrib/, as systemd reads them.

use std::path::Path;
use std::process::Command;

/// The text of a unit.
pub fn text(name: &str) -> String {
    let contrib = Path::new(env!("CARGO_MANIFEST_DIR")).join("contrib");
    std::fs::read_to_string(contrib.join(name)).expect("a unit of contrib/")
}

/// Lets systemd look at units that belong together: it has to have nothing to say, and to see a mistake.
#[track_caller]
pub fn accepted(names: &[&str]) {
    let folder = tempfile::TempDir::new().expect("a folder for the test");
    for name in names {
        // The program is where it was built, not yet where it will be installed.
        let text = text(name).replace("/usr/bin/csqlstore", env!("CARGO_BIN_EXE_csqlstore"));
        std::fs::write(folder.path().join(name), text).expect("a writable folder");
    }
    let verify = |unit: &str| {
        let output = Command::new("systemd-analyze")
            .args(["verify", "--man=no"])
            .arg(folder.path().join(unit))
            .env_remove("CSQLSTORE_NODES")
            .output()
            .expect("systemd-analyze, of Debian's systemd");
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        (output.status.success(), said.lines().filter(|line| line.contains("csqlstore")).count(), said)
    };
    for unit in names {
        let (success, complaints, said) = verify(unit);
        assert!(success && complaints == 0, "{said}");
    }
    let first = names.first().expect("a unit");
    std::fs::write(folder.path().join(first), "[Service]\nExecStart=/no/such/csqlstore\n").expect("a writable folder");
    let (success, complaints, said) = verify(first);
    assert!(!success || complaints > 0, "it has no objection to anything: {said}");
}
