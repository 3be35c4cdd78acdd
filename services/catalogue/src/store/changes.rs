//! Reading the feed: one row a change, in the order that [`order`] gives.

use sea_orm::{
    ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QuerySelect as _, Select,
    sea_query::Order,
};

use super::{
    Store, engine,
    entity::{change, meta},
    order,
    stored::parse,
};
use crate::domain::{CategoryId, Change, Error, Op, Place, ProductId, Result, Subject};

/// Under which key the place is kept that the kept changes begin behind.
pub(super) const FLOOR: &str = "feed_floor";

/// The changes that are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kept {
    /// All changes behind this place are kept.
    pub(crate) floor: Place,
    /// The newest change that nothing can come before any more, or the floor if there is none.
    pub(crate) newest: Place,
    /// The newest change of all.
    last: Place,
}

impl Kept {
    /// Whether everything behind `place` is there, and `place` itself has happened.
    pub(crate) fn can_resume(self, place: Place) -> bool {
        (self.floor..=self.last).contains(&place)
    }

    /// Whether everything that was committed can be read.
    pub(crate) fn is_settled(self) -> bool {
        self.newest == self.last
    }
}

/// Some changes in their order.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) changes: Vec<Change>,
    /// Whether everything is in it that had been committed when it was asked for.
    pub(crate) complete: bool,
}

impl Store {
    /// Which changes are kept.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(crate) async fn kept_changes(&self) -> Result<Kept> {
        // The floor first: it rises, but never above what is newest.
        let floor = self.floor().await?;
        let settled = order::settled(self.engine(), change::Entity::find());
        let newest = first(&self.0.reader, settled, Order::Desc).await?.unwrap_or(floor);
        let last = match engine::is_concurrent(self.engine()) {
            true => Ord::max(self::newest(&self.0.reader).await?, newest),
            false => newest,
        };
        Ok(Kept { floor, newest, last })
    }

    /// The first `limit` changes behind `place`.
    ///
    /// # Errors
    /// [`Error::CursorExpired`] if some of them are no longer kept; the store cannot be read.
    pub(crate) async fn changes_after(&self, place: Place, limit: u64) -> Result<Page> {
        let rows = change::Entity::find().filter(order::after(self.engine(), place)).limit(limit);
        let rows = order::settled(self.engine(), rows);
        let rows = order::ordered(self.engine(), rows, Order::Asc).all(&self.0.reader).await?;
        // Asked afterwards: what is complete now was complete when the rows were read.
        if self.floor().await? > place {
            return Err(Error::CursorExpired);
        }
        let changes: Vec<_> = rows.into_iter().map(Change::try_from).collect::<Result<_>>()?;
        let end = changes.last().map_or(place, |change| change.place);
        let complete = (changes.len() as u64) < limit && !self.is_any_after(end).await?;
        Ok(Page { changes, complete })
    }

    /// Whether something has been committed behind `place` that could not be read yet.
    async fn is_any_after(&self, place: Place) -> Result<bool> {
        if !engine::is_concurrent(self.engine()) {
            return Ok(false);
        }
        let behind = change::Entity::find().filter(order::after(self.engine(), place)).limit(1);
        Ok(behind.one(&self.0.reader).await?.is_some())
    }

    /// Before anything was forgotten by this version, it is right before the oldest change.
    async fn floor(&self) -> Result<Place> {
        if let Some(row) = meta::Entity::find_by_id(FLOOR).one(&self.0.reader).await? {
            return unpack(&row.value);
        }
        let oldest = first(&self.0.reader, change::Entity::find(), Order::Asc).await?;
        let sequence = oldest.map_or(0, |oldest| oldest.sequence - 1);
        Ok(Place { transaction: 0, sequence })
    }
}

/// The newest change there is, settled or not; before the first, the place before it.
pub(super) async fn newest(db: &impl ConnectionTrait) -> Result<Place, DbErr> {
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

/// As bytes that sort as places do: numbers of ours are not negative.
pub(super) fn pack(place: Place) -> Vec<u8> {
    [place.transaction.to_be_bytes(), place.sequence.to_be_bytes()].concat()
}

pub(super) fn unpack(bytes: &[u8]) -> Result<Place> {
    let numbers = bytes.split_first_chunk().zip(bytes.last_chunk());
    let Some(((transaction, _), sequence)) = numbers.filter(|_| bytes.len() == 16) else {
        return Err(Error::Store(format!("the value kept as {FLOOR} is damaged").into()));
    };
    let (transaction, sequence) = (i64::from_be_bytes(*transaction), i64::from_be_bytes(*sequence));
    Ok(Place { transaction, sequence })
}

pub(super) fn place(row: &change::Model) -> Place {
    Place { transaction: row.xid, sequence: row.seq }
}

impl TryFrom<change::Model> for Change {
    type Error = Error;

    fn try_from(row: change::Model) -> Result<Self> {
        let ops = [Op::Created, Op::Updated, Op::Deleted, Op::Stock];
        let op = ops.into_iter().find(|op| *op as i32 == row.op);
        Ok(Self {
            place: place(&row),
            subject: match row.category_id {
                Some(id) => Subject::Category(CategoryId::known(id)),
                None => Subject::Product(ProductId::known(row.product_id)),
            },
            op: op.ok_or_else(|| Error::Store(format!("a change of kind {}", row.op).into()))?,
            changed_fields: parse(&row.changed_fields)?,
            at: row.changed_at,
            actor: row.actor,
            request_id: row.request_id,
        })
    }
}
