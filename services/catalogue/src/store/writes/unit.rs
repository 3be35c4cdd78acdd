//! A unit of work: one transaction, and the state to publish once it has been committed.

use std::sync::Arc;

use sea_orm::{ConnectionTrait as _, DatabaseTransaction};

use super::context::WriteContext;
use crate::{
    domain::{CategoryId, Error, Micros, Place, ProductId, Result, Tree, now},
    store::{category_tree, engine},
};

/// An open transaction, and its effects on the state in memory.
pub(in crate::store) struct Unit {
    pub(in crate::store) tx: DatabaseTransaction,
    pub(in crate::store) context: WriteContext,
    /// The categories, including the changes of this unit. [Lock](Self::lock_tree) them before
    /// changing them.
    pub(in crate::store) tree: Arc<Tree>,
    /// The categories before the unit.
    tree_before: Arc<Tree>,
    /// Set when a product was added to a category or removed from one.
    pub(in crate::store) memberships_changed: bool,
    /// The products that the unit adds, changes or purges. Products whose category paths alone
    /// change are not among them.
    pub(in crate::store) changed_products: Vec<ProductId>,
    /// The place of the unit's last change in the feed.
    pub(in crate::store) last_change: Option<Place>,
    /// How many products the event of the audit trail stands for that the unit has recorded; 0: none.
    pub(super) recorded_events: i32,
    pub(in crate::store) now: Micros,
}

impl Unit {
    pub(super) fn new(tx: DatabaseTransaction, context: WriteContext, tree: Arc<Tree>) -> Self {
        Self {
            tx,
            context,
            tree_before: Arc::clone(&tree),
            tree,
            memberships_changed: false,
            changed_products: Vec::new(),
            last_change: None,
            recorded_events: 0,
            now: now(),
        }
    }

    /// The id of the request, or empty.
    pub(in crate::store) fn request_id(&self) -> &str {
        self.context.request.as_ref().map_or("", |request| request.id.as_str())
    }

    /// Whether the unit has changed the categories.
    pub(super) fn has_changed_tree(&self) -> bool {
        !Arc::ptr_eq(&self.tree, &self.tree_before)
    }

    /// Locks products until the transaction ends. Call it before reading them, and once for all
    /// products of the unit, or two units may deadlock.
    pub(in crate::store) async fn lock_products<'a>(
        &self,
        ids: impl IntoIterator<Item = &'a ProductId>,
    ) -> Result<()> {
        engine::lock_products(&self.tx, ids).await
    }

    /// Reloads the tree if it lacks one of `ids`: another replica may have just added it.
    pub(in crate::store) async fn load_categories<'a>(
        &mut self,
        ids: impl IntoIterator<Item = &'a CategoryId>,
    ) -> Result<()> {
        let is_shared = engine::is_concurrent(self.tx.get_database_backend());
        if is_shared && ids.into_iter().any(|id| self.tree.get(id).is_none()) {
            self.tree = Arc::new(category_tree::load(&self.tx).await?);
            self.tree_before = Arc::clone(&self.tree);
        }
        Ok(())
    }

    /// Locks the category tree until the transaction ends. Call it before changing the tree.
    ///
    /// # Errors
    /// [`Error::Raced`] if the tree has changed since the unit began, which is then retried with
    /// the new tree; the store is busy or broken.
    pub(in crate::store) async fn lock_tree(&self) -> Result<()> {
        engine::lock_tree(&self.tx).await?;
        if engine::is_concurrent(self.tx.get_database_backend())
            && category_tree::load(&self.tx).await? != *self.tree_before
        {
            return Err(Error::Raced("the categories have changed".into()));
        }
        Ok(())
    }
}
