//! The protobuf wire format (<https://protobuf.dev/programming-guides/encoding/>), written by hand.
//!
//! As in proto3, zero scalars and empty texts are omitted, except as items of a repeated field or
//! members of a oneof.

use proto::money;

use crate::domain::Micros;

/// The wire type of a field, the lower three bits of its key.
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

/// A text in a repeated field or a oneof: written even if empty.
pub(super) fn item(tag: u32, text: &str, out: &mut Vec<u8>) {
    key(tag, WireType::LengthDelimited, out);
    varint(text.len() as u64, out);
    out.extend_from_slice(text.as_bytes());
}

/// An integer of any type; negative ones take 64 bits.
pub(super) fn integer(tag: u32, value: i64, out: &mut Vec<u8>) {
    if value != 0 {
        key(tag, WireType::Varint, out);
        varint(value as u64, out);
    }
}

/// A bool in a oneof: written even if false.
pub(super) fn bool_item(tag: u32, value: bool, out: &mut Vec<u8>) {
    key(tag, WireType::Varint, out);
    varint(u64::from(value), out);
}

/// A double.
pub(super) fn double(tag: u32, value: f64, out: &mut Vec<u8>) {
    if value != 0.0 {
        double_item(tag, value, out);
    }
}

/// A double in a oneof or of an `optional` field: written even if zero.
pub(super) fn double_item(tag: u32, value: f64, out: &mut Vec<u8>) {
    key(tag, WireType::SixtyFourBit, out);
    out.extend_from_slice(&value.to_le_bytes());
}

/// A nested message, whose fields `write` appends.
pub(super) fn message(tag: u32, out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    key(tag, WireType::LengthDelimited, out);
    // Most messages are shorter than 128 bytes, so that their length takes one byte.
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

/// Base-128 varint, least significant group first.
#[inline]
fn varint(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// A `google.type.Money`.
pub(super) fn money(tag: u32, minor: i64, currency: &str, out: &mut Vec<u8>) {
    let (units, nanos) = money::parts(minor, currency);
    message(tag, out, |out| {
        string(1, currency, out);
        integer(2, units, out);
        integer(3, nanos.into(), out);
    });
}

/// A `google.protobuf.Timestamp`.
pub(super) fn timestamp(tag: u32, at: Micros, out: &mut Vec<u8>) {
    message(tag, out, |out| {
        integer(1, at.div_euclid(1_000_000), out);
        integer(2, at.rem_euclid(1_000_000) * 1_000, out);
    });
}
