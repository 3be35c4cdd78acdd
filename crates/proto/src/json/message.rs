//! Reads single fields of an encoded message.

use super::{
    Error, MessageType,
    reader::Reader,
    types::{Kind, MAX_FIELDS},
};

/// An encoded message whose framing has been checked.
#[derive(Debug)]
pub struct Message<'a> {
    pub(super) message_type: &'static MessageType,
    pub(super) encoded: &'a [u8],
    /// Where the last value of each field begins, in bytes from the end; 0 for an absent field.
    values: [usize; MAX_FIELDS],
}

impl MessageType {
    /// Locates the fields of an encoded message, and skips unknown ones.
    ///
    /// # Errors
    /// Bytes that are not framed as a message of this type, or that hold a group.
    pub fn parse<'a>(&'static self, encoded: &'a [u8]) -> Result<Message<'a>, Error> {
        let mut values = [0; MAX_FIELDS];
        let mut reader = Reader::new(encoded);
        while let Some((number, wire_type)) = reader.key()? {
            if let Some(index) = self.index_of(number) {
                if wire_type != self.fields[index].wire_type {
                    return Err(Error::NotCanonical);
                }
                values[index] = reader.remaining();
            }
            reader.skip(wire_type)?;
        }
        Ok(Message { message_type: self, encoded, values })
    }
}

impl<'a> Message<'a> {
    /// The value of a singular string field, by its name in the contract; empty if absent, `None` if
    /// the type has no such field.
    #[must_use]
    pub fn text(&self, field: &str) -> Option<&'a str> {
        let (index, field) = self.message_type.find(field)?;
        match self.value(index) {
            _ if !matches!(field.kind, Kind::String) || field.is_repeated => None,
            Some(mut value) => std::str::from_utf8(value.length_delimited().ok()?).ok(),
            None => Some(""),
        }
    }

    /// The value of an integer field, by its name in the contract; 0 if absent, `None` if the type has
    /// no such field.
    #[must_use]
    pub fn number(&self, field: &str) -> Option<i64> {
        let (index, field) = self.message_type.find(field)?;
        let bits = match self.value(index) {
            Some(_) if !matches!(field.kind, Kind::Int32 | Kind::Int64) => return None,
            Some(mut value) => value.varint().ok()?,
            None => 0,
        };
        match field.kind {
            Kind::Int32 => Some(i64::from(bits as i32)),
            Kind::Int64 => Some(bits as i64),
            _ => None,
        }
    }

    /// The encoded elements of a repeated message field, each with its type. `field` is its name in
    /// the contract.
    pub fn elements(&self, field: &str) -> impl Iterator<Item = (&'static MessageType, &'a [u8])> {
        let field = self.message_type.find(field).and_then(|(_, field)| match &field.kind {
            Kind::Message(link) if field.is_repeated => Some((field.number, link.of())),
            _ => None,
        });
        let encoded = self.encoded;
        field.into_iter().flat_map(move |(number, message_type)| {
            let mut reader = Reader::new(encoded);
            // `parse` has read all of it, so no error ends the iterator early.
            std::iter::from_fn(move || {
                while let Some((found, wire_type)) = reader.key().ok()? {
                    if found == number {
                        return Some((message_type, reader.length_delimited().ok()?));
                    }
                    reader.skip(wire_type).ok()?;
                }
                None
            })
        })
    }

    fn value(&self, index: usize) -> Option<Reader<'a>> {
        let start = self.encoded.len() - self.values[index];
        (self.values[index] > 0).then(|| Reader::new(&self.encoded[start..]))
    }
}
