//! What can happen to a supervisor from outside.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::Sender,
    },
    thread,
};

use anyhow::{Context as _, Result};
use signal_hook::{
    consts::{SIGHUP, SIGINT, SIGTERM},
    iterator::Signals,
};

use super::managed::Reply;

/// An event.
pub(crate) enum Event {
    /// Ctrl+C or SIGTERM, for the first or a further time.
    Stop,
    /// Somebody wants a service to be started again.
    Restart { service: String, reply: Reply },
    /// The front is done: everything runs and is loaded, or not.
    Front(Result<()>),
}

/// Turns signals into events, and raises `stop` at the first.
///
/// # Errors
/// The system refuses the handlers.
pub(crate) fn listen_to_signals(events: Sender<Event>, stop: Arc<AtomicBool>) -> Result<()> {
    // The terminal that went away (HUP) is the end of a run that is attached to it.
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).context("listening to signals")?;
    thread::spawn(move || {
        for _ in signals.forever() {
            stop.store(true, Ordering::Relaxed);
            if events.send(Event::Stop).is_err() {
                break; // the supervisor has ended
            }
        }
    });
    Ok(())
}
