//! The formats of files.

use std::path::Path;

/// File format of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
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
    pub fn by_name(name: &str) -> Option<Self> {
        let name = name.strip_suffix(".gz").unwrap_or(name);
        match Path::new(name).extension()?.to_str()? {
            "csv" | "tsv" | "txt" => Some(Self::Csv),
            "xlsx" => Some(Self::Xlsx),
            "xml" | "rss" => Some(Self::Xml),
            "jsonl" | "ndjson" | "json" => Some(Self::Jsonl),
            _ => None,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Xml => "xml",
        }
    }
}
