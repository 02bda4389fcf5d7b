//! Facts and values, one a line.

use csqlstore::session::{Held, Line, Values};
use jiff::Timestamp;

use super::Style;
use super::moment::distance;

/// The width that a line keeps within, unless all is to be shown.
const WIDTH: usize = 80;
/// A longer key or type does not push the others aside.
const WIDEST: usize = 24;
/// What is nested deeper has its depth written instead: a gob may be 64 deep.
const DEEPEST: usize = 12;
/// Of a longer list or map the first ones are shown, and how many there are more. Keys of the session itself are all shown.
const MOST: usize = 20;
/// So much of a value is shown, however little room there is.
const LEAST: usize = 12;

/// How much of what a session holds is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Detail {
    /// Lines of 80 columns: long text and bytes are cut, their length is told.
    Short,
    /// All of it, however long.
    Full,
}

impl Detail {
    /// What `--full` says.
    pub(crate) fn of(full: bool) -> Self {
        if full { Self::Full } else { Self::Short }
    }
}

/// How values are shown: how much of them, and seen from when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View {
    pub(crate) detail: Detail,
    pub(crate) now: Timestamp,
    /// What the caller puts in front of each line, in columns.
    pub(crate) margin: usize,
}

/// Writes facts under each other, what they are in front: `  signed   2026-11-20T08:00:00Z`.
pub(crate) fn facts(facts: &[(&str, String)], style: &Style) -> String {
    let width = facts.iter().map(|(what, _)| what.len()).max().unwrap_or(0);
    facts.iter().map(|(what, fact)| format!("  {}  {fact}\n", style.dim(format_args!("{what:width$}")))).collect()
}

/// Writes values as `key  type  value`, what is nested indented; a value for which there is no room goes under its key.
pub(crate) fn values(values: &Values<'_>, view: &View, style: &Style) -> String {
    let mut text = match values.len() {
        0 => return "no values\n".into(),
        1 => "1 value\n".into(),
        count => format!("{count} values\n"),
    };
    let rows = view.chosen(values.lines());
    let lines = || rows.iter().filter_map(|row| if let Row::Value(line) = row { Some(line) } else { None });
    let widest = |widths: &mut dyn Iterator<Item = usize>| widths.filter(|width| *width <= WIDEST).max().unwrap_or(0);
    let keys = widest(&mut lines().map(|line| indent(line.depth()) + count_of(&view.names(line).0)));
    let types = widest(&mut lines().map(|line| count_of(&view.names(line).1)));
    for row in &rows {
        let line = match row {
            Row::Value(line) => line,
            Row::More { depth, count } => {
                let more = style.dim(format_args!("… and {count} more"));
                text.push_str(&format!("{:indent$}{more}\n", "", indent = indent(*depth)));
                continue;
            }
        };
        let ((key, go_type), held) = (view.names(line), line.held());
        let (key, go_type) = (&*key, &*go_type);
        let indent = indent(line.depth());
        let key_pad = keys.saturating_sub(indent + count_of(key));
        let type_pad = types.saturating_sub(count_of(go_type));
        let front = indent + count_of(key) + key_pad + 2 + count_of(go_type) + type_pad + 2;
        let (key, dim_type) = (style.bold(key), style.dim(go_type));
        text.push_str(&format!("{:indent$}{key}{:key_pad$}  {dim_type}", "", ""));
        let beside = view.value(&held, front);
        if view.fits(&beside, front) && !(is_cut(&held, &beside) && front > WIDTH / 2) {
            text.push_str(&format!("{:type_pad$}  {beside}\n", ""));
        } else {
            let below = indent + 4;
            text.push_str(&format!("\n{:below$}{}\n", "", view.value(&held, below)));
        }
    }
    text
}

/// What is written in a line.
#[derive(Debug)]
enum Row<'v> {
    Value(Line<'v>),
    /// So many values of a list or a map that are left out.
    More {
        depth: usize,
        count: usize,
    },
}

fn indent(depth: usize) -> usize {
    depth.min(DEEPEST) * 2 + 2
}

/// Whether a value is not shown whole.
fn is_cut(held: &Held, shown: &str) -> bool {
    matches!(held, Held::Text(_) | Held::Bytes(_)) && held.shown(None) != shown
}

impl View {
    /// Leaves out what is beyond the first of a long list, and says how many there are more.
    fn chosen<'v>(&self, lines: Vec<Line<'v>>) -> Vec<Row<'v>> {
        if self.detail == Detail::Full {
            return lines.into_iter().map(Row::Value).collect();
        }
        let mut chosen: Vec<Row<'v>> = Vec::new();
        // By depth: how many of the list that is being walked there have been.
        let mut counts: Vec<usize> = Vec::new();
        for line in lines {
            let depth = line.depth();
            counts.resize(depth + 1, 0);
            counts[depth] += 1;
            // A list that is left out has no line for those in it either.
            let most = |at: usize| if at == 0 { usize::MAX } else { MOST };
            let Some(over) = (0..=depth).find(|at| counts[*at] > most(*at)) else {
                chosen.push(Row::Value(line));
                continue;
            };
            match chosen.last_mut() {
                _ if over < depth => {}
                Some(Row::More { count, .. }) if counts[depth] > MOST + 1 => *count += 1,
                _ => chosen.push(Row::More { depth, count: 1 }),
            }
        }
        chosen
    }

    /// Returns what a line is called and its type, shortened, and with its depth where the indentation does not tell that.
    fn names(&self, line: &Line<'_>) -> (String, String) {
        let (depth, mut key, mut go_type) = (line.depth(), line.key(), line.go_type());
        if depth > DEEPEST {
            key = format!("[{depth}] {key}");
        }
        if self.detail == Detail::Short {
            let room = (WIDTH - self.margin).saturating_sub(indent(depth) + 2);
            key = cut(key, room - room / 2);
            go_type = cut(go_type, room - count_of(&key));
        }
        (key, go_type)
    }

    /// Writes a value that begins in a column.
    fn value(&self, held: &Held, column: usize) -> String {
        let room = (WIDTH - self.margin).saturating_sub(column);
        match held {
            Held::Time { text, zero: true, .. } => format!("{text} (Go's zero time)"),
            Held::Time { text, at: Some(at), .. } => format!("{text} ({})", distance(*at, self.now)),
            held if self.detail == Detail::Full => held.shown(None),
            held => {
                let whole = held.shown(None);
                // The quotes, the ellipsis and the length behind it take their part of the room.
                let around = " (16777216 bytes)…\"\"".chars().count();
                if count_of(&whole) <= room { whole } else { held.shown(Some(room.saturating_sub(around).max(LEAST))) }
            }
        }
    }

    fn fits(&self, value: &str, column: usize) -> bool {
        column + count_of(value) <= WIDTH - self.margin
    }
}

fn cut(text: String, most: usize) -> String {
    if count_of(&text) <= most {
        return text;
    }
    let mut shorter: String = text.chars().take(most.saturating_sub(1)).collect();
    shorter.push('…');
    shorter
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
    const FULL: View = View { detail: Detail::Full, now: Timestamp::UNIX_EPOCH, margin: 0 };

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

    fn short() -> View {
        View { detail: Detail::Short, now: "2026-12-24T18:00:00Z".parse().unwrap(), margin: 0 }
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
  _flash       []interface {}     2 flashes
    0          main.FlashMessage  2 values
      Type     int                42
      Message  string             \"foo\"
    1          main.FlashMessage  2 values
      Type     int                7
      Message  string             \"ptr\"
";
        assert_eq!(values(&session("flash-struct"), &short(), &PLAIN), expected);
        assert_eq!(values(&session("empty"), &short(), &PLAIN), "no values\n");
    }

    #[test]
    fn no_line_passes_80_columns_unless_all_is_asked_for() {
        for (case, session) in sessions() {
            for margin in [0, 14] {
                for line in values(&session, &View { margin, ..short() }, &PLAIN).lines() {
                    assert!(line.chars().count() <= WIDTH - margin, "{case}: {line}");
                }
            }
        }
    }

    #[test]
    fn long_values_are_cut_with_their_length_and_full_shows_them_whole() {
        let large = session("large");
        let (text, full) = (values(&large, &short(), &PLAIN), values(&large, &FULL, &PLAIN));
        assert!(text.contains("\"… (") && text.contains(" bytes)\n"), "{text}");
        for (_, value) in large.iter() {
            if let Some(value) = value.as_str().filter(|value| value.len() > 100) {
                assert!(full.contains(value) && !text.contains(value), "{text}");
            }
        }
    }

    #[test]
    fn deep_sessions_keep_within_80_columns_and_tell_their_depth() {
        let step = b"\x01\x06string\x0c\x03\x00\x01k\x01m\xff\x82\x01\x00";
        let body = [b"\xff\x82\x00", &step.repeat(63)[..], b"\x00"].concat();
        let length = u16::try_from(body.len()).unwrap().to_be_bytes();
        let head = b"\x0e\xff\x81\x04\x01\x02\xff\x82\x00\x01\x10\x01\x10\x00\x00\xfe";
        let gob = [head, &length[..], &body].concat();
        let text = values(&Values::decode(&gob).unwrap(), &short(), &PLAIN);
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
        assert!(text.contains("  [62] k"), "{text}");
    }

    #[test]
    fn of_a_long_list_the_first_are_shown_and_how_many_more() {
        let text = values(&session("large"), &short(), &PLAIN);
        assert!(text.contains("300 values\n    0 "), "{text}");
        assert!(text.ends_with("\n    19  int             19\n    … and 280 more\n"), "{text}");
        let full = values(&session("large"), &FULL, &PLAIN);
        assert!(full.contains("\n    299 "), "{full}");
        // A list in each of many lists: those that are left out leave their own out too, and what follows is shown.
        let mut session = Values::new();
        session.insert("first", "x");
        session.insert("lists", vec![vec![true; 22]; 25]);
        session.insert("second", "x");
        let rows = short().chosen(session.lines());
        let keys: Vec<String> = rows
            .into_iter()
            .map(|row| match row {
                Row::Value(line) => line.key(),
                Row::More { depth, count } => format!("{count} more in {depth}"),
            })
            .collect();
        // Two, the list, each of 20 lists in it with 20 of their own and a line for the two more, and a line for five.
        assert_eq!(keys.len(), 2 + 1 + 20 * 22 + 1);
        assert_eq!(keys[2 + 21], "2 more in 2");
        assert_eq!(keys[keys.len() - 2..], ["5 more in 1", "second"]);
    }

    #[test]
    fn times_tell_their_age_and_zero_is_no_time() {
        let text = values(&session("times"), &short(), &PLAIN);
        assert!(text.contains("  2016-05-04T23:59:59.999999999+08:00 (10 years ago)\n"), "{text}");
        assert!(text.contains("  0001-01-01T00:00:00Z (Go's zero time)\n"), "{text}");
        let text = values(&session("time-edges"), &short(), &PLAIN);
        assert!(text.contains("  9999-12-31T23:59:59.999999999Z\n"), "{text}");
    }

    #[test]
    fn no_value_moves_the_cursor() {
        for (case, session) in sessions() {
            let text = values(&session, &short(), &PLAIN) + &values(&session, &FULL, &PLAIN);
            assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{case}: {text}");
        }
    }
}
