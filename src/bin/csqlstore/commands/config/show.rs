//! `csqlstore config show`.

use clap::Args;
use serde::Serialize;

use crate::context::Context;
use crate::failure::{Failure, Status};
use crate::settings::{Keys, Origin, Settings};
use crate::ui::{Report, Style, Table, Ui, plain};

/// Show every setting, and where it comes from
///
/// A flag stands over the environment, the environment over the file, the file over the default. Passwords and keys are
/// not shown; where they are read from is. Nothing is connected to.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  csqlstore config show
  csqlstore --cluster staging --format json config show")]
pub(super) struct ShowArgs {}

pub(super) fn run(args: &ShowArgs, cx: &Context, ui: &Ui) -> Result<Status, Failure> {
    let ShowArgs {} = args;
    ui.answer(&ConfigReport(cx.settings()))
}

struct ConfigReport<'a>(&'a Settings);

#[derive(Serialize)]
struct ConfigJson {
    file: Option<String>,
    settings: Vec<SettingJson>,
    nodes: Vec<NodeJson>,
}

#[derive(Serialize)]
struct SettingJson {
    name: &'static str,
    value: serde_json::Value,
    origin: String,
}

#[derive(Serialize)]
struct NodeJson {
    name: String,
    /// With `***` for a password.
    dsn: String,
    origin: String,
}

impl ConfigReport<'_> {
    fn settings(&self) -> Vec<SettingJson> {
        let settings = self.0;
        let timeout = humantime::format_duration(settings.timeout.value).to_string();
        let mut all = vec![
            setting("cluster", settings.cluster.value.as_str(), &settings.cluster.origin),
            setting("table", settings.table.value.name(), &settings.table.origin),
            setting("timeout", timeout, &settings.timeout.origin),
            setting("names", settings.names.value.clone(), &settings.names.origin),
        ];
        match &settings.keys {
            Keys::Files(files) => {
                all.extend(
                    files.iter().map(|file| setting("key_file", file.value.display().to_string(), &file.origin)),
                );
            }
            Keys::Environment(_) => all.push(setting("keys", "***", &Origin::Environment("CSQLSTORE_KEYS"))),
            Keys::Nowhere => all.push(setting("keys", serde_json::Value::Null, &Origin::Default)),
        }
        for (name, file, origin) in settings.password_sources() {
            let value = file.map_or_else(|| "***".to_owned(), |path| path.display().to_string());
            all.push(setting(name, value, origin));
        }
        all
    }

    fn nodes(&self) -> Vec<NodeJson> {
        let node = |node: &crate::settings::Node| NodeJson {
            name: node.name.clone(),
            dsn: node.dsn.masked_url(),
            origin: node.origin.to_string(),
        };
        self.0.nodes.iter().map(node).collect()
    }
}

fn setting(name: &'static str, value: impl Into<serde_json::Value>, origin: &Origin) -> SettingJson {
    SettingJson { name, value: value.into(), origin: origin.to_string() }
}

impl Report for ConfigReport<'_> {
    fn json(&self) -> impl Serialize {
        let file = self.0.file.as_ref().map(|path| path.display().to_string());
        ConfigJson { file, settings: self.settings(), nodes: self.nodes() }
    }

    fn human(&self, style: &Style) -> String {
        let mut table = Table::new(&["SETTING", "VALUE", "FROM"], style);
        let file = self.0.file.as_ref().map_or_else(|| "-".to_owned(), |path| path.display().to_string());
        table.row(["file".to_owned(), plain(&file), "-".to_owned()]);
        for SettingJson { name, value, origin } in self.settings() {
            let value = match value {
                serde_json::Value::Null => "-".to_owned(),
                serde_json::Value::String(text) => text,
                serde_json::Value::Array(each) if each.is_empty() => "-".to_owned(),
                serde_json::Value::Array(each) => {
                    each.iter().filter_map(serde_json::Value::as_str).collect::<Vec<_>>().join(" ")
                }
                other => other.to_string(),
            };
            table.row([name.to_owned(), plain(&value), plain(&origin)]);
        }
        let mut text = table.text();
        for NodeJson { name, dsn, origin } in self.nodes() {
            let head = style.bold(format_args!("node {}", plain(&name)));
            text.push_str(&format!("\n{head}\n  {}\n  from {}\n", plain(&dsn), plain(&origin)));
        }
        if self.0.nodes.is_empty() {
            text.push_str("No node is configured: `--node`, a csqlstore.toml, or `csqlstore sandbox up`.\n");
        }
        text
    }
}
