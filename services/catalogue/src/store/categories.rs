//! The tree of categories, and how many products each holds.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, atomic::Ordering},
};

use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _, Statement,
};

use super::{
    Store,
    entity::{category, product},
    save,
    write::Write,
};
use crate::domain::{Category, CategoryId, Change, NewCategory, Op, Result, Tree};

/// How many products there are that are not deleted.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    /// In all.
    pub(crate) all: u64,
    /// In a category or below it, each product once.
    by_category: HashMap<CategoryId, u64>,
}

impl Counts {
    pub(crate) fn of(&self, category: &CategoryId) -> u64 {
        self.by_category.get(category).copied().unwrap_or(0)
    }
}

impl Store {
    /// How many products there are now. Counted again only after products have come, gone or moved.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(crate) async fn counts(&self) -> Result<Arc<Counts>> {
        // Read before counting: a count that already knows of a later write is counted again.
        let version = self.0.memberships.load(Ordering::Acquire);
        let kept = self.0.counts.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, counts)) = kept.filter(|(counted, _)| *counted == version) {
            return Ok(counts);
        }
        let counts = Arc::new(count(&self.0.reader).await?);
        let fresh = Some((version, Arc::clone(&counts)));
        *self.0.counts.lock().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(counts)
    }

    /// How many products there are, deleted ones included; in a category and below it, or in all.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(crate) async fn count_with_deleted(&self, category: Option<&CategoryId>) -> Result<u64> {
        const SQL: &str = "WITH RECURSIVE below(id) AS ( \
                SELECT $1 UNION SELECT c.id FROM categories c JOIN below ON c.parent_id = below.id) \
            SELECT count(DISTINCT m.product_id) FROM below \
            JOIN product_categories m ON m.category_id = below.id";
        let db = &self.0.reader;
        let Some(category) = category else {
            return Ok(product::Entity::find().count(db).await?);
        };
        let values = [category.as_str().into()];
        let statement = Statement::from_sql_and_values(db.get_database_backend(), SQL, values);
        let row = db.query_one_raw(statement).await?;
        let count: i64 = row.map_or(Ok(0), |row| row.try_get_by_index(0))?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// Adds a category.
    ///
    /// # Errors
    /// Its id or name is taken, its parent is unknown, or the tree is full.
    pub(crate) async fn create_category<A: Send + 'static>(
        &self,
        write: Write<Category, A>,
        new: NewCategory,
    ) -> Result<A> {
        self.write(write, move |unit| {
            Box::pin(async move {
                unit.claim_tree().await?;
                let category = Arc::make_mut(&mut unit.tree).add(new)?;
                save::categories(&unit.tx, std::slice::from_ref(&category)).await?;
                let change = Change::category(category.id.clone(), Op::Created, &[], unit.now);
                save::changes(unit, &[change]).await?;
                Ok(category)
            })
        })
        .await
    }
}

/// Reads the whole tree.
pub(super) async fn load(db: &impl ConnectionTrait) -> std::result::Result<Tree, DbErr> {
    let rows = category::Entity::find().all(db).await?;
    Ok(Tree::new(rows.into_iter().map(|row| Category {
        id: CategoryId::known(row.id),
        name: row.name,
        parent_id: row.parent_id.map(CategoryId::known),
        position: row.position,
    })))
}

async fn count(db: &impl ConnectionTrait) -> Result<Counts> {
    // UNION, not UNION ALL: a product in two categories of one parent is in that parent once.
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
