//! From the library's errors to a class, an exit code and a hint.

mod diagnosis;
mod event;
mod fleet;
mod migrate;
mod obstacle;
mod session;

use std::error::Error as StdError;
use std::process::ExitCode;

use csqlstore::Place;
use csqlstore::cluster::{self, Class, Obstacle};
use csqlstore::health::ClusterVerdict;
use csqlstore::lease;
use csqlstore::purge;
use csqlstore::sandbox;
use csqlstore::schema;

use crate::settings;

pub(crate) use self::diagnosis::Unopened;
pub(crate) use self::migrate::{behind, keys_hint};
use self::obstacle::obstacle_hint;

/// How the program ended; the numbers are a contract with scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// Done; the answer is yes.
    Done,
    /// Done; the answer is no.
    No,
    /// Wrong request or configuration.
    Request,
    /// Not now, try again.
    NotNow,
    /// Data or schema not as expected.
    Unexpected,
    /// Stopped early, work is left.
    Stopped,
    /// A bug.
    Bug,
    /// Stopped by SIGINT.
    Interrupted,
    /// Stopped by SIGTERM.
    Terminated,
    /// What a Nagios plugin has to say, whose numbers mean something else.
    Plugin(PluginStatus),
}

/// How a Nagios plugin ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PluginStatus {
    Ok,
    Warning,
    Critical,
    /// Nothing could be found out.
    Unknown,
}

impl From<ClusterVerdict> for PluginStatus {
    fn from(verdict: ClusterVerdict) -> Self {
        match verdict {
            ClusterVerdict::Ok => Self::Ok,
            ClusterVerdict::Warning => Self::Warning,
            ClusterVerdict::Critical => Self::Critical,
        }
    }
}

impl Status {
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::No => 1,
            Self::Request => 2,
            Self::NotNow => 3,
            Self::Unexpected => 4,
            Self::Stopped => 5,
            Self::Bug => 70,
            Self::Interrupted => 130,
            Self::Terminated => 143,
            Self::Plugin(PluginStatus::Ok) => 0,
            Self::Plugin(PluginStatus::Warning) => 1,
            Self::Plugin(PluginStatus::Critical) => 2,
            Self::Plugin(PluginStatus::Unknown) => 3,
        }
    }
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(status.code())
    }
}

/// An error on its way to the person: what, why, what to do, and where it was made.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) status: Status,
    pub(crate) message: String,
    pub(crate) causes: Vec<String>,
    /// What was tried and noticed, each in a sentence: more than the causes say, and shown after them.
    pub(crate) reasons: Vec<String>,
    pub(crate) hint: Option<String>,
    /// From where it was made to where it entered the command; shown with `-vv`.
    pub(crate) places: Vec<Place>,
    /// Where each node was refused, if that is why; shown with `-vv`.
    pub(crate) refused: Vec<(String, Place)>,
}

impl Failure {
    /// The request cannot be carried out as it was put.
    #[track_caller]
    pub(crate) fn request(message: impl Into<String>) -> Self {
        Self::new(Status::Request, message)
    }

    /// Something that cannot happen did.
    #[track_caller]
    pub(crate) fn bug(message: impl Into<String>, cause: &dyn StdError) -> Self {
        Self { causes: vec![cause.to_string()], ..Self::new(Status::Bug, message) }
    }

    /// Any other end that is not the answer.
    #[track_caller]
    pub(crate) fn new(status: Status, message: impl Into<String>) -> Self {
        let places = vec![Place::here()];
        Self {
            status,
            message: message.into(),
            causes: Vec::new(),
            reasons: Vec::new(),
            hint: None,
            places,
            refused: Vec::new(),
        }
    }

    /// Takes an error of the library with its chain, and the place where it was made.
    #[track_caller]
    pub(crate) fn of(status: Status, error: &dyn StdError, made: Place) -> Self {
        let mut causes = Vec::new();
        let mut source = error.source();
        while let Some(cause) = source {
            causes.push(cause.to_string());
            source = cause.source();
        }
        let mut places = vec![made, Place::here()];
        // One that carries the place of its caller came in on the line where it was made.
        places.dedup_by_key(|place| place.to_string());
        Self {
            status,
            message: error.to_string(),
            causes,
            reasons: Vec::new(),
            hint: None,
            places,
            refused: Vec::new(),
        }
    }

    /// Adds where each node was refused, if the error comes of that.
    fn refused_by(mut self, error: Option<&cluster::Error>) -> Self {
        let refusals = error.map(cluster::Error::refusals).unwrap_or_default();
        self.refused = refusals.iter().map(|refusal| (refusal.node.clone(), refusal.place)).collect();
        self
    }

    /// Adds what to do about it.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds what to do about it, where that is known.
    pub(crate) fn hinted(self, hint: Option<String>) -> Self {
        Self { hint: hint.or(self.hint), ..self }
    }

    /// Puts what could not be done in front of why.
    pub(crate) fn within(mut self, message: impl Into<String>) -> Self {
        self.causes.insert(0, std::mem::replace(&mut self.message, message.into()));
        self
    }

    /// The word for it in JSON.
    pub(crate) fn class(&self) -> &'static str {
        match self.status {
            Status::Done | Status::No | Status::Plugin(_) => "no",
            Status::Request => "config",
            Status::NotNow => "unavailable",
            Status::Unexpected => "data",
            Status::Stopped | Status::Interrupted | Status::Terminated => "stopped",
            Status::Bug => "bug",
        }
    }
}

/// The exit status of a class of trouble.
pub(crate) fn status_of(class: Class) -> Status {
    match class {
        Class::Node | Class::Conflict => Status::NotNow,
        Class::Config => Status::Request,
        Class::Data => Status::Unexpected,
    }
}

impl From<cluster::Error> for Failure {
    #[track_caller]
    fn from(error: cluster::Error) -> Self {
        let failure = Self::of(status_of(error.class()), &error, error.place());
        failure.hinted(cluster_hint(&error)).refused_by(Some(&error))
    }
}

/// What to do about an error of the farm, where its number or kind tells.
pub(crate) fn cluster_hint(error: &cluster::Error) -> Option<String> {
    use cluster::Error::{Deadline, NoUsableNode, TlsNotBuilt, UnknownTls};
    match error {
        NoUsableNode { refusals, .. } => Some(
            // One reason for all of them is what is to be mended.
            refusals
                .iter()
                .map(|refusal| hint_of(refusal.code, refusal.obstacle))
                .reduce(|one, other| if one == other { one } else { None })
                .flatten()
                .unwrap_or_else(|| "`csqlstore node status` shows every node with its reason".into()),
        ),
        Deadline { .. } => {
            Some("the node is silent: `csqlstore node status` shows the others, `--timeout` waits longer".into())
        }
        UnknownTls { name, .. } => Some(format!("describe it in the configuration, in a table `[tls.{name}]`")),
        TlsNotBuilt { .. } => Some("build csqlstore with its default features".into()),
        _ => hint_of(error.code(), error.obstacle()),
    }
}

fn hint_of(code: Option<u16>, obstacle: Option<Obstacle>) -> Option<String> {
    code.map_or_else(|| obstacle.and_then(obstacle_hint).map(str::to_owned), number_hint)
}

fn number_hint(code: u16) -> Option<String> {
    Some(match code {
        1045 => {
            "look at the user and the password in the node's DSN; the account may also be for other hosts, or insist on TLS (`ssl-mode=REQUIRED`)".into()
        }
        1044 => "look at the database at the DSN's end; if it is right, the account has no right on it yet".into(),
        1040 | 1203 | 1226 => "wait until connections are free, or let the server (or the account) have more".into(),
        1820 | 1862 => "log in with the server's own client, and give the account a new password".into(),
        3118 | 4151 => "somebody with the right to may run: ALTER USER … ACCOUNT UNLOCK".into(),
        1021 | 1114 => "make room on the disk of that node (`df`), and run the command again".into(),
        1054 => "the table is not as csqlstore expects it: `csqlstore migrate verify` says in what".into(),
        1046 => "name the database at the DSN's end: `mysql://user@host/DATABASE`".into(),
        1049 => "the database in the DSN does not exist on that server".into(),
        1142 | 1143 | 1227 => {
            "the account lacks a privilege that the message names; GRANT it on the session database".into()
        }
        1146 => "`csqlstore migrate up` creates the table, if its name (`--table`) is right".into(),
        cluster::number::TABLE_WITHOUT_KEY => format!(
            "Group Replication writes to no table without a key; `ALTER TABLE … {}` gives it one, which `csqlstore migrate \
             up` replaces by its own",
            cluster::ANY_KEY
        ),
        1047 => "the node is not in the primary component; `csqlstore node status` shows the others".into(),
        _ => return None,
    })
}

impl From<lease::Error> for Failure {
    #[track_caller]
    fn from(error: lease::Error) -> Self {
        let failure = Self::of(status_of(error.class()), &error, error.place()).refused_by(match &error {
            lease::Error::Cluster(inner) => Some(inner),
            _ => None,
        });
        match lease_hint(&error) {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}

/// When a lease ends by itself, should its holder be gone.
pub(crate) fn runs_out(holder: &lease::Holder) -> String {
    let mut end = holder.free_at().map_or_else(|| "by itself".to_owned(), |at| format!("by itself at {at:.0}"));
    if holder.margin.length > lease::MARGIN {
        end.push_str(&format!(", its margin being {}", holder.margin));
    }
    if holder.is_in_ddl() {
        format!("if its holder was killed in its ALTER, the server finishes that and the lease ends {end}")
    } else {
        format!("a lease that is not renewed ends {end}")
    }
}

/// What to do about a lease that could not be had.
fn lease_hint(error: &lease::Error) -> Option<String> {
    match error {
        lease::Error::Held { holder, .. } => Some(format!("try again later; {}", runs_out(holder))),
        lease::Error::Lost { .. } => Some("run the command again: it goes on where it was".into()),
        lease::Error::NoTable { .. } => Some("`csqlstore migrate up` creates the table".into()),
        lease::Error::Denied { grant, .. } => Some(format!("somebody with the right to may run: {grant}")),
        lease::Error::Cluster(error) => cluster_hint(error),
        _ => None,
    }
}

/// What to do where the nodes' clocks are further apart than a grace.
const SKEW_HINT: &str = "set the clocks right (`csqlstore node status` shows them), or take a longer `--grace`";

impl From<purge::Error> for Failure {
    #[track_caller]
    fn from(error: purge::Error) -> Self {
        let failure = Self::of(status_of(error.class()), &error, error.place());
        let hint = match &error {
            purge::Error::NoKey { misfit, .. } => Some(keys_hint(misfit.as_ref(), "the key and the index")),
            purge::Error::NoIndex { misfit, .. } => Some(keys_hint(misfit.as_ref(), "it")),
            purge::Error::Denied { grant, .. } | purge::Error::BrokeOff { grant: Some(grant), .. } => {
                Some(format!("somebody with the right to may run: {grant}"))
            }
            purge::Error::Misfit { .. } => Some("`--table` names another table".to_owned()),
            purge::Error::Skew { .. } => Some(SKEW_HINT.to_owned()),
            purge::Error::Lease(lease::Error::Held { holder, .. }) => {
                Some(format!("wait for it with `--wait`, or let it be with `--if-free`; {}", runs_out(holder)))
            }
            purge::Error::Lease(error @ (lease::Error::NoTable { .. } | lease::Error::Denied { .. })) => {
                lease_hint(error).map(|hint| format!("{hint}; `--no-lease` purges without"))
            }
            _ => error.cluster().and_then(cluster_hint),
        };
        failure.hinted(hint).refused_by(error.cluster())
    }
}

impl From<sandbox::Error> for Failure {
    #[track_caller]
    fn from(error: sandbox::Error) -> Self {
        let status = match &error {
            sandbox::Error::Cluster(error) => status_of(error.class()),
            sandbox::Error::State { .. } => Status::Unexpected,
            sandbox::Error::Busy { .. }
            | sandbox::Error::NoFreePorts { .. }
            | sandbox::Error::NoPrimary { .. }
            | sandbox::Error::Died { .. }
            | sandbox::Error::NotReady { .. }
            | sandbox::Error::StillRuns { .. }
            | sandbox::Error::Program { .. } => Status::NotNow,
            // What is asked for cannot be, on this machine or in this directory.
            _ => Status::Request,
        };
        let failure = Self::of(status, &error, error.place());
        match sandbox_hint(&error) {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}

fn sandbox_hint(error: &sandbox::Error) -> Option<String> {
    use sandbox::Error::{
        BasePort, Cluster, DirClosed, DirName, DirTooLong, Foreign, Missing, NoPrimary, NoSandbox, NoServiceUser,
        NodeDown, NodeRuns, NotMostAdvanced, NotOurs, PortInUse, RootUnwanted, RootWanted, Running, ServerRoot, Stale,
        StartTogether, StillRuns,
    };
    Some(match error {
        NodeRuns { node, .. } => format!(
            "`csqlstore sandbox status` shows how it is; one that is cut off comes back by `csqlstore sandbox isolate {node} --heal`"
        ),
        Missing { package, .. } => format!("`apt-get install {package}` brings it; its own service need not run"),
        NoServiceUser { .. } => "`apt-get install mariadb-server` makes it".into(),
        BasePort { .. } | PortInUse { .. } => "another `--base-port`, or none, which picks free ports".into(),
        DirName { .. } | DirTooLong { .. } | DirClosed { .. } | NotOurs { .. } => {
            let default = sandbox::default_dir();
            format!("name another directory with `--dir`; without it, it is {}", default.display())
        }
        Foreign { .. } => "`--dir` names another directory; a new sandbox takes one that is empty or not there".into(),
        NoSandbox { dir, .. } => format!("`csqlstore sandbox up --dir {}` makes one", dir.display()),
        Running { dir, .. } => format!(
            "`csqlstore sandbox status --dir {0}` shows it, `csqlstore sandbox down --dir {0}` removes it, another `--dir` makes a second one",
            dir.display()
        ),
        Stale { dir, .. } => format!(
            "`csqlstore sandbox start --dir {0}` starts them again, `csqlstore sandbox down --dir {0}` removes it",
            dir.display()
        ),
        NodeDown { node, .. } => format!("`csqlstore sandbox start {node}`, with the same `--dir`, starts it"),
        RootWanted { .. } | ServerRoot { .. } => {
            "`--server-root DIR` names a folder with MySQL's `usr/sbin/mysqld` or `bin/mysqld` and its plugins".into()
        }
        RootUnwanted { .. } => "leave `--server-root` out, or take `--engine group-replication` or `standalone`".into(),
        StartTogether { .. } | NotMostAdvanced { .. } => "`csqlstore sandbox start`, with the same `--dir` and without a node, starts all in the right order".into(),
        NoPrimary { .. } => {
            "`csqlstore sandbox start`, with the same `--dir` and without a node, starts all that are missing at once; `csqlstore sandbox isolate NODE --heal` ends a cut".into()
        }
        StillRuns { node, .. } => format!("`csqlstore sandbox kill {node}`, with the same `--dir`, ends it at once"),
        Cluster(error) => return cluster_hint(error),
        _ => return None,
    })
}

/// Writes an error and what caused it in one line.
pub(crate) fn with_causes(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    text
}

impl From<schema::Error> for Failure {
    #[track_caller]
    fn from(error: schema::Error) -> Self {
        Self::of(Status::Request, &error, error.place())
    }
}

impl From<settings::Error> for Failure {
    #[track_caller]
    fn from(error: settings::Error) -> Self {
        let failure = Self::of(Status::Request, &error, error.place());
        match error.hint() {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_keeps_its_place_and_the_place_it_came_in() {
        fn library() -> Result<(), schema::Error> {
            schema::Table::new("a.b").map(|_| ())
        }
        fn command() -> Result<(), Failure> {
            library()?;
            Ok(())
        }
        let failure = command().unwrap_err();
        assert_eq!(failure.status, Status::Request);
        let files: Vec<String> = failure.places.iter().map(ToString::to_string).collect();
        assert_eq!(files.len(), 2, "{files:?}");
        assert!(files.iter().all(|place| place.starts_with("src/bin/csqlstore/failure.rs:")), "{files:?}");
        assert_ne!(files[0], files[1]);
    }

    #[test]
    fn exit_codes_are_the_contract() {
        let codes = [
            (Status::Done, 0),
            (Status::No, 1),
            (Status::Request, 2),
            (Status::NotNow, 3),
            (Status::Unexpected, 4),
            (Status::Stopped, 5),
            (Status::Bug, 70),
            (Status::Interrupted, 130),
            (Status::Terminated, 143),
            (Status::Plugin(PluginStatus::Ok), 0),
            (Status::Plugin(PluginStatus::Warning), 1),
            (Status::Plugin(PluginStatus::Critical), 2),
            (Status::Plugin(PluginStatus::Unknown), 3),
        ];
        for (status, code) in codes {
            assert_eq!(status.code(), code);
        }
    }
}
