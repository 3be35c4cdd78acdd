//! The source text of a row, buffered until the row is settled, for the rejects file.

use std::sync::Arc;

use serde_json::Value as Json;

/// A row as it was read from the source.
#[derive(Debug, Clone, PartialEq)]
pub enum SourceRow {
    /// A JSON object, as text.
    Object(String),
    /// The bytes of a row of a table, without its line end.
    Csv(Vec<u8>, Arc<TableHead>),
    /// A row that could not be parsed, as lossy UTF-8.
    Text(String),
    /// A row that was too long to buffer, or is no longer buffered.
    Missing,
}

/// The header of a table, for a rejects file in the form of the table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableHead {
    /// The header line, without its line end.
    pub line: Vec<u8>,
    pub delimiter: u8,
}

impl SourceRow {
    /// A line of a JSON lines file; text unless it `is_object`.
    pub fn line(bytes: &[u8], is_object: bool) -> Self {
        let text = String::from_utf8_lossy(bytes.trim_ascii()).into_owned();
        if is_object { Self::Object(text) } else { Self::Text(text) }
    }

    /// Memory usage in bytes.
    pub fn size(&self) -> usize {
        match self {
            Self::Object(text) | Self::Text(text) => text.len(),
            Self::Csv(bytes, _) => bytes.len(),
            Self::Missing => 0,
        }
    }

    /// The row as JSON: an object that can be imported, or a string for the user to correct.
    pub fn to_json(&self) -> String {
        let value = match self {
            // Verbatim, to preserve the precision of numbers.
            Self::Object(text) => return text.clone(),
            Self::Csv(bytes, _) => Json::String(String::from_utf8_lossy(bytes).into_owned()),
            Self::Text(text) => Json::String(text.clone()),
            Self::Missing => Json::Null,
        };
        value.to_string()
    }
}
