//! The source text of a row, buffered until the row is settled, for the rejects file.

use std::sync::Arc;

use serde_json::{Map, Value as Json};

/// A row as it was read from the source.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum SourceRow {
    /// A JSON object, as text.
    Object(String),
    /// The names of the CSV columns and their values.
    Columns(Arc<[String]>, Vec<String>),
    /// A row that could not be parsed, as lossy UTF-8.
    Text(String),
    /// A row that was too long to buffer, or is no longer buffered.
    Missing,
}

impl SourceRow {
    /// A line of a JSON lines file; text unless it `is_object`.
    pub(crate) fn line(bytes: &[u8], is_object: bool) -> Self {
        let text = String::from_utf8_lossy(bytes.trim_ascii()).into_owned();
        if is_object { Self::Object(text) } else { Self::Text(text) }
    }

    /// Memory usage in bytes.
    pub(crate) fn size(&self) -> usize {
        match self {
            Self::Object(text) | Self::Text(text) => text.len(),
            Self::Columns(_, fields) => fields.iter().map(String::len).sum(),
            Self::Missing => 0,
        }
    }

    /// The row as JSON: an object that can be imported, or a string for the user to correct.
    pub(crate) fn to_json(&self) -> String {
        let value = match self {
            // Verbatim, to preserve the precision of numbers.
            Self::Object(text) => return text.clone(),
            Self::Columns(names, fields) => {
                let texts = fields.iter().map(|field| Json::String(field.clone()));
                Json::Object(names.iter().cloned().zip(texts).collect::<Map<_, _>>())
            }
            Self::Text(text) => Json::String(text.clone()),
            Self::Missing => Json::Null,
        };
        value.to_string()
    }
}
