//! Product: the details together with the data that the catalogue maintains: id, revisions and
//! times.

use super::{Details, Mask, Micros, ProductId};

/// A product.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Product {
    pub(crate) id: ProductId,
    pub(crate) details: Details,
    /// Number of changes, from 1.
    pub(crate) revision: i64,
    /// Number of changes that concerned more than the stock, from 1.
    pub(crate) content_revision: i64,
    pub(crate) created_at: Micros,
    pub(crate) updated_at: Micros,
    /// Set while the product is deleted and can be undeleted.
    pub(crate) deleted_at: Option<Micros>,
    /// The actor that created the product, or empty.
    pub(crate) created_by: String,
}

impl Product {
    /// Creates a product at revision 1.
    pub(crate) fn new(id: ProductId, mut details: Details, now: Micros) -> Self {
        details.count_variants();
        Self {
            id,
            details,
            revision: 1,
            content_revision: 1,
            created_at: now,
            updated_at: now,
            deleted_at: None,
            created_by: String::new(),
        }
    }

    /// Updates the fields of `mask`, and returns the fields that have changed. Counts a revision if
    /// there are any.
    pub(crate) fn update(&mut self, new: &Details, mask: Mask, now: Micros) -> Mask {
        let changed = self.details.take(new, mask);
        if !changed.is_empty() {
            self.revision += 1;
            self.content_revision += i64::from(!changed.is_stock_alone());
            self.updated_at = now;
        }
        changed
    }

    /// Marks the product as deleted.
    pub(crate) fn delete(&mut self, now: Micros) {
        self.deleted_at = Some(now);
        self.touch(now);
    }

    /// Removes the mark of deletion.
    pub(crate) fn undelete(&mut self, now: Micros) {
        self.deleted_at = None;
        self.touch(now);
    }

    fn touch(&mut self, now: Micros) {
        self.revision += 1;
        self.content_revision += 1;
        self.updated_at = now;
    }

    /// Differs after every change of the content, but not of the stock. Includes the time of
    /// creation, because an id can be reused after a purge.
    pub(crate) fn etag(&self) -> String {
        self.etag_at(self.content_revision)
    }

    /// The etag that the product had at a content revision.
    pub(crate) fn etag_at(&self, content_revision: i64) -> String {
        format!("{:x}-{:x}", self.created_at, content_revision)
    }
}

#[cfg(test)]
mod tests {
    use product_fields::TextField;

    use super::*;
    use crate::domain::Field;

    fn mug() -> Product {
        let details = Details { name: "Mug".to_owned(), stock_qty: 3, ..Default::default() };
        Product::new(ProductId::parse("mug").unwrap(), details, 1_000)
    }

    #[test]
    fn only_masked_fields_change_and_only_real_changes_count() {
        let mut product = mug();
        let new = Details { brand: "Acme".to_owned(), ..Default::default() };
        let changed =
            product.update(&new, Mask::default().with(Field::Text(TextField::Brand)), 2_000);
        assert_eq!(changed.fields().collect::<Vec<_>>(), [Field::Text(TextField::Brand)]);
        assert_eq!((product.details.name.as_str(), product.revision), ("Mug", 2));

        let before = product.clone();
        assert!(product.update(&before.details, Mask::all(), 3_000).is_empty());
        assert_eq!(product, before);
    }

    #[test]
    fn the_etag_follows_the_content_but_not_the_stock() {
        let mut product = mug();
        let etag = product.etag();
        let mut new = product.details.clone();
        new.stock_qty = 9;
        assert!(product.update(&new, Mask::all(), 2_000).is_stock_alone());
        assert_eq!((product.etag(), product.revision), (etag.clone(), 2));
        new.labels.push("new".to_owned());
        product.update(&new, Mask::all(), 3_000);
        assert_ne!(product.etag(), etag);
    }
}
