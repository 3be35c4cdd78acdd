//! Ids of products and imports.

use std::collections::HashSet;

use super::product_id;
use crate::domain::{Error, ImportId, ProductId, Result, Violations};

/// Parses the field `product_id`.
///
/// # Errors
/// The id is empty or malformed.
pub(in crate::grpc) fn required_product_id(id: &str) -> Result<ProductId> {
    ProductId::parse(id).map_err(|rule| Error::field("product_id", rule))
}

/// Parses the field `product_ids`; returns distinct ids in the order of the request.
///
/// # Errors
/// There are more than `limit` ids, or one is malformed.
pub(in crate::grpc) fn product_ids(ids: &[String], limit: usize) -> Result<Vec<ProductId>> {
    if ids.len() > limit {
        return Err(Error::field("product_ids", format!("must be at most {limit}")));
    }
    let mut violations = Violations::default();
    let mut seen = HashSet::new();
    let mut distinct = Vec::new();
    for (index, id) in ids.iter().enumerate().filter(|(_, id)| seen.insert(id.as_str())) {
        distinct.extend(product_id(&format!("product_ids[{index}]"), id, &mut violations));
    }
    violations.check()?;
    Ok(distinct)
}

/// Parses the id of an import, if there is one.
///
/// # Errors
/// The id is malformed.
pub(in crate::grpc) fn import_id(field: &str, id: &str) -> Result<Option<ImportId>> {
    match id {
        "" => Ok(None),
        id => ImportId::parse(id).map(Some).map_err(|rule| Error::field(field, rule)),
    }
}
