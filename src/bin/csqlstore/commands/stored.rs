//! A session as its row holds it: looked up, opened, shown.

use std::time::Duration;

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use csqlstore::cluster::{self, Causality, On, Usable};
use csqlstore::securecookie::Error::{MacLength, NotBase64, NotThreeParts};
use csqlstore::session::{self, Claims, Data, Id, State};
use csqlstore::store::{self, Row};

use super::shown::{ShownArgs, UnverifiedJson, unverified_as_text};
use super::verify::Verifier;
use crate::context::Context;
use crate::failure::{Failure, Status, Unopened};
use crate::ui::{Style, Ui, View, facts, moment, plain, values};

/// Where the row is looked for, and how its state is told.
#[derive(Args, Debug)]
pub(crate) struct RowArgs {
    /// Ask this node
    #[arg(long, value_name = "NAME|auto", default_value = "auto")]
    on: On,
    /// Call a session purgeable this long after it expired
    #[arg(long, value_name = "DURATION", default_value = "1h")]
    grace: humantime::Duration,
}

impl RowArgs {
    /// Looks the session's row up, by reads that wait for the cluster.
    ///
    /// # Errors
    ///
    /// Exit 3 if no node is usable, 4 if there is no table or the row holds what it should not.
    pub(crate) async fn load(&self, id: &Id, cx: &Context, ui: &Ui) -> Result<Option<Found>, Failure> {
        let Self { on, grace } = self;
        let cluster = cx.cluster()?;
        let Usable { mut connection, vitals: _, causality } = cluster.usable(on).await?;
        if let Causality::Refused(reason) = &causality {
            let reason = plain(reason);
            ui.warning(format_args!("the answer may miss what other nodes have just committed: {reason}"));
        }
        ui.detail(format_args!("reading from node `{}`", plain(connection.node())));
        let row = match store::row(&mut connection, cx.table(), id).await {
            // While the cluster decides about a node that it lost, reads that wait for it hang for some seconds.
            Err(store::Error::Cluster(cluster::Error::Deadline { node, .. })) if causality == Causality::Waits => {
                ui.warning("the answer may miss what other nodes have just committed: they did not answer in time");
                connection = cluster.node(&node)?.connect(cluster.deadline()).await?;
                store::row(&mut connection, cx.table(), id).await?
            }
            other => other?,
        };
        connection.close().await;
        let grace: Duration = (*grace).into();
        Ok(row.map(|row| Found { state: row.state(grace), row }))
    }
}

/// A row, and where it stands in its life.
pub(crate) struct Found {
    row: Row,
    state: State,
}

impl Found {
    /// Opens the row's data under the names given; without keys it stays closed.
    pub(crate) fn open(self, names: &[String], verifier: Option<&Verifier>, shown: ShownArgs, ui: &Ui) -> Stored {
        let Self { row, state } = self;
        let data = verifier.ok_or(Unopened::NoKey).and_then(|verifier| verifier.stored(&row.data, names, ui));
        let unproven = data.as_ref().err().filter(|unopened| shown.unverified && unopened.is_unverified());
        // One that has not the form of signed data claims nothing.
        let claims = unproven.and_then(|_| session::claims(&String::from_utf8_lossy(&row.data)).ok());
        Stored { row, state, data, claims, view: shown.view(verifier.map_or_else(Timestamp::now, Verifier::now)) }
    }
}

/// Says that there is no such session.
#[track_caller]
pub(crate) fn missing(id: &Id, cx: &Context) -> Failure {
    let (id, table) = (plain(id.as_str()), plain(cx.table().name()));
    Failure::new(Status::No, format!("there is no session `{id}` in `{table}`"))
        .hint("it was deleted or purged, or another table (`--table`) or cluster (`--cluster`) has it")
}

/// A session's row with its data, where that opens.
pub(crate) struct Stored {
    row: Row,
    state: State,
    data: Result<Data, Unopened>,
    /// What the data claims, where that was asked for and nothing vouches for it.
    claims: Option<Claims>,
    view: View,
}

/// A stored session's JSON form; a row that does not open has its error in place of what it holds.
#[derive(Serialize)]
pub(crate) struct StoredJson<'a> {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    state: &'static str,
    expires_at: String,
    modified_at: String,
    bytes: usize,
    #[serde(flatten)]
    opened: Option<OpenedJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unverified: Option<UnverifiedJson<'a>>,
}

/// What the data of a session says, as JSON.
#[derive(Serialize)]
pub(crate) struct OpenedJson<'a> {
    signed_at: String,
    age_s: i64,
    key: usize,
    encrypted: bool,
    values: session::Json<'a>,
    types: serde_json::Value,
}

impl<'a> OpenedJson<'a> {
    pub(crate) fn of(data: &'a Data) -> Self {
        Self {
            signed_at: data.signed_at.to_string(),
            age_s: data.age_s,
            key: data.key,
            encrypted: data.encrypted,
            values: data.values.to_json(),
            types: data.values.types(),
        }
    }
}

impl Stored {
    /// Returns the failure that goes with the answer, if the row does not open: exit 4 if it verifies, else 1.
    #[track_caller]
    pub(crate) fn failure(&self) -> Option<Failure> {
        let unopened = self.data.as_ref().err()?;
        let id = plain(self.row.id.as_str());
        let failure = if self.claims.is_some() { unopened.shown_unverified() } else { unopened.into() };
        let failure = failure.within(format!("the data of session `{id}` cannot be read"));
        // Nothing was copied by hand here.
        let foreign = matches!(
            unopened,
            Unopened::Refused {
                error: session::Error::Refused(NotBase64 { .. } | NotThreeParts { .. } | MacLength { .. }),
                ..
            }
        );
        Some(if foreign { failure.hint("no gorilla session store has written this row") } else { failure })
    }

    pub(crate) fn json(&self) -> StoredJson<'_> {
        let Self { row, state, data, claims, view: View { now, .. } } = self;
        StoredJson {
            id: row.id.as_str().to_owned(),
            name: data.as_ref().ok().map(|data| data.name.clone()),
            state: state.as_str(),
            expires_at: row.expires_at.to_string(),
            modified_at: row.modified_at.to_string(),
            bytes: row.data.len(),
            opened: data.as_ref().ok().map(OpenedJson::of),
            error: data.as_ref().err().map(Unopened::in_a_line),
            unverified: claims.as_ref().map(|claims| UnverifiedJson::of(claims, *now)),
        }
    }

    pub(crate) fn human(&self, style: &Style) -> String {
        let Self { row, state, data, claims, view } = self;
        let word = match state {
            State::Active => style.good(state),
            State::Expired | State::Purgeable => style.warn(state),
        };
        let mut about = Vec::new();
        if let Ok(data) = data {
            about.push(("name", plain(&data.name)));
        }
        about.push(("expires", moment(row.expires_at, row.read_at)));
        about.push(("modified", moment(row.modified_at, row.read_at)));
        if let Ok(data) = data {
            about.push(("signed", signed(data.signed_at, view.now, data.key, data.encrypted)));
        }
        about.push(("size", format!("{} bytes", row.data.len())));
        let held = match data {
            Ok(data) => format!("\n{}", values(&data.values, view, style)),
            Err(_) => match claims {
                Some(claims) => format!("\n{}", unverified_as_text(claims, view, style)),
                None => "\nIts values cannot be read.\n".into(),
            },
        };
        format!("Session {} is {word}\n{}{held}", style.bold(plain(row.id.as_str())), facts(&about, style))
    }
}

/// Says when, by which key and how a value was signed.
pub(crate) fn signed(at: Timestamp, now: Timestamp, key: usize, encrypted: bool) -> String {
    format!("{} by key {key}, {}", moment(at, now), if encrypted { "encrypted" } else { "not encrypted" })
}
