//! What a catalogue is about, in its own words: knows neither the wire nor the database.

mod category;
mod change;
mod error;
mod id;
mod product;
mod rules;
mod tree;
mod violations;

pub(crate) use category::{Category, NewCategory};
pub(crate) use change::{Change, Op};
pub(crate) use error::{Error, Result};
pub(crate) use id::{CategoryId, ProductId};
pub(crate) use product::{Attribute, Details, Field, Mask, Price, Product, Value};
pub(crate) use rules::{check, check_category_name, check_size};
pub(crate) use tree::{MAX_DEPTH, Tree};
pub(crate) use violations::Violations;

use std::time::{SystemTime, UNIX_EPOCH};

/// A moment, in microseconds since 1970 (UTC).
pub(crate) type Micros = i64;

/// The moment it is now.
pub(crate) fn now() -> Micros {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX)
}
