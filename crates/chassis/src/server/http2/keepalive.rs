//! Finding out whether a quiet peer is still there.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use h2::{Ping, PingPong};
use tokio::time::{Instant, Sleep, sleep};

/// Pings a peer from which no request has come for an interval.
pub(super) struct Keepalive {
    pings: PingPong,
    interval: Duration,
    timeout: Duration,
    /// The next look at the peer, or the end of its time to answer.
    alarm: Pin<Box<Sleep>>,
    waiting: bool,
    heard: Instant,
}

impl Keepalive {
    pub(super) fn new(pings: PingPong, interval: Duration, timeout: Duration) -> Self {
        let alarm = Box::pin(sleep(interval));
        Self { pings, interval, timeout, alarm, waiting: false, heard: Instant::now() }
    }

    /// The peer has sent something.
    pub(super) fn heard(&mut self, now: Instant) {
        self.heard = now;
    }

    /// Ready when the peer has not answered in time.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.waiting && self.pings.poll_pong(cx).is_ready() {
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
            if self.pings.send_ping(Ping::opaque()).is_err() {
                // The connection has ended, or an earlier ping is on its way; look again later.
                self.heard(Instant::now());
                self.rest();
                continue;
            }
            self.waiting = true;
            self.alarm.as_mut().reset(Instant::now() + self.timeout);
            // Registers for the answer.
            if self.pings.poll_pong(cx).is_ready() {
                self.heard(Instant::now());
                self.rest();
            }
        }
        Poll::Pending
    }

    /// Looks again an interval after the peer was last heard.
    fn rest(&mut self) {
        self.waiting = false;
        self.alarm.as_mut().reset(self.heard + self.interval);
    }
}
