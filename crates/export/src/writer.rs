//! Writes an export: as lines of JSON, as a table, or as a workbook.

use std::{io::Write, path::Path};

use anyhow::{Context as _, Result};
use proto::catalogue::v1::Product;

use crate::{layout::Layout, workbook::WorkbookWriter};

/// File format of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// One JSON object per line.
    Jsonl,
    /// A table with a header line.
    Csv,
    /// A workbook of Excel.
    Xlsx,
}

impl Format {
    /// The format that a file name says.
    pub fn by_name(name: &str) -> Option<Self> {
        let name = name.strip_suffix(".gz").unwrap_or(name);
        match Path::new(name).extension()?.to_str()? {
            "csv" | "tsv" | "txt" => Some(Self::Csv),
            "xlsx" => Some(Self::Xlsx),
            "jsonl" | "ndjson" | "json" => Some(Self::Jsonl),
            _ => None,
        }
    }
}

/// An export that is being written.
pub struct ExportWriter<W> {
    out: W,
    form: Form,
}

enum Form {
    Json,
    Table(Layout),
    Workbook(Layout, Box<WorkbookWriter>),
}

impl<W: Write + Send> ExportWriter<W> {
    /// Begins the file, with a header if it has one.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn new(mut out: W, format: Format, layout: Layout) -> Result<Self> {
        let form = match format {
            Format::Jsonl => Form::Json,
            Format::Csv => {
                out.write_all(&csv(&layout, [layout.header()])?)?;
                Form::Table(layout)
            }
            Format::Xlsx => {
                let header = layout.header();
                let numeric = header.iter().map(|name| layout.is_number(name)).collect();
                let workbook = WorkbookWriter::new(&header, numeric)?;
                Form::Workbook(layout, Box::new(workbook))
            }
        };
        Ok(Self { out, form })
    }

    /// Writes products. A workbook is written at the end.
    ///
    /// # Errors
    /// If the file cannot be written, or its format has no place for a product.
    pub fn add(&mut self, products: &[Product]) -> Result<()> {
        match &mut self.form {
            Form::Json => self.out.write_all(&json_lines(products)?)?,
            Form::Table(layout) => self.out.write_all(&csv(layout, rows(layout, products)?)?)?,
            Form::Workbook(layout, workbook) => {
                for row in rows(layout, products)? {
                    workbook.add(&row)?;
                }
            }
        }
        Ok(())
    }

    /// The output, such as a buffer that is sent piece by piece.
    pub fn out_mut(&mut self) -> &mut W {
        &mut self.out
    }

    /// Ends the file, and returns the output.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn finish(self) -> Result<W> {
        let Self { mut out, form } = self;
        if let Form::Workbook(_, workbook) = form {
            workbook.finish(&mut out).context("writing the workbook")?;
        }
        Ok(out)
    }
}

fn rows(layout: &Layout, products: &[Product]) -> Result<Vec<Vec<String>>> {
    let mut rows = Vec::new();
    for product in products {
        rows.extend(layout.rows(product).with_context(|| format!("product {}", product.id))?);
    }
    Ok(rows)
}

/// Encodes products with all their fields. Import ignores output-only fields, and creates missing
/// categories from their paths.
fn json_lines(products: &[Product]) -> Result<Vec<u8>> {
    let mut lines = Vec::new();
    for product in products {
        serde_json::to_writer(&mut lines, product)?;
        lines.push(b'\n');
    }
    Ok(lines)
}

fn csv(layout: &Layout, rows: impl IntoIterator<Item = Vec<String>>) -> Result<Vec<u8>> {
    let mut writer =
        csv::WriterBuilder::new().delimiter(layout.delimiter()).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row)?;
    }
    Ok(writer.into_inner()?)
}
