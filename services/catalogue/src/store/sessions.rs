//! The table of sessions. A session that ends is deleted.

use access::{Digest, Scopes, SessionHolder};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _,
    PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
};

use super::{
    Store,
    schema::entity::session::{ActiveModel, Column, Entity, Model},
    writes::Write,
};
use crate::domain::{EndedSessions, Error, KeyError, Micros, Result, Session};

/// Maximum sessions: every service holds all of them in memory.
const MAX_SESSIONS: usize = 10_000;
/// Maximum sessions of one holder, so that one holder cannot fill the table.
const MAX_OF_HOLDER: usize = 20;

impl Store {
    /// The sessions that are valid at this time, as far as their holders are.
    pub(crate) async fn sessions(&self, now: Micros) -> Result<Vec<Session>> {
        let valid = Entity::find().filter(Column::ExpiresAt.gt(now)).all(&self.0.reader).await?;
        valid.into_iter().map(session).collect()
    }

    /// Begins a session. Of too many of its holder the oldest ends.
    ///
    /// # Errors
    /// [`KeyError::TooManySessions`].
    pub(crate) async fn create_session(&self, write: Write<()>, session: Session) -> Result<()> {
        write.context.name_resource(&session.id);
        self.write(write, move |unit| Box::pin(async move { insert(&unit.tx, session).await }))
            .await
    }

    /// Ends sessions; returns how many have ended.
    pub(crate) async fn end_sessions(
        &self,
        write: Write<u64>,
        ended: EndedSessions,
    ) -> Result<u64> {
        if let EndedSessions::One(id) = &ended {
            write.context.name_resource(id);
        }
        self.write(write, move |unit| {
            Box::pin(async move {
                match ended {
                    EndedSessions::One(id) => delete(&unit.tx, Column::Id.eq(id)).await,
                    EndedSessions::Of(holder) => delete(&unit.tx, of(&holder)).await,
                }
            })
        })
        .await
    }
}

/// Ends the sessions of a principal, such as `token:anna`; returns how many have ended.
pub(super) async fn end_all_of(db: &impl ConnectionTrait, principal: &str) -> Result<u64> {
    let holder = principal.split_once(':');
    match holder.and_then(|(kind, id)| SessionHolder::of(kind, id.to_owned())) {
        Some(holder) => delete(db, of(&holder)).await,
        None => Ok(0),
    }
}

async fn insert(db: &impl ConnectionTrait, session: Session) -> Result<()> {
    delete(db, Column::ExpiresAt.lte(session.created_at)).await?;
    let newest_first = Entity::find()
        .filter(of(&session.holder))
        .order_by_desc(Column::CreatedAt)
        .order_by_asc(Column::Id);
    let too_many = newest_first.all(db).await?.into_iter().skip(MAX_OF_HOLDER - 1);
    delete(db, Column::Id.is_in(too_many.map(|row| row.id))).await?;
    if Entity::find().count(db).await? >= MAX_SESSIONS as u64 {
        return Err(KeyError::TooManySessions(MAX_SESSIONS).into());
    }
    let (kind, id) = session.holder.parts();
    let row = ActiveModel {
        holder_kind: Set(kind.to_owned()),
        holder_id: Set(id.to_owned()),
        id: Set(session.id),
        name: Set(session.name),
        scopes: Set(session.scopes.to_string()),
        digest: Set(session.digest.bytes().into()),
        created_at: Set(session.created_at),
        expires_at: Set(session.expires_at),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

async fn delete(
    db: &impl ConnectionTrait,
    which: impl sea_orm::sea_query::IntoCondition,
) -> Result<u64> {
    Ok(Entity::delete_many().filter(which).exec(db).await?.rows_affected)
}

fn of(holder: &SessionHolder) -> Condition {
    let (kind, id) = holder.parts();
    Condition::all().add(Column::HolderKind.eq(kind)).add(Column::HolderId.eq(id))
}

fn session(row: Model) -> Result<Session> {
    let damaged = || Error::Damaged(format!("the session {} is damaged", row.id).into());
    Ok(Session {
        holder: SessionHolder::of(&row.holder_kind, row.holder_id).ok_or_else(damaged)?,
        scopes: Scopes::known(row.scopes.split(' ')),
        digest: Digest::from_bytes(&row.digest).ok_or_else(damaged)?,
        id: row.id,
        name: row.name,
        created_at: row.created_at,
        expires_at: row.expires_at,
    })
}
