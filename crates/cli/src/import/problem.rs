//! Why a row cannot be taken.

use proto::catalogue::v1::RejectedRow;

/// What is wrong with a row, in the terms of [`RejectedRow`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// Stable, in capitals: MALFORMED_JSON, MALFORMED_CSV, ROW_TOO_LONG, UNKNOWN_FIELD,
    /// INVALID_FIELD or EMPTY_ROW.
    pub(crate) reason: &'static str,
    /// The product's field at fault, by its name in the contract; empty if it is the whole row.
    pub(crate) field: String,
    pub(crate) message: String,
}

impl Problem {
    /// The reason of a row that is no JSON object.
    pub(crate) const NO_JSON: &str = "MALFORMED_JSON";

    pub(crate) fn row(reason: &'static str, message: impl Into<String>) -> Self {
        Self { reason, field: String::new(), message: message.into() }
    }

    pub(crate) fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { reason: "INVALID_FIELD", field: field.into(), message: message.into() }
    }

    /// A row longer than a row may be.
    pub(crate) fn too_long() -> Self {
        let limit = super::lines::LINE_LIMIT >> 20;
        Self::row("ROW_TOO_LONG", format!("is longer than {limit} MiB"))
    }

    /// A row that is no JSON. Columns count from 1; the line is named elsewhere.
    pub(crate) fn json(error: &serde_json::Error) -> Self {
        let message = error.to_string();
        let message = match message.rfind(" at line ") {
            Some(end) if error.line() > 0 => {
                format!("{} at column {}", &message[..end], error.column())
            }
            _ => message,
        };
        Self::row(Self::NO_JSON, message)
    }

    pub(crate) fn at(self, line: i64) -> RejectedRow {
        RejectedRow {
            line,
            reason: self.reason.to_owned(),
            field: self.field,
            message: self.message,
        }
    }
}
