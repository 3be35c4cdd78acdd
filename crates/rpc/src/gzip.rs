//! gzip of single messages (gRPC over HTTP/2, "Compressed-Flag").

use std::io::{Read as _, Write as _};

use bytes::{BufMut as _, Bytes, BytesMut};
use flate2::{Compression, read::MultiGzDecoder, write::GzEncoder};
use tonic::{Code, Status};

use crate::{
    frame::PREFIX,
    status::{MESSAGE_INVALID, MESSAGE_TOO_LARGE, error},
};

/// Responses of fewer bytes are sent as they are: they fit into a packet.
const MIN_LENGTH: usize = 1 << 10;

/// The uncompressed frame of a compressed message of at most `max` bytes.
///
/// # Errors
/// The message is not gzip, or larger than that.
pub fn decompress(message: &[u8], max: usize) -> Result<Bytes, Status> {
    let mut frame = vec![0; PREFIX];
    let mut reader = MultiGzDecoder::new(message).take(max as u64 + 1);
    let length = reader.read_to_end(&mut frame).map_err(|_| {
        let text = "a message is not gzip, as the header with its encoding says";
        error(Code::InvalidArgument, MESSAGE_INVALID, text)
    })?;
    if length > max {
        let text = format!("a message exceeds the limit of {max} bytes when decompressed");
        return Err(error(Code::ResourceExhausted, MESSAGE_TOO_LARGE, text));
    }
    let length = u32::try_from(length).expect("messages are bounded");
    frame[1..PREFIX].copy_from_slice(&length.to_be_bytes());
    Ok(frame.into())
}

/// The compressed frame of an uncompressed one. As it was, if it is small, compressed already, or does not
/// get smaller.
pub fn compress(frame: Bytes) -> Bytes {
    if frame.len() < MIN_LENGTH || frame[0] != 0 {
        return frame;
    }
    let mut compressed = BytesMut::with_capacity(frame.len() / 2);
    compressed.put_bytes(0, PREFIX);
    let mut encoder = GzEncoder::new(compressed.writer(), Compression::fast());
    let written = encoder.write_all(&frame[PREFIX..]).and_then(|()| encoder.finish());
    let mut compressed = written.expect("memory takes all writes").into_inner();
    if compressed.len() >= frame.len() {
        return frame;
    }
    let length = u32::try_from(compressed.len() - PREFIX).expect("smaller than a frame");
    compressed[0] = 1;
    compressed[1..PREFIX].copy_from_slice(&length.to_be_bytes());
    compressed.freeze()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{frame::framed, status::reason};

    #[test]
    fn messages_survive_compression() {
        let message = b"a mug of stoneware, ".repeat(1_000);
        let compressed = compress(framed(&message));
        assert_eq!(compressed[0], 1);
        assert!(compressed.len() < message.len() / 10);
        assert_eq!(decompress(&compressed[PREFIX..], message.len()).unwrap(), framed(&message));
        let small = framed(b"a mug");
        assert_eq!(compress(small.clone()), small);
        assert_eq!(compress(compressed.clone()), compressed);
    }

    #[test]
    fn a_message_that_grows_beyond_the_limit_or_is_garbage_is_refused() {
        // The smallest that a stranger can make of it.
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&[0; 1 << 20]).unwrap();
        let compressed = encoder.finish().unwrap();
        assert!(compressed.len() < 10_000, "{}", compressed.len());
        let bomb = decompress(&compressed, (1 << 20) - 1).unwrap_err();
        assert_eq!(
            (bomb.code(), reason(&bomb).as_deref()),
            (Code::ResourceExhausted, Some(MESSAGE_TOO_LARGE))
        );
        for garbage in [&b"garbage"[..], &compressed[..compressed.len() - 9]] {
            let status = decompress(garbage, 1 << 20).unwrap_err();
            assert_eq!(
                (status.code(), reason(&status).as_deref()),
                (Code::InvalidArgument, Some(MESSAGE_INVALID))
            );
        }
    }
}
