//! One HTTP/2 stream: cut when its reader has taken nothing for too long.
//!
//! hyper asks a body for more only when the reader has room, so that a body cannot end by itself
//! what nobody reads. The body notes instead since when a piece of it has been waiting, and the
//! task that drives the stream, which is ours to run, looks at the clock. Dropping it sends
//! RST_STREAM.

use std::{
    mem,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use tokio::{
    sync::OwnedSemaphorePermit,
    time::{Instant, Sleep},
};

/// When the stream is cut, if its reader takes nothing until then.
#[derive(Debug, Clone)]
pub(super) struct Patience {
    until: Arc<Mutex<Option<Instant>>>,
    stall: Duration,
    /// What the caller has given the whole call.
    deadline: Option<Instant>,
}

impl Patience {
    pub(super) fn new(stall: Duration, deadline: Option<Instant>) -> Self {
        Self { until: Arc::default(), stall, deadline }
    }

    fn waiting(&self) {
        let stalled = Instant::now() + self.stall;
        self.set(Some(self.deadline.map_or(stalled, |deadline| deadline.min(stalled))));
    }

    fn set(&self, until: Option<Instant>) {
        *self.until.lock().unwrap_or_else(PoisonError::into_inner) = until;
    }

    fn until(&self) -> Option<Instant> {
        *self.until.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The most handed on at once, in bytes: what h2 has been given it keeps until its reader takes it.
const PIECE: usize = 64 << 10;

pin_project! {
    /// A body that notes when its reader keeps it waiting.
    pub(super) struct Read<B> {
        #[pin]
        inner: B,
        patience: Patience,
        rest: Bytes,
        // Its place among the open streams.
        _slot: Option<OwnedSemaphorePermit>,
    }
}

impl<B> Read<B> {
    pub(super) fn new(inner: B, patience: Patience, slot: Option<OwnedSemaphorePermit>) -> Self {
        Self { inner, patience, rest: Bytes::new(), _slot: slot }
    }
}

impl<B: Body<Data = Bytes>> Body for Read<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let this = self.project();
        let frame = match mem::take(this.rest) {
            rest if rest.is_empty() => this.inner.poll_frame(cx),
            rest => Poll::Ready(Some(Ok(Frame::data(rest)))),
        };
        match frame {
            Poll::Ready(Some(Ok(frame))) if frame.is_data() => {
                this.patience.waiting();
                let mut data = frame.into_data().unwrap_or_default();
                if data.len() > PIECE {
                    *this.rest = data.split_off(PIECE);
                }
                Poll::Ready(Some(Ok(Frame::data(data))))
            }
            frame => {
                this.patience.set(None);
                frame
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (mut hint, rest) = (self.inner.size_hint(), self.rest.len() as u64);
        if let Some(upper) = hint.upper() {
            hint.set_upper(upper + rest);
        }
        hint.set_lower(hint.lower() + rest);
        hint
    }
}

/// Runs the streams of one connection.
///
/// hyper makes a stream's task right after it has called the service: what the service leaves here
/// is of the task that comes next.
///
/// Streams that have their answer already do not wait behind others' work, but for each other: hyper
/// writes whenever it asks for the next request, and a system call for each of a thousand refusals
/// costs the server more than refusing them.
#[derive(Clone, Default)]
pub(super) struct Streams(Arc<Mutex<Waiting>>);

#[derive(Default)]
struct Waiting {
    next: Option<Next>,
    /// Streams that have their answer, until all has been read that there is to read.
    answered: Vec<Task>,
}

type Task = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What is known of the stream whose task comes next.
#[derive(Debug)]
struct Next {
    patience: Patience,
    /// It has its answer already, or will at once.
    answered: bool,
}

impl Streams {
    pub(super) fn next(&self, patience: Patience, answered: bool) {
        self.waiting().next = Some(Next { patience, answered });
    }

    /// Gives those their answers that have one. Whether there were any: then there is something to
    /// write.
    pub(super) fn answer(&self) -> bool {
        let answered = mem::take(&mut self.waiting().answered);
        let mut context = Context::from_waker(std::task::Waker::noop());
        let any = !answered.is_empty();
        for mut stream in answered {
            if stream.as_mut().poll(&mut context).is_pending() {
                tokio::spawn(stream);
            }
        }
        any
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<F: Future<Output = ()> + Send + 'static> hyper::rt::Executor<F> for Streams {
    fn execute(&self, stream: F) {
        let mut waiting = self.waiting();
        let Some(Next { patience, answered }) = waiting.next.take() else {
            tokio::spawn(stream);
            return;
        };
        let stream = Stream { inner: stream, patience, alarm: None };
        if answered {
            waiting.answered.push(Box::pin(stream));
        } else {
            tokio::spawn(stream);
        }
    }
}

pin_project! {
    struct Stream<F> {
        #[pin]
        inner: F,
        patience: Patience,
        alarm: Option<Pin<Box<Sleep>>>,
    }
}

impl<F: Future<Output = ()>> Future for Stream<F> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.project();
        if this.inner.poll(cx).is_ready() {
            return Poll::Ready(());
        }
        let Some(until) = this.patience.until() else { return Poll::Pending };
        let alarm = this.alarm.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(until)));
        if alarm.deadline() != until {
            alarm.as_mut().reset(until);
        }
        if alarm.as_mut().poll(cx).is_ready() {
            tracing::debug!("cut an answer that its reader does not take");
            return Poll::Ready(());
        }
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

    use hyper::rt::Executor as _;

    use super::*;

    #[tokio::test]
    async fn those_that_have_their_answers_are_answered_together() {
        let streams = Streams::default();
        let answered = Arc::new(AtomicUsize::new(0));
        for _ in 0..3 {
            streams.next(Patience::new(Duration::from_secs(1), None), true);
            let answered = answered.clone();
            streams.execute(async move {
                answered.fetch_add(1, Relaxed);
            });
        }
        assert_eq!(answered.load(Relaxed), 0);
        assert!(streams.answer());
        assert_eq!(answered.load(Relaxed), 3);
        assert!(!streams.answer(), "nothing is left to be written");
    }
}
