//! Changes: the entries of the change feed.

use super::{CategoryId, Mask, Micros, ProductId, Status};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    /// Assigned by the store when the change is written.
    pub(crate) place: Place,
    pub(crate) subject: Subject,
    pub(crate) op: Op,
    /// Names of fields in the contract.
    pub(crate) changed_fields: Vec<String>,
    pub(crate) at: Micros,
    /// The actor that the client has named, or empty.
    pub(crate) actor: String,
    /// The request id of the write, or empty.
    pub(crate) request_id: String,
    /// The product was not for sale before: callers that see only products for sale are not shown that it changed or
    /// was deleted.
    pub(crate) was_hidden: bool,
}

/// Position of a change in the feed. Numbers of concurrent transactions become visible out of
/// order, so the transaction is compared first.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Place {
    /// Id of the transaction on engines with concurrent writers, otherwise 0.
    pub(crate) transaction: i64,
    /// Number of the change; unique.
    pub(crate) sequence: i64,
}

/// The product or category that a change is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Subject {
    Product(ProductId),
    Category(CategoryId),
}

/// Kind of change. The number is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    Created = 1,
    Updated = 2,
    Deleted = 3,
    /// An update of nothing but the stock.
    Stock = 4,
}

impl Change {
    /// An update of some fields, at least one.
    pub(crate) fn updated(product_id: ProductId, changed: Mask, at: Micros) -> Self {
        let op = if changed.is_stock_alone() { Op::Stock } else { Op::Updated };
        let changed_fields = changed.fields().map(|field| field.name().to_owned()).collect();
        Self::new(Subject::Product(product_id), op, changed_fields, at)
    }

    /// The product was undeleted.
    pub(crate) fn undeleted(product_id: ProductId, at: Micros) -> Self {
        let changed_fields = vec!["delete_time".to_owned()];
        Self { changed_fields, ..Self::whole(product_id, Op::Updated, at) }
    }

    /// A product was created or deleted.
    pub(crate) fn whole(product_id: ProductId, op: Op, at: Micros) -> Self {
        Self::new(Subject::Product(product_id), op, Vec::new(), at)
    }

    /// A category was created, updated in these fields, or deleted.
    pub(crate) fn category(
        category_id: CategoryId,
        op: Op,
        changed_fields: &[&str],
        at: Micros,
    ) -> Self {
        let changed_fields = changed_fields.iter().map(|field| (*field).to_owned()).collect();
        Self::new(Subject::Category(category_id), op, changed_fields, at)
    }

    /// The same change, of a product that had this status before.
    #[must_use]
    pub(crate) fn from(self, status: Status) -> Self {
        Self { was_hidden: status != Status::Active, ..self }
    }

    /// The product's id, if the change is about a product.
    pub(crate) fn product_id(&self) -> Option<&ProductId> {
        match &self.subject {
            Subject::Product(id) => Some(id),
            Subject::Category(_) => None,
        }
    }

    fn new(subject: Subject, op: Op, changed_fields: Vec<String>, at: Micros) -> Self {
        let (actor, request_id) = (String::new(), String::new());
        let (place, was_hidden) = (Place::default(), false);
        Self { place, subject, op, changed_fields, at, actor, request_id, was_hidden }
    }
}
