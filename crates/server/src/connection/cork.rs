//! The state that a socket shares with the owner of its connection.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// Delays a socket's writes until they can go out together.
///
/// A corked socket must be uncorked and flushed before its task waits.
#[derive(Debug, Default)]
pub(super) struct Cork {
    pub(super) is_in: AtomicBool,
    pub(super) has_gathered: AtomicBool,
    /// The socket replays.
    pub(super) replays: AtomicBool,
    /// The peer floods the connection with control frames.
    pub(super) floods: AtomicBool,
}

impl Cork {
    /// Gathers writes from now on.
    pub(super) fn put(&self) {
        self.is_in.store(true, Relaxed);
    }

    /// Lets a flush write gathered bytes. Returns whether there are any.
    pub(super) fn pull(&self) -> bool {
        self.is_in.store(false, Relaxed);
        self.has_gathered.load(Relaxed)
    }

    /// Takes the news that the peer floods the connection.
    pub(super) fn take_flood(&self) -> bool {
        self.floods.load(Relaxed) && self.floods.swap(false, Relaxed)
    }

    /// Connects the socket to its peer again.
    pub(super) fn end_replay(&self) {
        self.replays.store(false, Relaxed);
    }
}
