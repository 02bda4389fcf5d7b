//! `csqlstore key check`.

use clap::Args;
use serde::Serialize;

use csqlstore::securecookie::{Concern, Fault};
use csqlstore::{Code, Finding, Level};

use super::KeyFileArgs;
use super::mend::{self, Mend};
use crate::context::Context;
use crate::failure::{Failure, Status};
use crate::keys::LocatedKeys;
use crate::settings::Exposure;
use crate::ui::{FindingJson, Report, Style, Table, Ui, findings_as_text, plain};

/// Say of each pair what it is, which one signs, and what is questionable about them
///
/// Keys are read as every other command reads them, and none is shown: only lengths, and where each pair stands. What is
/// looked for: keys that are short, published, counted, repeated or made of words, and pairs that repeat or contradict each
/// other. That nothing is found does not make a key good; `csqlstore key generate` draws one that is.
///
/// Exit status 1: there is a warning.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  csqlstore key check --key-file keys
  csqlstore key check --format json | jq '.findings[].code'")]
pub(super) struct CheckArgs {
    #[command(flatten)]
    keys: KeyFileArgs,
}

impl CheckArgs {
    pub(super) fn keys(&self) -> &KeyFileArgs {
        &self.keys
    }
}

pub(super) fn run(args: &CheckArgs, cx: &Context, ui: &Ui) -> Result<Status, Failure> {
    // The settings have taken the files up already.
    let CheckArgs { keys: _ } = args;
    let keys = cx.located_keys(ui)?;
    let findings = findings(&keys, cx);
    ui.answer(&CheckReport { keys, findings })
}

/// Says what is questionable about the keys and the files that they are in, the worst first.
pub(crate) fn findings(keys: &LocatedKeys, cx: &Context) -> Vec<Finding> {
    let concerns = keys.keyring.concerns();
    let mends = mend::fixes(&concerns, &keys.places);
    let mut findings: Vec<Finding> = concerns.iter().zip(mends).map(|(concern, mend)| finding(concern, mend)).collect();
    let exposed = cx.settings().keys.warnings().into_iter();
    findings.extend(
        exposed.map(|Exposure { message, fix }| Finding::new(Level::Warning, Code::KeyFileExposed, message).fix(fix)),
    );
    // Of equals, in the order of the pairs.
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    findings
}

/// Says what is the matter with a key, by its place and its length alone.
fn finding(concern: &Concern, mend: Mend) -> Finding {
    let Concern { key, which, fault, .. } = concern;
    let its = format!("the {which} of pair {key}");
    let (level, code, message) = match fault {
        Fault::Short { bytes } => {
            let unit = if *bytes == 1 { "byte" } else { "bytes" };
            let message = format!("{its} has {bytes} {unit}; 32 are the least, 64 are as many as count");
            (Level::Warning, Code::KeyShort, message)
        }
        Fault::Published => {
            let message = format!("{its} stands in public documentation, and anybody can sign with it");
            (Level::Warning, Code::KeyPublished, message)
        }
        Fault::Pattern => {
            (Level::Warning, Code::KeyPattern, format!("{its} repeats itself or counts; it can be guessed"))
        }
        Fault::Words => {
            (Level::Warning, Code::KeyWords, format!("{its} is text that somebody thought up; it can be guessed"))
        }
        Fault::HexText => {
            let message = format!(
                "{its} is the text of hexadecimal digits, which is right only if the Go program does not decode it"
            );
            (Level::Note, Code::KeyHexText, message)
        }
        Fault::RepeatedPair { of } => (Level::Warning, Code::PairRepeated, format!("pair {key} is pair {of} again")),
        Fault::RepeatedHash { of } => {
            let message = format!(
                "{its} is that of pair {of}, whose block key differs: values of the one verify under the other, and do not read"
            );
            (Level::Warning, Code::HashKeyRepeated, message)
        }
        Fault::SameAsHash { of } => {
            let message = format!("{its} is the hash key of pair {of}: one key for two purposes");
            (Level::Warning, Code::BlockKeySigns, message)
        }
        Fault::NoLongerEncrypts => {
            let message = format!(
                "pair {key} encrypts and pair 1, which signs, does not: what is written now can be read by its user"
            );
            (Level::Warning, Code::NoLongerEncrypts, message)
        }
    };
    match mend {
        Mend::Fix(fix) => Finding::new(level, code, message).fix(fix),
        Mend::With(other) if other == *key => Finding::new(
            level,
            code,
            format!("{message}; the fix of the other finding about pair {other} mends it too"),
        ),
        Mend::With(other) => Finding::new(level, code, format!("{message}; the fix of pair {other} mends it too")),
    }
}

struct CheckReport {
    keys: LocatedKeys,
    findings: Vec<Finding>,
}

#[derive(Serialize)]
struct CheckJson<'a> {
    pairs: Vec<PairJson<'a>>,
    findings: Vec<FindingJson<'a>>,
}

#[derive(Serialize)]
struct PairJson<'a> {
    /// Its place, counted from 1.
    key: usize,
    /// Whether it signs; all verify.
    signs: bool,
    hash_bytes: usize,
    /// Null if it does not encrypt.
    block_bytes: Option<usize>,
    source: &'a str,
    line: usize,
}

impl CheckReport {
    fn pairs(&self) -> impl Iterator<Item = PairJson<'_>> {
        let pairs = self.keys.keyring.pairs().iter().zip(&self.keys.places).enumerate();
        pairs.map(|(at, (pair, place))| PairJson {
            key: at + 1,
            signs: at == 0,
            hash_bytes: pair.hash_length(),
            block_bytes: pair.block_length(),
            source: &place.source,
            line: place.line,
        })
    }
}

impl Report for CheckReport {
    fn json(&self) -> impl Serialize {
        CheckJson { pairs: self.pairs().collect(), findings: self.findings.iter().map(FindingJson::from).collect() }
    }

    fn human(&self, style: &Style) -> String {
        let mut table = Table::new(&["PAIR", "USE", "HASH KEY", "BLOCK KEY", "STANDS IN"], style).right(0);
        for PairJson { key, signs, hash_bytes, block_bytes, source, line } in self.pairs() {
            let block = block_bytes.map_or_else(|| "none".into(), |bytes| format!("{bytes} bytes, AES-{}", bytes * 8));
            // Every pair verifies, the one that signs too.
            let signs = if signs { "signs" } else { "verifies" };
            let place = format!("{} line {line}", plain(source));
            table.row([key.to_string(), signs.into(), format!("{hash_bytes} bytes"), block, place]);
        }
        let found = match self.findings.is_empty() {
            true => "\nNothing questionable was found.\n".to_owned(),
            false => findings_as_text(&self.findings, style),
        };
        format!("{}{found}", table.text())
    }

    fn status(&self) -> Status {
        if self.findings.iter().any(|finding| finding.level >= Level::Warning) { Status::No } else { Status::Done }
    }
}
