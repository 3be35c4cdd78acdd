//! Facet counters: count the values of a field over the matches of one segment.

use std::{fmt::Debug, ops::Range};

use product_fields::TextField;
use tantivy::{
    DocId, SegmentReader, TantivyError,
    columnar::{Column, RowId},
};

use super::facet_totals::{FacetTotals, PRICE_BOUNDS, PriceCounts, add};
use crate::index::{
    model::FacetField,
    schema::columns::{self, ordinals_with_prefix},
};

/// Number of products counted together. Reading a column one product at a time costs twice as much.
const BATCH: usize = 512;

/// Counts one facet in one segment. A clone shares the columns but not the counts.
#[derive(Clone)]
pub(crate) struct FacetCounter {
    counts: Counts,
    /// Products of the current batch.
    pending: Vec<DocId>,
}

#[derive(Clone)]
enum Counts {
    /// One count per ordinal of the range.
    Texts {
        values: ColumnBatch<u64>,
        ordinals: Range<u64>,
        counts: Vec<u32>,
    },
    Prices {
        values: ColumnBatch<i64>,
        counts: PriceCounts,
    },
    Stock {
        values: ColumnBatch<i64>,
        counts: [u64; 2],
    },
    /// The segment has no such column.
    None,
}

/// Reads a column for a batch of products, with reused buffers.
#[derive(Clone)]
struct ColumnBatch<T> {
    column: Column<T>,
    documents: Vec<DocId>,
    rows: Vec<RowId>,
    values: Vec<T>,
}

impl<T: PartialOrd + Copy + Debug + Default + Send + Sync + 'static> ColumnBatch<T> {
    fn of(column: Column<T>) -> Self {
        Self { column, documents: Vec::new(), rows: Vec::new(), values: Vec::new() }
    }

    /// Returns all values of the products, which must be in ascending order.
    fn read(&mut self, documents: &[DocId]) -> &[T] {
        self.documents.clear();
        self.rows.clear();
        self.column.index.docids_to_rowids(documents, &mut self.documents, &mut self.rows);
        self.values.resize(self.rows.len(), T::default());
        self.column.values.get_vals(&self.rows, &mut self.values);
        &self.values
    }
}

impl FacetCounter {
    pub(crate) fn new(field: &FacetField, segment: &SegmentReader) -> tantivy::Result<Self> {
        let columns = segment.fast_fields();
        let texts = |name: &str, prefix: &str| {
            let Some(column) = columns.str(name)? else { return Ok(Counts::None) };
            let ordinals = match prefix {
                "" => 0..column.num_terms() as u64,
                prefix => ordinals_with_prefix(&column, prefix)?,
            };
            let size = usize::try_from(ordinals.end - ordinals.start).unwrap_or(0);
            let values = ColumnBatch::of(column.ords().clone());
            Ok::<_, TantivyError>(Counts::Texts { values, ordinals, counts: vec![0; size] })
        };
        let numbers = |name: &str| {
            let column = columns.column_opt::<i64>(name)?;
            Ok::<_, TantivyError>(column.map(ColumnBatch::of))
        };
        let counts = match field {
            FacetField::Category => texts(columns::CATEGORY_SETS, "")?,
            FacetField::Brand => texts(TextField::Brand.name(), "")?,
            FacetField::Currency => texts(columns::CURRENCY, "")?,
            FacetField::Attribute(name) => {
                texts(columns::ATTRIBUTES, &columns::attribute_prefix(name))?
            }
            FacetField::Price => match numbers(columns::PRICE)? {
                Some(values) => Counts::Prices { values, counts: PriceCounts::default() },
                None => Counts::None,
            },
            FacetField::Stock => match numbers(columns::STOCK)? {
                Some(values) => Counts::Stock { values, counts: [0; 2] },
                None => Counts::None,
            },
        };
        Ok(Self { counts, pending: Vec::with_capacity(BATCH) })
    }

    /// Counts a product. Products must be added in ascending order.
    pub(crate) fn add(&mut self, document: DocId) {
        self.pending.push(document);
        if self.pending.len() == BATCH {
            self.flush();
        }
    }

    /// Counts the pending products.
    pub(crate) fn flush(&mut self) {
        match &mut self.counts {
            Counts::Texts { values, ordinals, counts } => {
                for ordinal in values.read(&self.pending) {
                    if ordinals.contains(ordinal) {
                        counts[(ordinal - ordinals.start) as usize] += 1;
                    }
                }
            }
            Counts::Prices { values, counts } => {
                for price in values.read(&self.pending) {
                    let is_below = |bound: &u32| i64::from(*bound) * 1_000_000 <= *price;
                    counts[PRICE_BOUNDS.partition_point(is_below)] += 1;
                }
            }
            Counts::Stock { values, counts } => {
                let in_stock = values.read(&self.pending).iter().filter(|stock| **stock > 0);
                let in_stock = in_stock.count();
                counts[0] += in_stock as u64;
                counts[1] += (self.pending.len() - in_stock) as u64;
            }
            Counts::None => {}
        }
        self.pending.clear();
    }

    /// Adds the counts of another range of the same segment.
    pub(crate) fn merge(&mut self, other: Self) {
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

    /// Adds the [flushed](Self::flush) counts to the totals of all segments.
    pub(crate) fn add_to(
        self,
        field: &FacetField,
        segment: &SegmentReader,
        totals: &mut FacetTotals,
    ) -> tantivy::Result<()> {
        match self.counts {
            Counts::Prices { counts, .. } => {
                add(&mut totals.prices, &counts);
            }
            Counts::Stock { counts, .. } => {
                add(&mut totals.stock, &counts);
            }
            Counts::None => {}
            Counts::Texts { ordinals, counts, .. } => {
                let name = match field {
                    FacetField::Category => columns::CATEGORY_SETS,
                    FacetField::Attribute(_) => columns::ATTRIBUTES,
                    FacetField::Currency => columns::CURRENCY,
                    _ => TextField::Brand.name(),
                };
                let Some(column) = segment.fast_fields().str(name)? else { return Ok(()) };
                let found: Vec<_> =
                    counts.iter().enumerate().filter(|(_, count)| **count > 0).collect();
                let ords: Vec<_> =
                    found.iter().map(|(at, _)| ordinals.start + *at as u64).collect();
                let mut next = found.iter();
                column.dictionary().sorted_ords_to_term_cb(&ords, |text| {
                    let (Some((_, count)), Ok(text)) = (next.next(), std::str::from_utf8(text))
                    else {
                        return;
                    };
                    for text in text.split(columns::SET_SEPARATOR).filter(|text| !text.is_empty()) {
                        match totals.texts.get_mut(text) {
                            Some(sum) => *sum += u64::from(**count),
                            None => {
                                totals.texts.insert(text.to_owned(), u64::from(**count));
                            }
                        }
                    }
                })?;
            }
        }
        Ok(())
    }
}
