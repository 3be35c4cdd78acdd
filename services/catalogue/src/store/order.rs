//! The order of the feed, which is the one thing about it that the engines do not share.
//!
//! A feed is read with a cursor, so no change may ever appear before one that has been read. On
//! SQLite one transaction writes at a time: the numbers become visible in their order. PostgreSQL
//! gives out numbers when they are asked for and shows them when their transaction ends, which is
//! another order. There the order is by transaction, and nothing is read of a transaction that one
//! still under way could come before.
//!
//! A transaction is given its own number before it waits for a product that another one has locked,
//! and may find that the other one's number is higher when it gets the product. So it puts its
//! changes under the highest number that it sees when it has all its locks: behind whatever it had
//! waited for, and still before nothing that has been read, since nothing above its own number is
//! settled while it runs.

use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, DatabaseTransaction, DbBackend, DbErr,
    QueryFilter as _, QueryOrder as _, Select, Statement,
    sea_query::{Expr, ExprTrait as _, Order, SimpleExpr},
};

use super::entity::change::{Column, Entity};
use crate::domain::Place;

/// The number of the transaction that changes of this one are to be put under. To be asked for when
/// it has all its locks, and again before whatever it locks later.
///
/// # Errors
/// The store cannot be read.
pub(super) async fn transaction(tx: &DatabaseTransaction) -> Result<i64, DbErr> {
    const HIGHEST: &str = "SELECT GREATEST(pg_current_xact_id()::text::bigint, \
        (SELECT max(xid) FROM changes))";
    if tx.get_database_backend() != DbBackend::Postgres {
        return Ok(0);
    }
    let row = tx.query_one_raw(Statement::from_string(DbBackend::Postgres, HIGHEST)).await?;
    row.map_or(Ok(0), |row| row.try_get_by_index(0))
}

/// In the order of the feed, or against it. An index leads through it.
pub(super) fn ordered(engine: DbBackend, changes: Select<Entity>, order: Order) -> Select<Entity> {
    match engine {
        DbBackend::Postgres => {
            changes.order_by(Column::Xid, order.clone()).order_by(Column::Seq, order)
        }
        _ => changes.order_by(Column::Seq, order),
    }
}

/// Behind `place`.
pub(super) fn after(engine: DbBackend, place: Place) -> SimpleExpr {
    match engine {
        DbBackend::Postgres => columns().gt(values(place)),
        _ => Column::Seq.gt(place.sequence),
    }
}

/// At `place` or before it.
pub(super) fn up_to(engine: DbBackend, place: Place) -> SimpleExpr {
    match engine {
        DbBackend::Postgres => columns().lte(values(place)),
        _ => Column::Seq.lte(place.sequence),
    }
}

/// Only changes that nothing can come before any more.
pub(super) fn settled(engine: DbBackend, changes: Select<Entity>) -> Select<Entity> {
    /// Every transaction below it has ended; whether it is seen was decided when the statement began.
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
