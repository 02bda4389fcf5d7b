//! What stands behind the `?`.

use std::path::PathBuf;
use std::time::Duration;

use percent_encoding::percent_decode_str;

use super::error::{DsnError, Form};
use super::{Address, Dsn, Tls, TlsOptions, Verify, duration};
use crate::Place;

/// Parameters that Go programs have in their strings and that change nothing here: rows are read as bytes, times are
/// always UTC, and statements are prepared or have no parameters.
const WITHOUT_EFFECT: [&str; 5] = ["charset", "collation", "parseTime", "loc", "interpolateParams"];
/// The longest name of a parameter that is repeated in a warning.
const LONGEST_NAME: usize = 64;

/// What the parameters said.
#[derive(Debug)]
pub(super) struct Parameters {
    pub(super) tls: Tls,
    pub(super) timeout: Option<Duration>,
    pub(super) socket: Option<PathBuf>,
    pub(super) warnings: Vec<String>,
}

/// What `ssl-mode` or `tls` asks for.
enum Mode {
    Off,
    Preferred,
    Required(Verify),
    Named(String),
}

#[derive(Default)]
struct Files {
    ca: Option<PathBuf>,
    cert: Option<PathBuf>,
    key: Option<PathBuf>,
}

/// Reads `name=value&name=value`. Of two of the same name the last one counts, as in Go.
pub(super) fn parse(text: &str, form: Form, place: Place) -> Result<Parameters, DsnError> {
    let mut found = Parameters { tls: Tls::Off, timeout: None, socket: None, warnings: Vec::new() };
    let (mut ssl_mode, mut tls, mut files) = (None, None, Files::default());
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        match (name.to_ascii_lowercase().replace('_', "-").as_str(), form) {
            ("ssl-mode", _) => ssl_mode = Some(ssl_mode_of(value, place)?),
            ("tls", _) => tls = Some(tls_of(value, place)?),
            ("ssl-ca", _) => files.ca = Some(path_of("ssl-ca", value, place)?),
            ("ssl-cert", _) => files.cert = Some(path_of("ssl-cert", value, place)?),
            ("ssl-key", _) => files.key = Some(path_of("ssl-key", value, place)?),
            ("timeout", _) => found.timeout = timeout_of(value, place)?,
            ("socket", Form::Url) => found.socket = Some(path_of("socket", value, place)?),
            _ if WITHOUT_EFFECT.contains(&name) => {}
            _ => found.warnings.push(without_meaning(name)),
        }
    }
    let mode = match (ssl_mode, tls) {
        (Some(_), Some(_)) => {
            return Err(DsnError::Parameter {
                name: "tls",
                reason: "says the same as `ssl-mode`: leave one out",
                place,
            });
        }
        (mode, tls) => mode.or(tls),
    };
    found.tls = decide(mode, files, &mut found.warnings, place)?;
    Ok(found)
}

/// Returns the parameters that say what `dsn` says, all but the socket, for a URL.
pub(super) fn of(dsn: &Dsn) -> Vec<(&'static str, String)> {
    let mut parameters = Vec::new();
    match &dsn.tls {
        Tls::Off => {}
        Tls::Preferred => parameters.push(("ssl-mode", "PREFERRED".to_owned())),
        Tls::Named(name) => parameters.push(("tls", name.clone())),
        Tls::Required(TlsOptions { verify, ca, cert, key }) => {
            let mode = match verify {
                Verify::None => "REQUIRED",
                Verify::Ca => "VERIFY_CA",
                Verify::Identity => "VERIFY_IDENTITY",
            };
            parameters.push(("ssl-mode", mode.to_owned()));
            for (name, path) in [("ssl-ca", ca), ("ssl-cert", cert), ("ssl-key", key)] {
                parameters.extend(path.iter().map(|path| (name, path.to_string_lossy().into_owned())));
            }
        }
    }
    parameters.extend(dsn.timeout.map(|timeout| ("timeout", go_duration(timeout))));
    parameters
}

/// Writes a duration as Go reads it, in the largest unit that it is whole in.
fn go_duration(duration: Duration) -> String {
    let nanoseconds = duration.as_nanos();
    [(1_000_000_000, "s"), (1_000_000, "ms")]
        .into_iter()
        .find(|(unit, _)| nanoseconds.is_multiple_of(*unit))
        .map_or_else(|| format!("{nanoseconds}ns"), |(unit, name)| format!("{}{name}", nanoseconds / unit))
}

/// Percent-decodes; `None` if what comes out is no UTF-8 or holds a control character.
pub(super) fn decoded(text: &str) -> Option<String> {
    let text = percent_decode_str(text).decode_utf8().ok()?;
    (!text.chars().any(char::is_control)).then(|| text.into_owned())
}

fn decide(mode: Option<Mode>, files: Files, warnings: &mut Vec<String>, place: Place) -> Result<Tls, DsnError> {
    let Files { ca, cert, key } = files;
    match (&cert, &key) {
        (Some(_), None) => {
            return Err(DsnError::Parameter { name: "ssl-cert", reason: "needs `ssl-key` beside it", place });
        }
        (None, Some(_)) => {
            return Err(DsnError::Parameter { name: "ssl-key", reason: "needs `ssl-cert` beside it", place });
        }
        _ => {}
    }
    let mode =
        mode.unwrap_or(if ca.is_some() || cert.is_some() { Mode::Required(Verify::Identity) } else { Mode::Off });
    let mut unused = |name: &str, given: &Option<PathBuf>, why: &str| {
        if given.is_some() {
            warnings.push(format!("parameter `{name}` is not used: {why}"));
        }
    };
    Ok(match mode {
        Mode::Off => {
            unused("ssl-ca", &ca, "TLS is switched off");
            unused("ssl-cert", &cert, "TLS is switched off");
            Tls::Off
        }
        Mode::Preferred => {
            let why = "where TLS is only preferred nothing is verified; `ssl-mode=VERIFY_IDENTITY` does it";
            unused("ssl-ca", &ca, why);
            unused("ssl-cert", &cert, why);
            Tls::Preferred
        }
        Mode::Named(name) => {
            unused("ssl-ca", &ca, "the configuration says what `tls` stands for");
            unused("ssl-cert", &cert, "the configuration says what `tls` stands for");
            Tls::Named(name)
        }
        Mode::Required(Verify::Ca) => {
            let stricter = "`ssl-mode=VERIFY_CA` verifies the host's name too, as VERIFY_IDENTITY does: a certificate that \
                            does not name the host needs REQUIRED, which verifies nothing";
            warnings.push(stricter.to_owned());
            Tls::Required(TlsOptions { verify: Verify::Ca, ca, cert, key })
        }
        Mode::Required(Verify::None) => {
            unused("ssl-ca", &ca, "this mode does not verify the server; `ssl-mode=VERIFY_IDENTITY` does");
            Tls::Required(TlsOptions { verify: Verify::None, ca: None, cert, key })
        }
        Mode::Required(verify) => Tls::Required(TlsOptions { verify, ca, cert, key }),
    })
}

fn ssl_mode_of(value: &str, place: Place) -> Result<Mode, DsnError> {
    Ok(match value.to_ascii_uppercase().replace('-', "_").as_str() {
        "DISABLED" => Mode::Off,
        "PREFERRED" => Mode::Preferred,
        "REQUIRED" => Mode::Required(Verify::None),
        "VERIFY_CA" => Mode::Required(Verify::Ca),
        "VERIFY_IDENTITY" => Mode::Required(Verify::Identity),
        _ => {
            let reason = "is none of DISABLED, PREFERRED, REQUIRED, VERIFY_CA and VERIFY_IDENTITY";
            return Err(DsnError::Parameter { name: "ssl-mode", reason, place });
        }
    })
}

fn tls_of(value: &str, place: Place) -> Result<Mode, DsnError> {
    // Go's booleans have exactly these spellings; the two words go in any case.
    Ok(match value {
        "1" | "true" | "TRUE" | "True" => Mode::Required(Verify::Identity),
        "0" | "false" | "FALSE" | "False" => Mode::Off,
        _ if value.eq_ignore_ascii_case("skip-verify") => Mode::Required(Verify::None),
        _ if value.eq_ignore_ascii_case("preferred") => Mode::Preferred,
        _ => match decoded(value).filter(|name| is_name(name)) {
            // `%74rue` names a configuration for Go too, which cannot be: the words that mean something are reserved.
            Some(name) if !is_reserved(&name) => Mode::Named(name),
            _ => {
                let reason = "is none of true, false, skip-verify and preferred, nor a name of letters, digits, `_`, `.` \
                              and `-` for a `[tls.NAME]` of the configuration";
                return Err(DsnError::Parameter { name: "tls", reason, place });
            }
        },
    })
}

fn is_reserved(name: &str) -> bool {
    let words = ["1", "0", "true", "TRUE", "True", "false", "FALSE", "False"];
    words.contains(&name) || ["skip-verify", "preferred"].iter().any(|word| name.eq_ignore_ascii_case(word))
}

fn timeout_of(value: &str, place: Place) -> Result<Option<Duration>, DsnError> {
    let timeout = duration::parse(value).ok_or(DsnError::Parameter {
        name: "timeout",
        reason: "is no duration of zero or more: write it as `timeout=5s`, `timeout=300ms` or `timeout=1m30s`",
        place,
    })?;
    Ok(Some(timeout).filter(|timeout| !timeout.is_zero()))
}

fn path_of(name: &'static str, value: &str, place: Place) -> Result<PathBuf, DsnError> {
    decoded(value).filter(|path| !path.is_empty()).map(PathBuf::from).ok_or(DsnError::Parameter {
        name,
        reason: "is no path: write it as `/path/to/file`, percent-encoded where needed",
        place,
    })
}

/// Tells whether a text can be the name of a node or of a TLS configuration.
pub(super) fn is_name(text: &str) -> bool {
    let right = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    !text.is_empty() && text.len() <= LONGEST_NAME && text.chars().all(right)
}

fn without_meaning(name: &str) -> String {
    if !is_name(name) {
        return "a parameter whose name is not one that is shown has no meaning here, and is not used".to_owned();
    }
    let mut text = format!("parameter `{name}` has no meaning here, and is not used");
    let lower = name.to_ascii_lowercase();
    if lower.contains("ssl") || lower.contains("tls") {
        text.push_str(" (TLS is asked for with `ssl-mode=VERIFY_IDENTITY`, or Go's `tls=true`)");
    }
    text
}

/// Puts what stands behind the `?` into a DSN.
pub(super) fn finish(mut dsn: Dsn, parameters: Parameters) -> super::Parsed {
    let Parameters { tls, timeout, socket, warnings } = parameters;
    dsn.tls = tls;
    dsn.timeout = timeout;
    if let Some(path) = socket {
        dsn.address = Address::Unix(path);
    }
    super::Parsed { dsn, warnings }
}
