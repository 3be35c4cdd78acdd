//! The feed's epoch: a UUID that changes when the database is replaced or set back.
//!
//! A cursor names a place in one feed. In a database that was restored, copied or set back, the
//! same place may come to mean another change. A new epoch begins then, and a cursor of the old one
//! is rejected with an error instead of silently skipping changes.

use sea_orm::{DatabaseConnection, DbBackend, DbErr, EntityTrait as _, TransactionTrait as _};
use uuid::Uuid;

use crate::store::{
    engine,
    schema::{
        entity,
        meta::{self, FEED_DATABASE, FEED_EPOCH, FEED_FLOOR},
    },
};

/// The current epoch; begins a new one if the database is not the one that the old one began in.
pub(in crate::store) async fn current(writer: &DatabaseConnection) -> Result<Uuid, DbErr> {
    if writer.get_database_backend() == DbBackend::Postgres {
        renew_if_moved(writer).await?;
    }
    let epoch = meta::get_or_create(writer, FEED_EPOCH, Uuid::new_v4().into_bytes()).await?;
    Ok(Uuid::from_bytes(epoch))
}

/// Begins a new epoch if the database was restored, copied or set back. The changes of the old one
/// are deleted: the numbers of their transactions do not compare with those to come, and every
/// follower starts with a snapshot anyway.
async fn renew_if_moved(writer: &DatabaseConnection) -> Result<(), DbErr> {
    let tx = writer.begin().await?;
    engine::lock_epoch(&tx).await?;
    let identity = engine::identity(&tx).await?;
    let known = meta::get(&tx, FEED_DATABASE).await?;
    let is_same = known.as_deref().is_none_or(|known| known == identity.as_bytes());
    if is_same && !engine::was_set_back(&tx).await? {
        if known.is_none() {
            meta::put(&tx, FEED_DATABASE, identity.into_bytes()).await?;
        }
        return tx.commit().await;
    }
    tracing::warn!("the database was restored or copied: a new feed begins, old cursors expire");
    entity::change::Entity::delete_many().exec(&tx).await?;
    entity::meta::Entity::delete_by_id(FEED_FLOOR).exec(&tx).await?;
    meta::put(&tx, FEED_EPOCH, Uuid::new_v4().into_bytes().to_vec()).await?;
    meta::put(&tx, FEED_DATABASE, identity.into_bytes()).await?;
    tx.commit().await
}
