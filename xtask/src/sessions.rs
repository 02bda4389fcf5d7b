//! Rows that real Go wrote, multiplied and given expiries, as SQL; and the keys of a few of them.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::shell;

/// The table as the Go package documents it: no primary key, no index.
pub(crate) const DOCUMENTED: &str = "CREATE TABLE `session_cluster` (
  `id` char(40) NOT NULL COMMENT '2006-01-02T15:04:05.999999999Z07:00+(00000-99999)',
  `data` longblob NOT NULL,
  `expire_on` datetime NOT NULL,
  `modify_at` timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP
) ENGINE=InnoDB DEFAULT CHARSET=ascii;
";

/// How often each vector is written; a row's data is signed with its session's name and not with its id.
const COPIES: u32 = 60;

/// A session that Go wrote.
pub(crate) struct Vector {
    pub(crate) case: String,
    pub(crate) name: String,
    pub(crate) id: String,
    pub(crate) cookie: String,
    pub(crate) data: String,
    pair: String,
}

/// Reads the vectors.
pub(crate) fn vectors() -> Result<Vec<Vector>> {
    let path = shell::root().join("tests/testdata/sessions.jsonl");
    let text = fs::read_to_string(&path).with_context(|| format!("reading {} failed", path.display()))?;
    text.lines().map(vector).collect()
}

fn vector(line: &str) -> Result<Vector> {
    let object: Value = serde_json::from_str(line).context("a line of the vectors is no JSON")?;
    let text = |field: &str| object.get(field).and_then(Value::as_str).map(str::to_owned);
    let needed = |field: &str| text(field).with_context(|| format!("a vector has no `{field}`"));
    let hash = needed("hash_key")?;
    let pair = match text("block_key") {
        Some(block) => format!("base64:{hash},base64:{block}"),
        None => format!("base64:{hash}"),
    };
    Ok(Vector {
        case: needed("case")?,
        name: needed("name")?,
        id: needed("id")?,
        cookie: needed("cookie")?,
        data: needed("data")?,
        pair,
    })
}

/// How many rows [`write_rows`] writes: in all, and those that are past a grace of an hour.
pub(crate) struct Counts {
    pub(crate) rows: usize,
    pub(crate) expired: usize,
}

/// Writes an INSERT of every vector and its copies; of the copies two in three expired in the last days, one lives on.
pub(crate) fn write_rows(path: &Path, vectors: &[Vector]) -> Result<Counts> {
    let mut sql = String::from("SET time_zone='+00:00';\n");
    let mut counts = Counts { rows: 0, expired: 0 };
    for copy in 0..COPIES {
        sql.push_str("INSERT INTO session_cluster (id, data, expire_on) VALUES\n");
        for (i, vector) in vectors.iter().enumerate() {
            // The last five digits of an id are random anyway.
            let id = match copy {
                0 => vector.id.clone(),
                _ => format!("{}{:05}", &vector.id[..vector.id.len() - 5], 10_000 + copy),
            };
            let expired = copy % 3 != 0;
            counts.rows += 1;
            counts.expired += usize::from(expired);
            let when = if expired { format!("- INTERVAL {} HOUR", 2 + copy) } else { "+ INTERVAL 30 DAY".to_owned() };
            let end = if i + 1 == vectors.len() { ";" } else { "," };
            // Ids and data are of base64's and RFC 3339's letters: nothing to escape.
            writeln!(sql, "('{id}', '{}', UTC_TIMESTAMP() {when}){end}", vector.data)?;
        }
    }
    fs::write(path, sql).with_context(|| format!("writing {} failed", path.display()))?;
    Ok(counts)
}

/// Writes a keyring of the given sessions' pairs, readable by its owner only.
pub(crate) fn write_keys(path: &Path, vectors: &[&Vector]) -> Result<()> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
    let mut text = format!("# the keys of the sessions shown, written at {now}\n");
    for vector in vectors {
        writeln!(text, "{}", vector.pair)?;
    }
    crate::demo::write_private(path, &text)
}
