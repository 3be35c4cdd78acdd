//! The products of a scope as they are now, in the order of their ids, a batch at a time.

use crate::{
    domain::{Product, ProductId, Result},
    feed::Scope,
    grpc::walk::{BATCH, Walk},
    store::Store,
};

/// A snapshot under way. Like a walk, it holds nothing of the database between its steps.
pub(super) struct Snapshot<'a> {
    store: &'a Store,
    scope: &'a Scope,
    source: Source<'a>,
}

enum Source<'a> {
    /// Those of the products that exist.
    Ids(std::slice::Chunks<'a, ProductId>),
    Walk(Walk<'a>),
}

impl<'a> Snapshot<'a> {
    /// Begins behind `after`, or at the beginning.
    pub(super) fn new(store: &'a Store, scope: &'a Scope, after: Option<ProductId>) -> Self {
        let source = match scope.ids() {
            Some(ids) => {
                let next = ids.partition_point(|id| Some(id) <= after.as_ref());
                Source::Ids(ids[next..].chunks(BATCH))
            }
            None => Source::Walk(Walk::new(store, scope.selection(), after)),
        };
        Self { store, scope, source }
    }

    /// The next products; none at the end.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(super) async fn next(&mut self) -> Result<Vec<Product>> {
        let ids = match &mut self.source {
            Source::Walk(walk) => return walk.next(usize::MAX).await,
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
