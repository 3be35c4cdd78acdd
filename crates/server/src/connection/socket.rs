//! The socket of a connection: protocol detection, gathered writes, stall timeout, lingering close.

use std::{
    io,
    pin::Pin,
    sync::{Arc, atomic::Ordering::Relaxed},
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::{Buf as _, Bytes, BytesMut};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, ReadBuf},
    time::Sleep,
};

use super::{
    cork::Cork,
    frame_budget::FrameBudget,
    request_watch::{RequestClock, RequestWatch},
};

/// The client connection preface of HTTP/2 (RFC 9113, section 3.4).
pub(super) const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Writes of this size and more are not gathered: a copy would cost more than a system call.
const LARGE: usize = 32 << 10;
/// Gathered writes are flushed at this size, in bytes.
const GATHERED: usize = 64 << 10;
/// Initial capacity of the gather buffer, which is freed when written, since most connections are idle.
const GATHERING: usize = 16 << 10;

/// Time for the peer to close its side after we have closed ours.
const LINGER: Duration = Duration::from_millis(500);

/// A socket that does not offer vectored writes, and requires its peer to read.
///
/// With vectored writes h2 writes every DATA frame over 256 bytes on its own, one system call a
/// response; without, it gathers frames up to 1 KiB (hyperium/h2 issues 711 and 902), which saves a small
/// call a third of its CPU. Larger frames h2 writes one by one, in two parts each; a
/// [corked](Cork) socket gathers those as well.
///
/// A peer that reads nothing for `stall` while data is pending is an error.
///
/// It is closed in two stages (RFC 9112, section 9.6): first our side, then, when the peer has closed or
/// [`LINGER`] has passed, the socket. Closing while the peer still sends, even a PING, would reset the
/// connection and discard responses that the peer has not read yet.
pub(super) struct Socket<S> {
    inner: S,
    /// Bytes read during protocol detection.
    first: Bytes,
    /// Read instead of the socket while it [replays](Socket::replay).
    replayed: Bytes,
    stall: Duration,
    stalled: Option<Pin<Box<Sleep>>>,
    cork: Option<Arc<Cork>>,
    /// Written while the socket was corked.
    gathered: BytesMut,
    /// Runs from the shutdown of our side.
    lingering: Option<Pin<Box<Sleep>>>,
    watched: Watched,
}

/// The limits on a peer's data beside its requests.
#[derive(Debug)]
enum Watched {
    Nothing,
    Heads(Box<RequestWatch>),
    /// The control frames of HTTP/2.
    Frames(Box<FrameBudget>),
    /// The peer has exceeded its budget: it is not read any more, and the owner closes the connection.
    Flood,
}

/// The protocol of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Protocol {
    Http1,
    Http2,
}

impl<S: AsyncRead + Unpin> Socket<S> {
    /// Reads enough to tell HTTP/2 from HTTP/1. None if the peer closes before.
    ///
    /// # Errors
    /// I/O errors of the socket.
    pub(super) async fn detect(
        mut inner: S,
        stall: Duration,
    ) -> io::Result<Option<(Self, Protocol)>> {
        let mut first = BytesMut::with_capacity(PREFACE.len());
        let protocol = loop {
            if inner.read_buf(&mut first).await? == 0 {
                return Ok(None);
            }
            let compared = first.len().min(PREFACE.len());
            match first[..compared] == PREFACE[..compared] {
                false => break Protocol::Http1,
                true if compared == PREFACE.len() => break Protocol::Http2,
                true => {}
            }
        };
        Ok(Some((
            Self {
                inner,
                first: first.freeze(),
                replayed: Bytes::new(),
                stall,
                stalled: None,
                cork: None,
                gathered: BytesMut::new(),
                lingering: None,
                watched: Watched::Nothing,
            },
            protocol,
        )))
    }
}

impl<S> Socket<S> {
    /// The cork of this socket.
    pub(super) fn cork(&mut self) -> Arc<Cork> {
        Arc::clone(self.cork.get_or_insert_default())
    }

    /// Replays the bytes of the peer to a new reader: until [`Cork::end_replay`], reads return
    /// `transcript` and writes are discarded; then reads return `rest` first.
    pub(super) fn replay(&mut self, transcript: Bytes, rest: &[u8]) {
        self.replayed = transcript;
        self.first = [rest, &self.first].concat().into();
        self.cork().replays.store(true, Relaxed);
    }

    /// Drops the HTTP/2 preface from the bytes to be read; the peer gets a budget of control frames.
    pub(super) fn skip_preface(&mut self) {
        self.first.advance(PREFACE.len());
        let mut budget = FrameBudget::new();
        budget.receive(&self.first);
        self.watched = Watched::Frames(Box::new(budget));
    }

    /// Expects HTTP/1 requests, with heads that are complete within `timeout` of their first byte.
    pub(super) fn expect_requests(&mut self, clock: Arc<RequestClock>, timeout: Duration) {
        self.watched = Watched::Heads(Box::new(RequestWatch::new(clock, timeout, &self.first)));
    }

    /// Whether the peer floods the connection with control frames.
    pub(super) fn is_flooded(&self) -> bool {
        matches!(self.watched, Watched::Flood)
    }

    /// Applies the limits on a peer's data to the result of a read, of which `bytes` are new.
    fn watch_read(
        &mut self,
        cx: &mut Context<'_>,
        bytes: &[u8],
        read: Poll<io::Result<()>>,
    ) -> Poll<io::Result<()>> {
        match &mut self.watched {
            Watched::Heads(heads) if read.is_pending() => {
                ready!(heads.poll_late(cx));
                let late = io::Error::new(io::ErrorKind::TimedOut, "the request's head is late");
                return Poll::Ready(Err(late));
            }
            Watched::Heads(heads) if !bytes.is_empty() => heads.note_bytes(bytes),
            Watched::Frames(frames) => {
                let is_within = frames.receive(bytes);
                if !is_within {
                    self.watched = Watched::Flood;
                    self.cork.get_or_insert_default().floods.store(true, Relaxed);
                }
            }
            _ => {}
        }
        read
    }

    /// Accounts for bytes that are on their way to the peer.
    fn note_sent(&mut self, bytes: &[u8]) {
        if let Watched::Frames(frames) = &mut self.watched {
            frames.send(bytes);
        }
    }

    fn replays(&self) -> bool {
        self.cork.as_ref().is_some_and(|cork| cork.replays.load(Relaxed))
    }

    fn is_corked(&self) -> bool {
        self.cork.as_ref().is_some_and(|cork| cork.is_in.load(Relaxed))
    }

    /// Queues `bytes` ahead of later writes.
    pub(super) fn gather(&mut self, bytes: &[u8]) {
        if self.gathered.capacity() == 0 {
            self.gathered.reserve(GATHERING);
        }
        self.gathered.extend_from_slice(bytes);
        self.cork.get_or_insert_default().has_gathered.store(true, Relaxed);
    }

    /// Applies the stall timeout to the result of a write.
    fn watch<T>(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let stall = self.stall;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(tokio::time::sleep(stall)));
        ready!(stalled.as_mut().poll(cx));
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the peer does not read")))
    }
}

impl<S: AsyncWrite + Unpin> Socket<S> {
    fn write_gathered(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.gathered.is_empty() {
            let written = Pin::new(&mut self.inner).poll_write(cx, &self.gathered);
            match ready!(self.watch(cx, written))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                count => self.gathered.advance(count),
            }
        }
        if let Some(cork) = &self.cork {
            cork.has_gathered.store(false, Relaxed);
        }
        self.gathered = BytesMut::new();
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Socket<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let replays = self.replays();
        let this = &mut *self;
        let kept = if replays { &mut this.replayed } else { &mut this.first };
        if kept.is_empty() {
            if replays || this.is_flooded() {
                return Poll::Pending;
            }
            let before = buffer.filled().len();
            let read = Pin::new(&mut this.inner).poll_read(cx, buffer);
            return this.watch_read(cx, &buffer.filled()[before..], read);
        }
        let count = kept.len().min(buffer.remaining());
        buffer.put_slice(&kept[..count]);
        kept.advance(count);
        if kept.is_empty() {
            *kept = Bytes::new();
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Socket<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.replays() {
            return Poll::Ready(Ok(bytes.len()));
        }
        let is_gathered = self.is_corked() && bytes.len() < LARGE;
        if !is_gathered || self.gathered.len() >= GATHERED {
            ready!(self.write_gathered(cx))?;
        }
        if is_gathered {
            self.gather(bytes);
            self.note_sent(bytes);
            return Poll::Ready(Ok(bytes.len()));
        }
        let written = Pin::new(&mut self.inner).poll_write(cx, bytes);
        if let Poll::Ready(Ok(count)) = &written {
            self.note_sent(&bytes[..*count]);
        }
        self.watch(cx, written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.is_corked() || self.replays() {
            return Poll::Ready(Ok(()));
        }
        ready!(self.write_gathered(cx))?;
        let flushed = Pin::new(&mut self.inner).poll_flush(cx);
        self.watch(cx, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.lingering.is_none() {
            ready!(this.write_gathered(cx))?;
            let shut = Pin::new(&mut this.inner).poll_shutdown(cx);
            ready!(this.watch(cx, shut))?;
        }
        let lingering = this.lingering.get_or_insert_with(|| Box::pin(tokio::time::sleep(LINGER)));
        let mut unwanted = [0; 1_024];
        loop {
            let mut buffer = ReadBuf::new(&mut unwanted);
            match Pin::new(&mut this.inner).poll_read(cx, &mut buffer) {
                Poll::Ready(Ok(())) if !buffer.filled().is_empty() => {}
                Poll::Ready(_) => return Poll::Ready(Ok(())),
                Poll::Pending => return lingering.as_mut().poll(cx).map(Ok),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncWriteExt as _;

    use super::*;

    const STALL: Duration = Duration::from_secs(30);

    async fn detect(sent: &[u8]) -> Option<(Vec<u8>, Protocol)> {
        let (mut peer, ours) = tokio::io::duplex(1_024);
        peer.write_all(sent).await.unwrap();
        drop(peer);
        let (mut socket, protocol) = Socket::detect(ours, STALL).await.unwrap()?;
        let mut read = Vec::new();
        socket.read_to_end(&mut read).await.unwrap();
        Some((read, protocol))
    }

    #[tokio::test]
    async fn bytes_read_during_detection_are_kept() {
        let get = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n";
        assert_eq!(detect(get).await, Some((get.to_vec(), Protocol::Http1)));
        let two = [PREFACE, b"and more"].concat();
        assert_eq!(detect(&two).await, Some((two.clone(), Protocol::Http2)));
        assert_eq!(detect(b"PROPFIND").await, Some((b"PROPFIND".to_vec(), Protocol::Http1)));
        assert_eq!(detect(b"").await, None);
        assert_eq!(detect(&PREFACE[..10]).await, None);
    }

    #[tokio::test(start_paused = true)]
    async fn shutdown_waits_for_the_peer_to_close_at_most_for_linger() {
        for closes in [true, false] {
            let (mut peer, ours) = tokio::io::duplex(1_024);
            peer.write_all(b"GET /").await.unwrap();
            let (mut socket, _) = Socket::detect(ours, STALL).await.unwrap().unwrap();
            let began = tokio::time::Instant::now();
            let closing = tokio::spawn(async move { socket.shutdown().await });
            assert_eq!(peer.read(&mut [0; 8]).await.unwrap(), 0, "nothing more comes");
            peer.write_all(&[7; 4_096]).await.unwrap();
            if closes {
                peer.shutdown().await.unwrap();
            }
            closing.await.unwrap().unwrap();
            assert_eq!(began.elapsed(), if closes { Duration::ZERO } else { LINGER });
        }
    }

    #[tokio::test]
    async fn a_corked_socket_writes_on_flush_after_it_is_uncorked() {
        let (mut peer, ours) = tokio::io::duplex(1 << 20);
        peer.write_all(b"GET /").await.unwrap();
        let (mut socket, _) = Socket::detect(ours, STALL).await.unwrap().unwrap();
        let cork = socket.cork();
        cork.put();
        socket.write_all(b"ab").await.unwrap();
        socket.flush().await.unwrap();
        socket.write_all(b"cd").await.unwrap();
        let mut read = [0; 4];
        assert!(futures::FutureExt::now_or_never(peer.read(&mut read)).is_none());
        assert!(cork.pull());
        socket.flush().await.unwrap();
        assert!(!cork.pull(), "nothing is left");
        peer.read_exact(&mut read).await.unwrap();
        assert_eq!(&read, b"abcd");
        // Writes of all sizes keep their order.
        cork.put();
        let large = vec![7; LARGE];
        for piece in [b"e".as_slice(), &large, b"f"] {
            socket.write_all(piece).await.unwrap();
        }
        socket.shutdown().await.unwrap();
        let mut rest = Vec::new();
        peer.read_to_end(&mut rest).await.unwrap();
        assert_eq!(rest, [b"e".as_slice(), &large, b"f"].concat());
    }

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_reads_nothing_times_out() {
        let (mut peer, ours) = tokio::io::duplex(16);
        peer.write_all(b"GET /").await.unwrap();
        let (mut socket, _) = Socket::detect(ours, STALL).await.unwrap().unwrap();
        assert_eq!(socket.write_all(&[0; 64]).await.unwrap_err().kind(), io::ErrorKind::TimedOut);
    }
}
