//! Lines of a screen: texts with colours, which know how wide they are. Pure.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::ui::Style;

/// How a text is painted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Paint {
    Plain,
    Bold,
    Dim,
    Good,
    Warn,
    Bad,
}

impl Paint {
    pub(super) fn on(self, text: &str, style: &Style) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Bold => style.bold(text),
            Self::Dim => style.dim(text),
            Self::Good => style.good(text),
            Self::Warn => style.warn(text),
            Self::Bad => style.bad(text),
        }
    }
}

/// A line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Line(Vec<(Paint, String)>);

impl Line {
    pub(super) fn of(paint: Paint, text: impl Into<String>) -> Self {
        Self(vec![(paint, text.into())])
    }

    /// Puts a text to its end.
    pub(super) fn and(mut self, paint: Paint, text: impl Into<String>) -> Self {
        self.0.push((paint, text.into()));
        self
    }

    /// Puts a text to the right edge, if there is room for it.
    pub(super) fn and_right(self, paint: Paint, text: &str, columns: usize) -> Self {
        match columns.checked_sub(self.width() + text.width() + 2) {
            Some(gap) => self.and(Paint::Plain, " ".repeat(gap + 2)).and(paint, text),
            None => self,
        }
    }

    pub(super) fn width(&self) -> usize {
        self.0.iter().map(|(_, text)| text.width()).sum()
    }

    /// Cuts it to so many columns, and lets that be seen.
    pub(super) fn cut(self, columns: usize, ellipsis: char) -> Self {
        if self.width() <= columns {
            return self;
        }
        let mut left = columns.saturating_sub(1);
        let mut pieces = Vec::new();
        for (paint, text) in self.0 {
            let (kept, whole) = beginning(&text, left);
            left -= kept.width();
            pieces.push((paint, kept.to_owned()));
            if !whole {
                break;
            }
        }
        if columns > 0 {
            pieces.push((Paint::Dim, ellipsis.to_string()));
        }
        Self(pieces)
    }

    /// The line as it is written, in colours if they are wanted.
    pub(super) fn text(&self, style: &Style) -> String {
        self.0.iter().filter(|(_, text)| !text.is_empty()).map(|(paint, text)| paint.on(text, style)).collect()
    }
}

/// Returns as much of a text as fits, and whether that is all of it.
fn beginning(text: &str, columns: usize) -> (&str, bool) {
    let mut width = 0;
    for (at, c) in text.char_indices() {
        width += c.width().unwrap_or(0);
        if width > columns {
            return (&text[..at], false);
        }
    }
    (text, true)
}

/// Fills a text up to so many columns, or cuts it.
pub(super) fn cell(text: &str, columns: usize, right: bool, ellipsis: char) -> String {
    let line = Line::of(Paint::Plain, text).cut(columns, ellipsis);
    let gap = " ".repeat(columns - line.width());
    let text = line.text(&Style { colors: false });
    if right { gap + &text } else { text + &gap }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_cut_by_columns_and_not_by_characters() {
        for (text, columns, left, right) in [
            ("n1", 4, "n1  ", "  n1"),
            ("n1", 2, "n1", "n1"),
            ("node", 3, "no…", "no…"),
            ("節点一", 6, "節点一", "節点一"),
            ("節点一", 5, "節点…", "節点…"),
            ("節点一", 4, "節… ", " 節…"),
            ("node", 1, "…", "…"),
            ("node", 0, "", ""),
            ("", 2, "  ", "  "),
        ] {
            let cells = (cell(text, columns, false, '…'), cell(text, columns, true, '…'));
            assert_eq!(cells, (left.to_owned(), right.to_owned()), "{text} {columns}");
        }
    }

    #[test]
    fn a_line_is_cut_within_its_pieces_and_keeps_its_colours() {
        let line = || Line::of(Paint::Bad, "down").and(Paint::Plain, ": refused");
        let colors = Style { colors: true };
        assert_eq!(line().cut(13, '…').text(&colors), "\u{1b}[1;31mdown\u{1b}[0m: refused");
        assert_eq!(line().cut(8, '…').text(&colors), "\u{1b}[1;31mdown\u{1b}[0m: r\u{1b}[2m…\u{1b}[0m");
        assert_eq!(line().cut(3, '…').text(&Style { colors: false }), "do…");
        assert_eq!(Line::of(Paint::Plain, "left").and_right(Paint::Dim, "right", 11).width(), 11);
        assert_eq!(Line::of(Paint::Plain, "left").and_right(Paint::Dim, "right", 10).width(), 4);
    }
}
