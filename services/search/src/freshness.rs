//! How well the index knows the catalogue.

use chassis::Health;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// Whether the index is complete and up to date. Cheap to clone; all clones are one.
#[derive(Clone, Debug)]
pub(crate) struct Freshness {
    caught_up: Arc<AtomicBool>,
    health: Health,
}

impl Freshness {
    pub(crate) fn new(health: Health) -> Self {
        Self { caught_up: Arc::default(), health }
    }

    /// The index has held everything there was, once at least: it is worth asking, also when the
    /// catalogue is gone.
    pub(crate) fn complete(&self) {
        self.health.set("feed", Ok(()));
    }

    /// The index is being filled for the first time, or cannot be.
    pub(crate) fn filling(&self, reason: String) {
        self.health.set("feed", Err(reason));
    }

    /// The catalogue said that nothing was waiting, and all it had said before can be found; or it
    /// has said something new, or nothing for too long.
    pub(crate) fn set_caught_up(&self, caught_up: bool) {
        self.caught_up.store(caught_up, Ordering::Release);
    }

    pub(crate) fn is_caught_up(&self) -> bool {
        self.caught_up.load(Ordering::Acquire)
    }
}
