//! Input of an import: any file that people have, as lines of JSON or a table, in UTF-8.

mod container;
mod documents;
mod encoding;
mod lines;
mod source;
mod workbook;
mod xml;

pub(crate) use lines::{LINE_LIMIT, Line, Lines};
pub use source::{Format, OpenOptions, Source};
pub(crate) use xml::entity;

/// Stands for a line end within a cell of a sheet.
pub(crate) const SHEET_LINE_END: &str = "\u{2028}";
