//! Tests of text columns, compiled into a set of dictionary ordinals.

use crate::index::schema::columns::{self, AttributeKind, CategoryEntry};
use filter::{Filter, Lookup, Term, Test, Value};
use std::ops::Range;
use tantivy::{
    DocId, SegmentReader,
    columnar::{Column, StrColumn},
};

/// A test of a text column.
pub(super) struct TextTest {
    column: Option<Column<u64>>,
    passing: Ordinals,
}

/// A set of ordinals of a column's dictionary.
#[derive(Debug, PartialEq)]
enum Ordinals {
    All(Range<u64>),
    /// One bit per ordinal, starting with `first`.
    Some {
        first: u64,
        bits: Vec<u64>,
    },
}

impl TextTest {
    pub(super) fn new(
        name: &str,
        filter: &Filter,
        term: &Term,
        segment: &SegmentReader,
    ) -> tantivy::Result<Self> {
        let Some(column) = segment.fast_fields().str(name)? else {
            return Ok(Self { column: None, passing: Ordinals::All(0..0) });
        };
        let passing = match name {
            columns::CATEGORIES => category_ordinals(&column, &term.test)?,
            columns::ATTRIBUTES => {
                let prefix = columns::attribute_prefix(term.key.as_deref().unwrap_or_default());
                let value = |text: &str| {
                    let (kind, value) = columns::parse_attribute_value(&text[prefix.len()..]);
                    filter.matches(&Attribute(kind, value))
                };
                matching_ordinals(&column, prefix.as_bytes(), value)?
            }
            _ => match &term.test {
                Test::Present => Ordinals::All(0..column.num_terms() as u64),
                Test::Is(text) | Test::Element(text) => {
                    let found = column.dictionary().term_ord(text)?;
                    Ordinals::All(found.map_or(0..0, |number| number..number + 1))
                }
                Test::StartsWith(start) => matching_ordinals(&column, start.as_bytes(), |_| true)?,
                _ => matching_ordinals(&column, b"", |text| filter.matches(&Text(text)))?,
            },
        };
        Ok(Self { column: Some(column.ords().clone()), passing })
    }

    pub(super) fn passes(&self, document: DocId) -> bool {
        let Some(column) = &self.column else { return false };
        column.values_for_doc(document).any(|number| self.passing.contains(number))
    }
}

/// Returns the ordinals of the texts with this prefix that pass.
fn matching_ordinals(
    column: &StrColumn,
    prefix: &[u8],
    passes: impl Fn(&str) -> bool,
) -> tantivy::Result<Ordinals> {
    let mut stream = column.dictionary().prefix_range(prefix).into_stream()?;
    let mut first = 0;
    let mut bits: Vec<u64> = Vec::new();
    let mut any = false;
    while stream.advance() {
        if !any {
            first = stream.term_ord();
            any = true;
        }
        let at = usize::try_from(stream.term_ord() - first).unwrap_or(usize::MAX);
        if at / 64 >= bits.len() {
            bits.push(0);
        }
        if std::str::from_utf8(stream.key()).is_ok_and(&passes) {
            bits[at / 64] |= 1 << (at % 64);
        }
    }
    Ok(Ordinals::Some { first, bits })
}

fn category_ordinals(column: &StrColumn, test: &Test) -> tantivy::Result<Ordinals> {
    let (Test::Within(id) | Test::Is(id)) = test else {
        return Ok(Ordinals::All(0..column.num_terms() as u64));
    };
    let prefix = format!("{id}{}", columns::PART_SEPARATOR);
    matching_ordinals(column, prefix.as_bytes(), |text| {
        let CategoryEntry { id: found, .. } = columns::parse_category(text);
        found == id
    })
}

impl Ordinals {
    fn contains(&self, number: u64) -> bool {
        match self {
            Self::All(range) => range.contains(&number),
            Self::Some { first, bits } => {
                let Some(at) = number.checked_sub(*first) else { return false };
                let word = usize::try_from(at / 64).ok().and_then(|at| bits.get(at));
                word.is_some_and(|word| word >> (at % 64) & 1 == 1)
            }
        }
    }
}

struct Text<'a>(&'a str);

impl Lookup for Text<'_> {
    fn values(&self, _: &'static str, _: Option<&str>, visit: &mut dyn FnMut(Value<'_>)) {
        visit(Value::Text(self.0));
    }
}

struct Attribute<'a>(AttributeKind, &'a str);

impl Lookup for Attribute<'_> {
    fn values(&self, _: &'static str, _: Option<&str>, visit: &mut dyn FnMut(Value<'_>)) {
        let Self(kind, text) = self;
        match kind {
            AttributeKind::Text => visit(Value::Text(text)),
            AttributeKind::Number => {
                text.parse().into_iter().for_each(|it| visit(Value::Number(it)));
            }
            AttributeKind::Flag => text.parse().into_iter().for_each(|it| visit(Value::Flag(it))),
        }
    }
}
