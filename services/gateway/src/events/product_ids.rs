//! The parameter `productId`, checked before a stream begins.

use product_fields::{ID_RULE, MAX_ID_LENGTH, is_id};

use crate::problem::Problem;

/// 400 for the first id that the catalogue would refuse.
pub(super) fn check<'a>(ids: impl IntoIterator<Item = &'a str>) -> Result<(), Problem> {
    match ids.into_iter().find(|id| !is_id(id)) {
        None => Ok(()),
        Some(id) => {
            let shown: String = id.chars().take(MAX_ID_LENGTH).collect();
            Err(Problem::invalid("productId", format!("{ID_RULE}; `{shown}` is not")))
        }
    }
}
