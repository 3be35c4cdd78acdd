//! Ranking: sort keys, the best matches of each range and of the index, and reranking by proximity.
//! Builds on `scan`, `query`, `schema` and `model`.

mod proximity;
mod sort_columns;
mod top_k;

pub(crate) use proximity::{RERANK_LIMIT, Rerank};
pub(crate) use sort_columns::SortColumns;
pub(crate) use top_k::{MergedTopK, RankedDoc, SharedThreshold, TopK};
