//! Scope of a watch: the products that it streams the changes of.

use sha2::{Digest as _, Sha256};

use crate::domain::{
    CategoryId, Change, Op, Product, ProductId, Selection, Status, Subject, Tree,
    filter::{depends_on, matches},
};

/// Maximum number of ids in a scope.
pub(crate) const MAX_IDS: usize = 1_000;

/// Fields of a product that change with its categories.
const CATEGORY_FIELDS: [&str; 2] = ["category_ids", "category_paths"];

/// Digest of a scope, by which a cursor recognises its scope.
pub(crate) type Fingerprint = [u8; 8];

/// A set of products: the selection, restricted to ids if there are any.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Scope {
    selection: Selection,
    /// Sorted and distinct. Empty: all products of the selection.
    ids: Vec<ProductId>,
    /// Whether changes name their authors. Not bound to cursors.
    reveals_actors: bool,
    /// Whether only products for sale may be seen: then the selection has no other products either.
    is_public: bool,
}

/// How a change appears in a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Visibility {
    /// The product or category is in the scope.
    InScope,
    /// The product or category may have been in the scope before the change, and is not any more.
    Left,
    Hidden,
}

impl Scope {
    pub(crate) fn new(selection: Selection, mut ids: Vec<ProductId>) -> Self {
        ids.sort_unstable();
        ids.dedup();
        Self { selection, ids, reveals_actors: false, is_public: false }
    }

    /// The same products, with or without the authors of changes.
    #[must_use]
    pub(crate) fn revealing_actors(self, reveals_actors: bool) -> Self {
        Self { reveals_actors, ..self }
    }

    /// The same products, for a caller that may see only products for sale.
    #[must_use]
    pub(crate) fn public(self) -> Self {
        Self { is_public: true, ..self }
    }

    pub(crate) fn reveals_actors(&self) -> bool {
        self.reveals_actors
    }

    pub(crate) fn selection(&self) -> &Selection {
        &self.selection
    }

    /// The ids that the scope is restricted to, if any.
    pub(crate) fn ids(&self) -> Option<&[ProductId]> {
        Some(self.ids.as_slice()).filter(|ids| !ids.is_empty())
    }

    /// Returns a digest that is the same in every replica.
    pub(crate) fn fingerprint(&self) -> Fingerprint {
        let mut digest = Sha256::new();
        digest.update(self.selection.text());
        for id in &self.ids {
            // Occurs neither in the canonical text of a filter nor in an id.
            digest.update("\n");
            digest.update(id.as_str());
        }
        let digest: [u8; 32] = digest.finalize().into();
        std::array::from_fn(|index| digest[index])
    }

    /// Whether the ids of the scope allow the product.
    pub(crate) fn may_hold(&self, id: &ProductId) -> bool {
        self.ids.is_empty() || self.ids.binary_search(id).is_ok()
    }

    /// Whether the product in this state is in the scope.
    pub(crate) fn holds(&self, product: &Product, tree: &Tree) -> bool {
        let is_below = |category: &CategoryId| {
            product.details.category_ids.iter().any(|id| is_in(id, category, tree))
        };
        self.may_hold(&product.id)
            && self.selection.category.as_ref().is_none_or(is_below)
            && self.selection.filter.as_ref().is_none_or(|filter| matches(filter, product, tree))
    }

    /// Returns how the change appears in the scope. `product` is the current state of the changed
    /// product, `None` if it does not exist; `tree` must include the change.
    pub(crate) fn visibility(
        &self,
        change: &Change,
        product: Option<&Product>,
        tree: &Tree,
    ) -> Visibility {
        let id = match &change.subject {
            Subject::Category(id) => return self.category_visibility(id, change, tree),
            Subject::Product(id) => id,
        };
        if !self.may_hold(id) {
            return Visibility::Hidden;
        }
        // It is unknown whether the deleted product was in the scope.
        if change.op == Op::Deleted {
            let is_secret = self.is_public && change.was_hidden;
            return if is_secret { Visibility::Hidden } else { Visibility::InScope };
        }
        match product {
            Some(product) if self.holds(product, tree) => Visibility::InScope,
            Some(product) if self.is_public && is_secret(change, product) => Visibility::Hidden,
            Some(_) if self.may_have_left(change) => Visibility::Left,
            // The change of its deletion follows.
            None if self.selection == Selection::default() => Visibility::InScope,
            Some(_) | None => Visibility::Hidden,
        }
    }

    /// Whether the change can have removed a product from the scope.
    fn may_have_left(&self, change: &Change) -> bool {
        let matters = |field: &String| {
            let by_category =
                self.selection.category.is_some() && CATEGORY_FIELDS.contains(&field.as_str());
            by_category || self.selection.filter.as_ref().is_some_and(|it| depends_on(it, field))
        };
        change.changed_fields.iter().any(matters)
    }

    fn category_visibility(&self, id: &CategoryId, change: &Change, tree: &Tree) -> Visibility {
        // Filters and ids select products only.
        if !self.ids.is_empty() || self.selection.filter.is_some() {
            return Visibility::Hidden;
        }
        match &self.selection.category {
            None => Visibility::InScope,
            // It is unknown where the deleted category was.
            Some(_) if change.op == Op::Deleted => Visibility::InScope,
            Some(category) if is_in(id, category, tree) => Visibility::InScope,
            Some(_) if change.changed_fields.iter().any(|field| field == "parent_id") => {
                Visibility::Left
            }
            Some(_) => Visibility::Hidden,
        }
    }
}

/// Whether a change must be hidden from callers that see only products for sale. After it the product is not in their
/// scope: it was not for sale before either, or another change, which they receive, has ended its sale.
fn is_secret(change: &Change, product: &Product) -> bool {
    let changes_status = change.changed_fields.iter().any(|field| field == "status");
    if changes_status { change.was_hidden } else { product.details.status != Status::Active }
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
    fn only_the_order_of_ids_does_not_matter_for_the_fingerprint() {
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
