//! One HTTP/2 connection, made ahead of calls.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use hyper::client::conn::http2::{self, SendRequest};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    sync::oneshot,
    task::JoinHandle,
    time::timeout,
};

use super::outgoing::Outgoing;
use crate::tls::ClientTls;

/// For the socket, and again for the first word of whoever is there.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// A peer that does not answer a PING within the second of these is given up.
const KEEPALIVE: (Duration, Duration) = (Duration::from_secs(10), Duration::from_secs(3));
/// A stream nobody reads holds its window out of the connection's: small ones in a large one, or a few
/// stalled readers stop everyone's calls.
const STREAM_WINDOW: u32 = 256 << 10;
const CONNECTION_WINDOW: u32 = 32 << 20;

/// A connection whose other end has spoken.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) sender: SendRequest<Outgoing>,
    /// Ends when no more can be sent, with the reason if there is one.
    pub(super) closed: JoinHandle<Result<(), hyper::Error>>,
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub(super) enum ConnectError {
    #[error("{0}")]
    Refused(#[from] io::Error),
    #[error("it does not speak HTTP/2")]
    Handshake(#[from] hyper::Error),
    #[error("it hung up before it said a word")]
    HungUp,
    /// It may be there, and busy, frozen or far away.
    #[error("it said nothing for {} ms", CONNECT_TIMEOUT.as_millis())]
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
    let io = TokioIo::new(Unvectored { stream, spoke: Some(spoke) });
    let (sender, connection) = http2::Builder::new(TokioExecutor::new())
        .timer(TokioTimer::new())
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .keep_alive_interval(KEEPALIVE.0)
        .keep_alive_timeout(KEEPALIVE.1)
        .keep_alive_while_idle(true)
        .handshake(io)
        .await?;
    let closed = tokio::spawn(connection);
    match timeout(CONNECT_TIMEOUT, on_word).await {
        Ok(Ok(())) => Ok(Connection { sender, closed }),
        Ok(Err(_)) => Err(ConnectError::HungUp),
        Err(_) => {
            closed.abort();
            Err(ConnectError::Silent)
        }
    }
}

/// A socket that says when it has first heard something, and does not offer vectored writes: with
/// them h2 writes every DATA frame over 256 bytes by itself, without it gathers small ones (as in
/// `server::socket`).
struct Unvectored<S> {
    stream: S,
    spoke: Option<oneshot::Sender<()>>,
}

impl<S: AsyncRead + Unpin> AsyncRead for Unvectored<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buffer);
        if buffer.filled().len() > before
            && let Some(spoke) = self.spoke.take()
        {
            spoke.send(()).ok();
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Unvectored<S> {
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
