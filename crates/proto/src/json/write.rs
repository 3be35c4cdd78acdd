//! Writes found fields as JSON.

use serde::ser::Error as _;

use super::{
    Error, Message, MessageType,
    message::Span,
    text, timestamp,
    types::{Field, Form, Kind},
};

/// How deep messages may lie in each other, as for `prost`.
const MAX_DEPTH: usize = 100;

impl Message<'_> {
    /// Appends the message as JSON to `out`.
    ///
    /// # Errors
    /// Nested messages that are malformed or in an [unusual form](super), values that have no JSON
    /// form. `out` then holds a part.
    pub fn write(&self, out: &mut Vec<u8>) -> Result<(), Error> {
        self.write_at(0, out)
    }

    fn write_at(&self, depth: usize, out: &mut Vec<u8>) -> Result<(), Error> {
        let number = |index| self.slot(index).unwrap_or_default();
        match self.of.form {
            Form::Object => self.write_object(depth, out),
            Form::Timestamp => timestamp::write(number(0) as i64, number(1) as i32, out),
            Form::Duration => {
                let (seconds, nanos) = (number(0) as i64, number(1) as i32);
                value(&pbjson_types::Duration { seconds, nanos }, out)
            }
        }
    }

    fn write_object(&self, depth: usize, out: &mut Vec<u8>) -> Result<(), Error> {
        let start = out.len();
        for (index, field) in self.of.fields.iter().enumerate() {
            let Some(slot) = self.slot(index) else {
                out.extend_from_slice(&field.absent);
                continue;
            };
            out.extend_from_slice(&field.key);
            match field.is_repeated {
                true => self.write_elements(field, Span::of(slot), depth, out)?,
                false => self.write_field(field, slot, depth, out)?,
            }
        }
        // Every field begins with a comma; the first one's is the brace.
        match out.get_mut(start) {
            Some(comma) => *comma = b'{',
            None => out.push(b'{'),
        }
        out.push(b'}');
        Ok(())
    }

    fn write_field(
        &self,
        field: &Field,
        slot: u64,
        depth: usize,
        out: &mut Vec<u8>,
    ) -> Result<(), Error> {
        match &field.kind {
            Kind::Bool => value(&(slot != 0), out),
            Kind::Int32 => value(&(slot as i32), out),
            Kind::Int64 => {
                out.push(b'"');
                value(&(slot as i64), out)?;
                out.push(b'"');
                Ok(())
            }
            Kind::Double => value(&f64::from_bits(slot), out),
            Kind::Enum(names) => {
                let name = names.name(slot as i32).ok_or_else(|| {
                    let message = format!("Invalid variant {}", slot as i32);
                    Error::Value(serde_json::Error::custom(message))
                })?;
                out.extend_from_slice(name.as_bytes());
                Ok(())
            }
            Kind::String | Kind::Message(_) => {
                write_delimited(&field.kind, self.bytes(Span::of(slot)), depth, out)
            }
        }
    }

    fn write_elements(
        &self,
        field: &Field,
        span: Span,
        depth: usize,
        out: &mut Vec<u8>,
    ) -> Result<(), Error> {
        let mut separator = b'[';
        for element in self.occurrences(field.number, span) {
            out.push(separator);
            separator = b',';
            write_delimited(&field.kind, element, depth, out)?;
        }
        out.push(b']');
        Ok(())
    }
}

fn write_delimited(
    kind: &Kind,
    bytes: &[u8],
    depth: usize,
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    let Kind::Message(index) = kind else { return text::write(bytes, out) };
    if depth == MAX_DEPTH {
        return Err(Error::Encoding("messages lie too deep in each other"));
    }
    MessageType::at(*index).parse(bytes)?.write_at(depth + 1, out)
}

/// Appends a value as `serde_json` prints it.
pub(super) fn value(value: &impl serde::Serialize, out: &mut Vec<u8>) -> Result<(), Error> {
    serde_json::to_writer(out, value).map_err(Error::Value)
}
