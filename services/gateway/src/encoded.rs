//! Messages that are encoded, and the codec of calls that leave them so.

use bytes::{Buf as _, BufMut as _, Bytes, BytesMut};
use prost::encoding::{self, WireType};
use proto::EncodedEncoder;
use tonic::{
    Status,
    codec::{Codec, DecodeBuf, Decoder},
};

/// The encoding of a message of which only this text is set.
pub(crate) fn text(number: u32, text: &str) -> Bytes {
    let mut encoded = BytesMut::with_capacity(text.len() + 12);
    if !text.is_empty() {
        encoding::encode_key(number, WireType::LengthDelimited, &mut encoded);
        encoding::encode_varint(text.len() as u64, &mut encoded);
        encoded.put(text.as_bytes());
    }
    encoded.freeze()
}

/// The codec of calls whose messages stay encoded both ways.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PassThroughCodec;

impl Codec for PassThroughCodec {
    type Encode = Bytes;
    type Decode = Bytes;
    type Encoder = EncodedEncoder;
    type Decoder = PassThroughDecoder;

    fn encoder(&mut self) -> EncodedEncoder {
        EncodedEncoder
    }

    fn decoder(&mut self) -> PassThroughDecoder {
        PassThroughDecoder
    }
}

/// The decoder of [`PassThroughCodec`]: takes messages as they are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PassThroughDecoder;

impl Decoder for PassThroughDecoder {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, encoded: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(encoded.copy_to_bytes(encoded.remaining())))
    }
}

#[cfg(test)]
mod tests {
    use prost::Message as _;
    use proto::catalogue::v1::ListProductRevisionsRequest;

    use super::*;

    #[test]
    fn a_text_alone_is_encoded_as_prost_does() {
        for id in ["", "kiln-mug", &"x".repeat(300)] {
            let request =
                ListProductRevisionsRequest { page_token: id.to_owned(), ..Default::default() };
            assert_eq!(text(3, id), request.encode_to_vec());
        }
    }
}
