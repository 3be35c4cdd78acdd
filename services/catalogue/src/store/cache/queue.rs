//! The queue of lookups of one serving thread.

use std::{
    collections::VecDeque,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use opentelemetry::{Context, trace::TraceContextExt as _};
use tokio::sync::{Notify, oneshot};

use super::framed::FramedProduct;
use crate::domain::{Error, ProductId, Result};

/// Lookups in the queue, at most; a further one is rejected.
const CAPACITY: usize = 4_096;
/// Lookups in one statement, at most.
pub(super) const MAX_BATCH: usize = 256;

/// The result of a lookup; None if the product does not exist.
pub(super) type Found = Result<Option<FramedProduct>>;

/// A lookup, and the channel of its result.
#[derive(Debug)]
pub(super) struct Lookup {
    pub(super) id: ProductId,
    since: Instant,
    /// The trace context of the request, if it is recorded.
    pub(super) trace: Option<Context>,
    found: oneshot::Sender<Found>,
}

impl Lookup {
    /// Whether the request still waits for the result.
    pub(super) fn is_wanted(&self) -> bool {
        !self.found.is_closed()
    }

    /// Sends the result.
    pub(super) fn complete(self, found: Found) {
        self.found.send(found).ok(); // fails if the request was cancelled
    }
}

/// A bounded FIFO queue of lookups.
#[derive(Debug, Default)]
pub(super) struct Queue {
    waiting: Mutex<VecDeque<Lookup>>,
    arrived: Notify,
    /// Written only while `waiting` is locked.
    closed: AtomicBool,
}

impl Queue {
    /// Adds a lookup.
    ///
    /// # Errors
    /// [`Error::StoreBusy`] if the queue is full or closed.
    pub(super) fn push(&self, id: ProductId) -> Result<oneshot::Receiver<Found>> {
        let trace =
            Context::map_current(|context| context.span().is_recording().then(|| context.clone()));
        let (found, receiver) = oneshot::channel();
        let mut waiting = self.lock();
        if self.is_closed() || waiting.len() >= CAPACITY {
            return Err(Error::StoreBusy(None));
        }
        waiting.push_back(Lookup { id, since: Instant::now(), trace, found });
        let is_first = waiting.len() == 1;
        drop(waiting);
        if is_first {
            self.arrived.notify_one();
        }
        Ok(receiver)
    }

    /// Waits for the next batch of wanted lookups. None if the queue is closed.
    pub(super) async fn next(&self) -> Option<Vec<Lookup>> {
        while !self.is_closed() {
            let (batch, has_more) = self.take();
            if has_more {
                self.arrived.notify_one();
            }
            if !batch.is_empty() {
                return Some(batch);
            }
            self.arrived.notified().await;
        }
        None
    }

    /// A batch without cancelled lookups, and whether more are queued.
    fn take(&self) -> (Vec<Lookup>, bool) {
        let mut waiting = self.lock();
        let size = waiting.len().min(MAX_BATCH);
        let batch = waiting.drain(..size).filter(Lookup::is_wanted).collect();
        (batch, !waiting.is_empty())
    }

    /// Fails the lookups that have waited for longer than `timeout`.
    pub(super) fn expire(&self, timeout: Duration) {
        let mut waiting = self.lock();
        let late = waiting.iter().take_while(|lookup| lookup.since.elapsed() > timeout).count();
        let late: Vec<_> = waiting.drain(..late).collect();
        drop(waiting);
        late.into_iter().for_each(|lookup| lookup.complete(Err(Error::StoreBusy(None))));
    }

    /// Whether the queue is closed.
    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// Closes the queue: its worker ends, and queued lookups fail.
    pub(super) fn close(&self) {
        let mut waiting = self.lock();
        self.closed.store(true, Ordering::Release);
        let rest = std::mem::take(&mut *waiting);
        drop(waiting);
        rest.into_iter().for_each(|lookup| lookup.complete(Err(Error::StoreBusy(None))));
        self.arrived.notify_waiters();
        // For a worker that has just found the queue empty and is about to wait.
        self.arrived.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Lookup>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: usize) -> ProductId {
        ProductId::parse(&format!("p-{number}")).unwrap()
    }

    #[tokio::test]
    async fn lookups_are_batched_until_a_worker_is_free() {
        let queue = Queue::default();
        let _first = queue.push(id(0)).unwrap();
        assert_eq!(queue.next().await.unwrap().len(), 1);
        let _others: Vec<_> = (1..=300).map(|number| queue.push(id(number)).unwrap()).collect();
        let batch = queue.next().await.unwrap();
        assert_eq!((batch.len(), batch[0].id.as_str()), (MAX_BATCH, "p-1"));
        assert_eq!(queue.next().await.unwrap().len(), 300 - MAX_BATCH);
    }

    #[tokio::test]
    async fn the_queue_is_bounded_and_drops_cancelled_lookups() {
        let queue = Queue::default();
        let waiting: Vec<_> = (0..CAPACITY).map(|it| queue.push(id(it)).unwrap()).collect();
        assert!(matches!(queue.push(id(0)), Err(Error::StoreBusy(None))));
        drop(waiting);
        let _last = queue.push(id(0)).unwrap_err();
        while !queue.lock().is_empty() {
            let sent = tokio::time::timeout(Duration::from_millis(1), queue.next()).await;
            assert!(sent.is_err(), "all of these were cancelled");
        }
        let wanted = queue.push(id(7)).unwrap();
        assert_eq!(queue.next().await.unwrap()[0].id, id(7));
        drop(wanted);
    }

    #[tokio::test]
    async fn lookups_fail_when_they_expire_or_the_queue_closes() {
        let queue = Queue::default();
        let late = queue.push(id(1)).unwrap();
        queue.expire(Duration::ZERO);
        assert!(matches!(late.await.unwrap(), Err(Error::StoreBusy(None))));
        let waiting = queue.push(id(2)).unwrap();
        queue.close();
        assert!(matches!(waiting.await.unwrap(), Err(Error::StoreBusy(None))));
        assert!(queue.next().await.is_none() && queue.push(id(3)).is_err());
    }
}
