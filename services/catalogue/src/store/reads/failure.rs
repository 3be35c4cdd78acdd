//! A failure that several callers have in common.

use std::{error::Error as StdError, fmt, sync::Arc};

use crate::domain::Error;

/// Why a statement failed, for each of those who waited for it.
#[derive(Debug, Clone)]
pub(super) enum Failure {
    Busy(Option<Shared>),
    Broken(Shared),
}

/// A source of several errors.
#[derive(Debug, Clone)]
pub(super) struct Shared(Arc<dyn StdError + Send + Sync>);

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::StoreBusy(source) => Self::Busy(source.map(|source| Shared(source.into()))),
            Error::Store(source) => Self::Broken(Shared(source.into())),
            other => Self::Broken(Shared(Arc::new(other))),
        }
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Busy(source) => Self::StoreBusy(source.map(Into::into)),
            Failure::Broken(source) => Self::Store(source.into()),
        }
    }
}

impl fmt::Display for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl StdError for Shared {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_caller_is_given_the_kind_and_the_reason() {
        let failure = Failure::from(Error::Store("no route to host".into()));
        for _caller in 0..2 {
            let Error::Store(source) = Error::from(failure.clone()) else { panic!("unavailable") };
            assert_eq!(source.to_string(), "no route to host");
        }
        assert!(matches!(Failure::from(Error::StoreBusy(None)).into(), Error::StoreBusy(None)));
    }
}
