//! The completion scripts, in the shells that they are for.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

crate::cases! {
    Beside: [
        bash_completes_commands_flags_and_values,
        fish_completes_commands_flags_and_values,
        zsh_completes_what_is_typed_at_its_prompt,
        every_page_is_one_that_mandoc_has_nothing_to_say_about,
    ],
}

fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("completions")
}

/// Runs a shell without any configuration, and returns the lines that it wrote; a word on standard error fails the test.
#[track_caller]
fn shell(program: &str, args: &[&str]) -> Vec<String> {
    let home = TempDir::new().expect("a folder for the test");
    let mut command = Command::new(program);
    command.args(args).env_clear().env("HOME", home.path()).env("TERM", "dumb").env("LC_ALL", "C.UTF-8");
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).current_dir(home.path());
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{program} does not start ({error}); `cargo xtask test` installs it"));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (written, said) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success() && said.is_empty(), "{program} {args:?}: {} {written} {said}", output.status);
    written.lines().map(str::to_owned).collect()
}

async fn bash_completes_commands_flags_and_values() {
    let script = scripts().join("csqlstore.bash");
    let completed = |words: &[&str]| {
        let (last, before) = (words[words.len() - 1], words[words.len() - 2]);
        let list: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
        // As readline does it: the function that `complete` has registered, with the words of the line.
        let text = format!(
            "set -u; source '{}'; registered=$(complete -p csqlstore); [[ $registered == *'-F '* ]]; \
             function=${{registered##*-F }}; function=${{function%% *}}; COMP_WORDS=({}); COMP_CWORD={}; \
             \"$function\" csqlstore '{last}' '{before}'; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
            script.display(),
            list.join(" "),
            words.len() - 1
        );
        shell("bash", &["--noprofile", "--norc", "-c", &text])
    };
    assert_eq!(completed(&["csqlstore", "migrate", "u"]), ["up", "unlock"]);
    assert_eq!(completed(&["csqlstore", "purge", "--gra"]), ["--grace"]);
    assert_eq!(completed(&["csqlstore", "--format", "j"]), ["json"]);
    assert_eq!(completed(&["csqlstore", "config", "init", "--ex"]), ["--example"]);
}

async fn fish_completes_commands_flags_and_values() {
    let script = scripts().join("csqlstore.fish");
    let completed = |line: &str| {
        let text = format!("source '{}'; complete --do-complete '{line}'", script.display());
        let lines = shell("fish", &["--no-config", "-c", &text]);
        // What is completed, a tab, and what it means.
        let word = |line: String| line.split('\t').next().unwrap_or_default().to_owned();
        lines.into_iter().map(word).collect::<Vec<_>>()
    };
    assert_eq!(completed("csqlstore migrate u"), ["unlock", "up"]);
    assert_eq!(completed("csqlstore purge --gra"), ["--grace"]);
    assert_eq!(completed("csqlstore --format=j"), ["--format=json"]);
    assert_eq!(completed("csqlstore config init --ex"), ["--example"]);
}

/// Runs zsh on a terminal, types at its prompt and presses the tab key; the command that is run says how it was called.
const ZSH: &str = r#"
zmodload zsh/zpty || exit 3
zpty -b shell 'zsh -f -i'
typeset -g all=
until_it_shows() {
  local piece i
  for i in {1..600}; do
    while zpty -r -t shell piece; do all+=$piece; done
    [[ $all == *$~1* ]] && return
    sleep 0.05
  done
  print -u2 -r -- "it does not show $1: $all"
  exit 4
}
zpty -w shell "PS1=; fpath=($1 \$fpath); autoload -Uz compinit; compinit -u -D; csqlstore() { print -r -- \"RAN<\$*>\" }; print READ''Y"
until_it_shows READY
for typed in $'csqlstore sandbox iso\t n2' $'csqlstore purge --gra\t 1h' $'csqlstore --format js\t purge'; do
  all=
  zpty -w shell "$typed"
  until_it_shows 'RAN<*>'
  print -r -- "${${all##*RAN<}%%>*}"
done
zpty -d shell
"#;

async fn zsh_completes_what_is_typed_at_its_prompt() {
    let folder = scripts().to_string_lossy().into_owned();
    let ran = shell("zsh", &["-f", "-c", ZSH, "zsh", &folder]);
    assert_eq!(ran, ["sandbox isolate n2", "purge --grace 1h", "--format json purge"]);
}

async fn every_page_is_one_that_mandoc_has_nothing_to_say_about() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("man");
    let entries = std::fs::read_dir(folder).expect("man/ is there");
    let mut pages: Vec<String> =
        entries.map(|entry| entry.expect("an entry").path().to_string_lossy().into_owned()).collect();
    pages.sort();
    assert!(pages.len() > 40, "{pages:?}");
    let args: Vec<&str> = ["-T", "lint", "-W", "warning"].into_iter().chain(pages.iter().map(String::as_str)).collect();
    assert_eq!(shell("mandoc", &args), [""; 0]);
}
