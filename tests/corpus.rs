//! Every input in fuzz/corpus, put through its fuzz target with the compiler that the product has.

#![cfg(feature = "mysql")]

use std::path::Path;

#[path = "../fuzz/targets.rs"]
mod targets;

#[test]
fn every_input_that_was_kept_holds() {
    for (name, target) in targets::ALL {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name);
        let mut inputs = 0;
        for file in std::fs::read_dir(&folder).unwrap() {
            let path = file.unwrap().path();
            println!("{}", path.display());
            target(&std::fs::read(path).unwrap());
            inputs += 1;
        }
        assert!(inputs >= 10, "{} has {inputs} inputs", folder.display());
    }
}

/// A folder that no target reads would rot.
#[test]
fn every_corpus_has_its_target() {
    for folder in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus")).unwrap() {
        let name = folder.unwrap().file_name().into_string().unwrap();
        assert!(targets::ALL.iter().any(|(target, _)| *target == name), "{name}");
    }
}
