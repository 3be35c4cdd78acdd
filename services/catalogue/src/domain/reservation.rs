//! Goods that are taken out of the stock for a while.

use std::fmt;

use super::{Item, Micros, ReservationId};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reservation {
    pub(crate) id: ReservationId,
    pub(crate) lines: Vec<Line>,
    /// From here on it gives everything back by itself.
    pub(crate) expires_at: Micros,
    pub(crate) state: ReservationState,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) item: Item,
    /// More than zero.
    pub(crate) quantity: i32,
}

/// What became of a reservation. The store keeps the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReservationState {
    Held = 1,
    /// The goods are sold.
    Committed = 2,
    /// The goods were given back.
    Released = 3,
    /// The goods were given back because nobody committed in time.
    Expired = 4,
}

impl ReservationState {
    pub(crate) const ALL: [Self; 4] = [Self::Held, Self::Committed, Self::Released, Self::Expired];
}

impl fmt::Display for ReservationState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Held => "held",
            Self::Committed => "committed",
            Self::Released => "released",
            Self::Expired => "expired",
        })
    }
}
