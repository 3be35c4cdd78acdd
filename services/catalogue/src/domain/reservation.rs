//! Reservations: stock that is set aside for a limited time.

use std::{fmt, ops::RangeInclusive};

use super::{Item, Micros, ReservationId};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reservation {
    pub(crate) id: ReservationId,
    pub(crate) lines: Vec<Line>,
    /// Time at which the reservation is released automatically.
    pub(crate) expires_at: Micros,
    pub(crate) state: ReservationState,
}

impl Reservation {
    /// Times to live that a request may ask for.
    pub(crate) const TTL: RangeInclusive<Micros> = 1_000_000..=24 * 60 * 60 * 1_000_000;
    /// Time to live, if the request sets none.
    pub(crate) const DEFAULT_TTL: Micros = 15 * 60 * 1_000_000;
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) item: Item,
    /// Positive.
    pub(crate) quantity: i32,
}

/// State of a reservation. The number is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReservationState {
    Held = 1,
    /// The reserved stock was sold.
    Committed = 2,
    /// The stock was returned.
    Released = 3,
    /// The stock was returned because the reservation was not committed in time.
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
