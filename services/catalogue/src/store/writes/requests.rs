//! Idempotency: stored responses of writes, by request id.
//!
//! A unit claims the id in its own transaction: of two concurrent requests with one id, the second
//! waits for the first, and the response of a write that is rolled back is not stored.

use std::time::Duration;

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, EntityTrait as _, ExprTrait as _, QueryFilter as _,
    sea_query::{Expr, OnConflict},
};

use super::{context::RequestKey, unit::Unit};
use crate::{
    domain::{Error, Micros, Result},
    store::schema::entity::request,
};

/// How long responses are stored.
const RETENTION: Duration = Duration::from_secs(24 * 60 * 60);

/// Claims the request id for this transaction, or returns the stored response.
///
/// # Errors
/// [`Error::RequestIdReused`] if the id was used by a different request.
pub(super) async fn claim(unit: &Unit, key: &RequestKey) -> Result<Option<Vec<u8>>> {
    let row = request::ActiveModel {
        id: Set(key.id.clone()),
        fingerprint: Set(key.fingerprint.to_vec()),
        answer: Set(Vec::new()),
        answered_at: Set(unit.now),
    };
    // An expired row may not have been deleted yet: it is taken over.
    let mut over = OnConflict::column(request::Column::Id);
    over.update_columns([
        request::Column::Fingerprint,
        request::Column::Answer,
        request::Column::AnsweredAt,
    ]);
    over.action_and_where(
        Expr::col((request::Entity, request::Column::AnsweredAt)).lt(expired_before(unit.now)),
    );
    let claimed = request::Entity::insert(row).on_conflict(over);
    if claimed.exec_without_returning(&unit.tx).await? > 0 {
        return Ok(None);
    }
    // In a separate statement, so that it sees the row that the INSERT has waited for.
    let stored = request::Entity::find_by_id(key.id.as_str()).one(&unit.tx).await?;
    match stored {
        Some(stored) if stored.fingerprint == key.fingerprint => Ok(Some(stored.answer)),
        Some(_another) => Err(Error::RequestIdReused(key.id.clone())),
        None => Err(Error::StoreBusy(None)),
    }
}

/// Stores the response to a request with a [claimed](claim) id.
pub(super) async fn store_response(unit: &Unit, key: &RequestKey, response: Vec<u8>) -> Result<()> {
    request::Entity::update_many()
        .col_expr(request::Column::Answer, Expr::value(response))
        .filter(request::Column::Id.eq(key.id.as_str()))
        .exec(&unit.tx)
        .await?;
    Ok(())
}

/// Responses stored before this time have expired.
pub(in crate::store) fn expired_before(now: Micros) -> Micros {
    now - i64::try_from(RETENTION.as_micros()).expect("a day in microseconds is a small number")
}
