//! Evaluation of filters on records in memory.

use std::cmp::Ordering;

use time::OffsetDateTime;

use crate::{
    Decimal,
    ast::{Filter, Order, Test},
};

/// A record that filters can be evaluated on.
pub trait Lookup {
    /// Calls `visit` with each value of the field: none if it is absent, several for a list. `key`
    /// is the key of a map entry. The values of a category field are the ids of the record's
    /// categories *and of all their ancestors*.
    fn values(&self, field: &'static str, key: Option<&str>, visit: &mut dyn FnMut(Value<'_>));
}

/// One value of a field.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// For Text, Id, Enum, List, Category, and texts in a map. Empty counts as absent.
    Text(&'a str),
    /// For Integer.
    Integer(i64),
    /// For Decimal.
    Decimal(Decimal),
    /// For numbers in a map. NaN counts as absent.
    Number(f64),
    /// For Timestamp.
    Timestamp(OffsetDateTime),
    /// For Flag, and flags in a map.
    Flag(bool),
}

impl Filter {
    /// Whether the record matches, by the semantics in the crate's documentation.
    pub fn matches(&self, record: &impl Lookup) -> bool {
        match self {
            Self::And(all) => all.iter().all(|filter| filter.matches(record)),
            Self::Or(any) => any.iter().any(|filter| filter.matches(record)),
            Self::Not(inner) => !inner.matches(record),
            Self::Term(term) => {
                let mut found = false;
                record.values(term.field, term.key.as_deref(), &mut |value| {
                    found = found || term.test.accepts(value);
                });
                found
            }
        }
    }
}

impl Test {
    fn accepts(&self, value: Value<'_>) -> bool {
        match (self, value) {
            (Self::Present, Value::Text(text)) => !text.is_empty(),
            (Self::Present, Value::Number(number)) => !number.is_nan(),
            (Self::Present, _) => true,
            (Self::Is(it) | Self::Element(it) | Self::Within(it), Value::Text(text)) => text == it,
            (Self::StartsWith(start), Value::Text(text)) => text.starts_with(start),
            (Self::EndsWith(end), Value::Text(text)) => text.ends_with(end),
            (Self::Includes(part), Value::Text(text)) => text.contains(part),
            (Self::Mentions(part), Value::Text(text)) => text.to_ascii_lowercase().contains(part),
            (Self::Integer(order, it), Value::Integer(value)) => order.allows(value.cmp(it)),
            (Self::Decimal(order, it), Value::Decimal(value)) => order.allows(value.cmp(it)),
            (Self::Number(order, it), Value::Number(value)) => {
                value.partial_cmp(&it.to_f64()).is_some_and(|ordering| order.allows(ordering))
            }
            (Self::Timestamp(order, it), Value::Timestamp(value)) => order.allows(value.cmp(it)),
            (Self::Flag(it), Value::Flag(value)) => value == *it,
            // A map entry of another type: "20" is not 20.
            _ => false,
        }
    }
}

impl Order {
    fn allows(self, ordering: Ordering) -> bool {
        match self {
            Self::Equal => ordering.is_eq(),
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
        }
    }
}
