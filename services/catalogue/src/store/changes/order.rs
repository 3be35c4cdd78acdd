//! The order of the feed, the one property of it that differs between the engines.
//!
//! The feed is read with a cursor, so no change may appear before one that has been read. On SQLite
//! one transaction writes at a time, and sequence numbers become visible in order. PostgreSQL
//! assigns a sequence number on INSERT but shows the row at COMMIT, which is another order. There
//! the feed is ordered by transaction number, and a change is read only once it is *settled*: no
//! transaction still running could insert one before it.
//!
//! PostgreSQL assigns a transaction its number before the transaction waits for row locks, so a
//! transaction that held a lock earlier may have a higher number. Each transaction therefore
//! records its changes under the highest number that it sees once it holds all its locks: after
//! the transactions it waited for, and not before any change that has been read, since nothing
//! above its own number is settled while it runs.

use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, DatabaseTransaction, DbBackend, DbErr,
    QueryFilter as _, QueryOrder as _, Select, Statement,
    sea_query::{Expr, ExprTrait as _, Order, SimpleExpr},
};

use crate::{
    domain::Place,
    store::schema::entity::change::{Column, Entity},
};

/// The transaction number to record changes under; 0 on SQLite. Call it once the transaction holds
/// all its locks, and again after taking further ones.
pub(in crate::store) async fn transaction(tx: &DatabaseTransaction) -> Result<i64, DbErr> {
    const HIGHEST: &str = "SELECT GREATEST(pg_current_xact_id()::text::bigint, \
        (SELECT max(xid) FROM changes))";
    if tx.get_database_backend() != DbBackend::Postgres {
        return Ok(0);
    }
    let row = tx.query_one_raw(Statement::from_string(DbBackend::Postgres, HIGHEST)).await?;
    row.map_or(Ok(0), |row| row.try_get_by_index(0))
}

/// Orders changes by their place in the feed, along an index.
pub(in crate::store) fn ordered(
    engine: DbBackend,
    changes: Select<Entity>,
    order: Order,
) -> Select<Entity> {
    match engine {
        DbBackend::Postgres => {
            changes.order_by(Column::Xid, order.clone()).order_by(Column::Seq, order)
        }
        _ => changes.order_by(Column::Seq, order),
    }
}

/// The condition for changes after `place`.
pub(in crate::store) fn after(engine: DbBackend, place: Place) -> SimpleExpr {
    match engine {
        DbBackend::Postgres => columns().gt(values(place)),
        _ => Column::Seq.gt(place.sequence),
    }
}

/// The condition for changes up to and including `place`.
pub(in crate::store) fn up_to(engine: DbBackend, place: Place) -> SimpleExpr {
    match engine {
        DbBackend::Postgres => columns().lte(values(place)),
        _ => Column::Seq.lte(place.sequence),
    }
}

/// Restricts a query to settled changes.
pub(in crate::store) fn settled(engine: DbBackend, changes: Select<Entity>) -> Select<Entity> {
    /// Every transaction below the snapshot's xmin had ended when the statement began.
    const SETTLED: &str = "xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint";
    match engine {
        DbBackend::Postgres => changes.filter(Expr::cust(SETTLED)),
        _ => changes,
    }
}

fn columns() -> Expr {
    Expr::tuple([Expr::col(Column::Xid), Expr::col(Column::Seq)])
}

fn values(place: Place) -> Expr {
    Expr::tuple([Expr::val(place.transaction), Expr::val(place.sequence)])
}
