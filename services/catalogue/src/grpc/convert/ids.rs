//! Lists of ids.

use std::collections::HashSet;

use super::product_id;
use crate::domain::{Error, ProductId, Result, Violations};

/// The ids of a field `product_ids`, `most` of them at most: each once, in the order of the request.
///
/// # Errors
/// There are too many, or one is malformed.
pub(in crate::grpc) fn product_ids(ids: &[String], most: usize) -> Result<Vec<ProductId>> {
    if ids.len() > most {
        return Err(Error::field("product_ids", format!("must be at most {most}")));
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
