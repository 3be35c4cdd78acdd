//! Undoing the import of a product: how it becomes what it was before.

use crate::domain::{
    Change, Details, Field, ImportedProduct, Mask, Micros, Op, Product, ProductId, Revision, Sku,
};

/// How the import of a product is undone.
#[derive(Debug, PartialEq)]
pub(crate) enum Undo {
    /// The product is as it was before already.
    Unchanged,
    Write(Box<UndoneProduct>),
    Conflict(Conflict),
}

/// Why the import of a product cannot be undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Conflict {
    /// Part of the contract.
    pub(crate) reason: &'static str,
    pub(crate) message: String,
}

/// A product as it was before an import, and what writing it takes.
#[derive(Debug, PartialEq)]
pub(crate) struct UndoneProduct {
    pub(crate) product: Product,
    /// Whether the import had created it, so that it is deleted.
    pub(crate) is_creation: bool,
    pub(crate) changed: Mask,
    /// The external id that it has no longer.
    pub(crate) released_external_id: Option<String>,
    /// The SKUs that it has again.
    pub(crate) regained_skus: Vec<Sku>,
    pub(crate) revisions: Vec<Revision>,
    pub(crate) changes: Vec<Change>,
}

impl Undo {
    /// Plans how the import of a product is undone. `product` is the present one, `None` if it was purged;
    /// `revisions` are those after the one before the import, up to its last one, newest first.
    pub(crate) fn plan(
        imported: &ImportedProduct,
        product: Option<Product>,
        revisions: &[Revision],
        now: Micros,
    ) -> Self {
        let Some(product) = product else {
            return match imported.is_creation() {
                true => Self::Unchanged,
                false => Self::Conflict(Conflict::purged()),
            };
        };
        let is_reused = imported.created_at != product.created_at;
        if imported.is_creation() && !is_reused && product.deleted_at.is_some() {
            return Self::Unchanged;
        }
        if !imported.is_current(&product) {
            return Self::Conflict(Conflict::changed());
        }
        if imported.is_creation() {
            return Self::Write(Box::new(UndoneProduct::deleted(product, now)));
        }
        let contents = revisions.iter().filter(|revision| revision.counts_as_content()).count();
        if i64::try_from(contents) != Ok(imported.last_content - imported.before_content) {
            return Self::Conflict(Conflict::expired());
        }
        match UndoneProduct::restored(product, revisions, now) {
            undone if undone.revisions.is_empty() => Self::Unchanged,
            undone => Self::Write(Box::new(undone)),
        }
    }
}

impl UndoneProduct {
    fn new(product: Product, is_creation: bool) -> Self {
        Self {
            product,
            is_creation,
            changed: Mask::default(),
            released_external_id: None,
            regained_skus: Vec::new(),
            revisions: Vec::new(),
            changes: Vec::new(),
        }
    }

    fn deleted(product: Product, now: Micros) -> Self {
        let mut undone = Self::new(product, true);
        undone.delete(now);
        undone
    }

    fn restored(product: Product, revisions: &[Revision], now: Micros) -> Self {
        let mut before = product.clone();
        for revision in revisions {
            revision.undo(&mut before);
        }
        let old = product.details.clone();
        let mut undone = Self::new(product, false);
        let (was_deleted, is_deleted) = (before.deleted_at.is_some(), undone.is_deleted());
        if is_deleted && !was_deleted {
            let deleted_at = undone.product.deleted_at;
            undone.product.undelete(now);
            undone.revisions.push(Revision::undeleted(&undone.product, deleted_at));
            undone.changes.push(Change::undeleted(undone.product.id.clone(), now));
        }
        undone.update(&old, before.details, now);
        if was_deleted && !is_deleted {
            undone.delete(now);
        }
        undone
    }

    /// Whether the product is deleted at present.
    fn is_deleted(&self) -> bool {
        self.product.deleted_at.is_some()
    }

    /// Whether the product was deleted or undeleted, and so counts otherwise in its categories.
    pub(crate) fn changes_deletion(&self) -> bool {
        self.changes.iter().any(|change| {
            change.op == Op::Deleted || change.changed_fields.iter().any(|it| it == "delete_time")
        })
    }

    /// Restores the content, except for the stock. A variant that comes back has none: what it had when it was
    /// removed may be elsewhere now.
    fn update(&mut self, old: &Details, mut before: Details, now: Micros) {
        before.variants.iter_mut().for_each(|variant| variant.stock_qty = 0);
        before.keep_stock_of(old);
        let mask = Mask::all().without(Field::StockQty);
        self.changed = self.product.update(&before, mask, now);
        if self.changed.is_empty() {
            return;
        }
        if self.changed.has(Field::ExternalId) {
            self.released_external_id.clone_from(&old.external_id);
        }
        let is_new = |sku: &Sku| !old.variants.iter().any(|variant| variant.sku == *sku);
        let skus = self.product.details.variants.iter().map(|variant| &variant.sku);
        self.regained_skus = skus.filter(|sku| is_new(sku)).cloned().collect();
        self.revisions.push(Revision::updated(old, &self.product, self.changed));
        let change = Change::updated(self.product.id.clone(), self.changed, now);
        self.changes.push(change.from(old.status));
    }

    fn delete(&mut self, now: Micros) {
        self.product.delete(now);
        self.revisions.push(Revision::deleted(&self.product));
        let change = Change::whole(self.product.id.clone(), Op::Deleted, now);
        self.changes.push(change.from(self.product.details.status));
    }

    /// The external id that the product has again.
    pub(crate) fn regained_external_id(&self) -> Option<&String> {
        let external_id = self.product.details.external_id.as_ref();
        external_id.filter(|_| self.changed.has(Field::ExternalId))
    }
}

impl Conflict {
    /// Whether undoing other products may resolve it.
    pub(crate) const RESOLVABLE: [&'static str; 2] = ["EXTERNAL_ID_TAKEN", "SKU_TAKEN"];

    fn changed() -> Self {
        let message =
            "another writer has changed it during the import or since: edit or revert it by hand";
        Self { reason: "PRODUCT_CHANGED", message: message.to_owned() }
    }

    fn purged() -> Self {
        let message = "it was purged, with its history".to_owned();
        Self { reason: "PRODUCT_NOT_FOUND", message }
    }

    fn expired() -> Self {
        let message = "its revisions before the import are no longer stored: edit it by hand";
        Self { reason: "HISTORY_EXPIRED", message: message.to_owned() }
    }

    pub(crate) fn external_id_taken(external_id: &str, owner: &ProductId) -> Self {
        let message = format!(
            "its external id {external_id:?} belongs to product {owner} now: change or purge that one, and undo again"
        );
        Self { reason: Self::RESOLVABLE[0], message }
    }

    pub(crate) fn sku_taken(sku: &Sku, owner: &ProductId) -> Self {
        let message = format!(
            "its sku {sku} belongs to product {owner} now: change or purge that one, and undo again"
        );
        Self { reason: Self::RESOLVABLE[1], message }
    }

    pub(crate) fn category_gone(id: &str) -> Self {
        let message =
            format!("its category {id} was deleted: create it with this id, and undo again");
        Self { reason: "CATEGORY_NOT_FOUND", message }
    }

    pub(crate) fn invalid(message: String) -> Self {
        Self { reason: "INVALID_FIELD", message }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Offer, Variant};

    fn details(name: &str) -> Details {
        Details { name: name.to_owned(), ..Details::default() }
    }

    fn product(name: &str) -> Product {
        Product::new(ProductId::known("mug".to_owned()), details(name), 1)
    }

    /// An update of all fields, by an import or not.
    fn update(product: &mut Product, new: &Details) -> Revision {
        let old = product.details.clone();
        let changed = product.update(new, Mask::all(), 2);
        Revision::updated(&old, product, changed)
    }

    fn imported(before: &Product, after: &Product) -> ImportedProduct {
        ImportedProduct {
            before_revision: before.revision,
            before_content: before.content_revision,
            ..ImportedProduct::last(after)
        }
    }

    fn conflict(undo: &Undo) -> Option<&'static str> {
        match undo {
            Undo::Conflict(conflict) => Some(conflict.reason),
            _ => None,
        }
    }

    fn written(undo: Undo) -> UndoneProduct {
        match undo {
            Undo::Write(undone) => *undone,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_was_sold_since_stays_sold() {
        let mut now = product("before");
        now.details.stock_qty = 5;
        let before = now.clone();
        let revision = update(&mut now, &Details { stock_qty: 9, ..details("imported") });
        let record = imported(&before, &now);
        // A sale changes the revision, and not the content.
        now.details.stock_qty = 7;
        now.revision += 1;
        let undone = written(Undo::plan(&record, Some(now), &[revision], 3));
        assert_eq!(undone.product.details.name, "before");
        assert_eq!((undone.product.details.stock_qty, undone.product.revision), (7, 4));
        assert!(!undone.changes_deletion() && undone.changes.len() == 1);
    }

    #[test]
    fn only_content_that_is_still_the_imports_is_undone() {
        let mut now = product("before");
        let before = now.clone();
        let revision = update(&mut now, &details("imported"));
        let record = imported(&before, &now);
        let revisions = std::slice::from_ref(&revision);
        let mixed = ImportedProduct { is_mixed: true, ..record.clone() };
        let undo = Undo::plan(&mixed, Some(now.clone()), revisions, 3);
        assert_eq!(conflict(&undo), Some("PRODUCT_CHANGED"));
        let undo = Undo::plan(&record, Some(now.clone()), &[], 3);
        assert_eq!(conflict(&undo), Some("HISTORY_EXPIRED"));
        assert_eq!(conflict(&Undo::plan(&record, None, &[], 3)), Some("PRODUCT_NOT_FOUND"));
        update(&mut now, &details("edited"));
        let undo = Undo::plan(&record, Some(now), revisions, 3);
        assert_eq!(conflict(&undo), Some("PRODUCT_CHANGED"));
    }

    #[test]
    fn a_created_product_is_deleted_unless_it_is_gone_or_another() {
        let now = product("imported");
        let record = ImportedProduct::last(&now);
        let undone = written(Undo::plan(&record, Some(now.clone()), &[], 3));
        assert!(undone.is_creation && undone.product.deleted_at == Some(3));
        assert_eq!(Undo::plan(&record, None, &[], 3), Undo::Unchanged);
        let mut deleted = now.clone();
        deleted.delete(2);
        assert_eq!(Undo::plan(&record, Some(deleted), &[], 3), Undo::Unchanged);
        let reused = Product { created_at: 2, ..now };
        let undo = Undo::plan(&record, Some(reused), &[], 3);
        assert_eq!(conflict(&undo), Some("PRODUCT_CHANGED"));
    }

    #[test]
    fn deletions_and_undeletions_are_undone() {
        let mut now = product("before");
        let before = now.clone();
        now.delete(2);
        let revision = Revision::deleted(&now);
        let undone = written(Undo::plan(&imported(&before, &now), Some(now), &[revision], 3));
        assert!(undone.product.deleted_at.is_none() && undone.changes_deletion());

        let mut now = product("before");
        now.delete(2);
        let before = now.clone();
        now.undelete(3);
        let undeleted = Revision::undeleted(&now, before.deleted_at);
        let revision = update(&mut now, &details("imported"));
        let record = imported(&before, &now);
        let undone = written(Undo::plan(&record, Some(now), &[revision, undeleted], 4));
        assert_eq!((undone.product.details.name.as_str(), undone.product.revision), ("before", 6));
        assert_eq!((undone.product.deleted_at, undone.revisions.len()), (Some(4), 2));
    }

    #[test]
    fn a_variant_that_comes_back_has_no_stock() {
        let variant = |sku: &str, stock_qty| Variant {
            sku: Sku::known(sku.to_owned()),
            gtin: String::new(),
            option_values: Vec::new(),
            price: None,
            stock_qty,
            offer: Offer::default(),
            media_url: String::new(),
        };
        let with = |variants: Vec<Variant>| Details { variants, ..details("shirt") };
        let mut now = product("shirt");
        update(&mut now, &with(vec![variant("s", 3), variant("m", 4)]));
        let before = now.clone();
        let revision = update(&mut now, &with(vec![variant("m", 4), variant("l", 9)]));
        let record = imported(&before, &now);
        let undone = written(Undo::plan(&record, Some(now), &[revision], 3));
        let stock =
            undone.product.details.variants.iter().map(|it| (it.sku.as_str(), it.stock_qty));
        assert_eq!(stock.collect::<Vec<_>>(), [("s", 0), ("m", 4)]);
        assert_eq!(undone.regained_skus, [Sku::known("s".to_owned())]);
        assert_eq!(undone.product.details.stock_qty, 4);
    }
}
