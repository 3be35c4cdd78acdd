//! The place of one connection to an endpoint: live, connecting or refused.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, AtomicU32, Ordering},
};

use bytes::Bytes;
use h2::client::SendRequest;
use http::{Request, Response};
use tokio::sync::Notify;

use crate::{
    call::RequestBody,
    connection::{self, Exchange, IncomingBody, MAX_STREAMS, SendError},
};

#[derive(Debug, Default)]
pub(super) struct Slot {
    state: Mutex<State>,
    /// Whether the state is [`State::Live`], readable without the lock.
    live: AtomicBool,
    /// The number of requests without response headers.
    in_use: AtomicU32,
    /// Notified when a request finds the connection closed, by then possibly the previous one.
    pub(super) found_closed: Notify,
}

#[derive(Debug, Default)]
pub(super) enum State {
    /// No attempt to connect has failed since the last connection.
    #[default]
    Connecting,
    Live(LiveConnection),
    Refused,
}

/// A connection that accepts requests.
#[derive(Debug)]
pub(super) struct LiveConnection {
    requests: SendRequest<Bytes>,
    /// Each streaming call on the connection holds a clone.
    streams: StreamToken,
}

/// Held by a streaming call until its response ends.
pub(super) type StreamToken = Arc<()>;

impl LiveConnection {
    pub(super) fn new(requests: SendRequest<Bytes>) -> Self {
        Self { requests, streams: StreamToken::default() }
    }

    fn open_streams(&self) -> usize {
        Arc::strong_count(&self.streams) - 1
    }

    /// The number of further streaming calls it takes. One that unary calls use as well keeps half of
    /// the streams that its server allows for them.
    fn room(&self, for_streams_only: bool) -> usize {
        let allowed = self.requests.current_max_send_streams();
        let allowed = if for_streams_only { allowed } else { allowed / 2 };
        allowed.min(MAX_STREAMS).saturating_sub(self.open_streams())
    }
}

impl Slot {
    pub(super) fn set(&self, state: State) {
        self.replace(&mut self.lock(), state);
    }

    pub(super) fn is_live(&self) -> bool {
        self.live.load(Ordering::Relaxed)
    }

    /// Whether the slot has no connection that accepts requests.
    pub(super) fn is_closed(&self) -> bool {
        match &mut *self.lock() {
            State::Live(live) => connection::is_closed(&mut live.requests),
            State::Connecting | State::Refused => true,
        }
    }

    pub(super) fn is_refused(&self) -> bool {
        matches!(&*self.lock(), State::Refused)
    }

    /// Whether it takes another streaming call.
    pub(super) fn has_room(&self, for_streams_only: bool) -> bool {
        matches!(&*self.lock(), State::Live(live) if live.room(for_streams_only) > 0)
    }

    /// The token of another streaming call, and how many more the connection takes.
    pub(super) fn open_stream(&self, for_streams_only: bool) -> Option<(StreamToken, usize)> {
        match &*self.lock() {
            State::Live(live) => {
                let left = live.room(for_streams_only).checked_sub(1)?;
                Some((Arc::clone(&live.streams), left))
            }
            State::Connecting | State::Refused => None,
        }
    }

    /// Closes the connection if it has no streaming call. Returns whether it did.
    pub(super) fn close_unused(&self) -> bool {
        let mut state = self.lock();
        let unused = matches!(&*state, State::Live(live) if live.open_streams() == 0);
        if unused {
            self.replace(&mut state, State::Connecting);
        }
        unused
    }

    pub(super) fn in_use(&self) -> u32 {
        self.in_use.load(Ordering::Relaxed)
    }

    /// Sends a request, and waits for the response's headers.
    pub(super) fn send(
        &self,
        request: Request<RequestBody>,
    ) -> impl Future<Output = Result<Response<IncomingBody>, SendError>> + Send + '_ {
        // Outside the future, so that the future does not hold the request.
        let exchange = self.begin(request);
        async move {
            let exchange = exchange?;
            let _in_use = InUse::count(&self.in_use);
            exchange.response().await
        }
    }

    fn begin(&self, request: Request<RequestBody>) -> Result<Exchange, SendError> {
        let mut state = self.lock();
        let State::Live(live) = &mut *state else {
            return Err(SendError::NeverSent(request.into()));
        };
        let begun = Exchange::begin(&mut live.requests, request);
        if matches!(begun, Err(SendError::NeverSent(_))) {
            // At once, so that no other request tries the closed connection.
            self.replace(&mut state, State::Connecting);
            self.found_closed.notify_one();
        }
        begun
    }

    fn replace(&self, current: &mut State, state: State) {
        self.live.store(matches!(state, State::Live(_)), Ordering::Relaxed);
        *current = state;
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct InUse<'a>(&'a AtomicU32);

impl<'a> InUse<'a> {
    fn count(count: &'a AtomicU32) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for InUse<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
