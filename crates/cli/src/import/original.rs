//! A row as its source had it, kept until it is settled: a rejected one is written with it.

use std::sync::Arc;

use serde_json::{Map, Value as Json};

/// What the source had where the row was read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Original {
    /// A JSON object, as text.
    Object(String),
    /// The names of the columns and what they hold.
    Columns(Arc<[String]>, Vec<String>),
    /// What is no row, as far as it can be shown.
    Text(String),
    /// Nothing that could be kept, or that is known.
    Nothing,
}

impl Original {
    /// A line of JSON lines. One that is no object is kept as text.
    pub(crate) fn line(bytes: &[u8], is_object: bool) -> Self {
        let text = String::from_utf8_lossy(bytes.trim_ascii()).into_owned();
        if is_object { Self::Object(text) } else { Self::Text(text) }
    }

    /// How much memory it takes, in bytes.
    pub(crate) fn size(&self) -> usize {
        match self {
            Self::Object(text) | Self::Text(text) => text.len(),
            Self::Columns(_, fields) => fields.iter().map(String::len).sum(),
            Self::Nothing => 0,
        }
    }

    /// The row as JSON: an object that can be imported again, or else text to be mended.
    pub(crate) fn to_json(&self) -> String {
        let value = match self {
            // As it was, to the last decimal of its numbers.
            Self::Object(text) => return text.clone(),
            Self::Columns(names, fields) => {
                let texts = fields.iter().map(|field| Json::String(field.clone()));
                Json::Object(names.iter().cloned().zip(texts).collect::<Map<_, _>>())
            }
            Self::Text(text) => Json::String(text.clone()),
            Self::Nothing => Json::Null,
        };
        value.to_string()
    }
}
