//! What a watch is of.

use sha2::{Digest as _, Sha256};

use super::cursor::Fingerprint;
use crate::domain::{
    CategoryId, Change, Op, Product, ProductId, Selection, Subject, Tree,
    filter::{depends_on, matches},
};

/// Products a watch can be of by their ids.
pub(crate) const MAX_IDS: usize = 1_000;

/// Fields of a product that say which categories it is in.
const PLACES: [&str; 2] = ["category_ids", "category_paths"];

/// Which products a watch is of: those that meet everything that is asked for.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Scope {
    selection: Selection,
    /// Sorted, each once. Empty: all.
    ids: Vec<ProductId>,
}

/// What a watch sees of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sight {
    /// It happened to what the watch is of.
    Whole,
    /// What it happened to may have been in the scope, and no longer is.
    Left,
    Nothing,
}

impl Scope {
    /// What is in the selection and has one of `ids`; without ids, all of the selection.
    pub(crate) fn new(selection: Selection, mut ids: Vec<ProductId>) -> Self {
        ids.sort_unstable();
        ids.dedup();
        Self { selection, ids }
    }

    pub(crate) fn selection(&self) -> &Selection {
        &self.selection
    }

    /// Which products at most; none for no limit.
    pub(crate) fn ids(&self) -> Option<&[ProductId]> {
        Some(self.ids.as_slice()).filter(|ids| !ids.is_empty())
    }

    /// Tells this scope from others, here and in every other replica.
    pub(crate) fn fingerprint(&self) -> Fingerprint {
        let mut digest = Sha256::new();
        digest.update(self.selection.text());
        for id in &self.ids {
            // In no filter as it is written out, and in no id.
            digest.update("\n");
            digest.update(id.as_str());
        }
        let digest: [u8; 32] = digest.finalize().into();
        std::array::from_fn(|index| digest[index])
    }

    /// Whether the product can be in the scope, by its id.
    pub(crate) fn may_hold(&self, id: &ProductId) -> bool {
        self.ids.is_empty() || self.ids.binary_search(id).is_ok()
    }

    /// Whether the product, as it now is, is in the scope.
    pub(crate) fn holds(&self, product: &Product, tree: &Tree) -> bool {
        let is_below = |category: &CategoryId| {
            product.details.category_ids.iter().any(|id| is_in(id, category, tree))
        };
        self.may_hold(&product.id)
            && self.selection.category.as_ref().is_none_or(is_below)
            && self.selection.filter.as_ref().is_none_or(|filter| matches(filter, product, tree))
    }

    /// What to tell of a change. `product` is the one it is of, as it now is; none if it has been
    /// deleted. Fields that changed must be those of the change, `tree` no older than it.
    pub(crate) fn sight(&self, change: &Change, product: Option<&Product>, tree: &Tree) -> Sight {
        let id = match &change.subject {
            Subject::Category(id) => return self.sight_of_category(id, change, tree),
            Subject::Product(id) => id,
        };
        if !self.may_hold(id) {
            return Sight::Nothing;
        }
        // Nobody knows any more where it was.
        if change.op == Op::Deleted {
            return Sight::Whole;
        }
        match product {
            Some(product) if self.holds(product, tree) => Sight::Whole,
            Some(_) if self.may_have_left(change) => Sight::Left,
            // Its deletion follows.
            None if self.selection == Selection::default() => Sight::Whole,
            Some(_) | None => Sight::Nothing,
        }
    }

    /// Whether the change can be why a product is not in the scope.
    fn may_have_left(&self, change: &Change) -> bool {
        let matters = |field: &String| {
            let by_category = self.selection.category.is_some() && PLACES.contains(&field.as_str());
            by_category || self.selection.filter.as_ref().is_some_and(|it| depends_on(it, field))
        };
        change.changed_fields.iter().any(matters)
    }

    fn sight_of_category(&self, id: &CategoryId, change: &Change, tree: &Tree) -> Sight {
        // A filter is a question about products.
        if !self.ids.is_empty() || self.selection.filter.is_some() {
            return Sight::Nothing;
        }
        match &self.selection.category {
            None => Sight::Whole,
            // Nobody knows any more where it was.
            Some(_) if change.op == Op::Deleted => Sight::Whole,
            Some(category) if is_in(id, category, tree) => Sight::Whole,
            Some(_) if change.changed_fields.iter().any(|field| field == "parent_id") => {
                Sight::Left
            }
            Some(_) => Sight::Nothing,
        }
    }
}

fn is_in(id: &CategoryId, category: &CategoryId, tree: &Tree) -> bool {
    tree.path(id).iter().any(|above| above.id == *category)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids<const N: usize>(ids: [&str; N]) -> Vec<ProductId> {
        ids.map(|id| ProductId::parse(id).unwrap()).into()
    }

    #[test]
    fn the_order_of_ids_makes_no_other_scope_and_anything_else_does() {
        let scope = |category: &str, filter: &str, ids| {
            let category = CategoryId::parse(category).ok();
            let filter = Selection::parse_filter(filter).unwrap();
            Scope::new(Selection { category, filter, ..Default::default() }, ids)
        };
        let same = [
            scope("mugs", "brand = a", ids(["a", "b"])).fingerprint(),
            scope("mugs", "brand=\"a\"", ids(["b", "a", "b"])).fingerprint(),
        ];
        assert_eq!(same[0], same[1]);
        let others = [
            Scope::default(),
            scope("mugs", "", ids([])),
            scope("mugs", "brand=a", ids([])),
            scope("", "", ids(["mugs"])),
            scope("", "", ids(["a", "b"])),
            scope("mugs", "", ids(["a", "b"])),
            scope("mugs", "brand=A", ids(["a", "b"])),
            scope("mugs", "brand=a", ids(["ab"])),
        ];
        let mut prints: Vec<_> = others.iter().map(Scope::fingerprint).chain([same[0]]).collect();
        prints.sort_unstable();
        prints.dedup();
        assert_eq!(prints.len(), others.len() + 1);
    }
}
