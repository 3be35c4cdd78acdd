//! Snapshot: the current products of a scope, in the order of their ids, in batches.

use crate::{
    domain::{Product, ProductId, Result},
    feed::Scope,
    grpc::product_scan::{BATCH, ProductScan},
    store::Store,
};

/// A snapshot in progress. Like a [`ProductScan`], it holds no transaction between batches.
pub(super) struct Snapshot<'a> {
    store: &'a Store,
    scope: &'a Scope,
    source: Source<'a>,
}

enum Source<'a> {
    /// Loads the products with these ids, if they exist.
    Ids(std::slice::Chunks<'a, ProductId>),
    Scan(ProductScan<'a>),
}

impl<'a> Snapshot<'a> {
    /// Starts after the id `after`, or at the first product.
    pub(super) fn new(store: &'a Store, scope: &'a Scope, after: Option<ProductId>) -> Self {
        let source = match scope.ids() {
            Some(ids) => {
                let next = ids.partition_point(|id| Some(id) <= after.as_ref());
                Source::Ids(ids[next..].chunks(BATCH))
            }
            None => Source::Scan(ProductScan::new(store, scope.selection(), after)),
        };
        Self { store, scope, source }
    }

    /// Returns the next products; none at the end.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(super) async fn next(&mut self) -> Result<Vec<Product>> {
        let ids = match &mut self.source {
            Source::Scan(scan) => return scan.next(usize::MAX).await,
            Source::Ids(ids) => ids,
        };
        for ids in ids {
            let mut products = self.store.products(ids).await?;
            let tree = self.store.tree_for(&products).await?;
            products.retain(|product| self.scope.holds(product, &tree));
            products.sort_unstable_by(|a, b| a.id.cmp(&b.id));
            if !products.is_empty() {
                return Ok(products);
            }
        }
        Ok(Vec::new())
    }
}
