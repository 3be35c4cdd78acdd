//! The keys of page tokens: the first one in the table `meta`, the others in a table of their own.
//!
//! A row says when its key begins to sign and until when those before it open tokens, so rows never change.

use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _,
};

use super::{
    Store,
    schema::entity::page_token_key::{ActiveModel, Column, Entity, Model},
    writes::Write,
};
use crate::domain::{Error, KeyError, Micros, PageTokenKey, Result, now};

/// Keys that open tokens at the same time, at most: a token is tried with each.
const MAX_KEYS: usize = 8;
/// How long a new key only opens tokens: longer than it takes to reach all services.
const SIGN_DELAY: Micros = 5_000_000;

impl Store {
    /// The keys that open tokens, in the order in which they begin to sign.
    pub(crate) async fn page_token_keys(&self) -> Result<Vec<PageTokenKey>> {
        let rows = rows(&self.0.reader).await?;
        self.valid_page_token_keys(&rows, now())
    }

    /// Adds a key, which begins to sign soon; the earlier ones open tokens for `overlap` longer. Returns the
    /// new one, and until when the earlier ones open.
    ///
    /// # Errors
    /// [`KeyError::TooManyPageTokenKeys`].
    pub(crate) async fn rotate_page_token_key(
        &self,
        overlap: Micros,
    ) -> Result<(PageTokenKey, Micros)> {
        let store = self.clone();
        self.write(Write::internal(), move |unit| {
            Box::pin(async move {
                let (rows, now) = (rows(&unit.tx).await?, now());
                if store.valid_page_token_keys(&rows, now)?.len() >= MAX_KEYS {
                    return Err(KeyError::TooManyPageTokenKeys(MAX_KEYS).into());
                }
                let signs_from = rows.last().map_or(now + SIGN_DELAY, |newest| {
                    Ord::max(now + SIGN_DELAY, newest.signs_from + 1)
                });
                // If a key has leaked, none of its tokens is accepted any longer: the new key then signs immediately,
                // as the only one.
                let previous_until = if overlap == 0 { now } else { signs_from + overlap };
                let secret = page_token::random_key();
                let row = ActiveModel {
                    signs_from: Set(signs_from),
                    secret: Set(secret.to_vec()),
                    previous_until: Set(previous_until),
                };
                Entity::insert(row).exec_without_returning(&unit.tx).await?;
                // The newest of these still shows that the keys before it have ended.
                let ended = rows.iter().rev().filter(|row| row.previous_until <= now).nth(1);
                if let Some(ended) = ended {
                    let older =
                        Entity::delete_many().filter(Column::SignsFrom.lte(ended.signs_from));
                    older.exec(&unit.tx).await?;
                }
                let key = PageTokenKey { secret, signs_from, opens_until: None };
                Ok((key, previous_until))
            })
        })
        .await
    }

    fn valid_page_token_keys(&self, rows: &[Model], now: Micros) -> Result<Vec<PageTokenKey>> {
        let damaged = |_| Error::Damaged("a key of page tokens is damaged".into());
        let mut keys = Vec::with_capacity(rows.len() + 1);
        keys.push(PageTokenKey { secret: self.0.page_token_key, signs_from: 0, opens_until: None });
        for row in rows {
            // An earlier rotation may have ended a key before this one does.
            for earlier in &mut keys {
                let until = earlier.opens_until.unwrap_or(Micros::MAX).min(row.previous_until);
                earlier.opens_until = Some(until);
            }
            let secret = row.secret.as_slice().try_into().map_err(damaged)?;
            keys.push(PageTokenKey { secret, signs_from: row.signs_from, opens_until: None });
        }
        keys.retain(|key| key.opens_until.is_none_or(|until| until > now));
        Ok(keys)
    }
}

/// All rows, in the order in which their keys begin to sign.
async fn rows(db: &impl ConnectionTrait) -> Result<Vec<Model>> {
    Ok(Entity::find().order_by_asc(Column::SignsFrom).all(db).await?)
}
