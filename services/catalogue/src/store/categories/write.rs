//! Changes the category tree.

use std::sync::Arc;

use sea_orm::EntityTrait as _;

use super::members;
use crate::{
    domain::{Category, CategoryId, CategoryUpdate, Change, Error, NewCategory, Op, Result},
    store::{
        Store,
        schema::entity::category,
        writes::{Unit, Write},
    },
};

/// A category after a write.
#[derive(Debug)]
pub(crate) struct CountedCategory {
    pub(crate) category: Category,
    /// The number of products in the category and its descendants.
    pub(crate) product_count: u64,
}

impl Store {
    /// Adds a category.
    ///
    /// # Errors
    /// Its id or name is taken, its parent is unknown, or the tree is full.
    pub(crate) async fn create_category<A: Send + 'static>(
        &self,
        write: Write<CountedCategory, A>,
        new: NewCategory,
    ) -> Result<A> {
        self.write(write, move |unit| {
            Box::pin(async move {
                unit.lock_tree().await?;
                let category = Arc::make_mut(&mut unit.tree).add(new)?;
                let row = category::ActiveModel::from(&category);
                category::Entity::insert(row).exec_without_returning(&unit.tx).await?;
                let change = Change::category(category.id.clone(), Op::Created, &[], unit.now);
                unit.append_changes(&[change]).await?;
                Ok(CountedCategory { category, product_count: 0 })
            })
        })
        .await
    }

    /// Changes the name or position of a category.
    ///
    /// # Errors
    /// The category does not exist, its etag differs, or a sibling has the name.
    pub(crate) async fn update_category<A: Send + 'static>(
        &self,
        write: Write<CountedCategory, A>,
        id: CategoryId,
        new: CategoryUpdate,
        etag: Option<String>,
    ) -> Result<A> {
        self.write(write, move |unit| {
            Box::pin(async move {
                let old = lock_and_check(unit, &id, etag.as_deref()).await?;
                let changed = Arc::make_mut(&mut unit.tree).update(&id, new)?;
                let Some(category) = changed else { return counted(unit, old).await };
                let fields = [
                    ("name", old.name != category.name),
                    ("position", old.position != category.position),
                ];
                let fields: Vec<&str> = fields
                    .into_iter()
                    .filter_map(|(name, differs)| differs.then_some(name))
                    .collect();
                update_row(unit, &category).await?;
                if old.name != category.name {
                    members::record_path_changes(unit, &id).await?;
                }
                let change = Change::category(id, Op::Updated, &fields, unit.now);
                unit.append_changes(&[change]).await?;
                counted(unit, category).await
            })
        })
        .await
    }

    /// Moves a category and its descendants under another parent; None makes it a root.
    ///
    /// # Errors
    /// The category does not exist, its etag differs, or the parent is unknown, its own descendant
    /// or too deep.
    pub(crate) async fn move_category<A: Send + 'static>(
        &self,
        write: Write<CountedCategory, A>,
        id: CategoryId,
        parent_id: Option<CategoryId>,
        etag: Option<String>,
    ) -> Result<A> {
        self.write(write, move |unit| {
            Box::pin(async move {
                let old = lock_and_check(unit, &id, etag.as_deref()).await?;
                let moved = Arc::make_mut(&mut unit.tree).move_to(&id, parent_id)?;
                let Some(category) = moved else { return counted(unit, old).await };
                update_row(unit, &category).await?;
                members::record_path_changes(unit, &id).await?;
                // The product counts of the old and new ancestors change.
                unit.memberships_changed = true;
                let change = Change::category(id, Op::Updated, &["parent_id"], unit.now);
                unit.append_changes(&[change]).await?;
                counted(unit, category).await
            })
        })
        .await
    }

    /// Deletes an empty category, and returns its last state.
    ///
    /// # Errors
    /// The category does not exist, its etag differs, or it has children or products.
    pub(crate) async fn delete_category<A: Send + 'static>(
        &self,
        write: Write<CountedCategory, A>,
        id: CategoryId,
        etag: Option<String>,
    ) -> Result<A> {
        self.write(write, move |unit| {
            Box::pin(async move {
                lock_and_check(unit, &id, etag.as_deref()).await?;
                let category = Arc::make_mut(&mut unit.tree).remove(&id)?;
                let count = members::count(&unit.tx, &id).await?;
                if count.all() > 0 {
                    let holds = match (count.present, count.deleted) {
                        (0, deleted) => format!(
                            "{deleted} deleted products, which could be undeleted until they are \
                            purged"
                        ),
                        (present, 0) => format!("{present} products"),
                        (present, deleted) => {
                            format!("{present} products and {deleted} deleted ones")
                        }
                    };
                    return Err(Error::CategoryNotEmpty { category: id, holds });
                }
                category::Entity::delete_by_id(id.as_str()).exec(&unit.tx).await?;
                let change = Change::category(id, Op::Deleted, &[], unit.now);
                unit.append_changes(&[change]).await?;
                Ok(CountedCategory { category, product_count: 0 })
            })
        })
        .await
    }
}

/// Locks the tree and returns the category if its etag matches.
async fn lock_and_check(unit: &Unit, id: &CategoryId, etag: Option<&str>) -> Result<Category> {
    unit.lock_tree().await?;
    let category = unit.tree.get(id).ok_or_else(|| Error::CategoryNotFound(id.clone()))?;
    match etag {
        Some(etag) if etag != category.etag() => Err(Error::CategoryEtagMismatch(id.clone())),
        _ => Ok(category.clone()),
    }
}

async fn update_row(unit: &Unit, category: &Category) -> Result<()> {
    category::Entity::update(category::ActiveModel::from(category))
        .exec_without_returning(&unit.tx)
        .await?;
    Ok(())
}

async fn counted(unit: &Unit, category: Category) -> Result<CountedCategory> {
    let product_count = members::count(&unit.tx, &category.id).await?.present;
    Ok(CountedCategory { category, product_count })
}
