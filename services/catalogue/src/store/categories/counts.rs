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
    domain::{CategoryId, Result, Status},
    store::{Store, schema::entity::product},
};

/// Numbers of products, without deleted ones.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    /// In the whole catalogue.
    pub(crate) all: u64,
    /// In a category and its descendants, each product once.
    by_category: HashMap<CategoryId, Count>,
}

/// Numbers of products in a category and its descendants.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) all: u64,
    /// Products for sale.
    pub(crate) active: u64,
}

impl Counts {
    pub(crate) fn of(&self, category: &CategoryId) -> Count {
        self.by_category.get(category).copied().unwrap_or_default()
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
    let sql = format!(
        "WITH RECURSIVE up(product_id, category_id, active) AS ( \
            SELECT m.product_id, m.category_id, CASE WHEN p.status = {} THEN 1 ELSE 0 END \
            FROM product_categories m \
            JOIN products p ON p.id = m.product_id AND p.deleted_at IS NULL \
            UNION \
            SELECT up.product_id, c.parent_id, up.active FROM up \
            JOIN categories c ON c.id = up.category_id WHERE c.parent_id IS NOT NULL) \
        SELECT category_id, count(*), sum(active) FROM up GROUP BY category_id",
        Status::Active as i32
    );
    let present = product::Entity::find().filter(product::Column::DeletedAt.is_null());
    let all = present.count(db).await?;
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let mut by_category = HashMap::new();
    for row in db.query_all_raw(statement).await? {
        let (all, active): (i64, i64) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        let number = |count: i64| u64::try_from(count).unwrap_or(0);
        let id = CategoryId::known(row.try_get_by_index(0)?);
        by_category.insert(id, Count { all: number(all), active: number(active) });
    }
    Ok(Counts { all, by_category })
}
