//! The `config.toml` of Go programs on clustersql, read as it is.

use csqlstore::Place;
use toml::de::{DeTable, DeValue};
use zeroize::Zeroizing;

use super::error::Error;
use super::file::Entry;
use super::origin::{Origin, Setting};
use super::toml_file::Item;

/// Returns the tables of clustersql's `[[Nodes]]`, if that is what the key holds.
///
/// Go's TOML reader takes keys in any case, so we do; ours is a list of texts, not of tables.
pub(super) fn nodes<'a>(item: &Item<'a>) -> Option<Vec<&'a DeTable<'a>>> {
    if item.key.eq_ignore_ascii_case("nodes") { item.tables() } else { None }
}

/// Reads `[[Nodes]]`: Name, HostName, Port, UserName, Password and DBName. Other fields are passed over, as in Go.
///
/// # Source
///
/// clustersql, `cluster_test.go`, `NodeCfg`, and the DSN that is made of it there.
pub(super) fn read(item: &Item<'_>) -> Result<Vec<Setting<Entry>>, Error> {
    nodes(item).unwrap_or_default().into_iter().map(|table| node(item, table)).collect()
}

fn node(item: &Item<'_>, table: &DeTable<'_>) -> Result<Setting<Entry>, Error> {
    let (mut name, mut host, mut user, mut database) = (None, None, "", "");
    let (mut password, mut port) = (Zeroizing::new(String::new()), 3306);
    let mut origin = item.origin();
    for field in item.source.items("Nodes", table) {
        match field.key.to_ascii_lowercase().as_str() {
            "name" => name = Some(field.string()?.value).filter(|name| !name.is_empty()),
            "hostname" => {
                let Setting { value, origin: of_host } = field.string()?;
                (host, origin) = (Some(value), of_host);
            }
            "port" => port = port_of(&field)?,
            "username" => user = field.string()?.value,
            "password" => password = Zeroizing::new(field.string()?.value.to_owned()),
            "dbname" => database = field.string()?.value,
            _ => {}
        }
    }
    let host = host.filter(|host| !host.is_empty()).ok_or_else(|| missing_host(&origin))?;
    let (open, close) = if host.contains(':') && !host.starts_with('[') { ("[", "]") } else { ("", "") };
    let colon = if password.is_empty() { "" } else { ":" };
    let dsn = format!("{user}{colon}{}@tcp({open}{host}{close}:{port})/{database}", password.as_str());
    Ok(Setting::new(Entry::Fields { name: name.map(str::to_owned), dsn: Zeroizing::new(dsn) }, origin))
}

fn port_of(field: &Item<'_>) -> Result<u16, Error> {
    let port = match field.value.get_ref() {
        DeValue::Integer(port) => u16::from_str_radix(port.as_str(), port.radix()).ok(),
        _ => None,
    };
    port.filter(|port| *port > 0).ok_or_else(|| field.wrong("a number of 1 to 65535"))
}

fn missing_host(origin: &Origin) -> Error {
    Error::Value {
        setting: "`HostName` of a node",
        origin: origin.clone(),
        reason: "is missing or empty",
        place: Place::here(),
    }
}
