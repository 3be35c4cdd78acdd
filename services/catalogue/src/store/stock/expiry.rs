//! Returns the goods of expired reservations to stock.
//!
//! Every replica does this. On PostgreSQL each skips the rows that another one has locked, so that
//! replicas do not wait for each other.

use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Select,
    sea_query::{Expr, LockBehavior, LockType, Query},
};

use super::{
    reservations::{lines, returns_of},
    write::return_to_stock,
};
use crate::{
    domain::{Error, Micros, ProductId, ReservationId, ReservationState, Result, now},
    store::{
        Store,
        schema::entity::{reservation, reservation_line},
        writes::{Unit, Write},
    },
};

/// Reservations expired in one transaction.
const BATCH: u64 = 100;

impl Store {
    /// Expires the reservations that are past their expiry time.
    pub(crate) async fn expire_reservations(&self) -> Result<()> {
        while self.expire(None).await? == BATCH {}
        Ok(())
    }

    /// Runs `work`; if the stock of a product is too low and expired reservations still hold some of
    /// it, expires them and runs `work` again.
    ///
    /// # Errors
    /// The error of `work`; the store cannot be read or written.
    pub(super) async fn retry_after_expiry<A, F>(&self, work: impl Fn() -> F) -> Result<A>
    where
        F: Future<Output = Result<A>>,
    {
        let result = work().await;
        let Err(Error::InsufficientStock { item, .. }) = &result else { return result };
        if self.expire(Some(item.product_id.clone())).await? == 0 {
            return result;
        }
        work().await
    }

    /// Expires a batch of due reservations, of one product or of all; returns their number.
    async fn expire(&self, product: Option<ProductId>) -> Result<u64> {
        // Read first: a transaction would block other writers even if nothing is due.
        if due(now(), product.as_ref()).limit(1).one(&self.0.reader).await?.is_none() {
            return Ok(0);
        }
        self.write(Write::internal(), move |unit| {
            Box::pin(async move { expire_batch(unit, product.as_ref()).await })
        })
        .await
    }
}

async fn expire_batch(unit: &mut Unit, product: Option<&ProductId>) -> Result<u64> {
    let due = due(unit.now, product)
        .order_by_asc(reservation::Column::ExpiresAt)
        .limit(BATCH)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    let expired = ids(due, &unit.tx).await?;
    if expired.is_empty() {
        return Ok(0);
    }
    reservation::Entity::update_many()
        .col_expr(reservation::Column::State, Expr::value(ReservationState::Expired as i32))
        .filter(reservation::Column::Id.is_in(expired.iter().map(ReservationId::as_str)))
        .exec(&unit.tx)
        .await?;
    let lines = lines(&unit.tx, &expired).await?;
    return_to_stock(unit, returns_of(&lines)).await?;
    tracing::debug!(count = expired.len(), "expired reservations");
    Ok(expired.len() as u64)
}

/// The held reservations that are past their expiry time; only those with a line of `product`, if it
/// is given.
fn due(now: Micros, product: Option<&ProductId>) -> Select<reservation::Entity> {
    let due = reservation::Entity::find()
        .filter(reservation::Column::State.eq(ReservationState::Held as i32))
        .filter(reservation::Column::ExpiresAt.lte(now));
    let Some(product) = product else { return due };
    let holds = Query::select()
        .column(reservation_line::Column::ReservationId)
        .from(reservation_line::Entity)
        .and_where(reservation_line::Column::ProductId.eq(product.as_str()))
        .take();
    due.filter(reservation::Column::Id.in_subquery(holds))
}

async fn ids(
    reservations: Select<reservation::Entity>,
    db: &impl ConnectionTrait,
) -> Result<Vec<ReservationId>> {
    let ids = reservations.select_only().column(reservation::Column::Id);
    let ids = ids.into_tuple::<String>().all(db).await?;
    Ok(ids.into_iter().map(ReservationId::known).collect())
}
