//! Rows of a table with another system's columns.

use super::columns::guarded;

/// A row of a fixed set of columns.
pub(super) struct Row {
    columns: &'static [&'static str],
    cells: Vec<String>,
}

impl Row {
    pub(super) fn new(columns: &'static [&'static str]) -> Self {
        Self { columns, cells: vec![String::new(); columns.len()] }
    }

    /// Sets the cell of a column; a column that the row does not have is left out.
    pub(super) fn set(&mut self, column: &str, text: impl Into<String>) {
        if let Some(index) = self.columns.iter().position(|known| *known == column) {
            self.cells[index] = guarded(text.into());
        }
    }

    pub(super) fn into_cells(self) -> Vec<String> {
        self.cells
    }
}
