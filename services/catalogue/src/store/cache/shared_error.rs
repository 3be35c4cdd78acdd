//! An error that several callers receive.

use std::{error::Error as StdError, fmt, sync::Arc};

use crate::domain::Error;

/// The error of a statement, cloned for each lookup in it.
#[derive(Debug, Clone)]
pub(super) enum SharedError {
    Busy(Option<SharedSource>),
    Damaged(SharedSource),
    Broken(SharedSource),
}

/// The source of several errors.
#[derive(Debug, Clone)]
pub(super) struct SharedSource(Arc<dyn StdError + Send + Sync>);

impl From<Error> for SharedError {
    fn from(error: Error) -> Self {
        match error {
            Error::StoreBusy(source) => {
                Self::Busy(source.map(|source| SharedSource(source.into())))
            }
            Error::Damaged(source) => Self::Damaged(SharedSource(source.into())),
            Error::Store(source) => Self::Broken(SharedSource(source.into())),
            other => Self::Broken(SharedSource(Arc::new(other))),
        }
    }
}

impl From<SharedError> for Error {
    fn from(failure: SharedError) -> Self {
        match failure {
            SharedError::Busy(source) => Self::StoreBusy(source.map(Into::into)),
            SharedError::Damaged(source) => Self::Damaged(source.into()),
            SharedError::Broken(source) => Self::Store(source.into()),
        }
    }
}

impl fmt::Display for SharedSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl StdError for SharedSource {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_caller_receives_the_kind_and_the_source() {
        let failure = SharedError::from(Error::Store("no route to host".into()));
        for _caller in 0..2 {
            let Error::Store(source) = Error::from(failure.clone()) else { panic!("unavailable") };
            assert_eq!(source.to_string(), "no route to host");
        }
        let damaged = SharedError::from(Error::Damaged("SQLITE_CORRUPT".into()));
        assert!(matches!(damaged.into(), Error::Damaged(_)));
        assert!(matches!(SharedError::from(Error::StoreBusy(None)).into(), Error::StoreBusy(None)));
    }
}
