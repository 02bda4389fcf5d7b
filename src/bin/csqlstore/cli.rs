//! What can be typed.

use std::path::PathBuf;

use csqlstore::cluster::Secret;

use clap::{Args, Parser, Subcommand};

use crate::commands;
use crate::ui::{Color, Format};

/// The help of the program itself: its commands, and no list of options, so that it fits a screen.
const TEMPLATE: &str = "{about-with-newline}\n{usage-heading} {usage}\n\nCommands:\n{subcommands}\n\n{after-help}";

/// Look after gorilla sessions in a MySQL cluster
///
/// Go programs keep web sessions in a table, `session_cluster`, on a farm of MySQL servers. csqlstore migrates that
/// table, cleans it up, reads what a session holds and says which servers may take work.
#[derive(Parser, Debug)]
#[command(
    name = "csqlstore",
    version,
    propagate_version = true,
    subcommand_required = true,
    arg_required_else_help = true,
    max_term_width = 100,
    help_template = TEMPLATE,
    after_help = "Examples:
  csqlstore sandbox up                     three real servers, to try things on
  csqlstore config init                    name your own, step by step
  csqlstore node status                    which may take sessions, and why not
  csqlstore migrate plan                   what `migrate up` would do and cost
  csqlstore cookie decode --key-file keys 'session-key=MTc5NT…'
  csqlstore purge --dry-run                how many expired sessions there are
  csqlstore doctor                         one look at everything, with fixes

Global options, which `csqlstore COMMAND --help` explains:
  --config FILE  --cluster NAME  --node [NAME=]DSN  --table NAME
  --format human|json|…  --color WHEN  --no-progress  --timeout DURATION
  -y, --yes  -q, --quiet  -v, --verbose  -h, --help  -V, --version

The man pages (csqlstore(1), csqlstore-purge(1), …) tell more."
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: GlobalArgs,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options that every command takes.
#[derive(Args, Debug, Clone)]
#[command(next_help_heading = "Global options")]
pub(crate) struct GlobalArgs {
    /// Read this configuration file
    ///
    /// Default: $CSQLSTORE_CONFIG, ./csqlstore.toml, $XDG_CONFIG_HOME/csqlstore/config.toml,
    /// /etc/csqlstore/csqlstore.toml, whichever comes first.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Work on this cluster of the configuration file
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) cluster: Option<String>,
    /// Use this node, instead of those of the file (repeatable)
    ///
    /// A DSN is a URL (`mysql://user:password@host:3306/database`) or what Go's driver takes
    /// (`user:password@tcp(host:3306)/database`). A name may stand before it: `n1=mysql://…`. A password is better
    /// kept in $CSQLSTORE_PASSWORD or a file: the command line can be read by everyone on the machine.
    #[arg(long = "node", global = true, value_name = "[NAME=]DSN")]
    pub(crate) nodes: Vec<Secret>,
    /// The name of the session table [default: session_cluster]
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) table: Option<String>,
    /// Write the answer in this form
    #[arg(long, global = true, value_name = "FORMAT", value_enum, default_value = "human")]
    pub(crate) format: Format,
    /// Leave the human report out; errors are still shown
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// Say more on standard error (twice: also where an error was made)
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value = "auto")]
    pub(crate) color: Color,
    /// Show no progress bar
    #[arg(long, global = true)]
    pub(crate) no_progress: bool,
    /// Answer yes to what would be asked
    #[arg(short, long, global = true)]
    pub(crate) yes: bool,
    /// How long to wait for a connection or a short answer [default: 3s]
    #[arg(long, global = true, value_name = "DURATION")]
    pub(crate) timeout: Option<humantime::Duration>,
}

/// The commands.
#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    Migrate(commands::migrate::MigrateArgs),
    Event(commands::event::EventArgs),
    Session(commands::session::SessionArgs),
    Cookie(commands::cookie::CookieArgs),
    Purge(commands::purge::PurgeArgs),
    Node(commands::node::NodeArgs),
    Doctor(commands::doctor::DoctorArgs),
    Key(commands::key::KeyArgs),
    Sandbox(commands::sandbox::SandboxArgs),
    Config(commands::config::ConfigArgs),
    Completions(commands::completions::CompletionsArgs),
    Generate(crate::generate::GenerateArgs),
}

impl Command {
    /// Whether the command answers in a format; all speak the first two.
    pub(crate) fn speaks(&self, format: Format) -> bool {
        match self {
            Self::Node(args) => args.speaks(format),
            _ => format.is_common(),
        }
    }

    /// Whether the command hears a signal itself, finishes its batch and reports.
    pub(crate) fn finishes_its_batch(&self) -> bool {
        match self {
            Self::Migrate(args) => args.finishes_its_statement(),
            Self::Purge(_) => true,
            Self::Session(args) => args.finishes_its_batch(),
            Self::Node(args) => args.ends_by_itself(),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_help_fits_a_screen_and_names_every_global_option() {
        let mut root = Cli::command().term_width(80);
        root.build();
        for help in [root.render_help().to_string(), root.render_long_help().to_string()] {
            assert!(help.lines().count() <= 40, "{} lines:\n{help}", help.lines().count());
            let widest = help.lines().map(|line| line.chars().count()).max();
            assert!(widest <= Some(80), "{widest:?} columns:\n{help}");
            assert!(help.contains("Examples:"), "{help}");
            for option in root.get_arguments().filter_map(clap::Arg::get_long) {
                assert!(help.contains(&format!("--{option}")), "no --{option} in\n{help}");
            }
            for command in root.get_subcommands().filter(|command| !command.is_hide_set()) {
                assert!(help.contains(&format!("\n  {} ", command.get_name())), "no {} in\n{help}", command.get_name());
            }
        }
    }
}
