//! How much is shown of what a session holds, and what a value claims that nobody verified.

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use csqlstore::session::{Claims, Content, Json};

use crate::failure::{Failure, Status, Unopened};
use crate::ui::{Detail, Report, Style, Ui, View, facts, moment, plain, values};

/// What stands in front of each line that nobody verified.
const MARK: &str = "not verified:";

/// How much is shown.
#[derive(Args, Debug, Clone, Copy)]
pub(crate) struct ShownArgs {
    /// Show long text, bytes and lists whole
    #[arg(long)]
    full: bool,
    /// Show what a value claims that does not verify, or for which there is no key
    ///
    /// Anybody can write such a value: each line is marked as not verified, in JSON all of it is under `unverified`, and
    /// the exit status is 1 all the same. Of an encrypted value nothing can be shown but its date and its length.
    /// Nobody is asked for a key, and no server for a session that only an unverified cookie names.
    #[arg(long)]
    pub(crate) unverified: bool,
}

impl ShownArgs {
    /// Returns how values are shown, seen from now.
    pub(crate) fn view(self, now: Timestamp) -> View {
        View { detail: Detail::of(self.full), now, margin: 0 }
    }
}

/// Answers with what a value claims, and ends as `why` says it has to: nothing of it is verified.
#[track_caller]
pub(crate) fn answer_unverified(claims: &Claims, why: &Unopened, view: View, ui: &Ui) -> Result<Status, Failure> {
    ui.answer(&UnverifiedReport { claims, view })?;
    Err(why.shown_unverified())
}

/// What a value claims.
struct UnverifiedReport<'a> {
    claims: &'a Claims,
    view: View,
}

#[derive(Serialize)]
struct Envelope<'a> {
    unverified: UnverifiedJson<'a>,
}

/// What a value claims that nobody verified, as JSON.
#[derive(Serialize)]
pub(crate) struct UnverifiedJson<'a> {
    /// The name that the cookie came under.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    signed_at: Option<String>,
    age_s: Option<i64>,
    bytes: usize,
    /// Whether the payload is a gob: an encrypted one is none.
    readable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    values: Option<Json<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    types: Option<serde_json::Value>,
    /// What else the payload holds, in Go's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    holds: Option<String>,
}

impl<'a> UnverifiedJson<'a> {
    pub(crate) fn of(claims: &'a Claims, now: Timestamp) -> Self {
        let Claims { name, signed_at, bytes, content, .. } = claims;
        let mut json = Self {
            name: name.clone(),
            signed_at: signed_at.map(|at| at.to_string()),
            age_s: signed_at.map(|at| now.as_second().saturating_sub(at.as_second())),
            bytes: *bytes,
            readable: true,
            id: None,
            created_at: None,
            values: None,
            types: None,
            holds: None,
        };
        match content {
            Content::Id(id) => {
                json.id = Some(id.as_str().to_owned());
                json.created_at = id.created_at().map(|at| at.to_string());
            }
            Content::Values(values) => {
                json.values = Some(values.to_json());
                json.types = Some(values.types());
            }
            Content::Other(found) => json.holds = Some(found.clone()),
            // A form of content that is new to this command.
            _ => json.readable = false,
        }
        json
    }
}

impl Report for UnverifiedReport<'_> {
    fn json(&self) -> impl Serialize {
        Envelope { unverified: UnverifiedJson::of(self.claims, self.view.now) }
    }

    fn human(&self, style: &Style) -> String {
        unverified_as_text(self.claims, &self.view, style)
    }
}

/// Writes what a value claims, every line marked.
pub(crate) fn unverified_as_text(claims: &Claims, view: &View, style: &Style) -> String {
    let Claims { name, signed_at, bytes, content, .. } = claims;
    let head = match content {
        Content::Id(_) => "A session cookie",
        Content::Values(_) => "Session data",
        Content::Other(_) => "Neither a session cookie nor session data",
        _ => "What it holds is encrypted or damaged, and cannot be shown",
    };
    let mut about = Vec::new();
    if let Some(name) = name {
        about.push(("name", plain(name)));
    }
    if let Content::Id(id) = content {
        about.push(("id", plain(id.as_str())));
        about.extend(id.created_at().map(|at| ("created", moment(at, view.now))));
    }
    about.push(("signed", signed_at.map_or_else(|| "with no date".into(), |at| moment(at, view.now))));
    about.push(("payload", format!("{bytes} bytes")));
    if let Content::Other(found) = content {
        about.push(("holds", plain(found)));
    }
    let mut text = format!("{head}\n{}", facts(&about, style));
    if let Content::Values(held) = content {
        let view = View { margin: MARK.len() + 1, ..*view };
        text.push_str(&format!("\n{}", values(held, &view, style)));
    }
    text.lines()
        .map(|line| if line.is_empty() { String::new() } else { format!(" {line}") })
        .map(|line| format!("{}{line}\n", style.warn(MARK)))
        .collect()
}

#[cfg(test)]
mod tests {
    use csqlstore::session::claims;

    use super::*;

    const PLAIN: Style = Style { colors: false };

    fn view() -> View {
        View { detail: Detail::Short, now: "2026-12-24T18:00:00Z".parse().unwrap(), margin: 0 }
    }

    #[test]
    fn every_line_is_marked_within_80_columns() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/testdata/sessions.jsonl");
        let text = std::fs::read_to_string(file).unwrap();
        let mut readable = 0;
        for line in text.lines() {
            let case: serde_json::Value = serde_json::from_str(line).unwrap();
            for field in ["data", "cookie"] {
                let claims = claims(case[field].as_str().unwrap()).unwrap();
                let text = unverified_as_text(&claims, &view(), &PLAIN);
                assert!(text.ends_with('\n'), "{text}");
                for line in text.lines() {
                    assert!(line.starts_with(MARK) && line.chars().count() <= 80, "{line}");
                }
                // As text and back: serde_json reads some floats one unit in the last place off.
                let json = serde_json::to_string(&UnverifiedJson::of(&claims, view().now)).unwrap();
                let json: serde_json::Value = serde_json::from_str(&json).unwrap();
                if case["block_key"].is_null() {
                    readable += 1;
                    let held = if field == "data" { (&case["values"], "values") } else { (&case["id"], "id") };
                    assert_eq!(&json[held.1], held.0);
                } else {
                    assert_eq!((&json["readable"], json.get("values")), (&serde_json::Value::from(false), None));
                    assert!(text.contains("cannot be shown"), "{text}");
                }
            }
        }
        assert!(readable > 10, "{readable}");
    }
}
