//! The gRPC services. Only this folder converts between the contract's messages and errors and the
//! index's.

mod admin;
mod instance;
mod min_revision;
mod request;
mod response;
mod search;
mod search_products;
mod settings;
mod suggest;

use std::{error::Error as _, sync::Arc};

use rpc::status::{error, invalid};
use tonic::{Code, Status};

use crate::{
    index,
    live_index::{Condition, IndexSnapshot, LiveIndex},
    page::PageTokens,
    query_log::QueryLog,
    settings as search_settings,
};

pub(crate) use instance::index_state;
pub(crate) use settings::SettingsWriter;

/// Implements all gRPC services of search.
#[derive(Clone)]
pub(crate) struct Service {
    live_index: LiveIndex,
    page_tokens: PageTokens,
    settings: search_settings::Store,
    settings_writer: SettingsWriter,
    query_log: QueryLog,
}

impl Service {
    pub(crate) fn new(
        live_index: LiveIndex,
        page_tokens: PageTokens,
        settings: (search_settings::Store, SettingsWriter),
        query_log: QueryLog,
    ) -> Self {
        let (settings, settings_writer) = settings;
        Self { live_index, page_tokens, settings, settings_writer, query_log }
    }

    /// Returns the index to answer from. Call it once per request.
    ///
    /// # Errors
    /// UNAVAILABLE until the index has been filled: INDEX_FILLING for the first time, INDEX_DAMAGED
    /// in the place of a damaged one.
    fn snapshot(&self) -> Result<Arc<IndexSnapshot>, Status> {
        let live = self.live_index.snapshot();
        if live.complete {
            return Ok(live);
        }
        if live.condition != Condition::Sound {
            return Err(damaged());
        }
        let message = "the index is being filled from the catalogue for the first time; try again";
        Err(error(Code::Unavailable, "INDEX_FILLING", message))
    }
}

/// UNAVAILABLE, so that clients try another replica.
fn damaged() -> Status {
    let message = "the search index was damaged and is being filled again; try another replica";
    error(Code::Unavailable, "INDEX_DAMAGED", message)
}

impl From<index::Error> for Status {
    fn from(failed: index::Error) -> Self {
        use index::Error::{DiskFull, Engine, Folder, Locked, Product, TooManyToRead, Unusable};
        if !matches!(failed, TooManyToRead) {
            tracing::error!(error = failed.source(), "{failed}");
        }
        if failed.is_damage() {
            return damaged();
        }
        match failed {
            TooManyToRead => error(
                Code::InvalidArgument,
                "FILTER_TOO_COSTLY",
                "the filter looks into the descriptions of too many products: narrow it down",
            ),
            // The first four occur only when an index is opened or written.
            Locked(_) | Unusable(..) | Folder(..) | DiskFull(_) | Engine(_) | Product(_) => error(
                Code::Internal,
                "INDEX_FAILED",
                "the search index failed; another replica may be well",
            ),
        }
    }
}

impl From<search_settings::Error> for Status {
    fn from(failed: search_settings::Error) -> Self {
        use search_settings::Error::{Full, Invalid};
        let message = failed.to_string();
        match failed {
            Invalid(violations) => invalid(violations),
            Full { .. } => error(Code::FailedPrecondition, "SETTINGS_FULL", message),
        }
    }
}
