//! Writes encoded messages as JSON, in one pass.

use serde::ser::Error as _;

use super::{
    Error, Message, MessageType,
    reader::{Reader, WireType},
    text, timestamp,
    types::{Field, Form, Kind},
};

/// How deep messages may lie in each other, as for `prost`.
const MAX_DEPTH: usize = 100;

impl Message<'_> {
    /// Appends the message as JSON to `out`.
    ///
    /// # Errors
    /// Messages that are malformed or in an [unusual form](super), values that have no JSON form.
    /// `out` then holds a part.
    pub fn write(&self, out: &mut Vec<u8>) -> Result<(), Error> {
        // Names and punctuation make up about half of the text.
        out.reserve(2 * self.encoded.len());
        write_message(self.of, self.encoded, 0, out)
    }
}

fn write_message(
    of: &MessageType,
    encoded: &[u8],
    depth: usize,
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    match of.form {
        Form::Object if depth == MAX_DEPTH => Err(Error::Unusual),
        Form::Object => write_object(of, encoded, depth, out),
        Form::Timestamp => {
            let (seconds, nanos) = timestamp::read(encoded)?;
            timestamp::write(seconds, nanos, out)
        }
        Form::Duration => {
            let (seconds, nanos) = timestamp::read(encoded)?;
            value(&pbjson_types::Duration { seconds, nanos }, out)
        }
    }
}

fn write_object(
    of: &MessageType,
    encoded: &[u8],
    depth: usize,
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    let start = out.len();
    let mut reader = Reader::new(encoded);
    // Fields before this one have been written.
    let mut next = 0;
    // The member of a oneof: JSON has it last.
    let mut choice = None;
    while let Some((number, wire_type)) = reader.key()? {
        let Some(index) = of.index_of(number) else {
            reader.skip(wire_type)?;
            continue;
        };
        let field = &of.fields[index];
        if wire_type != field.wire_type {
            return Err(Error::Unusual);
        }
        if field.is_choice {
            if choice.replace((field, reader)).is_some() {
                return Err(Error::Unusual);
            }
            reader.skip(wire_type)?;
            continue;
        }
        let absent = of.fields.get(next..index).ok_or(Error::Unusual)?;
        absent.iter().for_each(|field| out.extend_from_slice(&field.absent));
        next = index + 1;
        out.extend_from_slice(&field.key);
        match field.is_repeated {
            true => write_elements(field, &mut reader, depth, out)?,
            false => write_value(field, &mut reader, depth, out)?,
        }
    }
    of.fields[next..].iter().for_each(|field| out.extend_from_slice(&field.absent));
    if let Some((field, mut reader)) = choice {
        out.extend_from_slice(&field.key);
        write_value(field, &mut reader, depth, out)?;
    }
    // Every field begins with a comma; the first one's is the brace.
    match out.get_mut(start) {
        Some(comma) => *comma = b'{',
        None => out.push(b'{'),
    }
    out.push(b'}');
    Ok(())
}

/// Writes the elements of a repeated field that follow each other.
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
        Kind::Message(of) => {
            write_message(MessageType::at(*of), reader.length_delimited()?, depth + 1, out)
        }
        Kind::Bool => value(&(reader.varint()? != 0), out),
        Kind::Int32 => value(&(reader.varint()? as i32), out),
        Kind::Int64 => {
            out.push(b'"');
            value(&(reader.varint()? as i64), out)?;
            out.push(b'"');
            Ok(())
        }
        Kind::Double => value(&f64::from_bits(reader.fixed64()?), out),
        Kind::Enum(names) => {
            let number = reader.varint()? as i32;
            let unknown = || serde_json::Error::custom(format!("Invalid variant {number}"));
            let name = names.name(number).ok_or_else(unknown).map_err(Error::Value)?;
            out.extend_from_slice(name.as_bytes());
            Ok(())
        }
    }
}

/// Appends a value as `serde_json` prints it.
pub(super) fn value(value: &impl serde::Serialize, out: &mut Vec<u8>) -> Result<(), Error> {
    serde_json::to_writer(out, value).map_err(Error::Value)
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
