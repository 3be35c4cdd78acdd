//! One HTTP/2 connection, made ahead of calls.
//!
//! By h2 itself: above it, hyper may say of a request that is on the wire already that the server
//! left without having looked at it, and one that writes would be sent again.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use h2::{
    Ping, PingPong,
    client::{Builder, SendRequest},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    sync::oneshot,
    task::JoinHandle,
    time::{sleep, timeout},
};

use crate::tls::ClientTls;

/// For the socket, and again for the first word of whoever is there.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// After between one and two of these without a word, a peer is asked for one.
const QUIET: Duration = Duration::from_secs(5);
/// One that does not answer within this is given up.
const PING_TIMEOUT: Duration = Duration::from_secs(3);
/// A stream nobody reads holds its window out of the connection's: small ones in a large one, or a few
/// stalled readers stop everyone's calls.
const STREAM_WINDOW: u32 = 256 << 10;
const CONNECTION_WINDOW: u32 = 32 << 20;
/// What small DATA frames that nobody has read yet may cost beside their bytes before the connection
/// is given up, in bytes (h2, since RUSTSEC-2026-0258). Upstreams are no strangers, and each message
/// of a watch is such a frame: by default a dozen stalled watchers would end everyone's calls.
const UNREAD_FRAMES: usize = 128 << 20;
/// Headers, or trailers, of an answer, in bytes.
const MAX_METADATA: u32 = 16 << 10;

/// A connection whose other end has spoken.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) requests: SendRequest<Bytes>,
    /// Ends when no more can be sent, with the reason if there is one.
    pub(super) closed: JoinHandle<Result<(), Lost>>,
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub(super) enum ConnectError {
    #[error("{0}")]
    Refused(#[from] io::Error),
    #[error("it does not speak HTTP/2")]
    Handshake(#[from] h2::Error),
    #[error("it hung up before it said a word")]
    HungUp,
    /// It may be there, and busy, frozen or far away.
    #[error("it said nothing for {} ms", CONNECT_TIMEOUT.as_millis())]
    Silent,
}

/// Why there is no connection any more.
#[derive(Debug, thiserror::Error)]
pub(super) enum Lost {
    #[error(transparent)]
    Broken(#[from] h2::Error),
    #[error("it did not answer a PING within {} s", PING_TIMEOUT.as_secs())]
    Silent,
}

/// Connects to `host:port`, and waits for the first word from there: the kernel accepts for a process
/// that is frozen, too.
pub(super) async fn connect(
    address: &str,
    tls: Option<&ClientTls>,
) -> Result<Connection, ConnectError> {
    let stream = timeout(CONNECT_TIMEOUT, TcpStream::connect(address));
    let stream = stream.await.map_err(|_| ConnectError::Silent)??;
    stream.set_nodelay(true)?;
    let Some(tls) = tls else { return speak(stream).await };
    let host = address.rsplit_once(':').map_or(address, |(host, _)| host);
    let agreed = timeout(CONNECT_TIMEOUT, tls.connect(stream, host));
    speak(agreed.await.map_err(|_| ConnectError::Silent)??).await
}

/// Speaks HTTP/2 over what is connected.
async fn speak<S>(stream: S) -> Result<Connection, ConnectError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (spoke, on_word) = oneshot::channel();
    let heard = Arc::new(AtomicBool::new(false));
    let socket = Socket { stream, spoke: Some(spoke), heard: Arc::clone(&heard) };
    let (requests, mut connection) = Builder::new()
        .initial_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .max_header_list_size(MAX_METADATA)
        .data_frame_budget(UNREAD_FRAMES)
        .enable_push(false)
        .handshake(socket)
        .await?;
    let pings = connection.ping_pong().expect("nobody else has asked for it");
    let closed = tokio::spawn(async move {
        tokio::select! {
            ended = connection => Ok(ended?),
            () = falls_silent(&heard, pings) => Err(Lost::Silent),
        }
    });
    match timeout(CONNECT_TIMEOUT, on_word).await {
        Ok(Ok(())) => Ok(Connection { requests, closed }),
        Ok(Err(_)) => Err(ConnectError::HungUp),
        Err(_) => {
            closed.abort();
            Err(ConnectError::Silent)
        }
    }
}

/// Ends when the peer says nothing any more, even when it is asked. Calls need not be under way.
async fn falls_silent(heard: &AtomicBool, mut pings: PingPong) {
    loop {
        sleep(QUIET).await;
        if heard.swap(false, Ordering::Relaxed) {
            continue;
        }
        let answered = timeout(PING_TIMEOUT, pings.ping(Ping::opaque()));
        match answered.await {
            Ok(Ok(_)) => {}
            // The connection says itself what is the matter.
            Ok(Err(_)) => return std::future::pending().await,
            // Nor anything else, which the answer may be waiting behind.
            Err(_) if !heard.swap(false, Ordering::Relaxed) => return,
            Err(_) => {}
        }
    }
}

/// A socket that says when it has heard something, and does not offer vectored writes: with them h2
/// writes every DATA frame over 256 bytes by itself, without it gathers small ones (as in
/// `server::socket`).
struct Socket<S> {
    stream: S,
    /// Told of the first word.
    spoke: Option<oneshot::Sender<()>>,
    heard: Arc<AtomicBool>,
}

impl<S: AsyncRead + Unpin> AsyncRead for Socket<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buffer);
        if buffer.filled().len() > before {
            self.heard.store(true, Ordering::Relaxed);
            if let Some(spoke) = self.spoke.take() {
                spoke.send(()).ok();
            }
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Socket<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use http::{Request, Response};
    use tokio::time::Instant;

    use super::*;
    use crate::{exchange::Exchange, outgoing::Outgoing};

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_falls_silent_is_given_up() {
        let (ours, theirs) = tokio::io::duplex(1 << 16);
        let server = tokio::spawn(h2::server::handshake(theirs));
        let Connection { requests, closed } = speak(ours).await.unwrap();
        let mut server = server.await.unwrap().unwrap();
        // It answers, though nobody calls.
        let calls = timeout(Duration::from_secs(60), server.accept());
        assert!(calls.await.is_err() && !closed.is_finished());
        // Now it is there, but looks at nothing.
        let began = Instant::now();
        assert!(matches!(closed.await.unwrap(), Err(Lost::Silent)));
        let took = began.elapsed();
        assert!(PING_TIMEOUT <= took && took <= 2 * QUIET + PING_TIMEOUT, "{took:?}");
        drop((server, requests));
    }

    #[tokio::test]
    async fn watchers_who_read_nothing_end_nobody_elses_calls() {
        const WATCHERS: usize = 70;
        let message = Bytes::from_static(&[7; 100]);
        let (ours, theirs) = tokio::io::duplex(1 << 20);
        let server = tokio::spawn(h2::server::handshake(theirs));
        let Connection { mut requests, .. } = speak(ours).await.unwrap();
        let mut server = server.await.unwrap().unwrap();
        tokio::spawn(async move {
            let mut watches = Vec::new();
            while let Some(Ok((_, mut respond))) = server.accept().await {
                let is_watch = watches.len() < WATCHERS;
                let mut answer = respond.send_response(Response::new(()), !is_watch).unwrap();
                // Together more than h2 would put up with.
                for _ in 0..if is_watch { 2_000 } else { 0 } {
                    answer.send_data(message.clone(), false).unwrap();
                }
                watches.push(answer);
            }
        });
        let mut call = async || {
            let request = Request::post("http://test/a.B/C").version(http::Version::HTTP_2);
            let request = request.body(Outgoing::Whole(Bytes::new())).unwrap();
            Exchange::begin(&mut requests, request).ok().unwrap().answer().await
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
