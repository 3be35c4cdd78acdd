//! A gRPC server with scripted responses, for tests of clients.

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
type ResponseResult = Result<Response<Body>, Broken>;

/// Resets the stream: hyper takes the reason from the source of the error.
#[derive(Debug, thiserror::Error)]
#[error("reset by the test")]
struct Broken(#[from] h2::Error);

/// The response of a [`Fake`] to a call.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    /// A message, and status OK in the trailers.
    Ok,
    /// Alternates between `Status` and `Ok`.
    Half(Code),
    /// A status in the headers, without a message.
    Status(Code),
    /// A status in the headers, with `grpc-retry-pushback-ms`.
    Pushback(Code, &'static str),
    /// A message, then this status in the trailers.
    Broken(Code),
    /// A message, then the end of the stream without trailers.
    Silent,
    /// A message, then a reset of the stream.
    Torn(h2::Reason),
    /// A reset of the stream without headers.
    Reset(h2::Reason),
    /// As `Ok`, after a delay.
    Late(Duration),
    /// No response.
    Hang,
    /// A message, then a stream that stays open.
    Endless,
    /// An HTTP status without gRPC, as proxies send.
    Http(u16),
}

/// A server that can be killed and restarted on the same port.
pub struct Fake {
    /// The address of the server.
    pub addr: SocketAddr,
    shared: Arc<Shared>,
    serving: Option<tokio::task::JoinHandle<()>>,
}

struct Shared {
    reply: watch::Sender<Reply>,
    calls: AtomicU64,
    headers: Mutex<HeaderMap>,
    cancelled: AtomicU64,
    max_streams: Option<u32>,
}

impl Fake {
    /// Starts a server on a free port of the loopback interface.
    ///
    /// # Panics
    /// If no port is free.
    pub async fn start(reply: Reply) -> Self {
        Self::start_with(reply, None).await
    }

    /// [`Fake::start`] with a limit of concurrent streams on each connection.
    ///
    /// # Panics
    /// If no port is free.
    pub async fn start_with(reply: Reply, max_streams: Option<u32>) -> Self {
        let shared = Arc::new(Shared {
            reply: watch::Sender::new(reply),
            calls: AtomicU64::new(0),
            headers: Mutex::default(),
            cancelled: AtomicU64::new(0),
            max_streams,
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let serving = Some(tokio::spawn(serve(listener, shared.clone())));
        Self { addr, shared, serving }
    }

    /// The server as an endpoint for clients.
    pub fn endpoint(&self) -> discovery::Endpoint {
        discovery::Endpoint::at(self.addr.to_string())
    }

    /// Replaces the response to later calls.
    pub fn set(&self, reply: Reply) {
        self.shared.reply.send_replace(reply);
    }

    /// Number of calls received.
    pub fn calls(&self) -> u64 {
        self.shared.calls.load(Ordering::SeqCst)
    }

    /// Number of calls cancelled by the client before the response.
    pub fn cancelled(&self) -> u64 {
        self.shared.cancelled.load(Ordering::SeqCst)
    }

    /// A header of the latest call.
    ///
    /// # Panics
    /// If it is not text.
    pub fn header(&self, name: &str) -> Option<String> {
        let headers = self.shared.headers.lock().unwrap();
        headers.get(name).map(|value| value.to_str().unwrap().to_owned())
    }

    /// Stops the server and resets its connections.
    pub fn kill(&mut self) {
        if let Some(serving) = self.serving.take() {
            serving.abort();
        }
    }

    /// Restarts the server on the same port.
    pub async fn revive(&mut self) {
        self.kill();
        let listener = loop {
            // The aborted task releases the port with a delay.
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
    let mut connections = JoinSet::new(); // aborts them when this task is aborted
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        stream.set_nodelay(true).unwrap();
        // Closes with RST, as a killed process with unread data does.
        stream.set_zero_linger().unwrap();
        let shared = shared.clone();
        connections.spawn(async move {
            let mut builder = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
            // As the services configure it: clients that cancel many calls are legitimate.
            builder.max_pending_accept_reset_streams(256);
            if let Some(max_streams) = shared.max_streams {
                builder.max_concurrent_streams(max_streams);
            }
            let service = hyper::service::service_fn(|request| respond(request, shared.clone()));
            builder.serve_connection(TokioIo::new(stream), service).await.ok();
        });
    }
}

fn respond(request: Request<Incoming>, shared: Arc<Shared>) -> BoxFuture<'static, ResponseResult> {
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
        // A unary call is handled when its request is complete.
        if !matches!(reply, Reply::Endless) {
            let Ok(body) = request.into_body().collect().await else {
                return Err(h2::Error::from(h2::Reason::CANCEL).into());
            };
            if body.to_bytes().len() < message().len() {
                reply = Reply::Status(Code::InvalidArgument);
            }
        }
        let result = reply.respond().await;
        unfinished.finish();
        result
    })
}

impl Reply {
    async fn respond(self) -> ResponseResult {
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
    tonic::Status::new(code, "scripted").into_http()
}

fn messages(code: Option<Code>, torn: Option<h2::Reason>) -> Response<Body> {
    let trailers = code.map(|code| {
        let mut trailers = HeaderMap::new();
        tonic::Status::new(code, "scripted").add_header(&mut trailers).unwrap();
        Ok(Frame::trailers(trailers))
    });
    let torn = torn.map(|reason| Err(BoxError::from(h2::Error::from(reason))));
    let frames = [Ok(Frame::data(message()))].into_iter().chain(trailers).chain(torn);
    grpc(Body::new(StreamBody::new(stream::iter(frames.collect::<Vec<_>>()))))
}

/// An empty message with its gRPC prefix.
fn message() -> Bytes {
    Bytes::from_static(&[0; 5])
}

fn grpc(body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    let grpc = HeaderValue::from_static("application/grpc");
    response.headers_mut().insert(http::header::CONTENT_TYPE, grpc);
    response
}

/// Counts a call whose future is dropped before its response.
struct Unfinished(Option<Arc<Shared>>);

impl Unfinished {
    fn finish(mut self) {
        self.0 = None;
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(shared) = &self.0 {
            shared.cancelled.fetch_add(1, Ordering::SeqCst);
        }
    }
}

/// A listener that never accepts: the kernel completes connections, and no bytes arrive.
///
/// # Panics
/// If no port is free.
pub async fn silent() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}
