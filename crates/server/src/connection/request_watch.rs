//! The heads of requests on an HTTP/1 connection: their time limit and their line ends.

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

use super::line_ends::LineEnds;

/// The progress of a connection, as its service knows it.
#[derive(Debug, Default)]
pub(super) struct RequestClock {
    /// Requests with a complete head.
    pub(super) requests: AtomicUsize,
    /// The bytes that arrive are of a body.
    pub(super) in_body: AtomicBool,
    /// A line of a head ended with a bare LF.
    pub(super) has_bare_lf: AtomicBool,
}

/// Tells a head that is late from a client that is idle between requests, and finds malformed line ends.
#[derive(Debug)]
pub(super) struct RequestWatch {
    clock: Arc<RequestClock>,
    timeout: Duration,
    /// Requests seen on the clock.
    requests: usize,
    /// Arrival of the first byte of a head that is not complete.
    began: Option<Instant>,
    alarm: Option<Pin<Box<Sleep>>>,
    line_ends: LineEnds,
}

impl RequestWatch {
    /// The watch of a connection, from the beginning of its first head, of which `first` has been read.
    pub(super) fn new(clock: Arc<RequestClock>, timeout: Duration, first: &[u8]) -> Self {
        let (began, line_ends) = (Some(Instant::now()), LineEnds::default());
        let mut watch = Self { clock, timeout, requests: 0, began, alarm: None, line_ends };
        watch.note_bytes(first);
        watch
    }

    /// Notes bytes that have arrived.
    pub(super) fn note_bytes(&mut self, bytes: &[u8]) {
        self.note_requests();
        let in_body = self.clock.in_body.load(Relaxed);
        if self.began.is_none() && !in_body {
            self.began = Some(Instant::now());
        }
        if !self.line_ends.receive(bytes, in_body) {
            self.clock.has_bare_lf.store(true, Relaxed);
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
