//! A socket as HTTP should see it.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::{Buf as _, Bytes, BytesMut};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, ReadBuf},
    time::Sleep,
};

/// What an HTTP/2 client says first (RFC 9113, section 3.4).
pub(super) const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Writes of this size and more are not gathered: copying them would cost more than a system call.
const LARGE: usize = 32 << 10;
/// Gathered writes go out when there are so many bytes of them.
const GATHERED: usize = 64 << 10;
/// Memory for gathering at first. It is given back when all is written, for most connections are idle.
const GATHERING: usize = 16 << 10;

/// For a peer that has been told that nothing more comes, and says nothing.
const LINGER: Duration = Duration::from_millis(500);

/// A socket that does not offer vectored writes, and whose peer must read.
///
/// With vectored writes h2 writes every DATA frame over 256 bytes by itself, one system call an
/// answer; without, it gathers frames up to 1 KiB (hyperium/h2 issues 711 and 902). That saves a
/// small call a third of its CPU. Larger frames h2 writes one by one, in two parts each; a socket
/// that is [corked](Cork) gathers those, too.
///
/// A peer that takes nothing for `stall` while there is something for it is an error.
///
/// It is closed in two stages (RFC 9112, section 9.6): we say that nothing more comes, and read on until
/// the peer says so too, for a moment at most. A socket that is closed while the peer still sends, be it
/// a PING, makes its kernel forget what it has not read of ours: answers, that is.
pub(super) struct Socket<S> {
    inner: S,
    /// What was read before the protocol's own reader took over.
    first: Bytes,
    /// What is read instead while the socket [replays](Socket::replay).
    replayed: Bytes,
    stall: Duration,
    stalled: Option<Pin<Box<Sleep>>>,
    cork: Option<Arc<Cork>>,
    /// Written while the socket was corked.
    gathered: BytesMut,
    /// How long the peer is waited for, once it has been told that nothing more comes.
    lingering: Option<Pin<Box<Sleep>>>,
}

/// Keeps a socket from writing until everything is there that can go out together.
///
/// Whoever corks a socket has to uncork it and have it flushed before waiting for anything.
#[derive(Debug, Default)]
pub(super) struct Cork {
    is_in: AtomicBool,
    has_gathered: AtomicBool,
    /// The socket replays.
    replays: AtomicBool,
}

impl Cork {
    /// From now on writes are gathered.
    pub(super) fn put(&self) {
        self.is_in.store(true, Relaxed);
    }

    /// From now on a flush writes what was gathered. Whether there is any.
    pub(super) fn pull(&self) -> bool {
        self.is_in.store(false, Relaxed);
        self.has_gathered.load(Relaxed)
    }

    /// From now on the socket reads from and writes to the peer again.
    pub(super) fn end_replay(&self) {
        self.replays.store(false, Relaxed);
    }
}

/// What a peer speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Speaks {
    Http1,
    Http2,
}

impl<S: AsyncRead + Unpin> Socket<S> {
    /// Waits for as much as tells HTTP/2 from HTTP/1. None if the peer leaves before.
    ///
    /// # Errors
    /// The socket's.
    pub(super) async fn meet(mut inner: S, stall: Duration) -> io::Result<Option<(Self, Speaks)>> {
        let mut first = BytesMut::with_capacity(PREFACE.len());
        let speaks = loop {
            if inner.read_buf(&mut first).await? == 0 {
                return Ok(None);
            }
            let compared = first.len().min(PREFACE.len());
            match first[..compared] == PREFACE[..compared] {
                false => break Speaks::Http1,
                true if compared == PREFACE.len() => break Speaks::Http2,
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
            },
            speaks,
        )))
    }
}

impl<S> Socket<S> {
    /// The cork of this socket, which is out.
    pub(super) fn cork(&mut self) -> Arc<Cork> {
        Arc::clone(self.cork.get_or_insert_default())
    }

    /// Repeats what the peer has said, to a reader that takes over a conversation: until
    /// [the cork](Cork::end_replay) ends it, reads find `transcript`, and writes are discarded. Then
    /// reads find `rest`.
    pub(super) fn replay(&mut self, transcript: Bytes, rest: &[u8]) {
        self.replayed = transcript;
        self.first = [rest, &self.first].concat().into();
        self.cork().replays.store(true, Relaxed);
    }

    /// Takes note that the preface, with which an HTTP/2 connection begins, has been read.
    pub(super) fn skip_preface(&mut self) {
        self.first.advance(PREFACE.len());
    }

    fn replays(&self) -> bool {
        self.cork.as_ref().is_some_and(|cork| cork.replays.load(Relaxed))
    }

    fn is_corked(&self) -> bool {
        self.cork.as_ref().is_some_and(|cork| cork.is_in.load(Relaxed))
    }

    /// Has `bytes` written ahead of whatever is written next.
    pub(super) fn gather(&mut self, bytes: &[u8]) {
        if self.gathered.capacity() == 0 {
            self.gathered.reserve(GATHERING);
        }
        self.gathered.extend_from_slice(bytes);
        self.cork.get_or_insert_default().has_gathered.store(true, Relaxed);
    }

    /// `written`, or an error if it has been pending for too long.
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
            return if replays {
                Poll::Pending
            } else {
                Pin::new(&mut this.inner).poll_read(cx, buffer)
            };
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
            return Poll::Ready(Ok(bytes.len()));
        }
        let written = Pin::new(&mut self.inner).poll_write(cx, bytes);
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

    async fn meet(said: &[u8]) -> Option<(Vec<u8>, Speaks)> {
        let (mut peer, ours) = tokio::io::duplex(1_024);
        peer.write_all(said).await.unwrap();
        drop(peer);
        let (mut socket, speaks) = Socket::meet(ours, STALL).await.unwrap()?;
        let mut read = Vec::new();
        socket.read_to_end(&mut read).await.unwrap();
        Some((read, speaks))
    }

    #[tokio::test]
    async fn what_was_read_to_tell_protocols_apart_is_not_lost() {
        let get = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n";
        assert_eq!(meet(get).await, Some((get.to_vec(), Speaks::Http1)));
        let two = [PREFACE, b"and more"].concat();
        assert_eq!(meet(&two).await, Some((two.clone(), Speaks::Http2)));
        assert_eq!(meet(b"PROPFIND").await, Some((b"PROPFIND".to_vec(), Speaks::Http1)));
        assert_eq!(meet(b"").await, None);
        assert_eq!(meet(&PREFACE[..10]).await, None);
    }

    #[tokio::test(start_paused = true)]
    async fn it_is_closed_when_the_peer_has_closed_too_or_does_not() {
        for closes in [true, false] {
            let (mut peer, ours) = tokio::io::duplex(1_024);
            peer.write_all(b"GET /").await.unwrap();
            let (mut socket, _) = Socket::meet(ours, STALL).await.unwrap().unwrap();
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
    async fn a_corked_socket_writes_when_it_is_flushed() {
        let (mut peer, ours) = tokio::io::duplex(1 << 20);
        peer.write_all(b"GET /").await.unwrap();
        let (mut socket, _) = Socket::meet(ours, STALL).await.unwrap().unwrap();
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
        // In order, whatever their sizes are, and none is kept for ever.
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
    async fn a_peer_that_reads_nothing_is_an_error() {
        let (mut peer, ours) = tokio::io::duplex(16);
        peer.write_all(b"GET /").await.unwrap();
        let (mut socket, _) = Socket::meet(ours, STALL).await.unwrap().unwrap();
        let error = socket.write_all(&[0; 64]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }
}
