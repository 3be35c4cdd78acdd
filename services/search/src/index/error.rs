//! The index's errors.

use std::{io, path::PathBuf};

use tantivy::TantivyError;

/// An error of the index.
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

/// Postings and dictionaries are read by plain I/O.
impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::Engine(error.into())
    }
}

pub(crate) type Result<T> = std::result::Result<T, Error>;
