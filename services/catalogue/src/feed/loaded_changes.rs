//! Changes with the products and categories that they are about.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use crate::{
    domain::{Change, Op, Place, Product, ProductId, Result, Tree},
    store::Store,
};

/// Consecutive changes, with the state of their products and categories after them.
#[derive(Debug)]
pub(crate) struct LoadedChanges {
    pub(crate) changes: Arc<[Change]>,
    /// The changed products that exist.
    pub(crate) products: HashMap<ProductId, Product>,
    pub(crate) tree: Arc<Tree>,
}

impl LoadedChanges {
    /// Loads the products for which `is_wanted` holds, and a category tree that includes the changes.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(crate) async fn load(
        store: &Store,
        changes: Arc<[Change]>,
        is_wanted: impl Fn(&ProductId) -> bool,
    ) -> Result<Self> {
        let present = changes.iter().filter(|change| change.op != Op::Deleted);
        let ids: HashSet<&ProductId> =
            present.filter_map(Change::product_id).filter(|id| is_wanted(id)).collect();
        let products = store.products(&ids.into_iter().cloned().collect::<Vec<_>>()).await?;
        let of_tree = |change: &Change| {
            change.product_id().is_none()
                || change.changed_fields.iter().any(|field| field == "category_paths")
        };
        let tree = match changes.iter().any(of_tree) {
            true => Arc::new(store.stored_tree().await?),
            false => store.tree_for(&products).await?,
        };
        let products = products.into_iter().map(|product| (product.id.clone(), product)).collect();
        Ok(Self { changes, products, tree })
    }

    /// The place of the last change.
    pub(super) fn end(&self) -> Option<Place> {
        self.changes.last().map(|change| change.place)
    }
}
