//! Output of a dry run: the rows that would create or change a product.

use std::io;

use proto::catalogue::v1::{Product, RowDiff};

use crate::{
    diff::differences,
    output::{Output, price, print_line, sanitize, thousands},
};

/// Maximum number of rows in text output; JSON has all.
const MAX_LINES: u64 = 50;

/// Prints the rows of a dry run.
pub(crate) struct Preview {
    output: Output,
    rows: u64,
    /// Last line printed. After a reconnect the server sends earlier rows again.
    line: i64,
}

impl Preview {
    pub(crate) fn new(output: Output) -> Self {
        Self { output, rows: 0, line: 0 }
    }

    /// # Errors
    /// If standard output cannot be written.
    pub(crate) fn show(&mut self, row: &RowDiff) -> io::Result<()> {
        if row.line <= self.line {
            return Ok(());
        }
        self.line = row.line;
        self.rows += 1;
        match self.output {
            Output::Json => print_line(&serde_json::to_string(row)?),
            Output::Table if self.rows <= MAX_LINES => print_line(&line(row)),
            Output::Table => Ok(()),
        }
    }

    /// Prints the number of omitted rows.
    ///
    /// # Errors
    /// If standard output cannot be written.
    pub(crate) fn finish(&self) -> io::Result<()> {
        match (self.output, self.rows.saturating_sub(MAX_LINES)) {
            (Output::Json, _) | (_, 0) => Ok(()),
            (Output::Table, more) => {
                print_line(&format!("... and {} more rows; --json shows all", thousands(more)))
            }
        }
    }
}

fn line(row: &RowDiff) -> String {
    let id = if row.product_id.is_empty() { "(new id)" } else { &row.product_id };
    let what = if row.created {
        let after = row.diff.as_ref().and_then(|diff| diff.after.as_ref());
        after.map_or("new".to_owned(), new)
    } else {
        let diff = row.diff.as_ref();
        diff.map(differences).unwrap_or_default().join(", ")
    };
    format!("line {}  {}  {what}", row.line, sanitize(id))
}

fn new(product: &Product) -> String {
    sanitize(&format!("new: {}  {}", product.name, price(product))).trim_end().to_owned()
}
