//! Product history as an undo log: each revision has the values that it replaced.

use super::{Details, Field, Mask, Micros, Product, ProductId, Sku};

/// Number of stored revisions per product, including the current one.
pub(crate) const KEPT_REVISIONS: i64 = 200;

/// One change of a product.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Revision {
    pub(crate) product_id: ProductId,
    /// The product's revision after the change.
    pub(crate) revision: i64,
    pub(crate) kind: RevisionKind,
    /// The changed fields.
    pub(crate) changed: Mask,
    /// The old values of the `changed` fields; the other fields have defaults.
    pub(crate) before: Details,
    /// The old stock of variants that exist before and after the change, if it differed.
    pub(crate) variant_stock: Vec<(Sku, i32)>,
    /// For an undeletion, the time of the deletion.
    pub(crate) deleted_at: Option<Micros>,
    pub(crate) at: Micros,
    /// Assigned by the store when the revision is written.
    pub(crate) actor: String,
    pub(crate) request_id: String,
}

/// Kind of revision. The number is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RevisionKind {
    Created = 1,
    /// Has no changed fields if only names of the product's categories have changed.
    Updated = 2,
    Deleted = 3,
    Undeleted = 4,
    /// An update of nothing but the stock.
    Stock = 5,
}

impl Revision {
    /// An update of `old` to `product` in these fields.
    pub(crate) fn updated(old: &Details, product: &Product, changed: Mask) -> Self {
        let kind =
            if changed.is_stock_alone() { RevisionKind::Stock } else { RevisionKind::Updated };
        let mut before = Details::default();
        before.take(old, changed);
        // Old variants include their stock.
        let counted = changed.has(Field::StockQty) && !changed.has(Field::Variants);
        let variant_stock =
            if counted { stock_replaced(old, &product.details) } else { Vec::new() };
        Self { changed, before, variant_stock, ..Self::of(product, kind) }
    }

    /// A change of the stock of a product, or of its variants.
    pub(crate) fn stock(
        product_id: ProductId,
        revision: i64,
        old_stock_qty: i32,
        variant_stock: Vec<(Sku, i32)>,
        at: Micros,
    ) -> Self {
        let mut product = Product::new(product_id, Details::default(), at);
        product.revision = revision;
        let before = Details { stock_qty: old_stock_qty, ..Default::default() };
        let changed = Mask::default().with(Field::StockQty);
        Self { changed, before, variant_stock, ..Self::of(&product, RevisionKind::Stock) }
    }

    /// The deletion of `product`.
    pub(crate) fn deleted(product: &Product) -> Self {
        Self::of(product, RevisionKind::Deleted)
    }

    /// The undeletion of `product`, which was deleted at `deleted_at`.
    pub(crate) fn undeleted(product: &Product, deleted_at: Option<Micros>) -> Self {
        Self { deleted_at, ..Self::of(product, RevisionKind::Undeleted) }
    }

    /// The creation of `product`, which must be at its first revision.
    pub(crate) fn created(product: &Product) -> Self {
        let actor = product.created_by.clone();
        Self { actor, ..Self::of(product, RevisionKind::Created) }
    }

    /// Reverts the product, which must be at this revision, to the previous one.
    pub(crate) fn undo(&self, product: &mut Product) {
        for (sku, stock_qty) in &self.variant_stock {
            let mut variants = product.details.variants.iter_mut();
            if let Some(variant) = variants.find(|variant| variant.sku == *sku) {
                variant.stock_qty = *stock_qty;
            }
        }
        product.details.take(&self.before, self.changed);
        match self.kind {
            RevisionKind::Deleted => product.deleted_at = None,
            RevisionKind::Undeleted => product.deleted_at = self.deleted_at,
            RevisionKind::Created | RevisionKind::Updated | RevisionKind::Stock => {}
        }
        product.revision -= 1;
        product.content_revision -= i64::from(self.counts_as_content());
    }

    /// Whether the revision changed the product's etag.
    pub(crate) fn counts_as_content(&self) -> bool {
        match self.kind {
            RevisionKind::Stock => false,
            RevisionKind::Updated => !self.changed.is_empty(),
            RevisionKind::Created | RevisionKind::Deleted | RevisionKind::Undeleted => true,
        }
    }

    fn of(product: &Product, kind: RevisionKind) -> Self {
        Self {
            product_id: product.id.clone(),
            revision: product.revision,
            kind,
            changed: Mask::default(),
            before: Details::default(),
            variant_stock: Vec::new(),
            deleted_at: None,
            at: product.updated_at,
            actor: String::new(),
            request_id: String::new(),
        }
    }
}

fn stock_replaced(old: &Details, new: &Details) -> Vec<(Sku, i32)> {
    let pairs = old.variants.iter().zip(&new.variants);
    let differing = pairs.filter(|(old, new)| old.stock_qty != new.stock_qty);
    differing.map(|(old, _)| (old.sku.clone(), old.stock_qty)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Offer, Price, Status, Variant};

    fn variants(stocks: &[(&str, i32)]) -> Vec<Variant> {
        let variant = |(sku, stock_qty): &(&str, i32)| Variant {
            sku: Sku::parse(sku).unwrap(),
            gtin: String::new(),
            option_values: Vec::new(),
            price: None,
            stock_qty: *stock_qty,
            offer: Offer::default(),
            media_url: String::new(),
        };
        stocks.iter().map(variant).collect()
    }

    #[test]
    fn every_change_can_be_undone() {
        let id = ProductId::parse("mug").unwrap();
        let details = |name: &str| Details { name: name.to_owned(), ..Default::default() };
        let price = Some(Price { minor: 1, currency: "EUR".to_owned() });
        let states = [
            Details { stock_qty: 4, ..details("a") },
            Details { price, status: Status::Draft, ..details("b") },
            Details { variants: variants(&[("x", 1), ("y", 2)]), ..details("b") },
            Details { variants: variants(&[("x", 5), ("y", 2)]), ..details("b") },
            Details { variants: variants(&[("x", 2), ("y", 5)]), ..details("b") },
            Details { variants: variants(&[("y", 5), ("x", 2)]), ..details("c") },
            Details { variants: variants(&[("z", 7)]), ..details("c") },
            Details { stock_qty: 7, ..details("c") },
        ];
        let mut product = Product::new(id, Details::default(), 1);
        let mut past = Vec::new();
        for (now, new) in (2..).zip(states) {
            let old = product.clone();
            let changed = product.update(&new, Mask::all(), now);
            let revision = Revision::updated(&old.details, &product, changed);
            past.push((old, revision));
        }
        let old = product.clone();
        product.delete(100);
        past.push((old, Revision::deleted(&product)));
        let old = product.clone();
        product.undelete(101);
        let revision = Revision::undeleted(&product, old.deleted_at);
        past.push((old, revision));
        for (old, revision) in past.into_iter().rev() {
            revision.undo(&mut product);
            product.updated_at = old.updated_at;
            assert_eq!(product, old);
        }
    }
}
