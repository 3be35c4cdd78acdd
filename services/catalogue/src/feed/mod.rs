//! The feed as its followers see it: where one stands, what it is of, and the news that all of
//! them share.

mod cursor;
mod news;
mod scope;

pub(crate) use cursor::{Cursor, Phase};
pub(crate) use news::{Missed, News, Subscription};
pub(crate) use scope::{MAX_IDS, Scope, Sight};
