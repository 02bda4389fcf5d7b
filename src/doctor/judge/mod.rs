//! From what was seen to findings. Pure.

mod account;
mod drift;
mod growth;
mod limits;
mod rows;
mod schema;
mod writers;

pub(super) use account::account;
pub(super) use drift::drift;
pub use growth::Growth;
pub(super) use growth::growth;
pub(super) use limits::limits;
pub(super) use rows::{dedupe_too, no_rows, rows};
pub(super) use schema::schema;
pub use writers::Writer;
pub(super) use writers::writers;

/// Writes bytes for people: `1.5 GB`.
fn size(bytes: u64) -> String {
    let units = [(1_000_000_000_000, "TB"), (1_000_000_000, "GB"), (1_000_000, "MB"), (1000, "kB")];
    match units.into_iter().find(|(unit, _)| bytes >= *unit) {
        Some((unit, name)) => format!("{:.1} {name}", bytes as f64 / unit as f64),
        None => format!("{bytes} bytes"),
    }
}

/// Quotes a text for a statement, under any `sql_mode`.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_well() {
        for (bytes, text) in [(0, "0 bytes"), (999, "999 bytes"), (16_384, "16.4 kB"), (1_500_000_000, "1.5 GB")] {
            assert_eq!(size(bytes), text);
        }
    }
}
