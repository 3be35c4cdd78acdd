//! A connection with requests.
//!
//! h2 is driven directly, without hyper: all received data is read, then served, and the responses that are ready by
//! then leave in one write. Unary calls that have a [`UnaryHandler`](crate::unary::UnaryHandler) are served here and
//! now; all others get a task each.

use std::{
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use bytes::Bytes;
use h2::{PingPong, Reason, RecvStream, server::SendResponse};
use http::Request;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::Instant,
};

use super::{CONNECTION_WINDOW, STREAM_WINDOW, Streams, keepalive::Keepalive};
use crate::{
    args::ConnectionArgs,
    connection::{context::ServerContext, cork::Cork, socket::Socket},
};

/// Requests read before the first of them is served, which bounds how long one waits for others.
const MAX_ARRIVED: usize = 64;
/// h2's budget for small unread DATA frames on connections inside the deployment: enough for all
/// streams of a connection. Others get h2's default.
const TRUSTED_DATA_BUDGET: usize = 16 << 20;

/// h2 keeps metadata up to this many times the announced limit: a call with more than announced gets a status,
/// one with more than this a bare 431.
const KEPT_METADATA: u32 = 4;

/// A request and the handle for its response.
type Exchange = (Request<RecvStream>, SendResponse<Bytes>);

/// A connection that has received a request, driven by h2.
pub(super) struct Active<S> {
    h2: h2::server::Connection<Socket<S>, Bytes>,
    streams: Streams,
    keepalive: Option<(Keepalive, PingPong)>,
    cork: Arc<Cork>,
    arrived: Vec<Exchange>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Active<S> {
    /// Hands a quiet connection to h2, which reads `transcript`, then `rest`, then the socket.
    ///
    /// # Errors
    /// h2 rejects the transcript.
    pub(super) fn resume(
        mut socket: Socket<S>,
        transcript: Bytes,
        rest: &[u8],
        context: &ServerContext,
        streams: Streams,
        keepalive: Keepalive,
    ) -> Result<Self, h2::Error> {
        let cork = socket.cork();
        socket.replay(transcript, rest);
        let mut unwoken = Context::from_waker(Waker::noop());
        let handshake = pin!(builder(&context.args, context.exposed).handshake(socket));
        // Never pending: the preface is in the transcript, and writes are discarded.
        let Poll::Ready(h2) = handshake.poll(&mut unwoken) else {
            return Err(Reason::INTERNAL_ERROR.into());
        };
        let mut h2 = h2?;
        let mut arrived = Vec::new();
        if let Poll::Ready(Some(accepted)) = h2.poll_accept(&mut unwoken) {
            arrived.push(accepted?);
        }
        cork.end_replay();
        let keepalive = h2.ping_pong().map(|pings| (keepalive, pings));
        Ok(Self { h2, streams, keepalive, cork, arrived })
    }

    /// Closes a connection if its peer does not answer pings.
    pub(super) fn abandon(&mut self) {
        tracing::debug!("closing a connection whose peer does not answer PINGs");
        self.keepalive = None;
        self.h2.abrupt_shutdown(Reason::NO_ERROR);
    }

    /// Closes a connection if its peer sends control frames without end.
    fn cut_flood(&mut self) {
        tracing::debug!("closing a connection whose peer floods it with control frames");
        self.keepalive = None;
        self.h2.abrupt_shutdown(Reason::ENHANCE_YOUR_CALM);
    }

    fn serve_arrived(&mut self) {
        if self.arrived.is_empty() {
            return;
        }
        let now = Instant::now();
        if let Some((keepalive, _)) = &mut self.keepalive {
            keepalive.note_activity(now);
        }
        for (request, respond) in self.arrived.drain(..) {
            self.streams.serve(request, respond, now);
        }
    }

    /// Serves requests until the connection ends.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), h2::Error>> {
        let this = self;
        this.cork.put();
        let mut flushed = false;
        loop {
            if let Some((keepalive, pings)) = &mut this.keepalive
                && keepalive.poll(pings, cx).is_ready()
            {
                this.abandon();
            }
            // Each poll hands frames to the socket, which writes them when a poll finds no request.
            let accepted = this.h2.poll_accept(cx);
            if let Poll::Ready(Some(Ok(exchange))) = accepted {
                this.arrived.push(exchange);
                if this.arrived.len() < MAX_ARRIVED {
                    continue;
                }
                this.serve_arrived();
                continue;
            }
            let served = !this.arrived.is_empty();
            this.serve_arrived();
            match accepted {
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Err(error)),
                Poll::Ready(_) => return Poll::Ready(Ok(())),
                Poll::Pending if this.cork.take_flood() => this.cut_flood(),
                Poll::Pending if served => {
                    this.cork.put();
                    flushed = false;
                }
                // Another poll flushes, then returns here.
                Poll::Pending if this.cork.pull() && !flushed => flushed = true,
                Poll::Pending => return Poll::Pending,
            }
        }
    }

    /// Starts a graceful shutdown: the peer sends further requests on another connection.
    pub(super) fn end(&mut self) {
        self.h2.graceful_shutdown();
    }
}

fn builder(args: &ConnectionArgs, exposed: bool) -> h2::server::Builder {
    let mut builder = h2::server::Builder::new();
    builder
        .max_concurrent_streams(args.max_streams)
        .max_header_list_size(args.max_metadata.saturating_mul(KEPT_METADATA))
        .initial_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW);
    if let Some(resets) = args.max_pending_resets {
        builder.max_pending_accept_reset_streams(resets);
    }
    // Frames for a call that was refused early count as errors of the peer, and 1,024 of them close the
    // connection. That is right for outside clients (CVE-2025-8671).
    if !exposed {
        builder.max_local_error_reset_streams(None);
        builder.data_frame_budget(TRUSTED_DATA_BUDGET);
    }
    builder
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;
    use crate::connection::{http2::quiet, socket::PREFACE};

    /// h2 enforces the settings it was built with, the peer follows the settings it was sent: the same but for the size
    /// of metadata.
    #[tokio::test]
    async fn the_settings_of_a_quiet_connection_are_those_of_h2() {
        let args = ConnectionArgs::default();
        for exposed in [true, false] {
            let (mut peer, ours) = tokio::io::duplex(1 << 10);
            peer.write_all(&[PREFACE, &[0, 0, 0, 4, 0, 0, 0, 0, 0]].concat()).await.unwrap();
            let mut h2: h2::server::Connection<_, Bytes> =
                builder(&args, exposed).handshake(ours).await.unwrap();
            let unwoken = &mut Context::from_waker(Waker::noop());
            assert!(h2.poll_accept(unwoken).is_pending());
            drop(h2);
            let mut sent = Vec::new();
            peer.read_to_end(&mut sent).await.unwrap();
            let kept = args.max_metadata * KEPT_METADATA;
            let greeting = quiet::greeting(&ConnectionArgs { max_metadata: kept, ..args.clone() });
            let settings = 9 + usize::from(greeting[2]);
            assert_eq!(sent[..settings], greeting[..settings]);
            let window = &greeting[settings..];
            assert!(sent.windows(window.len()).any(|bytes| bytes == window), "{sent:?}");
        }
    }
}
