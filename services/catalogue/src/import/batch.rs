//! One batch of rows.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use super::{Diff, OnError, Outcome, Path, Reject, Row};
use crate::domain::{
    Category, CategoryId, Change, Details, Error, Field, Mask, Micros, Op, Product, ProductId,
    Result, Revision, Sku, Tree, Variant, Violations, check_stock_mask, check_whole,
};

/// Products while rows are applied to them.
#[derive(Debug)]
pub(crate) struct Batch {
    entries: HashMap<ProductId, Entry>,
    /// Who has an external id at this point of the batch.
    owners: HashMap<String, ProductId>,
    /// Who has a sku at this point of the batch.
    sellers: HashMap<Sku, ProductId>,
    tree: Arc<Tree>,
    now: Micros,
    /// Who imports.
    actor: String,
    pub(super) outcome: Outcome,
    new_categories: Vec<Category>,
    changes: Vec<Change>,
    revisions: Vec<Revision>,
    /// Whether to note what each row changes.
    notes_diffs: bool,
    /// Ids that were made up here, for rows that have none.
    made_ids: HashSet<ProductId>,
}

#[derive(Debug)]
struct Entry {
    product: Product,
    changed: Mask,
    is_new: bool,
    /// Whether it was deleted and is back.
    revived: bool,
    /// Whether the store has an external id for it that is not its own any more.
    released: bool,
}

impl Batch {
    /// Begins with the products that there are: all that the rows name by id, external id or sku.
    pub(crate) fn new(known: Vec<Product>, tree: Arc<Tree>, now: Micros) -> Self {
        let owner =
            |product: &Product| Some((product.details.external_id.clone()?, product.id.clone()));
        let owners = known.iter().filter_map(owner).collect();
        let sellers = known.iter().flat_map(|product| {
            let variants = product.details.variants.iter();
            variants.map(|variant| (variant.sku.clone(), product.id.clone()))
        });
        let sellers = sellers.collect();
        let entry = |product: Product| {
            let id = product.id.clone();
            (
                id,
                Entry {
                    product,
                    changed: Mask::default(),
                    is_new: false,
                    revived: false,
                    released: false,
                },
            )
        };
        Self {
            entries: known.into_iter().map(entry).collect(),
            owners,
            sellers,
            tree,
            now,
            actor: String::new(),
            outcome: Outcome::default(),
            new_categories: Vec::new(),
            changes: Vec::new(),
            revisions: Vec::new(),
            notes_diffs: false,
            made_ids: HashSet::new(),
        }
    }

    /// Names who creates products.
    #[must_use]
    pub(crate) fn by(self, actor: &str) -> Self {
        Self { actor: actor.to_owned(), ..self }
    }

    /// Notes what each row changes, too.
    #[must_use]
    pub(crate) fn with_diffs(self) -> Self {
        Self { notes_diffs: true, ..self }
    }

    /// Applies the rows in their order, and notes why one cannot be; told to stop, it looks at none
    /// behind such a row.
    ///
    /// # Errors
    /// None about a row.
    pub(crate) fn apply(&mut self, rows: Vec<Row>, on_error: OnError) -> Result<()> {
        for row in rows {
            let line = row.line;
            if let Err(error) = self.take(row) {
                self.outcome.rejects.push(Reject::new(line, error)?);
                if on_error == OnError::Stop {
                    break;
                }
            }
        }
        Ok(())
    }

    fn take(&mut self, mut row: Row) -> Result<()> {
        let external_id = row.details.external_id.as_ref();
        let owner = external_id.and_then(|external_id| self.owners.get(external_id));
        let seller = match external_id {
            None => row.sku.as_ref().and_then(|sku| self.sellers.get(sku)),
            Some(_) => None,
        };
        let id = row.id.take().or_else(|| owner.or(seller).cloned()).unwrap_or_else(|| {
            let id = ProductId::new();
            self.made_ids.insert(id.clone());
            id
        });
        let known = self.entries.get(&id);
        let claims = known.is_none() || row.mask.has(Field::ExternalId);
        if let (Some(external_id), Some(owner)) = (external_id, owner)
            && claims
            && *owner != id
        {
            let (external_id, owner) = (external_id.clone(), owner.clone());
            return Err(Error::ExternalIdTaken { external_id, owner });
        }
        if known.is_none() || row.mask.has(Field::Variants) {
            for Variant { sku, .. } in &row.details.variants {
                if let Some(owner) = self.sellers.get(sku)
                    && *owner != id
                {
                    return Err(Error::SkuTaken { sku: sku.clone(), owner: owner.clone() });
                }
            }
        }
        match known {
            None => row.mask = row.mask.with(Field::ExternalId),
            Some(entry) => check_merged(&entry.product, &row.details, row.mask)?,
        }
        if known.is_none() && !row.mask.has(Field::NAME) {
            return Err(Error::field("name", "is required for a product that does not exist yet"));
        }
        // Last: what is rejected must not leave categories behind.
        if row.mask.has(Field::CategoryIds) {
            row.details.category_ids =
                self.categories(&row.details.category_ids, &row.category_paths)?;
        }
        if self.entries.contains_key(&id) {
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
            self.owners.insert(external_id, id.clone());
        }
        for variant in &details.variants {
            self.sellers.insert(variant.sku.clone(), id.clone());
        }
        if self.notes_diffs {
            let mut after = Details::default();
            let changed = after.take(&details, Mask::all());
            let (line, id) = (row.line, Some(id.clone()));
            self.outcome.diffs.push(Diff { line, id, before: None, after, changed });
        }
        let mut product = Product::new(id.clone(), details, self.now);
        product.created_by.clone_from(&self.actor);
        self.changes.push(Change::whole(id.clone(), Op::Created, self.now));
        let changed = Mask::all();
        self.entries
            .insert(id, Entry { product, changed, is_new: true, revived: false, released: false });
        self.outcome.created += 1;
    }

    fn update(&mut self, id: &ProductId, row: Row) {
        let Some(entry) = self.entries.get_mut(id) else { return };
        let old_external_id = entry.product.details.external_id.clone();
        let old = entry.product.details.clone();
        let deleted_at = entry.product.deleted_at;
        let revived = deleted_at.is_some();
        if revived {
            entry.product.undelete(self.now);
            self.revisions.push(Revision::undeleted(&entry.product, deleted_at));
            entry.revived = true;
            self.changes.push(Change::undeleted(id.clone(), self.now));
        }
        if row.mask.has(Field::Variants) {
            for variant in &entry.product.details.variants {
                self.sellers.remove(&variant.sku);
            }
        }
        let changed = entry.product.update(&row.details, row.mask, self.now);
        for variant in &entry.product.details.variants {
            if row.mask.has(Field::Variants) {
                self.sellers.insert(variant.sku.clone(), id.clone());
            }
        }
        if changed.is_empty() {
            self.outcome.updated += i64::from(revived);
            self.outcome.unchanged += i64::from(!revived);
            return;
        }
        if changed.has(Field::ExternalId) {
            entry.released |= !entry.is_new && old_external_id.is_some();
            if let Some(old) = old_external_id {
                self.owners.remove(&old);
            }
            if let Some(new) = entry.product.details.external_id.clone() {
                self.owners.insert(new, id.clone());
            }
        }
        self.revisions.push(Revision::updated(&old, &entry.product, changed));
        if self.notes_diffs {
            let (before, after) = (only(&old, changed), only(&entry.product.details, changed));
            let (line, id) = (row.line, Some(id.clone()));
            self.outcome.diffs.push(Diff { line, id, before: Some(before), after, changed });
        }
        entry.changed = changed.fields().fold(entry.changed, Mask::with);
        self.changes.push(Change::updated(id.clone(), changed, self.now));
        self.outcome.updated += 1;
    }

    /// Known ids stand for themselves; an unknown one is made from the path that leads to it.
    /// Without any ids the paths say where the product belongs.
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

    /// The products to write, each as the last of its rows left it.
    pub(crate) fn changed_products(&self) -> Vec<&Product> {
        self.with(|entry| entry.revived || !entry.changed.is_empty())
    }

    /// Those of them that were not there.
    pub(crate) fn new_products(&self) -> Vec<&Product> {
        self.with(|entry| entry.is_new)
    }

    /// Those of them that were there.
    pub(crate) fn replaced_products(&self) -> Vec<&Product> {
        self.with(|entry| !entry.is_new && (entry.revived || !entry.changed.is_empty()))
    }

    /// Those whose categories are to be written.
    pub(crate) fn moved_products(&self) -> Vec<&Product> {
        self.with(|entry| entry.changed.has(Field::CategoryIds))
    }

    /// Those whose variants, or how many there are of each, are to be written.
    pub(crate) fn varied_products(&self) -> Vec<&Product> {
        self.with(|entry| {
            let has_some = !entry.product.details.variants.is_empty();
            let stocked = entry.changed.has(Field::StockQty) && has_some;
            // A new one has nothing to be replaced.
            stocked || (entry.changed.has(Field::Variants) && (has_some || !entry.is_new))
        })
    }

    /// Whether a deleted product is back, and so in its categories again.
    pub(crate) fn revives(&self) -> bool {
        self.entries.values().any(|entry| entry.revived)
    }

    /// Those that have given up the external id the store has for them.
    pub(crate) fn released(&self) -> Vec<&ProductId> {
        self.with(|entry| entry.released).into_iter().map(|product| &product.id).collect()
    }

    /// Parents first.
    pub(crate) fn new_categories(&self) -> &[Category] {
        &self.new_categories
    }

    /// In the order of the rows.
    pub(crate) fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// What was replaced, in the order of the rows. What is new has replaced nothing.
    pub(crate) fn revisions(&self) -> &[Revision] {
        &self.revisions
    }

    /// Whether nothing was there that the rows name, and no category is to be added.
    pub(crate) fn only_adds(&self) -> bool {
        self.new_categories.is_empty() && self.entries.values().all(|entry| entry.is_new)
    }

    /// The ids that were made up for rows without one.
    pub(super) fn made_ids(&self) -> &HashSet<ProductId> {
        &self.made_ids
    }

    /// The categories with the new ones, and what became of the rows.
    pub(crate) fn finish(self) -> (Arc<Tree>, Outcome) {
        (self.tree, self.outcome)
    }

    /// In the order of their ids: whoever writes rows in another order than the next one may wait
    /// for it for ever.
    fn with(&self, wanted: impl Fn(&Entry) -> bool) -> Vec<&Product> {
        let wanted = self.entries.values().filter(|entry| wanted(entry));
        let mut products: Vec<_> = wanted.map(|entry| &entry.product).collect();
        products.sort_unstable_by(|a, b| a.id.cmp(&b.id));
        products
    }
}

/// These fields of `details`, and no other.
fn only(details: &Details, fields: Mask) -> Details {
    let mut some = Details::default();
    some.take(details, fields);
    some
}

/// Fields that fit one by one may be too much together with those the product keeps.
fn check_merged(product: &Product, new: &Details, mask: Mask) -> Result<()> {
    let mut merged = product.details.clone();
    let mut violations = Violations::default();
    check_stock_mask(&merged, mask, &mut violations);
    merged.take(new, mask);
    check_whole(&merged, &mut violations);
    violations.check()
}
