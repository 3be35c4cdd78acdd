//! Lists on standard output: JSON lines, or a table.

use std::io::{self, IsTerminal as _};

use comfy_table::{Cell, CellAlignment, ContentArrangement, Row, Table, presets};
use proto::catalogue::v1::Product;
use serde::Serialize;

use crate::output::{Output, price, print_line, sanitize, status};

/// Rows that a [`ProductList`] lays out together.
const BATCH: usize = 500;

/// A list of bounded length: JSON lines are printed as they come, the table at the end.
pub(crate) struct Listing {
    output: Output,
    table: Table,
}

impl Listing {
    pub(crate) fn new<const N: usize>(output: Output, header: [&str; N]) -> Self {
        let mut table = table();
        table.set_header(header);
        Self { output, table }
    }

    /// Adds an item, with its cells sanitized.
    ///
    /// # Errors
    /// If standard output cannot be written.
    pub(crate) fn add<const N: usize>(
        &mut self,
        item: &impl Serialize,
        row: impl FnOnce() -> [String; N],
    ) -> io::Result<()> {
        match self.output {
            Output::Json => print_line(&serde_json::to_string(item)?)?,
            Output::Table => drop(self.table.add_row(row().map(|cell| sanitize(&cell)))),
        }
        Ok(())
    }

    /// # Errors
    /// If standard output cannot be written.
    pub(crate) fn finish(self) -> io::Result<()> {
        match self.output {
            Output::Json => Ok(()),
            Output::Table => print_line(&render(self.table)),
        }
    }
}

/// A list of products of any length, in bounded memory: the table is laid out in batches.
pub(crate) struct ProductList {
    output: Output,
    rows: Vec<Row>,
    header_printed: bool,
}

impl ProductList {
    pub(crate) fn new(output: Output) -> Self {
        Self { output, rows: Vec::new(), header_printed: false }
    }

    /// # Errors
    /// If standard output cannot be written.
    pub(crate) fn add(&mut self, product: &Product) -> io::Result<()> {
        if self.output == Output::Json {
            return print_line(&serde_json::to_string(product)?);
        }
        let stock = product.stock_qty.to_string();
        let mut row = Row::new();
        row.add_cell(Cell::new(sanitize(&product.id)))
            .add_cell(Cell::new(sanitize(&product.name)))
            .add_cell(Cell::new(sanitize(&product.brand)))
            .add_cell(Cell::new(sanitize(&price(product))).set_alignment(CellAlignment::Right))
            .add_cell(Cell::new(stock).set_alignment(CellAlignment::Right))
            .add_cell(Cell::new(state(product)))
            .max_height(1);
        self.rows.push(row);
        if self.rows.len() == BATCH { self.finish() } else { Ok(()) }
    }

    /// Prints the remaining rows.
    ///
    /// # Errors
    /// If standard output cannot be written.
    pub(crate) fn finish(&mut self) -> io::Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let mut table = table();
        if !self.header_printed {
            table.set_header(["ID", "NAME", "BRAND", "PRICE", "STOCK", "STATUS"]);
            self.header_printed = true;
        }
        table.add_rows(self.rows.drain(..));
        print_line(&render(table))
    }
}

/// A borderless table, as wide as the terminal; unlimited if standard output is not one.
pub(crate) fn table() -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_content_arrangement(if io::stdout().is_terminal() {
        ContentArrangement::Dynamic
    } else {
        ContentArrangement::Disabled
    });
    table
}

/// Renders a table with two spaces between its columns.
pub(crate) fn render(mut table: Table) -> String {
    table.column_iter_mut().for_each(|column| {
        column.set_padding((0, 2));
    });
    table.trim_fmt()
}

/// The status column: `deleted` or the product's status, and the number of variants.
fn state(product: &Product) -> String {
    let status = if product.delete_time.is_some() { "deleted" } else { status(product) };
    match product.variants.len() {
        0 => status.to_owned(),
        1 => format!("{status}, 1 variant"),
        count => format!("{status}, {count} variants"),
    }
}
