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
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    const PLAIN: Style = Style { colors: false };

    const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/testdata/sessions.jsonl");

    /// What Go wrote for each case.
    fn sessions() -> Vec<(String, Values<'static>)> {
        let file = std::fs::read_to_string(FILE).unwrap();
        let cases = file.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        let sessions = cases.map(|case| {
            let gob = STANDARD.decode(case["gob"].as_str().unwrap()).unwrap();
            (case["case"].as_str().unwrap().to_owned(), Values::decode(&gob).unwrap().into_owned())
        });
        sessions.collect()
    }

    fn session(name: &str) -> Values<'static> {
        sessions().into_iter().find(|(case, _)| case == name).unwrap().1
    }

    #[test]
    fn facts_stand_under_each_other() {
        let text = facts(&[("id", "x".into()), ("signed", "y".into())], &PLAIN);
        assert_eq!(text, "  id      x\n  signed  y\n");
    }

    #[test]
    fn values_stand_in_columns_and_what_is_nested_is_indented() {
        let expected = "\
1 value
  _flash       []interface {}     2 values
    0          main.FlashMessage  2 values
      Type     int                42
      Message  string             \"foo\"
    1          main.FlashMessage  2 values
      Type     int                7
      Message  string             \"ptr\"
";
        assert_eq!(values(&session("flash-struct"), &PLAIN), expected);
        assert_eq!(values(&session("empty"), &PLAIN), "no values\n");
    }

    #[test]
    fn only_what_is_alone_on_its_line_passes_80_columns() {
        for (case, session) in sessions() {
            let text = values(&session, &PLAIN);
            for line in text.lines().filter(|line| line.chars().count() > WIDTH) {
                let alone = |it: &csqlstore::session::Line| line.trim() == it.value || line.ends_with(&it.go_type);
                assert!(session.lines().iter().any(alone), "{case}: {line}");
            }
        }
        let large = values(&session("large"), &PLAIN);
        assert!(large.contains("  string\n      \"0123456789"), "a long value goes under its key: {large}");
    }

    #[test]
    fn no_value_moves_the_cursor() {
        for (case, session) in sessions() {
            let text = values(&session, &PLAIN);
            assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{case}: {text}");
        }
    }
}
