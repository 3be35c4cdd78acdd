//! The contract's messages and errors: the one place that knows both them and the index.

mod admin;
mod answer;
mod original;
mod question;
mod revision;
mod search;
mod suggest;

use std::{error::Error as _, sync::Arc};

use chassis::status::{error, invalid};
use tonic::{Code, Status};

use crate::{
    index,
    page::Pages,
    queries::Queries,
    settings,
    shelf::{Live, Shelf},
};

/// Answers from the index.
#[derive(Clone)]
pub(crate) struct Service {
    shelf: Shelf,
    pages: Pages,
    settings: settings::Store,
    queries: Queries,
}

impl Service {
    pub(crate) fn new(
        shelf: Shelf,
        pages: Pages,
        settings: settings::Store,
        queries: Queries,
    ) -> Self {
        Self { shelf, pages, settings, queries }
    }

    /// The index to answer from. Take it once a request.
    ///
    /// # Errors
    /// UNAVAILABLE while it is being filled for the first time: a part is no answer.
    fn live(&self) -> Result<Arc<Live>, Status> {
        let live = self.shelf.live();
        if live.complete {
            return Ok(live);
        }
        let message = "the index is being filled from the catalogue for the first time; try again";
        Err(error(Code::Unavailable, "INDEX_FILLING", message))
    }
}

impl From<index::Error> for Status {
    fn from(failed: index::Error) -> Self {
        use index::Error::{Engine, Folder, Locked, Product, TooManyToRead, Unusable};
        if !matches!(failed, TooManyToRead) {
            tracing::error!(error = failed.source(), "{failed}");
        }
        match failed {
            TooManyToRead => error(
                Code::InvalidArgument,
                "FILTER_TOO_COSTLY",
                "the filter looks into the descriptions of too many products: narrow it down",
            ),
            // The first three are of opening the index; no request meets them.
            Locked(_) | Unusable(..) | Folder(..) | Engine(_) | Product(_) => error(
                Code::Internal,
                "INDEX_FAILED",
                "the search index failed; another replica may be well",
            ),
        }
    }
}

impl From<settings::Error> for Status {
    fn from(failed: settings::Error) -> Self {
        use settings::{
            Error::{Full, Interrupted, Invalid, NotFound, NotKept},
            Kind::{Control, Synonym},
        };
        if let Some(source) = failed.source() {
            tracing::error!(error = source, "{failed}");
        }
        let message = failed.to_string();
        let (code, reason) = match failed {
            Invalid(violations) => return invalid(violations),
            NotFound { kind: Synonym, .. } => (Code::NotFound, "SYNONYM_NOT_FOUND"),
            NotFound { kind: Control, .. } => (Code::NotFound, "CONTROL_NOT_FOUND"),
            Full { .. } => (Code::FailedPrecondition, "SETTINGS_FULL"),
            NotKept(_) => (Code::Internal, "SETTINGS_NOT_KEPT"),
            Interrupted(_) => (Code::Unavailable, "SHUTTING_DOWN"),
        };
        error(code, reason, message)
    }
}
