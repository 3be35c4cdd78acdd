//! A connection before its first request.
//!
//! Clients open connections ahead of need, and many stay idle. h2 allocates its buffers and tables with
//! the connection, so it takes over only with the first request: SETTINGS, PING and WINDOW_UPDATE are handled
//! here. Any other frame, valid or not, activates the connection, as does its end.

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
    transcript::{self, FrameOutcome, Transcript},
};
use crate::{
    args::ConnectionArgs,
    connection::{context::ServerContext, socket::Socket},
};

/// Size of a read, in bytes: the first request mostly follows the settings at once.
const READ: usize = 1 << 10;

/// MAX_CONCURRENT_STREAMS, INITIAL_WINDOW_SIZE, MAX_HEADER_LIST_SIZE (RFC 9113, section 6.5.2).
const MAX_STREAMS: u16 = 3;
const INITIAL_WINDOW: u16 = 4;
const MAX_HEADERS: u16 = 6;

/// A connection whose peer has not made a request.
pub(super) struct Quiet<S> {
    socket: Socket<S>,
    context: Arc<ServerContext>,
    streams: Streams,
    keepalive: Keepalive,
    transcript: Transcript,
    /// A PING is due.
    probes: bool,
    /// Bytes read but not processed: at most a partial frame while the connection is quiet.
    input: Vec<u8>,
    /// Bytes to be written.
    output: Vec<u8>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Quiet<S> {
    /// `socket` has received the preface.
    pub(super) fn new(
        mut socket: Socket<S>,
        context: Arc<ServerContext>,
        streams: Streams,
    ) -> Self {
        socket.skip_preface();
        let args = &context.args;
        let keepalive = Keepalive::new(
            Duration::from_secs(args.keepalive_interval),
            Duration::from_secs(args.keepalive_timeout),
        );
        let output = greeting(args);
        Self {
            socket,
            context,
            streams,
            keepalive,
            transcript: Transcript::default(),
            probes: false,
            input: Vec::new(),
            output,
        }
    }

    /// Ready when the connection must become active, with whether its peer answers PINGs.
    ///
    /// # Errors
    /// I/O errors of the socket.
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
            // h2 says goodbye to a peer that floods.
            let is_over = buffer.filled().is_empty() || self.socket.is_flooded();
            if is_over || !self.process_frames() {
                return Poll::Ready(Ok(true));
            }
        }
    }

    /// Hands the connection to h2.
    ///
    /// # Errors
    /// h2 rejects the peer's frames.
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
            &self.context,
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

    /// Processes the complete frames of the input. Returns whether the connection stays quiet.
    fn process_frames(&mut self) -> bool {
        let mut read = 0;
        let is_quiet = loop {
            match self.transcript.consume(&self.input[read..], &mut self.output) {
                FrameOutcome::Consumed(length) => read += length,
                FrameOutcome::Partial => break true,
                FrameOutcome::ForH2 => break false,
            }
        };
        self.input.drain(..read);
        if self.input.is_empty() {
            self.input = Vec::new();
        }
        is_quiet
    }
}

/// The first frames that h2 would send on a connection with these settings.
pub(super) fn greeting(args: &ConnectionArgs) -> Vec<u8> {
    let settings = [
        (MAX_STREAMS, args.max_streams),
        (INITIAL_WINDOW, STREAM_WINDOW),
        (MAX_HEADERS, args.max_metadata),
    ];
    transcript::greeting(&settings, CONNECTION_WINDOW)
}

/// [`Pings`] of a quiet connection.
struct Probes<'a> {
    due: &'a mut bool,
    answered: &'a mut bool,
}

impl Pings for Probes<'_> {
    fn send(&mut self) -> bool {
        (*self.due, *self.answered) = (true, false);
        true
    }

    /// Acknowledgements are checked after each read.
    fn poll_answer(&mut self, _cx: &mut Context<'_>) -> Poll<()> {
        if mem::take(self.answered) { Poll::Ready(()) } else { Poll::Pending }
    }
}
