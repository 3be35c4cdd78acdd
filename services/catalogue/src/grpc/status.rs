//! Conversion of errors to gRPC statuses: the only place that picks codes and reasons, and that logs
//! failed requests.

use std::{collections::HashMap, error::Error as _, time::Duration};

use rpc::status::{DOMAIN, error, invalid, invalid_because};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt as _};

use crate::domain::{
    Error, ImportError, Item, KeyError, ProductId, ReservationState, SettingError, Sku,
};

/// The shortest retry delay while the disk is full, which takes an operator to mend; the longest is
/// twice as long, so that clients do not come back all at once.
const FULL_RETRY_DELAY: Duration = Duration::from_secs(30);

/// A write's etag is not that of the present version.
const ETAG_MISMATCH: (Code, &str) = (Code::Aborted, "ETAG_MISMATCH");

impl From<Error> for Status {
    fn from(failure: Error) -> Self {
        let message = logged(&failure);
        let (code, reason) = match failure {
            Error::Refused(refusal) => return refusal.status(),
            Error::Invalid(violations) => return invalid(violations.iter()),
            Error::PageToken => return page_token_invalid(),
            Error::RevisionUnknown => (Code::FailedPrecondition, "REVISION_UNKNOWN"),
            // Not UNAVAILABLE, which circuit breakers count as a failure of this replica.
            Error::RevisionNotReached { .. } => (Code::Aborted, "REVISION_NOT_REACHED"),
            Error::RequestIdReused(_) => (Code::AlreadyExists, "REQUEST_ID_REUSED"),
            Error::Filter(wrong) => return filter_refused(&wrong),
            Error::ProductNotFound(_) | Error::ProductDeleted(_) => {
                (Code::NotFound, "PRODUCT_NOT_FOUND")
            }
            Error::RevisionNotFound { .. } => (Code::NotFound, "REVISION_NOT_FOUND"),
            Error::CursorMismatch(rule) => return cursor_mismatch(rule),
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
            Error::EtagMismatch(_) | Error::CategoryEtagMismatch(_) => ETAG_MISMATCH,
            Error::InsufficientStock { item, stock_qty, .. } => {
                return insufficient(&item, stock_qty, message);
            }
            Error::StockTooLarge { .. } => (Code::FailedPrecondition, "STOCK_TOO_LARGE"),
            Error::StockChanged { .. } => (Code::Aborted, "STOCK_CHANGED"),
            Error::SkuRequired { field, product } => return sku_required(field, &product),
            Error::ProductNotForSale(..) => (Code::FailedPrecondition, "PRODUCT_NOT_FOR_SALE"),
            Error::StockNotWritable => return stock_not_writable(),
            Error::SkuNotFound(_) => (Code::NotFound, "SKU_NOT_FOUND"),
            Error::GtinNotFound(_) => (Code::NotFound, "GTIN_NOT_FOUND"),
            Error::GtinAmbiguous(_) => (Code::FailedPrecondition, "GTIN_AMBIGUOUS"),
            Error::Key(failure) => of_key(&failure),
            Error::Setting(failure) => of_setting(&failure),
            Error::Import(failure) => of_import(&failure),
            Error::ReservationNotFound(_) => (Code::NotFound, "RESERVATION_NOT_FOUND"),
            Error::ReservationEnded { state, .. } => (Code::FailedPrecondition, ended(state)),
            Error::CursorExpired => (Code::FailedPrecondition, "CURSOR_EXPIRED"),
            Error::ResponseTooLarge { .. } => (Code::ResourceExhausted, "ANSWER_TOO_LARGE"),
            Error::ClientStalled(_) => (Code::DeadlineExceeded, "READER_STALLED"),
            Error::ClientGone => (Code::Cancelled, "READER_GONE"),
            Error::ShuttingDown => return rpc::status::leaving(),
            // Not UNAVAILABLE: a retry meets the same damage.
            Error::StoreReplaced => (Code::DataLoss, "DATABASE_REPLACED"),
            Error::Damaged(_) => (Code::DataLoss, "DATABASE_DAMAGED"),
            Error::StoreFull(_) => return full(message),
            Error::StoreBusy(_) | Error::Raced(_) => return unavailable("STORE_BUSY", message),
            Error::Store(_) => return unavailable("STORE_UNAVAILABLE", message),
        };
        error(code, reason, message)
    }
}

/// The failure's message. A failure that has a source is logged with it.
fn logged(failure: &Error) -> String {
    let message = failure.to_string();
    if let Some(source) = failure.source() {
        tracing::error!(error = source, "request failed: {message}");
    }
    message
}

fn of_key(failure: &KeyError) -> (Code, &'static str) {
    match failure {
        KeyError::NotFound(_) => (Code::NotFound, "KEY_NOT_FOUND"),
        KeyError::Ended(_) => (Code::FailedPrecondition, "KEY_ENDED"),
        KeyError::TooMany(_) => (Code::ResourceExhausted, "KEY_LIMIT"),
        KeyError::TooManyPageTokenKeys(_) => (Code::ResourceExhausted, "PAGE_TOKEN_KEY_LIMIT"),
        KeyError::NoSessionHolder => (Code::FailedPrecondition, "SESSION_HOLDER"),
        KeyError::TooManySessions(_) => (Code::ResourceExhausted, "SESSION_LIMIT"),
        KeyError::NoServiceSecret => (Code::FailedPrecondition, "SERVICE_SECRET_MISSING"),
    }
}

fn of_setting(failure: &SettingError) -> (Code, &'static str) {
    match failure {
        SettingError::NotFound(_) => (Code::NotFound, "SETTING_NOT_FOUND"),
        SettingError::EtagMismatch(_) => ETAG_MISMATCH,
        SettingError::TooMany => (Code::ResourceExhausted, "SETTING_LIMIT"),
    }
}

fn of_import(failure: &ImportError) -> (Code, &'static str) {
    match failure {
        ImportError::NotFound(_) => (Code::NotFound, "IMPORT_NOT_FOUND"),
        ImportError::Undone(_) => (Code::FailedPrecondition, "IMPORT_UNDONE"),
        ImportError::Exists(_) => (Code::AlreadyExists, "IMPORT_EXISTS"),
    }
}

/// Builds the status of a full disk.
fn full(message: String) -> Status {
    let delay = FULL_RETRY_DELAY.mul_f64(1.0 + fastrand::f64());
    retry_after(Code::ResourceExhausted, "STORE_FULL", delay, message)
}

fn cursor_mismatch(rule: &str) -> Status {
    invalid_because("CURSOR_MISMATCH", [("cursor", rule)])
}

fn filter_refused(wrong: &product_fields::FilterRefusal) -> Status {
    invalid_because(wrong.reason(), [("filter", wrong.to_string())])
}

fn page_token_invalid() -> Status {
    let rule = "is invalid, or belongs to another request; start without one";
    invalid_because("PAGE_TOKEN_INVALID", [("page_token", rule)])
}

fn stock_not_writable() -> Status {
    let rule = "is not written with a product: leave it out, and change it by AdjustStock or SetStock (in JSON \
                :adjustStock or :setStock)";
    invalid_because("STOCK_NOT_WRITABLE", [("stock_qty", rule)])
}

fn sku_required(field: String, product: &ProductId) -> Status {
    let rule = format!("is required: product {product} has its stock in its variants");
    invalid_because("SKU_REQUIRED", [(field, rule)])
}

/// Builds the status of insufficient stock, with item and stock in its metadata.
fn insufficient(item: &Item, stock_qty: i32, message: String) -> Status {
    let sku = item.sku.as_ref().map_or("", Sku::as_str);
    let about = [
        ("product_id", item.product_id.to_string()),
        ("sku", sku.to_owned()),
        ("stock_qty", stock_qty.to_string()),
    ];
    let about = HashMap::from(about.map(|(name, value)| (name.to_owned(), value)));
    let details = ErrorDetails::with_error_info("INSUFFICIENT_STOCK", DOMAIN, about);
    Status::with_error_details(Code::FailedPrecondition, message, details)
}

fn ended(state: ReservationState) -> &'static str {
    match state {
        ReservationState::Held => "RESERVATION_HELD",
        ReservationState::Committed => "RESERVATION_COMMITTED",
        ReservationState::Released => "RESERVATION_RELEASED",
        ReservationState::Expired => "RESERVATION_EXPIRED",
    }
}

/// Builds an UNAVAILABLE status with a retry delay.
fn unavailable(reason: &str, message: String) -> Status {
    retry_after(Code::Unavailable, reason, Duration::from_secs(1), message)
}

fn retry_after(code: Code, reason: &str, delay: Duration, message: String) -> Status {
    let mut details = ErrorDetails::new();
    details.set_error_info(reason, DOMAIN, HashMap::new());
    details.set_retry_info(Some(delay));
    Status::with_error_details(code, message, details)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_named_and_not_tried_again_soon() {
        let status = Status::from(Error::StoreFull("SQLITE_FULL".into()));
        assert_eq!(status.code(), Code::ResourceExhausted);
        assert_eq!(rpc::status::reason(&status).as_deref(), Some("STORE_FULL"));
        let delay = status.get_details_retry_info().unwrap().retry_delay.unwrap();
        assert!((30..=60).contains(&delay.as_secs()), "{delay:?}");
    }

    #[test]
    fn damage_is_data_loss_and_has_no_retry_delay() {
        for (failure, reason) in [
            (Error::Damaged("SQLITE_CORRUPT".into()), "DATABASE_DAMAGED"),
            (Error::StoreReplaced, "DATABASE_REPLACED"),
        ] {
            let status = Status::from(failure);
            assert_eq!(status.code(), Code::DataLoss);
            assert_eq!(rpc::status::reason(&status).as_deref(), Some(reason));
            assert!(status.get_details_retry_info().is_none());
        }
    }

    #[test]
    fn statuses_do_not_reveal_the_source_of_an_error() {
        let secret = "SELECT * FROM products; /srv/data/catalogue.db";
        for failure in [
            Error::Store(secret.into()),
            Error::StoreFull(secret.into()),
            Error::Damaged(secret.into()),
            Error::StoreBusy(Some(secret.into())),
        ] {
            let status = Status::from(failure);
            let details = String::from_utf8_lossy(status.details()).into_owned();
            assert!(!format!("{}{details}", status.message()).contains("products;"));
        }
    }
}
