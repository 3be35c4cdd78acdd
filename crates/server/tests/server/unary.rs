//! Unary methods served ahead of the general stack.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use axum::{Router, body::Body, routing::post};
use bytes::Bytes;
use futures::stream;
use http::HeaderMap;
use http_body::Frame;
use http_body_util::{BodyExt as _, StreamBody};
use prost_types::MethodDescriptorProto;
use rpc::{frame::framed, status};
use server::CancellationToken;
use server::{
    Health, ServeArgs, Server,
    overload::OverloadArgs,
    unary::{UnaryHandler, UnaryReply, UnaryRequest, UnaryResponse, UnaryService},
};
use testkit::{Http2Peer as Peer, http2_peer::*, test_contract};
use tonic::{Code, Status, service::Routes};

use crate::{Running, upstream};

pub(crate) const GET: &str = "/test.Service/Get";

/// Serves the behaviour that the message names, and counts the ends of waiting calls.
#[derive(Clone, Default)]
pub(crate) struct Subject {
    pub(crate) begun: Arc<AtomicUsize>,
    dropped: Arc<AtomicUsize>,
    go: CancellationToken,
}

struct CountDrop(Arc<AtomicUsize>);

impl Drop for CountDrop {
    fn drop(&mut self) {
        self.0.fetch_add(1, SeqCst);
    }
}

impl UnaryService for Subject {
    fn methods(&self) -> &[&'static str] {
        &[GET]
    }

    fn handler(&self) -> Arc<dyn UnaryHandler> {
        Arc::new(self.clone())
    }
}

impl UnaryHandler for Subject {
    fn call(&self, request: UnaryRequest<'_>) -> UnaryReply {
        self.begun.fetch_add(1, SeqCst);
        match &request.message[..] {
            b"panic" => panic!("secret detail"),
            b"refuse" => UnaryReply::Ready(Err(Status::not_found("no such thing"))),
            b"rest" => {
                let frames = [Frame::data(framed(&[7; 300 << 10])), Frame::trailers(ok())];
                let frames = stream::iter(frames.map(Ok::<_, Status>));
                let rest = Some(Body::new(StreamBody::new(frames)));
                UnaryReply::Ready(Ok(UnaryResponse { rest, ..UnaryResponse::default() }))
            }
            b"large" => UnaryReply::Ready(Ok(framed(&[7; 300 << 10]).into())),
            b"wait" => {
                let (go, counted) = (self.go.clone(), CountDrop(self.dropped.clone()));
                UnaryReply::Later(Box::pin(async move {
                    go.cancelled().await;
                    drop(counted);
                    Ok(framed(b"waited").into())
                }))
            }
            echo => {
                let mut response = UnaryResponse::from(framed(echo));
                if let Some(name) = request.headers.remove("x-name") {
                    response.trailers.insert("x-name", name);
                }
                UnaryReply::Ready(Ok(response))
            }
        }
    }
}

fn ok() -> HeaderMap {
    HeaderMap::from_iter([("grpc-status".parse().unwrap(), "0".parse().unwrap())])
}

/// A contract with one method.
fn descriptors() -> &'static [u8] {
    let method = MethodDescriptorProto { name: Some("Get".to_owned()), ..Default::default() };
    test_contract(vec![method]).leak()
}

pub(crate) fn start(subject: &Subject, args: &ServeArgs) -> Running {
    let health = Health::new(&["test.Service"], &[]);
    let server = Server::bind("127.0.0.1:0".parse().unwrap(), args).unwrap();
    let (addr, shutdown) = (server.local_addr(), CancellationToken::new());
    let general = post(|| async { server::grpc::answer(Status::aborted("by the general stack")) });
    let router = Router::new().route(GET, general);
    let descriptors = descriptors();
    let app = server
        .grpc(Routes::default(), &health, descriptors)
        .merge(server.layered(router, descriptors));
    let server = server.unary(Arc::new(subject.clone()));
    let served = tokio::spawn(server.serve(app, shutdown.clone()));
    Running { addr, health, shutdown, served }
}

pub(crate) fn request(frame: Bytes) -> http::Request<tonic::body::Body> {
    let request = http::Request::post(GET).header("content-type", "application/grpc");
    let body = tonic::body::Body::new(http_body_util::Full::new(frame));
    request.header("x-name", "a name").body(body).unwrap()
}

/// Sends `frame`; returns the response's message and trailers, or its status.
pub(crate) async fn send(
    running: &Running,
    request: http::Request<tonic::body::Body>,
) -> Result<(Bytes, HeaderMap), Status> {
    let upstream = upstream(running.addr).deadline(Duration::from_secs(10));
    let response = tower::ServiceExt::oneshot(upstream, request).await?;
    if let Some(status) =
        Status::from_header_map(response.headers()).filter(|it| it.code() != Code::Ok)
    {
        return Err(status);
    }
    let body = response.into_body().collect().await?;
    let trailers = body.trailers().cloned().unwrap_or_default();
    match Status::from_header_map(&trailers) {
        Some(status) if status.code() != Code::Ok => Err(status),
        _ => Ok((body.to_bytes().slice(5..), trailers)),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_calls_are_served_ahead_and_others_by_the_general_stack() {
    let running = start(&Subject::default(), &ServeArgs::default());
    let (message, trailers) = send(&running, request(framed(b"hello"))).await.unwrap();
    assert_eq!((&message[..], &trailers["x-name"]), (&b"hello"[..], &"a name".parse().unwrap()));
    let (empty, _) = send(&running, request(framed(b""))).await.unwrap();
    assert!(empty.is_empty());
    let mut compressed = request(framed(b"hello"));
    compressed.headers_mut().insert("grpc-encoding", "gzip".parse().unwrap());
    let two = request([framed(b"a"), framed(b"b")].concat().into());
    let mut web = request(framed(b"hello"));
    web.headers_mut().insert("content-type", "application/grpc-web".parse().unwrap());
    for general in [compressed, two, web] {
        assert_eq!(send(&running, general).await.unwrap_err().message(), "by the general stack");
    }
    let mut get = request(framed(b"hello"));
    *get.method_mut() = http::Method::GET;
    let response = tower::ServiceExt::oneshot(upstream(running.addr), get).await.unwrap();
    assert_eq!(response.status(), http::StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_panics_and_messages_too_large_are_statuses() {
    let messages = server::MessageArgs { max_message: 64, max_answer: 100 << 10 };
    let running = start(&Subject::default(), &ServeArgs { messages, ..ServeArgs::default() });
    let refused = send(&running, request(framed(b"refuse"))).await.unwrap_err();
    assert_eq!((refused.code(), refused.message()), (Code::NotFound, "no such thing"));
    let panicked = send(&running, request(framed(b"panic"))).await.unwrap_err();
    assert_eq!(panicked.code(), Code::Internal);
    assert!(!panicked.message().contains("secret"), "{panicked:?}");
    for large in [&b"large"[..], b"rest"] {
        let large = send(&running, request(framed(large))).await.unwrap_err();
        assert_eq!(status::reason(&large).as_deref(), Some(status::ANSWER_TOO_LARGE));
    }
    // The general stack refuses it for its size when it reads the body.
    let request = send(&running, request(framed(&[0; 65]))).await.unwrap_err();
    assert_eq!(request.message(), "by the general stack");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_response_larger_than_the_window_is_sent_as_capacity_allows() {
    let running = start(&Subject::default(), &ServeArgs::default());
    for message in [&b"large"[..], b"rest"] {
        let (large, _) = send(&running, request(framed(message))).await.unwrap();
        assert_eq!(large.len(), 300 << 10);
        assert!(large.iter().all(|byte| *byte == 7));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stalled_client_is_cut_and_others_are_served() {
    let connection = server::ConnectionArgs { stall_timeout: 1, ..Default::default() };
    let running = start(&Subject::default(), &ServeArgs { connection, ..ServeArgs::default() });
    let mut peer = Peer::connect(running.addr, 4).await;
    peer.call(1, GET, b"hello").await;
    peer.call(3, GET, b"refuse").await;
    assert_eq!(peer.next_of(HEADERS).await.expect("its head").stream, 1);
    assert_eq!(peer.next_of(HEADERS).await.expect("the other is served").stream, 3);
    assert_eq!(peer.next_of(RST_STREAM).await.expect("it is cut").stream, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_ends_at_its_deadline_and_on_cancellation() {
    let subject = Subject::default();
    let running = start(&subject, &ServeArgs::default());
    let mut late = request(framed(b"wait"));
    late.headers_mut().insert("grpc-timeout", "50m".parse().unwrap());
    let status = send(&running, late).await.unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);
    crate::until(|| async { subject.dropped.load(SeqCst) == 1 }).await;
    let mut peer = Peer::connect(running.addr, 65_535).await;
    peer.call(1, GET, b"wait").await;
    crate::until(|| async { subject.begun.load(SeqCst) == 2 }).await;
    peer.send(RST_STREAM, 0, 1, &8_u32.to_be_bytes()).await;
    crate::until(|| async { subject.dropped.load(SeqCst) == 2 }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_count_under_the_limit_until_they_are_served() {
    let calls = 2.try_into().unwrap();
    let overload =
        OverloadArgs { min_calls: calls, min_reads: calls, max_calls: calls, max_open_streams: 10 };
    let subject = Subject::default();
    let running = start(&subject, &ServeArgs { overload, ..ServeArgs::default() });
    let mut peer = Peer::connect(running.addr, 65_535).await;
    peer.call(1, GET, b"wait").await;
    peer.call(3, GET, b"wait").await;
    crate::until(|| async { subject.begun.load(SeqCst) == 2 }).await;
    let refused = send(&running, request(framed(b"hello"))).await.unwrap_err();
    assert_eq!(status::reason(&refused).as_deref(), Some(status::OVERLOADED));
    subject.go.cancel();
    for _ in 0..4 {
        peer.next_of(HEADERS).await.expect("heads and trailers of both");
    }
    send(&running, request(framed(b"hello"))).await.expect("there is room again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_in_chunks_is_awaited() {
    let running = start(&Subject::default(), &ServeArgs::default());
    let mut peer = Peer::connect(running.addr, 65_535).await;
    let fields = [
        (":method", "POST"),
        (":scheme", "http"),
        (":authority", "test"),
        (":path", GET),
        ("content-type", "application/grpc"),
    ];
    peer.send(HEADERS, 4, 1, &literal(&fields)).await;
    let frame = framed(b"hello");
    for (index, byte) in frame.iter().enumerate() {
        let is_last = index + 1 == frame.len();
        peer.send(DATA, is_last.into(), 1, &[*byte]).await;
    }
    assert_eq!(peer.next_of(DATA).await.expect("the response").payload, frame);
}
