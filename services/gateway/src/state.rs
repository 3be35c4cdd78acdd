//! What every web handler is given.

use std::{path::PathBuf, sync::Arc};

use tokio_util::sync::CancellationToken;

use crate::{live::LiveStock, upstreams::Upstreams};

/// Cheap to clone: everything inside is shared.
#[derive(Clone)]
pub(crate) struct AppState {
    /// The services behind us. Handlers prefer the extractor [`Upstreams`], whose calls carry the
    /// request's id.
    pub(crate) upstreams: Upstreams,
    /// Stock as it changes.
    pub(crate) live: LiveStock,
    /// Where `/media/` is served from.
    pub(crate) media_dir: Option<Arc<PathBuf>>,
    /// Cancelled when we are asked to stop: event streams end then, so that their readers connect
    /// elsewhere.
    pub(crate) shutdown: CancellationToken,
}
