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
use bytes::{BufMut as _, Bytes, BytesMut};
use futures::future::BoxFuture;
use http::HeaderMap;
use tokio::time::Instant;
use tonic::Status;

/// A flag byte and the length, big-endian, in bytes (gRPC over HTTP/2, "Length-Prefixed-Message").
pub const PREFIX: usize = 5;

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
    /// The message behind its prefix, as it goes on the wire: see [`framed`].
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

/// An encoded message behind its prefix.
///
/// # Panics
/// Beyond 4 GiB, which is more than any limit on messages.
pub fn framed(message: &[u8]) -> Bytes {
    let mut frame = BytesMut::with_capacity(PREFIX + message.len());
    frame.put_u8(0);
    frame.put_u32(u32::try_from(message.len()).expect("messages are bounded"));
    frame.put_slice(message);
    frame.freeze()
}

/// The message in `frame`, if that is one whole uncompressed message of at most `max` bytes.
pub(crate) fn message_of(frame: &Bytes, max: usize) -> Option<Bytes> {
    let (prefix, message) = frame.split_first_chunk::<PREFIX>()?;
    let [flag, length @ ..] = *prefix;
    let is_whole = usize::try_from(u32::from_be_bytes(length)).ok()? == message.len();
    (flag == 0 && is_whole && message.len() <= max).then(|| frame.slice(PREFIX..))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_whole_plain_message_is_taken() {
        let frame = framed(b"abc");
        assert_eq!(frame, [0, 0, 0, 0, 3, b'a', b'b', b'c'][..]);
        assert_eq!(message_of(&frame, 3).as_deref(), Some(&b"abc"[..]));
        assert_eq!(message_of(&framed(b""), 0).as_deref(), Some(&b""[..]));
        assert_eq!(message_of(&frame, 2), None, "too large");
        assert_eq!(message_of(&frame.slice(..7), 9), None, "cut short");
        assert_eq!(message_of(&frame.slice(..4), 9), None, "no prefix");
        let two = [frame.clone(), frame.clone()].concat().into();
        assert_eq!(message_of(&two, 99), None, "two messages");
        assert_eq!(message_of(&Bytes::from_static(&[1, 0, 0, 0, 0]), 9), None, "compressed");
    }
}
