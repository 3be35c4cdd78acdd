//! Tests of numeric columns, compiled into a range of values.

use filter::{Decimal, Filter, Lookup, Order, Term, Test, Value};
use std::ops::RangeInclusive;
use tantivy::{DocId, SegmentReader, columnar::Column, time::OffsetDateTime};

/// A test of a numeric column.
pub(super) struct NumberTest {
    column: Option<Column<i64>>,
    passing: Option<RangeInclusive<i64>>,
}

impl NumberTest {
    pub(super) fn new(column: &str, test: &Test, segment: &SegmentReader) -> tantivy::Result<Self> {
        let columns = segment.fast_fields();
        Ok(Self { column: columns.column_opt(column)?, passing: range(test) })
    }

    pub(super) fn passes(&self, document: DocId) -> bool {
        let (Some(column), Some(passing)) = (&self.column, &self.passing) else { return false };
        column.values_for_doc(document).any(|value| passing.contains(&value))
    }
}

/// Returns the range of values that pass a test. It is found by binary search with the filter's own
/// comparison, so that both agree on rounding and units.
fn range(test: &Test) -> Option<RangeInclusive<i64>> {
    let order = match test {
        Test::Present => return Some(i64::MIN..=i64::MAX),
        Test::Flag(flag) => return Some(i64::from(*flag)..=i64::from(*flag)),
        Test::Integer(order, _) | Test::Decimal(order, _) | Test::Timestamp(order, _) => *order,
        _ => return None,
    };
    let at_least = |order| {
        let test = ordered(test, order);
        least(|number| passes(&test, number))
    };
    let below = |bound: Option<i64>| match bound {
        Some(bound) => bound.checked_sub(1),
        None => Some(i64::MAX),
    };
    match order {
        Order::GreaterOrEqual | Order::Greater => at_least(order).map(|from| from..=i64::MAX),
        Order::Less => below(at_least(Order::GreaterOrEqual)).map(|to| i64::MIN..=to),
        Order::LessOrEqual => below(at_least(Order::Greater)).map(|to| i64::MIN..=to),
        Order::Equal => {
            let from = at_least(Order::GreaterOrEqual)?;
            let to = below(at_least(Order::Greater))?;
            (from <= to).then_some(from..=to)
        }
    }
}

fn ordered(test: &Test, order: Order) -> Test {
    match test {
        Test::Integer(_, it) => Test::Integer(order, *it),
        Test::Decimal(_, it) => Test::Decimal(order, *it),
        Test::Timestamp(_, it) => Test::Timestamp(order, *it),
        other => other.clone(),
    }
}

/// Returns the least number that passes a monotonic test.
fn least(passes: impl Fn(i64) -> bool) -> Option<i64> {
    let (mut low, mut high) = (i128::from(i64::MIN), i128::from(i64::MAX) + 1);
    while low < high {
        // Rounded down, and not towards zero, so that it is never `high`.
        let middle = low + (high - low) / 2;
        if i64::try_from(middle).is_ok_and(&passes) { high = middle } else { low = middle + 1 }
    }
    i64::try_from(low).ok()
}

/// Whether a column's value passes. Prices are in millionths, times in microseconds.
fn passes(test: &Test, number: i64) -> bool {
    let term = Term { field: "number", key: None, test: test.clone() };
    Filter::Term(term).matches(&Number { test, number })
}

struct Number<'a> {
    test: &'a Test,
    number: i64,
}

impl Lookup for Number<'_> {
    fn values(&self, _: &'static str, _: Option<&str>, visit: &mut dyn FnMut(Value<'_>)) {
        match self.test {
            Test::Decimal(..) => {
                Decimal::new(self.number, 6).into_iter().for_each(|it| visit(Value::Decimal(it)));
            }
            Test::Timestamp(..) => {
                // A filter can name no time beyond these, so clamping does not change the outcome.
                let [first, last] = NAMEABLE.map(|second| second * 1_000_000);
                let nanos = i128::from(self.number.clamp(first, last)) * 1_000;
                let instant = OffsetDateTime::from_unix_timestamp_nanos(nanos);
                instant.into_iter().for_each(|it| visit(Value::Timestamp(it)));
            }
            _ => visit(Value::Integer(self.number)),
        }
    }
}

/// Range of the times that a filter can name, in seconds since 1970.
const NAMEABLE: [i64; 2] = [-62_135_596_800, 253_402_300_799];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_below_zero_are_found_too() {
        for bound in [-3, -2, -1, 0, 1, 2] {
            let integer = |order| range(&Test::Integer(order, bound));
            assert_eq!(integer(Order::GreaterOrEqual), Some(bound..=i64::MAX));
            assert_eq!(integer(Order::Greater), Some(bound + 1..=i64::MAX));
            assert_eq!(integer(Order::Less), Some(i64::MIN..=bound - 1));
            assert_eq!(integer(Order::LessOrEqual), Some(i64::MIN..=bound));
            assert_eq!(integer(Order::Equal), Some(bound..=bound));
        }
        let half = Decimal::new(-500_000, 6).unwrap();
        assert_eq!(range(&Test::Decimal(Order::Equal, half)), Some(-500_000..=-500_000));
        assert_eq!(range(&Test::Decimal(Order::Less, half)), Some(i64::MIN..=-500_001));
    }
}
