//! The protobuf wire format (<https://protobuf.dev/programming-guides/encoding/>), written by hand.
//!
//! Scalars that are zero and texts that are empty are left out, as proto3 has it.

/// How a field is written (the lower three bits of its key).
#[derive(Debug, Clone, Copy)]
enum WireType {
    Varint = 0,
    SixtyFourBit = 1,
    LengthDelimited = 2,
}

pub(super) fn string(tag: u32, text: &str, out: &mut Vec<u8>) {
    if !text.is_empty() {
        item(tag, text, out);
    }
}

/// A text of a repeated field or a oneof: written even if it is empty.
pub(super) fn item(tag: u32, text: &str, out: &mut Vec<u8>) {
    key(tag, WireType::LengthDelimited, out);
    varint(text.len() as u64, out);
    out.extend_from_slice(text.as_bytes());
}

/// An integer of any type: negative ones are extended to 64 bits.
pub(super) fn integer(tag: u32, value: i64, out: &mut Vec<u8>) {
    if value != 0 {
        key(tag, WireType::Varint, out);
        varint(value as u64, out);
    }
}

/// A bool of a oneof: written even if it is false.
pub(super) fn bool_item(tag: u32, value: bool, out: &mut Vec<u8>) {
    key(tag, WireType::Varint, out);
    varint(u64::from(value), out);
}

pub(super) fn double(tag: u32, value: f64, out: &mut Vec<u8>) {
    if value != 0.0 {
        double_item(tag, value, out);
    }
}

/// A double of a oneof: written even if it is zero.
pub(super) fn double_item(tag: u32, value: f64, out: &mut Vec<u8>) {
    key(tag, WireType::SixtyFourBit, out);
    out.extend_from_slice(&value.to_le_bytes());
}

/// A message whose fields `write` appends.
pub(super) fn message(tag: u32, out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    key(tag, WireType::LengthDelimited, out);
    // Nearly all messages are shorter than 128 bytes, so that their length takes one.
    out.push(0);
    let begin = out.len();
    write(out);
    let length = out.len() - begin;
    match u8::try_from(length) {
        Ok(short) if short < 0x80 => out[begin - 1] = short,
        _ => {
            let mut prefix = Vec::with_capacity(10);
            varint(length as u64, &mut prefix);
            out.splice(begin - 1..begin, prefix);
        }
    }
}

#[inline]
fn key(tag: u32, wire_type: WireType, out: &mut Vec<u8>) {
    varint(u64::from(tag << 3 | wire_type as u32), out);
}

/// Seven bits a byte, the lowest first.
#[inline]
fn varint(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}
