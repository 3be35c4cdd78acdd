//! Answers of writes, kept for whoever asks again.
//!
//! The id is taken in the write's own transaction: of two requests with one id the second waits
//! for the first, and what is not committed is not remembered.

use std::time::Duration;

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, EntityTrait as _, ExprTrait as _, QueryFilter as _,
    sea_query::{Expr, OnConflict, Query},
};

use super::{
    Store,
    entity::request,
    unit::Unit,
    write::{RequestKey, Write},
};
use crate::domain::{Error, Micros, Result, now};

/// How long a request can be repeated.
const KEPT_FOR: Duration = Duration::from_secs(24 * 60 * 60);

/// Takes the id for this transaction, or returns the answer that was given to it before.
///
/// # Errors
/// [`Error::RequestIdReused`] if it was another request.
pub(super) async fn claim(unit: &Unit, key: &RequestKey) -> Result<Option<Vec<u8>>> {
    let row = request::ActiveModel {
        id: Set(key.id.clone()),
        fingerprint: Set(key.fingerprint.to_vec()),
        answer: Set(Vec::new()),
        answered_at: Set(unit.now),
    };
    // What is too old to count may not have been forgotten yet.
    let mut over = OnConflict::column(request::Column::Id);
    over.update_columns([
        request::Column::Fingerprint,
        request::Column::Answer,
        request::Column::AnsweredAt,
    ]);
    over.action_and_where(
        Expr::col((request::Entity, request::Column::AnsweredAt)).lt(forgotten_before(unit.now)),
    );
    let claimed = request::Entity::insert(row).on_conflict(over);
    if claimed.exec_without_returning(&unit.tx).await? > 0 {
        return Ok(None);
    }
    // Only now: a statement sees what was committed before it began.
    let kept = request::Entity::find_by_id(key.id.as_str()).one(&unit.tx).await?;
    match kept {
        Some(kept) if kept.fingerprint == key.fingerprint => Ok(Some(kept.answer)),
        Some(_another) => Err(Error::RequestIdReused(key.id.clone())),
        None => Err(Error::StoreBusy(None)),
    }
}

/// Keeps the answer to the request that [`claim`] has taken the id for.
pub(super) async fn keep(unit: &Unit, key: &RequestKey, answer: Vec<u8>) -> Result<()> {
    request::Entity::update_many()
        .col_expr(request::Column::Answer, Expr::value(answer))
        .filter(request::Column::Id.eq(key.id.as_str()))
        .exec(&unit.tx)
        .await?;
    Ok(())
}

impl Store {
    /// Forgets the answers that are too old to be asked for again, some at a time so that no write
    /// waits long.
    ///
    /// # Errors
    /// The store cannot be written.
    pub(crate) async fn forget_requests(&self) -> Result<()> {
        const AT_ONCE: u64 = 2_000;
        let end = forgotten_before(now());
        loop {
            let forgotten = self
                .write(Write::housekeeping(), move |unit| {
                    Box::pin(async move {
                        let old = Query::select()
                            .column(request::Column::Id)
                            .from(request::Entity)
                            .and_where(request::Column::AnsweredAt.lt(end))
                            .limit(AT_ONCE)
                            .take();
                        let old = request::Column::Id.in_subquery(old);
                        let gone = request::Entity::delete_many().filter(old);
                        Ok(gone.exec(&unit.tx).await?.rows_affected)
                    })
                })
                .await?;
            if forgotten < AT_ONCE {
                return Ok(());
            }
        }
    }
}

fn forgotten_before(now: Micros) -> Micros {
    now - i64::try_from(KEPT_FOR.as_micros()).expect("a day in microseconds is a small number")
}
