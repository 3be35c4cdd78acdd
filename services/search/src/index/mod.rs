//! The search index: products in, words in, products out. Only this folder knows tantivy.
//!
//! An [`Index`] answers; its one [`Writer`] changes it, a [`Batch`] at a time. Each batch is one
//! commit, and the commit carries the [`Position`] in the change feed that it brings the index to:
//! after a crash the two cannot disagree.

pub(crate) mod analysis;
mod batch;
mod beginnings;
mod columns;
mod cursor;
mod dictionary;
mod distance;
mod engine;
mod expand;
mod explain;
mod facets;
mod highlights;
mod matching;
mod names;
mod order;
pub(crate) mod parameters;
mod part;
mod position;
mod reading;
mod rules;
mod schema;
mod scope;
mod search;
mod settings;
mod suggest;
mod synonyms;
mod terms;
mod vocabulary;
mod writer;

#[cfg(test)]
mod tests;

pub(crate) use batch::Batch;
pub(crate) use engine::{Engine, EngineWriter};
pub(crate) use expand::How;
pub(crate) use explain::Explanation;
pub(crate) use facets::{Counted, Facet};
pub(crate) use highlights::Highlight;
pub(crate) use order::By;
pub(crate) use parameters::Parameters;
pub(crate) use position::Position;
pub(crate) use reading::default_stop_words;
pub(crate) use schema::VERSION;
pub(crate) use search::{Found, Hit, Relaxed, Search};
pub(crate) use settings::{Boost, Control, Settings, Synonyms, TieBreaker, product_filter};
pub(crate) use suggest::{Completion, Typed};
pub(crate) use writer::{Applied, Writer};

use analysis::{Analysis, Language};
use schema::Fields;
use std::{
    fs, io,
    num::NonZero,
    path::{Path, PathBuf},
    sync::Arc,
    thread,
};
use suggest::Categories;
use tantivy::{
    Executor, IndexReader, IndexSettings, ReloadPolicy, TantivyError, Term, Warmer,
    collector::Count,
    directory::{MmapDirectory, error::LockError},
    query::TermQuery,
    schema::IndexRecordOption,
};
use vocabulary::Vocabularies;

/// What can go wrong with an index.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(
        "the index in {0} is in use by another process: stop that one, or give this one a data \
         directory of its own with --data-dir"
    )]
    Locked(String),
    #[error(
        "the index in {} cannot be opened: if it is damaged, delete that folder and start again, \
         it is filled anew from the catalogue",
        .0.display()
    )]
    Unusable(PathBuf, #[source] TantivyError),
    #[error("the folder {} cannot be used", .0.display())]
    Folder(PathBuf, #[source] io::Error),
    #[error("the index failed")]
    Engine(#[from] TantivyError),
    #[error("the filter would have to read more products than one search may")]
    TooManyToRead,
    #[error("the index holds a product that cannot be read")]
    Product(#[from] prost::DecodeError),
}

type Result<T> = std::result::Result<T, Error>;

/// So many things can be done at once.
fn cores() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

/// A search index. Cheap to clone; clones are the same index.
#[derive(Clone)]
pub(crate) struct Index {
    engine: tantivy::Index,
    /// The place, for messages.
    place: String,
    fields: Fields,
    parameters: Arc<Parameters>,
    vocabularies: Arc<Vocabularies>,
    categories: Arc<Categories>,
    searchers: IndexReader,
    /// Threads that go over many products together.
    readers: Executor,
}

impl Index {
    /// Opens the index in a folder, or makes an empty one there.
    ///
    /// # Errors
    /// [`Error::Folder`] or [`Error::Unusable`].
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder).map_err(|error| Error::Folder(folder.to_owned(), error))?;
        let unusable = |error| Error::Unusable(folder.to_owned(), error);
        let directory = MmapDirectory::open(folder).map_err(|error| unusable(error.into()))?;
        let parameters = Parameters::default();
        let analysis = Analysis::new(Language::default());
        let (schema, fields) = schema::build(analysis, parameters.weights);
        let engine = tantivy::Index::builder()
            .schema(schema)
            .settings(IndexSettings::default())
            .tokenizers(schema::tokenizers())
            .open_or_create(directory)
            .map_err(unusable)?;
        let place = folder.display().to_string();
        Self::new(engine, fields, parameters, place).map_err(|error| match error {
            Error::Engine(error) => unusable(error),
            error => error,
        })
    }

    /// Makes an empty index that is gone when dropped.
    pub(crate) fn in_ram(parameters: Parameters) -> Self {
        let (schema, fields) =
            schema::build(Analysis::new(Language::default()), parameters.weights);
        let builder = tantivy::Index::builder().schema(schema).tokenizers(schema::tokenizers());
        let engine = builder.create_in_ram().expect("the schema is valid");
        Self::new(engine, fields, parameters, "memory".to_owned()).expect("memory is enough")
    }

    fn new(
        mut engine: tantivy::Index,
        fields: Fields,
        parameters: Parameters,
        place: String,
    ) -> Result<Self> {
        // An index that was opened, not made, knows only the default analysers.
        engine.set_tokenizers(schema::tokenizers());
        let vocabularies = Arc::new(Vocabularies::new(fields.written));
        let categories = Arc::new(Categories::default());
        let warmer: Arc<dyn Warmer> = Arc::clone(&vocabularies) as _;
        // Reloaded by the writer when it has committed: the other policy does so at some time
        // later, and from a thread of its own.
        let searchers = engine
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .warmers(vec![Arc::downgrade(&warmer)])
            .try_into()?;
        Ok(Self {
            engine,
            place,
            fields,
            parameters: Arc::new(parameters),
            vocabularies,
            categories,
            searchers,
            readers: Executor::multi_thread(cores(), "read-")?,
        })
    }

    /// The same index, ranked by other parameters.
    pub(crate) fn with(&self, parameters: Parameters) -> Self {
        Self { parameters: Arc::new(parameters), ..self.clone() }
    }

    /// Returns the index's writer. There is one at a time, in all processes together.
    ///
    /// # Errors
    /// [`Error::Locked`] if there is one already.
    pub(crate) fn writer(&self) -> Result<Writer> {
        Writer::open(self).map_err(|error| match error {
            Error::Engine(TantivyError::LockFailure(LockError::LockBusy, _)) => {
                Error::Locked(self.place.clone())
            }
            error => error,
        })
    }

    /// Returns how many products can be found.
    pub(crate) fn product_count(&self) -> u64 {
        self.searchers.searcher().num_docs()
    }

    /// Returns whether any product is in this category or below it.
    ///
    /// # Errors
    /// [`Error::Engine`].
    pub(crate) fn has_category(&self, category_id: &str) -> Result<bool> {
        let term = Term::from_field_text(self.fields.category_ids, category_id);
        let searcher = self.searchers.searcher();
        if searcher.doc_freq(&term)? == 0 {
            return Ok(false);
        }
        let query = TermQuery::new(term, IndexRecordOption::Basic);
        Ok(searcher.search(&query, &Count)? > 0)
    }
}
