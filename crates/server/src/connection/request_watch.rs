//! The time limit of a request's head on an HTTP/1 connection.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    },
    task::{Context, Poll},
    time::Duration,
};

use tokio::time::{Instant, Sleep, sleep_until};

/// The progress of a connection, as its service knows it.
#[derive(Debug, Default)]
pub(super) struct RequestClock {
    /// Requests with a complete head.
    pub(super) requests: AtomicUsize,
    /// The bytes that arrive are of a body.
    pub(super) in_body: AtomicBool,
}

/// Tells a head that is late from a client that is idle between requests.
#[derive(Debug)]
pub(super) struct RequestWatch {
    clock: Arc<RequestClock>,
    timeout: Duration,
    /// Requests seen on the clock.
    requests: usize,
    /// Arrival of the first byte of a head that is not complete.
    began: Option<Instant>,
    alarm: Option<Pin<Box<Sleep>>>,
}

impl RequestWatch {
    /// The watch of a connection, from the beginning of its first head.
    pub(super) fn new(clock: Arc<RequestClock>, timeout: Duration) -> Self {
        Self { clock, timeout, requests: 0, began: Some(Instant::now()), alarm: None }
    }

    /// Notes that bytes have arrived.
    pub(super) fn note_bytes(&mut self) {
        self.note_requests();
        if self.began.is_none() && !self.clock.in_body.load(Relaxed) {
            self.began = Some(Instant::now());
        }
    }

    /// Ready when a head is late. Called when no bytes are there.
    pub(super) fn poll_late(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.note_requests();
        let Some(began) = self.began else { return Poll::Pending };
        let end = began + self.timeout;
        self.alarm.get_or_insert_with(|| Box::pin(sleep_until(end))).as_mut().poll(cx)
    }

    fn note_requests(&mut self) {
        let requests = self.clock.requests.load(Relaxed);
        if requests != self.requests {
            self.requests = requests;
            self.began = None;
            self.alarm = None;
        }
    }
}
