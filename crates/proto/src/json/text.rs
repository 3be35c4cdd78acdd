//! Strings, escaped as `serde_json` does.

use super::{Error, write::value};

/// Appends `bytes` as a JSON string.
///
/// # Errors
/// Bytes that are not UTF-8.
#[inline]
pub(super) fn write(bytes: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
    if !all(bytes, |byte| is_plain(byte) & byte.is_ascii()) {
        return write_any(bytes, out);
    }
    write_plain(bytes, out);
    Ok(())
}

fn write_any(bytes: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
    let text = std::str::from_utf8(bytes).map_err(|_| Error::Unusual)?;
    if !all(bytes, is_plain) {
        return value(&text, out);
    }
    write_plain(bytes, out);
    Ok(())
}

#[inline]
fn write_plain(bytes: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    out.extend_from_slice(bytes);
    out.push(b'"');
}

/// Whether a byte of a text stands for itself in JSON.
fn is_plain(byte: u8) -> bool {
    (byte >= 0x20) & (byte != b'"') & (byte != b'\\')
}

/// Whether all bytes are such. Blocks have no exit within them, so that they become vector
/// instructions; the last one may overlap the one before.
#[inline]
fn all(bytes: &[u8], is_such: impl Fn(u8) -> bool) -> bool {
    let block = |block: &[u8]| block.iter().fold(true, |such, &byte| such & is_such(byte));
    let (blocks, rest) = bytes.as_chunks::<16>();
    match (bytes.last_chunk::<16>(), bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        (Some(last), ..) => blocks.iter().all(|it| block(it)) && block(last),
        (None, Some(first), Some(last)) => block(first) && block(last),
        _ => block(rest),
    }
}
