//! Facet counts of the whole index, and the facets made of them.

use std::{collections::HashMap, ops::AddAssign};

use crate::index::{
    model::{Facet, FacetField, FacetValue, IN_STOCK, OUT_OF_STOCK},
    schema::columns::{self, AttributeKind, CategoryEntry},
};

/// Maximum number of values of a facet.
const MAX_VALUES: usize = 100;

/// Maximum number of price ranges.
const MAX_RANGES: usize = 8;

/// Possible bounds of price ranges, in units of the currency.
pub(super) const PRICE_BOUNDS: [u32; 19] = [
    1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000,
    200_000, 500_000, 1_000_000,
];

/// Number of products by price: one count below each bound, and one above the last.
pub(super) type PriceCounts = [u64; PRICE_BOUNDS.len() + 1];

/// Counts of one facet over all segments.
#[derive(Default)]
pub(crate) struct FacetTotals {
    pub(super) texts: HashMap<String, u64>,
    pub(super) prices: PriceCounts,
    /// In stock, out of stock.
    pub(super) stock: [u64; 2],
}

/// Adds counts pairwise.
pub(super) fn add<T: AddAssign + Copy>(sums: &mut [T], counts: &[T]) {
    sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += *count);
}

impl FacetTotals {
    pub(crate) fn into_facet(self, field: &FacetField) -> Facet {
        let mut values: Vec<FacetValue> = match field {
            FacetField::Price => return Facet { values: price_ranges(&self.prices) },
            FacetField::Stock => {
                let named = [(IN_STOCK, "In stock"), (OUT_OF_STOCK, "Out of stock")];
                let values = named.into_iter().zip(self.stock);
                let values = values.map(|((value, label), count)| facet_value(value, label, count));
                values.filter(|value| value.count > 0).collect()
            }
            FacetField::Brand | FacetField::Currency => {
                self.texts.iter().map(|(text, count)| facet_value(text, text, *count)).collect()
            }
            FacetField::Category => {
                let values = self.texts.iter().map(|(text, count)| {
                    let CategoryEntry { id, parent, name } = columns::parse_category(text);
                    FacetValue { parent: parent.to_owned(), ..facet_value(id, name, *count) }
                });
                values.collect()
            }
            FacetField::Attribute(name) => {
                let skip = columns::attribute_prefix(name).len();
                let values = self.texts.iter().map(|(text, count)| {
                    let (kind, value) = columns::parse_attribute_value(&text[skip..]);
                    let label = match (kind, value) {
                        (AttributeKind::Flag, "true") => "Yes",
                        (AttributeKind::Flag, _) => "No",
                        (_, value) => value,
                    };
                    facet_value(value, label, *count)
                });
                values.collect()
            }
        };
        values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
        values.truncate(MAX_VALUES);
        Facet { values }
    }
}

fn facet_value(value: &str, label: &str, count: u64) -> FacetValue {
    FacetValue { value: value.to_owned(), label: label.to_owned(), count, ..FacetValue::default() }
}

/// Groups price counts into a few ranges of roughly equal size between round bounds.
fn price_ranges(counts: &PriceCounts) -> Vec<FacetValue> {
    let total: u64 = counts.iter().sum();
    let enough = total.div_ceil(MAX_RANGES as u64).max(1);
    let mut values = Vec::new();
    let (mut from, mut count) = (0, 0);
    let last = counts.iter().rposition(|count| *count > 0);
    for (at, of_this) in counts.iter().enumerate() {
        count += of_this;
        if count < enough && Some(at) != last || count == 0 {
            continue;
        }
        let to = PRICE_BOUNDS.get(at).copied();
        let label = match (from, to) {
            (0, Some(to)) => format!("below {to}"),
            (from, Some(to)) => format!("{from} to {to}"),
            (from, None) => format!("{from} and more"),
        };
        let range = Some((f64::from(from), to.map(f64::from)));
        values.push(FacetValue { label, count, range, ..FacetValue::default() });
        (from, count) = (to.unwrap_or(from), 0);
    }
    values
}
