//! Response streams: a task produces items into a bounded channel, and the client reads them.
//!
//! tonic takes the status of a stream from its last item. A successful stream with trailers therefore
//! ends with an "error" whose code is OK.

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

/// Time after which a stream ends if its client reads nothing.
const STALL_TIMEOUT: Duration = Duration::from_secs(30);

/// The producer's end of a response stream.
#[derive(Debug)]
pub(super) struct StreamSender<T> {
    items: mpsc::Sender<T>,
    /// The client's deadline, if it has one.
    deadline: Option<Instant>,
}

impl<T> StreamSender<T> {
    /// Sends an item, once the channel has capacity.
    ///
    /// # Errors
    /// The client has closed the stream, or reads nothing.
    pub(super) async fn send(&self, item: T) -> Result<()> {
        self.reserve().await?.send(item);
        Ok(())
    }

    /// Waits for capacity for one item, so that the item can be made as late as possible.
    ///
    /// # Errors
    /// As [`StreamSender::send`].
    pub(super) async fn reserve(&self) -> Result<mpsc::Permit<'_, T>> {
        match timeout(STALL_TIMEOUT, self.items.reserve()).await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_closed)) => Err(Error::ClientGone),
            Err(_elapsed) => Err(Error::ClientStalled(STALL_TIMEOUT.as_secs())),
        }
    }

    /// Runs `work`, and cancels it when the client closes the stream.
    ///
    /// # Errors
    /// Those of `work`, or [`Error::ClientGone`].
    pub(super) async fn unless_closed<R>(
        &self,
        work: impl Future<Output = Result<R>>,
    ) -> Result<R> {
        tokio::select! {
            done = work => done,
            () = self.closed() => Err(Error::ClientGone),
        }
    }

    /// Returns when the client has closed the stream, or at its deadline: a client that reads nothing
    /// does not close a stream that has timed out.
    pub(super) async fn closed(&self) {
        match self.deadline {
            None => self.items.closed().await,
            Some(deadline) => drop(timeout_at(deadline, self.items.closed()).await),
        }
    }
}

/// The deadline of a request, if it has one.
pub(super) fn deadline<T>(request: &Request<T>) -> Option<Instant> {
    request.extensions().get::<Deadline>().map(|Deadline(at)| *at)
}

/// Runs `produce` on `background` and streams the items that it sends, at most `capacity` of them
/// ahead of the client. The result of `produce` ends the stream, after all items: trailers, or an
/// error status. `deadline` is the client's.
pub(super) fn stream<T, F, Fut>(
    background: &Handle,
    capacity: usize,
    deadline: Option<Instant>,
    produce: F,
) -> BoxStream<T>
where
    T: Send + 'static,
    F: FnOnce(StreamSender<T>) -> Fut,
    Fut: Future<Output = Result<MetadataMap, Status>> + Send + 'static,
{
    let (items, mut received) = mpsc::channel(capacity);
    let (end, ended) = oneshot::channel();
    let producer = produce(StreamSender { items, deadline });
    background.spawn(telemetry::in_current_context(async move {
        let ended = AssertUnwindSafe(producer).catch_unwind().await;
        let ended = ended.unwrap_or_else(|panic| Err(panicked("stream", panic.as_ref())));
        // Fails if the client has closed the stream.
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
    async fn a_stream_ends_with_an_error_if_its_client_reads_nothing() {
        let mut stream = stream(&Handle::current(), 1, None, async |sender: StreamSender<i32>| {
            for number in 0.. {
                sender.send(number).await?;
            }
            Ok(MetadataMap::new())
        });
        tokio::time::sleep(STALL_TIMEOUT * 2).await;
        assert_eq!(stream.next().await.unwrap().unwrap(), 0);
        let status = stream.next().await.unwrap().unwrap_err();
        assert_eq!(status.code(), tonic::Code::DeadlineExceeded);
        assert!(stream.next().await.is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn production_stops_at_the_deadline_of_the_client() {
        let (ended, end) = oneshot::channel();
        let deadline = Instant::now() + STALL_TIMEOUT / 10;
        let _unread =
            stream(&Handle::current(), 1, Some(deadline), async |sender: StreamSender<i32>| {
                let forever = async {
                    for number in 0.. {
                        sender.send(number).await?;
                    }
                    Ok(())
                };
                let result = sender.unless_closed(forever).await;
                ended.send((result.unwrap_err(), Instant::now())).unwrap();
                Ok(MetadataMap::new())
            });
        let (error, at) = end.await.unwrap();
        assert!(matches!(error, Error::ClientGone), "{error:?}");
        assert!(at < deadline + Duration::from_millis(2));
    }

    #[tokio::test]
    async fn a_panic_ends_the_stream_with_an_error() {
        let mut stream = stream(&Handle::current(), 1, None, async |sender: StreamSender<i32>| {
            sender.send(1).await?;
            panic!("on purpose");
        });
        assert_eq!(stream.next().await.unwrap().unwrap(), 1);
        assert_eq!(stream.next().await.unwrap().unwrap_err().code(), tonic::Code::Internal);
    }
}
