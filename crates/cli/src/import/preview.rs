//! What a dry run shows: each row that would change something, on standard output.

use std::io;

use proto::catalogue::v1::{Product, RowDiff};

use crate::{
    diff::differences,
    output::{Output, clean, price, print_line, thousands},
};

/// How many rows people are shown; programs get all.
const SHOWN: u64 = 50;

/// The rows of a dry run.
pub(crate) struct Preview {
    output: Output,
    rows: u64,
    /// Rows up to this line have been told: after a cut they come again.
    line: i64,
}

impl Preview {
    pub(crate) fn new(output: Output) -> Self {
        Self { output, rows: 0, line: 0 }
    }

    /// # Errors
    /// Those of standard output.
    pub(crate) fn show(&mut self, row: &RowDiff) -> io::Result<()> {
        if row.line <= self.line {
            return Ok(());
        }
        self.line = row.line;
        self.rows += 1;
        match self.output {
            Output::Json => print_line(&serde_json::to_string(row)?),
            Output::Table if self.rows <= SHOWN => print_line(&line(row)),
            Output::Table => Ok(()),
        }
    }

    /// Says how many rows were not shown.
    ///
    /// # Errors
    /// Those of standard output.
    pub(crate) fn finish(&self) -> io::Result<()> {
        match (self.output, self.rows.saturating_sub(SHOWN)) {
            (Output::Json, _) | (_, 0) => Ok(()),
            (Output::Table, more) => {
                print_line(&format!("... and {} more rows; --json has them all", thousands(more)))
            }
        }
    }
}

fn line(row: &RowDiff) -> String {
    let id = if row.product_id.is_empty() { "(a new id)" } else { &row.product_id };
    let what = if row.created {
        let after = row.diff.as_ref().and_then(|diff| diff.after.as_ref());
        after.map_or("new".to_owned(), new)
    } else {
        let diff = row.diff.as_ref();
        diff.map(differences).unwrap_or_default().join(", ")
    };
    format!("line {}  {}  {what}", row.line, clean(id))
}

fn new(product: &Product) -> String {
    clean(&format!("new: {}  {}", product.name, price(product))).trim_end().to_owned()
}
