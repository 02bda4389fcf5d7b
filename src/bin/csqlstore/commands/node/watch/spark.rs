//! Numbers as a row of bars, one column each. Pure.

use std::ffi::OsString;

/// Which characters a terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Glyphs {
    Unicode,
    Ascii,
}

impl Glyphs {
    /// Tells it from the locale: the first of LC_ALL, LC_CTYPE and LANG that is set says.
    pub(super) fn of(variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let set = |name: &&str| variable(name).is_some_and(|value| !value.is_empty());
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find(|name| set(name)).and_then(|name| variable(name));
        let locale = locale.unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        if locale.ends_with("utf-8") || locale.ends_with("utf8") { Self::Unicode } else { Self::Ascii }
    }

    /// From nothing to full.
    fn bars(self) -> [char; 8] {
        match self {
            Self::Unicode => ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
            Self::Ascii => ['_', '.', '-', '~', '=', '+', '*', '#'],
        }
    }

    /// Where there was no answer.
    fn missing(self) -> char {
        match self {
            Self::Unicode => '×',
            Self::Ascii => 'x',
        }
    }

    /// Where a text was cut.
    pub(super) fn ellipsis(self) -> char {
        match self {
            Self::Unicode => '…',
            Self::Ascii => '~',
        }
    }
}

/// Draws the last numbers, the newest at the right: nothing is the lowest bar, and whatever is more is higher; `full` and
/// more is the highest. `None` is where there was no answer.
pub(super) fn spark(values: &[Option<f64>], width: usize, full: f64, glyphs: Glyphs) -> String {
    let bars = glyphs.bars();
    let last = &values[values.len().saturating_sub(width)..];
    let bar = |value: &Option<f64>| match value {
        None => glyphs.missing(),
        Some(value) if *value <= 0.0 || !value.is_finite() || full <= 0.0 => bars[0],
        Some(value) => {
            let step = (1..bars.len()).find(|step| value * 7.0 <= full * *step as f64);
            bars[step.unwrap_or(bars.len() - 1)]
        }
    };
    let empty = std::iter::repeat_n(' ', width - last.len());
    empty.chain(last.iter().map(bar)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_become_bars() {
        let some = |values: &[f64]| -> Vec<Option<f64>> { values.iter().copied().map(Some).collect() };
        let every = some(&[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]);
        for (name, values, width, full, expected) in [
            ("none yet", vec![], 3, 7.0, "   "),
            ("each step", every.clone(), 8, 7.0, "▁▂▃▄▅▆▇█"),
            ("the newest are at the right", every.clone(), 3, 7.0, "▆▇█"),
            ("few are at the right", some(&[7.0]), 3, 7.0, "  █"),
            ("nothing and a little differ", some(&[0.0, 0.001]), 2, 7.0, "▁▂"),
            ("more than full is full", some(&[99.0]), 1, 7.0, "█"),
            ("no answer", vec![Some(0.0), None, Some(7.0)], 3, 7.0, "▁×█"),
            ("what is no number", some(&[f64::NAN, f64::INFINITY, -1.0]), 3, 7.0, "▁▁▁"),
            ("all are nothing", some(&[0.0, 0.0]), 2, 0.0, "▁▁"),
            ("no room", every.clone(), 0, 7.0, ""),
        ] {
            assert_eq!(spark(&values, width, full, Glyphs::Unicode), expected, "{name}");
        }
        assert_eq!(spark(&[every, vec![None]].concat(), 9, 7.0, Glyphs::Ascii), "_.-~=+*#x");
    }

    #[test]
    fn the_first_variable_that_is_set_says_what_can_be_shown() {
        use Glyphs::{Ascii, Unicode};
        for (variables, expected) in [
            (&[("LANG", "de_DE.UTF-8")][..], Unicode),
            (&[("LANG", "C.utf8")], Unicode),
            (&[("LANG", "C")], Ascii),
            (&[], Ascii),
            (&[("LC_ALL", "C"), ("LANG", "C.UTF-8")], Ascii),
            (&[("LC_ALL", ""), ("LC_CTYPE", "C.UTF-8"), ("LANG", "C")], Unicode),
        ] {
            let variable =
                |name: &str| variables.iter().find(|(variable, _)| *variable == name).map(|(_, value)| value.into());
            assert_eq!(Glyphs::of(variable), expected, "{variables:?}");
        }
    }
}
