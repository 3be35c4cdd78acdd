//! Document ranges and matches, the units of scanning.

use std::ops::Range;

use tantivy::DocId;

/// A range of documents of one segment: the unit of parallelism.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DocRange {
    pub(crate) segment: usize,
    pub(crate) documents: Range<DocId>,
}

/// A matching document.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Match {
    pub(crate) document: DocId,
    pub(crate) score: f32,
    /// Number of the query's words that it has only with typing errors.
    pub(crate) typos: u8,
}
