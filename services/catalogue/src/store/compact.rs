//! Forgetting old changes.

use sea_orm::{
    ActiveValue::Set,
    EntityTrait as _, QueryFilter as _, QuerySelect as _,
    sea_query::{Expr, ExprTrait as _, OnConflict, Order},
};

use super::{
    Store, changes,
    changes::{FLOOR, Kept},
    engine,
    entity::{change, meta},
    order,
    unit::Unit,
    write::Write,
};
use crate::domain::{Place, Result};

/// Changes forgotten in one transaction: few, so that no write waits long.
const AT_ONCE: u64 = 5_000;

impl Store {
    /// Forgets all changes but the newest `keep`. At least one is kept, to know where the feed
    /// stands.
    ///
    /// # Errors
    /// The store cannot be read or written.
    pub(crate) async fn forget_changes(&self, keep: u64) -> Result<()> {
        let Some(end) = self.newest_but(Ord::max(keep, 1)).await? else { return Ok(()) };
        loop {
            let Some(next) = self.next_to_forget(end).await? else { return Ok(()) };
            self.write(Write::housekeeping(), move |unit| Box::pin(forget(unit, next))).await?;
        }
    }

    /// The newest change that is not one of the newest `keep`, if such are kept.
    async fn newest_but(&self, keep: u64) -> Result<Option<Place>> {
        let Kept { floor, newest, .. } = self.kept_changes().await?;
        let end = newest.sequence.saturating_sub(i64::try_from(keep).unwrap_or(i64::MAX));
        // Numbers leave nothing out, or too much: either way there are not more changes than that.
        if end <= floor.sequence {
            return Ok(None);
        }
        if !engine::is_concurrent(self.engine()) {
            return Ok(Some(Place { transaction: newest.transaction, sequence: end }));
        }
        let changes = order::settled(self.engine(), change::Entity::find());
        let newest = order::ordered(self.engine(), changes, Order::Desc).offset(keep).limit(1);
        let columns = newest.select_only().columns([change::Column::Xid, change::Column::Seq]);
        let newest: Option<(i64, i64)> = columns.into_tuple().one(&self.0.reader).await?;
        Ok(newest.map(|(transaction, sequence)| Place { transaction, sequence }))
    }

    /// The end of the next few changes to forget, if there are any up to `end`.
    async fn next_to_forget(&self, end: Place) -> Result<Option<Place>> {
        let old = change::Entity::find().filter(order::up_to(self.engine(), end));
        let old = order::ordered(self.engine(), old, Order::Asc);
        let last = old.clone().offset(AT_ONCE - 1).limit(1).one(&self.0.reader).await?;
        match last {
            Some(row) => Ok(Some(changes::place(&row))),
            None => Ok(old.one(&self.0.reader).await?.map(|_| end)),
        }
    }
}

/// Raises the floor first: whoever forgets beside us waits here, not in the middle.
async fn forget(unit: &mut Unit, end: Place) -> Result<()> {
    let floor = meta::ActiveModel { key: Set(FLOOR.to_owned()), value: Set(changes::pack(end)) };
    let risen = Expr::col((meta::Entity, meta::Column::Value));
    let raise = OnConflict::column(meta::Column::Key)
        .update_column(meta::Column::Value)
        .action_and_where(risen.lt(Expr::col(("excluded", meta::Column::Value))))
        .to_owned();
    meta::Entity::insert(floor).on_conflict(raise).exec_without_returning(&unit.tx).await?;
    let engine = sea_orm::ConnectionTrait::get_database_backend(&unit.tx);
    change::Entity::delete_many().filter(order::up_to(engine, end)).exec(&unit.tx).await?;
    Ok(())
}
