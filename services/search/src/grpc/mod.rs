//! The contract's messages and errors: the one place that knows both them and the index.

mod admin;
mod original;
mod revision;
mod search;

use std::{error::Error as _, sync::Arc};

use chassis::status::error;
use tonic::{Code, Status};

use crate::{
    index,
    page::Pages,
    shelf::{Live, Shelf},
};

/// Answers from the index.
#[derive(Clone)]
pub(crate) struct Service {
    shelf: Shelf,
    pages: Pages,
}

impl Service {
    pub(crate) fn new(shelf: Shelf, pages: Pages) -> Self {
        Self { shelf, pages }
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

fn count(total: usize) -> i32 {
    total.try_into().unwrap_or(i32::MAX)
}

impl From<index::Error> for Status {
    fn from(failed: index::Error) -> Self {
        use index::Error::{Engine, Folder, Locked, Product, Unusable};
        tracing::error!(error = failed.source(), "{failed}");
        match failed {
            // The first three are of opening the index; no request meets them.
            Locked(_) | Unusable(..) | Folder(..) | Engine(_) | Product(_) => error(
                Code::Internal,
                "INDEX_FAILED",
                "the search index failed; another replica may be well",
            ),
        }
    }
}
