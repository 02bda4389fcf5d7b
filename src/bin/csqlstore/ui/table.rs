//! A table that reads without colour and without lines.

use comfy_table::{CellAlignment, ContentArrangement, presets};

use super::Style;

/// Columns under a row of headings.
pub(crate) struct Table {
    inner: comfy_table::Table,
}

impl Table {
    pub(crate) fn new(headings: &[&str], style: &Style) -> Self {
        let mut inner = comfy_table::Table::new();
        inner.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
        inner.set_header(headings.iter().map(|heading| style.bold(heading)));
        Self { inner }
    }

    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.inner.add_row(cells);
    }

    /// Aligns a column of numbers to the right.
    pub(crate) fn right(mut self, column: usize) -> Self {
        if let Some(column) = self.inner.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        self
    }

    /// The text, a line a row, each with a line feed.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for line in self.inner.to_string().lines() {
            // The preset pads each cell on both sides.
            text.push_str(line.strip_prefix(' ').unwrap_or(line).trim_end());
            text.push('\n');
        }
        text
    }
}
