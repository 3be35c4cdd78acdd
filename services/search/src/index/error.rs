//! The index's errors.

use std::{io, path::PathBuf};

use tantivy::{
    TantivyError,
    directory::error::{LockError, OpenDirectoryError, OpenReadError, OpenWriteError},
};

/// An error of the index.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(
        "the index in {0} is in use by another process: stop that one, or give this one a data \
         directory of its own with --data-dir"
    )]
    Locked(String),
    #[error("the index in {} cannot be opened", .0.display())]
    Unusable(PathBuf, #[source] TantivyError),
    #[error("the folder {} cannot be used", .0.display())]
    Folder(PathBuf, #[source] io::Error),
    #[error("the disk is full")]
    DiskFull(#[source] TantivyError),
    #[error("the index failed")]
    Engine(#[from] TantivyError),
    #[error("the filter would have to read more products than one search may")]
    TooManyToRead,
    #[error("the index holds a product that cannot be read")]
    Product(#[from] prost::DecodeError),
}

impl Error {
    /// Whether the error names damage to the index's files: they are missing, unreadable, or differ
    /// from the written ones. Anything else, such as too many open files, is no evidence of it.
    pub(crate) fn is_damage(&self) -> bool {
        use TantivyError as E;
        let (Self::Engine(error) | Self::Unusable(_, error)) = self else { return false };
        match error {
            // With the version in its name, an index of another schema is a damaged one.
            E::DataCorruption(_) | E::SchemaError(_) | E::IncompatibleIndex(_) => true,
            E::OpenReadError(error) => match error {
                OpenReadError::FileDoesNotExist(_) | OpenReadError::IncompatibleIndex(_) => true,
                OpenReadError::IoError { io_error, .. } => is_damage(io_error),
            },
            E::OpenWriteError(error) => match error {
                // The metadata names an older state than the files are from.
                OpenWriteError::FileAlreadyExists(_) => true,
                OpenWriteError::IoError { io_error, .. } => is_damage(io_error),
            },
            E::OpenDirectoryError(error) => match error {
                OpenDirectoryError::DoesNotExist(_) | OpenDirectoryError::NotADirectory(_) => true,
                OpenDirectoryError::IoError { io_error, .. }
                | OpenDirectoryError::FailedToCreateTempDir(io_error) => is_damage(io_error),
            },
            E::LockFailure(LockError::IoError(error), _) | E::IoError(error) => is_damage(error),
            _ => false,
        }
    }

    /// Whether the disk is full.
    pub(crate) fn is_disk_full(&self) -> bool {
        match self {
            Self::DiskFull(_) => true,
            Self::Folder(_, error) => is_disk_full(error),
            _ => false,
        }
    }
}

/// The error number of a device that cannot be read.
const EIO: i32 = 5;

fn is_damage(error: &io::Error) -> bool {
    use io::ErrorKind::{
        InvalidData, IsADirectory, NotADirectory, NotFound, PermissionDenied, UnexpectedEof,
    };
    let kinds =
        [InvalidData, IsADirectory, NotADirectory, NotFound, PermissionDenied, UnexpectedEof];
    kinds.contains(&error.kind()) || error.raw_os_error() == Some(EIO)
}

pub(super) fn is_disk_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// Postings and dictionaries are read by plain I/O.
impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::Engine(error.into())
    }
}

pub(crate) type Result<T> = std::result::Result<T, Error>;
