//! A change of a product, as the feed tells it.

use super::{Mask, Micros, ProductId};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    /// Rises in the order of the commits. 0 before it is written.
    pub(crate) seq: i64,
    pub(crate) product_id: ProductId,
    pub(crate) op: Op,
    /// By their names in the contract.
    pub(crate) changed_fields: Vec<String>,
    pub(crate) at: Micros,
}

/// What was done. The store keeps the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    Created = 1,
    Updated = 2,
    Deleted = 3,
    /// Only the stock changed.
    Stock = 4,
}

impl Change {
    /// Some fields changed; at least one.
    pub(crate) fn updated(product_id: ProductId, changed: Mask, at: Micros) -> Self {
        let op = if changed.is_stock_alone() { Op::Stock } else { Op::Updated };
        let changed_fields = changed.fields().map(|field| field.name().to_owned()).collect();
        Self { seq: 0, product_id, op, changed_fields, at }
    }

    /// The product was deleted and is back.
    pub(crate) fn undeleted(product_id: ProductId, at: Micros) -> Self {
        let changed_fields = vec!["delete_time".to_owned()];
        Self { changed_fields, ..Self::whole(product_id, Op::Updated, at) }
    }

    /// The product began or ended.
    pub(crate) fn whole(product_id: ProductId, op: Op, at: Micros) -> Self {
        Self { seq: 0, product_id, op, changed_fields: Vec::new(), at }
    }
}
