//! Errors as a feature: a table of wrong requests and broken surroundings, with all that is said about each.
//!
//! Every case is run twice, for people and with `--format json`, and both have to say the same: what is wrong, why, what
//! to do, and the exit status. None may show a secret, or take for ever. `docs/troubleshooting.md` explains all of them.

mod cookies;
mod keys;
mod network;
mod page;
mod request;
mod schema;
mod server;
mod settings;
mod world;

use std::time::Duration;

use serde_json::Value as Json;
use tempfile::TempDir;

use crate::cases;
use crate::support::command::{self, Run};
use world::{Stage, World};

cases! {
    Beside if MariaDb because "the server of its own is a MariaDB": [
        each_error_says_what_is_wrong_why_and_what_to_do,
    ],
    Beside: [
        the_page_explains_each_error_and_no_other,
    ],
}

/// Far longer than any of them takes, on a busy machine too.
const DEADLINE: Duration = Duration::from_secs(60);

/// A wrong request, or one in broken surroundings.
///
/// What stands in braces is filled in: see [`World`].
struct Case {
    name: &'static str,
    /// What lies in the folder where the command is run.
    files: &'static [File],
    env: &'static [(&'static str, &'static str)],
    args: &'static [&'static str],
    /// What is done to the server meanwhile.
    stage: Stage,
    status: i32,
    /// All of standard error, but for the line end at its end; `{folder}` is where it was run, `{any}` whatever differs from
    /// run to run.
    says: &'static str,
    /// What stands in the report on standard output, if there is one all the same.
    reports: &'static str,
}

/// The usual of most cases.
const BARE: Case =
    Case { name: "", files: &[], env: &[], args: &[], stage: Stage::Well, status: 2, says: "", reports: "" };

/// A file that is there for a case.
struct File {
    name: &'static str,
    content: &'static str,
    mode: u32,
    /// Its owner's number.
    owner: u32,
}

/// A file of ours that nobody else may read.
const OURS: File = File { name: "", content: "", mode: 0o600, owner: 0 };

/// The table: a file of it for each subject, under its heading of the page.
const TABLE: &[(&str, &[Case])] = &[
    ("The command line", request::CASES),
    ("Settings", settings::CASES),
    ("Keys", keys::CASES),
    ("Cookies and rows", cookies::CASES),
    ("The way to a server", network::CASES),
    ("What a server refuses", server::CASES),
    ("The table and its history", schema::CASES),
];

async fn each_error_says_what_is_wrong_why_and_what_to_do() {
    let world = World::up().await;
    let mut complaints = Vec::new();
    for stage in Stage::ALL {
        let over = world.enter(stage).await;
        for (_, cases) in TABLE {
            for case in cases.iter().filter(|case| case.stage == stage) {
                if let Err(complaint) = look(case, &world).await {
                    complaints.push(format!("\n=== {}\n{complaint}", case.name));
                }
            }
        }
        world.leave(over).await;
    }
    assert!(complaints.is_empty(), "{} cases:{}", complaints.len(), complaints.concat());
}

async fn the_page_explains_each_error_and_no_other() {
    assert_eq!(page::complaints(), [""; 0]);
}

/// Runs a case for people and as JSON, and returns what is not as it should be.
async fn look(case: &Case, world: &World) -> Result<(), String> {
    let text = run(case, world, "human").await;
    // Who asks for a format that is none cannot ask for JSON.
    let other = case.args.contains(&"--format");
    let json = if other { None } else { Some(run(case, world, "json").await) };
    for run in [Some(&text), json.as_ref()].into_iter().flatten() {
        if run.code != Some(case.status) {
            return Err(format!("ended with {:?} instead of {}: {run:#?}", run.code, case.status));
        }
        if let Some(secret) =
            world.secrets().find(|secret| run.stdout.contains(*secret) || run.stderr.contains(*secret))
        {
            return Err(format!("shows the secret `{secret}`: {run:#?}"));
        }
        if run.stdout.is_empty() != case.reports.is_empty() {
            return Err(format!("writes to standard output: {run:#?}"));
        }
    }
    if !text.stdout.contains(case.reports) {
        return Err(format!("does not report {:?}: {text:#?}", case.reports));
    }
    if !matches(text.stderr.trim_end(), &world.filled(case.says)) {
        return Err(format!("says\n{}\n--- instead of\n{}", world.emptied(text.stderr.trim_end()), case.says));
    }
    let Some(json) = json else { return Ok(()) };
    if case.says.is_empty() {
        // All is in the report.
        return serde_json::from_str::<Json>(&json.stdout)
            .map(drop)
            .map_err(|error| format!("no JSON ({error}): {json:#?}"));
    }
    let mut said = Said::of_json(&json)?;
    let mut expected = Said::of_text(text.stderr.trim_end(), case.status);
    if case.says.contains("{any}") {
        // How old something is, which grows from run to run, is said among the reasons.
        said.causes.clear();
        expected.causes.clear();
    }
    if said != expected {
        return Err(format!("says as JSON\n{said:#?}\n--- and to people\n{expected:#?}"));
    }
    Ok(())
}

/// Runs a case in a folder of its own.
async fn run(case: &Case, world: &World, format: &str) -> Run {
    let folder = TempDir::new().expect("a folder for the case");
    for file in case.files {
        file.write(folder.path(), world);
    }
    let args: Vec<String> = case.args.iter().map(|arg| world.filled(arg)).collect();
    let mut args: Vec<&str> = args.iter().map(String::as_str).collect();
    if !args.contains(&"--format") {
        args.splice(0..0, ["--format", format]);
    }
    let (line, mut command) = command::command(folder.path(), &args);
    command.envs(case.env.iter().map(|(name, value)| (name, world.filled(value))));
    let ended = tokio::task::spawn_blocking(|| command::run((line, command)));
    let ended = tokio::time::timeout(DEADLINE, ended).await;
    let run = ended.unwrap_or_else(|_| panic!("`{}` does not end", case.name)).expect("it starts");
    let here = folder.path().display().to_string();
    let elsewhere = |text: &str| text.replace(&here, "{folder}");
    Run { stdout: elsewhere(&run.stdout), stderr: elsewhere(&run.stderr), ..run }
}

/// What a run has said, in parts.
#[derive(Debug, PartialEq)]
struct Said {
    warnings: Vec<String>,
    message: String,
    causes: Vec<String>,
    hint: Option<String>,
    status: i64,
}

impl Said {
    fn of_json(run: &Run) -> Result<Self, String> {
        let answer: Json = serde_json::from_str(&run.stderr).map_err(|error| format!("no JSON ({error}): {run:#?}"))?;
        let error = &answer["error"];
        let text = |value: &Json| value.as_str().map(str::to_owned);
        let texts = |value: &Json| value.as_array().into_iter().flatten().filter_map(text).collect();
        Ok(Self {
            warnings: texts(&error["warnings"]),
            message: text(&error["message"]).ok_or_else(|| format!("no message: {answer}"))?,
            causes: texts(&error["causes"]),
            hint: text(&error["hint"]),
            status: error["status"].as_i64().ok_or_else(|| format!("no status: {answer}"))?,
        })
    }

    fn of_text(text: &str, status: i32) -> Self {
        let mut said =
            Self { warnings: vec![], message: String::new(), causes: vec![], hint: None, status: status.into() };
        // What the parser of the command line says: a tip perhaps, and the usage.
        if let Some((message, rest)) = text.split_once("\n\n") {
            let tip = rest.lines().find_map(|line| line.trim().strip_prefix("tip: "));
            said.message = message.strip_prefix("error: ").unwrap_or(message).to_owned();
            said.hint = Some(tip.unwrap_or("`--help` shows what can be typed").to_owned());
            return said;
        }
        for line in text.lines() {
            match line.split_once(": ") {
                Some(("error", message)) => said.message = message.to_owned(),
                Some(("warning", warning)) => said.warnings.push(warning.to_owned()),
                Some(("hint", hint)) => said.hint = Some(hint.to_owned()),
                Some(("  caused by", cause)) => said.causes.push(cause.to_owned()),
                // What it notes before, without a word in front.
                _ if said.message.is_empty() => said.warnings.push(line.to_owned()),
                _ => said.causes.push(line.trim_start().to_owned()),
            }
        }
        said
    }
}

/// Whether a text is what is expected, where `{any}` stands for anything within a line.
fn matches(text: &str, expected: &str) -> bool {
    let pieces: Vec<&str> = expected.split("{any}").collect();
    let [first, middle @ .., last] = &pieces[..] else { return text == expected };
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    for piece in middle {
        let Some((skipped, after)) = rest.split_once(piece) else { return false };
        if skipped.contains('\n') {
            return false;
        }
        rest = after;
    }
    rest.strip_suffix(last).is_some_and(|skipped| !skipped.contains('\n'))
}
