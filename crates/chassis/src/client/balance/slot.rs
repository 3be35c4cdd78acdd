//! The place of one connection to an endpoint: there, on its way, or refused.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicU32, Ordering},
};

use http::{Request, Response};
use hyper::{body::Incoming, client::conn::http2::SendRequest};
use tokio::sync::Notify;

use crate::client::outgoing::Outgoing;

#[derive(Debug, Default)]
pub(super) struct Slot {
    state: Mutex<State>,
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
    Live(SendRequest<Outgoing>),
    Refused,
}

impl Slot {
    pub(super) fn set(&self, state: State) {
        *self.lock() = state;
    }

    /// Whether something can be sent.
    pub(super) fn is_live(&self) -> bool {
        match &*self.lock() {
            State::Live(sender) if sender.is_closed() => {
                self.gone.notify_one();
                false
            }
            State::Live(_) => true,
            State::Hopeful | State::Refused => false,
        }
    }

    /// Whether the connection that is there takes no more requests.
    pub(super) fn is_closed(&self) -> bool {
        matches!(&*self.lock(), State::Live(sender) if sender.is_closed())
    }

    /// Whether it is worth waiting for.
    pub(super) fn is_hopeful(&self) -> bool {
        matches!(&*self.lock(), State::Hopeful)
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
        let sending = match &mut *self.lock() {
            State::Live(sender) => Ok(sender.try_send_request(request)),
            State::Hopeful | State::Refused => Err(Unanswered::NeverSent(request.into())),
        };
        async move {
            let sending = sending?;
            let _in_use = InUse::of(&self.in_use);
            sending.await.map_err(|mut error| match error.take_message() {
                Some(request) => {
                    self.gone.notify_one();
                    Unanswered::NeverSent(request.into())
                }
                None => Unanswered::Failed(error.into_error()),
            })
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why there are no headers.
#[derive(Debug)]
pub(crate) enum Unanswered {
    /// There was no connection any more; here is the request.
    NeverSent(Box<Request<Outgoing>>),
    Failed(hyper::Error),
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
