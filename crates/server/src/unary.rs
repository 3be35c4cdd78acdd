//! Unary gRPC methods that are served ahead of the general stack.
//!
//! The general stack (router, layers, body wrappers, a task for each stream) costs several times as much as
//! reading a message and writing another. A frequent method can be served by a [`UnaryHandler`] instead, on
//! the task that has read the request, with the same concurrency limit, deadline, message limits,
//! telemetry and panic isolation. Unusual requests (compressed, several messages, not gRPC) go to the
//! general stack, which must therefore serve the method as well.

use std::sync::Arc;

use access::{Caller, Origin};
use axum::body::Body;
use bytes::Bytes;
use futures::future::BoxFuture;
use http::HeaderMap;
use tokio::time::Instant;
use tonic::Status;

/// Methods served ahead of the general stack.
pub trait UnaryService: Send + Sync + 'static {
    /// Their paths, such as `/package.Service/Method`.
    fn methods(&self) -> &[&'static str];

    /// Creates the handler of one serving thread, on that thread's runtime, so that it may own sockets
    /// and tasks there.
    fn handler(&self) -> Arc<dyn UnaryHandler>;
}

/// Serves unary calls on one thread.
pub trait UnaryHandler: Send + Sync + 'static {
    /// Serves the call. Must not block.
    fn call(&self, request: UnaryRequest<'_>) -> UnaryReply;
}

/// A complete request.
#[derive(Debug)]
pub struct UnaryRequest<'a> {
    /// The method's index among [`UnaryService::methods`].
    pub method: usize,
    /// The request's metadata, which the handler may take.
    pub headers: &'a mut HeaderMap,
    /// The message, without its prefix.
    pub message: Bytes,
    /// The message behind its prefix, as received.
    pub frame: Bytes,
    /// Deadline of the call, if it has one.
    pub deadline: Option<Instant>,
    /// Where it comes from.
    pub origin: &'a Origin,
    /// Its caller, with the right to call the method.
    pub caller: Caller,
}

/// The reply of a handler.
#[allow(clippy::large_enum_variant, reason = "short-lived, and mostly the large variant")]
pub enum UnaryReply {
    /// The response.
    Ready(Result<UnaryResponse, Status>),
    /// A future of the response. Dropped when the client cancels or the deadline passes.
    Later(BoxFuture<'static, Result<UnaryResponse, Status>>),
}

/// A response with status OK.
#[derive(Debug, Default)]
pub struct UnaryResponse {
    /// The message with its prefix, as it is written to the connection: see [`framed`](rpc::frame::framed).
    pub frame: Bytes,
    /// The rest of a response that is still being received: data, then trailers with a status, which
    /// replace `trailers`.
    pub rest: Option<Body>,
    /// Initial metadata.
    pub headers: HeaderMap,
    /// Trailing metadata, without the status.
    pub trailers: HeaderMap,
}

impl From<Bytes> for UnaryResponse {
    /// A response without metadata.
    fn from(frame: Bytes) -> Self {
        Self { frame, ..Self::default() }
    }
}
