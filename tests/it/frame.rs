//! What holds for every command: help, formats, exit status, generated files.

use std::path::Path;

use tempfile::TempDir;

use crate::support::command::{self, Run};

crate::cases! {
    Beside: [
        no_node_anywhere_is_a_wrong_request_with_a_way_out,
        a_command_line_that_is_not_understood_is_two_in_every_format,
        a_command_refuses_a_format_that_it_does_not_speak,
        errors_show_where_they_were_made_with_two_v,
        the_generated_files_are_those_that_are_checked_in,
        a_closed_pipe_is_a_quiet_end,
        completions_are_written_for_every_shell,
    ],
}

fn csqlstore(args: &[&str]) -> Run {
    let folder = TempDir::new().expect("a folder for the test");
    command::run(command::command(folder.path(), args))
}

async fn no_node_anywhere_is_a_wrong_request_with_a_way_out() {
    for args in [
        &["migrate", "status"][..],
        &["migrate", "up"],
        &["purge", "--dry-run"],
        &["event", "status"],
        &["node", "status"],
    ] {
        let run = csqlstore(args).exits(2);
        assert!(run.stdout.is_empty(), "{run:?}");
        for way in ["--node", "csqlstore.toml", "csqlstore sandbox up"] {
            assert!(run.stderr.contains(way), "{args:?} does not name `{way}`: {}", run.stderr);
        }
        let error = csqlstore(&[args, &["--format", "json"]].concat()).exits(2).json_error();
        assert_eq!(error["class"], "config", "{args:?}: {error}");
        assert!(error["hint"].is_string(), "{args:?}: {error}");
    }
}

async fn a_command_line_that_is_not_understood_is_two_in_every_format() {
    let run = csqlstore(&["purge", "--nope"]).exits(2);
    assert!(run.stderr.contains("--nope") && run.stdout.is_empty(), "{run:?}");
    let run = csqlstore(&["purge", "--nope", "--format=json"]).exits(2);
    assert!(run.json_error()["message"].as_str().is_some_and(|m| m.contains("--nope")), "{run:?}");
    csqlstore(&["--timeout", "soon", "node", "status"]).exits(2);
    csqlstore(&["--help"]).success();
    csqlstore(&["--version"]).success();
}

async fn a_command_refuses_a_format_that_it_does_not_speak() {
    let run = csqlstore(&["--format", "haproxy", "migrate", "status"]).exits(2);
    assert!(run.stderr.contains("haproxy"), "{run:?}");
}

async fn errors_show_where_they_were_made_with_two_v() {
    let args = ["--node", "n1=mysql://u@127.0.0.1:1/db", "--table", "a.b", "purge", "--dry-run"];
    let plain = csqlstore(&args).exits(2);
    assert!(!plain.stderr.contains(".rs:"), "{plain:?}");
    let shown = csqlstore(&[&["-vv"], &args[..]].concat()).exits(2);
    assert!(shown.stderr.contains("made at src/"), "{shown:?}");
}

async fn the_generated_files_are_those_that_are_checked_in() {
    let fresh = TempDir::new().expect("a folder for the test");
    let into = fresh.path().to_string_lossy().into_owned();
    csqlstore(&["generate", "--into", &into]).success();
    for folder in ["man", "completions"] {
        let there = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let names = |folder: &Path| {
            let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
            let mut names: Vec<_> = entries.map(|entry| entry.expect("a readable folder").file_name()).collect();
            names.sort();
            names
        };
        assert_eq!(names(&there), names(&fresh.path().join(folder)), "{folder}/: `cargo xtask generate`");
        for name in names(&there) {
            let read = |folder: &Path| std::fs::read(folder.join(&name)).expect("a readable file");
            let same = read(&there) == read(&fresh.path().join(folder));
            assert!(same, "{folder}/{} is not what the program writes: `cargo xtask generate`", name.display());
        }
    }
}

async fn a_closed_pipe_is_a_quiet_end() {
    let folder = TempDir::new().expect("a folder for the test");
    let (_, mut command) = command::command(folder.path(), &["completions", "bash"]);
    let mut child = command
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("the command starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the command ends");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
}

async fn completions_are_written_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let run = csqlstore(&["completions", shell]).success();
        assert!(run.stdout.contains("migrate") && run.stdout.contains("sandbox"), "{shell}");
    }
}
