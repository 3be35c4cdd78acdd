//! The place of one connection to an endpoint: there, on its way, or refused.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, AtomicU32, Ordering},
};

use bytes::Bytes;
use h2::client::SendRequest;
use http::{Request, Response};
use tokio::sync::Notify;

use crate::{
    exchange::{self, Exchange, Incoming, Unanswered},
    outgoing::Outgoing,
};

#[derive(Debug, Default)]
pub(super) struct Slot {
    state: Mutex<State>,
    /// Whether the state is [`State::Live`], for whoever only asks that.
    live: AtomicBool,
    /// Requests that wait for their headers.
    in_use: AtomicU32,
    /// Told when somebody finds a connection closed, which may be one that is gone by then.
    pub(super) gone: Notify,
}

#[derive(Debug, Default)]
pub(super) enum State {
    /// Somebody is trying, and has not been refused since it was last there.
    #[default]
    Hopeful,
    Live(SendRequest<Bytes>),
    Refused,
}

impl Slot {
    pub(super) fn set(&self, state: State) {
        self.put(&mut self.lock(), state);
    }

    /// Whether something can be sent.
    pub(super) fn is_live(&self) -> bool {
        self.live.load(Ordering::Relaxed)
    }

    /// Whether the connection that is there takes no more requests.
    pub(super) fn is_closed(&self) -> bool {
        match &mut *self.lock() {
            State::Live(requests) => exchange::is_closed(requests),
            State::Hopeful | State::Refused => true,
        }
    }

    /// Whether it is not worth waiting for.
    pub(super) fn is_refused(&self) -> bool {
        matches!(&*self.lock(), State::Refused)
    }

    pub(super) fn in_use(&self) -> u32 {
        self.in_use.load(Ordering::Relaxed)
    }

    /// Sends a request, and waits for the headers of its answer.
    pub(super) fn send(
        &self,
        request: Request<Outgoing>,
    ) -> impl Future<Output = Result<Response<Incoming>, Unanswered>> + Send + '_ {
        // Before anything is waited for, so that the request is not carried along.
        let exchange = self.begin(request);
        async move {
            let exchange = exchange?;
            let _in_use = InUse::of(&self.in_use);
            exchange.answer().await
        }
    }

    fn begin(&self, request: Request<Outgoing>) -> Result<Exchange, Unanswered> {
        let mut state = self.lock();
        let State::Live(requests) = &mut *state else {
            return Err(Unanswered::NeverSent(request.into()));
        };
        let begun = Exchange::begin(requests, request);
        if matches!(begun, Err(Unanswered::NeverSent(_))) {
            // Nobody else need find that out.
            self.put(&mut state, State::Hopeful);
            self.gone.notify_one();
        }
        begun
    }

    fn put(&self, place: &mut State, state: State) {
        self.live.store(matches!(state, State::Live(_)), Ordering::Relaxed);
        *place = state;
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct InUse<'a>(&'a AtomicU32);

impl<'a> InUse<'a> {
    fn of(count: &'a AtomicU32) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for InUse<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
