//! Rows become products: what a batch of them does to what there is.
//!
//! A [`Batch`] is settled in memory, row by row in their order, and knows afterwards what is to be
//! written. It asks nobody, so it is given every product its rows may concern.

use std::{collections::HashMap, sync::Arc};

use crate::domain::{
    Category, CategoryId, Change, Details, Error, Field, Mask, Micros, Op, Product, ProductId,
    Result, Tree, Violations, check_size,
};

/// A reject's message, in characters: an answer may hold hundreds.
const MAX_MESSAGE: usize = 500;

/// What a row wants. It has an id, or an external id in its details, or both.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) line: i64,
    pub(crate) id: Option<ProductId>,
    pub(crate) details: Details,
    pub(crate) mask: Mask,
    /// By name, for the categories that are not named by a known id.
    pub(crate) category_paths: Vec<Path>,
}

/// The way to a category. `ids` are those of another catalogue, or none.
#[derive(Debug, Clone)]
pub(crate) struct Path {
    pub(crate) names: Vec<String>,
    pub(crate) ids: Vec<CategoryId>,
}

/// A row that could not be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reject {
    pub(crate) line: i64,
    pub(crate) reason: &'static str,
    /// By its name in the contract, or empty.
    pub(crate) field: String,
    pub(crate) message: String,
}

/// What became of some rows.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) created: i64,
    pub(crate) updated: i64,
    pub(crate) unchanged: i64,
    pub(crate) rejects: Vec<Reject>,
}

impl Reject {
    /// The row's own fault is a reject; any other error ends the import.
    ///
    /// # Errors
    /// `error`, when it is not about the row.
    pub(crate) fn new(line: i64, error: Error) -> Result<Self> {
        let message = error.to_string().chars().take(MAX_MESSAGE).collect();
        let (reason, field) = match error {
            Error::Invalid(violations) => {
                let first = violations.iter().next().map(|(field, _)| field.to_owned());
                ("INVALID_FIELD", first.unwrap_or_default())
            }
            Error::CategoryNotFound(_) => ("CATEGORY_NOT_FOUND", "category_ids".to_owned()),
            Error::ExternalIdTaken { .. } => ("EXTERNAL_ID_TAKEN", "external_id".to_owned()),
            Error::TooManyCategories(_) => ("CATEGORY_LIMIT", "category_paths".to_owned()),
            other => return Err(other),
        };
        Ok(Self { line, reason, field, message })
    }

    /// The row does not say which product it means.
    pub(crate) fn key_missing(line: i64) -> Self {
        let message = "the row needs an id or an external_id".to_owned();
        Self { line, reason: "KEY_MISSING", field: "id".to_owned(), message }
    }
}

/// Products while rows are applied to them.
#[derive(Debug)]
pub(crate) struct Batch {
    entries: HashMap<ProductId, Entry>,
    /// Who has an external id at this point of the batch.
    owners: HashMap<String, ProductId>,
    tree: Arc<Tree>,
    now: Micros,
    outcome: Outcome,
    new_categories: Vec<Category>,
    changes: Vec<Change>,
}

#[derive(Debug)]
struct Entry {
    product: Product,
    changed: Mask,
    is_new: bool,
    /// Whether the store has an external id for it that is not its own any more.
    released: bool,
}

impl Batch {
    /// Begins with the products that there are: all that the rows name by id or external id.
    pub(crate) fn new(known: Vec<Product>, tree: Arc<Tree>, now: Micros) -> Self {
        let owner =
            |product: &Product| Some((product.details.external_id.clone()?, product.id.clone()));
        let owners = known.iter().filter_map(owner).collect();
        let entry = |product: Product| {
            let id = product.id.clone();
            (id, Entry { product, changed: Mask::default(), is_new: false, released: false })
        };
        Self {
            entries: known.into_iter().map(entry).collect(),
            owners,
            tree,
            now,
            outcome: Outcome::default(),
            new_categories: Vec::new(),
            changes: Vec::new(),
        }
    }

    /// Applies one row, or notes why it cannot be.
    ///
    /// # Errors
    /// None about the row.
    pub(crate) fn apply(&mut self, row: Row) -> Result<()> {
        let line = row.line;
        if let Err(error) = self.take(row) {
            self.outcome.rejects.push(Reject::new(line, error)?);
        }
        Ok(())
    }

    fn take(&mut self, mut row: Row) -> Result<()> {
        let external_id = row.details.external_id.clone();
        let owner = external_id.as_ref().and_then(|external_id| self.owners.get(external_id));
        let id = row.id.or_else(|| owner.cloned()).unwrap_or_else(ProductId::new);
        let known = self.entries.get(&id);
        let claims = known.is_none() || row.mask.has(Field::ExternalId);
        if let (Some(external_id), Some(owner)) = (&external_id, owner)
            && claims
            && *owner != id
        {
            let (external_id, owner) = (external_id.clone(), owner.clone());
            return Err(Error::ExternalIdTaken { external_id, owner });
        }
        match known {
            None => row.mask = row.mask.with(Field::ExternalId),
            Some(entry) => check_merged(&entry.product, &row.details, row.mask)?,
        }
        if known.is_none() && !row.mask.has(Field::Name) {
            return Err(Error::field("name", "is required for a product that does not exist yet"));
        }
        // Last: what is rejected must not leave categories behind.
        if row.mask.has(Field::CategoryIds) {
            row.details.category_ids =
                self.categories(&row.details.category_ids, &row.category_paths)?;
        }
        self.put(id, &row.details, row.mask);
        Ok(())
    }

    fn put(&mut self, id: ProductId, details: &Details, mask: Mask) {
        let Some(entry) = self.entries.get_mut(&id) else {
            let mut taken = Details::default();
            taken.take(details, mask);
            if let Some(external_id) = taken.external_id.clone() {
                self.owners.insert(external_id, id.clone());
            }
            let product = Product::new(id.clone(), taken, self.now);
            let changed = Mask::all();
            self.changes.push(Change::whole(id.clone(), Op::Created, self.now));
            self.entries.insert(id, Entry { product, changed, is_new: true, released: false });
            self.outcome.created += 1;
            return;
        };
        let old_external_id = entry.product.details.external_id.clone();
        let changed = entry.product.update(details, mask, self.now);
        if changed.is_empty() {
            self.outcome.unchanged += 1;
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
        entry.changed = changed.fields().fold(entry.changed, Mask::with);
        self.changes.push(Change::updated(id, changed, self.now));
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
        self.with(|entry| !entry.changed.is_empty())
    }

    /// Those whose categories are to be written.
    pub(crate) fn moved_products(&self) -> Vec<&Product> {
        self.with(|entry| entry.changed.has(Field::CategoryIds))
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

    /// The categories with the new ones, and what became of the rows.
    pub(crate) fn finish(self) -> (Arc<Tree>, Outcome) {
        (self.tree, self.outcome)
    }

    fn with(&self, wanted: impl Fn(&Entry) -> bool) -> Vec<&Product> {
        let wanted = self.entries.values().filter(|entry| wanted(entry));
        wanted.map(|entry| &entry.product).collect()
    }
}

/// Fields that fit one by one may be too much together with those the product keeps.
fn check_merged(product: &Product, new: &Details, mask: Mask) -> Result<()> {
    let mut merged = product.details.clone();
    let mut violations = Violations::default();
    merged.take(new, mask);
    check_size(&merged, &mut violations);
    violations.check()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(line: i64, id: &str, external_id: &str, name: &str) -> Row {
        Row {
            line,
            id: (!id.is_empty()).then(|| ProductId::parse(id).unwrap()),
            details: Details {
                name: name.to_owned(),
                external_id: (!external_id.is_empty()).then(|| external_id.to_owned()),
                ..Default::default()
            },
            mask: Mask::all(),
            category_paths: Vec::new(),
        }
    }

    fn product(id: &str, external_id: &str, name: &str) -> Product {
        Product::new(ProductId::parse(id).unwrap(), row(0, id, external_id, name).details, 1)
    }

    fn settle(known: Vec<Product>, rows: Vec<Row>) -> Batch {
        let mut batch = Batch::new(known, Arc::default(), 2);
        for row in rows {
            batch.apply(row).unwrap();
        }
        batch
    }

    fn counts(batch: &Batch) -> (i64, i64, i64, usize) {
        let outcome = &batch.outcome;
        (outcome.created, outcome.updated, outcome.unchanged, outcome.rejects.len())
    }

    #[test]
    fn the_later_of_two_rows_wins_and_both_count() {
        let rows = vec![row(1, "a", "", "A"), row(2, "a", "", "B"), row(3, "a", "", "B")];
        let batch = settle(Vec::new(), rows);
        assert_eq!(counts(&batch), (1, 1, 1, 0));
        let products = batch.changed_products();
        assert_eq!((products.len(), products[0].details.name.as_str()), (1, "B"));
        assert_eq!((products[0].revision, batch.changes().len()), (2, 2));
    }

    #[test]
    fn an_external_id_finds_its_product_and_has_one_owner() {
        let known = vec![product("a", "x", "A")];
        let rows = vec![row(1, "", "x", "A2"), row(2, "b", "x", "B"), row(3, "", "y", "C")];
        let batch = settle(known, rows);
        assert_eq!(counts(&batch), (1, 1, 0, 1));
        let reject = &batch.outcome.rejects[0];
        assert_eq!((reject.line, reject.reason), (2, "EXTERNAL_ID_TAKEN"));
    }

    #[test]
    fn external_ids_can_move_within_a_batch() {
        let known = vec![product("a", "x", "A"), product("b", "y", "B")];
        let rows = vec![row(1, "a", "x", "A2"), row(2, "b", "z", "B"), row(3, "a", "y", "A2")];
        let batch = settle(known, rows);
        assert_eq!(counts(&batch), (0, 3, 0, 0));
        assert_eq!(batch.released().len(), 2);
    }

    #[test]
    fn a_mask_keeps_what_it_does_not_name() {
        let mut stock = row(1, "a", "", "");
        stock.details.stock_qty = 5;
        stock.mask = Mask::default().with(Field::StockQty);
        let mut unknown = stock.clone();
        unknown.id = Some(ProductId::parse("new").unwrap());
        let batch = settle(vec![product("a", "x", "A")], vec![stock, unknown]);
        assert_eq!(counts(&batch), (0, 1, 0, 1));
        let product = batch.changed_products()[0];
        assert_eq!((product.details.name.as_str(), product.details.stock_qty), ("A", 5));
        assert_eq!(product.details.external_id.as_deref(), Some("x"));
        assert_eq!(batch.changes()[0].op, Op::Stock);
    }

    #[test]
    fn categories_come_from_paths_or_from_another_catalogues_ids() {
        let path = |ids: &[&str]| Path {
            names: ["Kitchen", "Mugs"].map(str::to_owned).into(),
            ids: ids.iter().map(|id| CategoryId::parse(id).unwrap()).collect(),
        };
        let mut by_name = row(1, "a", "", "A");
        by_name.category_paths = vec![path(&[])];
        let mut by_id = row(2, "b", "", "B");
        by_id.details.category_ids = vec![CategoryId::parse("k-m").unwrap()];
        let mut unknown = by_id.clone();
        unknown.line = 3;
        by_id.category_paths = vec![path(&["k", "k-m"])];
        let batch = settle(Vec::new(), vec![by_name, by_id, unknown]);
        assert_eq!(counts(&batch), (2, 0, 0, 1));
        assert_eq!(batch.outcome.rejects[0].reason, "CATEGORY_NOT_FOUND");
        assert_eq!(batch.new_categories().len(), 2);
        for product in batch.changed_products() {
            assert_eq!(product.details.category_ids[0].as_str(), "kitchen.mugs");
        }
    }
}
