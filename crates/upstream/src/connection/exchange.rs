//! One request and its response on a connection.

use std::{
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll, Waker, ready},
};

use bytes::Bytes;
use h2::{
    Reason, SendStream,
    client::{ResponseFuture, SendRequest},
};
use http::{Request, Response};
use http_body::{Body as _, Frame};
use rpc::received::Received;
use tokio_util::task::AbortOnDropHandle;

use crate::call::RequestBody;

/// The task that sends a streaming request body. Aborted when dropped.
type Upload = AbortOnDropHandle<()>;

/// A request that has been sent, except perhaps the rest of its body.
pub(crate) struct Exchange {
    response: ResponseFuture,
    upload: Option<Upload>,
}

/// Why a request has no response headers.
#[derive(Debug)]
pub(crate) enum SendError {
    /// The connection was closed. Contains the request.
    NeverSent(Box<Request<RequestBody>>),
    Failed(h2::Error),
}

/// Whether the connection accepts no more requests.
pub(crate) fn is_closed(requests: &mut SendRequest<Bytes>) -> bool {
    let mut cx = Context::from_waker(Waker::noop());
    matches!(requests.poll_ready(&mut cx), Poll::Ready(Err(_)))
}

impl Exchange {
    /// Sends a request, or queues it while the connection has as many streams as the server allows.
    pub(crate) fn begin(
        requests: &mut SendRequest<Bytes>,
        request: Request<RequestBody>,
    ) -> Result<Self, SendError> {
        let mut cx = Context::from_waker(Waker::noop());
        match requests.poll_ready(&mut cx) {
            Poll::Ready(Ok(())) => {}
            Poll::Ready(Err(_)) => return Err(SendError::NeverSent(request.into())),
            // The handle's previous request is queued. A clone can queue another behind it.
            Poll::Pending => *requests = requests.clone(),
        }
        let (head, body) = request.into_parts();
        let is_complete = body.is_end_stream();
        let (response, mut stream) = requests
            .send_request(Request::from_parts(head, ()), is_complete)
            .map_err(SendError::Failed)?;
        let upload = match body {
            _ if is_complete => None,
            // Needs no task. If this fails, the response has the error.
            RequestBody::Buffered(bytes) => {
                stream.send_data(bytes, true).ok();
                None
            }
            body => Some(Upload::new(tokio::spawn(upload(body, stream)))),
        };
        Ok(Self { response, upload })
    }

    /// Waits for the response's headers. Dropping the future resets the stream.
    pub(crate) async fn response(self) -> Result<Response<IncomingBody>, SendError> {
        let Self { response, upload } = self;
        let response = response.await.map_err(SendError::Failed)?;
        Ok(response.map(|stream| IncomingBody { received: Received::new(stream), _upload: upload }))
    }
}

/// Sends a streaming body, as fast as the server's flow control allows.
async fn upload(mut body: RequestBody, mut stream: SendStream<Bytes>) {
    loop {
        // The next chunk is only polled once there is capacity to send it.
        stream.reserve_capacity(1);
        let frame = poll_fn(|cx| {
            while stream.capacity() == 0 {
                match ready!(stream.poll_capacity(cx)) {
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return Poll::Ready(None),
                }
            }
            if stream.poll_reset(cx).is_ready() {
                return Poll::Ready(None);
            }
            Pin::new(&mut body).poll_frame(cx).map(Some)
        });
        let sent = match frame.await {
            // The server reset the stream.
            None => return,
            Some(None) => stream.send_data(Bytes::new(), true),
            Some(Some(Ok(frame))) => match frame.into_data() {
                Ok(data) => stream.send_data(data, body.is_end_stream()),
                // gRPC requests have no trailers.
                Err(_) => Ok(()),
            },
            Some(Some(Err(_))) => return stream.send_reset(Reason::CANCEL),
        };
        if sent.is_err() || body.is_end_stream() {
            return;
        }
    }
}

/// The body of a response. Dropping it before its end resets the stream.
#[derive(Debug)]
pub(crate) struct IncomingBody {
    received: Received,
    _upload: Option<Upload>,
}

impl http_body::Body for IncomingBody {
    type Data = Bytes;
    type Error = h2::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, h2::Error>>> {
        Pin::new(&mut self.received).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.received.is_end_stream()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use futures::{StreamExt as _, future::join_all, stream};
    use h2::{client, server};
    use http_body_util::{BodyExt as _, StreamBody};
    use tokio::io::{DuplexStream, duplex};
    use tonic::{Status, body::Body};

    use super::*;
    use crate::call::Completion;

    type Client = client::Connection<DuplexStream, Bytes>;
    type Server = server::Connection<DuplexStream, Bytes>;

    /// Both ends of a connection. The caller has to drive the client's.
    async fn connected(server: &server::Builder) -> (SendRequest<Bytes>, Client, Server) {
        let (ours, theirs) = duplex(1 << 20);
        let (ours, theirs) =
            tokio::join!(client::handshake(ours), server.handshake::<_, Bytes>(theirs));
        let (requests, connection) = ours.unwrap();
        (requests, connection, theirs.unwrap())
    }

    fn request(body: RequestBody) -> Request<RequestBody> {
        Request::post("http://test/a.B/C").version(http::Version::HTTP_2).body(body).unwrap()
    }

    fn buffered() -> Request<RequestBody> {
        request(RequestBody::Buffered(Bytes::from_static(b"request")))
    }

    #[tokio::test]
    async fn requests_beyond_the_stream_limit_are_queued() {
        let (mut requests, connection, mut server) =
            connected(server::Builder::new().max_concurrent_streams(2)).await;
        tokio::spawn(connection);
        tokio::spawn(async move {
            while let Some(Ok((request, mut respond))) = server.accept().await {
                tokio::spawn(async move {
                    let mut body = request.into_body();
                    while body.data().await.is_some() {}
                    respond.send_response(Response::new(()), true).unwrap();
                });
            }
        });
        let exchanges: Vec<_> =
            (0..20).map(|_| Exchange::begin(&mut requests, buffered()).ok().unwrap()).collect();
        for response in join_all(exchanges.into_iter().map(Exchange::response)).await {
            assert!(response.unwrap().body().is_end_stream());
        }
    }

    #[tokio::test]
    async fn a_streaming_body_is_polled_as_fast_as_the_server_reads() {
        const CHUNK: usize = 16 << 10;
        let (mut requests, connection, mut server) = connected(&server::Builder::new()).await;
        tokio::spawn(connection);
        let polled = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&polled);
        let chunks = stream::iter(0..64).map(move |_| {
            counted.fetch_add(1, Ordering::Relaxed);
            Ok::<_, Status>(Frame::data(Bytes::from(vec![7; CHUNK])))
        });
        let body = RequestBody::from(Body::new(StreamBody::new(chunks)));
        let exchange = Exchange::begin(&mut requests, request(body)).ok().unwrap();
        let (request, mut respond) = server.accept().await.unwrap().unwrap();
        let serving = tokio::spawn(async move { while server.accept().await.is_some() {} });
        let mut body = request.into_body();
        let mut received = 0;
        while let Some(data) = body.data().await {
            let length = data.unwrap().len();
            received += length;
            // A window, and the chunk that exceeds the rest of it.
            let most = (received + (64 << 10)) / CHUNK + 2;
            assert!(polled.load(Ordering::Relaxed) <= most, "after {received} bytes");
            body.flow_control().release_capacity(length).unwrap();
        }
        assert_eq!(received, 64 * CHUNK);
        respond.send_response(Response::new(()), true).unwrap();
        exchange.response().await.unwrap().collect().await.unwrap();
        drop(requests);
        serving.await.unwrap();
    }

    #[tokio::test]
    async fn unprocessed_requests_are_distinguished_from_lost_ones() {
        let (mut requests, mut connection, mut server) = connected(&server::Builder::new()).await;
        let first = Exchange::begin(&mut requests, buffered()).ok().unwrap();
        let accepted = tokio::select! {
            accepted = server.accept() => accepted.unwrap().unwrap(),
            ended = &mut connection => panic!("{ended:?}"),
        };
        server.abrupt_shutdown(Reason::NO_ERROR);
        poll_fn(|cx| server.poll_closed(cx)).await.ok();
        // The client has not received the GOAWAY yet.
        let second = Exchange::begin(&mut requests, buffered()).ok().unwrap();
        drop((accepted, server));
        tokio::spawn(connection);
        let mut completions = Vec::new();
        for exchange in [first, second] {
            let Err(SendError::Failed(error)) = exchange.response().await else {
                panic!("there is no response")
            };
            completions.push(Completion::from_transport_error(&error));
        }
        assert_eq!(completions, [Completion::ConnectionLost, Completion::Unprocessed]);
        let Err(SendError::NeverSent(request)) = Exchange::begin(&mut requests, buffered()) else {
            panic!("the connection is closed")
        };
        assert!(request.body().is_buffered());
    }
}
