//! The state of all web handlers.

use std::{path::PathBuf, sync::Arc};

use access::IdentityProvider;
use axum::extract::FromRef;
use tokio_util::sync::CancellationToken;

use crate::{
    base_url::BaseUrl, contract::Contract, imports::Imports, live::LiveStock, ops::Ops,
    upstreams::Upstreams, whole_files::WholeFiles,
};

/// Cheap to clone: all parts are shared.
#[derive(Clone)]
pub(crate) struct AppState {
    /// Handlers use the extractor [`Upstreams`] instead: its calls carry the request's id.
    pub(crate) upstreams: Upstreams,
    pub(crate) live: LiveStock,
    /// Imports of files over HTTP.
    pub(crate) imports: Imports,
    /// Exports that are made as a whole.
    pub(crate) whole_files: WholeFiles,
    pub(crate) ops: Ops,
    pub(crate) base_url: BaseUrl,
    /// Where people sign in to the desk, beside keys.
    pub(crate) provider: Option<Arc<IdentityProvider>>,
    /// The directory of `/media/`.
    pub(crate) media_dir: Option<Arc<PathBuf>>,
    /// Cancelled at shutdown: event streams end, and their clients reconnect to another instance.
    pub(crate) shutdown: CancellationToken,
}

impl AppState {
    /// The contract that is served.
    pub(crate) fn contract(&self) -> &'static Contract {
        self.upstreams.contract()
    }
}

impl FromRef<AppState> for Upstreams {
    fn from_ref(state: &AppState) -> Self {
        state.upstreams.clone()
    }
}

impl FromRef<AppState> for BaseUrl {
    fn from_ref(state: &AppState) -> Self {
        state.base_url.clone()
    }
}
