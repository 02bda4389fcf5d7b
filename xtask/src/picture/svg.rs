//! A terminal's screen as an SVG picture: text in colours on a dark ground. Pure.

use std::fmt::Write as _;

/// The width of a character and the height of a line, in pixels.
const CELL: (f64, f64) = (8.4, 19.0);

/// What is around the text: at the sides and below, and above, where the window has its title.
const MARGIN: (f64, f64) = (18.0, 44.0);

/// How a piece of text looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Look {
    bold: bool,
    dim: bool,
    /// The number of the colour, 30 to 37, if it is not the usual one.
    color: Option<u8>,
}

impl Look {
    /// Takes the parameters of an escape sequence that ends with `m`.
    fn apply(&mut self, parameters: &str) {
        for parameter in parameters.split(';') {
            match parameter.parse() {
                Ok(0) | Err(_) => *self = Self::default(),
                Ok(1) => self.bold = true,
                Ok(2) => self.dim = true,
                Ok(color @ 30..=37) => self.color = Some(color),
                Ok(_) => {}
            }
        }
    }

    fn fill(self) -> &'static str {
        match (self.color, self.dim) {
            (Some(31), _) => "#ff7b72",
            (Some(32), _) => "#56d364",
            (Some(33), _) => "#e3b341",
            (Some(36), _) => "#76e3ea",
            (_, true) => "#8b949e",
            _ => "#e6edf3",
        }
    }
}

/// A line, in pieces that look alike.
type Line = Vec<(Look, String)>;

/// Draws what a terminal would show.
pub(super) fn draw(screen: &str, title: &str) -> String {
    let lines = lines(screen);
    let width = |line: &Line| line.iter().map(|(_, text)| text.chars().count()).sum::<usize>();
    let columns = lines.iter().map(width).max().unwrap_or(0).max(60);
    let (wide, high) = (columns as f64 * CELL.0 + 2.0 * MARGIN.0, lines.len() as f64 * CELL.1 + MARGIN.1 + MARGIN.0);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {wide:.0} {high:.0}\" width=\"{wide:.0}\" height=\"{high:.0}\" \
         role=\"img\" aria-label=\"{title}\">\n<title>{title}</title>\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#0d1117\" stroke=\"#30363d\"/>\n",
        title = escaped(title),
    );
    for (at, color) in ["#ff5f57", "#febc2e", "#28c840"].into_iter().enumerate() {
        // A String takes all that is written to it.
        let _infallible = writeln!(svg, "<circle cx=\"{}\" cy=\"18\" r=\"6\" fill=\"{color}\"/>", 22 + 20 * at);
    }
    svg.push_str(
        "<g font-family=\"ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace\" font-size=\"14\" \
         xml:space=\"preserve\">\n",
    );
    for (row, line) in lines.iter().enumerate() {
        let mut column = 0;
        for (look, text) in line {
            let count = text.chars().count();
            // Whatever the font, each piece is where it would be on a terminal, and as wide.
            if !text.trim().is_empty() {
                let weight = if look.bold { " font-weight=\"bold\"" } else { "" };
                let _infallible = writeln!(
                    svg,
                    "<text x=\"{:.1}\" y=\"{:.1}\" textLength=\"{:.1}\" fill=\"{}\"{weight}>{}</text>",
                    MARGIN.0 + column as f64 * CELL.0,
                    MARGIN.1 + (row as f64 + 0.75) * CELL.1,
                    count as f64 * CELL.0,
                    look.fill(),
                    escaped(text),
                );
            }
            column += count;
        }
    }
    svg.push_str("</g>\n</svg>\n");
    svg
}

/// Takes a text with escape sequences apart; colours are kept, and other sequences are not written by what is drawn.
fn lines(screen: &str) -> Vec<Line> {
    let mut look = Look::default();
    let line = |text: &str| {
        let mut line = Line::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("\x1b[") {
            add(&mut line, look, before);
            let Some((parameters, after)) = after.split_once('m') else { return line };
            look.apply(parameters);
            rest = after;
        }
        add(&mut line, look, rest);
        line
    };
    screen.trim_end().lines().map(line).collect()
}

fn add(line: &mut Line, look: Look, text: &str) {
    if !text.is_empty() {
        line.push((look, text.to_owned()));
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_end_where_they_end_and_each_piece_stands_in_its_column() {
        let svg = draw("a \x1b[1;31mb<c\x1b[0m d\n\n\x1b[32mok\x1b[0m\n", "t");
        for piece in [
            "<text x=\"18.0\" y=\"58.2\" textLength=\"16.8\" fill=\"#e6edf3\">a </text>",
            "<text x=\"34.8\" y=\"58.2\" textLength=\"25.2\" fill=\"#ff7b72\" font-weight=\"bold\">b&lt;c</text>",
            "<text x=\"60.0\" y=\"58.2\" textLength=\"16.8\" fill=\"#e6edf3\"> d</text>",
            "<text x=\"18.0\" y=\"96.2\" textLength=\"16.8\" fill=\"#56d364\">ok</text>",
        ] {
            assert!(svg.contains(piece), "no {piece} in\n{svg}");
        }
        assert!(!svg.contains('\x1b'), "{svg}");
    }
}
