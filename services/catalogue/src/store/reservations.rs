//! Goods taken out of the stock for a while.
//!
//! A reservation's own row is locked before the stock it gives back, and a new one after the stock
//! it takes: nobody waits for a row of which another waits for theirs.
//!
//! **Invariant:** what is in stock, what is held and what was sold always add up.
//!
//! When it is time is decided by the clock of the process that asks. Replicas agree as well as
//! their clocks do; a reservation that one holds for expired is given back once, by whoever comes
//! first.

use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, sea_query::Expr,
};

use super::{
    Store,
    entity::{reservation, reservation_line},
    stock::{self, Of},
    stock_levels::resolve,
    unit::Unit,
    write::Write,
};
use crate::domain::{
    Error, Item, ItemKey, Line, Micros, ProductId, Reservation, ReservationId, ReservationState,
    Result, Sku, StockDeltas,
};

impl Store {
    /// Takes the lines' goods out of the stock, all of them or none, for `ttl` microseconds.
    ///
    /// # Errors
    /// There is too little of an item, there is no such item, or one is named twice.
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
                    let mut moves = StockDeltas::default();
                    for line in &lines {
                        moves.add(line.item.clone(), -i64::from(line.quantity));
                    }
                    stock::add(unit, &moves, Of::Present)
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
        self.with_what_has_expired(reserve).await
    }

    /// Makes a reservation final. It need not have been given back only because its time is over.
    ///
    /// # Errors
    /// There is no such reservation, or its goods were given back.
    pub(crate) async fn commit_reservation<A: Send + 'static>(
        &self,
        write: Write<Reservation, A>,
        id: ReservationId,
    ) -> Result<A> {
        self.write(write, move |unit| {
            Box::pin(async move {
                let mut reservation = lock(unit, id).await?;
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

    /// Gives a reservation's goods back.
    ///
    /// # Errors
    /// There is no such reservation, or its goods are sold.
    pub(crate) async fn release_reservation<A: Send + 'static>(
        &self,
        write: Write<Reservation, A>,
        id: ReservationId,
    ) -> Result<A> {
        self.write(write, move |unit| {
            Box::pin(async move {
                let mut reservation = lock(unit, id).await?;
                match reservation.state {
                    ReservationState::Held => {
                        end(unit, &mut reservation, ReservationState::Released).await?;
                        stock::give_back(unit, held_by(&reservation.lines)).await?;
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

/// The lines with their items found, each there once.
async fn lines_of(unit: &Unit, asked: Vec<(ItemKey, i32)>) -> Result<Vec<Line>> {
    let (asked, quantities): (Vec<_>, Vec<_>) = asked.into_iter().unzip();
    let items = resolve(&unit.tx, &asked).await?;
    for (index, item) in items.iter().enumerate() {
        if items[..index].contains(item) {
            let field = format!("lines[{index}]");
            return Err(Error::field(field, "names what another line names; ask for it once"));
        }
    }
    let lines = items.into_iter().zip(quantities);
    Ok(lines.map(|(item, quantity)| Line { item, quantity }).collect())
}

/// Says in which line a sku is missing.
fn name_line(error: Error, lines: &[Line]) -> Error {
    let Error::SkuRequired { product, .. } = error else { return error };
    let is_it = |line: &Line| line.item.sku.is_none() && line.item.product_id == product;
    let index = lines.iter().position(is_it).unwrap_or(0);
    Error::SkuRequired { field: format!("lines[{index}].sku"), product }
}

/// What goes back into the stock when these are not sold.
pub(super) fn held_by(lines: &[Line]) -> StockDeltas {
    let mut moves = StockDeltas::default();
    for line in lines {
        moves.add(line.item.clone(), i64::from(line.quantity));
    }
    moves
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

/// The reservation, which nobody else can end until the transaction does.
async fn lock(unit: &Unit, id: ReservationId) -> Result<Reservation> {
    let row = reservation::Entity::find_by_id(id.as_str()).lock_exclusive().one(&unit.tx).await?;
    let Some(row) = row else { return Err(Error::ReservationNotFound(id)) };
    let state = ReservationState::ALL.into_iter().find(|state| *state as i32 == row.state);
    let unknown = || Error::Store(format!("a reservation in state {}", row.state).into());
    let state = state.ok_or_else(unknown)?;
    let lines = lines(unit, std::slice::from_ref(&id)).await?;
    Ok(Reservation { id, lines, expires_at: row.expires_at, state })
}

/// The lines of these reservations, in their order.
pub(super) async fn lines(unit: &Unit, ids: &[ReservationId]) -> Result<Vec<Line>> {
    let rows = reservation_line::Entity::find()
        .filter(
            reservation_line::Column::ReservationId.is_in(ids.iter().map(ReservationId::as_str)),
        )
        .order_by_asc(reservation_line::Column::ReservationId)
        .order_by_asc(reservation_line::Column::Line)
        .all(&unit.tx)
        .await?;
    let line = |row: reservation_line::Model| {
        let sku = Some(row.sku).filter(|sku| !sku.is_empty()).map(Sku::known);
        let item = Item { product_id: ProductId::known(row.product_id), sku };
        Line { item, quantity: row.quantity }
    };
    Ok(rows.into_iter().map(line).collect())
}

async fn end(unit: &Unit, reservation: &mut Reservation, state: ReservationState) -> Result<()> {
    reservation::Entity::update_many()
        .col_expr(reservation::Column::State, Expr::value(state as i32))
        .filter(reservation::Column::Id.eq(reservation.id.as_str()))
        .exec(&unit.tx)
        .await?;
    reservation.state = state;
    Ok(())
}
