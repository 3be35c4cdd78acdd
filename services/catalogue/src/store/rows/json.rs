//! Values as JSON in a column.

use serde::{Deserialize, Serialize};

use crate::domain::{Error, Result};

pub(in crate::store) fn json<T: Serialize + ?Sized>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(damaged)
}

pub(in crate::store) fn parse<T: for<'de> Deserialize<'de>>(stored: &str) -> Result<T> {
    serde_json::from_str(stored).map_err(damaged)
}

pub(super) fn damaged(error: serde_json::Error) -> Error {
    Error::Damaged(Box::new(error))
}
