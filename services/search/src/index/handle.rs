//! The index handle: opens an index, answers queries, and hands out the writer.

use std::{fs, num::NonZero, path::Path, sync::Arc, thread};

use tantivy::{
    Executor, IndexReader, IndexSettings, ReloadPolicy, Searcher, TantivyError, Term, Warmer,
    collector::Count, directory::error::LockError, query::TermQuery, schema::IndexRecordOption,
};

use super::{
    Engine, Error, Result, Verified, Writer, damage_check,
    execute::{self, IndexView},
    model::{Completion, Explanation, Parameters, SearchParams, SearchResults},
    query::{CompiledSettings, LexiconCache, Reading, VocabularyCache},
    schema::{
        self, Fields,
        analysis::{Analysis, Language},
    },
    storage::Storage,
    suggest::{CategoryCache, Suggester},
};

/// A search index. Cheap to clone; clones share the index.
#[derive(Clone)]
pub(crate) struct Index {
    engine: tantivy::Index,
    /// Absent in memory.
    storage: Option<Storage>,
    fields: Fields,
    parameters: Arc<Parameters>,
    vocabularies: Arc<VocabularyCache>,
    lexicons: Arc<LexiconCache>,
    categories: Arc<CategoryCache>,
    reader: IndexReader,
    /// Threads that scan large segments in parallel.
    executor: Executor,
}

impl Index {
    /// Opens the index in a folder, or creates an empty one. All its files are verified.
    ///
    /// # Errors
    /// [`Error::Folder`] or [`Error::Unusable`].
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder).map_err(|error| Error::Folder(folder.to_owned(), error))?;
        let storage = Storage::open(folder)
            .map_err(|error| Error::Unusable(folder.to_owned(), error.into()))?;
        Self::with_storage(storage)
    }

    /// Opens the index in a storage.
    ///
    /// # Errors
    /// [`Error::Unusable`].
    pub(super) fn with_storage(storage: Storage) -> Result<Self> {
        let folder = storage.folder().to_owned();
        Self::open_verified(storage).map_err(|error| match error {
            Error::Engine(error) => Error::Unusable(folder, error),
            error => error,
        })
    }

    fn open_verified(storage: Storage) -> Result<Self> {
        damage_check::check_unused(&storage)?;
        let parameters = Parameters::default();
        let analysis = Analysis::new(Language::default());
        let (schema, fields) = schema::build(analysis, parameters.weights);
        let engine = tantivy::Index::builder()
            .schema(schema)
            .settings(IndexSettings::default())
            .tokenizers(schema::tokenizers())
            .open_or_create(storage.clone())?;
        let index = Self::new(engine, Some(storage.clone()), fields, parameters)?;
        // Last, when the reader holds the segments' files: they are read once.
        damage_check::check_meta(&index.engine, &storage, &mut Verified::default())?;
        Ok(index)
    }

    /// Creates an empty index in memory.
    pub(crate) fn in_ram(parameters: Parameters) -> Self {
        let (schema, fields) =
            schema::build(Analysis::new(Language::default()), parameters.weights);
        let builder = tantivy::Index::builder().schema(schema).tokenizers(schema::tokenizers());
        let engine = builder.create_in_ram().expect("the schema is valid");
        Self::new(engine, None, fields, parameters).expect("memory is enough")
    }

    fn new(
        mut engine: tantivy::Index,
        storage: Option<Storage>,
        fields: Fields,
        parameters: Parameters,
    ) -> Result<Self> {
        // An opened index, unlike a created one, has only tantivy's default tokenizers.
        engine.set_tokenizers(schema::tokenizers());
        let vocabularies = Arc::new(VocabularyCache::new(fields.written));
        let warmer: Arc<dyn Warmer> = Arc::clone(&vocabularies) as _;
        // The writer reloads after each commit, so that its changes are searchable when it returns.
        // The other policy reloads later, on another thread.
        let reader = engine
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .warmers(vec![Arc::downgrade(&warmer)])
            .try_into()?;
        let threads = thread::available_parallelism().map_or(1, NonZero::get);
        Ok(Self {
            engine,
            storage,
            fields,
            parameters: Arc::new(parameters),
            vocabularies,
            lexicons: Arc::default(),
            categories: Arc::default(),
            reader,
            executor: Executor::multi_thread(threads, "read-")?,
        })
    }

    /// Returns the same index with other ranking parameters. The index's weights remain.
    pub(crate) fn with(&self, parameters: Parameters) -> Self {
        Self { parameters: Arc::new(parameters), ..self.clone() }
    }

    /// Reads the query of a search without running it.
    ///
    /// # Errors
    /// The index failed.
    pub(crate) fn read(
        &self,
        params: &SearchParams<'_>,
        settings: &CompiledSettings,
    ) -> Result<Reading> {
        execute::read(self.view(&self.reader.searcher()), params, settings)
    }

    /// Returns the index's writer. Only one exists at a time, over all processes.
    ///
    /// # Errors
    /// [`Error::Locked`] if there is one already, [`Error::DiskFull`].
    pub(crate) fn writer(&self) -> Result<Writer> {
        let storage = self.storage.clone();
        Writer::open(&self.engine, storage, &self.reader, &self.fields).map_err(|error| {
            match (error, &self.storage) {
                (
                    Error::Engine(TantivyError::LockFailure(LockError::LockBusy, _)),
                    Some(storage),
                ) => Error::Locked(storage.folder().display().to_string()),
                (error, _) => error,
            }
        })
    }

    /// Checks the index's files on disk. `verified` is the state of the checks before.
    ///
    /// # Errors
    /// Damage ([`Error::is_damage`]), or the check failed for another reason.
    pub(crate) fn check(&self, verified: &mut Verified) -> Result<()> {
        match &self.storage {
            Some(storage) => damage_check::check(&self.engine, storage, verified),
            None => Ok(()),
        }
    }

    /// Waits until damage is suspected, because a file could not be read or written.
    pub(crate) async fn suspected(&self) {
        match &self.storage {
            Some(storage) => storage.suspected().await,
            None => std::future::pending().await,
        }
    }

    pub(crate) fn suspect(&self) {
        if let Some(storage) = &self.storage {
            storage.suspect();
        }
    }

    fn view<'a>(&'a self, searcher: &'a Searcher) -> IndexView<'a> {
        IndexView {
            searcher,
            fields: &self.fields,
            parameters: &self.parameters,
            vocabularies: &self.vocabularies,
            lexicons: &self.lexicons,
            executor: &self.executor,
        }
    }

    fn suggester<'a>(&'a self, searcher: &'a Searcher) -> Suggester<'a> {
        Suggester {
            searcher,
            fields: &self.fields,
            vocabularies: &self.vocabularies,
            categories: &self.categories,
        }
    }
}

impl Engine for Index {
    fn search(
        &self,
        params: &SearchParams<'_>,
        settings: &CompiledSettings,
    ) -> Result<SearchResults> {
        execute::search(self.view(&self.reader.searcher()), params, settings)
    }

    fn explain(
        &self,
        params: &SearchParams<'_>,
        product_id: &str,
        settings: &CompiledSettings,
    ) -> Result<Option<Explanation>> {
        execute::explain(self.view(&self.reader.searcher()), params, product_id, settings)
    }

    fn has_category(&self, category_id: &str) -> Result<bool> {
        let term = Term::from_field_text(self.fields.category_ids, category_id);
        let searcher = self.reader.searcher();
        if searcher.doc_freq(&term)? == 0 {
            return Ok(false);
        }
        // The document frequency includes deleted products.
        let query = TermQuery::new(term, IndexRecordOption::Basic);
        Ok(searcher.search(&query, &Count)? > 0)
    }

    fn complete_products(&self, query: &str, limit: usize) -> Result<Vec<Completion>> {
        self.suggester(&self.reader.searcher()).products(query, limit)
    }

    fn complete_categories(&self, query: &str, limit: usize) -> Result<Vec<Completion>> {
        self.suggester(&self.reader.searcher()).categories(query, limit)
    }

    fn product_count(&self) -> u64 {
        self.reader.searcher().num_docs()
    }
}
