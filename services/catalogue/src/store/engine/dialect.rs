//! What SQLite and PostgreSQL call by different names.

use sea_orm::{
    DbBackend,
    sea_query::{Expr, ExprTrait as _, Func, FunctionCall},
};

/// What an element of a list is called in a subquery.
pub(in crate::store) const ENTRY: &str = "entry";

fn is_postgres(engine: DbBackend) -> bool {
    engine == DbBackend::Postgres
}

/// Where in the text a part begins, from 1; 0 if it is not in it.
pub(in crate::store) fn position(engine: DbBackend, text: Expr, part: &str) -> Expr {
    let name = if is_postgres(engine) { "strpos" } else { "instr" };
    Func::cust(name).arg(text).arg(part).into()
}

/// The text with its ASCII letters made small, and no others.
pub(in crate::store) fn small_ascii(engine: DbBackend, text: Expr) -> Expr {
    let text =
        if is_postgres(engine) { Expr::cust_with_expr("($1 COLLATE \"C\")", text) } else { text };
    Func::lower(text).into()
}

/// The elements of a list of texts that is kept as JSON.
pub(in crate::store) fn texts(engine: DbBackend, list: Expr) -> FunctionCall {
    if is_postgres(engine) {
        Func::cust("jsonb_array_elements_text").arg(list.cast_as("jsonb"))
    } else {
        Func::cust("json_each").arg(list)
    }
}

/// The elements of a list of objects that is kept as JSON.
pub(in crate::store) fn objects(engine: DbBackend, list: Expr) -> FunctionCall {
    if is_postgres(engine) {
        Func::cust("jsonb_array_elements").arg(list.cast_as("jsonb"))
    } else {
        Func::cust("json_each").arg(list)
    }
}

/// A member of such an object; NULL if it has none of that name.
pub(in crate::store) fn member(engine: DbBackend, name: &'static str) -> Expr {
    let object = Expr::col((ENTRY, "value"));
    if is_postgres(engine) {
        Func::cust("jsonb_extract_path_text").arg(object).arg(name).into()
    } else {
        Func::cust("json_extract").arg(object).arg(format!("$.{name}")).into()
    }
}

/// A member that is a number.
pub(in crate::store) fn number(engine: DbBackend, member: Expr) -> Expr {
    if is_postgres(engine) { member.cast_as("float8") } else { member }
}

/// A member that is true or false.
pub(in crate::store) fn flag(engine: DbBackend, member: Expr) -> Expr {
    if is_postgres(engine) { member.cast_as("boolean") } else { member }
}
