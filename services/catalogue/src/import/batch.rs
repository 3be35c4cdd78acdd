//! Batch: applies rows to products in memory, and collects the resulting writes.

use std::{collections::HashSet, sync::Arc};

use super::{
    ApplyOptions, Diff, Mode, OnError, Outcome, Path, Reject, Row, conditions, key,
    known::{Entry, KnownProducts},
};
use crate::domain::{
    Category, CategoryId, Change, Details, Error, Field, ImportedProduct, Mask, Micros, Op,
    Product, ProductId, Result, Revision, Tree,
};

/// The products that the rows refer to, and the writes so far.
#[derive(Debug)]
pub(crate) struct Batch {
    known: KnownProducts,
    tree: Arc<Tree>,
    now: Micros,
    actor: String,
    pub(super) outcome: Outcome,
    new_categories: Vec<Category>,
    changes: Vec<Change>,
    revisions: Vec<Revision>,
    /// Whether to collect diffs.
    with_diffs: bool,
    /// Ids generated for rows without a key of an existing product.
    generated_ids: HashSet<ProductId>,
}

impl Batch {
    /// Starts with the stored products, which must be all that the rows identify by id, external id or
    /// SKU.
    pub(crate) fn new(known: Vec<Product>, tree: Arc<Tree>, now: Micros) -> Self {
        Self {
            known: KnownProducts::new(known),
            tree,
            now,
            actor: String::new(),
            outcome: Outcome::default(),
            new_categories: Vec::new(),
            changes: Vec::new(),
            revisions: Vec::new(),
            with_diffs: false,
            generated_ids: HashSet::new(),
        }
    }

    /// Sets the actor that new products record as their creator.
    #[must_use]
    pub(crate) fn by(self, actor: &str) -> Self {
        Self { actor: actor.to_owned(), ..self }
    }

    /// Collects diffs as well.
    #[must_use]
    pub(crate) fn with_diffs(self) -> Self {
        Self { with_diffs: true, ..self }
    }

    /// Applies the rows in their order, and collects rejected ones. With [`OnError::Stop`], the rows
    /// after a rejected one are skipped.
    ///
    /// # Errors
    /// An error that no row has caused.
    pub(crate) fn apply(&mut self, rows: Vec<Row>, options: ApplyOptions) -> Result<()> {
        for row in rows {
            let line = row.line;
            if let Err(error) = self.apply_row(row, options) {
                self.outcome.rejects.push(Reject::new(line, error)?);
                if options.on_error == OnError::Stop {
                    break;
                }
            }
        }
        Ok(())
    }

    fn apply_row(&mut self, mut row: Row, options: ApplyOptions) -> Result<()> {
        let id = match key::find(&self.known, &mut row)? {
            Some(id) => id,
            None => {
                let id = ProductId::new();
                self.generated_ids.insert(id.clone());
                id
            }
        };
        self.known.check_owners(&row, &id)?;
        let known = self.known.entries.get(&id);
        if known.is_none() && options.mode == Mode::UpdateOnly {
            return Err(Error::ProductNotFound(key::shown(&row, &id)));
        }
        let mut is_stock_kept = false;
        match known {
            None => {
                row.mask = row.mask.with(Field::ExternalId);
                if row.merge.variants.is_some() {
                    conditions::check_new(&row.details)?;
                }
            }
            Some(entry) => {
                row.merge_into(&entry.product);
                if !options.set_stock {
                    is_stock_kept = row.keep_stock_of(&entry.product.details)?;
                }
                conditions::check(&self.tree, entry, &row, options)?;
                conditions::check_merged(&entry.product, &row.details, row.mask)?;
            }
        }
        if known.is_none() && !row.mask.has(Field::NAME) {
            return Err(match row.sku.take().filter(|_| row.is_keyed_by_sku()) {
                Some(sku) => Error::SkuNotFound(sku),
                None => Error::field("name", "is required for a product that does not exist yet"),
            });
        }
        // Last, so that a rejected row creates no categories.
        if row.mask.has(Field::CategoryIds) {
            row.details.category_ids =
                self.categories(&row.details.category_ids, &row.category_paths)?;
        }
        self.outcome.stock_kept += i64::from(is_stock_kept);
        if self.known.entries.contains_key(&id) {
            self.update(&id, row);
        } else {
            self.create(id, row);
        }
        Ok(())
    }

    fn create(&mut self, id: ProductId, row: Row) {
        let details = if row.mask == Mask::all() {
            row.details
        } else {
            let mut details = Details::default();
            details.take(&row.details, row.mask);
            details
        };
        if let Some(external_id) = details.external_id.clone() {
            self.known.external_id_owners.insert(external_id, id.clone());
        }
        for variant in &details.variants {
            self.known.sku_owners.insert(variant.sku.clone(), id.clone());
        }
        if self.with_diffs {
            let mut after = Details::default();
            let changed = after.take(&details, Mask::all());
            let (line, id) = (row.line, Some(id.clone()));
            self.outcome.diffs.push(Diff { line, id, before: None, after, changed });
        }
        let mut product = Product::new(id.clone(), details, self.now);
        product.created_by.clone_from(&self.actor);
        self.changes.push(Change::whole(id.clone(), Op::Created, self.now));
        let changed = Mask::all();
        self.known.entries.insert(
            id,
            Entry {
                read_revision: product.content_revision,
                stored_revision: 0,
                product,
                changed,
                is_new: true,
                undeleted: false,
                releases_external_id: false,
            },
        );
        self.outcome.created += 1;
    }

    fn update(&mut self, id: &ProductId, row: Row) {
        let Some(entry) = self.known.entries.get_mut(id) else { return };
        let old_external_id = entry.product.details.external_id.clone();
        let old = entry.product.details.clone();
        let deleted_at = entry.product.deleted_at;
        let undeleted = deleted_at.is_some();
        if undeleted {
            entry.product.undelete(self.now);
            self.revisions.push(Revision::undeleted(&entry.product, deleted_at));
            entry.undeleted = true;
            self.changes.push(Change::undeleted(id.clone(), self.now));
        }
        if row.mask.has(Field::Variants) {
            for variant in &entry.product.details.variants {
                self.known.sku_owners.remove(&variant.sku);
            }
        }
        let changed = entry.product.update(&row.details, row.mask, self.now);
        for variant in &entry.product.details.variants {
            if row.mask.has(Field::Variants) {
                self.known.sku_owners.insert(variant.sku.clone(), id.clone());
            }
        }
        if changed.is_empty() {
            self.outcome.updated += i64::from(undeleted);
            self.outcome.unchanged += i64::from(!undeleted);
            return;
        }
        if changed.has(Field::ExternalId) {
            entry.releases_external_id |= !entry.is_new && old_external_id.is_some();
            if let Some(old) = old_external_id {
                self.known.external_id_owners.remove(&old);
            }
            if let Some(new) = entry.product.details.external_id.clone() {
                self.known.external_id_owners.insert(new, id.clone());
            }
        }
        self.revisions.push(Revision::updated(&old, &entry.product, changed));
        if self.with_diffs {
            let (before, after) = (only(&old, changed), only(&entry.product.details, changed));
            let (line, id) = (row.line, Some(id.clone()));
            self.outcome.diffs.push(Diff { line, id, before: Some(before), after, changed });
        }
        entry.changed = changed.fields().fold(entry.changed, Mask::with);
        self.changes.push(Change::updated(id.clone(), changed, self.now).from(old.status));
        self.outcome.updated += 1;
    }

    /// Resolves categories. An unknown id is replaced by the category at its path, which is created if
    /// necessary; paths without ids apply only if there are no ids at all.
    fn categories(&mut self, ids: &[CategoryId], paths: &[Path]) -> Result<Vec<CategoryId>> {
        let mut wanted: Vec<(Option<&CategoryId>, Option<&Path>)> = Vec::new();
        for id in ids {
            let path = paths.iter().find(|path| path.ids.last() == Some(id));
            if self.tree.get(id).is_some() {
                wanted.push((Some(id), None));
            } else if path.is_some() {
                wanted.push((None, path));
            } else {
                return Err(Error::CategoryNotFound(id.clone()));
            }
        }
        if ids.is_empty() {
            wanted.extend(paths.iter().map(|path| (None, Some(path))));
        }
        let mut found: Vec<CategoryId> = Vec::new();
        for (id, path) in wanted {
            let id = match (id, path) {
                (Some(id), _) => id.clone(),
                (None, Some(path)) => self.ensure(path)?,
                (None, None) => continue,
            };
            if !found.contains(&id) {
                found.push(id);
            }
        }
        Ok(found)
    }

    fn ensure(&mut self, path: &Path) -> Result<CategoryId> {
        if let Some(id) = self.tree.find(&path.names) {
            return Ok(id.clone());
        }
        let (id, added) = Arc::make_mut(&mut self.tree).ensure(&path.names, &path.ids)?;
        self.new_categories.extend(added);
        Ok(id)
    }

    /// The products to write, in their final state.
    pub(crate) fn written_products(&self) -> Vec<&Product> {
        self.select(|entry| entry.undeleted || !entry.changed.is_empty())
    }

    /// The products that the batch creates.
    pub(crate) fn created_products(&self) -> Vec<&Product> {
        self.select(|entry| entry.is_new)
    }

    /// The existing products that the batch changes.
    pub(crate) fn updated_products(&self) -> Vec<&Product> {
        self.select(|entry| !entry.is_new && (entry.undeleted || !entry.changed.is_empty()))
    }

    /// The products with categories to write.
    pub(crate) fn with_changed_categories(&self) -> Vec<&Product> {
        self.select(|entry| entry.changed.has(Field::CategoryIds))
    }

    /// The products with variants, or a stock of variants, to write.
    pub(crate) fn with_changed_variants(&self) -> Vec<&Product> {
        self.select(|entry| {
            let has_some = !entry.product.details.variants.is_empty();
            let stocked = entry.changed.has(Field::StockQty) && has_some;
            // A new product has no stored variants to replace.
            stocked || (entry.changed.has(Field::Variants) && (has_some || !entry.is_new))
        })
    }

    /// Whether the batch undeletes products, which then count in their categories again.
    pub(crate) fn undeletes(&self) -> bool {
        self.known.entries.values().any(|entry| entry.undeleted)
    }

    /// The products with stored external ids to release before the writes.
    pub(crate) fn releasing_external_ids(&self) -> Vec<&ProductId> {
        self.select(|entry| entry.releases_external_id)
            .into_iter()
            .map(|product| &product.id)
            .collect()
    }

    /// The categories to create, parents first.
    pub(crate) fn new_categories(&self) -> &[Category] {
        &self.new_categories
    }

    /// The changes, in the order of the rows.
    pub(crate) fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// The revisions of existing products, in the order of the rows.
    pub(crate) fn revisions(&self) -> &[Revision] {
        &self.revisions
    }

    /// Whether the batch only creates products, and no categories.
    pub(crate) fn only_creates(&self) -> bool {
        self.new_categories.is_empty() && self.known.entries.values().all(|entry| entry.is_new)
    }

    /// Whether products have become for sale, or are not any more.
    pub(crate) fn changes_statuses(&self) -> bool {
        self.known.entries.values().any(|entry| entry.changed.has(Field::Status))
    }

    /// The revisions that the batch has written of each product, for undoing its import. `set_stock`: whether rows set the
    /// stock of what exists.
    pub(crate) fn imported(&self, set_stock: bool) -> Vec<ImportedProduct> {
        let written = self.known.entries.values();
        let written = written.filter(|entry| entry.undeleted || !entry.changed.is_empty());
        let imported = written.map(|entry| ImportedProduct {
            before_revision: entry.stored_revision,
            before_content: if entry.is_new { 0 } else { entry.read_revision },
            stock_set: set_stock && !entry.is_new && entry.changed.has(Field::StockQty),
            ..ImportedProduct::last(&entry.product)
        });
        let mut imported: Vec<_> = imported.collect();
        imported.sort_unstable_by(|a, b| a.product_id.cmp(&b.product_id));
        imported
    }

    /// The ids generated for new products.
    pub(super) fn generated_ids(&self) -> &HashSet<ProductId> {
        &self.generated_ids
    }

    /// Returns the tree with the new categories, and the outcome.
    pub(crate) fn finish(self) -> (Arc<Tree>, Outcome) {
        (self.tree, self.outcome)
    }

    /// The selected products in the order of their ids, in which all transactions lock products to
    /// prevent deadlocks.
    fn select(&self, wanted: impl Fn(&Entry) -> bool) -> Vec<&Product> {
        let wanted = self.known.entries.values().filter(|entry| wanted(entry));
        let mut products: Vec<_> = wanted.map(|entry| &entry.product).collect();
        products.sort_unstable_by(|a, b| a.id.cmp(&b.id));
        products
    }
}

/// Copies only these fields of `details`.
fn only(details: &Details, fields: Mask) -> Details {
    let mut some = Details::default();
    some.take(details, fields);
    some
}
