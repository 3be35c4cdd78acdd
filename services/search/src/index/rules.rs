//! What this engine derives from [`Settings`](super::Settings), once.

/// Settings as the engine needs them.
#[derive(Debug, Default)]
pub(super) struct Rules {}
