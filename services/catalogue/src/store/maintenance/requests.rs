//! Deletes expired responses of idempotent requests.

use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, sea_query::Query};

use crate::{
    domain::{Result, now},
    store::{
        Store,
        schema::entity::request,
        writes::{Write, requests::expired_before},
    },
};

/// Rows deleted in one transaction.
const BATCH: u64 = 2_000;

impl Store {
    /// Deletes the responses that have expired.
    pub(crate) async fn delete_expired_requests(&self) -> Result<()> {
        let end = expired_before(now());
        loop {
            let deleted = self
                .write(Write::internal(), move |unit| {
                    Box::pin(async move {
                        let expired = Query::select()
                            .column(request::Column::Id)
                            .from(request::Entity)
                            .and_where(request::Column::AnsweredAt.lt(end))
                            .limit(BATCH)
                            .take();
                        let expired = request::Column::Id.in_subquery(expired);
                        let delete = request::Entity::delete_many().filter(expired);
                        Ok(delete.exec(&unit.tx).await?.rows_affected)
                    })
                })
                .await?;
            if deleted < BATCH {
                return Ok(());
            }
        }
    }
}
