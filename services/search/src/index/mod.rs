//! The search index: products in, words in, products out. Only this folder knows tantivy.
//!
//! An [`Index`] answers; its one [`Writer`] changes it, a [`Batch`] at a time. Each batch is one
//! commit, and the commit carries the [`Position`] in the change feed that it brings the index to:
//! after a crash the two cannot disagree.

#[allow(dead_code, reason = "read by what searches from the next change on")]
pub(crate) mod analysis;
mod batch;
mod best;
mod position;
mod query;
#[allow(dead_code, reason = "read by what searches from the next change on")]
mod rules;
mod schema;
#[allow(dead_code, reason = "read by what searches from the next change on")]
mod settings;
mod writer;

#[cfg(test)]
mod tests;

pub(crate) use batch::Batch;
pub(crate) use position::Position;
pub(crate) use schema::VERSION;
pub(crate) use settings::{Boost, Control, Settings, Synonyms, TieBreaker, product_filter};
pub(crate) use writer::{Applied, Writer};

use best::{Best, Ranking};
use prost::Message;
use proto::catalogue::v1::Product;
use query::{Demand, Reader};
use schema::Fields;
use std::{
    fs, io,
    path::{Path, PathBuf},
};
use tantivy::{
    DocAddress, IndexReader, IndexSettings, ReloadPolicy, Searcher, TantivyDocument, TantivyError,
    collector::Count,
    directory::{MmapDirectory, error::LockError},
    query::{AllQuery, Query},
    schema::Value,
};

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
    #[error("the index holds a product that cannot be read")]
    Product(#[from] prost::DecodeError),
}

type Result<T> = std::result::Result<T, Error>;

/// Products found at once stay below this, in bytes, so that an answer fits in a gRPC message, which
/// clients take up to 4 MiB of.
const MOST_BYTES: usize = 3 * 1024 * 1024;

/// What to find.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Search<'a> {
    /// Words; empty finds everything, in the order of ids.
    pub(crate) query: &'a str,
    /// Only products in this category or below it.
    pub(crate) category_id: Option<&'a str>,
    /// How many of the best to leave out.
    pub(crate) offset: usize,
    /// How many to return then at most, at least 1. Very large products make it fewer.
    pub(crate) limit: usize,
}

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Best first; equal ones by id.
    pub(crate) hits: Vec<Hit>,
    /// How many match in all.
    pub(crate) total: usize,
}

/// A product that was found.
#[derive(Debug)]
pub(crate) struct Hit {
    pub(crate) product: Product,
    pub(crate) score: f32,
}

/// A search index. Cheap to clone; clones are the same index.
#[derive(Clone)]
pub(crate) struct Index {
    engine: tantivy::Index,
    /// The place, for messages.
    place: String,
    fields: Fields,
    words: Reader,
    searchers: IndexReader,
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
        let (schema, fields) = schema::build();
        let engine = tantivy::Index::builder()
            .schema(schema)
            .settings(IndexSettings::default())
            .tokenizers(schema::tokenizers())
            .open_or_create(directory)
            .map_err(unusable)?;
        Self::new(engine, fields, folder.display().to_string()).map_err(|error| match error {
            Error::Engine(error) => unusable(error),
            error => error,
        })
    }

    /// Makes an empty index that is gone when dropped.
    #[cfg(test)]
    pub(crate) fn in_ram() -> Self {
        let (schema, fields) = schema::build();
        let builder = tantivy::Index::builder().schema(schema).tokenizers(schema::tokenizers());
        let engine = builder.create_in_ram().expect("the schema is valid");
        Self::new(engine, fields, "memory".to_owned()).expect("memory is enough")
    }

    fn new(mut engine: tantivy::Index, fields: Fields, place: String) -> Result<Self> {
        // An index that was opened, not made, knows only the default analysers.
        engine.set_tokenizers(schema::tokenizers());
        let words = Reader::new(&engine)?;
        // Reloaded by the writer when it has committed: the other policy does so at some time
        // later, and from a thread of its own.
        let searchers = engine.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { engine, place, fields, words, searchers })
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
        let query = query::category(&self.fields, category_id);
        Ok(self.searchers.searcher().search(&*query, &Count)? > 0)
    }

    /// Finds products that have all the words of the query, or, where there are none, any of them.
    ///
    /// # Errors
    /// [`Error::Engine`] or [`Error::Product`], both of which mean that the index is damaged.
    pub(crate) fn search(&self, search: &Search<'_>) -> Result<Found> {
        let searcher = self.searchers.searcher();
        if search.query.trim().is_empty() {
            return self.run(&searcher, Box::new(AllQuery), search);
        }
        let words = self.words.read(search.query);
        let found = self.run(&searcher, words.query(&self.fields, Demand::All), search)?;
        if found.total > 0 || !words.can_relax() {
            return Ok(found);
        }
        self.run(&searcher, words.query(&self.fields, Demand::Any), search)
    }

    fn run(
        &self,
        searcher: &Searcher,
        query: Box<dyn Query>,
        search: &Search<'_>,
    ) -> Result<Found> {
        let query = match search.category_id {
            Some(id) => query::within(&self.fields, query, id),
            None => query,
        };
        let collector = Best { offset: search.offset, limit: search.limit };
        let Ranking { best, total } = searcher.search(&*query, &collector)?;
        let mut hits = Vec::with_capacity(best.len());
        let mut bytes = 0;
        for (score, address) in best {
            let (product, size) = self.product(searcher, address)?;
            bytes += size;
            if bytes > MOST_BYTES && !hits.is_empty() {
                break;
            }
            hits.push(Hit { product, score });
        }
        Ok(Found { hits, total })
    }

    /// A product, and how many bytes it has as a message: it is kept as one.
    fn product(&self, searcher: &Searcher, address: DocAddress) -> Result<(Product, usize)> {
        let document: TantivyDocument = searcher.doc(address)?;
        let bytes = document.get_first(self.fields.product).and_then(|value| value.as_bytes());
        let bytes = bytes.unwrap_or_default();
        Ok((Product::decode(bytes)?, bytes.len()))
    }
}
