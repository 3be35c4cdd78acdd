//! The framing of messages: five bytes, then the message (gRPC over HTTP/2, "Length-Prefixed-Message").

use bytes::{BufMut as _, Bytes, BytesMut};

/// A flag byte and the length, big-endian, in bytes.
pub const PREFIX: usize = 5;

/// An encoded message behind its prefix.
///
/// # Panics
/// Beyond 4 GiB, which is more than any limit on messages.
pub fn framed(message: &[u8]) -> Bytes {
    let mut frame = BytesMut::with_capacity(PREFIX + message.len());
    frame.put_u8(0);
    frame.put_u32(u32::try_from(message.len()).expect("messages are bounded"));
    frame.put_slice(message);
    frame.freeze()
}

/// The length of the message behind a prefix, in bytes.
pub fn length_in(prefix: &[u8; PREFIX]) -> usize {
    let [_, length @ ..] = *prefix;
    u32::from_be_bytes(length) as usize
}

/// The message in `frame`, if that is one whole uncompressed message of at most `max` bytes.
pub fn message_of(frame: &Bytes, max: usize) -> Option<Bytes> {
    let (prefix, message) = frame.split_first_chunk::<PREFIX>()?;
    let is_whole = length_in(prefix) == message.len();
    (prefix[0] == 0 && is_whole && message.len() <= max).then(|| frame.slice(PREFIX..))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_single_whole_uncompressed_message_is_accepted() {
        let frame = framed(b"abc");
        assert_eq!(frame, [0, 0, 0, 0, 3, b'a', b'b', b'c'][..]);
        assert_eq!(message_of(&frame, 3).as_deref(), Some(&b"abc"[..]));
        assert_eq!(message_of(&framed(b""), 0).as_deref(), Some(&b""[..]));
        assert_eq!(message_of(&frame, 2), None, "too large");
        assert_eq!(message_of(&frame.slice(..7), 9), None, "incomplete");
        assert_eq!(message_of(&frame.slice(..4), 9), None, "no prefix");
        let two = [frame.clone(), frame.clone()].concat().into();
        assert_eq!(message_of(&two, 99), None, "two messages");
        assert_eq!(message_of(&Bytes::from_static(&[1, 0, 0, 0, 0]), 9), None, "compressed");
    }
}
