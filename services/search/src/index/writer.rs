//! The index writer: one batch per commit.

use tantivy::{
    IndexReader, IndexWriter, Searcher, TantivyError, Term,
    error::DataCorruption,
    indexer::{IndexWriterOptions, LogMergePolicy},
};

use super::{
    EngineWriter, Error, Result,
    model::{AppliedChanges, Batch, Edit, FeedPosition},
    schema::{Fields, REVISION},
    storage::Storage,
};

/// Memory of documents that are not yet written to a segment, in bytes.
const BUFFER_BYTES: usize = 64 * 1024 * 1024;

/// Share of deleted documents above which a segment is rewritten. Stock changes replace whole
/// documents, and a segment is otherwise merged only with others of its size.
const MAX_DELETED: f32 = 0.3;

/// Number of segments of similar size that are merged into one. Every search looks its words up in
/// each segment and ranks each segment's best: at 200,000 products six segments took 10 to 20 %
/// less of a median query than ten. A product is then merged log4 rather than log8 times, half as
/// often again.
const MERGE_FACTOR: usize = 4;

/// The index's only writer. After an error it must be dropped; a new one continues from the last
/// commit.
pub(crate) struct Writer {
    /// Owns the indexing and merging threads, and the index's lock.
    engine: IndexWriter,
    storage: Option<Storage>,
    reader: IndexReader,
    fields: Fields,
    position: FeedPosition,
}

impl Writer {
    pub(super) fn open(
        index: &tantivy::Index,
        storage: Option<Storage>,
        reader: &IndexReader,
        fields: &Fields,
    ) -> Result<Self> {
        // One indexing and one merging thread, to leave processor time for queries.
        let options = IndexWriterOptions::builder()
            .num_worker_threads(1)
            .num_merge_threads(1)
            .memory_budget_per_thread(BUFFER_BYTES)
            .build();
        let engine: IndexWriter = index.writer_with_options(options)?;
        let mut merging = LogMergePolicy::default();
        merging.set_min_num_segments(MERGE_FACTOR);
        merging.set_del_docs_ratio_before_merge(MAX_DELETED);
        engine.set_merge_policy(Box::new(merging));
        // Removes the uncommitted files of a killed process.
        let collected = engine.garbage_collect_files().wait();
        collected.map_err(|error| disk_full(storage.as_ref(), error.into()))?;
        let position = match index.load_metas()?.payload {
            Some(payload) => FeedPosition::decode(&payload).ok_or_else(|| {
                let comment = "invalid feed position".to_owned();
                TantivyError::from(DataCorruption::new("meta.json".into(), comment))
            })?,
            None => FeedPosition::default(),
        };
        // An earlier writer may have failed after its commit and before this.
        reader.reload()?;
        Ok(Self { engine, storage, reader: reader.clone(), fields: fields.clone(), position })
    }

    /// Returns the revision that the index has of a product.
    fn indexed_revision(&self, searcher: &Searcher, id: &str) -> Result<Option<i64>> {
        let Some(address) = self.fields.find(searcher, id)? else { return Ok(None) };
        let columns = searcher.segment_reader(address.segment_ord).fast_fields();
        Ok(columns.i64(REVISION)?.first(address.doc_id))
    }

    fn commit(&mut self, batch: Batch) -> Result<AppliedChanges> {
        let mut applied = AppliedChanges::default();
        if let Some(storage) = &self.storage {
            storage.take_disk_full();
        }
        if batch.is_empty() && batch.position == self.position {
            return Ok(applied);
        }
        let position = batch.position.clone();
        let searcher = self.reader.searcher();
        for (product_id, edit) in batch.into_edits() {
            let term = Term::from_field_text(self.fields.id, &product_id);
            let product = match edit {
                Edit::Delete => None,
                Edit::Replace(product) => Some(product),
                Edit::Put(product) => {
                    let known = self.indexed_revision(&searcher, &product_id)?;
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
                self.engine.add_document(self.fields.document(&product))?;
            }
        }
        let mut commit = self.engine.prepare_commit()?;
        commit.set_payload(&position.encode());
        commit.commit()?;
        self.position = position;
        self.reader.reload()?;
        Ok(applied)
    }
}

impl EngineWriter for Writer {
    fn position(&self) -> &FeedPosition {
        &self.position
    }

    fn apply(&mut self, batch: Batch) -> Result<AppliedChanges> {
        self.commit(batch).map_err(|error| disk_full(self.storage.as_ref(), error))
    }
}

/// Names the cause if it is a full disk.
fn disk_full(storage: Option<&Storage>, error: Error) -> Error {
    match error {
        Error::Engine(error) if storage.is_some_and(Storage::take_disk_full) => {
            Error::DiskFull(error)
        }
        error => error,
    }
}
