//! Every input in fuzz/corpus, put through its fuzz target with the compiler that the product has.

#![cfg(feature = "mysql")]
#![expect(clippy::unwrap_used, reason = "what does not hold in a test ends the test")]

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

#[path = "interop/mutate.rs"]
mod mutate;
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

/// What a fuzzer would begin with: sessions that Go wrote, damaged.
#[test]
fn damaged_sessions_hold() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/testdata/sessions.jsonl")).unwrap();
    let gob = |line: &str| {
        let json: serde_json::Value = serde_json::from_str(line).unwrap();
        STANDARD.decode(json["gob"].as_str().unwrap()).unwrap()
    };
    let gobs: Vec<Vec<u8>> = text.lines().map(gob).collect();
    let mut numbers = mutate::Numbers::new(0xc0_4b05);
    for _ in 0..60 {
        for gob in &gobs {
            let damaged = mutate::damage(gob, &gobs[numbers.below(gobs.len())], &mut numbers);
            targets::gob_decode(&damaged);
            targets::gob_round_trip(&damaged);
        }
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
