//! Keepalive: PINGs that detect a dead peer.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use h2::{Ping, PingPong};
use tokio::time::{Instant, Sleep, sleep};

/// Sends PINGs on a connection.
pub(super) trait Pings {
    /// Sends a PING. False if the connection cannot.
    fn send(&mut self) -> bool;

    /// Ready when the last PING was acknowledged.
    fn poll_answer(&mut self, cx: &mut Context<'_>) -> Poll<()>;
}

impl Pings for PingPong {
    fn send(&mut self) -> bool {
        self.send_ping(Ping::opaque()).is_ok()
    }

    /// An error counts as an acknowledgement: the connection reports it.
    fn poll_answer(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.poll_pong(cx).map(drop)
    }
}

/// Pings a peer that has sent no request for an interval.
pub(super) struct Keepalive {
    interval: Duration,
    timeout: Duration,
    /// The next check, or the deadline of the acknowledgement.
    alarm: Pin<Box<Sleep>>,
    waiting: bool,
    heard: Instant,
}

impl Keepalive {
    pub(super) fn new(interval: Duration, timeout: Duration) -> Self {
        let alarm = Box::pin(sleep(interval));
        Self { interval, timeout, alarm, waiting: false, heard: Instant::now() }
    }

    /// Records activity of the peer.
    pub(super) fn note_activity(&mut self, now: Instant) {
        self.heard = now;
    }

    /// Ready when the peer has not acknowledged a PING in time.
    pub(super) fn poll(&mut self, pings: &mut impl Pings, cx: &mut Context<'_>) -> Poll<()> {
        if self.waiting && pings.poll_answer(cx).is_ready() {
            self.note_activity(Instant::now());
            self.rearm();
        }
        while self.alarm.as_mut().poll(cx).is_ready() {
            if self.waiting {
                return Poll::Ready(());
            }
            if self.heard + self.interval > Instant::now() {
                self.rearm();
                continue;
            }
            if !pings.send() {
                // The connection has ended, or an earlier PING is pending.
                self.note_activity(Instant::now());
                self.rearm();
                continue;
            }
            self.waiting = true;
            self.alarm.as_mut().reset(Instant::now() + self.timeout);
            // Registers the waker.
            if pings.poll_answer(cx).is_ready() {
                self.note_activity(Instant::now());
                self.rearm();
            }
        }
        Poll::Pending
    }

    /// Resets after a request, dropping a pending PING.
    pub(super) fn restart(&mut self) {
        self.note_activity(Instant::now());
        self.rearm();
    }

    /// Sets the next check to an interval after the last activity.
    fn rearm(&mut self) {
        self.waiting = false;
        self.alarm.as_mut().reset(self.heard + self.interval);
    }
}
