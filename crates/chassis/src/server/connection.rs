//! One connection, HTTP/1.1 or HTTP/2 as the client chooses, from its first byte to its end.
//!
//! It ends by itself, by age, or with the server. An HTTP/2 peer is told first, by GOAWAY with the
//! highest id there is; what it sent before it heard of that is still taken; PING finds out when it
//! has; a second GOAWAY names the last request taken (RFC 9113, section 6.8). What is under way
//! goes on, but not for ever.

use std::{
    io,
    net::SocketAddr,
    pin::{Pin, pin},
    task::{Context, Poll},
    time::Duration,
};

use axum::Router;
use hyper::server::conn::{http1, http2};
use hyper_util::rt::{TokioIo, TokioTimer};
use pin_project_lite::pin_project;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{
    args::ConnectionArgs,
    entry::Entry,
    lifetime::Lifetime,
    socket::{Socket, Speaks},
    stream::Streams,
};
use crate::{
    overload::Gate,
    tls::{PeerIdentity, ServerTls},
};

const STREAM_WINDOW: u32 = 1 << 20;
const CONNECTION_WINDOW: u32 = 4 << 20;
/// What streams have left to say why they end, before their connection is cut.
pub(super) const LAST_WORD: Duration = Duration::from_millis(250);
/// A peer that has said nothing yet has this long once the server is leaving.
const FIRST_WORD: Duration = Duration::from_millis(500);

/// What all connections of a server have in common.
#[derive(Debug, Clone)]
pub(super) struct Shared {
    pub(super) app: Router,
    pub(super) gate: Gate,
    pub(super) tls: Option<ServerTls>,
    pub(super) args: ConnectionArgs,
    /// Strangers connect.
    pub(super) exposed: bool,
    /// The server is leaving.
    pub(super) closing: CancellationToken,
    /// It will be gone in a moment.
    pub(super) last_call: CancellationToken,
}

pub(super) async fn serve(stream: TcpStream, peer: SocketAddr, shared: Shared) {
    // Answers are small and waited for.
    if let Err(error) = stream.set_nodelay(true) {
        return tracing::debug!(%error, "connection lost before it began");
    }
    let stall = shared.args.stall();
    match &shared.tls {
        None => {
            let met = meet(Socket::meet(stream, stall), peer, &shared).await;
            if let Some((socket, speaks)) = met {
                speak(socket, speaks, Who { peer, identity: None }, &shared).await;
            }
        }
        Some(tls) => {
            let agree = async {
                let (stream, identity) = tls.accept(stream).await?;
                Ok(Socket::meet(stream, stall)
                    .await?
                    .map(|(socket, speaks)| (socket, speaks, identity)))
            };
            if let Some((socket, speaks, identity)) = meet(agree, peer, &shared).await {
                speak(socket, speaks, Who { peer, identity }, &shared).await;
            }
        }
    }
}

/// What comes of a handshake, if it ends in time and well.
async fn meet<T>(
    handshake: impl Future<Output = io::Result<Option<T>>>,
    peer: SocketAddr,
    shared: &Shared,
) -> Option<T> {
    let met = tokio::select! {
        met = timeout(shared.args.handshake(), handshake) => met,
        () = leaving(&shared.closing) => return None,
    };
    match met {
        Ok(Ok(met)) => return met,
        Ok(Err(error)) => tracing::debug!(%error, %peer, "connection lost before it began"),
        Err(_) => tracing::debug!(%peer, "the peer has not said what it wants"),
    }
    None
}

/// Who is at the other end.
#[derive(Debug, Clone)]
pub(super) struct Who {
    pub(super) peer: SocketAddr,
    pub(super) identity: Option<PeerIdentity>,
}

/// Ends when the server is leaving and whoever was about to speak has had the time.
async fn leaving(closing: &CancellationToken) {
    closing.cancelled().await;
    sleep(FIRST_WORD).await;
}

async fn speak<S>(socket: Socket<S>, speaks: Speaks, who: Who, shared: &Shared)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let last_call = shared.last_call.child_token();
    let lifetime = Lifetime { closing: shared.closing.clone(), last_call };
    let streams = Streams::default();
    let peer = who.peer;
    let entry = Entry::new(shared, who, lifetime.clone(), streams.clone());
    let io = TokioIo::new(socket);
    let ended = match speaks {
        Speaks::Http1 => {
            let connection = http1(&shared.args).serve_connection(io, entry);
            live(connection, &shared.args, &lifetime).await
        }
        Speaks::Http2 => {
            let http2 = http2(&shared.args, shared.exposed, streams.clone());
            let inner = http2.serve_connection(io, entry);
            live(Gathered { inner, streams }, &shared.args, &lifetime).await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, %peer, "connection ended");
    }
}

/// Drives a connection to its end, which comes within age and grace, or with the server.
async fn live<C>(connection: C, args: &ConnectionArgs, lifetime: &Lifetime) -> hyper::Result<()>
where
    C: Future<Output = hyper::Result<()>> + Graceful,
{
    let mut connection = pin!(connection);
    let old = async {
        match args.age() {
            Some(age) => sleep(age).await,
            None => std::future::pending().await,
        }
    };
    // The connection first, so that one just accepted has read what was sent before it is told that
    // nothing more is wanted.
    let aged = tokio::select! {
        biased;
        ended = connection.as_mut() => return ended,
        () = lifetime.closing.cancelled() => false,
        () = old => true,
    };
    connection.as_mut().end();
    if !aged {
        // The server counts the time it gives to all.
        return connection.await;
    }
    let grace = args.grace();
    tokio::select! {
        ended = connection.as_mut() => return ended,
        () = sleep(grace.saturating_sub(LAST_WORD)) => lifetime.last_call.cancel(),
    }
    if let Ok(ended) = timeout(grace.min(LAST_WORD), connection).await {
        return ended;
    }
    tracing::debug!("cut what did not end with its connection's age");
    Ok(())
}

/// A connection that can be asked to end.
trait Graceful {
    fn end(self: Pin<&mut Self>);
}

impl<S: AsyncRead + AsyncWrite + Unpin + 'static> Graceful
    for http1::Connection<TokioIo<Socket<S>>, Entry>
{
    fn end(self: Pin<&mut Self>) {
        self.graceful_shutdown();
    }
}

pin_project! {
    /// An HTTP/2 connection that reads all there is to read, then answers those it can answer at
    /// once, and then writes.
    struct Gathered<C> {
        #[pin]
        inner: C,
        streams: Streams,
    }
}

impl<C: Future> Future for Gathered<C> {
    type Output = C::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<C::Output> {
        let mut this = self.project();
        loop {
            let ended = this.inner.as_mut().poll(cx);
            if !this.streams.answer() || ended.is_ready() {
                return ended;
            }
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin + 'static> Graceful
    for Gathered<http2::Connection<TokioIo<Socket<S>>, Entry, Streams>>
{
    fn end(self: Pin<&mut Self>) {
        self.project().inner.graceful_shutdown();
    }
}

fn http1(args: &ConnectionArgs) -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(args.handshake())
        .max_header_size(args.max_metadata as usize);
    builder
}

fn http2(args: &ConnectionArgs, exposed: bool, streams: Streams) -> http2::Builder<Streams> {
    let mut builder = http2::Builder::new(streams);
    builder
        .timer(TokioTimer::new())
        .max_concurrent_streams(args.max_streams)
        .max_header_list_size(args.max_metadata)
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .keep_alive_interval(Duration::from_secs(args.keepalive_interval))
        .keep_alive_timeout(Duration::from_secs(args.keepalive_timeout))
        // Services of ours do not ask what day it is.
        .auto_date_header(exposed);
    if let Some(resets) = args.max_pending_resets {
        builder.max_pending_accept_reset_streams(resets);
    }
    // What comes in for a call that was answered before it had all arrived, as a refusal is, counts
    // as an error of the peer, and 1,024 of them in its whole life end a connection and all calls on
    // it. Of strangers that is right (CVE-2025-8671).
    if !exposed {
        builder.max_local_error_reset_streams(None);
    }
    builder
}
