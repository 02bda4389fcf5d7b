//! `csqlstore completions`.

use clap::{Args, CommandFactory, ValueEnum};
use clap_complete::Shell;

use crate::cli::Cli;
use crate::failure::{Failure, Status};
use crate::ui::Ui;

/// Write a completion script for a shell to standard output
///
/// Debian's package brings those of bash, zsh and fish.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  csqlstore completions bash > /etc/bash_completion.d/csqlstore
  csqlstore completions zsh > /usr/local/share/zsh/site-functions/_csqlstore
  csqlstore completions fish > ~/.config/fish/completions/csqlstore.fish")]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    shell: ShellName,
}

/// The shells that scripts are made for.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ShellName {
    Bash,
    Zsh,
    Fish,
    Elvish,
    #[value(name = "powershell")]
    PowerShell,
}

impl ShellName {
    /// The name of the script in `completions/`.
    pub(crate) fn file_name(self) -> &'static str {
        match self {
            Self::Bash => "csqlstore.bash",
            Self::Zsh => "_csqlstore",
            Self::Fish => "csqlstore.fish",
            Self::Elvish => "csqlstore.elv",
            Self::PowerShell => "_csqlstore.ps1",
        }
    }

    /// The script.
    pub(crate) fn script(self) -> Vec<u8> {
        let shell = match self {
            Self::Bash => Shell::Bash,
            Self::Zsh => Shell::Zsh,
            Self::Fish => Shell::Fish,
            Self::Elvish => Shell::Elvish,
            Self::PowerShell => Shell::PowerShell,
        };
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut Cli::command(), "csqlstore", &mut script);
        script
    }
}

pub(crate) fn run(args: &CompletionsArgs, ui: &Ui) -> Result<Status, Failure> {
    let CompletionsArgs { shell } = args;
    ui.raw(&shell.script())?;
    Ok(Status::Done)
}
