//! Reads the feed: one row a change, in the order of [`order`].

use sea_orm::{
    ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QuerySelect as _, Select,
    sea_query::Order,
};

use super::order;
use crate::{
    domain::{Change, Error, Place, Result},
    store::{
        Store, engine,
        schema::{
            entity::change,
            meta::{self, FEED_FLOOR},
        },
    },
};

/// The changes that are retained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FeedBounds {
    /// All changes after this place are retained.
    pub(crate) floor: Place,
    /// The newest settled change: none can appear before it any more. The floor if there is none.
    pub(crate) settled: Place,
    /// The newest committed change.
    newest: Place,
}

impl FeedBounds {
    /// Whether `place` is in the feed and every change after it is retained.
    pub(crate) fn can_resume(self, place: Place) -> bool {
        (self.floor..=self.newest).contains(&place)
    }

    /// Whether every committed change is settled, and so can be read.
    pub(crate) fn is_settled(self) -> bool {
        self.settled == self.newest
    }
}

/// A page of the feed.
#[derive(Debug)]
pub(crate) struct ChangePage {
    pub(crate) changes: Vec<Change>,
    /// Whether the page reaches the newest change that was committed before it was read.
    pub(crate) complete: bool,
}

impl Store {
    /// Which changes are retained.
    pub(crate) async fn feed_bounds(&self) -> Result<FeedBounds> {
        // The floor is read first: it rises, but never above the settled change.
        let floor = self.floor().await?;
        let settled = order::settled(self.engine(), change::Entity::find());
        let settled = first(&self.0.reader, settled, Order::Desc).await?.unwrap_or(floor);
        let newest = match engine::is_concurrent(self.engine()) {
            true => Ord::max(newest(&self.0.reader).await?, settled),
            false => settled,
        };
        Ok(FeedBounds { floor, settled, newest })
    }

    /// The first `limit` settled changes after `place`.
    ///
    /// # Errors
    /// [`Error::CursorExpired`] if some of them are no longer retained; the store cannot be read.
    pub(crate) async fn changes_after(&self, place: Place, limit: u64) -> Result<ChangePage> {
        let rows = change::Entity::find().filter(order::after(self.engine(), place)).limit(limit);
        let rows = order::settled(self.engine(), rows);
        let rows = order::ordered(self.engine(), rows, Order::Asc).all(&self.0.reader).await?;
        // Read after the rows: retained now, they were all retained when the rows were read.
        if self.floor().await? > place {
            return Err(Error::CursorExpired);
        }
        let changes: Vec<_> = rows.into_iter().map(Change::try_from).collect::<Result<_>>()?;
        let end = changes.last().map_or(place, |change| change.place);
        let complete = (changes.len() as u64) < limit && !self.is_any_after(end).await?;
        Ok(ChangePage { changes, complete })
    }

    /// Whether a committed change after `place` is not settled yet.
    async fn is_any_after(&self, place: Place) -> Result<bool> {
        if !engine::is_concurrent(self.engine()) {
            return Ok(false);
        }
        let after = change::Entity::find().filter(order::after(self.engine(), place)).limit(1);
        Ok(after.one(&self.0.reader).await?.is_some())
    }

    /// The stored floor; until one is stored, the place right before the oldest change.
    async fn floor(&self) -> Result<Place> {
        if let Some(floor) = meta::get(&self.0.reader, FEED_FLOOR).await? {
            return decode_place(&floor);
        }
        let oldest = first(&self.0.reader, change::Entity::find(), Order::Asc).await?;
        let sequence = oldest.map_or(0, |oldest| oldest.sequence - 1);
        Ok(Place { transaction: 0, sequence })
    }
}

/// The newest committed change, settled or not; the place before the first if there is none.
pub(in crate::store) async fn newest(db: &impl ConnectionTrait) -> Result<Place, DbErr> {
    Ok(first(db, change::Entity::find(), Order::Desc).await?.unwrap_or_default())
}

async fn first(
    db: &impl ConnectionTrait,
    changes: Select<change::Entity>,
    order: Order,
) -> Result<Option<Place>, DbErr> {
    let changes = order::ordered(db.get_database_backend(), changes, order).select_only();
    let changes = changes.columns([change::Column::Xid, change::Column::Seq]);
    let first: Option<(i64, i64)> = changes.into_tuple().one(db).await?;
    Ok(first.map(|(transaction, sequence)| Place { transaction, sequence }))
}

/// Encodes a place as [`FEED_FLOOR`] stores it: two big-endian numbers, so that the bytes sort as
/// the places do (neither number is negative).
pub(in crate::store) fn encode_place(place: Place) -> Vec<u8> {
    [place.transaction.to_be_bytes(), place.sequence.to_be_bytes()].concat()
}

/// The inverse of [`encode_place`].
///
/// # Errors
/// The bytes are not a place.
pub(in crate::store) fn decode_place(bytes: &[u8]) -> Result<Place> {
    let numbers = bytes.split_first_chunk().zip(bytes.last_chunk());
    let Some(((transaction, _), sequence)) = numbers.filter(|_| bytes.len() == 16) else {
        return Err(Error::Damaged(format!("the meta value {FEED_FLOOR} is damaged").into()));
    };
    let (transaction, sequence) = (i64::from_be_bytes(*transaction), i64::from_be_bytes(*sequence));
    Ok(Place { transaction, sequence })
}
