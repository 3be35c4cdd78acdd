//! Random encoded messages, generated from the message types.

use proptest::{collection::vec, prelude::*};
use prost::encoding::{WireType, encode_key, encode_varint};

use crate::json::{
    MessageType,
    types::{Field, Form, Kind},
};

/// Field numbers that the contract does not use.
const UNKNOWN: std::ops::Range<u32> = 200..400;

/// A message in canonical form, with unknown fields in between, whose values all have a JSON form.
pub(super) fn canonical(of: &'static MessageType) -> BoxedStrategy<Vec<u8>> {
    let mut ordered: Vec<&'static Field> = of.fields.iter().collect();
    ordered.sort_by_key(|field| field.number);
    let fields: Vec<_> = ordered
        .iter()
        .map(|field| {
            let count = if field.is_repeated { 0..4_usize } else { 0..2 };
            (vec(occurrence(field), count), vec(unknown(), 0..2)).boxed()
        })
        .collect();
    (fields, any::<prop::sample::Index>())
        .prop_map(move |(fields, chosen)| {
            let members = ordered.iter().filter(|field| field.is_oneof_member).count();
            let chosen = (members > 0).then(|| chosen.index(members));
            let mut member = 0..;
            let mut encoded = Vec::new();
            for (field, (occurrences, unknown)) in ordered.iter().zip(fields) {
                if !field.is_oneof_member || member.next() == chosen {
                    encoded.extend(occurrences.concat());
                }
                encoded.extend(unknown.concat());
            }
            encoded
        })
        .boxed()
}

/// A message with repeated or mistyped fields, groups, or unknown enum numbers.
pub(super) fn arbitrary(of: &'static MessageType) -> BoxedStrategy<Vec<u8>> {
    let mut parts: Vec<BoxedStrategy<Vec<u8>>> = of.fields.iter().map(occurrence).collect();
    parts.push(unknown());
    parts.push(odd(1..30));
    let part = (0..parts.len()).prop_flat_map(move |index| parts[index].clone());
    vec(part, 0..8).prop_map(|parts| parts.concat()).boxed()
}

/// One occurrence of a field, with its key.
fn occurrence(field: &Field) -> BoxedStrategy<Vec<u8>> {
    let number = field.number;
    let varint = move |value: u64| keyed(number, WireType::Varint, |out| encode_varint(value, out));
    match &field.kind {
        Kind::Bool => (0..3_u64).prop_map(varint).boxed(),
        Kind::Int32 => integer().prop_map(move |value| varint(value as i32 as u64)).boxed(),
        Kind::Int64 => integer().prop_map(move |value| varint(value as u64)).boxed(),
        Kind::Enum(_) => (0..4_u64).prop_map(varint).boxed(),
        Kind::Double => double()
            .prop_map(move |value| {
                keyed(number, WireType::SixtyFourBit, |out| {
                    out.extend_from_slice(&value.to_le_bytes());
                })
            })
            .boxed(),
        Kind::String => text().prop_map(move |text| delimited(number, text.as_bytes())).boxed(),
        Kind::Message(link) => {
            let of = link.of();
            let nested = match of.form {
                Form::Object => canonical(of),
                Form::Timestamp => time(-62_200_000_000..253_500_000_000),
                Form::Duration => time(0..1_000_000_000_000),
            };
            nested.prop_map(move |message| delimited(number, &message)).boxed()
        }
    }
}

fn time(seconds: std::ops::Range<i64>) -> BoxedStrategy<Vec<u8>> {
    let unit = prop::sample::select(vec![1, 1_000, 1_000_000]);
    (seconds, 0..1_000, unit)
        .prop_map(|(seconds, some, unit)| {
            prost::Message::encode_to_vec(&pbjson_types::Timestamp { seconds, nanos: some * unit })
        })
        .boxed()
}

fn integer() -> BoxedStrategy<i64> {
    prop_oneof![-9..100_i64, any::<i64>(), any::<i32>().prop_map(i64::from)].boxed()
}

fn double() -> BoxedStrategy<f64> {
    let odd = prop::sample::select(vec![f64::NAN, f64::INFINITY, 1e21, 5e-324]);
    let price = (-9..1_000_000_i32).prop_map(|cents| f64::from(cents) / 100.0);
    prop_oneof![4 => price, 2 => prop::num::f64::NORMAL, 1 => odd].boxed()
}

fn text() -> BoxedStrategy<String> {
    prop_oneof!["[a-z0-9 -]{0,80}", "[ -~\\t\\r\\n\\x00\\x1f\\x7fä€😀]{0,50}", any::<String>()]
        .boxed()
}

fn unknown() -> BoxedStrategy<Vec<u8>> {
    let value = (UNKNOWN, 0..4_u8, any::<u64>(), vec(any::<u8>(), 0..20));
    value
        .prop_map(|(number, wire_type, bits, bytes)| match wire_type {
            0 => keyed(number, WireType::Varint, |out| encode_varint(bits, out)),
            1 => keyed(number, WireType::SixtyFourBit, |out| out.extend(bits.to_le_bytes())),
            2 => keyed(number, WireType::ThirtyTwoBit, |out| out.extend(&bits.to_le_bytes()[..4])),
            _ => delimited(number, &bytes),
        })
        .boxed()
}

/// A field with any wire type and any content.
fn odd(numbers: std::ops::Range<u32>) -> BoxedStrategy<Vec<u8>> {
    (numbers, 0..8_u8, vec(any::<u8>(), 0..6))
        .prop_map(|(number, wire_type, content)| {
            let mut out = Vec::new();
            encode_varint(u64::from(number << 3 | u32::from(wire_type)), &mut out);
            out.extend(content);
            out
        })
        .boxed()
}

pub(super) fn delimited(number: u32, content: &[u8]) -> Vec<u8> {
    keyed(number, WireType::LengthDelimited, |out| {
        encode_varint(content.len() as u64, out);
        out.extend_from_slice(content);
    })
}

fn keyed(number: u32, wire_type: WireType, value: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut out = Vec::new();
    encode_key(number, wire_type, &mut out);
    value(&mut out);
    out
}
