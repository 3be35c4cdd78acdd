//! What a filter says of texts, as a set of their numbers in a column.

use super::super::columns::{self, Category, Kind};
use filter::{Filter, Lookup, Term, Test, Value};
use std::ops::Range;
use tantivy::{
    DocId, SegmentReader,
    columnar::{Column, StrColumn},
};

pub(super) struct Texts {
    column: Option<Column<u64>>,
    passing: Passing,
}

/// Numbers of texts.
#[derive(Debug, PartialEq)]
enum Passing {
    All(Range<u64>),
    /// A bit for each, from the first on.
    Some {
        first: u64,
        bits: Vec<u64>,
    },
}

impl Texts {
    pub(super) fn new(
        name: &str,
        filter: &Filter,
        term: &Term,
        segment: &SegmentReader,
    ) -> tantivy::Result<Self> {
        let Some(column) = segment.fast_fields().str(name)? else {
            return Ok(Self { column: None, passing: Passing::All(0..0) });
        };
        let passing = match name {
            columns::CATEGORIES => category(&column, &term.test)?,
            columns::ATTRIBUTES => {
                let beginning = columns::beginning(term.key.as_deref().unwrap_or_default());
                let value = |text: &str| {
                    let (kind, value) = columns::value(&text[beginning.len()..]);
                    filter.matches(&Attribute(kind, value))
                };
                among(&column, beginning.as_bytes(), value)?
            }
            _ => match &term.test {
                Test::Present => Passing::All(0..column.num_terms() as u64),
                Test::Is(text) | Test::Element(text) => {
                    let found = column.dictionary().term_ord(text)?;
                    Passing::All(found.map_or(0..0, |number| number..number + 1))
                }
                Test::StartsWith(start) => among(&column, start.as_bytes(), |_| true)?,
                _ => among(&column, b"", |text| filter.matches(&Text(text)))?,
            },
        };
        Ok(Self { column: Some(column.ords().clone()), passing })
    }

    pub(super) fn passes(&self, document: DocId) -> bool {
        let Some(column) = &self.column else { return false };
        column.values_for_doc(document).any(|number| self.passing.contains(number))
    }
}

/// The texts that begin so and pass.
fn among(
    column: &StrColumn,
    beginning: &[u8],
    passes: impl Fn(&str) -> bool,
) -> tantivy::Result<Passing> {
    let mut stream = column.dictionary().prefix_range(beginning).into_stream()?;
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
    Ok(Passing::Some { first, bits })
}

fn category(column: &StrColumn, test: &Test) -> tantivy::Result<Passing> {
    let (Test::Within(id) | Test::Is(id)) = test else {
        return Ok(Passing::All(0..column.num_terms() as u64));
    };
    let beginning = format!("{id}{}", columns::PART);
    among(column, beginning.as_bytes(), |text| {
        let Category { id: found, .. } = columns::category(text);
        found == id
    })
}

impl Passing {
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

struct Attribute<'a>(Kind, &'a str);

impl Lookup for Attribute<'_> {
    fn values(&self, _: &'static str, _: Option<&str>, visit: &mut dyn FnMut(Value<'_>)) {
        let Self(kind, text) = self;
        match kind {
            Kind::Text => visit(Value::Text(text)),
            Kind::Number => text.parse().into_iter().for_each(|it| visit(Value::Number(it))),
            Kind::Flag => text.parse().into_iter().for_each(|it| visit(Value::Flag(it))),
        }
    }
}
