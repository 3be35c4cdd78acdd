//! The products of an import, and how each is settled when it is undone.

use std::collections::{BTreeMap, HashMap};

use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
    sea_query::{Expr, ExprTrait as _},
};

use crate::{
    domain::{ImportId, ImportedProduct, ProductId, Result},
    import::Conflict,
    store::{
        Store,
        schema::entity::{
            import,
            imported_product::{Column, Entity, Model},
        },
    },
};

/// Conflicts in one answer.
const PAGE: u64 = 500;
/// States of a product, as stored.
const PENDING: i32 = 0;
const DELETED: i32 = 1;
const RESTORED: i32 = 2;
const UNCHANGED: i32 = 3;
const CONFLICT: i32 = 4;

/// The outcome of undoing the import of a product. The number is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::store) enum Settlement {
    Deleted,
    Restored,
    Unchanged,
    Conflict(Conflict),
}

/// A product whose import is not undone yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::store) struct PendingProduct {
    pub(in crate::store) imported: ImportedProduct,
    /// Whether it was a conflict before.
    pub(in crate::store) was_conflict: bool,
}

/// Counts of the products of an import.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct UndoTotals {
    pub(crate) deleted: i64,
    pub(crate) restored: i64,
    pub(crate) unchanged: i64,
    pub(crate) conflicted: i64,
    /// Of all of these, those with the stock that the import had set.
    pub(crate) stock_kept: i64,
}

/// A product that could not be put back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UndoneConflict {
    pub(crate) product_id: ProductId,
    pub(crate) reason: String,
    pub(crate) message: String,
}

impl UndoTotals {
    /// Adds the counts of a batch.
    pub(crate) fn add(&mut self, change: Self) {
        self.deleted += change.deleted;
        self.restored += change.restored;
        self.unchanged += change.unchanged;
        self.conflicted += change.conflicted;
        self.stock_kept += change.stock_kept;
    }
}

impl Store {
    /// Whether there is such an import.
    pub(crate) async fn has_import(&self, id: &ImportId) -> Result<bool> {
        Ok(import::Entity::find_by_id(id.as_str()).one(&self.0.reader).await?.is_some())
    }

    /// The counts of an import.
    pub(crate) async fn undo_totals(&self, import: &ImportId) -> Result<UndoTotals> {
        totals(&self.0.reader, import).await
    }

    /// The conflicts of an import, in the order of their products: one page after `after`.
    pub(crate) async fn undo_conflicts(
        &self,
        import: &ImportId,
        after: Option<&ProductId>,
    ) -> Result<Vec<UndoneConflict>> {
        let of_import = Entity::find().filter(Column::ImportId.eq(import.as_str()));
        let page = of_import
            .filter(Column::ProductId.gt(after.map_or("", ProductId::as_str)))
            .filter(Column::State.eq(CONFLICT))
            .order_by_asc(Column::ProductId)
            .limit(PAGE);
        let rows = page.all(&self.0.reader).await?;
        let conflict = |row: Model| UndoneConflict {
            product_id: ProductId::known(row.product_id),
            reason: row.reason,
            message: row.message,
        };
        Ok(rows.into_iter().map(conflict).collect())
    }
}

/// The counts of an import's products that are settled.
async fn totals(db: &impl ConnectionTrait, import: &ImportId) -> Result<UndoTotals> {
    let counts = Entity::find()
        .select_only()
        .column(Column::State)
        .column(Column::StockSet)
        .expr(Expr::col(Column::ProductId).count())
        .filter(Column::ImportId.eq(import.as_str()))
        .group_by(Column::State)
        .group_by(Column::StockSet);
    let counts: Vec<(i32, i32, i64)> = counts.into_tuple().all(db).await?;
    let mut totals = UndoTotals::default();
    for (state, stock_set, count) in counts {
        let total = match state {
            DELETED => &mut totals.deleted,
            RESTORED => &mut totals.restored,
            UNCHANGED => &mut totals.unchanged,
            CONFLICT => &mut totals.conflicted,
            _ => continue,
        };
        *total += count;
        if stock_set != 0 {
            totals.stock_kept += count;
        }
    }
    Ok(totals)
}

/// The next products that are not undone yet, in the order of their ids; `reasons`: only conflicts with one of these.
pub(in crate::store) async fn pending(
    db: &impl ConnectionTrait,
    import: &ImportId,
    after: Option<&ProductId>,
    reasons: Option<&[&str]>,
    limit: u64,
) -> Result<Vec<PendingProduct>> {
    let of_import = Entity::find().filter(Column::ImportId.eq(import.as_str()));
    let page = of_import
        .filter(Column::ProductId.gt(after.map_or("", ProductId::as_str)))
        .order_by_asc(Column::ProductId)
        .limit(limit);
    let page = match reasons {
        None => page.filter(Column::State.is_in([PENDING, CONFLICT])),
        Some(reasons) => page
            .filter(Column::State.eq(CONFLICT))
            .filter(Column::Reason.is_in(reasons.iter().copied())),
    };
    let pending =
        |row: Model| PendingProduct { was_conflict: row.state == CONFLICT, imported: row.into() };
    Ok(page.all(db).await?.into_iter().map(pending).collect())
}

/// Which of these products the import has written and are not undone yet.
pub(in crate::store) async fn written_by(
    db: &impl ConnectionTrait,
    import: &ImportId,
    ids: &[&ProductId],
) -> Result<HashMap<ProductId, ImportedProduct>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = Entity::find()
        .filter(Column::ImportId.eq(import.as_str()))
        .filter(Column::ProductId.is_in(ids.iter().map(|id| id.as_str())))
        .filter(Column::State.is_in([PENDING, CONFLICT]));
    let rows = rows.all(db).await?.into_iter().map(ImportedProduct::from);
    Ok(rows.map(|imported| (imported.product_id.clone(), imported)).collect())
}

/// Stores what was made of products.
pub(in crate::store) async fn settle(
    db: &impl ConnectionTrait,
    import: &ImportId,
    settled: &[(ProductId, Settlement)],
) -> Result<()> {
    // Few different ones: conflicts name what is theirs.
    let mut alike: BTreeMap<(i32, &str, &str), Vec<&str>> = BTreeMap::new();
    for (id, settlement) in settled {
        let key = match settlement {
            Settlement::Deleted => (DELETED, "", ""),
            Settlement::Restored => (RESTORED, "", ""),
            Settlement::Unchanged => (UNCHANGED, "", ""),
            Settlement::Conflict(Conflict { reason, message }) => (CONFLICT, *reason, &message[..]),
        };
        alike.entry(key).or_default().push(id.as_str());
    }
    for ((state, reason, message), ids) in alike {
        Entity::update_many()
            .col_expr(Column::State, Expr::value(state))
            .col_expr(Column::Reason, Expr::value(reason))
            .col_expr(Column::Message, Expr::value(message))
            .filter(Column::ImportId.eq(import.as_str()))
            .filter(Column::ProductId.is_in(ids))
            .exec(db)
            .await?;
    }
    Ok(())
}
