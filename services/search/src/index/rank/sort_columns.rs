//! Sort keys read from columns.

use std::io;

use tantivy::{
    DocId, SegmentReader, TantivyError,
    columnar::{Column, StrColumn},
};

use crate::index::{
    model::SortKey,
    scan::Match,
    schema::{ID, columns},
};

/// Maximum number of sort values: four requested keys, five tie-breakers and three for the id.
pub(super) const MAX_KEYS: usize = 12;

/// Sort values as integers that order like the products: lower ranks first. The integers of text
/// keys are ordinals, comparable only within a segment.
pub(super) type SortValues = [u64; MAX_KEYS];

/// The columns of one segment that a sort order reads.
#[derive(Clone)]
pub(crate) struct SortColumns(pub(super) Vec<SortColumn>);

/// The source of one sort value.
#[derive(Clone)]
pub(super) enum SortColumn {
    Relevance { coarse: bool },
    Ascending(Column<i64>),
    Descending(Column<i64>),
    Popularity(Column<f64>),
    InStock(Column<i64>),
    Number(Column<u64>),
    Text(Option<StrColumn>),
}

impl SortColumns {
    pub(crate) fn open(order: &[SortKey], segment: &SegmentReader) -> tantivy::Result<Self> {
        let columns = segment.fast_fields();
        let text = |name: &str| Ok::<_, TantivyError>(SortColumn::Text(columns.str(name)?));
        let coarse = is_coarse(order);
        let mut keys = Vec::with_capacity(MAX_KEYS);
        for key in order {
            let column = match key {
                SortKey::Relevance => SortColumn::Relevance { coarse },
                SortKey::Price => SortColumn::Ascending(columns.i64(columns::PRICE)?),
                SortKey::PriceDescending => SortColumn::Descending(columns.i64(columns::PRICE)?),
                SortKey::Newest => SortColumn::Descending(columns.i64(columns::CREATED)?),
                SortKey::StockDescending => SortColumn::Descending(columns.i64(columns::STOCK)?),
                SortKey::InStock => SortColumn::InStock(columns.i64(columns::STOCK)?),
                SortKey::Popularity => SortColumn::Popularity(columns.f64(columns::POPULARITY)?),
                SortKey::Name => text(columns::NAME_ORDER)?,
                SortKey::Id => {
                    for part in columns::ID_PARTS {
                        keys.push(SortColumn::Number(columns.u64(part)?));
                    }
                    text(ID)?
                }
            };
            keys.push(column);
        }
        debug_assert!(keys.len() <= MAX_KEYS, "an order has too many keys");
        Ok(Self(keys))
    }
}

impl SortColumn {
    /// Returns the sort value of a match. Missing values come last in either direction.
    pub(super) fn value(&self, found: Match) -> u64 {
        let document = found.document;
        match self {
            Self::Relevance { coarse } => relevance(found, *coarse),
            Self::Ascending(column) => column.first(document).map_or(u64::MAX, tantivy::i64_to_u64),
            Self::Descending(column) => {
                column.first(document).map_or(u64::MAX, |it| !tantivy::i64_to_u64(it))
            }
            Self::Popularity(column) => {
                column.first(document).map_or(u64::MAX, |it| !tantivy::f64_to_u64(it))
            }
            Self::InStock(column) => u64::from(column.first(document).unwrap_or(0) <= 0),
            Self::Number(column) => column.first(document).unwrap_or(u64::MAX),
            Self::Text(column) => text_ordinal(column.as_ref(), document),
        }
    }
}

fn text_ordinal(column: Option<&StrColumn>, document: DocId) -> u64 {
    column.and_then(|column| column.ords().first(document)).unwrap_or(u64::MAX)
}

/// Whether scores are rounded, so that nearly equal ones leave the order to the tie-breakers.
pub(super) fn is_coarse(order: &[SortKey]) -> bool {
    order.first() == Some(&SortKey::Relevance) && order.len() > 2
}

/// Returns the sort value of relevance: fewer typing errors first, then the higher score.
pub(super) fn relevance(found: Match, coarse: bool) -> u64 {
    // The bits of non-negative floats order like the floats.
    let bits = found.score.max(0.0).to_bits();
    let bits = if coarse { bits >> 18 << 18 } else { bits };
    u64::from(found.typos) << 32 | u64::from(!bits)
}

/// Returns the texts of ordinals, in their order. An invalid ordinal gets a text that sorts last.
pub(super) fn texts(
    column: &StrColumn,
    ordinals: impl Iterator<Item = u64>,
) -> io::Result<Vec<Vec<u8>>> {
    let ordinals: Vec<_> = ordinals.collect();
    let mut sorted = ordinals.clone();
    sorted.sort_unstable();
    sorted.dedup();
    sorted.retain(|ordinal| *ordinal != u64::MAX);
    let mut texts = Vec::with_capacity(sorted.len());
    column.dictionary().sorted_ords_to_term_cb(&sorted, |text| texts.push(text.to_vec()))?;
    let text = |ordinal: &u64| match sorted.binary_search(ordinal) {
        Ok(at) => texts.get(at).cloned().unwrap_or_default(),
        Err(_) => vec![u8::MAX],
    };
    Ok(ordinals.iter().map(text).collect())
}
