//! The tree of categories: kept, and changed.

use std::sync::Arc;

use sea_orm::{ConnectionTrait, DbErr, EntityTrait as _};

use super::{Store, below, entity::category, save, unit::Unit, write::Write};
use crate::domain::{
    Category, CategoryId, CategoryUpdate, Change, Error, NewCategory, Op, Result, Tree,
};

/// A category as a write leaves it.
#[derive(Debug)]
pub(crate) struct Counted {
    pub(crate) category: Category,
    /// How many products are in it or below it.
    pub(crate) product_count: u64,
}

impl Store {
    /// Adds a category.
    ///
    /// # Errors
    /// Its id or name is taken, its parent is unknown, or the tree is full.
    pub(crate) async fn create_category<A: Send + 'static>(
        &self,
        write: Write<Counted, A>,
        new: NewCategory,
    ) -> Result<A> {
        self.write(write, move |unit| {
            Box::pin(async move {
                unit.claim_tree().await?;
                let category = Arc::make_mut(&mut unit.tree).add(new)?;
                save::categories(&unit.tx, std::slice::from_ref(&category)).await?;
                let change = Change::category(category.id.clone(), Op::Created, &[], unit.now);
                save::changes(unit, &[change]).await?;
                Ok(Counted { category, product_count: 0 })
            })
        })
        .await
    }

    /// Gives a category another name or position.
    ///
    /// # Errors
    /// There is no such category, it has another etag, or a sibling has the name.
    pub(crate) async fn update_category<A: Send + 'static>(
        &self,
        write: Write<Counted, A>,
        id: CategoryId,
        new: CategoryUpdate,
        etag: Option<String>,
    ) -> Result<A> {
        self.write(write, move |unit| {
            Box::pin(async move {
                let old = seen(unit, &id, etag.as_deref()).await?;
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
                keep(unit, &category).await?;
                if old.name != category.name {
                    below::tell_of_new_paths(unit, &id).await?;
                }
                let change = Change::category(id, Op::Updated, &fields, unit.now);
                save::changes(unit, &[change]).await?;
                counted(unit, category).await
            })
        })
        .await
    }

    /// Puts a category, with all that is below it, under another parent; None makes it a root.
    ///
    /// # Errors
    /// There is no such category, it has another etag, or it cannot be there.
    pub(crate) async fn move_category<A: Send + 'static>(
        &self,
        write: Write<Counted, A>,
        id: CategoryId,
        parent_id: Option<CategoryId>,
        etag: Option<String>,
    ) -> Result<A> {
        self.write(write, move |unit| {
            Box::pin(async move {
                let old = seen(unit, &id, etag.as_deref()).await?;
                let moved = Arc::make_mut(&mut unit.tree).move_to(&id, parent_id)?;
                let Some(category) = moved else { return counted(unit, old).await };
                keep(unit, &category).await?;
                below::tell_of_new_paths(unit, &id).await?;
                // Those above hold others now.
                unit.moved_products = true;
                let change = Change::category(id, Op::Updated, &["parent_id"], unit.now);
                save::changes(unit, &[change]).await?;
                counted(unit, category).await
            })
        })
        .await
    }

    /// Removes an empty category, and returns it as it last was.
    ///
    /// # Errors
    /// There is no such category, it has another etag, or something is in it.
    pub(crate) async fn delete_category<A: Send + 'static>(
        &self,
        write: Write<Counted, A>,
        id: CategoryId,
        etag: Option<String>,
    ) -> Result<A> {
        self.write(write, move |unit| {
            Box::pin(async move {
                seen(unit, &id, etag.as_deref()).await?;
                let category = Arc::make_mut(&mut unit.tree).remove(&id)?;
                let held = below::held(&unit.tx, &id).await?;
                if held.all() > 0 {
                    let holds = match (held.present, held.deleted) {
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
                save::changes(unit, &[change]).await?;
                Ok(Counted { category, product_count: 0 })
            })
        })
        .await
    }
}

/// The category, if it is as the caller has seen it; nobody else changes the tree from here on.
async fn seen(unit: &Unit, id: &CategoryId, etag: Option<&str>) -> Result<Category> {
    unit.claim_tree().await?;
    let category = unit.tree.get(id).ok_or_else(|| Error::CategoryNotFound(id.clone()))?;
    match etag {
        Some(etag) if etag != category.etag() => Err(Error::CategoryEtagMismatch(id.clone())),
        _ => Ok(category.clone()),
    }
}

async fn keep(unit: &Unit, category: &Category) -> Result<()> {
    category::Entity::update(save::category(category)).exec_without_returning(&unit.tx).await?;
    Ok(())
}

async fn counted(unit: &Unit, category: Category) -> Result<Counted> {
    let product_count = below::held(&unit.tx, &category.id).await?.present;
    Ok(Counted { category, product_count })
}

/// Reads the whole tree.
pub(super) async fn load(db: &impl ConnectionTrait) -> std::result::Result<Tree, DbErr> {
    let rows = category::Entity::find().all(db).await?;
    Ok(Tree::new(rows.into_iter().map(|row| Category {
        id: CategoryId::known(row.id),
        name: row.name,
        parent_id: row.parent_id.map(CategoryId::known),
        position: row.position,
        revision: row.revision,
    })))
}
