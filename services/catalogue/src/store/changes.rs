//! The feed: one row a change, numbered in the order of the commits.
//!
//! The one writer makes the order of the numbers the order in which they become visible. A
//! database with several writers needs another order (by transaction, behind the oldest open one).

use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbBackend, DbErr, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Statement,
};

use super::{Store, entity::change, stored::parse, write::Write};
use crate::domain::{Change, Error, Op, ProductId, Result};

/// The changes that are kept, by their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kept {
    /// The newest one, or 0 before the first.
    pub(crate) newest: i64,
    /// All changes after this one are kept.
    pub(crate) complete_after: i64,
}

impl Kept {
    /// Whether everything after `seq` is there, and `seq` itself has happened.
    pub(crate) fn can_resume(self, seq: i64) -> bool {
        (self.complete_after..=self.newest).contains(&seq)
    }
}

/// Where a change stands in the feed, by its transaction and its number.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// 0 where one writes at a time.
    pub(super) transaction: i64,
    pub(super) sequence: i64,
}

/// The newest change there is; before the first, the place before it.
pub(super) async fn newest(db: &impl ConnectionTrait) -> std::result::Result<Place, DbErr> {
    let mut newest = change::Entity::find().select_only();
    newest = newest.columns([change::Column::Xid, change::Column::Seq]);
    // Where one writes at a time, the number alone makes the order; only it has an index there.
    if db.get_database_backend() != DbBackend::Sqlite {
        newest = newest.order_by_desc(change::Column::Xid);
    }
    let newest =
        newest.order_by_desc(change::Column::Seq).into_tuple::<(i64, i64)>().one(db).await?;
    let (transaction, sequence) = newest.unwrap_or_default();
    Ok(Place { transaction, sequence })
}

impl Store {
    /// Which changes are kept.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(crate) async fn kept_changes(&self) -> Result<Kept> {
        let db = &self.0.reader;
        let sql = "SELECT (SELECT min(seq) FROM changes), (SELECT max(seq) FROM changes)";
        let statement = Statement::from_string(db.get_database_backend(), sql);
        let row = db.query_one_raw(statement).await?;
        let (oldest, newest): (Option<i64>, Option<i64>) = match row {
            Some(row) => (row.try_get_by_index(0)?, row.try_get_by_index(1)?),
            None => (None, None),
        };
        Ok(Kept { newest: newest.unwrap_or(0), complete_after: oldest.map_or(0, |seq| seq - 1) })
    }

    /// The first `limit` changes after `seq`.
    ///
    /// # Errors
    /// [`Error::CursorExpired`] if some of them are no longer kept; the store cannot be read.
    pub(crate) async fn changes_after(&self, seq: i64, limit: u64) -> Result<Vec<Change>> {
        let rows = change::Entity::find()
            .filter(change::Column::Seq.gt(seq))
            .order_by_asc(change::Column::Seq)
            .limit(limit)
            .all(&self.0.reader)
            .await?;
        // Asked afterwards: what was complete now was complete when the rows were read.
        if self.kept_changes().await?.complete_after > seq {
            return Err(Error::CursorExpired);
        }
        rows.into_iter().map(Change::try_from).collect()
    }

    /// Forgets all changes but the newest `keep`, some at a time so that no write waits long.
    /// At least one is kept, to know where the feed stands.
    ///
    /// # Errors
    /// The store cannot be written.
    pub(crate) async fn forget_changes(&self, keep: u64) -> Result<()> {
        const AT_ONCE: i64 = 5_000;
        loop {
            let kept = self.kept_changes().await?;
            let keep = i64::try_from(keep.max(1)).unwrap_or(i64::MAX);
            let end = kept.newest.saturating_sub(keep);
            if kept.complete_after >= end {
                return Ok(());
            }
            let end = end.min(kept.complete_after + AT_ONCE);
            self.write(Write::housekeeping(), move |unit| {
                Box::pin(async move {
                    let old = change::Entity::delete_many().filter(change::Column::Seq.lte(end));
                    old.exec(&unit.tx).await?;
                    Ok(())
                })
            })
            .await?;
        }
    }
}

impl TryFrom<change::Model> for Change {
    type Error = Error;

    fn try_from(row: change::Model) -> Result<Self> {
        let ops = [Op::Created, Op::Updated, Op::Deleted, Op::Stock];
        let op = ops.into_iter().find(|op| *op as i32 == row.op);
        Ok(Self {
            seq: row.seq,
            product_id: ProductId::known(row.product_id),
            op: op.ok_or_else(|| Error::Store(format!("a change of kind {}", row.op).into()))?,
            changed_fields: parse(&row.changed_fields)?,
            at: row.changed_at,
        })
    }
}
