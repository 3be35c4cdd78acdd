//! Streaming answers: a task produces, the client's reading sets the pace.
//!
//! tonic ends a stream with the status its last item says. A stream that ends well and still has
//! trailers to send therefore ends with an "error" whose code is OK.

use std::{panic::AssertUnwindSafe, time::Duration};

use futures::{FutureExt as _, StreamExt as _};
use server::grpc::{Deadline, panicked};
use tokio::{
    runtime::Handle,
    sync::{mpsc, oneshot},
    time::{Instant, timeout, timeout_at},
};
use tonic::{Request, Status, codegen::BoxStream, metadata::MetadataMap};

use crate::domain::{Error, Result};

/// A reader who takes nothing for this long is given up.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where a producer puts what it makes.
#[derive(Debug)]
pub(super) struct Outlet<T> {
    items: mpsc::Sender<T>,
    /// When the client has stopped waiting, if it said so.
    deadline: Option<Instant>,
}

impl<T> Outlet<T> {
    /// Waits until the client has read enough to make room, and sends.
    ///
    /// # Errors
    /// The client has gone, or takes nothing.
    pub(super) async fn send(&self, item: T) -> Result<()> {
        match timeout(PATIENCE, self.items.send(item)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_closed)) => Err(Error::ReaderGone),
            Err(_elapsed) => Err(Error::ReaderStalled(PATIENCE.as_secs())),
        }
    }

    /// Waits until the client has read enough to make room for one more item, which can be made
    /// only then.
    ///
    /// # Errors
    /// As [`Outlet::send`].
    pub(super) async fn room(&self) -> Result<mpsc::Permit<'_, T>> {
        match timeout(PATIENCE, self.items.reserve()).await {
            Ok(Ok(room)) => Ok(room),
            Ok(Err(_closed)) => Err(Error::ReaderGone),
            Err(_elapsed) => Err(Error::ReaderStalled(PATIENCE.as_secs())),
        }
    }

    /// Works on until it is done or nobody reads any more.
    ///
    /// # Errors
    /// The work's, or that the client has gone.
    pub(super) async fn while_read<R>(&self, work: impl Future<Output = Result<R>>) -> Result<R> {
        tokio::select! {
            done = work => done,
            () = self.gone() => Err(Error::ReaderGone),
        }
    }

    /// Ends when the client has gone, or its deadline has come: one that reads nothing is not told
    /// of it, and would keep us until we lose our patience.
    pub(super) async fn gone(&self) {
        match self.deadline {
            None => self.items.closed().await,
            Some(deadline) => drop(timeout_at(deadline, self.items.closed()).await),
        }
    }
}

/// When the caller of `request` stops waiting, if it has said so.
pub(super) fn deadline<T>(request: &Request<T>) -> Option<Instant> {
    request.extensions().get::<Deadline>().map(|Deadline(at)| *at)
}

/// Runs `produce` on `background` and streams what it sends, at most `capacity` items ahead of the
/// reader, who waits until `deadline`. What it returns ends the stream: trailers, or an error. An error is told to the reader
/// behind everything that was sent before it.
pub(super) fn stream<T, F, Fut>(
    background: &Handle,
    capacity: usize,
    deadline: Option<Instant>,
    produce: F,
) -> BoxStream<T>
where
    T: Send + 'static,
    F: FnOnce(Outlet<T>) -> Fut,
    Fut: Future<Output = Result<MetadataMap, Status>> + Send + 'static,
{
    let (items, mut received) = mpsc::channel(capacity);
    let (end, ended) = oneshot::channel();
    let producer = produce(Outlet { items, deadline });
    background.spawn(telemetry::in_current_context(async move {
        let ended = AssertUnwindSafe(producer).catch_unwind().await;
        let ended = ended.unwrap_or_else(|panic| Err(panicked("stream", panic.as_ref())));
        // The reader may be gone by now.
        end.send(ended).ok();
    }));
    let items = async_stream::stream! {
        while let Some(item) = received.recv().await {
            yield Ok(item);
        }
        match ended.await {
            Ok(Ok(trailers)) if trailers.is_empty() => {}
            Ok(Ok(trailers)) => yield Err(Status::with_metadata(tonic::Code::Ok, "", trailers)),
            Ok(Err(status)) => yield Err(status),
            Err(_dropped) => yield Err(rpc::status::leaving()),
        }
    };
    items.boxed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_reader_who_takes_nothing_is_given_up_and_told() {
        let mut stream = stream(&Handle::current(), 1, None, async |outlet: Outlet<i32>| {
            for number in 0.. {
                outlet.send(number).await?;
            }
            Ok(MetadataMap::new())
        });
        tokio::time::sleep(PATIENCE * 2).await;
        assert_eq!(stream.next().await.unwrap().unwrap(), 0);
        let status = stream.next().await.unwrap().unwrap_err();
        assert_eq!(status.code(), tonic::Code::DeadlineExceeded);
        assert!(stream.next().await.is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_is_made_for_a_reader_whose_deadline_has_come() {
        let (ended, end) = oneshot::channel();
        let deadline = Instant::now() + PATIENCE / 10;
        let _unread = stream(&Handle::current(), 1, Some(deadline), async |outlet: Outlet<i32>| {
            let forever = async {
                for number in 0.. {
                    outlet.send(number).await?;
                }
                Ok(())
            };
            let result = outlet.while_read(forever).await;
            ended.send((result.unwrap_err(), Instant::now())).unwrap();
            Ok(MetadataMap::new())
        });
        let (error, at) = end.await.unwrap();
        assert!(matches!(error, Error::ReaderGone), "{error:?}");
        assert!(at < deadline + Duration::from_millis(2));
    }

    #[tokio::test]
    async fn a_panic_is_not_mistaken_for_the_end() {
        let mut stream = stream(&Handle::current(), 1, None, async |outlet: Outlet<i32>| {
            outlet.send(1).await?;
            panic!("on purpose");
        });
        assert_eq!(stream.next().await.unwrap().unwrap(), 1);
        assert_eq!(stream.next().await.unwrap().unwrap_err().code(), tonic::Code::Internal);
    }
}
