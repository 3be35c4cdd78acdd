//! Tests of texts.

use filter::Test;
use sea_orm::{
    DbBackend,
    sea_query::{Expr, ExprTrait as _, Func},
};

use crate::store::engine::dialect;

/// Tests a text. NULL if it is NULL. `LIKE` is not used: it is case-sensitive on one engine only, and
/// would need its wildcards escaped.
pub(super) fn holds(engine: DbBackend, text: &Expr, test: &Test) -> Expr {
    let text = text.clone();
    match test {
        Test::Is(value) | Test::Element(value) | Test::Within(value) => text.eq(value),
        Test::StartsWith(start) => {
            let begin = Func::cust("substr").arg(text).arg(1).arg(length(start));
            Expr::from(begin).eq(start)
        }
        Test::EndsWith(end) => {
            // In a shorter text the start is before the first character; both engines then return
            // too few characters to be equal.
            let from = Expr::from(Func::cust("length").arg(text.clone())).sub(length(end) - 1);
            Expr::from(Func::cust("substr").arg(text).arg(from)).eq(end)
        }
        Test::Includes(part) => dialect::position(engine, text, part).gt(0),
        Test::Mentions(part) => {
            dialect::position(engine, dialect::lower_ascii(engine, text), part).gt(0)
        }
        // The filter schema allows no other tests of texts.
        _ => text.ne(""),
    }
}

/// The length in characters, as both engines count it. A filter has at most 4,096 bytes.
fn length(text: &str) -> i32 {
    i32::try_from(text.chars().count()).unwrap_or(i32::MAX)
}
