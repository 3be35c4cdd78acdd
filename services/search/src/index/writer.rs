//! Changing the index, a batch and a commit at a time.

use super::{Batch, Index, Position, Result, batch::Edit, schema::Fields};
use tantivy::{
    DocSet, IndexWriter, Searcher, TERMINATED, Term,
    indexer::{IndexWriterOptions, LogMergePolicy},
    schema::IndexRecordOption,
};

/// Memory for documents that are not written out yet, in bytes.
const HEAP: usize = 64 * 1024 * 1024;

/// A segment of which more than this part is deleted is written anew: stock changes replace whole
/// documents, and a segment is otherwise left alone until others of its size have come together.
const MOST_DELETED: f32 = 0.3;

/// So many segments of about the same size become one: every search looks its words up in each, and
/// each brings its own best, so that at 200,000 products six of them took 10 to 20 % less of a median
/// query than ten. A product is then merged log4 rather than log8 times, half as often again by that
/// count.
const TOGETHER: usize = 4;

/// The one who changes the index. Not usable after an error: drop it and open another, which goes
/// on from the last commit.
pub(crate) struct Writer {
    index: Index,
    /// Threads of its own do the indexing and merging; this is their handle, and the lock.
    engine: IndexWriter,
    position: Position,
}

impl Writer {
    pub(super) fn open(index: &Index) -> Result<Self> {
        // One indexing and one merging thread: a search replica has other things to do as well.
        let options = IndexWriterOptions::builder()
            .num_worker_threads(1)
            .num_merge_threads(1)
            .memory_budget_per_thread(HEAP)
            .build();
        let engine: IndexWriter = index.engine.writer_with_options(options)?;
        let mut merging = LogMergePolicy::default();
        merging.set_min_num_segments(TOGETHER);
        merging.set_del_docs_ratio_before_merge(MOST_DELETED);
        engine.set_merge_policy(Box::new(merging));
        // What a killed process had written without committing is of no use to anyone.
        engine.garbage_collect_files().wait()?;
        let position = match index.engine.load_metas()?.payload {
            Some(payload) => serde_json::from_str(&payload).unwrap_or_else(|error| {
                tracing::warn!(%error, "the index does not say how far it is; beginning anew");
                Position::default()
            }),
            None => Position::default(),
        };
        // A writer before this one may have failed between its commit and the reload.
        index.searchers.reload()?;
        Ok(Self { index: index.clone(), engine, position })
    }

    /// Returns the position of the last commit.
    pub(crate) fn position(&self) -> &Position {
        &self.position
    }

    /// Commits a batch. It can be found when this returns. Applying a batch again changes nothing.
    ///
    /// # Errors
    /// [`Error::Engine`](super::Error::Engine): nothing of the batch can be found, or all of it; drop the writer.
    pub(crate) fn apply(&mut self, batch: Batch) -> Result<Applied> {
        let mut applied = Applied::default();
        if batch.is_empty() && batch.position == self.position {
            return Ok(applied);
        }
        let Fields { id, .. } = self.index.fields;
        let position = batch.position.clone();
        let searcher = self.index.searchers.searcher();
        for (product_id, edit) in batch.into_edits() {
            let term = Term::from_field_text(id, &product_id);
            let product = match edit {
                Edit::Delete => None,
                Edit::Replace(product) => Some(product),
                Edit::Put(product) => {
                    let known = indexed(&searcher, &term)?;
                    if known.is_some_and(|revision| revision >= product.revision) {
                        applied.repeated += 1;
                        continue;
                    }
                    Some(product)
                }
            };
            applied.changed += 1;
            self.engine.delete_term(term);
            if let Some(product) = product {
                self.engine.add_document(self.index.fields.document(&product))?;
            }
        }
        let payload = serde_json::to_string(&position)
            .expect("a struct of strings, numbers and flags is JSON");
        let mut commit = self.engine.prepare_commit()?;
        commit.set_payload(&payload);
        commit.commit()?;
        self.position = position;
        self.index.searchers.reload()?;
        Ok(applied)
    }
}

/// What a batch has done.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Applied {
    /// Products written or removed.
    pub(crate) changed: u64,
    /// Products that the index had already, as new or newer.
    pub(crate) repeated: u64,
}

/// Returns the revision that the index has of a product.
fn indexed(searcher: &Searcher, id: &Term) -> Result<Option<i64>> {
    for segment in searcher.segment_readers() {
        let index = segment.inverted_index(id.field())?;
        let postings = index.read_postings(id, IndexRecordOption::Basic);
        let Some(mut postings) = postings.map_err(tantivy::TantivyError::from)? else {
            continue;
        };
        let mut document = postings.doc();
        while document != TERMINATED {
            if !segment.is_deleted(document) {
                return Ok(segment.fast_fields().i64("revision")?.first(document));
            }
            document = postings.advance();
        }
    }
    Ok(None)
}
