//! One HTTP/2 connection, opened ahead of calls.
//!
//! On h2 directly: hyper may report a request that was sent as one that the server did not process,
//! and a write would then be sent twice.

mod exchange;
mod socket;

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use h2::{
    Ping, PingPong,
    client::{Builder, SendRequest},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    sync::oneshot,
    task::JoinHandle,
    time::{sleep, timeout},
};

pub(crate) use self::exchange::{Exchange, IncomingBody, SendError, is_closed};
use self::socket::Socket;
use crate::tls::ClientTls;

/// For TCP, for TLS, and for the server's first bytes, each.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// A connection is pinged after it has received nothing for one to two of these.
const PING_AFTER: Duration = Duration::from_secs(5);
/// A connection without an answer to a ping within this time is closed.
const PING_TIMEOUT: Duration = Duration::from_secs(3);
/// Unread data of a stream occupies its window within the connection's. Small in proportion, so that a
/// few stalled readers do not block all calls.
const STREAM_WINDOW: u32 = 256 << 10;
const CONNECTION_WINDOW: u32 = 32 << 20;
/// Limit of streaming calls on one connection: together, unread, they occupy half of its window.
pub(crate) const MAX_STREAMS: usize = (CONNECTION_WINDOW / STREAM_WINDOW / 2) as usize;
/// The overhead of unread small DATA frames at which h2 closes a connection, in bytes (since
/// RUSTSEC-2026-0258). Upstreams are trusted, and each message of a watch is such a frame: with the
/// default, a dozen stalled watches would end all calls.
const UNREAD_FRAMES: usize = 128 << 20;
/// The limit of a response's headers, and of its trailers, in bytes.
const MAX_METADATA: u32 = 16 << 10;

/// An open connection, whose server has sent its first bytes.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) requests: SendRequest<Bytes>,
    /// Ends when the connection is closed, with the error if there is one.
    pub(crate) closed: JoinHandle<Result<(), ConnectionLost>>,
}

/// Why a connection could not be opened.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConnectError {
    #[error("cannot connect")]
    Io(#[from] io::Error),
    #[error("HTTP/2 handshake failed")]
    Handshake(#[from] h2::Error),
    #[error("server closed the connection before it sent anything")]
    Closed,
    /// The server may be busy, frozen or unreachable.
    #[error("no response within {} ms", CONNECT_TIMEOUT.as_millis())]
    Silent,
}

/// Why a connection was closed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConnectionLost {
    #[error(transparent)]
    Http2(#[from] h2::Error),
    #[error("no answer to a PING within {} s", PING_TIMEOUT.as_secs())]
    Silent,
}

/// Connects to `host:port`, and waits for the server's first bytes: the kernel also accepts
/// connections for a frozen process.
pub(crate) async fn connect(
    address: &str,
    tls: Option<&ClientTls>,
) -> Result<Connection, ConnectError> {
    let stream = timeout(CONNECT_TIMEOUT, TcpStream::connect(address));
    let stream = stream.await.map_err(|_| ConnectError::Silent)??;
    stream.set_nodelay(true)?;
    let Some(tls) = tls else { return handshake(stream).await };
    let host = address.rsplit_once(':').map_or(address, |(host, _)| host);
    let stream = timeout(CONNECT_TIMEOUT, tls.connect(stream, host));
    handshake(stream.await.map_err(|_| ConnectError::Silent)??).await
}

/// Starts HTTP/2 on a connected stream.
async fn handshake<S>(stream: S) -> Result<Connection, ConnectError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (first_byte, on_first_byte) = oneshot::channel();
    let received = Arc::new(AtomicBool::new(false));
    let socket = Socket::new(stream, first_byte, Arc::clone(&received));
    let (requests, mut connection) = Builder::new()
        .initial_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .max_header_list_size(MAX_METADATA)
        .data_frame_budget(UNREAD_FRAMES)
        .enable_push(false)
        .handshake(socket)
        .await?;
    let pings = connection.ping_pong().expect("taken once per connection");
    let closed = tokio::spawn(async move {
        tokio::select! {
            ended = connection => Ok(ended?),
            () = detect_silence(&received, pings) => Err(ConnectionLost::Silent),
        }
    });
    match timeout(CONNECT_TIMEOUT, on_first_byte).await {
        Ok(Ok(())) => Ok(Connection { requests, closed }),
        Ok(Err(_)) => Err(ConnectError::Closed),
        Err(_) => {
            closed.abort();
            Err(ConnectError::Silent)
        }
    }
}

/// Returns when the server has stopped to respond, also to pings. Also pings while no call is in
/// flight.
async fn detect_silence(received: &AtomicBool, mut pings: PingPong) {
    loop {
        sleep(PING_AFTER).await;
        if received.swap(false, Ordering::Relaxed) {
            continue;
        }
        match timeout(PING_TIMEOUT, pings.ping(Ping::opaque())).await {
            Ok(Ok(_)) => {}
            // The connection itself ends with the error.
            Ok(Err(_)) => return std::future::pending().await,
            Err(_) if !received.swap(false, Ordering::Relaxed) => return,
            // Other data arrived, which may delay the answer.
            Err(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use http::{Request, Response};
    use tokio::time::Instant;

    use super::*;
    use crate::call::RequestBody;

    #[test]
    fn an_error_does_not_repeat_its_source() {
        let error = ConnectError::from(io::Error::other("connection refused"));
        let message = format!("{:#}", anyhow::Error::new(error));
        assert_eq!(message, "cannot connect: connection refused");
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_without_answers_to_pings_is_closed() {
        let (ours, theirs) = tokio::io::duplex(1 << 16);
        let server = tokio::spawn(h2::server::handshake(theirs));
        let Connection { requests, closed } = handshake(ours).await.unwrap();
        let mut server = server.await.unwrap().unwrap();
        // It answers pings while there are no calls.
        let calls = timeout(Duration::from_secs(60), server.accept());
        assert!(calls.await.is_err() && !closed.is_finished());
        // The server no longer reads.
        let began = Instant::now();
        assert!(matches!(closed.await.unwrap(), Err(ConnectionLost::Silent)));
        let took = began.elapsed();
        assert!(PING_TIMEOUT <= took && took <= 2 * PING_AFTER + PING_TIMEOUT, "{took:?}");
        drop((server, requests));
    }

    #[tokio::test]
    async fn stalled_watches_do_not_end_other_calls() {
        const WATCHERS: usize = 70;
        let message = Bytes::from_static(&[7; 100]);
        let (ours, theirs) = tokio::io::duplex(1 << 20);
        let server = tokio::spawn(h2::server::handshake(theirs));
        let Connection { mut requests, .. } = handshake(ours).await.unwrap();
        let mut server = server.await.unwrap().unwrap();
        tokio::spawn(async move {
            let mut watches = Vec::new();
            while let Some(Ok((_, mut respond))) = server.accept().await {
                let is_watch = watches.len() < WATCHERS;
                let mut response = respond.send_response(Response::new(()), !is_watch).unwrap();
                // Together more than h2's default budget.
                for _ in 0..if is_watch { 2_000 } else { 0 } {
                    response.send_data(message.clone(), false).unwrap();
                }
                watches.push(response);
            }
        });
        let mut call = async || {
            let request = Request::post("http://test/a.B/C").version(http::Version::HTTP_2);
            let request = request.body(RequestBody::Buffered(Bytes::new())).unwrap();
            Exchange::begin(&mut requests, request).ok().unwrap().response().await
        };
        let mut unread = Vec::new();
        for _ in 0..WATCHERS {
            unread.push(call().await.unwrap());
        }
        for _ in 0..WATCHERS {
            call().await.unwrap();
        }
    }
}
