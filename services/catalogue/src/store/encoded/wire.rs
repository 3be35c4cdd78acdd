//! The protobuf wire format (<https://protobuf.dev/programming-guides/encoding/>), written by hand.
//!
//! Scalars that are zero and texts that are empty are left out, as proto3 has it.

use prost::encoding::{WireType, encode_key, encode_varint};

pub(super) fn string(tag: u32, text: &str, out: &mut Vec<u8>) {
    if !text.is_empty() {
        item(tag, text, out);
    }
}

/// A text of a repeated field or a oneof: written even if it is empty.
pub(super) fn item(tag: u32, text: &str, out: &mut Vec<u8>) {
    encode_key(tag, WireType::LengthDelimited, out);
    encode_varint(text.len() as u64, out);
    out.extend_from_slice(text.as_bytes());
}

/// An integer of any type: negative ones are extended to 64 bits.
pub(super) fn integer(tag: u32, value: i64, out: &mut Vec<u8>) {
    if value != 0 {
        encode_key(tag, WireType::Varint, out);
        encode_varint(value as u64, out);
    }
}

/// A bool of a oneof: written even if it is false.
pub(super) fn bool_item(tag: u32, value: bool, out: &mut Vec<u8>) {
    encode_key(tag, WireType::Varint, out);
    encode_varint(u64::from(value), out);
}

pub(super) fn double(tag: u32, value: f64, out: &mut Vec<u8>) {
    if value != 0.0 {
        double_item(tag, value, out);
    }
}

/// A double of a oneof: written even if it is zero.
pub(super) fn double_item(tag: u32, value: f64, out: &mut Vec<u8>) {
    encode_key(tag, WireType::SixtyFourBit, out);
    out.extend_from_slice(&value.to_le_bytes());
}

/// A message whose fields `write` appends.
pub(super) fn message(tag: u32, out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    encode_key(tag, WireType::LengthDelimited, out);
    // Nearly all messages are shorter than 128 bytes, so that their length takes one.
    out.push(0);
    let begin = out.len();
    write(out);
    let length = out.len() - begin;
    match u8::try_from(length) {
        Ok(short) if short < 0x80 => out[begin - 1] = short,
        _ => {
            let mut varint = Vec::with_capacity(10);
            encode_varint(length as u64, &mut varint);
            out.splice(begin - 1..begin, varint);
        }
    }
}
