//! Translates filters to SQL conditions on `products`, with bound values.
//!
//! **Invariant:** a condition selects exactly the rows whose products match by `domain::filter`. The
//! `filter` crate defines the semantics; where SQL yields NULL, a filter yields false.

mod columns;
mod number;
#[cfg(test)]
mod tests;
mod text;
mod variants;

use filter::{Filter, Term, Test};
use product_fields::FilterField;
use sea_orm::{
    Condition, DbBackend,
    sea_query::{
        CommonTableExpression, Expr, ExprTrait as _, Func, FunctionCall, Query, SelectStatement,
        UnionType, WithClause,
    },
};

use self::columns::of_product;
use super::{
    engine::dialect::{self, ENTRY},
    schema::entity::{category, membership, product, variant},
};
use crate::domain::{
    Error, Result,
    filter::{condition_named, status_named},
};

/// The filter as a condition on a row of `products`.
///
/// # Errors
/// A field has no column: the filter schema and this module disagree.
pub(super) fn condition(engine: DbBackend, filter: &Filter) -> Result<Condition> {
    Translator { engine }.condition(filter, false)
}

/// Whether few products can match and an index finds them: one of the conjuncts compares a unique
/// field.
pub(super) fn is_narrow(filter: &Filter) -> bool {
    match filter {
        Filter::And(all) => all.iter().any(is_narrow),
        Filter::Term(Term {
            field: "id" | "external_id" | "sku" | "variants.sku", test, ..
        }) => {
            matches!(test, Test::Is(_))
        }
        _ => false,
    }
}

struct Translator {
    engine: DbBackend,
}

impl Translator {
    fn condition(&self, filter: &Filter, negated: bool) -> Result<Condition> {
        match filter {
            Filter::And(all) => self.join(Condition::all(), all, negated),
            Filter::Or(any) => self.join(Condition::any(), any, negated),
            Filter::Not(inner) => Ok(Condition::all().add(self.condition(inner, true)?.not())),
            Filter::Term(term) => {
                let holds = self.term(term)?;
                // NULL matters only below a NOT; elsewhere COALESCE would prevent the use of an index.
                let holds = if negated { or_false(holds) } else { holds };
                Ok(Condition::all().add(holds))
            }
        }
    }

    fn join(&self, empty: Condition, filters: &[Filter], negated: bool) -> Result<Condition> {
        let mut filters = filters.iter();
        filters.try_fold(empty, |all, filter| Ok(all.add(self.condition(filter, negated)?)))
    }

    /// The condition of one comparison; NULL counts as false.
    fn term(&self, term: &Term) -> Result<Expr> {
        use product::Column;
        let test = &term.test;
        let text = |column| text::holds(self.engine, &of_product(column), test);
        let whole = |column| number::whole_holds(&of_product(column), test);
        let Some(field) = FilterField::named(term.field) else {
            return Err(Error::Store(format!("no column for {}", term.field).into()));
        };
        Ok(match field {
            FilterField::Text(field) => {
                text::holds(self.engine, &Expr::col((product::Entity, field.name())), test)
            }
            FilterField::Id => text(Column::Id),
            FilterField::ExternalId => text(Column::ExternalId),
            FilterField::Labels => self.has_label(test),
            FilterField::Category => is_within(test),
            FilterField::Attributes => {
                self.has_attribute(term.key.as_deref().unwrap_or_default(), test)
            }
            FilterField::Price => number::price_holds(test),
            FilterField::Currency => text(Column::Currency),
            FilterField::StockQty => whole(Column::StockQty),
            FilterField::OnSale => {
                match test {
                    Test::Flag(flag) => of_product(Column::OnSale).eq(i32::from(*flag)),
                    // Every product is, or is not.
                    _ => of_product(Column::OnSale).is_not_null(),
                }
            }
            FilterField::Weight => number::weight_holds(test),
            FilterField::Condition => is_condition(test),
            FilterField::Status => is_status(test),
            FilterField::Sku => variants::has_sku(self.engine, test),
            FilterField::VariantSku => variants::has_own_sku(self.engine, test),
            FilterField::Gtin => {
                variants::one(|gtin| text::holds(self.engine, &gtin, test), variant::Column::Gtin)
            }
            FilterField::VariantStockQty => {
                variants::one(|stock| number::whole_holds(&stock, test), variant::Column::StockQty)
            }
            FilterField::Revision => whole(Column::Revision),
            FilterField::CreatedAt | FilterField::CreateTime => whole(Column::CreatedAt),
            FilterField::UpdateTime => whole(Column::UpdatedAt),
            FilterField::DeleteTime => whole(Column::DeletedAt),
        })
    }

    fn has_label(&self, test: &Test) -> Expr {
        let labels = dialect::texts(self.engine, of_product(product::Column::Labels));
        has(labels, text::holds(self.engine, &Expr::col((ENTRY, "value")), test))
    }

    /// Attribute names are unique, so at most one entry matches the name.
    fn has_attribute(&self, name: &str, test: &Test) -> Expr {
        let attributes = dialect::objects(self.engine, of_product(product::Column::Attributes));
        let member = |name| dialect::member(self.engine, name);
        let number = || dialect::number(self.engine, member("number"));
        let holds = match test {
            Test::Number(order, limit) => number::compare(number(), *order, limit.to_f64()),
            Test::Flag(flag) => dialect::flag(self.engine, member("flag")).eq(*flag),
            Test::Present => {
                let text = text::holds(self.engine, &member("text"), test);
                text.or(member("number").is_not_null()).or(member("flag").is_not_null())
            }
            _ => text::holds(self.engine, &member("text"), test),
        };
        has(attributes, member("name").eq(name).and(holds))
    }
}

fn is_status(test: &Test) -> Expr {
    let status = of_product(product::Column::Status);
    match test {
        Test::Is(name) => match status_named(name) {
            Some(wanted) => status.eq(wanted as i32),
            None => Expr::val(false),
        },
        _ => status.is_not_null(),
    }
}

fn is_condition(test: &Test) -> Expr {
    let condition = of_product(product::Column::Condition);
    match test {
        Test::Is(name) => match condition_named(name) {
            Some(wanted) => condition.eq(wanted as i32),
            None => Expr::val(false),
        },
        _ => condition.ne(0),
    }
}

fn or_false(holds: Expr) -> Expr {
    Func::coalesce([holds, Expr::val(false)]).into()
}

/// Whether an element of the list satisfies the condition.
fn has(list: FunctionCall, holds: Expr) -> Expr {
    let mut matching = Query::select();
    matching.expr(Expr::cust("1")).from_function(list, ENTRY).and_where(holds);
    Expr::exists(matching)
}

fn is_within(test: &Test) -> Expr {
    match test {
        Test::Within(id) => is_in_or_below(id),
        _ => Expr::exists(memberships()),
    }
}

/// Whether the product is in the category or one of its descendants.
pub(super) fn is_in_or_below(category: &str) -> Expr {
    let category_id = Expr::col((membership::Entity, membership::Column::CategoryId));
    Expr::exists(memberships().and_where(category_id.in_subquery(in_or_below(category))).take())
}

/// The memberships of the product.
fn memberships() -> SelectStatement {
    let product = Expr::col((membership::Entity, membership::Column::ProductId));
    Query::select()
        .expr(Expr::cust("1"))
        .from(membership::Entity)
        .and_where(product.equals((product::Entity, product::Column::Id)))
        .take()
}

/// The ids of a category and its descendants. UNION, not UNION ALL, terminates even on a cycle.
fn in_or_below(id: &str) -> SelectStatement {
    const BELOW: &str = "below";
    let mut children = Query::select();
    children.column((category::Entity, category::Column::Id)).from(category::Entity).inner_join(
        BELOW,
        Expr::col((category::Entity, category::Column::ParentId)).equals((BELOW, "id")),
    );
    let mut all = Query::select();
    all.expr(Expr::val(id)).union(UnionType::Distinct, children);
    let mut below = CommonTableExpression::new();
    below.table_name(BELOW).column("id").query(all);
    let mut clause = WithClause::new();
    clause.recursive(true).cte(below);
    let mut ids = Query::select();
    ids.column("id").from(BELOW).with_cte(clause);
    ids
}
