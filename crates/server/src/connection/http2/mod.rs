//! An HTTP/2 connection.
//!
//! It starts [quiet]: settings are exchanged and PINGs answered in a few bytes of memory. The first
//! request makes it [active]: driven by h2, whose buffers and tables take 30 KB.

mod active;
mod keepalive;
mod quiet;
mod request;
mod response;
mod streams;
mod transcript;
mod unary;

use std::{
    mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncRead, AsyncWrite};

pub(super) use self::streams::Streams;
use self::{active::Active, quiet::Quiet};
use super::{context::ServerContext, socket::Socket};
use crate::lifetime::Graceful;

const STREAM_WINDOW: u32 = 1 << 20;
const CONNECTION_WINDOW: u32 = 4 << 20;

/// A connection whose peer has sent its preface.
pub(super) struct Connection<S>(State<S>);

/// Boxed: most connections are quiet, and an active one is several times larger.
enum State<S> {
    Quiet(Box<Quiet<S>>),
    Active(Box<Active<S>>),
    /// h2 rejected the handshake.
    Failed(Option<h2::Error>),
}

impl<S: AsyncRead + AsyncWrite + Unpin> Connection<S> {
    pub(super) fn new(socket: Socket<S>, context: Arc<ServerContext>, streams: Streams) -> Self {
        Self(State::Quiet(Box::new(Quiet::new(socket, context, streams))))
    }

    /// Makes a quiet connection active.
    fn activate(&mut self) {
        self.0 = match mem::replace(&mut self.0, State::Failed(None)) {
            State::Quiet(quiet) => match quiet.activate() {
                Ok(active) => State::Active(Box::new(active)),
                Err(error) => State::Failed(Some(error)),
            },
            state => state,
        };
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Future for Connection<S> {
    type Output = anyhow::Result<()>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let State::Quiet(quiet) = &mut self.0 {
            let answers = ready!(quiet.poll(cx))?;
            self.activate();
            if !answers && let State::Active(active) = &mut self.0 {
                active.abandon();
            }
        }
        match &mut self.0 {
            State::Active(active) => active.poll(cx).map_err(Into::into),
            State::Failed(error) => Poll::Ready(error.take().map_or(Ok(()), |it| Err(it.into()))),
            State::Quiet(_) => Poll::Pending,
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Graceful for Connection<S> {
    fn end(mut self: Pin<&mut Self>) {
        self.activate();
        if let State::Active(active) = &mut self.0 {
            active.end();
        }
    }
}
