//! Reservations: goods taken out of the stock until they are committed, released or expire.
//!
//! An existing reservation's row is locked before the stock that is returned; a new one is inserted
//! after its stock is taken. This order rules out deadlocks.
//!
//! **Invariant:** the quantities in stock, reserved and sold always add up.
//!
//! Expiry is decided by the clock of the process that runs the transaction, so replicas agree on it
//! as closely as their clocks do. The lock on the row ensures that an expired reservation is returned
//! to stock once.

use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, sea_query::Expr,
};

use super::{
    read::resolve,
    write::{self, Scope},
};
use crate::{
    domain::{
        Error, Item, ItemKey, Line, Micros, ProductId, Reservation, ReservationId,
        ReservationState, Result, Sku, StockDeltas,
    },
    store::{
        Store,
        schema::entity::{reservation, reservation_line},
        writes::{Unit, Write},
    },
};

impl Store {
    /// Takes the goods of all lines out of the stock for `ttl` microseconds.
    ///
    /// # Errors
    /// The stock of an item is too low, its product is not for sale, an item does not exist, or is
    /// named twice.
    pub(crate) async fn reserve<A: Send + 'static>(
        &self,
        write: Write<Reservation, A>,
        lines: Vec<(ItemKey, i32)>,
        ttl: Micros,
    ) -> Result<A> {
        let reserve = || {
            let lines = lines.clone();
            self.write(write.clone(), move |unit| {
                Box::pin(async move {
                    let lines = lines_of(unit, lines).await?;
                    let mut deltas = StockDeltas::default();
                    for line in &lines {
                        deltas.add(line.item.clone(), -i64::from(line.quantity));
                    }
                    write::add(unit, &deltas, Scope::ForSale)
                        .await
                        .map_err(|error| name_line(error, &lines))?;
                    let reservation = Reservation {
                        id: ReservationId::new(),
                        lines,
                        expires_at: unit.now.saturating_add(ttl),
                        state: ReservationState::Held,
                    };
                    insert(unit, &reservation).await?;
                    Ok(reservation)
                })
            })
        };
        self.retry_after_expiry(reserve).await
    }

    /// The reservation as it is now.
    ///
    /// # Errors
    /// The reservation does not exist; the store cannot be read.
    pub(crate) async fn reservation(&self, id: ReservationId) -> Result<Reservation> {
        let db = &self.0.reader;
        let row = reservation::Entity::find_by_id(id.as_str()).one(db).await?;
        with_lines(db, id, row).await
    }

    /// Commits a reservation: its goods are sold. One past its expiry time can be committed until its
    /// goods are returned to stock.
    ///
    /// # Errors
    /// The reservation does not exist, or its goods were returned to stock.
    pub(crate) async fn commit_reservation<A: Send + 'static>(
        &self,
        write: Write<Reservation, A>,
        id: ReservationId,
    ) -> Result<A> {
        self.write(write, move |unit| {
            Box::pin(async move {
                let mut reservation = load_locked(unit, id).await?;
                match reservation.state {
                    ReservationState::Held => {
                        end(unit, &mut reservation, ReservationState::Committed).await?;
                        Ok(reservation)
                    }
                    ReservationState::Committed => Ok(reservation),
                    state => Err(Error::ReservationEnded { id: reservation.id, state }),
                }
            })
        })
        .await
    }

    /// Releases a reservation: its goods return to stock.
    ///
    /// # Errors
    /// The reservation does not exist, or was committed.
    pub(crate) async fn release_reservation<A: Send + 'static>(
        &self,
        write: Write<Reservation, A>,
        id: ReservationId,
    ) -> Result<A> {
        self.write(write, move |unit| {
            Box::pin(async move {
                let mut reservation = load_locked(unit, id).await?;
                match reservation.state {
                    ReservationState::Held => {
                        end(unit, &mut reservation, ReservationState::Released).await?;
                        write::return_to_stock(unit, returns_of(&reservation.lines)).await?;
                        Ok(reservation)
                    }
                    ReservationState::Released | ReservationState::Expired => Ok(reservation),
                    state => Err(Error::ReservationEnded { id: reservation.id, state }),
                }
            })
        })
        .await
    }
}

/// Finds the items of the lines.
///
/// # Errors
/// An item does not exist, or is named twice.
async fn lines_of(unit: &Unit, keys: Vec<(ItemKey, i32)>) -> Result<Vec<Line>> {
    let (keys, quantities): (Vec<_>, Vec<_>) = keys.into_iter().unzip();
    let items = resolve(&unit.tx, &keys).await?;
    for (index, item) in items.iter().enumerate() {
        if items[..index].contains(item) {
            let field = format!("lines[{index}]");
            return Err(Error::field(field, "names what another line names; ask for it once"));
        }
    }
    let lines = items.into_iter().zip(quantities);
    Ok(lines.map(|(item, quantity)| Line { item, quantity }).collect())
}

/// Names the line in an error about a missing SKU.
fn name_line(error: Error, lines: &[Line]) -> Error {
    let Error::SkuRequired { product, .. } = error else { return error };
    let is_cause = |line: &Line| line.item.sku.is_none() && line.item.product_id == product;
    let index = lines.iter().position(is_cause).unwrap_or(0);
    Error::SkuRequired { field: format!("lines[{index}].sku"), product }
}

/// The deltas that return these lines to stock.
pub(super) fn returns_of(lines: &[Line]) -> StockDeltas {
    let mut deltas = StockDeltas::default();
    for line in lines {
        deltas.add(line.item.clone(), i64::from(line.quantity));
    }
    deltas
}

async fn insert(unit: &Unit, reservation: &Reservation) -> Result<()> {
    let row = reservation::ActiveModel {
        id: Set(reservation.id.as_str().to_owned()),
        state: Set(reservation.state as i32),
        expires_at: Set(reservation.expires_at),
        created_at: Set(unit.now),
        actor: Set(unit.context.actor.clone()),
    };
    reservation::Entity::insert(row).exec_without_returning(&unit.tx).await?;
    let lines = (0..).zip(&reservation.lines).map(|(number, line)| {
        let sku = line.item.sku.as_ref().map_or("", Sku::as_str);
        reservation_line::ActiveModel {
            reservation_id: Set(reservation.id.as_str().to_owned()),
            line: Set(number),
            product_id: Set(line.item.product_id.as_str().to_owned()),
            sku: Set(sku.to_owned()),
            quantity: Set(line.quantity),
        }
    });
    reservation_line::Entity::insert_many(lines).exec_without_returning(&unit.tx).await?;
    Ok(())
}

/// Loads the reservation and locks its row until the transaction ends.
async fn load_locked(unit: &Unit, id: ReservationId) -> Result<Reservation> {
    let row = reservation::Entity::find_by_id(id.as_str()).lock_exclusive().one(&unit.tx).await?;
    with_lines(&unit.tx, id, row).await
}

async fn with_lines(
    db: &impl ConnectionTrait,
    id: ReservationId,
    row: Option<reservation::Model>,
) -> Result<Reservation> {
    let Some(row) = row else { return Err(Error::ReservationNotFound(id)) };
    let state = ReservationState::ALL.into_iter().find(|state| *state as i32 == row.state);
    let unknown = || Error::Damaged(format!("a reservation in state {}", row.state).into());
    let state = state.ok_or_else(unknown)?;
    let lines = lines(db, std::slice::from_ref(&id)).await?;
    Ok(Reservation { id, lines, expires_at: row.expires_at, state })
}

/// The lines of these reservations, in order.
pub(super) async fn lines(db: &impl ConnectionTrait, ids: &[ReservationId]) -> Result<Vec<Line>> {
    let rows = reservation_line::Entity::find()
        .filter(
            reservation_line::Column::ReservationId.is_in(ids.iter().map(ReservationId::as_str)),
        )
        .order_by_asc(reservation_line::Column::ReservationId)
        .order_by_asc(reservation_line::Column::Line)
        .all(db)
        .await?;
    let line = |row: reservation_line::Model| {
        let sku = Some(row.sku).filter(|sku| !sku.is_empty()).map(Sku::known);
        let item = Item { product_id: ProductId::known(row.product_id), sku };
        Line { item, quantity: row.quantity }
    };
    Ok(rows.into_iter().map(line).collect())
}

/// Sets the final state.
async fn end(unit: &Unit, reservation: &mut Reservation, state: ReservationState) -> Result<()> {
    reservation::Entity::update_many()
        .col_expr(reservation::Column::State, Expr::value(state as i32))
        .filter(reservation::Column::Id.eq(reservation.id.as_str()))
        .exec(&unit.tx)
        .await?;
    reservation.state = state;
    Ok(())
}
