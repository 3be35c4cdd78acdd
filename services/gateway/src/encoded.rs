//! Encoded messages: a codec that does not decode them, and the encoding of a single string field.

use bytes::{Buf as _, BufMut as _, Bytes, BytesMut};
use prost::encoding::{self, WireType};
use proto::EncodedEncoder;
use tonic::{
    Status,
    codec::{Codec, DecodeBuf, Decoder},
};

/// Encodes a message with a single string field.
pub(crate) fn string_field(number: u32, value: &str) -> Bytes {
    let mut encoded = BytesMut::new();
    put_string(number, value, &mut encoded);
    encoded.freeze()
}

/// Appends a string field to a message.
pub(crate) fn put_string(number: u32, value: &str, encoded: &mut BytesMut) {
    if !value.is_empty() {
        encoded.reserve(value.len() + 12);
        encoding::encode_key(number, WireType::LengthDelimited, encoded);
        encoding::encode_varint(value.len() as u64, encoded);
        encoded.put(value.as_bytes());
    }
}

/// The codec of calls with encoded request and response messages.
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

/// The decoder of [`PassThroughCodec`]: returns messages undecoded.
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
    fn string_field_is_encoded_as_by_prost() {
        for id in ["", "kiln-mug", &"x".repeat(300)] {
            let request =
                ListProductRevisionsRequest { page_token: id.to_owned(), ..Default::default() };
            assert_eq!(string_field(3, id), request.encode_to_vec());
        }
    }
}
