//! Which fields there are, and which operators each kind of field takes.

use crate::{FilterError, FilterErrorKind, ast::Filter, error::excerpt, parse, path::Resolved};

/// The fields that a filter may use.
///
/// Names are words of letters, digits and `_`, joined with dots: `brand`, `variants.sku`.
#[derive(Debug, Clone, Copy)]
pub struct Schema {
    fields: &'static [(&'static str, Kind)],
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Words for people: compared whole, by pattern, or by a part.
    Text,
    /// Compared whole only.
    Id,
    /// One of these names, written exactly so.
    Enum(&'static [&'static str]),
    /// A whole number, an `i64`.
    Integer,
    /// An exact amount, of money for example.
    Decimal,
    /// An instant.
    Timestamp,
    /// True or false.
    Flag,
    /// A list of texts.
    List,
    /// Texts, numbers and flags by name: `attributes.colour`.
    Map,
    /// A place in a tree: what is below a category is in it, too.
    Category,
}

/// What stands between a field and its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Has,
}

impl Schema {
    /// A schema with these fields. It costs nothing and can be a `static`.
    pub const fn new(fields: &'static [(&'static str, Kind)]) -> Self {
        Self { fields }
    }

    /// Reads and checks a filter. Time and memory grow with its length only.
    ///
    /// # Errors
    /// The first thing that is wrong, and in which column.
    pub fn parse(&self, source: &str) -> Result<Filter, FilterError> {
        parse::filter(self, source).map_err(|problem| problem.in_source(source))
    }

    /// The field that these words, joined with dots, name, and the entry if it is in a map.
    pub(crate) fn resolve(&self, segments: Vec<String>) -> Result<Resolved, FilterErrorKind> {
        let full = segments.join(".");
        if let Some(&(name, kind)) = self.fields.iter().find(|(name, _)| *name == full) {
            return Ok(Resolved { name, kind, key: None });
        }
        let is_map_of_it = |name: &str, kind| {
            let below = full.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'));
            kind == Kind::Map && below
        };
        if let Some(&(name, kind)) =
            self.fields.iter().find(|(name, kind)| is_map_of_it(name, *kind))
        {
            let mut keys = segments.into_iter().skip(name.split('.').count());
            return match (keys.next(), keys.next()) {
                (Some(key), None) if !key.is_empty() => Ok(Resolved { name, kind, key: Some(key) }),
                _ => Err(FilterErrorKind::NeedsKey { field: name }),
            };
        }
        let first = segments.first().map_or("", String::as_str);
        let suggestion = self.nearest(&full).or_else(|| self.nearest(first));
        let known = self.fields.iter().map(|(name, _)| *name).collect();
        Err(FilterErrorKind::UnknownField { name: excerpt(&full), suggestion, known })
    }

    /// The known name that differs from this one in few letters.
    fn nearest(&self, name: &str) -> Option<&'static str> {
        const LONGEST: usize = 64;
        if name.len() > LONGEST {
            return None;
        }
        let distances = self.fields.iter().map(|(known, _)| (edits(name, known), *known));
        let (distance, known) = distances.min()?;
        (distance <= known.len().div_ceil(3)).then_some(known)
    }
}

impl Kind {
    /// The table: what each kind of field takes. `field:*`, "is present", goes with every kind.
    pub(crate) const fn operators(self) -> &'static [Operator] {
        use Operator::{Equal, Greater, GreaterOrEqual, Has, Less, LessOrEqual, NotEqual};
        const ORDERED: &[Operator] = &[Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual];
        match self {
            Self::Text | Self::Category => &[Equal, NotEqual, Has],
            Self::Id | Self::Enum(_) | Self::Flag => &[Equal, NotEqual],
            Self::Integer | Self::Decimal | Self::Timestamp => ORDERED,
            Self::List => &[Has],
            // Its texts and flags take fewer: that is known once the value has been read.
            Self::Map => &[Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual, Has],
        }
    }

    /// The operators as a message lists them.
    pub(crate) fn allowed(self) -> String {
        let names: Vec<_> = self.operators().iter().map(|operator| operator.symbol()).collect();
        format!("{} or :*", names.join(" "))
    }
}

impl Operator {
    pub(crate) const fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Has => ":",
        }
    }
}

/// How many letters must be added, dropped or replaced to make one name the other.
fn edits(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.chars().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, b) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(!a.eq_ignore_ascii_case(b));
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}
