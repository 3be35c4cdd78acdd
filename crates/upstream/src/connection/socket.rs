//! The socket below a connection.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    sync::oneshot,
};

/// A socket that reports received data and does not offer vectored writes: with them h2 writes each
/// DATA frame over 256 bytes separately, without them it combines small ones (see
/// `server::connection::socket`).
pub(super) struct Socket<S> {
    stream: S,
    first_byte: Option<oneshot::Sender<()>>,
    received: Arc<AtomicBool>,
}

impl<S> Socket<S> {
    /// A socket that sends on `first_byte` once, and sets `received` after each read with data.
    pub(super) fn new(
        stream: S,
        first_byte: oneshot::Sender<()>,
        received: Arc<AtomicBool>,
    ) -> Self {
        Self { stream, first_byte: Some(first_byte), received }
    }
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
            self.received.store(true, Ordering::Relaxed);
            if let Some(first_byte) = self.first_byte.take() {
                first_byte.send(()).ok();
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
