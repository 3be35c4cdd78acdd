//! Tests of SKUs and variants.

use filter::Test;
use sea_orm::{
    DbBackend,
    sea_query::{Expr, ExprTrait as _, Query, SelectStatement, UnionType},
};

use super::{columns::of_product, text};
use crate::store::schema::entity::{product, variant};

/// Whether a SKU of the product passes: that of a variant, or the product's id if it has no variants.
pub(super) fn has_sku(engine: DbBackend, test: &Test) -> Expr {
    let id = of_product(product::Column::Id);
    if let Test::Is(sku) = test {
        let mut owners = owners(sku);
        owners.union(UnionType::All, without_variants(sku));
        return id.in_subquery(owners);
    }
    let is_its_own = text::holds(engine, &id, test).and(Expr::exists(of(&id)).not());
    has_own_sku(engine, test).or(is_its_own)
}

/// Whether the SKU of a variant passes.
pub(super) fn has_own_sku(engine: DbBackend, test: &Test) -> Expr {
    if let Test::Is(sku) = test {
        // From the SKU to the product, not vice versa, to use the index of SKUs.
        return of_product(product::Column::Id).in_subquery(owners(sku));
    }
    one(|sku| text::holds(engine, &sku, test), variant::Column::Sku)
}

/// Whether a variant of the product passes the test of `column`.
pub(super) fn one(holds: impl FnOnce(Expr) -> Expr, column: variant::Column) -> Expr {
    let mut matching = of(&of_product(product::Column::Id));
    matching.and_where(holds(Expr::col((variant::Entity, column))));
    Expr::exists(matching)
}

/// The variants of a product.
fn of(id: &Expr) -> SelectStatement {
    let owner = Expr::col((variant::Entity, variant::Column::ProductId));
    Query::select()
        .expr(Expr::cust("1"))
        .from(variant::Entity)
        .and_where(owner.eq(id.clone()))
        .take()
}

/// The product with this variant, if there is one.
fn owners(sku: &str) -> SelectStatement {
    Query::select()
        .column((variant::Entity, variant::Column::ProductId))
        .from(variant::Entity)
        .and_where(Expr::col((variant::Entity, variant::Column::Sku)).eq(sku))
        .take()
}

/// The product with this id, if it has no variants.
fn without_variants(id: &str) -> SelectStatement {
    const ITSELF: &str = "itself";
    let itself = Expr::col((ITSELF, "id"));
    Query::select()
        .expr(itself.clone())
        .from_as(product::Entity, ITSELF)
        .and_where(itself.clone().eq(id))
        .and_where(Expr::exists(of(&itself)).not())
        .take()
}
