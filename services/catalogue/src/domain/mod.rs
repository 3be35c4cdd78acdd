//! Domain types of the catalogue and their rules, independent of gRPC and of the database.

pub(crate) mod actor;
mod audit;
mod category;
mod change;
mod details;
mod error;
mod field;
pub(crate) mod filter;
mod id;
mod import;
mod imported;
mod key;
mod offer;
mod page_token_key;
mod price;
mod product;
mod reservation;
mod revision;
mod rules;
mod selection;
mod session;
mod setting;
mod stock;
mod tree;
mod variant;
mod violations;

pub(crate) use audit::{AuditQuery, Person};
pub(crate) use category::{Category, CategoryUpdate, MAX_DEPTH, NewCategory};
pub(crate) use change::{Change, Op, Place, Subject};
pub(crate) use details::{Attribute, Condition, Cost, Details, Media, Status, Value};
pub(crate) use error::{Error, Result};
pub(crate) use field::{Field, Mask};
pub(crate) use id::{CategoryId, ImportId, ProductId, ReservationId, Sku};
pub(crate) use import::{Import, ImportOperation, ImportState};
pub(crate) use imported::{ImportError, ImportedProduct};
pub(crate) use key::{Key, KeyError};
pub(crate) use offer::{CurrencyPrice, Dimensions, Offer, OfferFields, SalePeriod, Weight};
pub(crate) use page_token_key::PageTokenKey;
pub(crate) use price::Price;
pub(crate) use product::Product;
pub(crate) use reservation::{Line, Reservation, ReservationState};
pub(crate) use revision::{KEPT_REVISIONS, Revision, RevisionKind};
pub(crate) use rules::{
    MAX_VARIANTS, check, check_category_name, check_count, check_fields, check_media,
    check_stock_mask, check_variants, check_whole,
};
pub(crate) use selection::Selection;
pub(crate) use session::{EndedSessions, Session};
pub(crate) use setting::{
    MAX_SETTING_VALUE, MAX_SETTINGS, MAX_TOTAL, Setting, SettingError, SettingName,
};
pub(crate) use stock::{Item, ItemKey, Stock, StockDeltas, StockLevel};
pub(crate) use tree::Tree;
pub(crate) use variant::{OptionValue, Variant};
pub(crate) use violations::Violations;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A time in microseconds since 1970 (UTC).
pub(crate) type Micros = i64;

/// Returns the current time.
pub(crate) fn now() -> Micros {
    micros_of(SystemTime::now())
}

/// Converts a time; a time before 1970 becomes 1970.
pub(crate) fn micros_of(time: SystemTime) -> Micros {
    let since_epoch = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX)
}

/// Converts a time.
pub(crate) fn time_of(at: Micros) -> SystemTime {
    UNIX_EPOCH + Duration::from_micros(u64::try_from(at).unwrap_or(0))
}
