//! SQL functions that have different names on SQLite and PostgreSQL.

use sea_orm::{
    DbBackend,
    sea_query::{Expr, ExprTrait as _, Func, FunctionCall},
};

/// The alias of a list element in a subquery.
pub(in crate::store) const ENTRY: &str = "entry";

fn is_postgres(engine: DbBackend) -> bool {
    engine == DbBackend::Postgres
}

/// The position of `part` in the text, from 1; 0 if it is not found.
pub(in crate::store) fn position(engine: DbBackend, text: Expr, part: &str) -> Expr {
    let name = if is_postgres(engine) { "strpos" } else { "instr" };
    Func::cust(name).arg(text).arg(part).into()
}

/// The text with its ASCII letters in lower case, and other letters unchanged.
pub(in crate::store) fn lower_ascii(engine: DbBackend, text: Expr) -> Expr {
    let text =
        if is_postgres(engine) { Expr::cust_with_expr("($1 COLLATE \"C\")", text) } else { text };
    Func::lower(text).into()
}

/// The elements of a JSON list of texts.
pub(in crate::store) fn texts(engine: DbBackend, list: Expr) -> FunctionCall {
    if is_postgres(engine) {
        Func::cust("jsonb_array_elements_text").arg(list.cast_as("jsonb"))
    } else {
        Func::cust("json_each").arg(list)
    }
}

/// The elements of a JSON list of objects.
pub(in crate::store) fn objects(engine: DbBackend, list: Expr) -> FunctionCall {
    if is_postgres(engine) {
        Func::cust("jsonb_array_elements").arg(list.cast_as("jsonb"))
    } else {
        Func::cust("json_each").arg(list)
    }
}

/// A member of the object [`ENTRY`]; NULL if it is absent.
pub(in crate::store) fn member(engine: DbBackend, name: &'static str) -> Expr {
    let object = Expr::col((ENTRY, "value"));
    if is_postgres(engine) {
        Func::cust("jsonb_extract_path_text").arg(object).arg(name).into()
    } else {
        Func::cust("json_extract").arg(object).arg(format!("$.{name}")).into()
    }
}

/// A member as a number.
pub(in crate::store) fn number(engine: DbBackend, member: Expr) -> Expr {
    if is_postgres(engine) { member.cast_as("float8") } else { member }
}

/// A member as a boolean.
pub(in crate::store) fn flag(engine: DbBackend, member: Expr) -> Expr {
    if is_postgres(engine) { member.cast_as("boolean") } else { member }
}
