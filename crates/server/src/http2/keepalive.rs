//! Finding out whether a quiet peer is still there.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use h2::{Ping, PingPong};
use tokio::time::{Instant, Sleep, sleep};

/// How PINGs are sent on a connection.
pub(super) trait Pings {
    /// Sends a PING. Whether it could.
    fn send(&mut self) -> bool;

    /// Ready when the last PING has been answered.
    fn poll_answer(&mut self, cx: &mut Context<'_>) -> Poll<()>;
}

impl Pings for PingPong {
    fn send(&mut self) -> bool {
        self.send_ping(Ping::opaque()).is_ok()
    }

    /// An error comes as an answer: the connection itself learns of it.
    fn poll_answer(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.poll_pong(cx).map(drop)
    }
}

/// Pings a peer from which no request has come for an interval.
pub(super) struct Keepalive {
    interval: Duration,
    timeout: Duration,
    /// The next look at the peer, or the end of its time to answer.
    alarm: Pin<Box<Sleep>>,
    waiting: bool,
    heard: Instant,
}

impl Keepalive {
    pub(super) fn new(interval: Duration, timeout: Duration) -> Self {
        let alarm = Box::pin(sleep(interval));
        Self { interval, timeout, alarm, waiting: false, heard: Instant::now() }
    }

    /// The peer has sent something.
    pub(super) fn heard(&mut self, now: Instant) {
        self.heard = now;
    }

    /// Ready when the peer has not answered in time.
    pub(super) fn poll(&mut self, pings: &mut impl Pings, cx: &mut Context<'_>) -> Poll<()> {
        if self.waiting && pings.poll_answer(cx).is_ready() {
            self.heard(Instant::now());
            self.rest();
        }
        while self.alarm.as_mut().poll(cx).is_ready() {
            if self.waiting {
                return Poll::Ready(());
            }
            if self.heard + self.interval > Instant::now() {
                self.rest();
                continue;
            }
            if !pings.send() {
                // The connection has ended, or an earlier ping is on its way; look again later.
                self.heard(Instant::now());
                self.rest();
                continue;
            }
            self.waiting = true;
            self.alarm.as_mut().reset(Instant::now() + self.timeout);
            // Registers for the answer.
            if pings.poll_answer(cx).is_ready() {
                self.heard(Instant::now());
                self.rest();
            }
        }
        Poll::Pending
    }

    /// Starts over after a request: a PING that has not been answered is forgotten.
    pub(super) fn restart(&mut self) {
        self.heard(Instant::now());
        self.rest();
    }

    /// Looks again an interval after the peer was last heard.
    fn rest(&mut self) {
        self.waiting = false;
        self.alarm.as_mut().reset(self.heard + self.interval);
    }
}
