//! The one place that picks a code and a reason for an error, and that logs a failure.

use std::{error::Error as _, time::Duration};

use chassis::status::{error, invalid, invalid_because};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt as _};

use crate::domain::Error;

impl From<Error> for Status {
    fn from(failure: Error) -> Self {
        let message = failure.to_string();
        if let Some(source) = failure.source() {
            tracing::error!(error = source, "{message}");
        }
        let (code, reason) = match failure {
            Error::Invalid(violations) => return invalid(violations.iter()),
            Error::PageToken => {
                let rule = "is not one of ours, or belongs to another request; begin without one";
                return invalid_because("PAGE_TOKEN_INVALID", [("page_token", rule)]);
            }
            Error::RevisionUnknown => (Code::FailedPrecondition, "REVISION_UNKNOWN"),
            Error::RevisionNotReached { .. } => return again("REVISION_NOT_REACHED", message),
            Error::RequestIdReused(_) => (Code::AlreadyExists, "REQUEST_ID_REUSED"),
            Error::ProductNotFound(_) | Error::ProductDeleted(_) => {
                (Code::NotFound, "PRODUCT_NOT_FOUND")
            }
            Error::CategoryNotFound(_) => (Code::NotFound, "CATEGORY_NOT_FOUND"),
            Error::ProductNotDeleted(_) => (Code::FailedPrecondition, "PRODUCT_NOT_DELETED"),
            Error::ProductExists(_)
            | Error::DeletedProductExists(_)
            | Error::ExternalIdTaken { .. } => (Code::AlreadyExists, "PRODUCT_EXISTS"),
            Error::SkuTaken { .. } => (Code::AlreadyExists, "SKU_TAKEN"),
            Error::CategoryExists(_) | Error::CategoryNameTaken(_) => {
                (Code::AlreadyExists, "CATEGORY_EXISTS")
            }
            Error::TooManyCategories(_) => (Code::ResourceExhausted, "CATEGORY_LIMIT"),
            Error::CategoryCycle { .. } => (Code::FailedPrecondition, "CATEGORY_CYCLE"),
            Error::CategoryTooDeep { .. } => (Code::FailedPrecondition, "CATEGORY_TOO_DEEP"),
            Error::CategoryNotEmpty { .. } => (Code::FailedPrecondition, "CATEGORY_NOT_EMPTY"),
            Error::EtagMismatch(_) | Error::CategoryEtagMismatch(_) => {
                (Code::Aborted, "ETAG_MISMATCH")
            }
            Error::InsufficientStock { .. } => (Code::FailedPrecondition, "INSUFFICIENT_STOCK"),
            Error::StockTooLarge { .. } => (Code::FailedPrecondition, "STOCK_TOO_LARGE"),
            Error::CursorExpired => (Code::FailedPrecondition, "CURSOR_EXPIRED"),
            Error::AnswerTooLarge { .. } => (Code::ResourceExhausted, "ANSWER_TOO_LARGE"),
            Error::ReaderStalled(_) => (Code::DeadlineExceeded, "READER_STALLED"),
            Error::ReaderGone => (Code::Cancelled, "READER_GONE"),
            Error::ShuttingDown => (Code::Unavailable, "SHUTTING_DOWN"),
            Error::StoreFull(_) => (Code::ResourceExhausted, "STORE_FULL"),
            Error::StoreBusy(_) | Error::Raced(_) => return again("STORE_BUSY", message),
            Error::Store(_) => return again("STORE_UNAVAILABLE", message),
        };
        error(code, reason, message)
    }
}

/// UNAVAILABLE, and when to try again.
fn again(reason: &str, message: String) -> Status {
    let mut details = ErrorDetails::new();
    details.set_error_info(reason, chassis::status::DOMAIN, std::collections::HashMap::new());
    details.set_retry_info(Some(Duration::from_secs(1)));
    Status::with_error_details(Code::Unavailable, message, details)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_the_store_leaves_the_process() {
        let secret = "SELECT * FROM products; /srv/data/catalogue.db";
        for failure in [
            Error::Store(secret.into()),
            Error::StoreFull(secret.into()),
            Error::StoreBusy(Some(secret.into())),
        ] {
            let status = Status::from(failure);
            let details = String::from_utf8_lossy(status.details()).into_owned();
            assert!(!format!("{}{details}", status.message()).contains("products;"));
        }
    }
}
