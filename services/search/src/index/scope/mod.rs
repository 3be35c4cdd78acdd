//! Which products a search is about, whatever its words: a category, a filter.
//!
//! A filter is made ready for each segment: what it says of texts becomes a set of their numbers
//! in a column, what it says of numbers a range. Only what no column has, which is the description,
//! is read from the products themselves, last and not of too many.

mod numbers;
mod texts;

use super::{Error, Result, columns, facets::Counted, schema::ID};
use filter::{Filter, Lookup, Term, Value};
use numbers::Numbers;
use prost::Message as _;
use proto::catalogue::v1::Product;
use std::sync::atomic::{AtomicUsize, Ordering};
use tantivy::{
    DocAddress, DocId, Searcher, SegmentReader, TantivyDocument,
    schema::{Field, Value as _},
};
use texts::Texts;

/// So many products are read for one search at most.
const MOST_READ: usize = 10_000;

/// A filter, taken apart by what may be left out of account when something is counted.
#[derive(Debug, Default)]
pub(super) struct Scope<'a> {
    /// Demanded of every product.
    all: Vec<&'a Filter>,
    /// What is demanded of a field that is counted, by the field's place among those counted.
    own: Vec<(usize, Vec<&'a Filter>)>,
}

/// A scope made ready for a segment.
pub(super) struct Within<'a> {
    all: Vec<Test<'a>>,
    own: Vec<(usize, Vec<Test<'a>>)>,
}

/// Whether a product is in a scope.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Verdict {
    In,
    /// It would be, but for what is demanded of this one of the fields that are counted.
    But(usize),
    Out,
}

/// What a filter became in a segment.
enum Test<'a> {
    Always,
    Never,
    All(Vec<Test<'a>>),
    Any(Vec<Test<'a>>),
    Not(Box<Test<'a>>),
    Texts(Texts),
    Numbers(Numbers),
    /// Read from the product.
    Read(&'a Filter),
}

/// Reads whole products for what no column has, and counts them.
pub(super) struct Products<'a> {
    pub(super) searcher: &'a Searcher,
    pub(super) product: Field,
    read: AtomicUsize,
}

impl<'a> Scope<'a> {
    pub(super) fn new(filter: &'a Filter, counted: &[Counted]) -> Self {
        let demands = match filter {
            Filter::And(all) => all.iter().collect(),
            other => vec![other],
        };
        let mut scope = Self::default();
        for demand in demands {
            let own = counted.iter().position(|counted| is_about(demand, counted));
            match own {
                None => scope.all.push(demand),
                Some(at) => match scope.own.iter_mut().find(|(own, _)| *own == at) {
                    Some((_, demands)) => demands.push(demand),
                    None => scope.own.push((at, vec![demand])),
                },
            }
        }
        scope
    }

    /// Whether it holds everything.
    pub(super) fn is_everything(&self) -> bool {
        self.all.is_empty() && self.own.is_empty()
    }

    /// Makes it ready for a segment.
    pub(super) fn within(&self, segment: &SegmentReader) -> tantivy::Result<Within<'a>> {
        let ready = |demands: &[&'a Filter]| {
            let mut tests = Vec::with_capacity(demands.len());
            for demand in demands {
                tests.push(Test::new(demand, segment)?);
            }
            tests.sort_by_key(Test::cost);
            Ok::<_, tantivy::TantivyError>(tests)
        };
        let mut own = Vec::with_capacity(self.own.len());
        for (at, demands) in &self.own {
            own.push((*at, ready(demands)?));
        }
        Ok(Within { all: ready(&self.all)?, own })
    }
}

/// Whether everything that a filter says is about a field that is counted.
fn is_about(filter: &Filter, counted: &Counted) -> bool {
    match filter {
        Filter::And(all) | Filter::Or(all) => all.iter().all(|filter| is_about(filter, counted)),
        Filter::Not(inner) => is_about(inner, counted),
        Filter::Term(term) => counted.is_of(term),
    }
}

impl Within<'_> {
    pub(super) fn judge(&self, address: DocAddress, products: &Products<'_>) -> Result<Verdict> {
        for test in &self.all {
            if !test.passes(address, products)? {
                return Ok(Verdict::Out);
            }
        }
        let mut but = None;
        for (at, tests) in &self.own {
            let mut passes = true;
            for test in tests {
                passes = passes && test.passes(address, products)?;
            }
            if !passes && but.replace(*at).is_some() {
                return Ok(Verdict::Out);
            }
        }
        Ok(but.map_or(Verdict::In, Verdict::But))
    }
}

impl<'a> Test<'a> {
    fn new(filter: &'a Filter, segment: &SegmentReader) -> tantivy::Result<Self> {
        let each = |filters: &'a [Filter]| {
            let mut tests = Vec::with_capacity(filters.len());
            for filter in filters {
                tests.push(Self::new(filter, segment)?);
            }
            tests.sort_by_key(Self::cost);
            Ok::<_, tantivy::TantivyError>(tests)
        };
        Ok(match filter {
            Filter::And(all) => Self::All(each(all)?),
            Filter::Or(any) => Self::Any(each(any)?),
            Filter::Not(inner) => Self::Not(Box::new(Self::new(inner, segment)?)),
            Filter::Term(term) => Self::term(filter, term, segment)?,
        })
    }

    fn term(filter: &'a Filter, term: &Term, segment: &SegmentReader) -> tantivy::Result<Self> {
        let texts = |column| Ok(Self::Texts(Texts::new(column, filter, term, segment)?));
        let numbers = |column| Ok(Self::Numbers(Numbers::new(column, &term.test, segment)?));
        let has_variants = || {
            let at_least_one = filter::Test::Integer(filter::Order::GreaterOrEqual, 1);
            Ok::<_, tantivy::TantivyError>(Self::Numbers(Numbers::new(
                columns::VARIANTS,
                &at_least_one,
                segment,
            )?))
        };
        match term.field {
            "id" => texts(ID),
            "external_id" => texts(columns::EXTERNAL_ID),
            "name" => texts(columns::NAME),
            "brand" => texts(columns::BRAND),
            "labels" => texts(columns::LABELS),
            "category" => texts(columns::CATEGORIES),
            "attributes" => texts(columns::ATTRIBUTES),
            "currency" => texts(columns::CURRENCY),
            "sku" => texts(columns::SKUS),
            "gtin" => texts(columns::GTINS),
            "variants.sku" => {
                let sku = Self::Texts(Texts::new(columns::SKUS, filter, term, segment)?);
                Ok(Self::All(vec![has_variants()?, sku]))
            }
            "price" => numbers(columns::PRICE),
            "stock_qty" => numbers(columns::STOCK),
            "variants.stock_qty" => numbers(columns::VARIANT_STOCK),
            "revision" => numbers("revision"),
            "created_at" | "create_time" => numbers(columns::CREATED),
            "update_time" => numbers(columns::UPDATED),
            // Nothing else is in the index.
            "status" if filter.matches(&Active) => Ok(Self::Always),
            "status" | "delete_time" => Ok(Self::Never),
            _ => Ok(Self::Read(filter)),
        }
    }

    /// What is cheap is asked first.
    fn cost(&self) -> u32 {
        match self {
            Self::Always | Self::Never => 0,
            Self::Numbers(_) => 1,
            Self::Texts(_) => 2,
            Self::Not(inner) => inner.cost(),
            Self::All(tests) | Self::Any(tests) => tests.iter().map(Self::cost).sum(),
            Self::Read(_) => 10_000,
        }
    }

    fn passes(&self, address: DocAddress, products: &Products<'_>) -> Result<bool> {
        let document: DocId = address.doc_id;
        Ok(match self {
            Self::Always => true,
            Self::Never => false,
            Self::All(tests) => {
                for test in tests {
                    if !test.passes(address, products)? {
                        return Ok(false);
                    }
                }
                true
            }
            Self::Any(tests) => {
                for test in tests {
                    if test.passes(address, products)? {
                        return Ok(true);
                    }
                }
                false
            }
            Self::Not(inner) => !inner.passes(address, products)?,
            Self::Texts(texts) => texts.passes(document),
            Self::Numbers(numbers) => numbers.passes(document),
            Self::Read(filter) => filter.matches(&Described(&products.counted(address)?)),
        })
    }
}

impl<'a> Products<'a> {
    pub(super) fn new(searcher: &'a Searcher, product: Field) -> Self {
        Self { searcher, product, read: AtomicUsize::new(0) }
    }

    /// A product, and how many bytes it has as a message: it is kept as one.
    pub(super) fn read(&self, address: DocAddress) -> Result<(Product, usize)> {
        let document: TantivyDocument = self.searcher.doc(address)?;
        let bytes = document.get_first(self.product).and_then(|value| value.as_bytes());
        let bytes = bytes.unwrap_or_default();
        Ok((Product::decode(bytes)?, bytes.len()))
    }

    fn counted(&self, address: DocAddress) -> Result<Product> {
        if self.read.fetch_add(1, Ordering::Relaxed) >= MOST_READ {
            return Err(Error::TooManyToRead);
        }
        Ok(self.read(address)?.0)
    }
}

/// Every product of the index.
struct Active;

impl Lookup for Active {
    fn values(&self, _: &'static str, _: Option<&str>, visit: &mut dyn FnMut(Value<'_>)) {
        visit(Value::Text("ACTIVE"));
    }
}

/// What is only known from the product itself.
struct Described<'a>(&'a Product);

impl Lookup for Described<'_> {
    fn values(&self, field: &'static str, _: Option<&str>, visit: &mut dyn FnMut(Value<'_>)) {
        if field == "description" {
            visit(Value::Text(&self.0.description));
        }
    }
}
