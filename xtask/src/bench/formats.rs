//! `cargo xtask bench formats`: the same work in Rust and in Go, one after the other, and the floor beside them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{go, say, shell};

/// The name of the benchmark that is no operation, but what every operation has to do.
const FLOOR: &str = "HMAC alone";

/// What Go takes for an operation.
struct Go {
    case: String,
    op: String,
    ns: f64,
    allocs: u64,
}

/// Runs criterion's benchmarks and Go's, and prints a table of both.
pub(crate) fn run() -> Result<()> {
    let program = go::build()?;
    let folder = shell::target().join("criterion");
    say::heading("Rust");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut criterion = Command::new(cargo);
    // What an earlier run left behind would be read for the results of this one.
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("emptying {} failed", folder.display()))?;
    }
    criterion.args(["bench", "--quiet", "--no-default-features", "--bench", "formats", "--", "--noplot", "--quiet"]);
    shell::run(criterion.env("CRITERION_HOME", &folder))?;
    let rust = rust(&folder)?;
    say::heading("Go");
    let go = self::go(&program)?;
    say::heading("nanoseconds for each operation");
    print(&rust, &go)
}

/// Reads criterion's samples: nanoseconds by case and operation. The fastest sample of a hundred counts, as the fastest run
/// does in Go: what else the machine does can only make one slower.
fn rust(folder: &Path) -> Result<BTreeMap<(String, String), f64>> {
    let mut found = BTreeMap::new();
    for case in fs::read_dir(folder).with_context(|| format!("reading {} failed", folder.display()))? {
        for op in fs::read_dir(case?.path())? {
            let at = op?.path().join("new");
            if !at.is_dir() {
                continue;
            }
            let names = read(&at.join("benchmark.json"))?;
            let name = |field: &str| names[field].as_str().map(str::to_owned).context("a benchmark has no name");
            let sample = read(&at.join("sample.json"))?;
            let numbers = |field: &str| sample[field].as_array().into_iter().flatten().filter_map(Value::as_f64);
            let fastest = numbers("times").zip(numbers("iters")).map(|(ns, iterations)| ns / iterations);
            let fastest = fastest.min_by(f64::total_cmp).context("a benchmark has no samples")?;
            found.insert((name("group_id")?, name("function_id")?), fastest);
        }
    }
    Ok(found)
}

fn read(path: &Path) -> Result<Value> {
    let text = fs::read_to_string(path).with_context(|| format!("reading {} failed", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is no JSON", path.display()))
}

/// Runs Go's benchmarks of the same sessions.
fn go(program: &Path) -> Result<Vec<Go>> {
    let samples = fs::File::open(shell::root().join("benches/samples.jsonl")).context("opening the samples failed")?;
    let output = Command::new(program).arg("bench").stdin(samples).stderr(Stdio::inherit()).output();
    let output = output.with_context(|| format!("starting {} failed", program.display()))?;
    if !output.status.success() {
        bail!("Go's benchmarks failed ({})", output.status);
    }
    let mut all = Vec::new();
    for line in String::from_utf8(output.stdout)?.lines() {
        let timings: Vec<Value> = serde_json::from_str(line)?;
        for timing in timings {
            let text = |field: &str| timing[field].as_str().map(str::to_owned).context("a timing has no name");
            let (case, op) = (text("case")?, text("op")?);
            let ns = timing["ns"].as_f64().context("a timing has no time")?;
            say::line(format_args!("{case}/{op}: {ns:.0} ns"));
            all.push(Go { case, op, ns, allocs: timing["allocs"].as_u64().unwrap_or(0) });
        }
    }
    Ok(all)
}

/// Prints a table that is at home in a page of docs/ too. An operation that borrows what it reads is beside Go's that
/// copies it: there is no other in Go.
fn print(rust: &BTreeMap<(String, String), f64>, go: &[Go]) -> Result<()> {
    say::line("| what | | csqlstore | Go | Go / csqlstore | HMAC alone | csqlstore / HMAC | Go's allocations |");
    say::line("|---|---|--:|--:|--:|--:|--:|--:|");
    for Go { case, op, ns: theirs, allocs } in go {
        let same = |(of, name): &&(String, String)| of == case && (name == op || *name == format!("{op}, borrowed"));
        let mut found = false;
        for key in rust.keys().filter(same) {
            let (ours, op) = (rust[key], &key.1);
            let floor = rust.get(&(case.clone(), FLOOR.to_owned())).context("criterion has no floor")?;
            let (ratio, above) = (theirs / ours, ours / floor);
            say::line(format_args!(
                "| {case} | {op} | {ours:.0} | {theirs:.0} | {ratio:.1} | {floor:.0} | {above:.2} | {allocs} |"
            ));
            found = true;
        }
        if !found {
            bail!("criterion has no `{case}/{op}`");
        }
    }
    Ok(())
}
