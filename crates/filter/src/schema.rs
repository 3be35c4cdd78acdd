//! The fields that filters can use, and the operators of each kind of field.

use crate::{
    error::{FilterErrorKind, excerpt},
    operator::Operator,
};

/// The fields that filters can use.
///
/// Names consist of letters, digits and `_`, joined by dots: `brand`, `variants.sku`.
#[derive(Debug, Clone, Copy)]
pub struct Schema {
    fields: &'static [(&'static str, Kind)],
}

/// The type of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text with equality, patterns and substrings.
    Text,
    /// Text with equality only.
    Id,
    /// One of these names, case-sensitive.
    Enum(&'static [&'static str]),
    /// A 64-bit integer.
    Integer,
    /// An exact decimal number, such as an amount of money.
    Decimal,
    Timestamp,
    /// True or false.
    Flag,
    /// A list of texts.
    List,
    /// Texts, numbers and flags by key: `attributes.colour`.
    Map,
    /// A node of a tree, which also matches its descendants.
    Category,
}

/// A field of the schema; for a map, also the key of the entry.
pub(crate) struct ResolvedField {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) key: Option<String>,
}

impl Schema {
    /// A schema of these fields; usable in a `static`.
    pub const fn new(fields: &'static [(&'static str, Kind)]) -> Self {
        Self { fields }
    }

    /// Resolves a name, given by its segments, to a field or to an entry of a map.
    pub(crate) fn resolve(&self, segments: Vec<String>) -> Result<ResolvedField, FilterErrorKind> {
        let full = segments.join(".");
        if let Some(&(name, kind)) = self.fields.iter().find(|(name, _)| *name == full) {
            return Ok(ResolvedField { name, kind, key: None });
        }
        let is_parent =
            |name: &str| full.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'));
        if let Some(&(name, kind)) =
            self.fields.iter().find(|(name, kind)| *kind == Kind::Map && is_parent(name))
        {
            let mut keys = segments.into_iter().skip(name.split('.').count());
            return match (keys.next(), keys.next()) {
                (Some(key), None) if !key.is_empty() => {
                    Ok(ResolvedField { name, kind, key: Some(key) })
                }
                _ => Err(FilterErrorKind::NeedsKey { field: name }),
            };
        }
        let first = segments.first().map_or("", String::as_str);
        let suggestion = self.nearest(&full).or_else(|| self.nearest(first));
        let known = self.fields.iter().map(|(name, _)| *name).collect();
        Err(FilterErrorKind::UnknownField { name: excerpt(&full), suggestion, known })
    }

    /// The most similar field name, if at most a third of its letters differ, ignoring ASCII case.
    fn nearest(&self, name: &str) -> Option<&'static str> {
        const MAX_LENGTH: usize = 64;
        if name.len() > MAX_LENGTH {
            return None;
        }
        let name = name.to_ascii_lowercase();
        let distance = |known: &str| strsim::levenshtein(&name, &known.to_ascii_lowercase());
        let distances = self.fields.iter().map(|(known, _)| (distance(known), *known));
        let (distance, known) = distances.min()?;
        (distance <= known.len().div_ceil(3)).then_some(known)
    }
}

impl Kind {
    /// The operators of each kind, besides `field:*` ("is present"), which every kind has.
    pub(crate) const fn operators(self) -> &'static [Operator] {
        use Operator::{Equal, Greater, GreaterOrEqual, Has, Less, LessOrEqual, NotEqual};
        const ORDERED: &[Operator] = &[Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual];
        match self {
            Self::Text | Self::Category => &[Equal, NotEqual, Has],
            Self::Id | Self::Enum(_) | Self::Flag => &[Equal, NotEqual],
            Self::Integer | Self::Decimal | Self::Timestamp => ORDERED,
            Self::List => &[Has],
            // Texts and flags in a map have fewer, which depends on the literal.
            Self::Map => &[Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual, Has],
        }
    }

    /// The operators as listed in error messages.
    pub(crate) fn allowed(self) -> String {
        let names: Vec<_> = self.operators().iter().map(|operator| operator.symbol()).collect();
        format!("{} or :*", names.join(" "))
    }
}
