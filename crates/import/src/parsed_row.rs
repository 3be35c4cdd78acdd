//! Rows for an import, with the rows of the source that they are made from.

use proto::catalogue::v1::ImportRow;

use crate::{row_error::RowError, source_row::SourceRow};

/// A row to send, or its error.
#[derive(Debug)]
pub struct ParsedRow {
    /// Line of the first source row, from 1.
    pub line: i64,
    /// Line of the last source row.
    pub last_line: i64,
    /// The source rows that it was made from.
    pub source_rows: Vec<(i64, SourceRow)>,
    pub outcome: Result<ImportRow, RowError>,
    /// The id or external id of the product, if the row says it.
    pub key: Option<String>,
    /// Source rows among them that were rejected alone.
    pub rejects: Vec<RowReject>,
}

/// A source row that was rejected alone.
#[derive(Debug)]
pub struct RowReject {
    pub line: i64,
    pub source_row: SourceRow,
    pub error: RowError,
}
