//! One connection, HTTP/1.1 or HTTP/2 as the client chooses, from its first byte to its end.
//!
//! It ends by itself, by age, or with the server. An HTTP/2 peer is told first, by GOAWAY with the
//! highest id there is; what it sent before it heard of that is still taken; PING finds out when it
//! has; a second GOAWAY names the last request taken (RFC 9113, section 6.8). What is under way
//! goes on, but not for ever.

use std::{io, net::SocketAddr, pin::Pin, sync::Arc, time::Duration};

use axum::Router;
use futures::future::BoxFuture;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use telemetry::Trust;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{
    MessageArgs,
    args::ConnectionArgs,
    entry::Entry,
    http2,
    lifetime::Lifetime,
    socket::{Socket, Speaks},
    unary::UnaryHandler,
};
use crate::{
    overload::Gate,
    tls::{PeerIdentity, ServerTls},
};

/// What streams have left to say why they end, before their connection is cut.
pub(super) const LAST_WORD: Duration = Duration::from_millis(250);
/// A peer that has said nothing yet has this long once the server is leaving.
const FIRST_WORD: Duration = Duration::from_millis(500);

/// What all connections of a server have in common.
#[derive(Clone)]
pub(super) struct Shared {
    pub(super) app: Router,
    pub(super) gate: Gate,
    pub(super) tls: Option<ServerTls>,
    pub(super) args: ConnectionArgs,
    pub(super) messages: MessageArgs,
    /// Whose word on traces is taken.
    pub(super) trust: Trust,
    /// Serves some methods ahead of `app`, on this thread.
    pub(super) handler: Option<Arc<dyn UnaryHandler>>,
    /// Strangers connect.
    pub(super) exposed: bool,
    /// The server is leaving.
    pub(super) closing: CancellationToken,
    /// It will be gone in a moment.
    pub(super) last_call: CancellationToken,
}

/// Serves one connection to its end. Its handshake and its life are futures of their own on the heap, so
/// that a connection that waits for requests, as most do, holds nothing of its handshake.
pub(super) async fn serve(stream: TcpStream, addr: SocketAddr, shared: Arc<Shared>) {
    if let Some(connection) = Box::pin(greet(stream, addr, shared)).await {
        connection.await;
    }
}

/// Agrees on what is spoken. None if that fails.
async fn greet(
    stream: TcpStream,
    addr: SocketAddr,
    shared: Arc<Shared>,
) -> Option<BoxFuture<'static, ()>> {
    // Answers are small and waited for.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "connection lost before it began");
        return None;
    }
    let stall = shared.args.stall();
    match &shared.tls {
        None => {
            let (socket, speaks) = meet(Socket::meet(stream, stall), addr, &shared).await?;
            Some(speak(socket, speaks, Peer { addr, identity: None }, shared))
        }
        Some(tls) => {
            let agree = async {
                let (stream, identity) = tls.accept(stream).await?;
                Ok(Socket::meet(stream, stall)
                    .await?
                    .map(|(socket, speaks)| (socket, speaks, identity)))
            };
            let (socket, speaks, identity) = meet(agree, addr, &shared).await?;
            Some(speak(socket, speaks, Peer { addr, identity }, shared))
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

/// The other end of a connection.
#[derive(Debug, Clone)]
pub(super) struct Peer {
    pub(super) addr: SocketAddr,
    pub(super) identity: Option<PeerIdentity>,
}

/// Ends when the server is leaving and whoever was about to speak has had the time.
async fn leaving(closing: &CancellationToken) {
    closing.cancelled().await;
    sleep(FIRST_WORD).await;
}

/// The life of a connection, from here to its end.
fn speak<S>(
    socket: Socket<S>,
    speaks: Speaks,
    peer: Peer,
    shared: Arc<Shared>,
) -> BoxFuture<'static, ()>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let last_call = shared.last_call.child_token();
    let lifetime = Lifetime { closing: shared.closing.clone(), last_call };
    let addr = peer.addr;
    let entry = Entry::new(Arc::clone(&shared), peer, lifetime.clone());
    match speaks {
        Speaks::Http1 => {
            let connection = http1(&shared.args).serve_connection(TokioIo::new(socket), entry);
            Box::pin(live_logged(Box::pin(connection), addr, shared, lifetime))
        }
        Speaks::Http2 => {
            // Services of ours do not ask what day it is.
            let streams = http2::Streams::new(entry, shared.exposed);
            let connection = http2::Connection::new(socket, Arc::clone(&shared), streams);
            Box::pin(live_logged(Box::pin(connection), addr, shared, lifetime))
        }
    }
}

async fn live_logged<C, E>(
    connection: Pin<Box<C>>,
    addr: SocketAddr,
    shared: Arc<Shared>,
    lifetime: Lifetime,
) where
    C: Future<Output = Result<(), E>> + Graceful,
    E: Into<anyhow::Error>,
{
    if let Err(error) = live(connection, &shared.args, &lifetime).await {
        let error: anyhow::Error = error.into();
        tracing::debug!(%error, peer = %addr, "connection ended");
    }
}

/// Drives a connection to its end, which comes within age and grace, or with the server.
async fn live<C, E>(
    mut connection: Pin<Box<C>>,
    args: &ConnectionArgs,
    lifetime: &Lifetime,
) -> Result<(), E>
where
    C: Future<Output = Result<(), E>> + Graceful,
{
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
pub(super) trait Graceful {
    fn end(self: Pin<&mut Self>);
}

impl<S: AsyncRead + AsyncWrite + Unpin + 'static> Graceful
    for http1::Connection<TokioIo<Socket<S>>, Entry>
{
    fn end(self: Pin<&mut Self>) {
        self.graceful_shutdown();
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
