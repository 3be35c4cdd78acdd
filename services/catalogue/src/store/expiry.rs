//! Reservations whose time is over: their goods go back by themselves.
//!
//! Any replica may do it. On PostgreSQL each takes the ones that no other has at hand, so that
//! none waits.

use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Select,
    sea_query::{Expr, LockBehavior, LockType, Query},
};

use super::{
    Store,
    entity::{reservation, reservation_line},
    reservations::{held_by, lines},
    stock,
    unit::Unit,
    write::Write,
};
use crate::domain::{Error, Micros, ProductId, ReservationId, ReservationState, Result, now};

/// Reservations a transaction.
const AT_ONCE: u64 = 100;
/// How long a reservation can still be asked about when its time is over.
const KEPT_FOR: Micros = 24 * 60 * 60 * 1_000_000;

impl Store {
    /// Gives back what reservations hold past their time.
    ///
    /// # Errors
    /// The store cannot be read or written.
    pub(crate) async fn expire_reservations(&self) -> Result<()> {
        while self.expire(None).await? == AT_ONCE {}
        Ok(())
    }

    /// Runs `work`; and once more if it found too little of a product of which reservations that
    /// have expired still held some.
    ///
    /// # Errors
    /// Whatever `work` says.
    pub(super) async fn with_what_has_expired<A, F>(&self, work: impl Fn() -> F) -> Result<A>
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

    /// Ends some of the reservations whose time is over, of one product or of all; returns how
    /// many.
    async fn expire(&self, of: Option<ProductId>) -> Result<u64> {
        // A look costs little, a transaction would keep writers waiting.
        if due(now(), of.as_ref()).limit(1).one(&self.0.reader).await?.is_none() {
            return Ok(0);
        }
        self.write(Write::housekeeping(), move |unit| {
            Box::pin(async move { expire_some(unit, of.as_ref()).await })
        })
        .await
    }

    /// Forgets the reservations that ended long ago, some at a time so that no write waits long.
    ///
    /// # Errors
    /// The store cannot be read or written.
    pub(crate) async fn forget_reservations(&self) -> Result<()> {
        const FORGET_AT_ONCE: u64 = 1_000;
        let ended = || {
            reservation::Entity::find()
                .filter(reservation::Column::State.ne(ReservationState::Held as i32))
                .filter(reservation::Column::ExpiresAt.lt(now() - KEPT_FOR))
        };
        while ended().limit(1).one(&self.0.reader).await?.is_some() {
            let old = ids(ended().limit(FORGET_AT_ONCE), &self.0.reader).await?;
            self.write(Write::housekeeping(), move |unit| {
                Box::pin(async move {
                    let old = reservation::Column::Id.is_in(old.iter().map(ReservationId::as_str));
                    reservation::Entity::delete_many().filter(old).exec(&unit.tx).await?;
                    Ok(())
                })
            })
            .await?;
        }
        Ok(())
    }
}

async fn expire_some(unit: &mut Unit, of: Option<&ProductId>) -> Result<u64> {
    let due = due(unit.now, of)
        .order_by_asc(reservation::Column::ExpiresAt)
        .limit(AT_ONCE)
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
    let lines = lines(unit, &expired).await?;
    stock::give_back(unit, held_by(&lines)).await?;
    tracing::debug!(reservations = expired.len(), "reservations have expired");
    Ok(expired.len() as u64)
}

/// The reservations whose time is over and that still hold something; of one product, if one is
/// named.
fn due(now: Micros, of: Option<&ProductId>) -> Select<reservation::Entity> {
    let due = reservation::Entity::find()
        .filter(reservation::Column::State.eq(ReservationState::Held as i32))
        .filter(reservation::Column::ExpiresAt.lte(now));
    let Some(product) = of else { return due };
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
