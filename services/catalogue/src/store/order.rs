//! The order of the feed, which is the one thing about it that the engines do not share.
//!
//! A feed is read with a cursor, so no change may ever appear before one that has been read. On
//! SQLite one transaction writes at a time: the numbers become visible in their order. PostgreSQL
//! gives out numbers when they are asked for and shows them when their transaction ends, which is
//! another order. There the order is by transaction, and nothing is read of a transaction that one
//! still under way could come before.

use sea_orm::{
    ColumnTrait as _, DbBackend, QueryFilter as _, QueryOrder as _, Select,
    sea_query::{Expr, ExprTrait as _, Order, SimpleExpr},
};

use super::entity::change::{Column, Entity};
use crate::domain::Place;

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
