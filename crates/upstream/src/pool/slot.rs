//! The place of one connection to an endpoint: live, connecting or refused.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, AtomicU32, Ordering},
};

use bytes::Bytes;
use h2::client::SendRequest;
use http::{Request, Response};
use tokio::sync::Notify;

use crate::{
    call::RequestBody,
    connection::{self, Exchange, IncomingBody, SendError},
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
    Live(SendRequest<Bytes>),
    Refused,
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
            State::Live(requests) => connection::is_closed(requests),
            State::Connecting | State::Refused => true,
        }
    }

    pub(super) fn is_refused(&self) -> bool {
        matches!(&*self.lock(), State::Refused)
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
        let State::Live(requests) = &mut *state else {
            return Err(SendError::NeverSent(request.into()));
        };
        let begun = Exchange::begin(requests, request);
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
