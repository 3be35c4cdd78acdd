//! Presentation: facet counts and highlighted texts. Builds on `query`, `schema` and `model`.

mod facet_counter;
mod facet_totals;
mod highlighter;
mod prefix_filter;

pub(crate) use facet_counter::FacetCounter;
pub(crate) use facet_totals::FacetTotals;
pub(crate) use highlighter::Highlighter;
