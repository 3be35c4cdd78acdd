//! Sessions of those who have signed in.

use std::ops::RangeInclusive;

use access::{Digest, Scopes, SessionHolder};

use super::Micros;

/// A session, without its text: a key for some hours, which ends with its holder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) holder: SessionHolder,
    /// Of the holder, for people.
    pub(crate) name: String,
    pub(crate) scopes: Scopes,
    pub(crate) digest: Digest,
    pub(crate) created_at: Micros,
    pub(crate) expires_at: Micros,
}

impl Session {
    /// Times to live that a request may ask for: up to a working day.
    pub(crate) const TTL: RangeInclusive<Micros> = 1_000_000..=Self::DEFAULT_TTL;
    /// Time to live, if the request sets none.
    pub(crate) const DEFAULT_TTL: Micros = 12 * 60 * 60 * 1_000_000;
}

/// The sessions that are to end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum EndedSessions {
    /// The one with this id.
    One(String),
    /// All of a holder.
    Of(SessionHolder),
}
