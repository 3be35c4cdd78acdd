//! The API keys.

use access::{Digest, Scopes};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ConnectionTrait, EntityTrait as _,
    IntoActiveModel as _, PaginatorTrait as _, QueryOrder as _,
};

use super::{
    Store,
    schema::entity::access_key::{ActiveModel, Column, Entity, Model},
    writes::Write,
};
use crate::domain::{Error, Key, KeyError, Micros, Result, now};

/// Keys, ended ones included, at most: every service holds the valid ones.
const MAX_KEYS: usize = 10_000;

impl Store {
    /// All keys, the newest first.
    pub(crate) async fn keys(&self) -> Result<Vec<Key>> {
        let newest_first = Entity::find().order_by_desc(Column::CreatedAt).order_by_asc(Column::Id);
        newest_first.all(&self.0.reader).await?.into_iter().map(key).collect()
    }

    /// Adds a key.
    ///
    /// # Errors
    /// [`KeyError::TooMany`].
    pub(crate) async fn create_key(&self, write: Write<()>, key: Key) -> Result<()> {
        write.context.name_resource(&key.id);
        self.write(write, move |unit| Box::pin(async move { insert(&unit.tx, key).await })).await
    }

    /// Revokes a key; returns it.
    ///
    /// # Errors
    /// [`KeyError::NotFound`].
    pub(crate) async fn revoke_key(&self, write: Write<Key>, id: String) -> Result<Key> {
        write.context.name_resource(&id);
        self.write(write, move |unit| {
            Box::pin(async move {
                let found = find(&unit.tx, id).await?;
                if found.revoked_at.is_some() {
                    return key(found);
                }
                let mut row = found.into_active_model();
                row.revoked_at = Set(Some(now()));
                key(row.update(&unit.tx).await?)
            })
        })
        .await
    }

    /// Adds the successor of a key, which expires at `until` or when it would have; returns it as added.
    ///
    /// # Errors
    /// [`KeyError::NotFound`], [`KeyError::Ended`] or [`KeyError::TooMany`].
    pub(crate) async fn rotate_key(
        &self,
        write: Write<Key>,
        id: String,
        (new_id, digest): (String, Digest),
        until: Micros,
    ) -> Result<Key> {
        write.context.name_resource(&id);
        self.write(write, move |unit| {
            Box::pin(async move {
                let found = find(&unit.tx, id).await?;
                let old = key(found.clone())?;
                if old.has_ended(now()) {
                    return Err(KeyError::Ended(old.id).into());
                }
                let made = Key { id: new_id, digest, created_at: now(), ..old.clone() };
                let successor = Key { last_used_at: None, ..made };
                insert(&unit.tx, successor.clone()).await?;
                let mut row = found.into_active_model();
                row.expires_at =
                    Set(Some(old.expires_at.map_or(until, |expires| expires.min(until))));
                row.update(&unit.tx).await?;
                Ok(successor)
            })
        })
        .await
    }
}

async fn find(db: &impl ConnectionTrait, id: String) -> Result<Model> {
    let found = Entity::find_by_id(id.as_str()).one(db).await?;
    found.ok_or_else(|| KeyError::NotFound(id).into())
}

async fn insert(db: &impl ConnectionTrait, key: Key) -> Result<()> {
    if Entity::find().count(db).await? >= MAX_KEYS as u64 {
        return Err(KeyError::TooMany(MAX_KEYS).into());
    }
    let row = ActiveModel {
        id: Set(key.id),
        name: Set(key.name),
        scopes: Set(key.scopes.to_string()),
        digest: Set(key.digest.bytes().into()),
        created_at: Set(key.created_at),
        expires_at: Set(key.expires_at),
        revoked_at: Set(key.revoked_at),
        last_used_at: Set(key.last_used_at),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

fn key(row: Model) -> Result<Key> {
    let damaged = || Error::Damaged(format!("the key {} is damaged", row.id).into());
    Ok(Key {
        scopes: Scopes::known(row.scopes.split(' ')),
        digest: Digest::from_bytes(&row.digest).ok_or_else(damaged)?,
        id: row.id,
        name: row.name,
        created_at: row.created_at,
        expires_at: row.expires_at,
        revoked_at: row.revoked_at,
        last_used_at: row.last_used_at,
    })
}
