//! Scanning: which products of a range of a segment match the expanded words and the filter, and
//! with which score. Builds on `query`, `schema` and `model`.

mod boosts;
mod dense_matches;
mod doc_range;
mod filters;
mod matching;
mod postings_cursor;
mod product_reader;
mod word_cursor;

pub(crate) use boosts::{Boosts, SegmentBoosts};
pub(crate) use doc_range::{DocRange, Match};
pub(crate) use filters::{FilterOutcome, SearchFilter, SegmentFilter};
pub(crate) use matching::{RequiredWords, for_each_match};
pub(crate) use postings_cursor::{LengthNorms, WordTerms, has_document};
pub(crate) use product_reader::ProductReader;
pub(crate) use word_cursor::WordCursor;
