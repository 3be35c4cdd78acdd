//! Writes an export: as lines of JSON, as a table, as a workbook, or as XML.

use std::io::Write;

use anyhow::{Context as _, Result};
use proto::catalogue::v1::Product;

use crate::{
    acp,
    format::Format,
    google_xml,
    layout::{Layout, System},
    openai,
    shop::Shop,
    workbook::WorkbookWriter,
};

/// An export that is being written.
pub struct ExportWriter<W> {
    out: W,
    form: Form,
}

enum Form {
    Json,
    /// Lines of JSON as a feed has them.
    Lines(FeedLines, Box<Shop>),
    Xml(Box<Shop>),
    Table(Layout),
    Workbook(Layout, Box<WorkbookWriter>),
}

/// The lines of products.
type FeedLines = fn(&[Product], &Shop) -> serde_json::Result<Vec<u8>>;

impl<W: Write + Send> ExportWriter<W> {
    /// Begins the file, with a header if it has one.
    ///
    /// # Errors
    /// If it cannot be written, or the layout has no such format.
    pub fn new(mut out: W, format: Format, layout: Layout) -> Result<Self> {
        let form = match layout.format(Some(format))? {
            Format::Jsonl => match layout {
                Layout::Of(System::Openai, shop) => Form::Lines(openai::lines, shop),
                Layout::Of(System::Acp, shop) => Form::Lines(acp::lines, shop),
                _ => Form::Json,
            },
            Format::Xml => {
                let shop = match layout {
                    Layout::Of(_, shop) => shop,
                    Layout::Own(_) => Box::default(),
                };
                out.write_all(&google_xml::head(&shop)?)?;
                Form::Xml(shop)
            }
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
            Form::Lines(lines, shop) => self.out.write_all(&lines(products, shop)?)?,
            Form::Xml(shop) => self.out.write_all(&google_xml::items(products, shop)?)?,
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
        match form {
            Form::Workbook(_, workbook) => {
                workbook.finish(&mut out).context("writing the workbook")?;
            }
            Form::Xml(_) => out.write_all(google_xml::TAIL)?,
            Form::Json | Form::Lines(..) | Form::Table(_) => {}
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

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use import::{OpenOptions, ReadOptions, Source};

    use super::*;
    use crate::Columns;

    #[test]
    fn texts_like_formulas_come_back_unchanged() {
        let columns = Columns::new(&[], false, false).unwrap();
        let mut writer = ExportWriter::new(Vec::new(), Format::Csv, Layout::Own(columns)).unwrap();
        let texts = [" =1+1", "=1", "'=1", "' =1", " 's", "\t-x", "plain"];
        for (number, text) in texts.iter().enumerate() {
            let (id, name) = (format!("mug-{number}"), "Mug".to_owned());
            let (etag, description) = ("\"1\"".to_owned(), (*text).to_owned());
            let product = Product { id, name, description, etag, ..Product::default() };
            writer.add(&[product]).unwrap();
        }
        let csv = writer.finish().unwrap();
        assert!(String::from_utf8_lossy(&csv).contains("' =1+1"));
        let source = Source::new(Cursor::new(csv), &OpenOptions::default(), "x".to_owned(), None);
        let mut read = Vec::new();
        import::read(source.unwrap(), None, &ReadOptions::default(), |row| {
            read.push(row.outcome.unwrap().product.unwrap().description);
            true
        })
        .unwrap();
        assert_eq!(read, texts);
    }
}
