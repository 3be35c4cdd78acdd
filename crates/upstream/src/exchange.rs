//! One request and its answer on a connection.

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

use super::outgoing::Outgoing;

/// Sends the body of a request piece by piece, until it is dropped.
type Upload = AbortOnDropHandle<()>;

/// A request that is on its way.
pub(super) struct Exchange {
    answer: ResponseFuture,
    upload: Option<Upload>,
}

/// Why there are no headers of an answer.
#[derive(Debug)]
pub(super) enum Unanswered {
    /// There was no connection any more; here is the request.
    NeverSent(Box<Request<Outgoing>>),
    Failed(h2::Error),
}

/// Whether the connection takes no more requests.
pub(super) fn is_closed(requests: &mut SendRequest<Bytes>) -> bool {
    let mut nobody = Context::from_waker(Waker::noop());
    matches!(requests.poll_ready(&mut nobody), Poll::Ready(Err(_)))
}

impl Exchange {
    /// Sends a request. Whoever has as many under way as the server takes waits for a place.
    pub(super) fn begin(
        requests: &mut SendRequest<Bytes>,
        request: Request<Outgoing>,
    ) -> Result<Self, Unanswered> {
        let mut nobody = Context::from_waker(Waker::noop());
        match requests.poll_ready(&mut nobody) {
            Poll::Ready(Ok(())) => {}
            Poll::Ready(Err(_)) => return Err(Unanswered::NeverSent(request.into())),
            // The last request waits for its place. One that shares nothing of it can wait behind it.
            Poll::Pending => *requests = requests.clone(),
        }
        let (head, body) = request.into_parts();
        let is_all = body.is_end_stream();
        let (answer, mut stream) = requests
            .send_request(Request::from_parts(head, ()), is_all)
            .map_err(Unanswered::Failed)?;
        let upload = match body {
            _ if is_all => None,
            // Sent at once, and nothing is left to be done. If it cannot be, there is no answer, which
            // says why.
            Outgoing::Whole(bytes) => {
                stream.send_data(bytes, true).ok();
                None
            }
            body => Some(Upload::new(tokio::spawn(upload(body, stream)))),
        };
        Ok(Self { answer, upload })
    }

    /// Waits for the headers of the answer. If that is given up, so is the call.
    pub(super) async fn answer(self) -> Result<Response<Incoming>, Unanswered> {
        let Self { answer, upload } = self;
        let response = answer.await.map_err(Unanswered::Failed)?;
        Ok(response.map(|stream| Incoming { received: Received::new(stream), _upload: upload }))
    }
}

/// Sends a body as it comes, and as fast as the server takes it.
async fn upload(mut body: Outgoing, mut stream: SendStream<Bytes>) {
    loop {
        // Not before there is room is the next piece asked for.
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
            // The server wants no more of it.
            None => return,
            Some(None) => stream.send_data(Bytes::new(), true),
            Some(Some(Ok(frame))) => match frame.into_data() {
                Ok(data) => stream.send_data(data, body.is_end_stream()),
                // gRPC has no trailers of requests.
                Err(_) => Ok(()),
            },
            Some(Some(Err(_))) => return stream.send_reset(Reason::CANCEL),
        };
        if sent.is_err() || body.is_end_stream() {
            return;
        }
    }
}

/// The body of an answer. Dropped before its end, it ends the call.
#[derive(Debug)]
pub(super) struct Incoming {
    received: Received,
    _upload: Option<Upload>,
}

impl http_body::Body for Incoming {
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
    use crate::{attempt::ending_of, classify::Ending};

    type Client = client::Connection<DuplexStream, Bytes>;
    type Server = server::Connection<DuplexStream, Bytes>;

    /// Both ends of a connection, whose client's has to be driven.
    async fn connected(server: &server::Builder) -> (SendRequest<Bytes>, Client, Server) {
        let (ours, theirs) = duplex(1 << 20);
        let (ours, theirs) =
            tokio::join!(client::handshake(ours), server.handshake::<_, Bytes>(theirs));
        let (requests, connection) = ours.unwrap();
        (requests, connection, theirs.unwrap())
    }

    fn request(body: Outgoing) -> Request<Outgoing> {
        Request::post("http://test/a.B/C").version(http::Version::HTTP_2).body(body).unwrap()
    }

    fn whole() -> Request<Outgoing> {
        request(Outgoing::Whole(Bytes::from_static(b"asked")))
    }

    #[tokio::test]
    async fn more_than_the_server_takes_wait_for_a_place() {
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
            (0..20).map(|_| Exchange::begin(&mut requests, whole()).ok().unwrap()).collect();
        for answer in join_all(exchanges.into_iter().map(Exchange::answer)).await {
            assert!(answer.unwrap().body().is_end_stream());
        }
    }

    #[tokio::test]
    async fn a_body_is_asked_for_as_fast_as_it_is_taken() {
        const PIECE: usize = 16 << 10;
        let (mut requests, connection, mut server) = connected(&server::Builder::new()).await;
        tokio::spawn(connection);
        let asked_for = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&asked_for);
        let pieces = stream::iter(0..64).map(move |_| {
            counted.fetch_add(1, Ordering::Relaxed);
            Ok::<_, Status>(Frame::data(Bytes::from(vec![7; PIECE])))
        });
        let body = Outgoing::from(Body::new(StreamBody::new(pieces)));
        let exchange = Exchange::begin(&mut requests, request(body)).ok().unwrap();
        let (request, mut respond) = server.accept().await.unwrap().unwrap();
        let serving = tokio::spawn(async move { while server.accept().await.is_some() {} });
        let mut body = request.into_body();
        let mut taken = 0;
        while let Some(data) = body.data().await {
            let length = data.unwrap().len();
            taken += length;
            // A window, and the piece that is larger than what was left of it.
            let most = (taken + (64 << 10)) / PIECE + 2;
            assert!(asked_for.load(Ordering::Relaxed) <= most, "after {taken} bytes");
            body.flow_control().release_capacity(length).unwrap();
        }
        assert_eq!(taken, 64 * PIECE);
        respond.send_response(Response::new(()), true).unwrap();
        exchange.answer().await.unwrap().collect().await.unwrap();
        drop(requests);
        serving.await.unwrap();
    }

    #[tokio::test]
    async fn what_was_never_looked_at_is_told_from_what_was() {
        let (mut requests, mut connection, mut server) = connected(&server::Builder::new()).await;
        let first = Exchange::begin(&mut requests, whole()).ok().unwrap();
        let accepted = tokio::select! {
            accepted = server.accept() => accepted.unwrap().unwrap(),
            ended = &mut connection => panic!("{ended:?}"),
        };
        server.abrupt_shutdown(Reason::NO_ERROR);
        poll_fn(|cx| server.poll_closed(cx)).await.ok();
        // Nobody has heard of that yet.
        let second = Exchange::begin(&mut requests, whole()).ok().unwrap();
        drop((accepted, server));
        tokio::spawn(connection);
        let mut endings = Vec::new();
        for exchange in [first, second] {
            let Err(Unanswered::Failed(error)) = exchange.answer().await else {
                panic!("nobody has answered")
            };
            endings.push(ending_of(&error));
        }
        assert_eq!(endings, [Ending::Lost, Ending::Unprocessed]);
        let Err(Unanswered::NeverSent(request)) = Exchange::begin(&mut requests, whole()) else {
            panic!("there is no connection any more")
        };
        assert!(request.body().is_whole());
    }
}
