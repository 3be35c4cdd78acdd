//! How many of the products found have which value of a field.

use super::{
    columns::{self, Category, Kind},
    settings,
};
use filter::{Filter, Term, Test};
use std::{
    collections::HashMap,
    fmt::Debug,
    ops::{AddAssign, Range},
};
use tantivy::{
    DocId, SegmentReader, TantivyError,
    columnar::{Column, RowId},
};

/// Values of a facet that are returned.
const MOST_VALUES: usize = 100;

/// Ranges of prices that are returned.
const MOST_RANGES: usize = 8;

/// What is counted.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Counted {
    Category,
    Brand,
    Price,
    Stock,
    Attribute(String),
}

/// What was counted.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Facet {
    /// The most frequent first; prices from the lowest up.
    pub(crate) values: Vec<Value>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Value {
    /// What a filter takes; empty for a range.
    pub(crate) value: String,
    pub(crate) label: String,
    /// The category above.
    pub(crate) parent: String,
    pub(crate) count: u64,
    /// In units of the currency: from the first (included), up to the second (left out).
    pub(crate) range: Option<(f64, Option<f64>)>,
}

impl Counted {
    /// Reads the name of a facet: `brand`, or an attribute's as in a filter.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "category" => Self::Category,
            "brand" => Self::Brand,
            "price" => Self::Price,
            "stock" => Self::Stock,
            name if name.starts_with("attributes.") => {
                match settings::product_filter(&format!("{name}:*")) {
                    Ok(Filter::Term(Term { field: "attributes", key: Some(key), .. })) => {
                        Self::Attribute(key)
                    }
                    _ => return None,
                }
            }
            _ => return None,
        })
    }

    /// Whether a term is about this field.
    pub(super) fn is_of(&self, term: &Term) -> bool {
        match self {
            Self::Category => term.field == "category",
            Self::Brand => term.field == "brand",
            Self::Price => term.field == "price",
            Self::Stock => term.field == "stock_qty",
            Self::Attribute(name) => {
                term.field == "attributes" && term.key.as_deref() == Some(name)
            }
        }
    }

    /// Whether a filter demands this value.
    pub(crate) fn is_selected(&self, value: &Value, filter: &Filter) -> bool {
        match filter {
            Filter::And(all) | Filter::Or(all) => {
                all.iter().any(|filter| self.is_selected(value, filter))
            }
            Filter::Not(_) => false,
            Filter::Term(term) => self.is_of(term) && self.demands(value, &term.test),
        }
    }

    fn demands(&self, value: &Value, test: &Test) -> bool {
        use filter::Order::{Equal, Greater, GreaterOrEqual};
        match (self, test) {
            (Self::Stock, Test::Integer(order, number)) => {
                let in_stock = matches!((order, number), (Greater, 0) | (GreaterOrEqual, 1));
                let out_of_stock = matches!((order, number), (Equal, 0));
                in_stock && value.value == IN_STOCK || out_of_stock && value.value == OUT_OF_STOCK
            }
            (_, Test::Is(text) | Test::Within(text) | Test::Element(text)) => *text == value.value,
            (_, Test::Number(Equal, number)) => value.value.parse() == Ok(number.to_f64()),
            (_, Test::Flag(flag)) => value.value.parse() == Ok(*flag),
            _ => false,
        }
    }
}

const IN_STOCK: &str = "in_stock";
const OUT_OF_STOCK: &str = "out_of_stock";

/// So many products are counted at once: reading a column for each alone costs twice as much.
const AT_ONCE: usize = 512;

/// Counts in one segment. A clone reads the same columns and counts for itself.
#[derive(Clone)]
pub(super) struct Counter {
    counts: Counts,
    /// Products that are still to be counted.
    waiting: Vec<DocId>,
}

#[derive(Clone)]
enum Counts {
    /// By the numbers of texts; how many there are of each, from the first on.
    Texts {
        values: Values<u64>,
        numbers: Range<u64>,
        counts: Vec<u32>,
    },
    Prices {
        values: Values<i64>,
        counts: [u64; BOUNDS.len() + 1],
    },
    Stock {
        values: Values<i64>,
        counts: [u64; 2],
    },
    /// No product of the segment has such a field.
    Nothing,
}

/// Reads a column for many products at once.
#[derive(Clone)]
struct Values<T> {
    column: Column<T>,
    documents: Vec<DocId>,
    rows: Vec<RowId>,
    values: Vec<T>,
}

impl<T: PartialOrd + Copy + Debug + Default + Send + Sync + 'static> Values<T> {
    fn of(column: Column<T>) -> Self {
        Self { column, documents: Vec::new(), rows: Vec::new(), values: Vec::new() }
    }

    /// All values of the products, which must be in order.
    fn read(&mut self, documents: &[DocId]) -> &[T] {
        self.documents.clear();
        self.rows.clear();
        self.column.index.docids_to_rowids(documents, &mut self.documents, &mut self.rows);
        self.values.resize(self.rows.len(), T::default());
        self.column.values.get_vals(&self.rows, &mut self.values);
        &self.values
    }
}

/// All that was counted of one facet.
#[derive(Default)]
pub(super) struct Total {
    texts: HashMap<String, u64>,
    prices: [u64; BOUNDS.len() + 1],
    stock: [u64; 2],
}

/// Where ranges of prices may end, in units of the currency.
const BOUNDS: [u32; 19] = [
    1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000,
    200_000, 500_000, 1_000_000,
];

impl Counter {
    pub(super) fn new(counted: &Counted, segment: &SegmentReader) -> tantivy::Result<Self> {
        let columns = segment.fast_fields();
        let texts = |name: &str, beginning: &str| {
            let Some(column) = columns.str(name)? else { return Ok(Counts::Nothing) };
            let numbers = match beginning {
                "" => 0..column.num_terms() as u64,
                beginning => columns::numbers_of(&column, beginning)?,
            };
            let size = usize::try_from(numbers.end - numbers.start).unwrap_or(0);
            let values = Values::of(column.ords().clone());
            Ok::<_, TantivyError>(Counts::Texts { values, numbers, counts: vec![0; size] })
        };
        let numbers = |name: &str| {
            let column = columns.column_opt::<i64>(name)?;
            Ok::<_, TantivyError>(column.map(Values::of))
        };
        let counts = match counted {
            Counted::Category => texts(columns::CATEGORY_SETS, "")?,
            Counted::Brand => texts(columns::BRAND, "")?,
            Counted::Attribute(name) => texts(columns::ATTRIBUTES, &columns::beginning(name))?,
            Counted::Price => match numbers(columns::PRICE)? {
                Some(values) => Counts::Prices { values, counts: [0; BOUNDS.len() + 1] },
                None => Counts::Nothing,
            },
            Counted::Stock => match numbers(columns::STOCK)? {
                Some(values) => Counts::Stock { values, counts: [0; 2] },
                None => Counts::Nothing,
            },
        };
        Ok(Self { counts, waiting: Vec::with_capacity(AT_ONCE) })
    }

    /// Counts a product, which must not be before the last one.
    pub(super) fn add(&mut self, document: DocId) {
        self.waiting.push(document);
        if self.waiting.len() == AT_ONCE {
            self.flush();
        }
    }

    /// Counts what is still waiting.
    pub(super) fn flush(&mut self) {
        match &mut self.counts {
            Counts::Texts { values, numbers, counts } => {
                for number in values.read(&self.waiting) {
                    if numbers.contains(number) {
                        counts[(number - numbers.start) as usize] += 1;
                    }
                }
            }
            Counts::Prices { values, counts } => {
                for price in values.read(&self.waiting) {
                    let is_below = |bound: &u32| i64::from(*bound) * 1_000_000 <= *price;
                    counts[BOUNDS.partition_point(is_below)] += 1;
                }
            }
            Counts::Stock { values, counts } => {
                let in_stock = values.read(&self.waiting).iter().filter(|stock| **stock > 0);
                let in_stock = in_stock.count();
                counts[0] += in_stock as u64;
                counts[1] += (self.waiting.len() - in_stock) as u64;
            }
            Counts::Nothing => {}
        }
        self.waiting.clear();
    }

    /// Adds what was counted elsewhere in the same segment.
    pub(super) fn merge(&mut self, other: Self) {
        match (&mut self.counts, other.counts) {
            (Counts::Texts { counts, .. }, Counts::Texts { counts: others, .. }) => {
                add(counts, &others);
            }
            (Counts::Prices { counts, .. }, Counts::Prices { counts: others, .. }) => {
                add(counts, &others);
            }
            (Counts::Stock { counts, .. }, Counts::Stock { counts: others, .. }) => {
                add(counts, &others);
            }
            _ => {}
        }
    }

    /// Adds what was counted, and [flushed](Self::flush), to the total of all segments.
    pub(super) fn finish(
        self,
        counted: &Counted,
        segment: &SegmentReader,
        total: &mut Total,
    ) -> tantivy::Result<()> {
        match self.counts {
            Counts::Prices { counts, .. } => {
                add(&mut total.prices, &counts);
            }
            Counts::Stock { counts, .. } => {
                add(&mut total.stock, &counts);
            }
            Counts::Nothing => {}
            Counts::Texts { numbers, counts, .. } => {
                let name = match counted {
                    Counted::Category => columns::CATEGORY_SETS,
                    Counted::Attribute(_) => columns::ATTRIBUTES,
                    _ => columns::BRAND,
                };
                let Some(column) = segment.fast_fields().str(name)? else { return Ok(()) };
                let found: Vec<_> =
                    counts.iter().enumerate().filter(|(_, count)| **count > 0).collect();
                let ords: Vec<_> = found.iter().map(|(at, _)| numbers.start + *at as u64).collect();
                let mut next = found.iter();
                column.dictionary().sorted_ords_to_term_cb(&ords, |text| {
                    let (Some((_, count)), Ok(text)) = (next.next(), std::str::from_utf8(text))
                    else {
                        return;
                    };
                    for text in text.split(columns::BETWEEN).filter(|text| !text.is_empty()) {
                        match total.texts.get_mut(text) {
                            Some(sum) => *sum += u64::from(**count),
                            None => {
                                total.texts.insert(text.to_owned(), u64::from(**count));
                            }
                        }
                    }
                })?;
            }
        }
        Ok(())
    }
}

/// Adds each count to its sum.
fn add<T: AddAssign + Copy>(sums: &mut [T], counts: &[T]) {
    sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += *count);
}

impl Total {
    pub(super) fn finish(self, counted: &Counted) -> Facet {
        let mut values: Vec<Value> = match counted {
            Counted::Price => return Facet { values: ranges(&self.prices) },
            Counted::Stock => {
                let named = [(IN_STOCK, "In stock"), (OUT_OF_STOCK, "Out of stock")];
                let values = named.into_iter().zip(self.stock);
                let values = values.map(|((value, label), count)| Value {
                    value: value.to_owned(),
                    label: label.to_owned(),
                    count,
                    ..Value::default()
                });
                values.filter(|value| value.count > 0).collect()
            }
            Counted::Brand => {
                let values = self.texts.into_iter();
                let values = values.map(|(value, count)| Value {
                    label: value.clone(),
                    value,
                    count,
                    ..Value::default()
                });
                values.collect()
            }
            Counted::Category => {
                let values = self.texts.iter().map(|(text, count)| {
                    let Category { id, parent, name } = columns::category(text);
                    Value {
                        value: id.to_owned(),
                        label: name.to_owned(),
                        parent: parent.to_owned(),
                        count: *count,
                        range: None,
                    }
                });
                values.collect()
            }
            Counted::Attribute(name) => {
                let skip = columns::beginning(name).len();
                let values = self.texts.iter().map(|(text, count)| {
                    let (kind, value) = columns::value(&text[skip..]);
                    let label = match (kind, value) {
                        (Kind::Flag, "true") => "Yes",
                        (Kind::Flag, _) => "No",
                        (_, value) => value,
                    };
                    Value {
                        value: value.to_owned(),
                        label: label.to_owned(),
                        count: *count,
                        ..Value::default()
                    }
                });
                values.collect()
            }
        };
        values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
        values.truncate(MOST_VALUES);
        Facet { values }
    }
}

/// Few ranges of about as many products each, from bounds that people think in.
fn ranges(counts: &[u64; BOUNDS.len() + 1]) -> Vec<Value> {
    let total: u64 = counts.iter().sum();
    let enough = total.div_ceil(MOST_RANGES as u64).max(1);
    let mut values = Vec::new();
    let (mut from, mut count) = (0, 0);
    let last = counts.iter().rposition(|count| *count > 0);
    for (at, of_this) in counts.iter().enumerate() {
        count += of_this;
        if count < enough && Some(at) != last || count == 0 {
            continue;
        }
        let to = BOUNDS.get(at).copied();
        let label = match (from, to) {
            (0, Some(to)) => format!("below {to}"),
            (from, Some(to)) => format!("{from} to {to}"),
            (from, None) => format!("{from} and more"),
        };
        let range = Some((f64::from(from), to.map(f64::from)));
        values.push(Value { label, count, range, ..Value::default() });
        (from, count) = (to.unwrap_or(from), 0);
    }
    values
}
