//! The number of products in each category, cached until memberships change.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, atomic::Ordering},
};

use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
    Statement,
};

use super::members;
use crate::{
    domain::{CategoryId, Result},
    store::{Store, schema::entity::product},
};

/// Numbers of products, without deleted ones.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    /// In the whole catalogue.
    pub(crate) all: u64,
    /// In a category and its descendants, each product once.
    by_category: HashMap<CategoryId, u64>,
}

impl Counts {
    pub(crate) fn of(&self, category: &CategoryId) -> u64 {
        self.by_category.get(category).copied().unwrap_or(0)
    }
}

impl Store {
    /// The current numbers of products, recounted only after memberships have changed.
    pub(crate) async fn counts(&self) -> Result<Arc<Counts>> {
        // Read before counting: a write during the count causes a recount, never a stale cache.
        let version = self.0.membership_version.load(Ordering::Acquire);
        let cached = self.0.counts.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, counts)) = cached.filter(|(counted, _)| *counted == version) {
            return Ok(counts);
        }
        let counts = Arc::new(count(&self.0.reader).await?);
        let fresh = Some((version, Arc::clone(&counts)));
        *self.0.counts.lock().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(counts)
    }

    /// The number of products including deleted ones, in a category and its descendants or in the
    /// whole catalogue.
    pub(crate) async fn count_with_deleted(&self, category: Option<&CategoryId>) -> Result<u64> {
        let db = &self.0.reader;
        match category {
            None => Ok(product::Entity::find().count(db).await?),
            Some(category) => Ok(members::count(db, category).await?.all()),
        }
    }
}

async fn count(db: &impl ConnectionTrait) -> Result<Counts> {
    // UNION, not UNION ALL, so that a product in two children of a category is counted once.
    const SQL: &str = "WITH RECURSIVE up(product_id, category_id) AS ( \
            SELECT m.product_id, m.category_id FROM product_categories m \
            JOIN products p ON p.id = m.product_id AND p.deleted_at IS NULL \
            UNION \
            SELECT up.product_id, c.parent_id FROM up \
            JOIN categories c ON c.id = up.category_id WHERE c.parent_id IS NOT NULL) \
        SELECT category_id, count(*) FROM up GROUP BY category_id";
    let present = product::Entity::find().filter(product::Column::DeletedAt.is_null());
    let all = present.count(db).await?;
    let statement = Statement::from_string(db.get_database_backend(), SQL);
    let mut by_category = HashMap::new();
    for row in db.query_all_raw(statement).await? {
        let count: i64 = row.try_get_by_index(1)?;
        let id = CategoryId::known(row.try_get_by_index(0)?);
        by_category.insert(id, u64::try_from(count).unwrap_or(0));
    }
    Ok(Counts { all, by_category })
}
