//! Drives a connection from handshake to close: HTTP/1.1 or HTTP/2, as the client chooses.
//!
//! It ends by itself, by age, or when the server drains. An HTTP/2 peer first receives GOAWAY with the
//! highest stream id, and a PING; requests it sent before it read them are still accepted; a second GOAWAY
//! names the last accepted request (RFC 9113, section 6.8). Requests under way finish within a limit.

use std::{io, net::SocketAddr, pin::Pin, sync::Arc, time::Duration};

use futures::future::BoxFuture;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::{sleep, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    context::{Peer, ServerContext},
    http1::Http1Service,
    http2, proxy_protocol,
    request_watch::RequestClock,
    service::ConnectionService,
    socket::{Protocol, Socket},
};
use crate::{
    args::ConnectionArgs,
    lifetime::{Graceful, Lifetime},
    peers::{PeerConnection, PeerUsage},
};

/// Time for streams to send their final status before the connection is closed.
pub(crate) const FINAL_GRACE: Duration = Duration::from_millis(250);
/// Time for a peer that has sent nothing when the server starts to drain.
const FIRST_REQUEST_GRACE: Duration = Duration::from_millis(500);
/// Read buffer of an HTTP/1 connection, in bytes. hyper's default of 400 KB is as much as a client may keep filled on each
/// connection.
const BUFFER: usize = 64 << 10;

/// The peer of a connection that was accepted.
pub(crate) enum Accepted {
    /// A client, and its place among the connections of its address.
    Client(SocketAddr, PeerConnection),
    /// A proxy, which is to name the client.
    Proxy(SocketAddr),
}

/// Serves one connection of a peer to its end. Handshake and connection are separate boxed futures, so that an
/// idle connection does not hold the memory of its handshake.
pub(crate) fn serve(
    stream: TcpStream,
    peer: Accepted,
    context: Arc<ServerContext>,
) -> impl Future<Output = ()> {
    let opened = Box::pin(open(stream, peer, context));
    async move {
        let Some((connection, _counted)) = opened.await else { return };
        connection.await;
    }
}

/// Performs what comes ahead of requests: the proxy's header, if it is to send one, and the handshake. Returns the future of
/// the connection, and the client's place among those of its address.
async fn open(
    mut stream: TcpStream,
    peer: Accepted,
    context: Arc<ServerContext>,
) -> Option<(BoxFuture<'static, ()>, PeerConnection)> {
    let (addr, counted) = match peer {
        Accepted::Client(addr, counted) => (addr, counted),
        Accepted::Proxy(proxy) => proxied(&mut stream, proxy, &context).await?,
    };
    let connection = handshake(stream, addr, counted.usage(), context).await?;
    Some((connection, counted))
}

/// The client that a proxy names, or the proxy where it speaks for itself, counted. None without a valid header, or if
/// the client has its share.
async fn proxied(
    stream: &mut TcpStream,
    proxy: SocketAddr,
    context: &ServerContext,
) -> Option<(SocketAddr, PeerConnection)> {
    let header = async { proxy_protocol::read_client(stream).await.map(Some) };
    let client = in_time(header, proxy, context).await?.unwrap_or(proxy);
    Some((client, context.count(client)?))
}

/// Performs the TLS handshake, if any, and detects the protocol. None on failure.
async fn handshake(
    stream: TcpStream,
    addr: SocketAddr,
    usage: Arc<PeerUsage>,
    context: Arc<ServerContext>,
) -> Option<BoxFuture<'static, ()>> {
    // Responses are small and latency matters.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "connection failed during its handshake");
        return None;
    }
    let stall = context.args.stall();
    match &context.tls {
        None => {
            let (socket, protocol) = in_time(Socket::detect(stream, stall), addr, &context).await?;
            let peer = Peer::new(addr, usage, None, &context.access);
            Some(drive(socket, protocol, peer, context))
        }
        Some(tls) => {
            let tls_handshake = async {
                let (stream, identity) = tls.accept(stream).await?;
                Ok(Socket::detect(stream, stall)
                    .await?
                    .map(|(socket, protocol)| (socket, protocol, identity)))
            };
            let (socket, protocol, identity) = in_time(tls_handshake, addr, &context).await?;
            let peer = Peer::new(addr, usage, identity, &context.access);
            Some(drive(socket, protocol, peer, context))
        }
    }
}

/// The result of a handshake that succeeds within the handshake timeout.
async fn in_time<T>(
    handshake: impl Future<Output = io::Result<Option<T>>>,
    peer: SocketAddr,
    context: &ServerContext,
) -> Option<T> {
    let outcome = tokio::select! {
        outcome = timeout(context.args.handshake(), handshake) => outcome,
        () = drained(&context.closing) => return None,
    };
    match outcome {
        Ok(Ok(protocol)) => return protocol,
        Ok(Err(error)) => tracing::debug!(%error, %peer, "connection failed during its handshake"),
        Err(_) => tracing::debug!(%peer, "handshake timed out"),
    }
    None
}

/// Resolves [`FIRST_REQUEST_GRACE`] after the server has begun to drain.
async fn drained(closing: &CancellationToken) {
    closing.cancelled().await;
    sleep(FIRST_REQUEST_GRACE).await;
}

/// The future of a connection after its handshake.
fn drive<S>(
    mut socket: Socket<S>,
    protocol: Protocol,
    peer: Peer,
    context: Arc<ServerContext>,
) -> BoxFuture<'static, ()>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let last_call = context.last_call.child_token();
    let lifetime = Lifetime { closing: context.closing.clone(), last_call };
    let addr = peer.addr;
    let service = ConnectionService::new(Arc::clone(&context), peer, lifetime.clone());
    match protocol {
        Protocol::Http1 => {
            let clock = Arc::new(RequestClock::default());
            socket.expect_requests(Arc::clone(&clock), context.args.handshake());
            let upgrades = TaskTracker::new();
            let service = Http1Service::new(service, clock, upgrades.clone());
            let connection = http1(&context.args).serve_connection(TokioIo::new(socket), service);
            let connection = Box::pin(connection.with_upgrades());
            Box::pin(async move {
                run_logged(connection, addr, context, lifetime).await;
                upgrades.close();
                upgrades.wait().await;
            })
        }
        Protocol::Http2 => {
            // Services inside the deployment do not use `date` headers.
            let streams = http2::Streams::new(service, context.exposed);
            let connection = http2::Connection::new(socket, Arc::clone(&context), streams);
            Box::pin(run_logged(Box::pin(connection), addr, context, lifetime))
        }
    }
}

async fn run_logged<C, E>(
    connection: Pin<Box<C>>,
    addr: SocketAddr,
    context: Arc<ServerContext>,
    lifetime: Lifetime,
) where
    C: Future<Output = Result<(), E>> + Graceful,
    E: Into<anyhow::Error>,
{
    if let Err(error) = run(connection, &context.args, &lifetime).await {
        let error: anyhow::Error = error.into();
        tracing::debug!(%error, peer = %addr, "connection ended");
    }
}

/// Drives a connection to its end, at the latest at its maximum age plus grace, or the drain timeout.
async fn run<C, E>(
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
    // Biased, so that a connection that was just accepted reads its requests before it is shut down.
    let aged = tokio::select! {
        biased;
        ended = connection.as_mut() => return ended,
        () = lifetime.closing.cancelled() => false,
        () = old => true,
    };
    connection.as_mut().end();
    if !aged {
        // The drain timeout of the server applies.
        return connection.await;
    }
    let grace = args.grace();
    tokio::select! {
        ended = connection.as_mut() => return ended,
        () = sleep(grace.saturating_sub(FINAL_GRACE)) => lifetime.last_call.cancel(),
    }
    if let Ok(ended) = timeout(grace.min(FINAL_GRACE), connection).await {
        return ended;
    }
    tracing::debug!("closed an aged connection with streams still open");
    Ok(())
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> Graceful
    for http1::UpgradeableConnection<TokioIo<Socket<S>>, Http1Service>
{
    fn end(self: Pin<&mut Self>) {
        self.graceful_shutdown();
    }
}

/// hyper has one timeout for an idle connection and a late head; the socket has a shorter one for the latter.
fn http1(args: &ConnectionArgs) -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(args.idle().max(args.handshake()))
        .max_header_size(args.max_metadata as usize)
        .max_buf_size(BUFFER.max(2 * args.max_metadata as usize));
    builder
}
