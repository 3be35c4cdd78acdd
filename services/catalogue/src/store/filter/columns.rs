//! Columns as expressions.

use sea_orm::sea_query::Expr;

use crate::store::schema::entity::product::{Column, Entity};

/// A column of the product that a filter is evaluated on.
pub(super) fn of_product(column: Column) -> Expr {
    Expr::col((Entity, column))
}
