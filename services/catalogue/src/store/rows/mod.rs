//! Conversions between table rows and domain types, and the INSERT of many rows.

pub(super) mod audit_event;
pub(super) mod category;
pub(super) mod change;
pub(super) mod imported_product;
pub(super) mod insert;
pub(super) mod json;
pub(super) mod json_columns;
pub(super) mod offer;
pub(super) mod product;
pub(super) mod revision;
