//! Tests of texts.

use filter::Test;
use sea_orm::{
    DbBackend,
    sea_query::{Expr, ExprTrait as _, Func},
};

use crate::store::engine::dialect;

/// Whether the text passes. NULL if it is NULL. `LIKE` is not used: it minds letters' case on one
/// engine and not on the other, and has wildcards of its own.
pub(super) fn holds(engine: DbBackend, text: &Expr, test: &Test) -> Expr {
    let text = text.clone();
    match test {
        Test::Is(it) | Test::Element(it) | Test::Within(it) => text.eq(it),
        Test::StartsWith(start) => {
            let begin = Func::cust("substr").arg(text).arg(1).arg(length(start));
            Expr::from(begin).eq(start)
        }
        Test::EndsWith(end) => {
            // In a shorter text it begins before the first character, and is too short whatever
            // the engine makes of that.
            let from = Expr::from(Func::cust("length").arg(text.clone())).sub(length(end) - 1);
            Expr::from(Func::cust("substr").arg(text).arg(from)).eq(end)
        }
        Test::Includes(part) => dialect::position(engine, text, part).gt(0),
        Test::Mentions(part) => {
            dialect::position(engine, dialect::small_ascii(engine, text), part).gt(0)
        }
        // The schema gives texts no other tests.
        _ => text.ne(""),
    }
}

/// In characters, as both engines count them. A filter is never longer than 4,096 bytes.
fn length(text: &str) -> i32 {
    i32::try_from(text.chars().count()).unwrap_or(i32::MAX)
}
