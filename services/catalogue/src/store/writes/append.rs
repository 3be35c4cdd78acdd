//! Appends a unit's changes to the feed.

use sea_orm::{
    ActiveValue::{NotSet, Set},
    ConnectionTrait as _, EntityTrait as _, QueryTrait as _,
    sea_query::Query,
};

use super::unit::Unit;
use crate::{
    domain::{Change, Error, Place, Result},
    store::{
        changes::order,
        rows::{
            change::ChangeRow,
            insert::{Insert, LazyInsert},
            json::json,
        },
        schema::entity::change,
    },
};

impl Unit {
    /// Appends `changes` to the feed in the given order. Call it once the unit holds all its locks.
    pub(in crate::store) async fn append_changes(&mut self, changes: &[Change]) -> Result<()> {
        static INSERT: LazyInsert<9> = LazyInsert::new(|| Insert::new::<ChangeRow>("changes", ""));
        let Some((last, others)) = changes.split_last() else { return Ok(()) };
        self.changed_products.extend(changes.iter().filter_map(Change::product_id).cloned());
        let (actor, request_id) = (self.context.actor.as_str(), self.request_id());
        let xid = order::transaction(&self.tx).await?;
        let row = |change| ChangeRow::new(change, xid, actor, request_id);
        INSERT.run(&self.tx, &others.iter().map(row).collect::<Vec<_>>()).await?;
        // Inserted alone, to have its place returned.
        let last = row(last);
        let last = change::ActiveModel {
            seq: NotSet,
            xid: Set(last.xid),
            product_id: Set(last.product_id.to_owned()),
            category_id: Set(last.category_id.map(str::to_owned)),
            op: Set(last.op),
            changed_fields: Set(json(last.changed_fields)?),
            changed_at: Set(last.changed_at),
            actor: Set(last.actor.to_owned()),
            request_id: Set(last.request_id.to_owned()),
            was_hidden: Set(i32::from(last.was_hidden)),
        };
        let place = [change::Column::Xid, change::Column::Seq];
        let mut last = change::Entity::insert(last).into_query();
        let last = last.returning(Query::returning().columns(place));
        let row = self.tx.query_one(&*last).await?;
        let row = row.ok_or_else(|| Error::Store("an insert returned no row".into()))?;
        let (transaction, sequence) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        self.last_change = Some(Place { transaction, sequence });
        Ok(())
    }
}
