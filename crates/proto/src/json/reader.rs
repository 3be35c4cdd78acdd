//! Protobuf's wire format, as `prost` reads it.

use super::Error;

/// What a field's value looks like on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WireType {
    Varint,
    SixtyFourBit,
    LengthDelimited,
    ThirtyTwoBit,
}

/// A position in an encoded message.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    position: usize,
}

impl<'a> Reader<'a> {
    /// Reads `bytes` from `position` on.
    pub(super) fn at(bytes: &'a [u8], position: usize) -> Self {
        Self { bytes, position }
    }

    pub(super) fn position(&self) -> usize {
        self.position
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.position >= self.bytes.len()
    }

    /// A field's number and wire type.
    pub(super) fn key(&mut self) -> Result<(u32, WireType), Error> {
        let key =
            u32::try_from(self.varint()?).map_err(|_| Error::Encoding("a key is too large"))?;
        let wire_type = match key & 7 {
            0 => WireType::Varint,
            1 => WireType::SixtyFourBit,
            2 => WireType::LengthDelimited,
            5 => WireType::ThirtyTwoBit,
            _ => return Err(Error::Encoding("a group, or an unknown wire type")),
        };
        match key >> 3 {
            0 => Err(Error::Encoding("a field has the number 0")),
            number => Ok((number, wire_type)),
        }
    }

    pub(super) fn varint(&mut self) -> Result<u64, Error> {
        let mut value = 0;
        for shift in (0..70).step_by(7) {
            let byte = *self.bytes.get(self.position).ok_or(Error::Encoding("cut off"))?;
            self.position += 1;
            if shift == 63 && byte > 1 {
                break;
            }
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(Error::Encoding("a varint is longer than 64 bits"))
    }

    pub(super) fn fixed64(&mut self) -> Result<u64, Error> {
        let bytes = self.take(8)?.try_into().map_err(|_| Error::Encoding("cut off"))?;
        Ok(u64::from_le_bytes(bytes))
    }

    pub(super) fn length_delimited(&mut self) -> Result<&'a [u8], Error> {
        let length = self.varint()?;
        self.take(length)
    }

    pub(super) fn skip(&mut self, wire_type: WireType) -> Result<(), Error> {
        match wire_type {
            WireType::Varint => self.varint().map(drop),
            WireType::SixtyFourBit => self.take(8).map(drop),
            WireType::LengthDelimited => self.length_delimited().map(drop),
            WireType::ThirtyTwoBit => self.take(4).map(drop),
        }
    }

    fn take(&mut self, length: u64) -> Result<&'a [u8], Error> {
        let rest = self.bytes.get(self.position..).unwrap_or_default();
        let length = usize::try_from(length).ok().filter(|length| *length <= rest.len());
        let length = length.ok_or(Error::Encoding("cut off"))?;
        self.position += length;
        Ok(&rest[..length])
    }
}
