//! Methods whose requests stream, by WebSocket (RFC 6455): a text message is a message of the method as JSON. The close
//! code tells how the call ended: 1000, or 4000 and the HTTP status of its problem, with the reason in the text.

use std::time::Duration;

use axum::{
    extract::{
        FromRequestParts as _, Request, WebSocketUpgrade,
        ws::{CloseFrame, Message as Frame, Utf8Bytes, WebSocket, close_code},
    },
    response::Response,
};
use bytes::Bytes;
use futures::{
    SinkExt as _, StreamExt as _,
    stream::{SplitSink, SplitStream},
};
use http::{HeaderValue, StatusCode, Version, header, request::Parts};
use server::Upgrade;
use tokio::{
    sync::mpsc,
    time::{Instant, interval_at, timeout},
};
use tokio_stream::wrappers::ReceiverStream;
use tonic::Streaming;

use super::{
    binding::{Binding, Body},
    body, message, stream,
};
use crate::{
    contract::{Message, Method},
    problem::{FieldError, Problem},
    upstreams::Upstreams,
};

/// The longest message of a client, in bytes.
const MAX_MESSAGE: usize = 64 << 10;
/// Messages of the client that are read ahead of the upstream.
const AHEAD: usize = 4;
/// Interval of pings.
const PING: Duration = Duration::from_secs(30);
/// Time without any frame, not even the answer to a ping, after which the client is gone.
const SILENCE: Duration = Duration::from_secs(75);
/// The longest text of a close frame, in bytes (RFC 6455, section 5.5).
const MAX_CLOSE_TEXT: usize = 123;

/// The end of an exchange.
#[derive(Debug)]
enum End {
    /// The upstream has ended the call, or the client has closed.
    Complete,
    /// The server drains.
    Closing,
    Failed(Problem),
    /// The connection is lost, or its protocol is broken.
    Gone,
}

/// Upgrades a request that opens a WebSocket.
pub(super) async fn respond(
    binding: &Binding,
    upstreams: Upstreams,
    request: Request,
) -> Result<Response, Problem> {
    upstreams.authorize(binding.rpc)?;
    let (mut head, _) = request.into_parts();
    let upgrade = WebSocketUpgrade::from_request_parts(&mut head, &()).await;
    let upgrade = upgrade.map_err(|_| upgrade_required(&head))?;
    let held = head.extensions.remove::<Upgrade>().ok_or_else(|| upgrade_required(&head))?;
    let method = binding.rpc;
    let upgrade = upgrade.max_message_size(MAX_MESSAGE).max_frame_size(MAX_MESSAGE);
    Ok(upgrade.on_upgrade(move |socket| exchange(socket, method, upstreams, held)))
}

/// 426. Only HTTP/1.1 knows the header `Upgrade`.
fn upgrade_required(head: &Parts) -> Problem {
    let detail = "this address is used by WebSocket, version 13, over HTTP/1.1";
    let problem = Problem::new(StatusCode::UPGRADE_REQUIRED, "UPGRADE_REQUIRED", detail);
    if head.version != Version::HTTP_11 {
        return problem;
    }
    problem
        .with_header(header::UPGRADE, HeaderValue::from_static("websocket"))
        .with_header(header::CONNECTION, HeaderValue::from_static("upgrade"))
        .with_header(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"))
}

/// Exchanges messages until one side ends the call.
async fn exchange(socket: WebSocket, method: &'static Method, upstreams: Upstreams, held: Upgrade) {
    let (mut sink, mut stream) = socket.split();
    let (requests, queued) = mpsc::channel(AHEAD);
    let answered = async {
        let responses = upstreams.exchange(method, ReceiverStream::new(queued)).await;
        match responses {
            Ok(responses) => send(responses, method.output, &mut sink).await,
            Err(status) => End::Failed(status.into()),
        }
    };
    let end = tokio::select! {
        end = answered => end,
        end = receive(&mut stream, method.input, requests) => end,
        () = held.closing() => End::Closing,
    };
    if let Some(frame) = close_frame(&end) {
        // A client that does not read has the socket's stall timeout.
        let _: Result<(), _> = sink.send(Frame::Close(Some(frame))).await;
    }
}

/// Queues the client's messages for the upstream until the client closes.
async fn receive(
    stream: &mut SplitStream<WebSocket>,
    of: Message,
    requests: mpsc::Sender<Bytes>,
) -> End {
    loop {
        // No more is read than the upstream takes. If it takes none any more, its response tells why.
        let Ok(place) = requests.reserve().await else { return std::future::pending().await };
        match timeout(SILENCE, stream.next()).await {
            Ok(Some(Ok(Frame::Text(text)))) => match to_request(&text, of) {
                Ok(request) => place.send(request),
                Err(problem) => return End::Failed(problem),
            },
            Ok(Some(Ok(Frame::Binary(_)))) => {
                return End::Failed(Problem::invalid("message", "must be text: JSON"));
            }
            Ok(Some(Ok(Frame::Ping(_) | Frame::Pong(_)))) => {}
            Ok(Some(Ok(Frame::Close(_)))) => {
                // Reading on sends the reply.
                let _: Option<_> = stream.next().await;
                return End::Complete;
            }
            Ok(None) => return End::Complete,
            Ok(Some(Err(error))) => {
                tracing::debug!(%error, "a WebSocket failed");
                return End::Gone;
            }
            Err(_) => return End::Gone,
        }
    }
}

fn to_request(text: &Utf8Bytes, of: Message) -> Result<Bytes, Problem> {
    let object = body::parse(text.as_bytes());
    let object =
        object.map_err(|FieldError { field, message }| body::malformed(field, &message))?;
    message::encode(of, object, Body::Whole)
}

/// Sends the upstream's messages, and pings.
async fn send(
    mut responses: Streaming<Bytes>,
    of: Message,
    sink: &mut SplitSink<WebSocket, Frame>,
) -> End {
    let mut pings = interval_at(Instant::now() + PING, PING);
    loop {
        let frame = tokio::select! {
            response = responses.next() => match response.map(|response| stream::text(response, of)) {
                Some(Ok(text)) => Frame::text(text),
                Some(Err(problem)) => return End::Failed(problem),
                None => return End::Complete,
            },
            _ = pings.tick() => Frame::Ping(Bytes::new()),
        };
        if sink.send(frame).await.is_err() {
            return End::Gone;
        }
    }
}

/// The frame that tells the client how the exchange ended; `None` if the client is gone.
fn close_frame(end: &End) -> Option<CloseFrame> {
    let (code, reason) = match end {
        End::Complete => (close_code::NORMAL, String::new()),
        End::Closing => (close_code::AWAY, String::new()),
        End::Failed(problem) => {
            if let Some(internal) = &problem.internal {
                tracing::error!(error = %internal.0, "a call by WebSocket failed");
            }
            let mut text = format!("{}: {}", problem.reason, problem.detail);
            text.truncate(text.floor_char_boundary(MAX_CLOSE_TEXT));
            (4_000 + problem.status.as_u16(), text)
        }
        End::Gone => return None,
    };
    Some(CloseFrame { code, reason: reason.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn close_frame_has_status_and_reason_within_its_limit() {
        let close = |problem| close_frame(&End::Failed(problem)).unwrap();
        let frame = close(Problem::invalid("query", "must be text"));
        assert_eq!((frame.code, &*frame.reason), (4_400, "INVALID_ARGUMENT: query: must be text"));
        let long = close(Problem::invalid("query", "ä".repeat(100)));
        assert!((MAX_CLOSE_TEXT - 1..=MAX_CLOSE_TEXT).contains(&long.reason.len()));
        assert_eq!(close_frame(&End::Complete).unwrap().code, 1_000);
        assert_eq!(close_frame(&End::Closing).unwrap().code, 1_001);
        assert!(close_frame(&End::Gone).is_none());
    }
}
