//! `csqlstore config init`: a configuration that works, asked for step by step.

mod draft;
mod keys;
mod nodes;

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use csqlstore::cluster::Cluster;
use csqlstore::migrate::verify::{self, View};
use csqlstore::schema::Table as SessionTable;

use crate::cli::GlobalArgs;
use crate::failure::{Failure, Status, with_causes};
use crate::settings::{DEFAULT_TIMEOUT, Surroundings, is_session_name};
use crate::shell;
use crate::ui::{Report, Style, Ui, plain};

use self::draft::{Draft, Old};
use self::nodes::Asked;

/// The example that is shipped, every setting explained.
const EXAMPLE: &str = include_str!("../../../../../contrib/csqlstore.toml");

/// Make a configuration file, step by step
///
/// Asks for one node, and tries it at once: what it is, how many members its cluster has, and which others it names, which
/// are then tried too. Then for the table, the names of the sessions and the keys. Passwords and keys that are typed are not
/// shown. At the end it shows the file, with `***` for what is secret, and asks whether to write it; until then nothing is
/// written, and Ctrl-C leaves nothing behind. Only its owner may read the file.
///
/// The file is the one that `--config FILE` or $CSQLSTORE_CONFIG names, else one of your choice. One that is there is only
/// replaced if you say so. It needs a terminal; for scripts there is `--example`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  csqlstore config init
  csqlstore config init --dry-run                    ask and try everything, and write nothing
  csqlstore --config ./csqlstore.toml config init    into this file
  csqlstore config init --example > csqlstore.toml   a file to be edited, every setting explained")]
pub(super) struct InitArgs {
    /// Show what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Print an example with every setting explained, and ask nothing
    #[arg(long, conflicts_with = "dry_run")]
    example: bool,
}

pub(super) async fn run(args: &InitArgs, global: &GlobalArgs, ui: &Ui) -> Result<Status, Failure> {
    let InitArgs { dry_run, example } = args;
    if *example {
        ui.raw(EXAMPLE.as_bytes())?;
        return Ok(Status::Done);
    }
    if !ui.can_ask() {
        return Err(Failure::request("there is no terminal to ask on").hint(
            "run it on a terminal, or write the file by hand: `csqlstore config init --example > csqlstore.toml`",
        ));
    }
    if global.cluster.is_some() {
        return Err(Failure::request("`config init` makes a file with one cluster, which needs no `--cluster`")
            .hint("more clusters are tables `[clusters.NAME]`: `csqlstore config init --example` has one"));
    }
    let variable = |name: &str| std::env::var_os(name);
    let around = Surroundings::of_process(&variable);
    let file = place(global, &around, ui)?;
    let old = replaced(&file, ui)?;
    let deadline = global.timeout.map_or(DEFAULT_TIMEOUT, Into::into);
    let nodes = nodes::ask(&global.nodes, deadline, ui).await?;
    let table = table(global.table.as_deref(), &nodes, deadline, ui).await?;
    let names = names(ui)?;
    let keys = keys::ask(file.parent().unwrap_or(Path::new("/")), ui)?;
    let nodes: Vec<_> = nodes.into_iter().map(|Asked { name, dsn, .. }| (name, dsn)).collect();
    let draft = Draft { nodes, table, names, keys };
    ui.say(|style| preview(&draft, &file, style));
    if !*dry_run {
        if !ui.agree("Write it?", true)? {
            return Err(Failure::new(Status::No, "nothing was done"));
        }
        draft.write(&file, old)?;
    }
    // Whether it is the one that is found without being named: the first of the usual ones, and none named elsewhere.
    let named = around.path("CSQLSTORE_CONFIG").map(|path| around.absolute(&path));
    let usual = || around.usual_files().into_iter().flatten().find(|usual| *usual == file || usual.exists());
    let found = named.or_else(usual).is_some_and(|found| found == file);
    ui.answer(&InitReport { draft: &draft, file: &file, written: !*dry_run, found })
}

/// Returns the file that is to be written.
fn place(global: &GlobalArgs, around: &Surroundings<'_>, ui: &Ui) -> Result<PathBuf, Failure> {
    let named = global.config.clone().or_else(|| around.path("CSQLSTORE_CONFIG"));
    let path = match named {
        Some(path) => path,
        None => PathBuf::from(ui.ask_line("File to write", &around.new_file().display().to_string())?),
    };
    Ok(match path.to_str() {
        Some(text) => draft::absolute(text, &around.absolute(Path::new(""))),
        None => around.absolute(&path),
    })
}

/// Looks whether the file can be written, and asks before one that is there.
fn replaced(file: &Path, ui: &Ui) -> Result<Old, Failure> {
    draft::writable(file)?;
    if file.symlink_metadata().is_err() {
        return Ok(Old::None);
    }
    let shown = file.display();
    ui.insist(
        &format!("`{shown}` is there already. Replace it at the end?"),
        "name another file with `--config FILE`, or move that one away",
    )?;
    Ok(Old::Replaced)
}

async fn table(
    flag: Option<&str>,
    nodes: &[Asked],
    deadline: std::time::Duration,
    ui: &Ui,
) -> Result<SessionTable, Failure> {
    let table = loop {
        let typed = ui.ask_line("Session table", flag.unwrap_or(SessionTable::default().name()))?;
        match SessionTable::new(typed) {
            Ok(table) => break table,
            Err(error) => ui.no(&with_causes(&error)),
        }
    };
    // One is asked: whether all have the same is what `migrate verify` tells.
    if let Some(node) = nodes.iter().find(|node| node.usable) {
        let cluster = Cluster::new("init", vec![node.node()], deadline);
        let sights = verify::look(&cluster, &table).await.unwrap_or_default();
        let seen = sights.into_iter().find_map(|sight| sight.seen.ok());
        ui.say(|style| match seen.map(|seen| seen.session) {
            Some(View::There(_)) => format!("  {} it is there", style.good("yes:")),
            Some(View::Missing) => {
                format!("  {} it is not there yet; `csqlstore migrate up` makes it", style.warn("note:"))
            }
            Some(View::Denied { grant }) => {
                format!(
                    "  {} this account may not look at it; somebody with the right to may run: {}",
                    style.warn("note:"),
                    plain(&grant)
                )
            }
            None => format!("  {} it could not be looked at", style.warn("note:")),
        });
    }
    Ok(table)
}

fn names(ui: &Ui) -> Result<Vec<String>, Failure> {
    loop {
        let typed = ui.ask_line("Session names, which are cookie names (blanks between; empty: none)", "")?;
        let names: Vec<String> = typed.split_whitespace().map(str::to_owned).collect();
        if names.iter().all(|name| is_session_name(name)) {
            return Ok(names);
        }
        ui.no("a cookie cannot have such a name");
    }
}

fn preview(draft: &Draft, file: &Path, style: &Style) -> String {
    let text = draft.masked();
    let lines: Vec<String> = text.lines().map(|line| format!("  {}", plain(line))).collect();
    let mut text = format!("\n{}\n\n{}\n", style.bold(file.display()), lines.join("\n"));
    if let Some(keys) = draft.keys.as_ref().and_then(|keys| keys.made()) {
        text.push_str(&format!("\nand the keys in {}\n", style.bold(keys.display())));
    }
    text.push('\n');
    text
}

struct InitReport<'a> {
    draft: &'a Draft,
    file: &'a Path,
    written: bool,
    /// Whether the file is found without being named.
    found: bool,
}

#[derive(Serialize)]
struct InitJson {
    file: String,
    written: bool,
    nodes: Vec<NodeJson>,
    table: String,
    names: Vec<String>,
    key_file: Option<String>,
    /// Whether the key file is a new one.
    key_file_made: bool,
}

#[derive(Serialize)]
struct NodeJson {
    name: String,
    /// With `***` for a password.
    dsn: String,
}

impl Report for InitReport<'_> {
    fn json(&self) -> impl Serialize {
        let Self { draft, file, written, found: _ } = self;
        let nodes = draft.nodes.iter();
        InitJson {
            file: file.display().to_string(),
            written: *written,
            nodes: nodes.map(|(name, dsn)| NodeJson { name: name.clone(), dsn: dsn.masked_url() }).collect(),
            table: draft.table.name().to_owned(),
            names: draft.names.clone(),
            key_file: draft.keys.as_ref().map(|keys| keys.path().display().to_string()),
            key_file_made: *written && draft.keys.as_ref().is_some_and(|keys| keys.made().is_some()),
        }
    }

    fn human(&self, style: &Style) -> String {
        let Self { draft, file, written, found } = self;
        if !written {
            return "This was a dry run: nothing was written.\n".to_owned();
        }
        let mut text = format!("{} is written, readable to its owner alone\n", style.bold(file.display()));
        if let Some(keys) = draft.keys.as_ref().and_then(|keys| keys.made()) {
            text.push_str(&format!("{} holds the keys, readable to its owner alone\n", style.bold(keys.display())));
        }
        let option = if *found { String::new() } else { format!(" --config {}", shell::word(file)) };
        text.push_str("\nTo go on:\n");
        for command in ["node status", "doctor", "migrate plan"] {
            text.push_str(&format!("  csqlstore{option} {command}\n"));
        }
        text
    }
}
