//! Destinations of an export: lines of JSON, a table, a workbook, or XML.

use std::path::Path;

use anyhow::{Context as _, Result};
use proto::catalogue::v1::Product;

use super::{
    acp, google_xml,
    layout::{Layout, System},
    openai,
    shop::Shop,
    sink::Sink,
    workbook::WorkbookWriter,
};

/// File format of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// One JSON object per line.
    Jsonl,
    /// A table with a header line.
    Csv,
    /// A workbook of Excel.
    Xlsx,
    /// XML.
    Xml,
}

impl Format {
    /// The format that a file name says.
    pub(super) fn by_name(name: &str) -> Option<Self> {
        let name = name.strip_suffix(".gz").unwrap_or(name);
        match Path::new(name).extension()?.to_str()? {
            "csv" | "tsv" | "txt" => Some(Self::Csv),
            "xlsx" => Some(Self::Xlsx),
            "xml" | "rss" => Some(Self::Xml),
            "jsonl" | "ndjson" | "json" => Some(Self::Jsonl),
            _ => None,
        }
    }
}

impl Format {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Xml => "xml",
        }
    }
}

/// An export that is being written.
pub(super) struct Target {
    sink: Sink,
    writer: Writer,
}

enum Writer {
    Json,
    /// Lines of JSON as a feed has them.
    Lines(FeedLines, Box<Shop>),
    Xml(Box<Shop>),
    Table(Layout),
    Workbook(Layout, Box<WorkbookWriter>),
}

/// The lines of products.
type FeedLines = fn(&[Product], &Shop) -> serde_json::Result<Vec<u8>>;

impl Target {
    /// Begins the file, with a header if it has one.
    ///
    /// # Errors
    /// If it cannot be created or written.
    pub(super) fn create(path: &Path, format: Format, layout: Layout) -> Result<Self> {
        let mut sink = Sink::create(path)?;
        let writer = match format {
            Format::Jsonl => match layout {
                Layout::Of(System::Openai, shop) => Writer::Lines(openai::lines, shop),
                Layout::Of(System::Acp, shop) => Writer::Lines(acp::lines, shop),
                _ => Writer::Json,
            },
            Format::Xml => {
                let shop = match layout {
                    Layout::Of(_, shop) => shop,
                    Layout::Own(_) => Box::default(),
                };
                sink.write(&google_xml::head(&shop)?)?;
                Writer::Xml(shop)
            }
            Format::Csv => {
                sink.write(&csv(&layout, [layout.header()])?)?;
                Writer::Table(layout)
            }
            Format::Xlsx => {
                let header = layout.header();
                let numeric = header.iter().map(|name| layout.is_number(name)).collect();
                let workbook = WorkbookWriter::new(&header, numeric)?;
                Writer::Workbook(layout, Box::new(workbook))
            }
        };
        Ok(Self { sink, writer })
    }

    /// # Errors
    /// If the file cannot be written, or its format has no place for a product.
    pub(super) fn add(&mut self, products: &[Product]) -> Result<()> {
        match &mut self.writer {
            Writer::Json => self.sink.write(&json_lines(products)?)?,
            Writer::Lines(lines, shop) => self.sink.write(&lines(products, shop)?)?,
            Writer::Xml(shop) => self.sink.write(&google_xml::items(products, shop)?)?,
            Writer::Table(layout) => self.sink.write(&csv(layout, rows(layout, products)?)?)?,
            Writer::Workbook(layout, workbook) => {
                for row in rows(layout, products)? {
                    workbook.add(&row)?;
                }
            }
        }
        Ok(())
    }

    /// # Errors
    /// If the file cannot be written.
    pub(super) fn finish(self) -> Result<()> {
        let Self { mut sink, writer } = self;
        match writer {
            Writer::Workbook(_, workbook) => {
                workbook.finish(&mut sink).context("writing the workbook")?;
            }
            Writer::Xml(_) => sink.write(google_xml::TAIL)?,
            Writer::Json | Writer::Lines(..) | Writer::Table(_) => {}
        }
        Ok(sink.finish()?)
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
