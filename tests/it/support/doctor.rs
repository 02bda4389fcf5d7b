//! The doctor in a test: a finding is provoked, its fix is run as it stands in the answer, and it must be gone.

use std::path::Path;
use std::time::{Duration, Instant};

use csqlstore::{Code, Subject};
use serde_json::Value;

use super::Database;
use super::cluster;
use super::command::{self, Run};
use super::database::PATIENCE;
use super::engine::engine;
use super::proof;

/// Asks the doctor for one code alone.
pub fn look(db: &Database, code: &str, more: &[&str]) -> Run {
    // Long enough for a cluster that is deciding about a node that it lost.
    let timeout: &[&str] = if more.contains(&"--timeout") { &[] } else { &["--timeout", "10s"] };
    db.csqlstore(&[&["doctor", "--format", "json", "--only", code], timeout, more].concat())
}

/// An account of its own, which may read the test's database and nothing else.
pub struct Reader<'a> {
    db: &'a Database,
    user: String,
}

impl<'a> Reader<'a> {
    pub async fn of(db: &'a Database) -> Self {
        let user = format!("{}_reader", db.name);
        let mut root = db.root("n1").await;
        for sql in [
            format!("CREATE USER '{user}'@'%' IDENTIFIED BY '{}'", db.password),
            format!("GRANT SELECT ON `{}`.* TO '{user}'@'%'", db.name),
        ] {
            root.execute_unhurried("making an account", &sql, ()).await.expect("root may do that");
        }
        Self { db, user }
    }

    /// Asks the doctor for one code alone, as this account.
    pub fn look(&self, code: &str) -> Run {
        let Self { db, user } = self;
        let (line, mut command) = db.command(&["doctor", "--format", "json", "--only", code]);
        command.env("CSQLSTORE_NODES", db.dsns().replace(&format!("//{}:", db.name), &format!("//{user}:")));
        command::run((line, command))
    }
}

/// Returns the findings of an answer.
pub fn findings(answer: &Value) -> Vec<Value> {
    answer["findings"].as_array().unwrap_or_else(|| panic!("a list of findings: {answer}")).clone()
}

/// Returns the codes of an answer.
pub fn codes(answer: &Value) -> Vec<String> {
    findings(answer).iter().map(|finding| finding["code"].as_str().expect("a code").to_owned()).collect()
}

/// Asks until the doctor finds the code, and returns its first finding.
pub async fn until_found(db: &Database, code: &str, more: &[&str]) -> Value {
    until_all_found(db, code, more).await.swap_remove(0)
}

/// The same for what it says of each node; at least one.
async fn until_all_found(db: &Database, code: &str, more: &[&str]) -> Vec<Value> {
    let begin = Instant::now();
    loop {
        let run = look(db, code, more);
        let found = findings(&run.json());
        if let Some(finding) = found.first() {
            assert_level_decides(&run, finding, db, code, more);
            return found;
        }
        assert!(begin.elapsed() < PATIENCE, "{code} was not found: {run:?}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// An error is a status of its own, a warning is one under `--strict`, a note never.
fn assert_level_decides(run: &Run, finding: &Value, db: &Database, code: &str, more: &[&str]) {
    let status = run.code.expect("a status");
    match finding["level"].as_str() {
        Some("error") => assert_eq!(status, status_of_error(finding), "{run:?}"),
        Some("warning") => {
            assert!(status == 0 || run.stdout.contains("\"error\""), "{run:?}");
            // One that comes and goes by itself may be gone by now.
            let strict = look(db, code, &[more, &["--strict"]].concat());
            assert!(strict.code != Some(0) || findings(&strict.json()).is_empty(), "{strict:?}");
        }
        _ => assert_eq!(status, 0, "{run:?}"),
    }
}

/// The status that an error of this code is; 4 where it is about what is stored, and 1 where something does not work.
fn status_of_error(finding: &Value) -> i32 {
    let code = finding["code"].as_str().and_then(Code::parse).unwrap_or_else(|| panic!("a known code: {finding}"));
    match (code.subject(), code) {
        (Subject::Schema | Subject::Rows | Subject::Writers, _) => 4,
        // Every node of these tests lets the account in.
        (_, Code::NoUsableNode) => 3,
        _ => 1,
    }
}

/// Asks until the doctor does not find the code any more.
pub async fn until_gone(db: &Database, code: &str, more: &[&str]) {
    let begin = Instant::now();
    loop {
        let run = look(db, code, more);
        if findings(&run.json()).is_empty() {
            run.success();
            return;
        }
        assert!(begin.elapsed() < PATIENCE, "{code} is still found: {run:?}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Sees the finding, does what its fix says, and sees that it is gone. Returns the finding.
pub async fn mends(db: &Database, code: &str) -> Value {
    mends_with(db, code, &[], &[]).await
}

/// The same with more options for the doctor, and with what stands for the capitals in the fix.
pub async fn mends_with(db: &Database, code: &str, more: &[&str], filled_in: &[(&str, &str)]) -> Value {
    let mut found = until_all_found(db, code, more).await;
    // Of several nodes each is told by itself, and mended so; by now more may have been reached.
    let again = findings(&look(db, code, more).json());
    for finding in if again.is_empty() { &found } else { &again } {
        run_fix(db, finding, filled_in).await;
    }
    until_gone(db, code, more).await;
    found.swap_remove(0)
}

/// Does what a fix says: a command as it is, SQL as root on the node that is named.
pub async fn run_fix(db: &Database, finding: &Value, filled_in: &[(&str, &str)]) {
    let mut fix = finding["fix"].as_str().unwrap_or_else(|| panic!("a fix: {finding}")).to_owned();
    for (word, text) in filled_in {
        assert!(fix.contains(word), "{word}: {fix}");
        fix = fix.replace(word, text);
    }
    let node = finding["node"].as_str().unwrap_or("n1");
    proof::mended(finding);
    match fix.split(' ').next().unwrap_or_default() {
        "sed" | "chmod" => shell(db, &fix),
        // Steps, of which the later ones are comments until what stands above them is done.
        "csqlstore" if fix.contains('\n') => {
            let lines = fix.lines().map(|line| line.trim_start_matches("# "));
            let steps: Vec<&str> =
                lines.filter(|line| line.starts_with("csqlstore ") || line.starts_with("sed ")).collect();
            assert_eq!(steps.len(), 3, "{fix}");
            steps.into_iter().for_each(|step| shell(db, step));
        }
        "csqlstore" => fix.split(" && ").for_each(|line| run_command(db, line)),
        "systemctl" => service(&fix, node).await,
        _ => sql(db, node, &fix).await,
    }
}

/// Runs a command line of csqlstore.
fn run_command(db: &Database, line: &str) {
    let words = words(line);
    let mut args: Vec<&str> = words[1..].iter().map(String::as_str).collect();
    // What would be asked on a terminal.
    if !args.contains(&"--yes") {
        args.push("--yes");
    }
    let (line, mut command) = db.command(&args);
    command.env("CSQLSTORE_PASSWORD", &db.password);
    if args.contains(&"--node") {
        command.env_remove("CSQLSTORE_NODES");
    }
    let run = command::run((line, command));
    let looks = args.contains(&"doctor") || args.contains(&"node");
    assert!(run.code == Some(0) || looks && run.code != Some(2) && run.code != Some(70), "{run:?}");
}

/// Runs a line in a shell in the test's folder, where the command is on the PATH.
fn shell(db: &Database, line: &str) {
    let folder = Path::new(env!("CARGO_BIN_EXE_csqlstore")).parent().expect("the command is in a folder");
    let mut shell = std::process::Command::new("sh");
    shell.env_clear().env("PATH", format!("{}:/usr/bin:/bin", folder.display()));
    let output = shell.args(["-ec", line]).current_dir(db.folder.path()).output().expect("a shell starts");
    assert!(output.status.success(), "{line}: {output:?}");
}

/// Runs statements as root on one connection, as a client would that gets them pasted.
async fn sql(db: &Database, node: &str, text: &str) {
    let text = text.split(" -- ").next().unwrap_or_default();
    // A node that refuses queries takes nothing but this, and its variables are in no database.
    let mut root = if text.starts_with("SET GLOBAL") { db.root(node).await } else { db.connect(node).await };
    for statement in text.split(';').map(str::trim).filter(|statement| !statement.is_empty()) {
        let done = root.execute_unhurried("a fix", statement, ()).await;
        done.unwrap_or_else(|error| panic!("{statement}: {error}: {:?}", std::error::Error::source(&error)));
    }
    root.close().await;
}

/// What the service manager of a node's host would do, in the sandbox.
async fn service(fix: &str, node: &str) {
    let mut sandbox = cluster::common().sandbox();
    match fix.split(" # ").next().unwrap_or_default() {
        "systemctl start mariadb" | "systemctl start mysql" => {
            sandbox.start(node, |_| ()).await.expect("the node starts")
        }
        "systemctl restart mariadb" | "systemctl restart mysql" => {
            sandbox.stop(node, |_| ()).await.expect("the node stops");
            sandbox.start(node, |_| ()).await.expect("the node starts");
        }
        "systemctl stop mariadb && rm /var/lib/mysql/grastate.dat && systemctl start mariadb" => {
            sandbox.stop(node, |_| ()).await.expect("the node stops");
            let state = sandbox.dir().join(node).join("data/grastate.dat");
            std::fs::remove_file(&state).unwrap_or_else(|error| panic!("{}: {error}", state.display()));
            sandbox.start(node, |_| ()).await.expect("the node starts");
        }
        other => panic!("nobody here does `{other}`"),
    }
}

/// Splits a command line as a shell does that knows single quotes.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for (n, piece) in line.split('\'').enumerate() {
        if n % 2 == 1 {
            words.last_mut().expect("there is a word").push_str(piece);
            continue;
        }
        for (n, part) in piece.split(' ').enumerate() {
            if n > 0 {
                words.push(String::new());
            }
            words.last_mut().expect("there is a word").push_str(part);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Global variables that are put back when the test ends, however it does.
pub struct Globals {
    before: Vec<(String, String, String)>,
}

impl Globals {
    /// Sets a variable on some nodes, and remembers what it was.
    pub async fn set(db: &Database, nodes: &[&str], name: &str, value: &str) -> Self {
        let mut globals = Self { before: Vec::new() };
        globals.and(db, nodes, name, value).await;
        globals
    }

    /// Sets another one.
    pub async fn and(&mut self, db: &Database, nodes: &[&str], name: &str, value: &str) {
        for node in nodes.iter().map(|node| engine().existing(node)) {
            let mut before = db.column(node, &format!("SELECT CAST(@@GLOBAL.{name} AS CHAR)")).await.remove(0);
            if name == "wsrep_provider_options" {
                // Some of them cannot be set while the node runs.
                let (option, _) = value.trim_matches('\'').split_once('=').expect("an option and its value");
                let option = |said: &&str| said.split('=').next().map(str::trim) == Some(option);
                before = before.split(';').find(option).expect("an option of the provider").trim().replace(' ', "");
            }
            self.before.push((node.to_owned(), name.to_owned(), before));
            db.execute(node, &format!("SET GLOBAL {name} = {value}")).await;
        }
    }
}

impl Drop for Globals {
    fn drop(&mut self) {
        let before = std::mem::take(&mut self.before);
        let back = cluster::try_apart(move || async move {
            for (node, name, value) in before.iter().rev() {
                let dsn = cluster::common().root_dsn(node);
                let mut root = super::database::connect(node, &dsn).await;
                let number = value.parse::<u64>().is_ok();
                let value = if number { value.clone() } else { format!("'{}'", value.replace('\'', "''")) };
                let sql = format!("SET GLOBAL {name} = {value}");
                if let Err(error) = root.execute("putting a variable back", &sql, ()).await {
                    return Some(format!("{sql}: {error:?}"));
                }
            }
            None
        });
        match back {
            Ok(None) => {}
            Ok(Some(error)) => eprintln!("a node is left changed: {error}"),
            Err(_) => eprintln!("a node is left changed"),
        }
    }
}
