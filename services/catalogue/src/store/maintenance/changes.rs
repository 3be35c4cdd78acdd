//! Deletes old changes of the feed.

use sea_orm::{
    ActiveValue::Set,
    ConnectionTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _,
    sea_query::{Expr, ExprTrait as _, OnConflict, Order},
};

use crate::{
    domain::{Place, Result},
    store::{
        Store,
        changes::{FeedBounds, encode_place, order},
        engine,
        rows::change::place,
        schema::{
            entity::{change, meta},
            meta::FEED_FLOOR,
        },
        writes::{Unit, Write},
    },
};

/// Changes deleted in one transaction.
const BATCH: u64 = 5_000;

impl Store {
    /// Deletes all changes but the newest `keep`. At least one is retained: it holds the feed's
    /// position.
    pub(crate) async fn delete_old_changes(&self, keep: u64) -> Result<()> {
        let Some(end) = self.last_to_delete(Ord::max(keep, 1)).await? else { return Ok(()) };
        loop {
            let Some(next) = self.next_batch_end(end).await? else { return Ok(()) };
            self.write(Write::internal(), move |unit| Box::pin(delete(unit, next))).await?;
        }
    }

    /// The newest change before the newest `keep`, if there is one.
    async fn last_to_delete(&self, keep: u64) -> Result<Option<Place>> {
        let FeedBounds { floor, settled, .. } = self.feed_bounds().await?;
        let end = settled.sequence.saturating_sub(i64::try_from(keep).unwrap_or(i64::MAX));
        // Sequence numbers may have gaps, so this is an upper bound of the number of changes.
        if end <= floor.sequence {
            return Ok(None);
        }
        if !engine::is_concurrent(self.engine()) {
            return Ok(Some(Place { transaction: settled.transaction, sequence: end }));
        }
        let changes = order::settled(self.engine(), change::Entity::find());
        let last = order::ordered(self.engine(), changes, Order::Desc).offset(keep).limit(1);
        let columns = last.select_only().columns([change::Column::Xid, change::Column::Seq]);
        let last: Option<(i64, i64)> = columns.into_tuple().one(&self.0.reader).await?;
        Ok(last.map(|(transaction, sequence)| Place { transaction, sequence }))
    }

    /// The last change of the next batch up to `end`, if there is one.
    async fn next_batch_end(&self, end: Place) -> Result<Option<Place>> {
        let old = change::Entity::find().filter(order::up_to(self.engine(), end));
        let old = order::ordered(self.engine(), old, Order::Asc);
        let last = old.clone().offset(BATCH - 1).limit(1).one(&self.0.reader).await?;
        match last {
            Some(row) => Ok(Some(place(&row))),
            None => Ok(old.one(&self.0.reader).await?.map(|_| end)),
        }
    }
}

/// Deletes the changes up to `end`. Raises the floor first: another process that deletes changes at
/// the same time waits for that row, before it has locked any other.
async fn delete(unit: &mut Unit, end: Place) -> Result<()> {
    let (key, value) = (FEED_FLOOR.to_owned(), encode_place(end));
    let floor = meta::ActiveModel { key: Set(key), value: Set(value) };
    let stored = Expr::col((meta::Entity, meta::Column::Value));
    let raise = OnConflict::column(meta::Column::Key)
        .update_column(meta::Column::Value)
        .action_and_where(stored.lt(Expr::col(("excluded", meta::Column::Value))))
        .to_owned();
    meta::Entity::insert(floor).on_conflict(raise).exec_without_returning(&unit.tx).await?;
    let engine = unit.tx.get_database_backend();
    change::Entity::delete_many().filter(order::up_to(engine, end)).exec(&unit.tx).await?;
    Ok(())
}
