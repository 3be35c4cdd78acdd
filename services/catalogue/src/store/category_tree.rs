//! The category tree in memory: loaded when the store is opened, replaced after each write.

use std::sync::{Arc, PoisonError};

use sea_orm::{ConnectionTrait, DbErr, EntityTrait as _};

use super::{Store, engine, schema::entity::category};
use crate::domain::{Category, Product, Result, Tree};

impl Store {
    /// The published category tree.
    pub(crate) fn tree(&self) -> Arc<Tree> {
        Arc::clone(&self.0.tree.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The category tree as the database has it.
    pub(crate) async fn stored_tree(&self) -> Result<Tree> {
        Ok(load(&self.0.reader).await?)
    }

    /// A tree with every category of these products. Between a commit and its publication the
    /// published tree is older than the products; it is loaded from the database then.
    pub(crate) async fn tree_for(&self, products: &[Product]) -> Result<Arc<Tree>> {
        let tree = self.tree();
        let mut ids = products.iter().flat_map(|product| &product.details.category_ids);
        if ids.all(|id| tree.get(id).is_some()) {
            return Ok(tree);
        }
        Ok(Arc::new(self.stored_tree().await?))
    }

    /// Loads the tree and publishes it.
    pub(super) async fn reload_tree(&self) -> Result<()> {
        let _in_order = self.0.tree_reload.lock().await;
        let tree = self.stored_tree().await?;
        if tree != *self.tree() {
            *self.0.tree.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(tree);
            self.0.reads.invalidate_categories();
        }
        Ok(())
    }

    /// Publishes the tree that a unit has committed.
    pub(super) async fn publish_tree(&self, tree: Arc<Tree>) {
        if !engine::is_concurrent(self.engine()) {
            *self.0.tree.write().unwrap_or_else(PoisonError::into_inner) = tree;
        } else if let Err(error) = self.reload_tree().await {
            // Loaded, since another replica may have committed a later tree. The feed follower
            // comes by this change, too, and loads the tree again.
            let error = &error as &dyn std::error::Error;
            tracing::warn!(error, "the category tree could not be reloaded and is stale");
        }
    }
}

/// Loads the tree.
pub(super) async fn load(db: &impl ConnectionTrait) -> std::result::Result<Tree, DbErr> {
    let rows = category::Entity::find().all(db).await?;
    Ok(Tree::new(rows.into_iter().map(Category::from)))
}
