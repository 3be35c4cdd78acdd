//! The change feed in the database: its order, reading it, and which feed it is.

pub(super) mod epoch;
pub(super) mod order;
mod position;
mod read;

pub(crate) use position::FeedPosition;
pub(crate) use read::FeedBounds;
pub(super) use read::{decode_place, encode_place, newest};
