//! What a filter is once it has been checked.

use time::OffsetDateTime;

use crate::Decimal;

/// A checked filter: every field exists, every value has its field's type.
///
/// [`Schema::parse`](crate::Schema::parse) makes it in one canonical form, so that filters which
/// differ only in spelling are equal: no `And` directly in an `And`, no `Or` in an `Or`, no `Not`
/// in a `Not`, and at least two members in each, but for the empty filter.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Filter {
    /// All of them match. Without members, which only the empty filter is: everything matches.
    And(Vec<Filter>),
    /// At least one of them matches.
    Or(Vec<Filter>),
    /// It does not match. `a != b` is `NOT a = b` and arrives here too.
    Not(Box<Filter>),
    /// One comparison.
    Term(Term),
}

/// One comparison of a field with a value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Term {
    /// The field's name, as the schema has it.
    pub field: &'static str,
    /// Which entry, in a field that is a map; otherwise `None`.
    pub key: Option<String>,
    /// What must hold for one of the field's values.
    pub test: Test,
}

/// What must hold for a value; the variant goes with the field's [`Kind`](crate::Kind).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Test {
    /// There is a value. Any kind.
    Present,
    /// Exactly this text; never empty. Text, Id, Enum, or a text in a map.
    Is(String),
    /// It begins with this text, case-sensitive; never empty. Text, or a text in a map.
    StartsWith(String),
    /// It ends with this text, case-sensitive; never empty. Text, or a text in a map.
    EndsWith(String),
    /// This text is in it, case-sensitive; never empty. Text, or a text in a map.
    Includes(String),
    /// This text, whose ASCII letters are small, is in it once *its* ASCII letters are made small;
    /// never empty. Text, or a text in a map.
    Mentions(String),
    /// The list has exactly this element; never empty. List.
    Element(String),
    /// It is in this category or below it; never empty. Category.
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

/// How a value must stand to the one written. There is no "not equal": that is a [`Filter::Not`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Filter {
    /// Whether every record matches: the empty filter.
    pub fn is_everything(&self) -> bool {
        matches!(self, Self::And(all) if all.is_empty())
    }

    pub(crate) fn all_of(filters: Vec<Self>) -> Self {
        let flat = filters.into_iter().flat_map(|filter| match filter {
            Self::And(inner) => inner,
            other => vec![other],
        });
        let flat: Vec<_> = flat.collect();
        Self::only(flat).unwrap_or_else(Self::And)
    }

    pub(crate) fn any_of(filters: Vec<Self>) -> Self {
        let flat = filters.into_iter().flat_map(|filter| match filter {
            Self::Or(inner) => inner,
            other => vec![other],
        });
        let flat: Vec<_> = flat.collect();
        Self::only(flat).unwrap_or_else(Self::Or)
    }

    pub(crate) fn negated(self) -> Self {
        match self {
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }

    /// The one filter in the list, or the list back.
    fn only(mut filters: Vec<Self>) -> Result<Self, Vec<Self>> {
        match filters.pop() {
            Some(only) if filters.is_empty() => Ok(only),
            Some(last) => {
                filters.push(last);
                Err(filters)
            }
            None => Err(filters),
        }
    }
}
