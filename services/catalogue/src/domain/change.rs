//! A change, as the feed tells it.

use super::{CategoryId, Mask, Micros, ProductId};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    /// The store gives it, in the order of the feed; the default one before it is written.
    pub(crate) place: Place,
    pub(crate) subject: Subject,
    pub(crate) op: Op,
    /// By their names in the contract.
    pub(crate) changed_fields: Vec<String>,
    pub(crate) at: Micros,
    /// Who did it, as they say. Empty if they do not.
    pub(crate) actor: String,
    /// The write's own name. Empty if it has none.
    pub(crate) request_id: String,
}

/// A change's place in the feed: where transactions run side by side, numbers alone become visible
/// out of order, so the transaction comes first.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Place {
    /// The transaction's id where transactions run side by side, else 0.
    pub(crate) transaction: i64,
    /// The number of the change; no two have the same.
    pub(crate) sequence: i64,
}

/// What has changed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Subject {
    Product(ProductId),
    Category(CategoryId),
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
        Self::new(Subject::Product(product_id), op, changed_fields, at)
    }

    /// The product was deleted and is back.
    pub(crate) fn undeleted(product_id: ProductId, at: Micros) -> Self {
        let changed_fields = vec!["delete_time".to_owned()];
        Self { changed_fields, ..Self::whole(product_id, Op::Updated, at) }
    }

    /// The product began or ended.
    pub(crate) fn whole(product_id: ProductId, op: Op, at: Micros) -> Self {
        Self::new(Subject::Product(product_id), op, Vec::new(), at)
    }

    /// A category began, changed in these fields, or ended.
    pub(crate) fn category(
        category_id: CategoryId,
        op: Op,
        changed_fields: &[&str],
        at: Micros,
    ) -> Self {
        let changed_fields = changed_fields.iter().map(|field| (*field).to_owned()).collect();
        Self::new(Subject::Category(category_id), op, changed_fields, at)
    }

    /// Which product, if it is about one.
    pub(crate) fn product_id(&self) -> Option<&ProductId> {
        match &self.subject {
            Subject::Product(id) => Some(id),
            Subject::Category(_) => None,
        }
    }

    fn new(subject: Subject, op: Op, changed_fields: Vec<String>, at: Micros) -> Self {
        let (actor, request_id) = (String::new(), String::new());
        Self { place: Place::default(), subject, op, changed_fields, at, actor, request_id }
    }
}
