//! The expression tree of a parsed and checked filter.

use time::OffsetDateTime;

use crate::Decimal;

/// A checked filter: every field exists, every value has its field's type.
///
/// [`Schema::parse`](crate::Schema::parse) returns it in canonical form, so that filters that differ
/// only in spelling are equal: no `And` directly in an `And`, no `Or` in an `Or`, no `Not` in a
/// `Not`, and at least two members in each, except for the empty filter.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Filter {
    /// All members match. The empty filter is an `And` without members, and matches all records.
    And(Vec<Filter>),
    /// At least one member matches.
    Or(Vec<Filter>),
    /// The inner filter does not match. `a != b` is parsed as `NOT a = b`.
    Not(Box<Filter>),
    /// One comparison.
    Term(Term),
}

/// One comparison of a field with a value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Term {
    /// The field's name in the schema.
    pub field: &'static str,
    /// The key of the entry, if the field is a map.
    pub key: Option<String>,
    /// The condition, which one of the field's values must meet.
    pub test: Test,
}

/// A condition on a value; the variant depends on the field's [`Kind`](crate::Kind).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Test {
    /// Any value. For every kind.
    Present,
    /// Equal text; never empty. For Text, Id, Enum, and texts in a map.
    Is(String),
    /// Case-sensitive prefix; never empty. For Text, and texts in a map.
    StartsWith(String),
    /// Case-sensitive suffix; never empty. For Text, and texts in a map.
    EndsWith(String),
    /// Case-sensitive substring; never empty. For Text, and texts in a map.
    Includes(String),
    /// Substring in ASCII lower case, to be found in the value's ASCII lower case; never empty. For
    /// Text, and texts in a map.
    Mentions(String),
    /// Equal list element; never empty. For List.
    Element(String),
    /// This category or a descendant of it; never empty. For Category.
    Within(String),
    /// Integer.
    Integer(Order, i64),
    /// Decimal, compared exactly.
    Decimal(Order, Decimal),
    /// A number in a map, compared as doubles: see [`Decimal::to_f64`].
    Number(Order, Decimal),
    /// Timestamp, in UTC, in the years 1 to 9999.
    Timestamp(Order, OffsetDateTime),
    /// Flag, or a flag in a map.
    Flag(bool),
}

/// Comparison of a value with the literal. There is no "not equal": that is a [`Filter::Not`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Filter {
    /// Whether this is the empty filter, which matches all records.
    pub fn is_everything(&self) -> bool {
        matches!(self, Self::And(all) if all.is_empty())
    }

    pub(crate) fn all_of(filters: Vec<Self>) -> Self {
        let flat = filters.into_iter().flat_map(|filter| match filter {
            Self::And(inner) => inner,
            other => vec![other],
        });
        Self::single(flat.collect()).unwrap_or_else(Self::And)
    }

    pub(crate) fn any_of(filters: Vec<Self>) -> Self {
        let flat = filters.into_iter().flat_map(|filter| match filter {
            Self::Or(inner) => inner,
            other => vec![other],
        });
        Self::single(flat.collect()).unwrap_or_else(Self::Or)
    }

    pub(crate) fn negated(self) -> Self {
        match self {
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }

    /// Unwraps a list with a single filter.
    fn single(filters: Vec<Self>) -> Result<Self, Vec<Self>> {
        <[Self; 1]>::try_from(filters).map(|[filter]| filter)
    }
}
