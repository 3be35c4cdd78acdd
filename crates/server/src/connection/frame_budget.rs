//! A budget of control frames: a peer may send as many as its requests and the data it receives explain, and a
//! few a second beside.
//!
//! PING, SETTINGS, PRIORITY, WINDOW_UPDATE and unknown frames cost a peer nothing and make no progress, so that
//! a flood of them is work for the server alone (CVE-2019-9512, -9513, -9515). Clients send a WINDOW_UPDATE or
//! two for each DATA frame, and a PING to measure the round trip (gRPC's bandwidth-delay product).
//! Resets, CONTINUATION and empty DATA have limits in h2.

use std::time::Instant;

/// The header of a frame, in bytes (RFC 9113, section 4.1).
const HEADER: usize = 9;
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const CONTINUATION: u8 = 9;

/// Control frames of a new connection.
const BURST: u32 = 1_000;
/// Maximum control frames saved up.
const MAX_SAVED: u32 = 10_000;
/// Control frames per second.
const PER_SECOND: u32 = 20;
/// Control frames for a request.
const PER_REQUEST: u32 = 8;
/// Control frames for a DATA frame that is sent to the peer.
const PER_DATA: u32 = 4;

/// The budget of one connection.
#[derive(Debug)]
pub(super) struct FrameBudget {
    left: u32,
    refilled: Instant,
    received: Frames,
    sent: Frames,
}

/// Follows the boundaries of frames, however they are cut.
#[derive(Debug, Default)]
struct Frames {
    header: [u8; HEADER],
    /// Bytes of the header read.
    have: usize,
    /// Bytes of the payload to come.
    left: usize,
}

impl FrameBudget {
    pub(super) fn new() -> Self {
        Self {
            left: BURST,
            refilled: Instant::now(),
            received: Frames::default(),
            sent: Frames::default(),
        }
    }

    /// Accounts for bytes from the peer, after its preface. Returns whether they are within the budget.
    pub(super) fn receive(&mut self, bytes: &[u8]) -> bool {
        let (left, refilled) = (&mut self.left, &mut self.refilled);
        let mut is_within = true;
        self.received.follow(bytes, |kind| match kind {
            DATA | RST_STREAM | CONTINUATION => {}
            HEADERS => *left = (*left + PER_REQUEST).min(MAX_SAVED),
            _ if *left > 0 => *left -= 1,
            // The clock is read only when the budget is used up.
            _ => match refill(refilled) {
                0 => is_within = false,
                earned => *left = earned - 1,
            },
        });
        is_within
    }

    /// Accounts for bytes sent to the peer.
    pub(super) fn send(&mut self, bytes: &[u8]) {
        let left = &mut self.left;
        self.sent.follow(bytes, |kind| {
            if kind == DATA {
                *left = (*left + PER_DATA).min(MAX_SAVED);
            }
        });
    }
}

/// Frames earned since the last refill, at most a burst.
fn refill(refilled: &mut Instant) -> u32 {
    let earned = refilled.elapsed().as_secs_f64() * f64::from(PER_SECOND);
    let earned = earned.min(f64::from(BURST)) as u32;
    if earned > 0 {
        *refilled = Instant::now();
    }
    earned
}

impl Frames {
    /// Calls `begun` with the kind of each frame that has the end of its header in `bytes`.
    fn follow(&mut self, mut bytes: &[u8], mut begun: impl FnMut(u8)) {
        while !bytes.is_empty() {
            if self.left > 0 {
                let skipped = bytes.len().min(self.left);
                bytes = &bytes[skipped..];
                self.left -= skipped;
                continue;
            }
            let missing = (HEADER - self.have).min(bytes.len());
            self.header[self.have..self.have + missing].copy_from_slice(&bytes[..missing]);
            bytes = &bytes[missing..];
            self.have += missing;
            if self.have == HEADER {
                let [high, middle, low, kind, ..] = self.header;
                self.left = u32::from_be_bytes([0, high, middle, low]) as usize;
                self.have = 0;
                begun(kind);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(kind: u8, payload: usize) -> Vec<u8> {
        let length = u32::try_from(payload).unwrap().to_be_bytes();
        [&length[1..], &[kind, 0, 0, 0, 0, 0], &vec![7; payload]].concat()
    }

    #[test]
    fn floods_exceed_the_budget_however_they_are_cut() {
        // PRIORITY, SETTINGS, PING, WINDOW_UPDATE, unknown.
        for (kind, payload) in [(2, 5), (4, 6), (6, 8), (8, 4), (99, 0)] {
            for piece in [1, 7, 1_000] {
                let flood = frame(kind, payload).repeat(2_000);
                let mut budget = FrameBudget::new();
                let is_within = flood.chunks(piece).all(|bytes| budget.receive(bytes));
                assert!(!is_within, "kind {kind} in pieces of {piece}");
            }
        }
    }

    #[test]
    fn requests_and_data_explain_control_frames() {
        let mut budget = FrameBudget::new();
        let (data, update, ping) = (frame(DATA, 16 << 10), frame(8, 4), frame(6, 8));
        for _ in 0..100_000 {
            budget.send(&data);
            let answers = [&update[..], &update, &ping].concat();
            assert!(budget.receive(&answers));
        }
        let (headers, settings) = (frame(HEADERS, 30), frame(4, 0));
        for _ in 0..100_000 {
            assert!(budget.receive(&[&headers[..], &update, &settings, &ping].concat()));
        }
        assert!(budget.left > BURST && budget.left <= MAX_SAVED, "{}", budget.left);
    }
}
