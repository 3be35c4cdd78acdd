//! A connection before its first request.
//!
//! Connections are made ahead of need, and many wait for long. h2 allocates its buffers and tables with
//! the connection, so it is not asked before there is something for it: settings, PINGs and windows are
//! handled here. Any other frame, be it valid or not, activates the connection, as does its end.

use std::{
    io, mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::{
    CONNECTION_WINDOW, STREAM_WINDOW, Streams,
    active::Active,
    keepalive::{Keepalive, Pings},
    transcript::{self, Taken, Transcript},
};
use crate::{args::ConnectionArgs, connection::Shared, socket::Socket};

/// Read at once, in bytes: the first request mostly comes with the settings.
const READ: usize = 1 << 10;

/// MAX_CONCURRENT_STREAMS, INITIAL_WINDOW_SIZE, MAX_HEADER_LIST_SIZE (RFC 9113, section 6.5.2).
const MAX_STREAMS: u16 = 3;
const INITIAL_WINDOW: u16 = 4;
const MAX_HEADERS: u16 = 6;

/// A connection whose peer has not made a request.
pub(super) struct Quiet<S> {
    socket: Socket<S>,
    shared: Arc<Shared>,
    streams: Streams,
    keepalive: Keepalive,
    transcript: Transcript,
    /// A PING has to be sent.
    probes: bool,
    /// Read, but not taken: at most a part of a frame while the connection is quiet.
    input: Vec<u8>,
    /// To be written.
    output: Vec<u8>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Quiet<S> {
    /// `socket`: of a peer whose preface has been read.
    pub(super) fn new(mut socket: Socket<S>, shared: Arc<Shared>, streams: Streams) -> Self {
        socket.skip_preface();
        let args = &shared.args;
        let keepalive = Keepalive::new(
            Duration::from_secs(args.keepalive_interval),
            Duration::from_secs(args.keepalive_timeout),
        );
        let output = greeting(args);
        Self {
            socket,
            shared,
            streams,
            keepalive,
            transcript: Transcript::default(),
            probes: false,
            input: Vec::new(),
            output,
        }
    }

    /// Ready when the connection has to become active, with whether its peer answers PINGs.
    ///
    /// # Errors
    /// The socket's.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<bool>> {
        loop {
            let mut pings =
                Probes { due: &mut self.probes, answered: &mut self.transcript.answered };
            if self.keepalive.poll(&mut pings, cx).is_ready() {
                return Poll::Ready(Ok(false));
            }
            if mem::take(&mut self.probes) {
                transcript::probe(&mut self.output);
            }
            ready!(self.poll_write(cx))?;
            let mut bytes = [0; READ];
            let mut buffer = ReadBuf::new(&mut bytes);
            ready!(Pin::new(&mut self.socket).poll_read(cx, &mut buffer))?;
            self.input.extend_from_slice(buffer.filled());
            if buffer.filled().is_empty() || !self.take_frames() {
                return Poll::Ready(Ok(true));
            }
        }
    }

    /// The same connection, driven by h2.
    ///
    /// # Errors
    /// h2 does not accept what the peer has said.
    pub(super) fn activate(mut self) -> Result<Active<S>, h2::Error> {
        if !self.output.is_empty() {
            self.socket.gather(&self.output);
        }
        self.keepalive.restart();
        let transcript = self.transcript.into_bytes();
        Active::resume(
            self.socket,
            transcript,
            &self.input,
            &self.shared,
            self.streams,
            self.keepalive,
        )
    }

    fn poll_write(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.output.is_empty() {
            match ready!(Pin::new(&mut self.socket).poll_write(cx, &self.output))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                count => drop(self.output.drain(..count)),
            }
        }
        self.output = Vec::new();
        Pin::new(&mut self.socket).poll_flush(cx)
    }

    /// Takes the frames that have been read. Whether the connection stays quiet.
    fn take_frames(&mut self) -> bool {
        let mut read = 0;
        let is_quiet = loop {
            match self.transcript.take(&self.input[read..], &mut self.output) {
                Taken::Whole(length) => read += length,
                Taken::Partial => break true,
                Taken::Left => break false,
            }
        };
        self.input.drain(..read);
        if self.input.is_empty() {
            self.input = Vec::new();
        }
        is_quiet
    }
}

/// What h2 would say first on a connection with these settings.
pub(super) fn greeting(args: &ConnectionArgs) -> Vec<u8> {
    let settings = [
        (MAX_STREAMS, args.max_streams),
        (INITIAL_WINDOW, STREAM_WINDOW),
        (MAX_HEADERS, args.max_metadata),
    ];
    transcript::greeting(&settings, CONNECTION_WINDOW)
}

/// PINGs of a quiet connection.
struct Probes<'a> {
    due: &'a mut bool,
    answered: &'a mut bool,
}

impl Pings for Probes<'_> {
    fn send(&mut self) -> bool {
        (*self.due, *self.answered) = (true, false);
        true
    }

    /// Answers are looked for after each read.
    fn poll_answer(&mut self, _cx: &mut Context<'_>) -> Poll<()> {
        if mem::take(self.answered) { Poll::Ready(()) } else { Poll::Pending }
    }
}
