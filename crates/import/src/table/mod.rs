//! Tables: text in columns, with a header.

mod csv_reader;
mod dialect;
mod header;
mod record_parser;

pub(crate) use csv_reader::{CsvReader, SourceRecord};
pub(crate) use dialect::{Dialect, TableOptions};
pub use header::is_formula;
pub(crate) use header::{Header, RowShape, is_blank};

/// Maximum number of columns, that of a sheet of Excel.
pub(crate) const MAX_COLUMNS: usize = 16_384;
