//! Errors in a row of the source.

use proto::catalogue::v1::RejectedRow;

/// The reason for rejecting a row, as in [`RejectedRow`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowError {
    /// Stable identifier: MALFORMED_JSON, MALFORMED_CSV, ROW_TOO_LONG, UNKNOWN_FIELD, INVALID_FIELD,
    /// EMPTY_ROW, OTHER_LOCALE, PRODUCT_REJECTED or PRODUCT_TOO_LONG.
    pub reason: &'static str,
    /// The invalid product field, by its name in the contract; empty for the whole row.
    pub field: String,
    pub message: String,
}

impl RowError {
    /// Reason for a row that is not a JSON object.
    pub const MALFORMED_JSON: &str = "MALFORMED_JSON";

    pub fn row(reason: &'static str, message: impl Into<String>) -> Self {
        Self { reason, field: String::new(), message: message.into() }
    }

    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { reason: "INVALID_FIELD", field: field.into(), message: message.into() }
    }

    pub fn too_long() -> Self {
        let limit = crate::input::LINE_LIMIT >> 20;
        Self::row("ROW_TOO_LONG", format!("is longer than {limit} MiB"))
    }

    /// Replaces the line number in the message, always 1, by the column alone.
    pub fn json(error: &serde_json::Error) -> Self {
        let message = error.to_string();
        let message = match message.rfind(" at line ") {
            Some(end) if error.line() > 0 => {
                format!("{} at column {}", &message[..end], error.column())
            }
            _ => message,
        };
        Self::row(Self::MALFORMED_JSON, message)
    }

    pub fn at(self, line: i64) -> RejectedRow {
        RejectedRow {
            line,
            reason: self.reason.to_owned(),
            field: self.field,
            message: self.message,
        }
    }
}
