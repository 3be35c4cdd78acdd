//! Unary gRPC methods that are served ahead of the general stack.
//!
//! The general stack (router, layers, body wrappers, a task for each stream) costs several times what
//! reading a message and writing another does. A method that is called all the time can be served by a
//! [`UnaryHandler`] instead, on the task that has read the request. It gets what every gRPC method gets: a
//! place under the limit of concurrent calls, its deadline, the limits on messages, telemetry, and one
//! failed call for a panic. Requests out of the ordinary (compressed, several messages, not gRPC) go to
//! the general stack, which therefore has to serve the method as well.

use std::{net::SocketAddr, sync::Arc};

use axum::body::Body;
use bytes::Bytes;
use futures::future::BoxFuture;
use http::HeaderMap;
use tokio::time::Instant;
use tonic::Status;

/// Methods that are served ahead of the general stack.
pub trait UnaryService: Send + Sync + 'static {
    /// Their paths, such as `/package.Service/Method`.
    fn methods(&self) -> &[&'static str];

    /// A handler for one serving thread, made on that thread's runtime, whose sockets and tasks it may
    /// therefore own.
    fn handler(&self) -> Arc<dyn UnaryHandler>;
}

/// Serves unary calls on one thread.
pub trait UnaryHandler: Send + Sync + 'static {
    /// Serves the call, at once or later. Must not block.
    fn call(&self, request: UnaryRequest<'_>) -> UnaryReply;
}

/// A request that has arrived whole.
#[derive(Debug)]
pub struct UnaryRequest<'a> {
    /// The method's index among [`UnaryService::methods`].
    pub method: usize,
    /// The request's metadata, which may be taken.
    pub headers: &'a mut HeaderMap,
    /// The message, without its prefix.
    pub message: Bytes,
    /// The same behind its prefix, as it came.
    pub frame: Bytes,
    /// When the caller stops waiting, if it has said so.
    pub deadline: Option<Instant>,
    /// The address of the other end of the connection.
    pub peer: SocketAddr,
}

/// How a request is served.
#[allow(
    clippy::large_enum_variant,
    reason = "it is made and taken apart at once, and is mostly the large one"
)]
pub enum UnaryReply {
    /// The response is there.
    Ready(Result<UnaryResponse, Status>),
    /// It takes a while. Dropped when the caller cancels or its deadline passes.
    Later(BoxFuture<'static, Result<UnaryResponse, Status>>),
}

/// A response with status OK.
#[derive(Debug, Default)]
pub struct UnaryResponse {
    /// The message behind its prefix, as it goes on the wire: see [`framed`](rpc::frame::framed).
    pub frame: Bytes,
    /// What follows of a response that is not there whole: data, and trailers with a status, instead of
    /// `trailers`.
    pub rest: Option<Body>,
    /// Metadata before the message.
    pub headers: HeaderMap,
    /// Metadata behind it, without the status.
    pub trailers: HeaderMap,
}

impl From<Bytes> for UnaryResponse {
    /// A response without metadata.
    fn from(frame: Bytes) -> Self {
        Self { frame, ..Self::default() }
    }
}
