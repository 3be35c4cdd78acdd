//! Tests of numbers: stored ones are integers, those in filters need not be.

use filter::{Order, Test};
use proto::money::{UNUSUAL_DECIMALS, USUAL_DECIMALS};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait as _, Value};

use super::columns::of_product;
use crate::store::schema::entity::product::Column;

/// Times are stored in microseconds.
const NANOS_PER_MICRO: i128 = 1_000;

/// Tests an integer or a time. NULL if it is NULL.
pub(super) fn whole_holds(number: &Expr, test: &Test) -> Expr {
    let number = number.clone();
    match test {
        Test::Integer(order, limit) => rounded(number, *order, (*limit).into(), 1),
        Test::Timestamp(order, limit) => {
            rounded(number, *order, limit.unix_timestamp_nanos(), NANOS_PER_MICRO)
        }
        // The filter schema allows no other tests of integers and times.
        _ => number.is_not_null(),
    }
}

/// Tests the price. The limit is in major units, such as euros; the stored price is in minor units of
/// the row's currency.
pub(super) fn price_holds(test: &Test) -> Expr {
    let minor = || of_product(Column::PriceMinor);
    let Test::Decimal(order, limit) = test else { return minor().is_not_null() };
    let holds = |decimals: u32| {
        let minor_units = i128::from(limit.units()) * 10_i128.pow(decimals);
        rounded(minor(), *order, minor_units, 10_i128.pow(limit.scale().into()))
    };
    let unusual =
        UNUSUAL_DECIMALS.iter().fold(CaseStatement::new(), |case, (decimals, currencies)| {
            let has_decimals = of_product(Column::Currency).is_in(currencies.iter().copied());
            case.case(has_decimals, holds(*decimals))
        });
    unusual.finally(holds(USUAL_DECIMALS)).into()
}

/// Tests the weight. The limit is in grams; the stored weight is in milligrams.
pub(super) fn weight_holds(test: &Test) -> Expr {
    const MILLIGRAMS: i128 = 1_000;
    let milligrams = of_product(Column::WeightMg);
    let Test::Decimal(order, limit) = test else { return milligrams.is_not_null() };
    let limit = (i128::from(limit.units()) * MILLIGRAMS, 10_i128.pow(limit.scale().into()));
    rounded(milligrams, *order, limit.0, limit.1)
}

/// Compares `number` with `numerator / denominator`, as integers.
fn rounded(number: Expr, order: Order, numerator: i128, denominator: i128) -> Expr {
    let floor = numerator.div_euclid(denominator);
    let is_whole = numerator.rem_euclid(denominator) == 0;
    let limit = match order {
        Order::Equal if !is_whole => return Expr::val(false),
        Order::Equal | Order::LessOrEqual | Order::Greater => floor,
        Order::Less | Order::GreaterOrEqual => floor + i128::from(!is_whole),
    };
    match i64::try_from(limit) {
        Ok(limit) => compare(number, order, limit),
        Err(_) => {
            // Beyond the range of stored numbers.
            let holds = match order {
                Order::Equal => false,
                Order::Less | Order::LessOrEqual => limit > 0,
                Order::Greater | Order::GreaterOrEqual => limit < 0,
            };
            number.is_not_null().and(Expr::val(holds))
        }
    }
}

/// Compares `number` with `limit`.
pub(super) fn compare(number: Expr, order: Order, limit: impl Into<Value>) -> Expr {
    let limit = Expr::val(limit);
    match order {
        Order::Equal => number.eq(limit),
        Order::Less => number.lt(limit),
        Order::LessOrEqual => number.lte(limit),
        Order::Greater => number.gt(limit),
        Order::GreaterOrEqual => number.gte(limit),
    }
}
