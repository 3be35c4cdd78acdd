//! Deletes reservations that ended long ago.

use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _};

use crate::{
    domain::{Micros, ReservationState, Result, now},
    store::{Store, schema::entity::reservation, writes::Write},
};

/// How long a reservation is kept after its expiry time, in microseconds.
const RETENTION: Micros = 24 * 60 * 60 * 1_000_000;
/// Reservations deleted in one transaction.
const BATCH: u64 = 1_000;

impl Store {
    /// Deletes the reservations that ended long ago.
    pub(crate) async fn delete_ended_reservations(&self) -> Result<()> {
        let ended = || {
            reservation::Entity::find()
                .filter(reservation::Column::State.ne(ReservationState::Held as i32))
                .filter(reservation::Column::ExpiresAt.lt(now() - RETENTION))
        };
        loop {
            let batch = ended().select_only().column(reservation::Column::Id).limit(BATCH);
            let batch: Vec<String> = batch.into_tuple().all(&self.0.reader).await?;
            if batch.is_empty() {
                return Ok(());
            }
            self.write(Write::internal(), move |unit| {
                Box::pin(async move {
                    let delete = reservation::Entity::delete_many()
                        .filter(reservation::Column::Id.is_in(batch));
                    delete.exec(&unit.tx).await?;
                    Ok(())
                })
            })
            .await?;
        }
    }
}
