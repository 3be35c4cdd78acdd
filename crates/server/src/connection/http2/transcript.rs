//! The frames of a peer before its first request, kept for h2.

use bytes::Bytes;

use crate::connection::socket::PREFACE;

/// The header of a frame, in bytes (RFC 9113, section 4.1).
const HEADER: usize = 9;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const WINDOW_UPDATE: u8 = 8;
const ACK: u8 = 1;
/// Maximum SETTINGS payload of a quiet peer, in bytes; clients send a handful of six bytes each.
const MAX_SETTINGS: usize = 96;
/// Maximum growth of a connection's window, from 65,535 to 2^31-1 (section 6.9.1).
const MAX_INCREMENT: u32 = i32::MAX as u32 - 65_535;

/// Payload of our PING, which h2 does not use.
const PROBE: [u8; 8] = *b"anyone\0\0";

/// State from the frames of a peer that has sent no request.
#[derive(Debug, Default)]
pub(super) struct Transcript {
    /// The peer's SETTINGS frame; empty before it has arrived.
    settings: Vec<u8>,
    /// The peer has acknowledged ours.
    acknowledged: bool,
    /// Sum of the peer's WINDOW_UPDATEs of the connection, in bytes.
    increment: u32,
    /// The peer has acknowledged the last PING.
    pub(super) answered: bool,
}

/// The result of reading one frame.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum FrameOutcome {
    /// Recorded in the transcript; its length in bytes.
    Consumed(usize),
    /// Incomplete: more bytes are needed.
    Partial,
    /// h2 must process it and all that follows.
    ForH2,
}

impl Transcript {
    /// Processes the first frame of `input` and appends the response to `output`.
    pub(super) fn consume(&mut self, input: &[u8], output: &mut Vec<u8>) -> FrameOutcome {
        let Some((header, rest)) = input.split_first_chunk::<HEADER>() else {
            return FrameOutcome::Partial;
        };
        let [high, middle, low, kind, flags, stream @ ..] = *header;
        let length = u32::from_be_bytes([0, high, middle, low]) as usize;
        let is_ack = flags & ACK != 0;
        let is_supported = match (kind, is_ack) {
            (SETTINGS, false) => self.settings.is_empty() && length <= MAX_SETTINGS,
            (SETTINGS, true) => !self.acknowledged && length == 0,
            (PING, _) => length == PROBE.len(),
            (WINDOW_UPDATE, _) => length == 4,
            _ => false,
        };
        // SETTINGS must be the first frame (RFC 9113, section 3.4).
        let is_early = self.settings.is_empty() && (kind, is_ack) != (SETTINGS, false);
        if !is_supported || is_early || stream != [0; 4] {
            return FrameOutcome::ForH2;
        }
        let Some(payload) = rest.get(..length) else { return FrameOutcome::Partial };
        let whole = &input[..HEADER + length];
        let consumed = match (kind, is_ack) {
            (SETTINGS, false) => self.consume_settings(whole, payload, output),
            (SETTINGS, true) => {
                self.acknowledged = true;
                true
            }
            (PING, true) => {
                self.answered |= payload == PROBE;
                true
            }
            (PING, false) => {
                frame(output, PING, ACK, payload);
                true
            }
            _ => self.consume_window_update(payload),
        };
        if consumed { FrameOutcome::Consumed(whole.len()) } else { FrameOutcome::ForH2 }
    }

    fn consume_settings(
        &mut self,
        frame_bytes: &[u8],
        payload: &[u8],
        output: &mut Vec<u8>,
    ) -> bool {
        let (settings, rest) = payload.as_chunks::<6>();
        let are_valid = rest.is_empty() && settings.iter().all(is_valid);
        if are_valid {
            self.settings = frame_bytes.to_vec();
            frame(output, SETTINGS, ACK, &[]);
        }
        are_valid
    }

    fn consume_window_update(&mut self, payload: &[u8]) -> bool {
        let Some(increment) = payload.first_chunk().map(|bytes| u32::from_be_bytes(*bytes)) else {
            return false;
        };
        let sum = self.increment.saturating_add(increment);
        let is_valid = increment > 0 && sum <= MAX_INCREMENT;
        if is_valid {
            self.increment = sum;
        }
        is_valid
    }

    /// The equivalent bytes, as a new peer would send them.
    pub(super) fn into_bytes(self) -> Bytes {
        let mut bytes = [PREFACE, &self.settings].concat();
        if self.acknowledged {
            frame(&mut bytes, SETTINGS, ACK, &[]);
        }
        if self.increment > 0 {
            frame(&mut bytes, WINDOW_UPDATE, 0, &self.increment.to_be_bytes());
        }
        bytes.into()
    }
}

/// Whether a setting's value is valid (RFC 9113, section 6.5.2; RFC 8441, section 3). Unknown settings
/// may have any.
fn is_valid(setting: &[u8; 6]) -> bool {
    let [high, low, value @ ..] = *setting;
    let value = u32::from_be_bytes(value);
    match u16::from_be_bytes([high, low]) {
        // ENABLE_PUSH and ENABLE_CONNECT_PROTOCOL.
        2 | 8 => value <= 1,
        // INITIAL_WINDOW_SIZE.
        4 => i32::try_from(value).is_ok(),
        // MAX_FRAME_SIZE.
        5 => (1 << 14..1 << 24).contains(&value),
        _ => true,
    }
}

/// A server's first frames, as h2 would send them.
pub(super) fn greeting(settings: &[(u16, u32)], window: u32) -> Vec<u8> {
    let mut payload = Vec::new();
    for (id, value) in settings {
        payload.extend(id.to_be_bytes());
        payload.extend(value.to_be_bytes());
    }
    let mut output = Vec::new();
    frame(&mut output, SETTINGS, 0, &payload);
    frame(&mut output, WINDOW_UPDATE, 0, &(window - 65_535).to_be_bytes());
    output
}

/// Appends a keepalive PING.
pub(super) fn probe(output: &mut Vec<u8>) {
    frame(output, PING, 0, &PROBE);
}

/// Appends a frame of stream 0.
fn frame(output: &mut Vec<u8>, kind: u8, flags: u8, payload: &[u8]) {
    let length = u32::try_from(payload.len()).expect("frames of ours are small").to_be_bytes();
    output.extend_from_slice(&length[1..]);
    output.extend_from_slice(&[kind, flags, 0, 0, 0, 0]);
    output.extend_from_slice(payload);
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY_SETTINGS: &[u8] = &[0, 0, 0, SETTINGS, 0, 0, 0, 0, 0];
    const SETTINGS_ACK: &[u8] = &[0, 0, 0, SETTINGS, ACK, 0, 0, 0, 0];

    fn framed(kind: u8, flags: u8, payload: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        frame(&mut bytes, kind, flags, payload);
        bytes
    }

    /// Processes frames until one is not consumed; its outcome, and the responses.
    fn consume_all(transcript: &mut Transcript, mut input: &[u8]) -> (FrameOutcome, Vec<u8>) {
        let mut output = Vec::new();
        loop {
            match transcript.consume(input, &mut output) {
                FrameOutcome::Consumed(length) => input = &input[length..],
                outcome => return (outcome, output),
            }
        }
    }

    #[test]
    fn settings_pings_and_windows_are_consumed_and_replayed() {
        let update = framed(WINDOW_UPDATE, 0, &[0, 0, 1, 0]);
        let ping = framed(PING, 0, b"8 bytes.");
        let input = [EMPTY_SETTINGS, &update, SETTINGS_ACK, &ping, &update].concat();
        let mut transcript = Transcript::default();
        let (outcome, output) = consume_all(&mut transcript, &input);
        assert_eq!(outcome, FrameOutcome::Partial, "all is consumed");
        assert_eq!(output, [SETTINGS_ACK, &framed(PING, ACK, b"8 bytes.")].concat());
        let sum = framed(WINDOW_UPDATE, 0, &[0, 0, 2, 0]);
        let expected = [PREFACE, EMPTY_SETTINGS, SETTINGS_ACK, &sum].concat();
        assert_eq!(transcript.into_bytes(), expected);
    }

    #[test]
    fn only_the_acknowledgement_of_our_own_ping_counts() {
        let mut transcript = Transcript::default();
        let other = [EMPTY_SETTINGS, &framed(PING, ACK, b"8 bytes.")].concat();
        consume_all(&mut transcript, &other);
        assert!(!transcript.answered);
        consume_all(&mut transcript, &framed(PING, ACK, &PROBE));
        assert!(transcript.answered);
    }

    #[test]
    fn a_partial_frame_waits_for_more() {
        let input = [EMPTY_SETTINGS, &framed(PING, 0, b"8 bytes.")].concat();
        for end in 0..input.len() {
            let (outcome, _) = consume_all(&mut Transcript::default(), &input[..end]);
            assert_eq!(outcome, FrameOutcome::Partial, "after {end} bytes");
        }
    }

    #[test]
    fn all_other_frames_go_to_h2() {
        let left: [(&str, Vec<u8>); 13] = [
            ("HEADERS", vec![0, 0, 9, 1, 4, 0, 0, 0, 1]),
            ("DATA", vec![0, 0, 9, 0, 0, 0, 0, 0, 1]),
            ("GOAWAY", framed(7, 0, &[0; 8])),
            ("other settings", EMPTY_SETTINGS.to_vec()),
            ("a second acknowledgement", [SETTINGS_ACK, SETTINGS_ACK].concat()),
            ("an acknowledgement with settings", framed(SETTINGS, ACK, &[0; 6])),
            ("a ping of nine bytes", framed(PING, 0, &[0; 9])),
            ("a ping of a stream", vec![0, 0, 8, PING, 0, 0, 0, 0, 1]),
            ("an increment of zero", framed(WINDOW_UPDATE, 0, &[0; 4])),
            ("too large a window", framed(WINDOW_UPDATE, 0, &(i32::MAX).to_be_bytes())),
            ("a stream's window", vec![0, 0, 4, WINDOW_UPDATE, 0, 0, 0, 0, 1]),
            ("a long frame", vec![255, 255, 255, PING, 0, 0, 0, 0, 0]),
            ("a frame of no known kind", framed(99, 0, &[])),
        ];
        for (name, bytes) in left {
            let input = [EMPTY_SETTINGS, &bytes].concat();
            let (outcome, _) = consume_all(&mut Transcript::default(), &input);
            assert_eq!(outcome, FrameOutcome::ForH2, "{name}");
        }
        for (name, bytes) in [
            ("no settings first", framed(PING, 0, b"8 bytes.")),
            ("half a setting", framed(SETTINGS, 0, &[0; 5])),
            ("ENABLE_PUSH", framed(SETTINGS, 0, &[0, 2, 0, 0, 0, 2])),
            ("INITIAL_WINDOW_SIZE", framed(SETTINGS, 0, &[0, 4, 128, 0, 0, 0])),
            ("MAX_FRAME_SIZE", framed(SETTINGS, 0, &[0, 5, 0, 0, 0, 1])),
            ("many settings", framed(SETTINGS, 0, &[0; MAX_SETTINGS + 6])),
        ] {
            let (outcome, output) = consume_all(&mut Transcript::default(), &bytes);
            assert_eq!((outcome, output), (FrameOutcome::ForH2, vec![]), "{name}");
        }
    }
}
