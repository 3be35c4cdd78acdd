//! Transcodes encoded messages to JSON: protobuf bytes in, proto3 JSON out, without decoding into
//! generated types.
//!
//! The output is that of the proto3 JSON mapping, with the default values of fields without presence. It is
//! byte for byte that of `serde_json` for the generated message, except for values that the generated code
//! cannot write: unknown enum numbers, and doubles that are no numbers.
//! Message types come from descriptors ([`Types`]), which are parsed once. One pass reads a
//! message and writes its JSON; only the output is allocated.
//!
//! One pass requires the canonical form, in which the generated encoder and our services send messages:
//! fields ordered by number, each once, without groups. Other encodings are legal protobuf; for them
//! [`read`] decodes with the generated type and encodes again. So the generated decoder also decides
//! which bytes are malformed.

mod message;
mod reader;
mod serde_value;
mod text;
mod timestamp;
mod types;
mod write;

#[cfg(test)]
mod tests;

pub(crate) use timestamp::write as write_timestamp;

pub use message::Message;
pub use types::{MessageType, Types};

/// Why a message could not be transcoded.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not a message of this type, or not in [canonical form](self).
    #[error("the bytes are not a message in canonical form")]
    NotCanonical,
    /// The generated decoder refuses the bytes as well.
    #[error("the message cannot be decoded")]
    Decode(#[source] prost::DecodeError),
    /// A value without a JSON form, such as a time beyond the year 9999.
    #[error("the message has no JSON form")]
    Value(#[source] serde_json::Error),
}

impl From<reader::Malformed> for Error {
    fn from(_: reader::Malformed) -> Self {
        Self::NotCanonical
    }
}

/// Appends the JSON of an encoded `M` to `out`; on an error `out` is unchanged. `message_type` is the
/// type of `M`.
///
/// # Errors
/// Bytes that are not an `M`, and values without a JSON form.
pub fn append<M: prost::Message + Default>(
    message_type: &'static MessageType,
    encoded: &[u8],
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    let length = out.len();
    let written = read::<M, _>(message_type, encoded, |message| {
        out.truncate(length);
        message.write(out)
    });
    written.inspect_err(|_| out.truncate(length))
}

/// Calls `read` with an encoded `M`, and again with its canonical form if that fails. The canonical form
/// has 0.0 for -0.0, because the generated encoder omits both. `message_type` is the type of `M`.
///
/// # Errors
/// Bytes that are not an `M`, and the second error of `read`.
pub fn read<M: prost::Message + Default, T>(
    message_type: &'static MessageType,
    encoded: &[u8],
    read: impl FnMut(&Message<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    read_or(message_type, encoded, |encoded| Ok(M::decode(encoded)?.encode_to_vec()), read)
}

/// [`read`] of a message without a generated type: `canonical` makes its canonical form.
///
/// # Errors
/// That of `canonical`, and the second error of `read`.
pub fn read_or<T>(
    message_type: &'static MessageType,
    encoded: &[u8],
    canonical: impl FnOnce(&[u8]) -> Result<Vec<u8>, prost::DecodeError>,
    mut read: impl FnMut(&Message<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    message_type.parse(encoded).and_then(|message| read(&message)).or_else(|_| {
        let canonical = canonical(encoded).map_err(Error::Decode)?;
        read(&message_type.parse(&canonical)?)
    })
}
