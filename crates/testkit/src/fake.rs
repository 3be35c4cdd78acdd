//! A service that does as it is told, over real sockets.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use futures::{StreamExt as _, future::BoxFuture, stream};
use http::{HeaderMap, HeaderValue, Request, Response};
use http_body::Frame;
use http_body_util::{BodyExt as _, StreamBody};
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::{net::TcpListener, sync::watch, task::JoinSet};
use tonic::{Code, body::Body};

type BoxError = Box<dyn std::error::Error + Send + Sync>;
type Answered = Result<Response<Body>, Broken>;

/// hyper looks for the reason of a reset among the causes.
#[derive(Debug, thiserror::Error)]
#[error("as told")]
struct Broken(#[from] h2::Error);

/// What a fake does with a call.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Reply {
    /// Answers with a message, and this in its trailers.
    Ok,
    /// As `Status` every other time, as `Ok` the others.
    Half(Code),
    /// Answers with a status and no message, in the headers.
    Status(Code),
    /// A status in the headers, and when to try again.
    Pushback(Code, &'static str),
    /// A message, and then this status in the trailers.
    Broken(Code),
    /// A message, and then nothing, in good order.
    Silent,
    /// A message, and then the stream is reset.
    Torn(h2::Reason),
    /// The stream is reset before anything is said.
    Reset(h2::Reason),
    /// As `Ok`, after so long.
    Late(Duration),
    /// Never says anything.
    Hang,
    /// Begins to answer, and goes on for ever.
    Endless,
    /// A status of HTTP, as a proxy gives.
    Http(u16),
}

/// A server that can be killed, and started again where it was.
pub(crate) struct Fake {
    pub(crate) addr: SocketAddr,
    shared: Arc<Shared>,
    serving: Option<tokio::task::JoinHandle<()>>,
}

struct Shared {
    reply: watch::Sender<Reply>,
    calls: AtomicU64,
    headers: Mutex<HeaderMap>,
    dropped: AtomicU64,
}

impl Fake {
    pub(crate) async fn start(reply: Reply) -> Self {
        let shared = Arc::new(Shared {
            reply: watch::Sender::new(reply),
            calls: AtomicU64::new(0),
            headers: Mutex::default(),
            dropped: AtomicU64::new(0),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let serving = Some(tokio::spawn(serve(listener, shared.clone())));
        Self { addr, shared, serving }
    }

    pub(crate) fn endpoint(&self) -> discovery::Endpoint {
        discovery::Endpoint::at(self.addr.to_string())
    }

    /// From now on it does this.
    pub(crate) fn set(&self, reply: Reply) {
        self.shared.reply.send_replace(reply);
    }

    /// How many calls have reached it.
    pub(crate) fn calls(&self) -> u64 {
        self.shared.calls.load(Ordering::SeqCst)
    }

    /// How many calls have been given up before they were answered.
    pub(crate) fn given_up(&self) -> u64 {
        self.shared.dropped.load(Ordering::SeqCst)
    }

    /// A header of the latest call.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let headers = self.shared.headers.lock().unwrap();
        headers.get(name).map(|value| value.to_str().unwrap().to_owned())
    }

    /// Ends with all its connections, which are reset.
    pub(crate) fn kill(&mut self) {
        if let Some(serving) = self.serving.take() {
            serving.abort();
        }
    }

    /// Listens again, where it was.
    pub(crate) async fn revive(&mut self) {
        self.kill();
        let listener = loop {
            // What was aborted lets go of the port a moment later.
            match TcpListener::bind(self.addr).await {
                Ok(listener) => break listener,
                Err(_) => tokio::time::sleep(Duration::from_millis(2)).await,
            }
        };
        self.serving = Some(tokio::spawn(serve(listener, self.shared.clone())));
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.kill();
    }
}

async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new(); // ends them when it is ended
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        stream.set_nodelay(true).unwrap();
        // As of a process that was killed while there was something to read.
        stream.set_zero_linger().unwrap();
        let shared = shared.clone();
        connections.spawn(async move {
            let answer = hyper::service::service_fn(|request| answer(request, shared.clone()));
            let mut builder = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
            // As services behind the gateway have it: callers who hang up are no attack.
            builder.max_pending_accept_reset_streams(256);
            builder.serve_connection(TokioIo::new(stream), answer).await.ok();
        });
    }
}

fn answer(request: Request<Incoming>, shared: Arc<Shared>) -> BoxFuture<'static, Answered> {
    let reply = shared.reply.borrow().clone();
    let number = shared.calls.fetch_add(1, Ordering::SeqCst);
    let mut reply = match reply {
        Reply::Half(code) if number.is_multiple_of(2) => Reply::Status(code),
        Reply::Half(_) => Reply::Ok,
        reply => reply,
    };
    *shared.headers.lock().unwrap() = request.headers().clone();
    let unfinished = Unfinished(Some(shared));
    Box::pin(async move {
        // A unary call has been heard when its request has.
        if !matches!(reply, Reply::Endless) {
            let Ok(heard) = request.into_body().collect().await else {
                return Err(h2::Error::from(h2::Reason::CANCEL).into());
            };
            if heard.to_bytes().len() < message().len() {
                reply = Reply::Status(Code::InvalidArgument);
            }
        }
        let answered = reply.act().await;
        unfinished.finish();
        answered
    })
}

impl Reply {
    async fn act(self) -> Answered {
        Ok(match self {
            Self::Ok => messages(Some(Code::Ok), None),
            Self::Late(by) => {
                tokio::time::sleep(by).await;
                messages(Some(Code::Ok), None)
            }
            Self::Broken(code) => messages(Some(code), None),
            Self::Silent => messages(None, None),
            Self::Torn(reason) => messages(None, Some(reason)),
            Self::Reset(reason) => return Err(h2::Error::from(reason).into()),
            Self::Status(code) | Self::Half(code) => headers_only(code),
            Self::Pushback(code, pushback) => {
                let mut response = headers_only(code);
                let value = HeaderValue::from_static(pushback);
                response.headers_mut().insert("grpc-retry-pushback-ms", value);
                response
            }
            Self::Hang => std::future::pending().await,
            Self::Endless => grpc(Body::new(StreamBody::new(
                stream::iter([Ok::<_, BoxError>(Frame::data(message()))]).chain(stream::pending()),
            ))),
            Self::Http(status) => {
                let mut response = Response::new(Body::empty());
                *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
                response
            }
        })
    }
}

fn headers_only(code: Code) -> Response<Body> {
    tonic::Status::new(code, "as told").into_http()
}

fn messages(code: Option<Code>, torn: Option<h2::Reason>) -> Response<Body> {
    let trailers = code.map(|code| {
        let mut trailers = HeaderMap::new();
        tonic::Status::new(code, "as told").add_header(&mut trailers).unwrap();
        Ok(Frame::trailers(trailers))
    });
    let torn = torn.map(|reason| Err(BoxError::from(h2::Error::from(reason))));
    let frames = [Ok(Frame::data(message()))].into_iter().chain(trailers).chain(torn);
    grpc(Body::new(StreamBody::new(stream::iter(frames.collect::<Vec<_>>()))))
}

/// An empty message, as gRPC frames it.
fn message() -> Bytes {
    Bytes::from_static(&[0; 5])
}

fn grpc(body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    let grpc = HeaderValue::from_static("application/grpc");
    response.headers_mut().insert(http::header::CONTENT_TYPE, grpc);
    response
}

/// Counts a call that was dropped.
struct Unfinished(Option<Arc<Shared>>);

impl Unfinished {
    fn finish(mut self) {
        self.0 = None;
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(shared) = &self.0 {
            shared.dropped.fetch_add(1, Ordering::SeqCst);
        }
    }
}

/// Something that accepts connections, by the kernel's grace, and never says a word.
pub(crate) async fn silent() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}
