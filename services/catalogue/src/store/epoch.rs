//! Which feed this is: another one once the database is another, or an earlier one of itself.
//!
//! A cursor names a place in one feed. Where a database was restored, copied or set back, the same
//! place may come to mean something else; then a new epoch begins, and every cursor of the old one
//! is refused by name rather than served with a hole.

use sea_orm::{
    ActiveValue::Set, DatabaseConnection, DbBackend, DbErr, EntityTrait as _,
    TransactionTrait as _, sea_query::OnConflict,
};
use uuid::Uuid;

use super::{
    changes::FLOOR,
    engine,
    entity::{change, meta},
    open::remembered,
};

const EPOCH: &str = "feed_epoch";
/// Which database the epoch began in.
const IDENTITY: &str = "feed_database";

/// The epoch of the feed; a new one if the database is not the one the old one began in.
pub(super) async fn current(writer: &DatabaseConnection) -> Result<Uuid, DbErr> {
    if writer.get_database_backend() == DbBackend::Postgres {
        renew_if_moved(writer).await?;
    }
    let epoch = remembered(writer, EPOCH, Uuid::new_v4().into_bytes()).await?;
    Ok(Uuid::from_bytes(epoch))
}

/// The changes that are kept go with the old epoch: their transactions are not numbered as those
/// to come, and whoever follows begins with a snapshot anyway.
async fn renew_if_moved(writer: &DatabaseConnection) -> Result<(), DbErr> {
    let tx = writer.begin().await?;
    engine::lock_epoch(&tx).await?;
    let identity = engine::identity(&tx).await?;
    let known = meta::Entity::find_by_id(IDENTITY).one(&tx).await?.map(|row| row.value);
    let is_same = known.as_deref().is_none_or(|known| known == identity.as_bytes());
    if is_same && !engine::was_set_back(&tx).await? {
        if known.is_none() {
            keep(&tx, IDENTITY, identity.into_bytes()).await?;
        }
        return tx.commit().await;
    }
    tracing::warn!("the database was restored or copied: a new feed begins, old cursors expire");
    change::Entity::delete_many().exec(&tx).await?;
    meta::Entity::delete_by_id(FLOOR).exec(&tx).await?;
    keep(&tx, EPOCH, Uuid::new_v4().into_bytes().to_vec()).await?;
    keep(&tx, IDENTITY, identity.into_bytes()).await?;
    tx.commit().await
}

async fn keep(tx: &impl sea_orm::ConnectionTrait, key: &str, value: Vec<u8>) -> Result<(), DbErr> {
    let row = meta::ActiveModel { key: Set(key.to_owned()), value: Set(value) };
    let over = OnConflict::column(meta::Column::Key).update_column(meta::Column::Value).to_owned();
    meta::Entity::insert(row).on_conflict(over).exec_without_returning(tx).await?;
    Ok(())
}
