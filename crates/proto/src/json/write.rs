//! Writes an encoded message as JSON, in one pass.

use super::{
    Error, Message, MessageType,
    reader::{Reader, WireType},
    serde_value, text, timestamp,
    types::{Field, Form, Kind},
};

/// The deepest nesting of messages, the same as `prost`'s limit.
const MAX_DEPTH: usize = 100;

impl Message<'_> {
    /// Appends the message as JSON to `out`.
    ///
    /// # Errors
    /// A malformed message, one not in [canonical form](super), or a value without a JSON form. `out`
    /// then holds a part.
    pub fn write(&self, out: &mut Vec<u8>) -> Result<(), Error> {
        // Names and punctuation are about half of the output.
        out.reserve(2 * self.encoded.len());
        write_message(self.message_type, self.encoded, 0, out)
    }
}

fn write_message(
    message_type: &MessageType,
    encoded: &[u8],
    depth: usize,
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    match message_type.form {
        Form::Object if depth == MAX_DEPTH => Err(Error::NotCanonical),
        Form::Object => write_object(message_type, encoded, depth, out),
        Form::Timestamp => {
            let (seconds, nanos) = timestamp::read(encoded)?;
            timestamp::write(seconds, nanos, out)
        }
        Form::Duration => {
            let (seconds, nanos) = timestamp::read(encoded)?;
            serde_value::write(&pbjson_types::Duration { seconds, nanos }, out)
        }
    }
}

fn write_object(
    message_type: &MessageType,
    encoded: &[u8],
    depth: usize,
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    let start = out.len();
    let mut reader = Reader::new(encoded);
    // Index of the first field that is not written yet.
    let mut next = 0;
    // The member of the oneof, which JSON has last.
    let mut oneof = None;
    while let Some((number, wire_type)) = reader.key()? {
        let Some(index) = message_type.index_of(number) else {
            reader.skip(wire_type)?;
            continue;
        };
        let field = &message_type.fields[index];
        if wire_type != field.wire_type {
            return Err(Error::NotCanonical);
        }
        if field.is_oneof_member {
            if oneof.replace((field, reader)).is_some() {
                return Err(Error::NotCanonical);
            }
            reader.skip(wire_type)?;
            continue;
        }
        let absent = message_type.fields.get(next..index).ok_or(Error::NotCanonical)?;
        absent.iter().for_each(|field| out.extend_from_slice(&field.absent));
        next = index + 1;
        out.extend_from_slice(&field.key);
        if field.is_repeated {
            write_elements(field, &mut reader, depth, out)?;
        } else {
            write_value(field, &mut reader, depth, out)?;
        }
    }
    message_type.fields[next..].iter().for_each(|field| out.extend_from_slice(&field.absent));
    if let Some((field, mut reader)) = oneof {
        out.extend_from_slice(&field.key);
        write_value(field, &mut reader, depth, out)?;
    }
    // Every field begins with a comma; the brace replaces the first.
    match out.get_mut(start) {
        Some(comma) => *comma = b'{',
        None => out.push(b'{'),
    }
    out.push(b'}');
    Ok(())
}

/// Writes consecutive elements of a repeated field.
fn write_elements(
    field: &Field,
    reader: &mut Reader<'_>,
    depth: usize,
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    out.push(b'[');
    loop {
        write_value(field, reader, depth, out)?;
        let mut ahead = *reader;
        if ahead.key()? != Some((field.number, field.wire_type)) {
            break;
        }
        *reader = ahead;
        out.push(b',');
    }
    out.push(b']');
    Ok(())
}

#[inline]
fn write_value(
    field: &Field,
    reader: &mut Reader<'_>,
    depth: usize,
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    match &field.kind {
        Kind::String => text::write(reader.length_delimited()?, out),
        Kind::Message(link) => write_message(link.of(), reader.length_delimited()?, depth + 1, out),
        Kind::Bool => serde_value::write(&(reader.varint()? != 0), out),
        Kind::Int32 => serde_value::write(&(reader.varint()? as i32), out),
        Kind::Int64 => {
            out.push(b'"');
            serde_value::write(&(reader.varint()? as i64), out)?;
            out.push(b'"');
            Ok(())
        }
        Kind::Double => write_double(f64::from_bits(reader.fixed64()?), out),
        Kind::Enum(names) => {
            let number = reader.varint()? as i32;
            let Some(name) = names.name(number) else {
                // Of a newer version of the contract.
                return serde_value::write(&number, out);
            };
            out.extend_from_slice(name.as_bytes());
            Ok(())
        }
    }
}

fn write_double(value: f64, out: &mut Vec<u8>) -> Result<(), Error> {
    match value {
        f64::INFINITY => serde_value::write(&"Infinity", out),
        f64::NEG_INFINITY => serde_value::write(&"-Infinity", out),
        value if value.is_nan() => serde_value::write(&"NaN", out),
        value => serde_value::write(&value, out),
    }
}

impl Kind {
    pub(super) fn wire_type(&self) -> WireType {
        match self {
            Self::Bool | Self::Int32 | Self::Int64 | Self::Enum(_) => WireType::Varint,
            Self::Double => WireType::SixtyFourBit,
            Self::String | Self::Message(_) => WireType::LengthDelimited,
        }
    }
}
