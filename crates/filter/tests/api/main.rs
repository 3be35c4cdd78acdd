//! Tests of the public API.

mod errors;
mod meaning;
mod model;
mod properties;
mod record;
mod spelling;

use filter::{Kind, Schema};

/// A schema with a field of each kind, and a name with a dot.
static FIELDS: Schema = Schema::new(&[
    ("id", Kind::Id),
    ("name", Kind::Text),
    ("brand", Kind::Text),
    ("status", Kind::Enum(&["DRAFT", "ACTIVE", "ARCHIVED"])),
    ("stock_qty", Kind::Integer),
    ("price", Kind::Decimal),
    ("created_at", Kind::Timestamp),
    ("in_stock", Kind::Flag),
    ("labels", Kind::List),
    ("attributes", Kind::Map),
    ("category", Kind::Category),
    ("variants.sku", Kind::List),
]);
