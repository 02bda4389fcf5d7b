//! Facts and values, one a line.

use csqlstore::session::Values;

use super::Style;

/// The width that a line keeps within where it can.
const WIDTH: usize = 80;
/// A longer key or type does not push the others aside.
const WIDEST: usize = 24;

/// Writes facts under each other, what they are in front: `  signed   2026-11-20T08:00:00Z`.
pub(crate) fn facts(facts: &[(&str, String)], style: &Style) -> String {
    let width = facts.iter().map(|(what, _)| what.len()).max().unwrap_or(0);
    facts.iter().map(|(what, fact)| format!("  {}  {fact}\n", style.dim(format_args!("{what:width$}")))).collect()
}

/// Writes values as `key  type  value`, what is nested indented; a value for which there is no room goes under its key.
pub(crate) fn values(values: &Values<'_>, style: &Style) -> String {
    let count = values.len();
    let mut text = match count {
        0 => return "no values\n".into(),
        1 => "1 value\n".into(),
        _ => format!("{count} values\n"),
    };
    let rows: Vec<(usize, String, String, String)> =
        values.lines().into_iter().map(|line| (line.depth * 2 + 2, line.key, line.go_type, line.value)).collect();
    let widest = |widths: &mut dyn Iterator<Item = usize>| widths.filter(|width| *width <= WIDEST).max().unwrap_or(0);
    let keys = widest(&mut rows.iter().map(|(indent, key, ..)| indent + count_of(key)));
    let types = widest(&mut rows.iter().map(|(_, _, go_type, _)| count_of(go_type)));
    for (indent, key, go_type, value) in rows {
        let key_pad = keys.saturating_sub(indent + count_of(&key));
        let type_pad = types.saturating_sub(count_of(&go_type));
        let front = indent + count_of(&key) + key_pad + 2 + count_of(&go_type) + type_pad + 2;
        let (key, dim_type) = (style.bold(&key), style.dim(&go_type));
        if front + count_of(&value) <= WIDTH {
            text.push_str(&format!("{:indent$}{key}{:key_pad$}  {dim_type}{:type_pad$}  {value}\n", "", "", ""));
        } else {
            text.push_str(&format!(
                "{:indent$}{key}{:key_pad$}  {dim_type}\n{:below$}{value}\n",
                "",
                "",
                "",
                below = indent + 4
            ));
        }
    }
    text
}

fn count_of(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Style = Style { colors: false };

    /// A gob of the vectors: what Go wrote for one of its cases.
    fn gob(case: &str) -> Vec<u8> {
        use base64::Engine as _;
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/testdata/sessions.jsonl");
        let text = std::fs::read_to_string(file).unwrap();
        let mut cases = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        let case = cases.find(|it| it["case"] == case).unwrap();
        base64::engine::general_purpose::STANDARD.decode(case["gob"].as_str().unwrap()).unwrap()
    }

    #[test]
    fn facts_stand_under_each_other() {
        let text = facts(&[("id", "x".into()), ("signed", "y".into())], &PLAIN);
        assert_eq!(text, "  id      x\n  signed  y\n");
    }

    #[test]
    fn no_line_of_any_session_moves_the_cursor_and_short_ones_keep_within_80_columns() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/testdata/sessions.jsonl");
        for line in std::fs::read_to_string(file).unwrap().lines() {
            let case: serde_json::Value = serde_json::from_str(line).unwrap();
            let name = case["case"].as_str().unwrap();
            let gob = gob(name);
            let session = Values::decode(&gob).unwrap();
            let text = values(&session, &PLAIN);
            assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{name}: {text}");
            assert!(text.lines().count() >= session.len(), "{name}: {text}");
        }
    }
}
