//! An export as a workbook of Excel, written row by row to a temporary file.

use std::io::Write;

use anyhow::{Context as _, Result, bail, ensure};
use rust_xlsxwriter::{Format, Workbook};

use super::no_place::NoPlace;

/// Maximum number of rows of a sheet, and of letters of a cell (Excel's own).
const MAX_ROWS: u32 = 1_048_576;
const MAX_LETTERS: usize = 32_767;
/// Maximum number of digits that a number of a sheet keeps.
const MAX_DIGITS: usize = 15;

/// A workbook with one sheet.
pub(super) struct WorkbookWriter {
    workbook: Workbook,
    /// The next row, from 0.
    row: u32,
    /// Whether each column has numbers; all others are texts, which no spreadsheet changes.
    numeric: Vec<bool>,
}

impl WorkbookWriter {
    /// # Errors
    /// If no temporary file can be created.
    pub(super) fn new(header: &[String], numeric: Vec<bool>) -> Result<Self> {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet_with_constant_memory().context("creating a sheet")?;
        sheet.set_name("products")?;
        sheet.set_freeze_panes(1, 0)?;
        let bold = Format::new().set_bold();
        for (column, name) in (0..).zip(header) {
            sheet.write_string_with_format(0, column, name, &bold)?;
        }
        Ok(Self { workbook, row: 1, numeric })
    }

    /// # Errors
    /// If the sheet is full, a text is too long for a cell, or the temporary file cannot be written.
    pub(super) fn add(&mut self, cells: &[String]) -> Result<()> {
        let full = || {
            format!("a sheet has at most {MAX_ROWS} rows; export a part with a filter, or as CSV")
        };
        ensure!(self.row < MAX_ROWS, NoPlace(full()));
        let sheet = self.workbook.worksheet_from_index(0)?;
        for ((column, text), is_numeric) in (0..).zip(cells).zip(&self.numeric) {
            if text.is_empty() {
                continue;
            }
            if text.chars().count() > MAX_LETTERS {
                let first = cells.first().map(String::as_str).unwrap_or_default();
                bail!(NoPlace(format!(
                    "{first}: a cell has at most {MAX_LETTERS} letters, and one has more; leave its \
                     column out, or export as CSV"
                )));
            }
            match text.parse::<f64>() {
                Ok(number) if *is_numeric && text.len() <= MAX_DIGITS => {
                    sheet.write_number(self.row, column, number)?
                }
                _ => sheet.write_string(self.row, column, text)?,
            };
        }
        self.row += 1;
        Ok(())
    }

    /// Writes the workbook as a whole.
    ///
    /// # Errors
    /// If `out` cannot be written.
    pub(super) fn finish(mut self, out: impl Write + Send) -> Result<()> {
        Ok(self.workbook.save_to_writer(out)?)
    }
}
