//! JSON from encoded messages: protobuf bytes in, proto3 JSON out, with nothing decoded in between.
//!
//! The text is byte for byte what `serde_json` prints of the generated message, default values
//! included. What a message looks like comes from the descriptors ([`MessageType`]), read once. One
//! pass reads a message and writes its JSON; nothing is allocated but the output.
//!
//! That needs the usual form: fields in the order of their numbers, each once, without groups, as
//! the generated code and our services encode them. Another encoding of the same message is legal;
//! [`read`] has the generated decoder bring it into the usual form. So it is also the generated
//! decoder that decides what is malformed.

mod message;
mod reader;
mod text;
mod timestamp;
mod types;
mod write;

#[cfg(test)]
mod tests;

pub use message::Message;
pub use types::MessageType;

/// Why encoded bytes have no JSON.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not a message of this type, or not in its [usual form](self).
    #[error("the bytes are no message in its usual form")]
    Unusual,
    /// The generated decoder refuses the bytes, too.
    #[error("the message cannot be decoded")]
    Decode(#[source] prost::DecodeError),
    /// A value without a JSON form, such as an unknown enum number.
    #[error("the message has no JSON form")]
    Value(#[source] serde_json::Error),
}

impl From<reader::Malformed> for Error {
    fn from(_: reader::Malformed) -> Self {
        Self::Unusual
    }
}

/// Appends the JSON of an encoded `M`, whose type is `of`, to `out`; on an error `out` is unchanged.
///
/// # Errors
/// Bytes that are no `M`, and values that have no JSON form.
pub fn append<M: prost::Message + Default>(
    of: &'static MessageType,
    encoded: &[u8],
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    let length = out.len();
    let written = read::<M, _>(of, encoded, |message| {
        out.truncate(length);
        message.write(out)
    });
    written.inspect_err(|_| out.truncate(length))
}

/// Calls `read` with an encoded `M`, whose type is `of`: in its usual form, if it cannot be read as
/// it is. There -0.0 becomes 0.0, as the generated encoder leaves both out.
///
/// # Errors
/// Bytes that are no `M`, and the second error of `read`.
pub fn read<M: prost::Message + Default, T>(
    of: &'static MessageType,
    encoded: &[u8],
    mut read: impl FnMut(&Message<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    of.parse(encoded).and_then(|message| read(&message)).or_else(|_| {
        let message = M::decode(encoded).map_err(Error::Decode)?;
        read(&of.parse(&message.encode_to_vec())?)
    })
}
