//! The `meta` table: single values that belong to the database rather than to a product.

use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr, EntityTrait as _, sea_query::OnConflict};

use super::entity::meta::{ActiveModel, Column, Entity};

/// The key that page tokens are signed with, 32 bytes.
pub(in crate::store) const PAGE_TOKEN_KEY: &str = "page_token_key";
/// The UUID of the change feed.
pub(in crate::store) const FEED_EPOCH: &str = "feed_epoch";
/// The identity of the database that the feed's epoch began in; PostgreSQL only.
pub(in crate::store) const FEED_DATABASE: &str = "feed_database";
/// The place after which all changes are retained; see `changes::read::encode_place`.
pub(in crate::store) const FEED_FLOOR: &str = "feed_floor";

/// The value of `key`, if it has one.
pub(in crate::store) async fn get(
    db: &impl ConnectionTrait,
    key: &str,
) -> Result<Option<Vec<u8>>, DbErr> {
    Ok(Entity::find_by_id(key).one(db).await?.map(|row| row.value))
}

/// Sets `key`, replacing any earlier value.
pub(in crate::store) async fn put(
    db: &impl ConnectionTrait,
    key: &str,
    value: Vec<u8>,
) -> Result<(), DbErr> {
    let row = ActiveModel { key: Set(key.to_owned()), value: Set(value) };
    let replace = OnConflict::column(Column::Key).update_column(Column::Value).to_owned();
    Entity::insert(row).on_conflict(replace).exec_without_returning(db).await?;
    Ok(())
}

/// The value of `key`; `initial` is stored first if the key has none.
///
/// # Errors
/// The database cannot be written, or the stored value does not have `N` bytes.
pub(in crate::store) async fn get_or_create<const N: usize>(
    db: &impl ConnectionTrait,
    key: &str,
    initial: [u8; N],
) -> Result<[u8; N], DbErr> {
    let row = ActiveModel { key: Set(key.to_owned()), value: Set(initial.to_vec()) };
    let keep_existing = OnConflict::column(Column::Key).do_nothing().to_owned();
    Entity::insert(row).on_conflict(keep_existing).exec_without_returning(db).await?;
    get(db, key)
        .await?
        .and_then(|value| value.try_into().ok())
        .ok_or_else(|| DbErr::Custom(format!("the meta value {key} is damaged")))
}
