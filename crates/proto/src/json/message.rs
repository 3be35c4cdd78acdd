//! An encoded message whose fields have been found.

use super::{
    Error, MessageType,
    reader::{Reader, WireType},
    types::{Kind, MAX_FIELDS},
};

/// An encoded message, and where its fields are.
#[derive(Debug)]
pub struct Message<'a> {
    pub(super) of: &'static MessageType,
    pub(super) encoded: &'a [u8],
    /// The fields that are there, a bit each.
    present: u32,
    /// By field, where it is there: the bits of a number, or the [`Span`] of what is longer.
    slots: [u64; MAX_FIELDS],
}

/// A part of an encoded message. For a repeated field, from the first key to the end of the last
/// element, and what lies between.
#[derive(Clone, Copy)]
pub(super) struct Span {
    pub(super) start: u32,
    pub(super) end: u32,
}

impl MessageType {
    /// Finds the fields of an encoded message; those that the contract does not have are skipped.
    ///
    /// # Errors
    /// Bytes that are not framed as a message of this type, or in an [unusual form](super).
    pub fn parse<'a>(&'static self, encoded: &'a [u8]) -> Result<Message<'a>, Error> {
        if u32::try_from(encoded.len()).is_err() {
            return Err(Error::Encoding("too large"));
        }
        let mut message = Message { of: self, encoded, present: 0, slots: [0; MAX_FIELDS] };
        let mut reader = Reader::at(encoded, 0);
        while !reader.is_at_end() {
            let start = reader.position();
            let (number, wire_type) = reader.key()?;
            match self.index_of(number) {
                Some(index) => message.add(index, start, wire_type, &mut reader)?,
                None => reader.skip(wire_type)?,
            }
        }
        Ok(message)
    }
}

impl<'a> Message<'a> {
    /// The text of a singular field, by the name it has in the contract; empty if it is absent, none
    /// if the type has no such field.
    #[must_use]
    pub fn text(&self, field: &str) -> Option<&'a str> {
        let (index, field) = self.of.find(field)?;
        match self.slot(index) {
            _ if !matches!(field.kind, Kind::String) || field.is_repeated => None,
            Some(slot) => std::str::from_utf8(self.bytes(Span::of(slot))).ok(),
            None => Some(""),
        }
    }

    /// The whole number of a field, by the name it has in the contract; 0 if it is absent, none if
    /// the type has no such field.
    #[must_use]
    pub fn number(&self, field: &str) -> Option<i64> {
        let (index, field) = self.of.find(field)?;
        let slot = self.slot(index).unwrap_or_default();
        match field.kind {
            Kind::Int32 => Some(i64::from(slot as i32)),
            Kind::Int64 => Some(slot as i64),
            _ => None,
        }
    }

    /// The elements of a repeated field of messages, each with its type; by the name that the field
    /// has in the contract.
    pub fn elements(&self, field: &str) -> impl Iterator<Item = (&'static MessageType, &'a [u8])> {
        let found = self.of.find(field).and_then(|(index, field)| match field.kind {
            Kind::Message(of) if field.is_repeated => {
                let span = self.slot(index).map(Span::of)?;
                Some((MessageType::at(of), self.occurrences(field.number, span)))
            }
            _ => None,
        });
        found.into_iter().flat_map(|(of, elements)| elements.map(move |element| (of, element)))
    }

    /// The elements of a repeated field within its span; other fields may lie between.
    pub(super) fn occurrences(
        &self,
        number: u32,
        span: Span,
    ) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let mut reader = Reader::at(&self.encoded[..span.end as usize], span.start as usize);
        // All of it has been read before, so no error ends it early.
        std::iter::from_fn(move || {
            while !reader.is_at_end() {
                let (found, wire_type) = reader.key().ok()?;
                if found == number {
                    return reader.length_delimited().ok();
                }
                reader.skip(wire_type).ok()?;
            }
            None
        })
    }

    /// What the field at `index` holds, if it is there.
    pub(super) fn slot(&self, index: usize) -> Option<u64> {
        (self.present & 1 << index != 0).then(|| self.slots[index])
    }

    pub(super) fn bytes(&self, span: Span) -> &'a [u8] {
        &self.encoded[span.start as usize..span.end as usize]
    }

    fn add(
        &mut self,
        index: usize,
        start: usize,
        wire_type: WireType,
        reader: &mut Reader<'_>,
    ) -> Result<(), Error> {
        let field = &self.of.fields[index];
        if self.present & field.excludes != 0 {
            return Err(Error::Encoding("a field that needs merging"));
        }
        if wire_type != field.kind.wire_type() {
            return Err(Error::Encoding("a field of another wire type"));
        }
        self.slots[index] = match wire_type {
            WireType::Varint => reader.varint()?,
            WireType::SixtyFourBit => reader.fixed64()?,
            WireType::LengthDelimited if field.is_repeated => {
                let first = self.slot(index).map_or(start, |slot| Span::of(slot).start as usize);
                reader.skip(wire_type)?;
                Span::new(first, reader.position()).to_slot()
            }
            WireType::LengthDelimited => {
                let length = reader.length_delimited()?.len();
                Span::new(reader.position() - length, reader.position()).to_slot()
            }
            WireType::ThirtyTwoBit => return Err(Error::Encoding("a field of 32 bits")),
        };
        self.present |= 1 << index;
        Ok(())
    }
}

impl Kind {
    fn wire_type(&self) -> WireType {
        match self {
            Self::Bool | Self::Int32 | Self::Int64 | Self::Enum(_) => WireType::Varint,
            Self::Double => WireType::SixtyFourBit,
            Self::String | Self::Message(_) => WireType::LengthDelimited,
        }
    }
}

impl Span {
    pub(super) fn of(slot: u64) -> Self {
        Self { start: (slot >> 32) as u32, end: slot as u32 }
    }

    /// Both lie within a message that is known to be shorter than 4 GiB.
    fn new(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end as u32 }
    }

    fn to_slot(self) -> u64 {
        u64::from(self.start) << 32 | u64::from(self.end)
    }
}
