//! One HTTP/2 connection.
//!
//! h2 is driven directly, without hyper: what has arrived is read to its end, then served, and the
//! responses that are there at once leave in one write. Unary calls that have a
//! [`UnaryHandler`](super::unary::UnaryHandler) are served here and now; all others get a task each.

mod keepalive;
mod request;
mod response;
mod streams;
mod unary;

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use h2::{Reason, RecvStream, server::SendResponse};
use http::Request;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::Instant,
};

use self::keepalive::Keepalive;
pub(super) use self::streams::Streams;
use super::{
    args::ConnectionArgs,
    connection::Graceful,
    socket::{Cork, Socket},
};

const STREAM_WINDOW: u32 = 1 << 20;
const CONNECTION_WINDOW: u32 = 4 << 20;
/// Requests read before the first of them is served: none waits for more than these.
const MAX_ARRIVED: usize = 64;
/// How much small DATA frames of unread requests may cost a service of ours: enough for all streams of
/// a connection, each with some unread frames. For others, h2's default.
const TRUSTED_DATA_BUDGET: usize = 16 << 20;

/// A request and where its response goes.
type Exchange = (Request<RecvStream>, SendResponse<Bytes>);

/// A connection whose peer has sent its preface.
pub(super) struct Connection<S> {
    h2: h2::server::Connection<Socket<S>, Bytes>,
    streams: Streams,
    keepalive: Option<Keepalive>,
    cork: Arc<Cork>,
    arrived: Vec<Exchange>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Connection<S> {
    /// Agrees on settings with the peer. `exposed`: it may be anyone.
    pub(super) async fn begin(
        mut socket: Socket<S>,
        args: &ConnectionArgs,
        exposed: bool,
        streams: Streams,
    ) -> Result<Self, h2::Error> {
        let cork = socket.cork();
        let mut h2 = builder(args, exposed).handshake(socket).await?;
        let interval = Duration::from_secs(args.keepalive_interval);
        let timeout = Duration::from_secs(args.keepalive_timeout);
        let pings = h2.ping_pong();
        let keepalive = pings.map(|pings| Keepalive::new(pings, interval, timeout));
        Ok(Self { h2, streams, keepalive, cork, arrived: Vec::new() })
    }

    fn serve_arrived(&mut self) {
        let now = Instant::now();
        if let Some(keepalive) = &mut self.keepalive {
            keepalive.heard(now);
        }
        for (request, respond) in self.arrived.drain(..) {
            self.streams.serve(request, respond, now);
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Future for Connection<S> {
    type Output = Result<(), h2::Error>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        this.cork.put();
        let mut flushed = false;
        loop {
            if this.keepalive.as_mut().is_some_and(|peer| peer.poll(cx).is_ready()) {
                tracing::debug!("the peer does not answer pings");
                this.keepalive = None;
                this.h2.abrupt_shutdown(Reason::NO_ERROR);
            }
            // Each look hands what is there to be written to the socket, which writes it when the last
            // look has found nothing.
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
                Poll::Pending if served => {
                    this.cork.put();
                    flushed = false;
                }
                // Looking again flushes, and comes back here.
                Poll::Pending if this.cork.pull() && !flushed => flushed = true,
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Graceful for Connection<S> {
    fn end(mut self: Pin<&mut Self>) {
        self.h2.graceful_shutdown();
    }
}

fn builder(args: &ConnectionArgs, exposed: bool) -> h2::server::Builder {
    let mut builder = h2::server::Builder::new();
    builder
        .max_concurrent_streams(args.max_streams)
        .max_header_list_size(args.max_metadata)
        .initial_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW);
    if let Some(resets) = args.max_pending_resets {
        builder.max_pending_accept_reset_streams(resets);
    }
    // What arrives for a call that was refused before all of it had arrived counts as an error of the
    // peer, and 1,024 of them end the connection. Of strangers that is right (CVE-2025-8671).
    if !exposed {
        builder.max_local_error_reset_streams(None);
        builder.data_frame_budget(TRUSTED_DATA_BUDGET);
    }
    builder
}
